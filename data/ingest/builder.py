"""Builds one snapshot: a new DuckDB file beside the old ones, filled by reports and reference tables, then sealed.

The file is written under a name of its own and takes its final one only when it is complete (see `publish`).
"""

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Self

import duckdb
import pandas as pd
import pyarrow as pa

from data.ingest.base_copy import (
    NO_WAL,
    REFERENCE_TABLES,
    STAMP_KEY,
    SUM_TABLES,
    copy_base,
    name_of_statement,
    stamp_reference,
)
from data.ingest.checks import Finding, check_report, rows_to_keep
from data.ingest.columns import ReportColumns
from data.ingest.content_hash import HASHED_TABLES, hash_tables
from data.ingest.month_tables import to_commune_table, to_group_table
from data.ingest.reference_tables import list_reference_tables, list_targets, split_statements
from data.settings import Settings
from data.store import EDITION_KEY, SCHEMA_VERSION
from geo.units import boundary_set_of, map_order
from indicators.rules import load_programmes, programme_of

SCHEMA_FILE = Path(__file__).resolve().parent.parent / "schema.sql"


class SnapshotBuilder:
    """Writes one snapshot file. Use as a context manager; an exception inside leaves no file behind."""

    def __init__(self, settings: Settings, base: Path | None = None) -> None:
        """`base` is the snapshot whose figures are taken over; what does not change is copied and not written again."""
        # Where the file lies until it has its name.
        self.path = settings.snapshot_directory / f".building-{os.getpid()}.duckdb"
        self.programmes = load_programmes(settings.rules_directory)
        self._settings = settings
        self._older_states: dict[str, tuple[str, bool]] = {}
        self.durations: dict[str, float] = {}
        self._connection = duckdb.connect()
        self._connection.execute("SET enable_progress_bar = false")
        schema = SCHEMA_FILE.read_text(encoding="utf-8")
        statements = split_statements(schema)
        self._stamp = stamp_reference(schema, settings.rules_directory)
        self.kept: set[str] = set()
        try:
            self._begin(statements, base)
        except BaseException:  # a full disk, say: nobody has entered the block yet that would clear this away
            self.__exit__(RuntimeError, None, None)
            raise

    def _begin(self, statements: list[str], base: Path | None) -> None:
        """Attach the new file, a copy of `base` where one is given, and make the tables that it lacks."""
        if base is not None:
            tables = list(dict.fromkeys(filter(None, map(name_of_statement, statements))))
            removed = self._settings.simulation_marker.exists()
            self.kept = copy_base(self._connection, base, self.path, self._stamp, tables, simulation_removed=removed)
        if not self.kept:
            quoted = str(self.path).replace("'", "''")
            # An explicit storage version, so that a reader of the same release line can open the file.
            self._connection.execute(f"ATTACH '{quoted}' AS store (STORAGE_VERSION 'v1.5.0', {NO_WAL})")
        self._connection.execute("USE store")
        for statement in statements:
            if name_of_statement(statement) not in self.kept:
                self._connection.execute(statement)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, problem: object, trace: object) -> None:
        try:
            self._connection.close()
        finally:
            if kind is not None:
                self.path.unlink(missing_ok=True)
                Path(f"{self.path}.wal").unlink(missing_ok=True)

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        """Add the time of a block to `durations[step]`."""
        begun = time.perf_counter()
        yield
        self.durations[step] = self.durations.get(step, 0.0) + time.perf_counter() - begun

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """The statements of a block as one transaction: rows are packed and written as they come, and need not stay in
        memory until the file is sealed."""
        self.execute("BEGIN")
        yield
        self.execute("COMMIT")

    def execute(self, sql: str, parameters: list[object] | None = None) -> duckdb.DuckDBPyConnection:
        """Run a statement on the snapshot that is being built."""
        return self._connection.execute(sql, parameters or [])

    def insert_frame(self, table: str, frame: pd.DataFrame | pa.Table) -> None:
        """Append a frame; columns are matched by name, and columns the table does not have are left out."""
        columns = [row[0] for row in self.execute(f"SELECT column_name FROM (DESCRIBE {table})").fetchall()]
        incoming = frame if isinstance(frame, pa.Table) else pa.Table.from_pandas(frame, preserve_index=False)
        used = ", ".join(column for column in columns if column in incoming.column_names)
        self._connection.register("incoming", incoming)
        self.execute(f"INSERT INTO {table} ({used}) SELECT {used} FROM incoming")
        self._connection.unregister("incoming")

    def insert_reference_tables(self) -> None:
        """Units, crosswalks, rules, payer groups and published figures."""
        if self.kept >= REFERENCE_TABLES:
            self.insert_frame("target", list_targets(self._settings.rules_directory))
            return
        for table, frame in list_reference_tables(self._settings.rules_directory):
            self.insert_frame(table, frame)

    def add_source(self, **fields: object) -> int:
        """A new source of figures; returns its id."""
        source_id = int(self.execute("SELECT coalesce(max(source_id), 0) + 1 FROM source").fetchone()[0])
        self.insert_frame("source", pd.DataFrame([{"source_id": source_id, **fields}]))
        return source_id

    def add_report(self, report: ReportColumns) -> list[Finding]:
        """Check a report and append the rows that pass. Returns what was found; the caller decides where it is kept.

        The simulation keeps none: rows that it marks (over 100 %) are found in the figures themselves.
        """
        findings = check_report(report, list_reporting_codes(boundary_set_of(report.period)))
        kept = rows_to_keep(report, findings)
        accepted = report if kept.all() else report.take(kept)
        self.insert_frame("commune_month", to_commune_table(accepted))
        groups = to_group_table(accepted)
        if groups.num_rows:
            self.insert_frame("group_month", groups)
        return findings

    def attach_older(self, previous: Path) -> None:
        """Make an older snapshot readable as `older`."""
        quoted = str(previous).replace("'", "''")
        self.execute(f"ATTACH '{quoted}' AS older (READ_ONLY)")
        if self._settings.simulation_marker.exists():
            self._leave_simulation_out(quoted)
        self._read_older_states()

    def attach_reduced(self, previous: Path, selects: Mapping[str, str]) -> None:
        """Make a part of an older snapshot readable as `older`: of each table what its SELECT (from `whole.<table>`) gives,
        and of a table without one nothing. What is left out is never written to the new file, not even to be deleted."""
        quoted = str(previous).replace("'", "''")
        self.execute(f"ATTACH '{quoted}' AS whole (READ_ONLY)")
        self.execute("ATTACH ':memory:' AS older")
        tables = self.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'whole'").fetchall()
        for (table,) in tables:
            rows = selects.get(table, f"SELECT * FROM whole.{table} WHERE false")
            self.execute(f"CREATE TABLE older.{table} AS {rows}")
        self._read_older_states()

    def detach_reduced(self) -> None:
        self.execute("DETACH older")
        self.execute("DETACH whole")

    def _read_older_states(self) -> None:
        states = self.execute(
            """
            SELECT period, state, bool_or(NOT is_simulated)
            FROM older.period JOIN older.commune_month USING (period) GROUP BY period, state
            """
        ).fetchall()
        self._older_states = {period: (state, has_real) for period, state, has_real in states}

    def _leave_simulation_out(self, quoted: str) -> None:
        """Put a copy without simulated rows in the place of `older`. Rows that were deleted from the finished file
        instead would stay in it, out of sight."""
        self.execute("DETACH older")
        self.execute(f"ATTACH '{quoted}' AS whole (READ_ONLY)")
        self.execute("ATTACH ':memory:' AS older")
        months = "SELECT period FROM whole.commune_month WHERE is_simulated"
        real = dict.fromkeys(("source", "commune_month", "group_month"), "NOT is_simulated")
        unmixed = dict.fromkeys(("unit_summary", "report_received"), f"period NOT IN ({months})")
        # A rehearsal that was closed on simulated figures leaves with them.
        on_real = "SELECT (round_id, closing) FROM whole.evaluation_round WHERE units_simulated = 0"
        closed = {"evaluation_round": "units_simulated = 0", "evaluation_row": f"(round_id, closing) IN ({on_real})"}
        kept = real | unmixed | closed
        tables = self.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'whole'").fetchall()
        for (table,) in tables:
            rows = kept.get(table, "true")
            self.execute(f"CREATE TABLE older.{table} AS SELECT * FROM whole.{table} WHERE {rows}")
        self.execute("DETACH whole")

    def detach_older(self) -> None:
        self.execute("DETACH older")

    def older_has(self, table: str) -> bool:
        """Whether the attached snapshot has a table; those of an older schema lack some."""
        found = self.execute(
            "SELECT count(*) FROM duckdb_tables() WHERE database_name = 'older' AND table_name = ?", [table]
        ).fetchone()
        return bool(found[0])

    def copy_sums(self, changed: list[str]) -> None:
        """Take over the older sums of all months but the changed ones; they stay right as long as the rules do."""
        if self.kept >= set(SUM_TABLES):
            for table in SUM_TABLES:
                self.execute(f"DELETE FROM {table} WHERE list_contains(?, period)", [changed])
            return
        new_rules = "SELECT * FROM rule EXCEPT SELECT * FROM older.rule"
        old_rules = "SELECT * FROM older.rule EXCEPT SELECT * FROM rule"
        if not self.execute(f"({new_rules}) UNION ALL ({old_rules})").fetchall():
            for table in SUM_TABLES:
                kept = f"SELECT * FROM older.{table} WHERE NOT list_contains(?, period)"
                self.execute(f"INSERT INTO {table} BY NAME {kept}", [changed])

    def fill_periods(self) -> None:
        """The table `period`: every month that has a figure.

        A month begins as a draft when it first has received figures; simulated months are released. Later snapshots
        keep the state, so a correction of a released month does not hide it.
        """
        found = self.execute(
            "SELECT period, bool_or(NOT is_simulated) FROM commune_month GROUP BY period ORDER BY period"
        ).fetchall()
        rows = []
        for period, has_real in found:
            owner = programme_of(self.programmes, period)
            state, had_real = self._older_states.get(period, ("released", False))
            if has_real and not had_real:
                state = "draft"
            rows.append((period, boundary_set_of(period), owner.programme if owner else None, state))
        if rows:
            self.insert_frame("period", pd.DataFrame(rows, columns=["period", "boundary_set", "programme", "state"]))

    def set_state(self, period: str, state: str) -> None:
        """Give a month of the older snapshot another state: `draft` or `released`."""
        self._older_states[period] = (state, True)

    def list_unsummed_periods(self) -> list[str]:
        """The months that have figures and no sums yet."""
        rows = self.execute(
            "SELECT period FROM period ANTI JOIN unit_summary USING (period) ORDER BY period"
        ).fetchall()
        return [row[0] for row in rows]

    def check_no_unit_twice(self, periods: list[str]) -> None:
        """The key of `commune_month`, which has no index (see schema.sql), in some months. Raises ValueError.

        `group_month` is written from the same rows of the same reports, so it holds no unit twice where this does not.
        """
        twice = self.execute(
            """
            SELECT period, unit_code FROM commune_month WHERE list_contains(?, period)
            GROUP BY ALL HAVING count(*) > 1 LIMIT 1
            """,
            [periods],
        ).fetchone()
        if twice is not None:
            raise ValueError(f"commune_month has {twice} twice")

    def hash_content(self) -> str:
        """The id of the finished snapshot."""
        found = self.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'store'").fetchall()
        tables = [table for table in HASHED_TABLES if (table,) in found]
        return hash_tables(lambda sql: self.execute(sql).fetchone(), tables, SCHEMA_VERSION)

    def seal(self, snapshot_id: str) -> None:
        """Write the id and close the file."""
        values = {"snapshot_id": snapshot_id, "schema_version": str(SCHEMA_VERSION), STAMP_KEY: self._stamp}
        values[EDITION_KEY] = self._settings.edition
        self.insert_frame("meta", pd.DataFrame({"key": list(values), "value": list(values.values())}))
        self.execute("CHECKPOINT store")
        self.execute("USE memory")
        self.execute("DETACH store")


@cache
def list_reporting_codes(boundary_set: str) -> frozenset[str]:
    """The units that report by themselves."""
    return frozenset(map_order(boundary_set, "commune"))
