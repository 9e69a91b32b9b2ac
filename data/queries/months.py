"""Figures of every unit of a level over many months at once, for the map's classes over time."""

import pandas as pd

from data.store import Store


def commune_months(store: Store, boundary_set: str, from_period: str, to_period: str) -> pd.DataFrame:
    """place (in map order, from 0), period (a category), population, insured (-1 unknown) of the commune map; months of
    another boundary set and months in which nothing came have no row. population is -2 where nobody lives in a unit.

    670,000 rows for a programme: a month travels as its number, and its text is laid over it afterwards; the outer join
    spares the filters that an inner one would try on every row.
    """
    span = {"boundary_set": boundary_set, "from_period": from_period, "to_period": to_period}
    periods = store.query(
        """
        SELECT period FROM period WHERE boundary_set = $boundary_set AND period BETWEEN $from_period AND $to_period
        ORDER BY period
        """,
        span,
    )["period"]
    rows = store.query(
        """
        WITH months AS (
            SELECT unnest($periods::VARCHAR[]) AS period, unnest(range(len($periods)))::SMALLINT AS month
        ), places AS (
            SELECT unit_code, map_order AS place FROM unit
            WHERE boundary_set = $boundary_set AND map_order IS NOT NULL
        )
        SELECT p.place, m.month,
               CASE WHEN f.obs_status = 'not_applicable' THEN -2 ELSE coalesce(f.population, -1) END AS population,
               coalesce(f.insured, -1) AS insured
        FROM commune_month AS f JOIN months AS m USING (period) LEFT JOIN places AS p USING (unit_code)
        """,
        {"boundary_set": boundary_set, "periods": periods.tolist()},
    )
    rows.insert(1, "period", pd.Categorical.from_codes(rows.pop("month").to_numpy(), categories=periods))
    return rows


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
