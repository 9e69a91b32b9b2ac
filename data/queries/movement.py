"""Records of the movement as offices sent them: awards, initiatives, plans, activities, responsibilities.

Every row has the unit's name, `province_code` and `province_name` in the boundary set it was written for, and `file_name`
with `source_row`: where it stands. Snapshots older than a table or column give no rows, or NaN.
"""

import pandas as pd

from data.queries.common import AMONG_CODES
from data.store import Store

OWNER = ("name", "level", "province_code", "province_name", "district_code", "file_name", "source_row")
AWARD = (
    "unit_code",
    "recipient",
    "level_of_award",
    "round",
    "year",
    "form",
    "proposed_to_dg",
    "decision",
    "decided_on",
)
INITIATIVE = (
    "kind", "unit_code", "year", "holder", "title", "description", "recognised_by", "problem", "copied_to", "started_on",
)  # fmt: skip
PLAN_ITEM = ("unit_code", "year", "task", "target_pct", "in_charge", "due_on", "state", "note")
ACTIVITY = ("happened_on", "unit_code", "kind", "content", "participants", "in_charge", "result")
RESPONSIBILITY = ("programme", "criterion", "content", "in_charge", "works_with", "unit_code", "note")


def awards(store: Store) -> pd.DataFrame:
    """Who was recognised for what, the newest first; `level_of_award` is that of the recipient (person included)."""
    return read_records(store, "award", AWARD, "r.year DESC, r.level, r.recipient", {"level_of_award": "r.level"})


def initiatives(store: Store) -> pd.DataFrame:
    """Initiatives and exemplars, the newest first."""
    return read_records(store, "initiative", INITIATIVE, "r.year DESC, r.title, r.holder")


def plan_items(store: Store) -> pd.DataFrame:
    """Tasks of filed plans by year, unit and due date."""
    return read_records(store, "plan_item", PLAN_ITEM, "r.year DESC, r.unit_code, r.due_on, r.task")


def activities(store: Store) -> pd.DataFrame:
    """The log of activities, the newest first; participants -1 where unknown."""
    participants = {"participants": "coalesce(r.participants, -1)::BIGINT"}
    return read_records(store, "activity", ACTIVITY, "r.happened_on DESC, r.unit_code, r.kind", participants)


def responsibilities(store: Store) -> pd.DataFrame:
    """Who answers for which criterion, and with whom."""
    return read_records(store, "responsibility", RESPONSIBILITY, "r.programme, r.criterion, r.content, r.unit_code")


def read_records(
    store: Store, table: str, columns: tuple[str, ...], order: str, computed: dict[str, str] | None = None
) -> pd.DataFrame:
    """Rows of one table of records. `table`, `columns` and `order` are names of ours, never a reader's."""
    known = set(
        store.query("SELECT column_name FROM duckdb_columns() WHERE table_name = $table", {"table": table})[
            "column_name"
        ]
    )
    if not known:
        return pd.DataFrame(columns=[*columns, *OWNER])
    chosen = [
        f"{(computed or {}).get(name, f'r.{name}')} AS {name}"
        for name in columns
        if name in known or name in (computed or {})
    ]
    rows = store.query(
        f"""
        SELECT {", ".join(chosen)}, coalesce(u.name, r.unit_code) AS name, coalesce(u.level, 'nation') AS level,
               CASE WHEN u.level = 'province' THEN u.unit_code ELSE u.province_code END AS province_code,
               p.name AS province_name, CASE WHEN u.level = 'district' THEN u.unit_code ELSE u.district_code END
               AS district_code, s.name AS file_name, r.source_row
        FROM {table} AS r
        LEFT JOIN unit AS u ON u.boundary_set = r.boundary_set AND u.unit_code = r.unit_code
        LEFT JOIN unit AS p ON p.boundary_set = u.boundary_set AND p.unit_code = u.province_code
        JOIN source AS s ON s.source_id = r.source_id
        ORDER BY {order}
        """
    )
    return rows.reindex(columns=[*columns, *OWNER])


def figures_of_units(store: Store, codes: list[str]) -> pd.DataFrame:
    """Every month of some units of any level, in no order: unit_code, period, insured, population (-1 unknown),
    is_simulated."""
    return store.query(
        f"""
        SELECT unit_code, period, coalesce(insured, -1)::BIGINT AS insured,
               coalesce(population, -1)::BIGINT AS population, is_simulated
        FROM commune_month WHERE {AMONG_CODES}
        UNION ALL
        SELECT unit_code, period, coalesce(insured, -1)::BIGINT, coalesce(population, -1)::BIGINT, units_simulated > 0
        FROM unit_summary WHERE {AMONG_CODES} AND level IN ('nation', 'province', 'district')
            AND units > 0
        """,
        {"codes": codes},
    )
