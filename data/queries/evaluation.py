"""Figures of a round of evaluation, month by month, and the rounds that were closed."""

import pandas as pd

from data.queries.common import coalesce_counts
from data.store import Store

ROUND_COUNTS = ("insured", "population", "met", "counted", "unknown", "units", "units_reported", "units_simulated")
FROZEN_COUNTS = (
    "insured_start", "population_start", "insured", "population", "shared_insured_start", "shared_population_start",
    "shared_insured", "shared_population", "met", "counted", "months_reported", "months_expected", "months_met",
    "months_judged",
)  # fmt: skip
# Rounds closed under schema 4 and before were judged by the sums of whoever reported at either end.
SHARED = tuple(name for name in FROZEN_COUNTS if name.startswith("shared_"))
ROUND_COLUMNS = (
    "round_id", "closing", "programme", "round", "year", "cluster", "from_period", "to_period", "boundary_set",
    "closed_at", "closed_by", "note", "snapshot_id", "rules", "threshold", "units_simulated", "reopened_at",
    "reopened_by", "reopen_reason",
)  # fmt: skip
ROW_COLUMNS = (
    "unit_code",
    *FROZEN_COUNTS,
    "is_counted",
    "is_simulated",
    "place",
    "is_tied",
    "of_units",
    "score",
    "reason",
)


def summary_months(store: Store, level: str, boundary_set: str, from_period: str, to_period: str) -> pd.DataFrame:
    """Sums of every unit of a level over months of one boundary set: period, level_order and ROUND_COUNTS (-1
    unknown)."""
    return store.query(
        f"""
        SELECT s.period, u.level_order, {coalesce_counts(ROUND_COUNTS)}
        FROM unit_summary AS s
        JOIN period AS t ON t.period = s.period AND t.boundary_set = $boundary_set
        JOIN unit AS u ON u.boundary_set = $boundary_set AND u.unit_code = s.unit_code AND u.level = $level
        WHERE s.level = $level AND s.period BETWEEN $from_period AND $to_period
        """,
        {"level": level, "boundary_set": boundary_set, "from_period": from_period, "to_period": to_period},
    )


def closed_rounds(store: Store) -> pd.DataFrame:
    """Every closing, the newest first: ROUND_COLUMNS. Empty in a snapshot that is older than closing."""
    if not has_closed_rounds(store):
        return pd.DataFrame(columns=list(ROUND_COLUMNS))
    return store.query(
        f"SELECT {', '.join(ROUND_COLUMNS)} FROM evaluation_round ORDER BY closed_at DESC, round_id, closing DESC"
    )


def frozen_rows(store: Store, round_id: str, closing: int, level: str) -> pd.DataFrame:
    """What was frozen of one level, by code: ROW_COLUMNS, counts and place with -1 for unknown."""
    if not has_closed_rounds(store):
        return pd.DataFrame(columns=list(ROW_COLUMNS))
    known = set(store.query("SELECT * FROM evaluation_row LIMIT 0").columns)
    held = {name: name if name in known else name.removeprefix("shared_") for name in FROZEN_COUNTS}
    counts = ", ".join(f"coalesce({column}, -1)::BIGINT AS {name}" for name, column in held.items())
    return store.query(
        f"""
        SELECT unit_code, {counts}, is_counted, is_simulated, coalesce(place, -1)::BIGINT AS place, is_tied,
               of_units::BIGINT AS of_units, score, reason
        FROM evaluation_row WHERE round_id = $round_id AND closing = $closing AND level = $level ORDER BY unit_code
        """,
        {"round_id": round_id, "closing": closing, "level": level},
    )


def has_closed_rounds(store: Store) -> bool:
    """Whether the snapshot has the tables of closed rounds; those of schema 1 and 2 have none."""
    return len(store.query("SELECT 1 FROM duckdb_tables() WHERE table_name = 'evaluation_round'")) > 0
