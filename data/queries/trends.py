"""Months of units over boundary sets: sums of communes with shares, the last figures of each, the goals of all years."""

from collections.abc import Sequence

import pandas as pd

from data.store import Store


def shared_sums(store: Store, boundary_set: str, parts: pd.DataFrame, periods: Sequence[str] | None) -> pd.DataFrame:
    """Sums over the communes of a boundary set, each with its shares, per unit and month: unit_code, period, insured,
    population (float: shares of people), reported (communes with figures), is_simulated.

    `parts`: unit_code, part_code, insured_share, population_share. `periods` None: every month of the set. A unit and
    month in which no commune reported is left out.
    """
    return store.query(
        """
        WITH w AS (
            SELECT unnest($units::VARCHAR[]) AS unit_code, unnest($parts::VARCHAR[]) AS part_code,
                   unnest($n::DOUBLE[]) AS n, unnest($p::DOUBLE[]) AS p
        )
        SELECT w.unit_code, f.period, sum(w.n * f.insured) AS insured, sum(w.p * f.population) AS population,
               count(*)::BIGINT AS reported, bool_or(f.is_simulated) AS is_simulated
        FROM commune_month AS f JOIN period AS t USING (period) JOIN w ON w.part_code = f.unit_code
        WHERE t.boundary_set = $boundary_set AND f.obs_status = 'reported'
            AND ($periods IS NULL OR list_contains($periods::VARCHAR[], f.period))
        GROUP BY ALL ORDER BY w.unit_code, f.period
        """,
        {
            "boundary_set": boundary_set,
            "units": parts["unit_code"].tolist(),
            "parts": parts["part_code"].tolist(),
            "n": parts["insured_share"].tolist(),
            "p": parts["population_share"].tolist(),
            "periods": None if periods is None else list(periods),
        },
    )


def whole_sums(
    store: Store, boundary_set: str, level: str, whole: pd.DataFrame, periods: Sequence[str] | None
) -> pd.DataFrame:
    """The same for units that are made of whole units of a level of a boundary set, from the published sums.

    `whole`: own_code (in the boundary set), unit_code. Columns unit_code, period, insured, population, is_simulated.
    """
    return store.query(
        """
        WITH w AS (SELECT unnest($own::VARCHAR[]) AS own_code, unnest($units::VARCHAR[]) AS unit_code)
        SELECT w.unit_code, s.period, sum(s.insured)::DOUBLE AS insured, sum(s.population)::DOUBLE AS population,
               bool_or(s.units_simulated > 0) AS is_simulated
        FROM unit_summary AS s JOIN period AS t USING (period) JOIN w ON w.own_code = s.unit_code
        WHERE t.boundary_set = $boundary_set AND s.level = $level AND s.population > 0 AND s.insured IS NOT NULL
            AND ($periods IS NULL OR list_contains($periods::VARCHAR[], s.period))
        GROUP BY ALL ORDER BY w.unit_code, s.period
        """,
        {
            "boundary_set": boundary_set,
            "level": level,
            "own": whole["own_code"].tolist(),
            "units": whole["unit_code"].tolist(),
            "periods": None if periods is None else list(periods),
        },
    )


def last_counts(store: Store, boundary_set: str) -> pd.DataFrame:
    """The last figures that each commune reported in a boundary set: unit_code, insured, population.

    Nearly all reported in its last month; only for the others are the months before looked through.
    """
    return store.query(
        """
        WITH newest AS (
            SELECT unit_code, insured, population FROM commune_month
            WHERE obs_status = 'reported'
                AND period = (SELECT max(period) FROM period WHERE boundary_set = $boundary_set)
        ), others AS (
            SELECT unit_code FROM unit WHERE boundary_set = $boundary_set AND map_order IS NOT NULL
            EXCEPT SELECT unit_code FROM newest
        ), earlier AS (
            SELECT f.unit_code, arg_max(f.insured, f.period) AS insured, arg_max(f.population, f.period) AS population
            FROM commune_month AS f JOIN period AS t USING (period)
            WHERE t.boundary_set = $boundary_set AND f.obs_status = 'reported' AND f.unit_code IN (FROM others)
            GROUP BY f.unit_code
        )
        SELECT unit_code, insured::BIGINT AS insured, population::BIGINT AS population
        FROM (FROM newest UNION ALL FROM earlier)
        """,
        {"boundary_set": boundary_set},
    )
