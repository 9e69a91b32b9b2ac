"""Figures a quarter apart, for the pace of every unit of a level, and the targets they are held against."""

from collections.abc import Sequence

import pandas as pd

from data.store import Store


def level_months(store: Store, level: str, boundary_set: str, periods: Sequence[str]) -> pd.DataFrame:
    """People of every unit of a level in several months of one boundary set: period, unit_code, insured, population (-1
    unknown).

    Level `commune` has the stand-alone districts too. Units without a row in a month, and months that lie in another
    boundary set, are left out.
    """
    if level == "commune":
        return store.query(
            """
            SELECT f.period, f.unit_code, coalesce(f.insured, -1)::BIGINT AS insured,
                   coalesce(f.population, -1)::BIGINT AS population
            FROM commune_month AS f JOIN period AS t USING (period)
            WHERE t.boundary_set = $boundary_set AND list_contains($periods, f.period)
            """,
            {"boundary_set": boundary_set, "periods": list(periods)},
        )
    return store.query(
        """
        SELECT s.period, s.unit_code, coalesce(s.insured, -1)::BIGINT AS insured,
               coalesce(s.population, -1)::BIGINT AS population
        FROM unit_summary AS s JOIN period AS t USING (period)
        WHERE t.boundary_set = $boundary_set AND s.level = $level AND list_contains($periods, s.period)
        """,
        {"boundary_set": boundary_set, "level": level, "periods": list(periods)},
    )
