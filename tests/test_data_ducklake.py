"""Many loaders and one history: DuckLake on a real PostgreSQL, and snapshots that are built from it. `./check fault`."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from office_workbooks import DONG_VAN, make_grid, write_xlsx
from postgres_cluster import Cluster, run_cluster

from data import ducklake
from data.ingest.archive import find_archived
from data.ingest.build_snapshot import build_snapshot
from data.settings import PROJECT_ROOT, Settings
from data.store import open_current

pytestmark = pytest.mark.fault


@dataclass(frozen=True)
class Lake:
    """A store, and the lake of its office."""

    settings: Settings
    dsn: str
    path: Path

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        environment = os.environ | {
            "BAOPHU_VAR": str(self.settings.var_directory),
            "BAOPHU_LAKE": self.dsn,
            "BAOPHU_LAKE_PATH": str(self.path),
        }
        command = [sys.executable, "-m", "data.ducklake", *arguments]
        return subprocess.Popen(
            command, cwd=PROJECT_ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def run(self, *arguments: str) -> str:
        process = self.start(*arguments)
        said = process.communicate(timeout=300)[0]
        assert process.returncode in (0, 1), said
        return said

    def figures(self) -> dict[tuple[str, str], int]:
        store = open_current(self.settings)
        rows = store.query("SELECT period, unit_code, insured FROM commune_month WHERE NOT is_simulated")
        store.close()
        return {(period, code): int(people) for period, code, people in rows.itertuples(index=False)}


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with run_cluster() as running:
        yield running


@pytest.fixture
def lake(cluster: Cluster, tmp_path: Path) -> Lake:
    name = f"lake_{abs(hash(tmp_path)) % 10**9}"
    cluster.run(f"CREATE DATABASE {name};")
    settings = Settings(var_directory=tmp_path / "var")
    build_snapshot(settings, empty=True)
    return Lake(settings, cluster.dsn.replace("dbname=postgres", f"dbname={name}"), tmp_path / "lake")


def write_report(folder: Path, month: str, less: int = 0) -> tuple[Path, dict[tuple[str, str], int]]:
    """A workbook of Huyện Đồng Văn, and what it says."""
    units = [(code, name, people, insured - less) for code, name, people, insured in DONG_VAN]
    year_month = f"{month[3:]}-{month[:2]}"
    path = write_xlsx(folder / f"bao_cao_{year_month}_{less}.xlsx", make_grid(units, month))
    return path, {(year_month, code): insured for code, _, _, insured in units}


def test_loaders_at_once_are_neither_lost_nor_mixed(lake: Lake, tmp_path: Path):
    """Four loaders begin a new lake together, each with a month of its own."""
    reports = [write_report(tmp_path, month) for month in ("09/2020", "10/2020", "11/2020", "12/2020")]
    loaders = [lake.start("append", str(path), "--by", f"Máy {number}") for number, (path, _) in enumerate(reports)]
    said = [loader.communicate(timeout=300)[0] for loader in loaders]
    assert all(loader.returncode in (0, 1) for loader in loaders), said
    assert lake.figures() == {}  # the history is no snapshot yet
    lake.run("load", "--by", "Máy công bố")
    assert lake.figures() == {key: people for _, figures in reports for key, people in figures.items()}


def test_the_last_version_is_in_force_and_leads_back_to_the_workbook(lake: Lake, tmp_path: Path):
    first, _ = write_report(tmp_path, "12/2020")
    corrected, figures = write_report(tmp_path, "12/2020", less=7)
    lake.run("append", str(first))
    lake.run("load")
    lake.run("append", str(corrected))
    assert "0 dòng" in lake.run("append", str(corrected))  # the same file again adds nothing
    lake.run("load")
    assert lake.figures() == figures
    store = open_current(lake.settings)
    row = store.query(
        "SELECT s.sha256, f.source_row FROM commune_month AS f JOIN source AS s USING (source_id) WHERE unit_code = '00715'"
    ).iloc[0]
    older = store.query("SELECT insured FROM figure_history WHERE unit_code = '00715' AND payer_group = ''")
    store.close()
    line = find_archived(row["sha256"], lake.settings).read_text("utf-8").splitlines()[int(row["source_row"]) - 1]
    assert corrected.name in line and '"00715"' in line
    assert older["insured"].tolist() == [4950]
    before = open_current(lake.settings).snapshot_id
    lake.run("load")
    assert open_current(lake.settings).snapshot_id == before


def test_a_report_that_is_refused_never_reaches_the_lake(lake: Lake, tmp_path: Path):
    path, _ = write_report(tmp_path, "12/2020")
    lake.run("append", str(path), "--dry-run")
    assert not lake.path.exists()
    broken = tmp_path / "hong.xlsx"
    broken.write_bytes(path.read_bytes()[:900])
    process = lake.start("append", str(broken))
    assert process.communicate(timeout=300)[0] and process.returncode == 2
    assert not lake.path.exists()


def test_without_settings_the_command_says_which(capsys: pytest.CaptureFixture[str]):
    assert ducklake.main(["load"]) == 2
    assert "BAOPHU_LAKE_PATH" in capsys.readouterr().err
