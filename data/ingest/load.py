"""Loads received workbooks: a new snapshot in which their figures replace the older ones, simulated or not, by unit
and month."""

import shutil
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pandas as pd

from data.errors import IngestRefused
from data.ingest.builder import SnapshotBuilder
from data.ingest.publish import compute_derived_tables, hold_write_lock, make_building_path, publish_snapshot
from data.ingest.workbook import ReceivedReport, read_report
from data.settings import Settings
from data.store import Pointer, open_current
from text.words import Words


@dataclass
class LoadResult:
    """What became of each file. `pointer` is None where nothing was published."""

    accepted: list[ReceivedReport] = field(default_factory=list)
    refused: list[IngestRefused] = field(default_factory=list)
    already_loaded: list[str] = field(default_factory=list)
    pointer: Pointer | None = None

    @property
    def exit_status(self) -> int:
        """0 all accepted, 1 some cells or rows held back, 2 a file was refused."""
        if self.refused:
            return 2
        return 1 if any(report.rejections for report in self.accepted) else 0


def list_workbooks(paths: list[Path]) -> list[Path]:
    """The files themselves, and the .xlsx files of folders in order of name; Excel's own lock files are left out."""
    found: list[Path] = []
    for path in paths:
        found += sorted(path.rglob("*.xlsx")) if path.is_dir() else [path]
    return [path for path in found if not path.name.startswith("~$")]


def load_files(
    paths: list[Path], settings: Settings, *, period: str | None = None, today: date | None = None
) -> LoadResult:
    """Read, check and publish. A refused file changes nothing, and the others still load.

    Raises StoreUnavailable where there is no store yet, IngestRefused where another process is writing.
    """
    result = LoadResult()
    last_period = f"{today or date.today():%Y-%m}"
    with hold_write_lock(settings):
        store = open_current(settings)
        known_files = set(store.query("SELECT sha256 FROM source WHERE sha256 IS NOT NULL")["sha256"])
        store.close()
        for path in list_workbooks(paths):
            try:
                report = read_report(path, last_period=last_period, period=period)
            except IngestRefused as problem:
                result.refused.append(problem)
                continue
            if report.sha256 in known_files:
                result.already_loaded.append(path.name)
                continue
            known_files.add(report.sha256)
            result.accepted.append(report)
        if result.accepted:
            for report in result.accepted:
                archive_file(report, settings)
            previous = settings.snapshot_directory / store.pointer.file
            result.pointer = build_with_reports(result.accepted, previous, settings)
    return result


def archive_file(report: ReceivedReport, settings: Settings) -> None:
    """Keep the file untouched under its hash."""
    settings.archive_directory.mkdir(parents=True, exist_ok=True)
    kept = settings.archive_directory / f"{report.sha256}{report.path.suffix}"
    if not kept.exists():
        shutil.copyfile(report.path, kept)


def build_with_reports(reports: list[ReceivedReport], previous: Path, settings: Settings) -> Pointer:
    """A new snapshot: the previous figures, with those of the reports in their place. A later file replaces an
    earlier one."""
    newest: dict[tuple[str, str], int] = {}
    for number, report in enumerate(reports):
        newest |= {(report.period, code): number for code in report.columns.unit_code}
    replaced = pd.DataFrame(list(newest), columns=["period", "unit_code"])
    with SnapshotBuilder(make_building_path(settings)) as builder:
        builder.insert_reference_tables()
        builder.copy_figures(previous, replaced)
        for number, report in enumerate(reports):
            add_received_report(
                builder, report, [newest[report.period, code] == number for code in report.columns.unit_code]
            )
        compute_derived_tables(builder, settings)
        return publish_snapshot(builder, settings)


def add_received_report(builder: SnapshotBuilder, report: ReceivedReport, in_force: list[bool]) -> None:
    """Source, columns, figures and rejections of one workbook; `in_force` marks the rows no later file replaces."""
    source_id = builder.add_source(
        kind="received_file",
        name=report.path.name,
        sha256=report.sha256,
        sheet=report.sheet,
        template=report.template,
        province_code=report.province_code,
        period=report.period,
        is_simulated=False,
    )
    columns = [
        {"source_id": source_id, "data_element": element, "payer_group": group, "column_letter": letter}
        for (element, group), letter in report.letters.items()
    ]
    builder.insert_frame("source_column", pd.DataFrame(columns))
    kept = pd.Series(in_force, dtype=bool).to_numpy()
    builder.add_report(replace(report.columns.take(kept), source_id=source_id))
    words = Words("vi")
    rejections = [
        {
            "source_id": source_id,
            "rule_id": rejection.rule_id,
            "severity": rejection.severity,
            "cell": rejection.cell,
            "unit_code": rejection.unit_code,
            "period": report.period,
            "value": rejection.value,
            "message": words.say(f"ingest.rule.{rejection.rule_id}"),
        }
        for rejection in report.rejections
    ]
    if rejections:
        builder.insert_frame("rejection", pd.DataFrame(rejections))
