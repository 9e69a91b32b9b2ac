"""Groups of units in which a unit can be ranked: regions are columns of `unit`; clusters and custom groups stand here."""

import pandas as pd

from data.store import Store


def group_members(store: Store, year: int) -> pd.DataFrame:
    """Members of every group in force in a year, by scheme and group: the clusters that are published and the groups that
    were received.

    scheme (emulation_cluster, si_office, commune_group, own), group_name, from_year, to_year, boundary_set (None for a
    published cluster: it has none), unit_code, is_lead, note, is_received, source. Nothing is preferred here.
    """
    return store.query(
        """
        SELECT 'emulation_cluster' AS scheme, cluster AS group_name, from_year, to_year, NULL::VARCHAR AS boundary_set,
               province_code AS unit_code, is_lead, note, false AS is_received, source
        FROM emulation_cluster WHERE $year BETWEEN from_year AND to_year
        UNION ALL
        SELECT g.scheme, g.group_name, g.from_year, g.to_year, g.boundary_set, g.unit_code, g.is_lead, g.note, true,
               s.name
        FROM custom_group AS g JOIN source AS s USING (source_id) WHERE $year BETWEEN g.from_year AND g.to_year
        ORDER BY scheme, is_received DESC, group_name, unit_code
        """,
        {"year": year},
    )
