"""Figures of every unit of a level over many months at once, for the map's classes over time."""

import pandas as pd

from data.store import Store


def commune_months(store: Store, boundary_set: str, from_period: str, to_period: str) -> pd.DataFrame:
    """place (in map order, from 0), period, population, insured (-1 unknown) of the commune map; months of another
    boundary set and months in which nothing came have no row. population is -2 where nobody lives in a unit."""
    return store.query(
        """
        SELECT u.map_order AS place, f.period, 
               CASE WHEN f.obs_status = 'not_applicable' THEN -2 ELSE coalesce(f.population, -1) END::BIGINT
                   AS population,
               coalesce(f.insured, -1)::BIGINT AS insured
        FROM commune_month AS f
        JOIN period AS t USING (period)
        JOIN unit AS u ON u.boundary_set = t.boundary_set AND u.unit_code = f.unit_code
        WHERE t.boundary_set = $boundary_set AND f.period BETWEEN $from_period AND $to_period
            AND u.map_order IS NOT NULL
        """,
        {"boundary_set": boundary_set, "from_period": from_period, "to_period": to_period},
    )


def level_months(store: Store, boundary_set: str, level: str, from_period: str, to_period: str) -> pd.DataFrame:
    """The same for provinces and districts, from their sums: unit_code, period, population, insured, counted, met,
    still_to_enrol (-1 unknown)."""
    return store.query(
        """
        SELECT s.unit_code, s.period, coalesce(s.population, -1)::BIGINT AS population,
               coalesce(s.insured, -1)::BIGINT AS insured, coalesce(s.counted, -1)::BIGINT AS counted,
               coalesce(s.met, -1)::BIGINT AS met, coalesce(s.still_to_enrol, -1)::BIGINT AS still_to_enrol
        FROM unit_summary AS s JOIN period AS t USING (period)
        WHERE s.level = $level AND t.boundary_set = $boundary_set AND s.period BETWEEN $from_period AND $to_period
        """,
        {"boundary_set": boundary_set, "level": level, "from_period": from_period, "to_period": to_period},
    )
