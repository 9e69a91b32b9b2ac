"""A snapshot begun as a copy of the one before it holds the same rows as one written from nothing."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from office_workbooks import AT, make_grid, write_xlsx

from data.ingest.base_copy import FACT_TABLES, LOG_TABLES, REFERENCE_TABLES, SUM_TABLES
from data.ingest.builder import SnapshotBuilder
from data.ingest.load import load_files
from data.settings import Settings
from data.snapshot_commands import run_release
from data.store import open_current
from text.words import Words

pytestmark = pytest.mark.store
TODAY = date(2026, 11, 24)


def write_reports(folder: Path) -> list[Path]:
    """A report with a commune held back, and its correction."""
    wrong, right = make_grid(), make_grid()
    wrong[AT.first + 2][AT.name] = "=cmd"
    right[AT.first + 2][AT.rate] = None
    return [write_xlsx(folder / f"{name}.xlsx", grid) for name, grid in (("a", wrong), ("b", right))]


def publish_all(settings: Settings, reports: list[Path]) -> list[str]:
    """Load one report after the other and, after several, release their month; the ids of the snapshots."""
    ids = []
    for report in reports:
        result = load_files([report], settings, today=TODAY, by="x")
        ids.append(result.pointer.id)
    if len(reports) == 1:
        return ids
    run_release(settings, Words("vi"), "2020-12")
    return [*ids, open_current(settings).snapshot_id]


@pytest.mark.parametrize("count", [1, pytest.param(2, marks=pytest.mark.fault)])
def test_what_is_taken_over_is_what_would_be_written(
    records_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
):
    """Sources, findings, history, sums and map files, over a load; in full also over its correction and a release."""
    for name in ("taken", "written"):
        shutil.copytree(records_settings.var_directory, tmp_path / name)
    taken = replace(records_settings, var_directory=tmp_path / "taken")
    kept: list[set[str]] = []
    leave = SnapshotBuilder.__exit__
    monkeypatch.setattr(
        SnapshotBuilder, "__exit__", lambda self, *problem: (kept.append(self.kept), leave(self, *problem))[1]
    )
    reports = write_reports(tmp_path)[:count]
    ids = publish_all(taken, reports)
    assert all(one >= {*FACT_TABLES, *LOG_TABLES, *SUM_TABLES, *REFERENCE_TABLES, "value_file"} for one in kept)
    assert len(set(ids)) == (1 if count == 1 else 3)
    monkeypatch.setattr("data.ingest.builder.copy_base", lambda *_, **__: set())
    written = replace(records_settings, var_directory=tmp_path / "written")
    assert publish_all(written, reports) == ids
    assert kept[-1] == set()
    files = [{path.name for path in (one.value_directory).iterdir()} for one in (taken, written)]
    assert files[0] == files[1]


def test_map_files_that_are_gone_are_made_again(records_settings: Settings, tmp_path: Path):
    shutil.copytree(records_settings.var_directory, tmp_path / "var")
    settings = replace(records_settings, var_directory=tmp_path / "var")
    store = open_current(settings)
    named = set(store.query("SELECT file_name FROM value_file")["file_name"])
    store.close()
    gone = sorted(named)[0]
    (settings.value_directory / gone).unlink()
    run_release(settings, Words("vi"), "2020-12")
    assert (settings.value_directory / gone).is_file()
    store = open_current(settings)
    assert set(store.query("SELECT file_name FROM value_file")["file_name"]) == named
    store.close()
