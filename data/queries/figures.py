"""Figures of units and months."""

import pandas as pd

from data.queries.common import COUNTS, IN_SCOPE
from data.store import Store


def summary_at(store: Store, period: str, level: str, scope: str | None = None) -> pd.DataFrame:
    """`unit_summary` of every unit of a level (nation, region, province, district) in a month, inside `scope`, in level
    order.

    Columns: unit_code, name, rule_id, boundary_set and SUMMARY_COUNTS.
    """
    return store.query(
        f"""
        SELECT s.unit_code, coalesce(u.name, r.name) AS name, u.short_name, u.province_code,
               u.region6, u.region7, r.scheme, s.rule_id, t.boundary_set, {COUNTS}
        FROM unit_summary AS s
        JOIN period AS t USING (period)
        LEFT JOIN unit AS u ON u.boundary_set = t.boundary_set AND u.unit_code = s.unit_code
        LEFT JOIN region AS r ON s.level = 'region' AND r.region_code = s.unit_code
        WHERE s.period = $period AND s.level = $level AND ($level = 'region' OR {IN_SCOPE})
        ORDER BY u.level_order, r.scheme, s.unit_code
        """,
        {"period": period, "level": level, "scope": scope},
    )


def summary_series(store: Store, unit_code: str, from_period: str, to_period: str) -> pd.DataFrame:
    """`unit_summary` of one unit over the months, oldest first, with boundary_set and programme.

    A province's code can outlive a reform that changes its land: compare `boundary_set` before joining two points.
    """
    return store.query(
        f"""
        SELECT s.period, t.boundary_set, t.programme, s.rule_id, {COUNTS}
        FROM unit_summary AS s JOIN period AS t USING (period)
        WHERE s.unit_code = $unit_code AND s.period BETWEEN $from_period AND $to_period ORDER BY s.period
        """,
        {"unit_code": unit_code, "from_period": from_period, "to_period": to_period},
    )


def province_series(store: Store) -> pd.DataFrame:
    """`summary_series` of every province over all months, with unit_code; by unit, oldest month first."""
    return store.query(
        f"""
        SELECT s.unit_code, s.period, t.boundary_set, t.programme, s.rule_id, {COUNTS}
        FROM unit_summary AS s JOIN period AS t USING (period)
        WHERE s.level = 'province' ORDER BY s.unit_code, s.period
        """
    )


def commune_values(store: Store, period: str, scope: str | None = None) -> pd.DataFrame:
    """The commune map of a month in map order, inside `scope`: one row per unit, also where nothing came.

    unit_code, name, short_name, type, province_code, district_code, stands_alone, map_order, population, insured (-1
    unknown), obs_status, is_simulated.
    """
    return store.query(
        f"""
        SELECT u.unit_code, u.name, u.short_name, u.type, u.province_code, u.district_code, u.stands_alone, u.map_order,
               coalesce(f.population, -1)::BIGINT AS population, coalesce(f.insured, -1)::BIGINT AS insured,
               coalesce(f.obs_status, 'missing') AS obs_status, coalesce(f.is_simulated, false) AS is_simulated
        FROM period AS t
        JOIN unit AS u ON u.boundary_set = t.boundary_set AND u.map_order IS NOT NULL
        LEFT JOIN (SELECT * FROM commune_month WHERE period = $period) AS f ON f.unit_code = u.unit_code
        WHERE t.period = $period AND {IN_SCOPE}
        ORDER BY u.map_order
        """,
        {"period": period, "scope": scope},
    )


def commune_counts(store: Store, period: str) -> pd.DataFrame:
    """The columns of `commune_values` that a month decides: population, insured, obs_status, is_simulated; in map order."""
    return store.query(
        """
        SELECT coalesce(f.population, -1)::BIGINT AS population, coalesce(f.insured, -1)::BIGINT AS insured,
               coalesce(f.obs_status, 'missing') AS obs_status, coalesce(f.is_simulated, false) AS is_simulated
        FROM period AS t
        JOIN unit AS u ON u.boundary_set = t.boundary_set AND u.map_order IS NOT NULL
        LEFT JOIN (SELECT * FROM commune_month WHERE period = $period) AS f ON f.unit_code = u.unit_code
        WHERE t.period = $period ORDER BY u.map_order
        """,
        {"period": period},
    )


def level_values(store: Store, period: str, level: str, scope: str | None = None) -> pd.DataFrame:
    """The same for level `province` or `district`, in the order of the level's files: sums over the communes that
    reported.

    unit_code, name, short_name, type, province_code, level_order, population, insured, population_all, units,
    units_reported, units_simulated, counted, met, not_met, unknown, still_to_enrol.
    """
    return store.query(
        f"""
        SELECT u.unit_code, u.name, u.short_name, u.type, u.province_code, u.level_order, {COUNTS}
        FROM period AS t
        JOIN unit AS u ON u.boundary_set = t.boundary_set AND u.level = $level
        LEFT JOIN unit_summary AS s ON s.period = t.period AND s.level = $level AND s.unit_code = u.unit_code
        WHERE t.period = $period AND {IN_SCOPE}
        ORDER BY u.level_order
        """,
        {"period": period, "level": level, "scope": scope},
    )


def commune_series(store: Store, unit_code: str, from_period: str, to_period: str) -> pd.DataFrame:
    """Monthly figures of one commune or stand-alone district: period, boundary_set, population, insured, obs_status,
    is_simulated."""
    return store.query(
        """
        SELECT f.period, t.boundary_set, coalesce(f.population, -1)::BIGINT AS population,
               coalesce(f.insured, -1)::BIGINT AS insured, f.obs_status, f.is_simulated
        FROM commune_month AS f JOIN period AS t USING (period)
        WHERE f.unit_code = $unit_code AND f.period BETWEEN $from_period AND $to_period ORDER BY f.period
        """,
        {"unit_code": unit_code, "from_period": from_period, "to_period": to_period},
    )


GROUP_SUMS = """
    SELECT g.payer_group, sum(g.eligible) AS eligible, sum(g.insured) AS insured,
           sum(greatest(g.eligible - g.insured, 0)) AS uninsured, count(*) AS units_surveyed
    FROM group_month AS g JOIN scoped USING (unit_code)
    WHERE g.period = $period AND g.eligible IS NOT NULL AND g.insured IS NOT NULL
    GROUP BY g.payer_group
"""
# The public edition has the sums of units above the communes, made before small numbers were hidden; a region adds up its
# provinces, and a sum with a hidden part is hidden.
PUBLIC_GROUP_SUMS = """
    SELECT payer_group, units_surveyed, CASE WHEN is_whole THEN eligible END AS eligible,
           CASE WHEN is_whole THEN insured END AS insured, CASE WHEN is_whole THEN uninsured END AS uninsured
    FROM (
        SELECT payer_group, sum(eligible) AS eligible, sum(insured) AS insured, sum(uninsured) AS uninsured,
               sum(units_surveyed) AS units_surveyed, count(uninsured) = count(*) AS is_whole
        FROM (
            SELECT payer_group, eligible, insured, uninsured, units_surveyed FROM group_total
            WHERE period = $period AND (
                unit_code = coalesce($scope, 'VN')
                OR level = 'province' AND unit_code IN (
                    SELECT u.unit_code FROM period AS t JOIN unit AS u USING (boundary_set)
                    WHERE t.period = $period AND u.level = 'province' AND $scope IN (u.region6, u.region7)
                )
            )
            UNION ALL
            SELECT payer_group, eligible, insured, greatest(eligible - insured, 0), 1 FROM group_month
            WHERE period = $period AND unit_code = $scope AND (eligible IS NOT NULL OR insured IS NULL)
        )
        GROUP BY payer_group
    )
"""


def group_gaps(store: Store, period: str, scope: str | None = None) -> pd.DataFrame:
    """Eligible, insured and uninsured by payer group over the communes of `scope` that surveyed their groups, in the
    law's order.

    payer_group, word, eligible, insured, uninsured (never below 0 per commune), units_surveyed, units (all in scope). A
    group that no commune surveyed has eligible -1; so has one whose numbers the public edition hides, with units_surveyed
    above 0.
    """
    sums = PUBLIC_GROUP_SUMS if store.edition == "public" else GROUP_SUMS
    return store.query(
        f"""
        WITH scoped AS (
            SELECT u.unit_code
            FROM period AS t JOIN unit AS u ON u.boundary_set = t.boundary_set AND u.map_order IS NOT NULL
            WHERE t.period = $period AND {IN_SCOPE}
        ), sums AS ({sums})
        SELECT l.payer_group, l.word, coalesce(sums.eligible, -1)::BIGINT AS eligible,
               coalesce(sums.insured, -1)::BIGINT AS insured, coalesce(sums.uninsured, -1)::BIGINT AS uninsured,
               coalesce(sums.units_surveyed, 0)::BIGINT AS units_surveyed,
               (SELECT count(*) FROM scoped) AS units
        FROM payer_group AS l LEFT JOIN sums USING (payer_group)
        WHERE l.from_period <= $period AND (l.to_period IS NULL OR l.to_period >= $period)
        ORDER BY l.position
        """,
        {"period": period, "scope": scope},
    )


def changes_since(store: Store, period: str, earlier: str, scope: str | None = None) -> pd.DataFrame:
    """Communes of `scope` at two months of one boundary set, in map order.

    unit_code, name, type, province_code, population, insured, population_before, insured_before (-1 unknown). Empty
    where the two months lie in different boundary sets: convert the earlier one first (data.conversion).
    """
    return store.query(
        f"""
        SELECT u.unit_code, u.name, u.type, u.province_code, u.map_order,
               coalesce(n.population, -1)::BIGINT AS population, coalesce(n.insured, -1)::BIGINT AS insured,
               coalesce(b.population, -1)::BIGINT AS population_before,
               coalesce(b.insured, -1)::BIGINT AS insured_before
        FROM period AS t
        JOIN period AS e ON e.period = $earlier AND e.boundary_set = t.boundary_set
        JOIN unit AS u ON u.boundary_set = t.boundary_set AND u.map_order IS NOT NULL
        LEFT JOIN (SELECT * FROM commune_month WHERE period = $period) AS n ON n.unit_code = u.unit_code
        LEFT JOIN (SELECT * FROM commune_month WHERE period = $earlier) AS b ON b.unit_code = u.unit_code
        WHERE t.period = $period AND {IN_SCOPE}
        ORDER BY u.map_order
        """,
        {"period": period, "earlier": earlier, "scope": scope},
    )
