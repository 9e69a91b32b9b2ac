"""What the method page counts: targets by decision, crosswalks by kind, populations by series."""

import pandas as pd

from data.queries.common import NATION
from data.store import Store


def targets_by_decision(store: Store) -> pd.DataFrame:
    """decision, operator, in_force, first_year, last_year, units (provinces and lower), is_national, lowest, highest (text,
    exact), confidence; by year."""
    return store.query(
        """
        SELECT decision, operator, in_force, min(year) AS first_year, max(year) AS last_year,
               count(DISTINCT unit_code) AS units, unit_code = $nation AS is_national,
               min(value)::VARCHAR AS lowest, max(value)::VARCHAR AS highest,
               any_value(confidence ORDER BY confidence) AS confidence
        FROM target GROUP BY decision, operator, in_force, unit_code = $nation
        ORDER BY first_year, is_national DESC, decision, in_force DESC
        """,
        {"nation": NATION},
    )


def crosswalks_by_kind(store: Store) -> pd.DataFrame:
    """from_set, to_set, kind, units (of the older set), estimated (how many rows have an estimated weight)."""
    return store.query(
        """
        SELECT from_set, to_set, kind, count(DISTINCT from_code) AS units, sum(estimated::INTEGER)::BIGINT AS estimated
        FROM crosswalk GROUP BY from_set, to_set, kind ORDER BY from_set, to_set, units DESC, kind
        """
    )


def populations_by_series(store: Store) -> pd.DataFrame:
    """series, first_year, last_year, units, estimated (rows), source: the yearly series, then those received per unit."""
    return store.query(
        """
        SELECT series, min(year) AS first_year, max(year) AS last_year, count(DISTINCT unit_code) AS units,
               sum(is_estimated::INTEGER)::BIGINT AS estimated, any_value(source ORDER BY source) AS source
        FROM population_year GROUP BY series
        UNION ALL
        SELECT series, min(period[:4]::INTEGER), max(period[:4]::INTEGER), count(DISTINCT unit_code), 0::BIGINT, ''
        FROM unit_population GROUP BY series ORDER BY first_year, series
        """
    )
