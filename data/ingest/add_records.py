"""Received records (surveys, recognitions, targets, plans …) into a snapshot that is being built."""

from collections.abc import Iterator

import pandas as pd

from data.ingest.builder import SnapshotBuilder
from data.ingest.received import ReceivedTable
from data.workbook_layouts import load_layouts

TARGET = "target"


def list_record_tables() -> dict[str, tuple[str, ...]]:
    """The tables that layouts fill, with the columns that make a row the same row."""
    return {layout.table: layout.row_key for layout in load_layouts() if layout.table}


def add_records(builder: SnapshotBuilder, tables: list[ReceivedTable], source_ids: list[int]) -> None:
    """Append the rows, and take over the older ones that they do not replace. Of two files with a row of the same key
    the later in the list counts. `older` must be attached to the builder."""
    for table, key in list_record_tables().items():
        if not any(part.table == table for part in tables) and not has_received_rows(builder, table):
            continue
        parts = [
            pd.DataFrame(part.columns).assign(source_id=source_id, source=part.path.name)
            for part, source_id in zip(tables, source_ids, strict=True)
            if part.table == table
        ]
        rows = (
            pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({name: [] for name in (*key, "source_id")})
        )
        add_rows(builder, table, key, rows.drop_duplicates(list(key), keep="last"))


def add_rows(builder: SnapshotBuilder, table: str, key: tuple[str, ...], rows: pd.DataFrame) -> None:
    """Rows of one table; the older rows they replace go to `record_history`."""
    same = " AND ".join(f"n.{name}::VARCHAR IS NOT DISTINCT FROM o.{name}::VARCHAR" for name in key)
    builder.execute(f"CREATE TEMP TABLE incoming_keys AS SELECT {', '.join(key)}, source_id FROM {table} LIMIT 0")
    builder.insert_frame("temp.incoming_keys", rows[[*key, "source_id"]])
    if has_received_rows(builder, table):
        received = f"SELECT o.* FROM older.{table} AS o WHERE o.source_id IS NOT NULL"
        builder.execute(
            f"""
            INSERT INTO record_history
            SELECT '{table}', to_json(o), o.source_id, n.source_id
            FROM ({received}) AS o JOIN temp.incoming_keys AS n ON {same}
            """
        )
        if table == TARGET:
            drop_reference_targets(
                builder, "SELECT unit_code, year, decision FROM older.target WHERE source_id IS NOT NULL"
            )
        builder.execute(
            f"INSERT INTO {table} BY NAME {received}"
            f" AND NOT EXISTS (SELECT 1 FROM temp.incoming_keys AS n WHERE {same})"
        )
    if table == TARGET:
        drop_reference_targets(builder, "SELECT unit_code, year, decision FROM temp.incoming_keys")
    builder.execute("DROP TABLE temp.incoming_keys")
    if len(rows):
        builder.insert_frame(table, rows)


def has_received_rows(builder: SnapshotBuilder, table: str) -> bool:
    """Whether the older snapshot has received rows of a table."""
    if not builder.older_has(table) or not has_column(builder, table, "source_id"):
        return False
    asked = f"SELECT 1 FROM older.{table} WHERE source_id IS NOT NULL LIMIT 1"
    return builder.execute(asked).fetchone() is not None


def has_column(builder: SnapshotBuilder, table: str, column: str) -> bool:
    """Whether the older snapshot's table has a column."""
    found = builder.execute(
        "SELECT count(*) FROM duckdb_columns() WHERE database_name = 'older' AND table_name = ? AND column_name = ?",
        [table, column],
    ).fetchone()
    return bool(found[0])


def drop_reference_targets(builder: SnapshotBuilder, received: str) -> None:
    """A received target takes the place of the published one of the same unit, year and decision."""
    builder.execute(
        f"DELETE FROM target WHERE source_id IS NULL AND (unit_code, year, decision) IN"
        f" (SELECT (unit_code, year, decision) FROM ({received}))"
    )


def apply_records(builder: SnapshotBuilder) -> None:
    """What received records change elsewhere: one target in force per unit and year, the eligible of surveyed
    groups."""
    builder.execute(
        """
        UPDATE target SET in_force = false
        WHERE source_id IS NULL
        AND (unit_code, year) IN (SELECT (unit_code, year) FROM target WHERE source_id IS NOT NULL)
        """
    )
    for statement in list_survey_statements():
        builder.execute(statement)


def list_survey_statements() -> Iterator[str]:
    """A survey replaces simulated groups of its unit and month, and adds the eligible to those of a monthly report."""
    same = "s.period = g.period AND s.unit_code = g.unit_code"
    yield f"DELETE FROM group_month AS g USING group_survey AS s WHERE {same} AND g.is_simulated"
    yield f"""
        UPDATE group_month AS g
        SET eligible = s.eligible,
            insured = CASE WHEN g.source_id IN (SELECT source_id FROM source WHERE template = 'group_survey')
                      THEN coalesce(s.insured, s.eligible - s.uninsured) ELSE g.insured END
        FROM group_survey AS s WHERE {same} AND s.payer_group = g.payer_group
    """
    yield f"""
        INSERT INTO group_month (period, unit_code, payer_group, eligible, insured, is_simulated, source_id)
        SELECT s.period, s.unit_code, s.payer_group, s.eligible, coalesce(s.insured, s.eligible - s.uninsured), false,
               s.source_id
        FROM group_survey AS s
        WHERE NOT EXISTS (SELECT 1 FROM group_month AS g WHERE {same} AND g.payer_group = s.payer_group)
    """
