"""Loads received files: a new snapshot in which their figures replace the older ones, simulated or not, by unit and
month."""

import getpass
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd

from data.audience_store import see_as
from data.errors import IngestRefused
from data.ingest.add_records import add_records, apply_records, has_column
from data.ingest.add_reports import add_reports
from data.ingest.archive import archive_file, hash_received, sync_archive
from data.ingest.builder import SnapshotBuilder
from data.ingest.containers import SUFFIXES
from data.ingest.history_checks import check_against_history
from data.ingest.publish import compute_derived_tables, hold_write_lock, publish_snapshot
from data.ingest.received import Received, ReceivedReport, ReceivedTable
from data.ingest.rule_words import describe_finding, describe_problem
from data.ingest.sandbox import ReadOptions, Sandbox
from data.ingest.unit_names import get_unit_names
from data.queries.evaluation import SHARED, closed_rounds
from data.settings import Settings
from data.store import Pointer, Store, open_undamaged
from data.visibility import EVERYTHING, Audience
from geo.units import boundary_set_of
from text.words import Words


@dataclass(frozen=True)
class RefusedFile:
    """A file of which nothing is used, and why."""

    path: Path
    sha256: str
    problem: IngestRefused


# Months whose received figures everybody sees: a month of simulated ones begins as a draft with its first report.
RELEASED = """
    SELECT DISTINCT period FROM period JOIN commune_month USING (period)
    WHERE state = 'released' AND list_contains($periods, period) AND NOT is_simulated
"""


@dataclass(frozen=True)
class MonthReceived:
    """A month of the load: how many provinces report in it, and the names of those of which nothing was received; whether its
    received figures are public already, and how many closed evaluations stand on those of before."""

    period: str
    expected: int
    missing: tuple[str, ...]
    is_released: bool = False
    closed_rounds: int = 0


@dataclass
class LoadResult:
    """What became of each file: its parts, or the refusal. `pointer` is None where nothing was published."""

    accepted: list[Received] = field(default_factory=list)
    refused: list[RefusedFile] = field(default_factory=list)
    already_loaded: list[str] = field(default_factory=list)
    pointer: Pointer | None = None
    dry_run: bool = False
    durations: dict[str, float] = field(default_factory=dict)
    months: list[MonthReceived] = field(default_factory=list)

    @property
    def exit_status(self) -> int:
        """0 all accepted, 1 some cells or rows refused or held back, 2 a file was refused."""
        if self.refused:
            return 2
        return 1 if any(one.severity != "mark" for part in self.accepted for one in part.rejections) else 0


def list_workbooks(paths: list[Path]) -> list[Path]:
    """The files themselves, and the workbooks of folders in order of name; Excel's own lock files are left out."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(one for one in path.rglob("*") if one.suffix.lower() in SUFFIXES and one.is_file())
        else:
            found.append(path)
    return [path for path in found if not path.name.startswith("~$")]


def list_passed_over(paths: list[Path]) -> list[Path]:
    """Files of the folders that are not read, being no workbooks by their name: a report saved as .ods must not go unnoticed."""
    files = [one for path in paths if path.is_dir() for one in sorted(path.rglob("*")) if one.is_file()]
    return [one for one in files if one.suffix.lower() not in SUFFIXES and not one.name.startswith((".", "~$"))]


def load_files(
    paths: list[Path],
    settings: Settings,
    *,
    period: str | None = None,
    template: str | None = None,
    by: str | None = None,
    today: date | None = None,
    dry_run: bool = False,
    seen_by: Audience = EVERYTHING,
    wait_seconds: float = 0,
    on_step: Callable[[str, int, int], None] = lambda step, done, total: None,
) -> LoadResult:
    """Read, check and publish; a `dry_run` stops before anything is kept, and compares with those figures only that
    whoever asked may see (`seen_by`). A refused file changes nothing, and the
    others still load. `by` is who answers for the load. `on_step(step, done, total)` is told the progress.

    Raises StoreUnavailable where there is no store yet, IngestRefused where another process is still writing after
    `wait_seconds`.
    """
    options = ReadOptions(f"{today or date.today():%Y-%m}", period, template)
    if dry_run:
        result = read_files(list_workbooks(paths), settings, options, on_step, seen_by)
        result.dry_run = True
        return result
    with hold_write_lock(settings, wait_seconds):
        result = read_files(list_workbooks(paths), settings, options, on_step)
        if result.accepted:
            on_step("archive", 0, 1)
            for part in result.accepted:
                archive_file(part.path, part.sha256, settings)
            sync_archive()
            on_step("build", 0, 1)
            result.pointer = build_with_files(result, settings, by or getpass.getuser())
    return result


def read_files(
    paths: list[Path],
    settings: Settings,
    options: ReadOptions,
    on_step: Callable[[str, int, int], None],
    seen_by: Audience = EVERYTHING,
) -> LoadResult:
    """Every file read and checked, also against the months before."""
    result = LoadResult()
    # The reading process takes a second to be ready: the time in which the store is checked.
    with Sandbox() as sandbox, closing(open_undamaged(settings)) as store:
        known = set(store.query("SELECT DISTINCT sha256 FROM source WHERE sha256 IS NOT NULL")["sha256"])
        new_paths, hashes = [], {}
        for path in paths:
            sha256 = hash_received(path) if path.is_file() else ""
            if sha256 and sha256 in known:
                result.already_loaded.append(path.name)
                continue
            known.add(sha256)
            hashes[path] = sha256
            new_paths.append(path)
        for done, (path, read) in enumerate(sandbox.read_all(new_paths, options)):
            on_step("read", done, len(new_paths))
            if isinstance(read, IngestRefused):
                result.refused.append(RefusedFile(path, hashes[path], read))
            else:
                result.accepted += read
        reports = [part for part in result.accepted if isinstance(part, ReceivedReport)]
        if reports:
            on_step("compare", 0, 1)
            judged = iter(check_against_history(reports, see_as(store, seen_by)))
            result.accepted = [next(judged) if isinstance(part, ReceivedReport) else part for part in result.accepted]
            result.months = list_months(reports, store)
    return result


def list_months(reports: list[ReceivedReport], store: Store) -> list[MonthReceived]:
    """Which provinces are still missing in each month of the reports, whatever load brought the others."""
    periods = sorted({report.period for report in reports})
    rows = store.query(
        """
        SELECT DISTINCT period, province_code FROM source
        WHERE kind = 'received_file' AND list_contains($periods, period) AND list_contains($templates, template)
        """,
        {"periods": periods, "templates": sorted({report.template for report in reports})},
    )
    sent = set(zip(rows["period"], rows["province_code"], strict=True))
    sent |= {(report.period, report.province_code) for report in reports}
    released = set(store.query(RELEASED, {"periods": periods})["period"])
    rounds = closed_rounds(store)
    rounds = rounds[rounds["reopened_at"].isna()]
    found = []
    for period in periods:
        names = get_unit_names(boundary_set_of(period))
        provinces = [unit for unit in names.units.values() if unit.level == "province"]
        missing = tuple(unit.name for unit in provinces if (period, unit.code) not in sent)
        standing = int(((rounds["from_period"] == period) | (rounds["to_period"] == period)).sum())
        found.append(MonthReceived(period, len(provinces), missing, period in released, standing))
    return found


def build_with_files(result: LoadResult, settings: Settings, by: str) -> Pointer:
    """A new snapshot: the previous figures, with those of the received files in their place."""
    store = open_undamaged(settings)
    store.close()
    previous = settings.snapshot_directory / store.pointer.file
    with SnapshotBuilder(settings, base=previous) as builder:
        with builder.timed("reference"):
            builder.insert_reference_tables()
        builder.attach_older(previous)
        copy_sources(builder)
        with builder.timed("sources"):
            source_ids = add_sources(builder, result.accepted)
        months = [
            (part, number)
            for part, number in zip(result.accepted, source_ids, strict=True)
            if isinstance(part, ReceivedReport)
        ]
        tables = [
            (part, number)
            for part, number in zip(result.accepted, source_ids, strict=True)
            if isinstance(part, ReceivedTable)
        ]
        with builder.timed("figures"):
            changed = add_reports(builder, [part for part, _ in months], [number for _, number in months])
        with builder.timed("records"):
            add_records(builder, [part for part, _ in tables], [number for _, number in tables])
            apply_records(builder)
        add_audit(builder, result, dict(zip(source_ids, result.accepted, strict=True)), by)
        builder.copy_sums(changed)
        builder.detach_older()
        compute_derived_tables(builder, settings)
        pointer = publish_snapshot(builder, settings)
        result.durations = builder.durations
        return pointer


def copy_sources(builder: SnapshotBuilder) -> None:
    """Sources, columns, rejections, the audit and the closed evaluations of the older snapshot."""
    if "source" not in builder.kept:
        for table in ("source", "source_column"):
            builder.execute(f"INSERT INTO {table} BY NAME SELECT * FROM older.{table}")
        severity = "CASE severity WHEN 'warning' THEN 'mark' ELSE severity END AS severity"
        builder.execute(f"INSERT INTO rejection BY NAME SELECT * REPLACE ({severity}) FROM older.rejection")
    for table in ("load_audit", "record_history", "evaluation_round", "evaluation_row"):
        if table not in builder.kept and builder.older_has(table):
            is_older = table == "evaluation_row" and not has_column(builder, table, SHARED[0])
            more = f", {judged_by_all()}" if is_older else ""
            builder.execute(f"INSERT INTO {table} BY NAME SELECT *{more} FROM older.{table}")


def judged_by_all() -> str:
    """The counts of a round that was closed before improvements stood on the communes known at both ends: the sums that it was
    judged by."""
    return ", ".join(f"{name.removeprefix('shared_')} AS {name}" for name in SHARED)


def add_sources(builder: SnapshotBuilder, parts: list[Received]) -> list[int]:
    """Sources, columns and rejections of the parts; returns the source id of each."""
    if not parts:
        return []
    first = int(builder.execute("SELECT coalesce(max(source_id), 0) + 1 FROM source").fetchone()[0])
    source_ids = list(range(first, first + len(parts)))
    sources, columns, rejections = [], [], []
    words = Words("vi")
    for source_id, part in zip(source_ids, parts, strict=True):
        sources.append(
            {
                "source_id": source_id, "kind": "received_file", "name": part.path.name, "sha256": part.sha256,
                "sheet": part.sheet, "template": part.template, "province_code": part.province_code or None,
                "period": part.period, "is_simulated": False,
            }
        )  # fmt: skip
        columns += [(source_id, element, group, letter) for (element, group), letter in part.letters.items()]
        rejections += [
            (
                source_id,
                one.rule_id,
                one.severity,
                one.cell,
                one.unit_code,
                part.period,
                one.value,
                describe_finding(one, words),
            )
            for one in part.rejections
        ]
    builder.insert_frame("source", pd.DataFrame(sources))
    names = ["source_id", "data_element", "payer_group", "column_letter"]
    builder.insert_frame("source_column", pd.DataFrame(columns, columns=names))
    if rejections:
        names = ["source_id", "rule_id", "severity", "cell", "unit_code", "period", "value", "message"]
        builder.insert_frame("rejection", pd.DataFrame(rejections, columns=names))
    return source_ids


def add_audit(builder: SnapshotBuilder, result: LoadResult, parts: dict[int, Received], by: str) -> None:
    """One row per file of this load: who, when, what came of it, and whose figures it replaced."""
    moment = datetime.now(UTC).isoformat(timespec="seconds")
    first = min(parts, default=0)
    replaced = builder.execute(
        """
        SELECT h.replaced_by, string_agg(DISTINCT s.sha256, ' ' ORDER BY s.sha256) FROM (
            SELECT replaced_by, source_id FROM figure_history WHERE replaced_by >= $first
            UNION SELECT replaced_by, source_id FROM record_history WHERE replaced_by >= $first
        ) AS h JOIN source AS s USING (source_id) WHERE s.sha256 IS NOT NULL GROUP BY h.replaced_by
        """,
        {"first": first},
    ).fetchall()
    supersedes = dict(replaced)
    rows: dict[str, dict[str, object]] = {}
    for source_id, part in parts.items():
        row = rows.setdefault(
            part.sha256,
            {
                "sha256": part.sha256, "file_name": part.path.name, "loaded_at": moment, "loaded_by": by,
                "outcome": "accepted", "template": part.template, "rows_accepted": 0, "rows_held": 0,
                "cells_refused": 0, "people": 0, "supersedes": None, "message": None,
            },
        )  # fmt: skip
        row["rows_accepted"] += part.row_count
        row["rows_held"] += len(part.held) if isinstance(part, ReceivedReport) else 0
        row["cells_refused"] += sum(one.severity == "error" for one in part.rejections)
        row["people"] += part.people
        row["supersedes"] = " ".join(filter(None, (row["supersedes"], supersedes.get(source_id)))) or None
        if row["rows_held"] or row["cells_refused"]:
            row["outcome"] = "held_back"
    words = Words("vi")
    audit = list(rows.values())
    audit += [
        {
            "sha256": refused.sha256, "file_name": refused.path.name, "loaded_at": moment, "loaded_by": by,
            "outcome": "refused", "rows_accepted": 0, "rows_held": 0, "cells_refused": 0, "people": 0,
            "message": describe_problem(refused.problem, words),
        }
        for refused in result.refused
    ]  # fmt: skip
    builder.insert_frame("load_audit", pd.DataFrame(audit))
