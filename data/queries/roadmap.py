"""What the roadmap asks: groups of every commune, and the plans that were filed, month by month."""

import pandas as pd

from data.queries.common import AMONG_CODES, IN_SCOPE
from data.store import Store


def has_table(store: Store, table: str) -> bool:
    """Whether the snapshot has a table (one of an older schema may not)."""
    return len(store.query("SELECT 1 FROM duckdb_tables() WHERE table_name = $table", {"table": table})) > 0


def commune_groups(store: Store, period: str, scope: str | None = None) -> pd.DataFrame:
    """Payer groups of the communes of `scope` that surveyed them: unit_code, payer_group, eligible, insured; in the law's
    order of groups."""
    return store.query(
        f"""
        SELECT g.unit_code, g.payer_group, g.eligible::BIGINT AS eligible, g.insured::BIGINT AS insured
        FROM period AS t
        JOIN unit AS u ON u.boundary_set = t.boundary_set AND u.map_order IS NOT NULL
        JOIN group_month AS g ON g.period = t.period AND g.unit_code = u.unit_code
        WHERE t.period = $period AND {IN_SCOPE} AND g.eligible IS NOT NULL AND g.insured IS NOT NULL
        """,
        {"period": period, "scope": scope},
    )


def plan_months(store: Store, scope: str | None = None) -> pd.DataFrame:
    """Filed plans, a row per unit, month and task, inside `scope`: unit_code, name, boundary_set, month, task,
    target_people (-1 unknown), in_charge, due_on, state, note, file_name. Empty where the snapshot knows no such plans.
    """
    if not has_table(store, "plan_month"):
        return pd.DataFrame(
            columns=["unit_code", "name", "boundary_set", "month", "task", "target_people", "in_charge", "due_on",
                     "state", "note", "file_name"]
        )  # fmt: skip
    return store.query(
        f"""
        SELECT m.unit_code, u.name, m.boundary_set, m.month, m.task,
               coalesce(m.target_people, -1)::BIGINT AS target_people, m.in_charge, m.due_on, m.state, m.note,
               s.name AS file_name
        FROM plan_month AS m JOIN unit AS u USING (boundary_set, unit_code) JOIN source AS s USING (source_id)
        WHERE {IN_SCOPE} ORDER BY m.unit_code, m.month, m.task
        """,
        {"scope": scope},
    )


def plan_items(store: Store, scope: str | None = None) -> pd.DataFrame:
    """Tasks of the plan register inside `scope`: unit_code, name, level, year, task, target_pct, in_charge, due_on, state."""
    return store.query(
        f"""
        SELECT p.unit_code, u.name, u.level, p.year, p.task, p.target_pct::DOUBLE AS target_pct, p.in_charge, p.due_on,
               p.state
        FROM plan_item AS p JOIN unit AS u USING (boundary_set, unit_code)
        WHERE {IN_SCOPE} ORDER BY p.due_on, p.unit_code, p.task
        """,
        {"scope": scope},
    )


def insured_by_month(store: Store, codes: list[str], from_period: str, to_period: str) -> pd.DataFrame:
    """Insured people of communes or larger units, month by month, in no order: unit_code, period, insured."""
    return store.query(
        f"""
        SELECT unit_code, period, insured::BIGINT AS insured FROM commune_month
        WHERE {AMONG_CODES} AND period BETWEEN $first AND $last
            AND obs_status = 'reported'
        UNION ALL
        SELECT unit_code, period, insured::BIGINT AS insured FROM unit_summary
        WHERE {AMONG_CODES} AND period BETWEEN $first AND $last
            AND level IN ('province', 'district') AND insured IS NOT NULL
        """,
        {"codes": codes, "first": from_period, "last": to_period},
    )
