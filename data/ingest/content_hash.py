"""The id of a snapshot: a hash of its rows, the same for the same rows."""

import hashlib
from collections.abc import Callable
from typing import Any

# What a snapshot's id is made of; `meta` holds the id itself, `load_audit` who loaded a file and when.
HASHED_TABLES = [
    "boundary_set",
    "region",
    "unit",
    "crosswalk",
    "period",
    "programme",
    "rule",
    "goal",
    "payer_group",
    "source",
    "source_column",
    "rejection",
    "figure_history",
    "record_history",
    "commune_month",
    "group_month",
    "unit_summary",
    "report_received",
    "value_file",
    "public_value_file",  # of snapshots up to schema 3
    "group_total",
    "published_coverage",
    "published_commune_coverage",
    "population_year",
    "target",
    "ntm_progress",
    "reform_event",
    "emulation_cluster",
    "published_unit_count",
    "group_survey",
    "unit_population",
    "ntm_recognition",
    "custom_group",
    "plan_item",
    "plan_month",
    "activity",
    "initiative",
    "award",
    "responsibility",
    "evaluation_round",
    "evaluation_row",
]


def hash_tables(ask: Callable[[str], Any], tables: list[str], schema_version: int) -> str:
    """64 bits of SHA-256 over every row of every table, whatever their order; the same rows give the same id.

    `ask(sql)` gives the one row of a question.
    """
    digest = hashlib.sha256(f"schema {schema_version}\n".encode())
    for table in tables:
        count, total = ask(f"SELECT count(*), coalesce(sum(hash(rows)::HUGEINT), 0) FROM {table} AS rows")
        digest.update(f"{table} {count} {total}\n".encode())
    return digest.hexdigest()[:16]
