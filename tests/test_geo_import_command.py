"""`python -m geo import` and `compare`: sentences, exit codes, the report, and what is in force afterwards."""

import json
import os
import random
import signal
import time
from contextlib import suppress
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo.__main__ import main
from geo.compare import share_right
from geo.import_outlines import load_plane
from geo.import_read import ImportProblem
from geo.import_report import COLUMNS, read_decided
from geo.import_store import Source, files_of, find_folder, open_store, own_import, read_manifest
from geo.units import SETS_DIR, load_units, read_text_table

pytestmark = pytest.mark.store

ASK = ["--boundary-set", "2025-07", "--level", "province", "--licence", "CC BY 4.0", "--source", "Sở X"]


def write_provinces(path: Path) -> Path:
    names = load_units("2025-07").set_index("unit_code")["name"]
    frame = gpd.read_parquet(SETS_DIR / "2025-07" / "provinces.parquet")
    frame = frame.assign(ten=names[frame["unit_code"]].to_numpy()).drop(columns="unit_code")
    frame.loc[frame["ten"] == "Thành phố Huế", "ten"] = "=1+1<b>Huê</b>"
    frame.to_parquet(path)
    return path


def run(into: Path, file: Path, *more: str) -> int:
    return main(["import", str(file), *ASK, "--into", str(into), *more])


def test_a_dry_run_matches_reports_and_replaces_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    file = write_provinces(tmp_path / "tinh.parquet")
    report = tmp_path / "report.csv"
    assert run(tmp_path / "outlines", file, "--dry-run", "--report", str(report)) == 1
    said = capsys.readouterr().out
    assert "33/34" in said and "97,05%" in said and "Huế" in said
    table = read_text_table(report)
    assert list(table.columns) == ["\ufeff" + COLUMNS[0], *COLUMNS[1:]] or list(table.columns) == list(COLUMNS)
    assert table["names"].iloc[0] == "'=1+1<b>Huê</b>"  # no formula in a spreadsheet
    assert table["suggested_code"].iloc[0] == "46"
    assert not (tmp_path / "outlines" / "manifest.json").exists()
    # Filled in and handed back, the report decides.
    table = table.rename(columns=lambda name: name.lstrip("\ufeff")).assign(unit_code="46")
    table.to_csv(report, index=False)
    assert run(tmp_path / "outlines", file, "--dry-run", "--decided", str(report)) == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--boundary-set", "2024-01"], "mốc ranh giới 2024-01"),
        (["--level", "district"], "không có cấp district"),
        (["--licence", " "], "--licence"),
        (["--name-fields", "xa"], "không có cột xa"),
        (["--decided", "không có.csv"], "báo cáo CSV"),
    ],
)
def test_a_wrong_choice_is_said_and_nothing_is_replaced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments, words
):
    file = write_provinces(tmp_path / "tinh.parquet")
    assert run(tmp_path / "outlines", file, *arguments) == 2
    said = capsys.readouterr().err
    assert words in said and "Chưa thay gì" in said
    assert not (tmp_path / "outlines" / "manifest.json").exists()


def test_the_wrong_level_is_refused_with_a_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    file = write_provinces(tmp_path / "tinh.parquet")
    gpd.read_parquet(file).assign(ten="nowhere").to_parquet(file)
    assert run(tmp_path / "outlines", file, "--name-fields", "ten") == 2
    assert "Chỉ khớp 0/34" in capsys.readouterr().err
    assert list((tmp_path / "outlines" / "reports").glob("*.csv"))


def test_a_report_of_another_kind_does_not_decide(tmp_path: Path):
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    with pytest.raises(ImportProblem, match="wrong_decided"):
        read_decided(tmp_path / "x.csv", [1])


def a_source(name: str) -> Source:
    return Source("2025-07", "commune", "MIT", "", name, "x.gpkg", "0", "2026-01-01", ())


def test_only_the_last_rename_puts_an_import_in_force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Killed before it, the old outlines stay whole; the next import clears the debris; two at once: the second is told."""
    entry = {"order_hash": {}, "scopes": {}, "names": "2025-07.names.0.json.gz", "commune": "2025-07.commune.0.arc.gz"}
    made = {entry["names"]: b"1", entry["commune"]: b"2"}
    monkeypatch.setattr("geo.import_store.build_boundary_set", lambda folder: (dict(entry), made))
    monkeypatch.setattr("geo.import_store.write_parquet", lambda folder, levels: folder.mkdir(parents=True))
    with open_store(tmp_path) as store:
        store.add("2025-07", {}, a_source('A "quoted" \x7f\n name'))
        store.publish()
    before = (tmp_path / "manifest.json").read_bytes()
    folder = find_folder(tmp_path, "2025-07")
    assert own_import(tmp_path, "2025-07") and (folder / "SOURCE.toml").exists()
    with pytest.raises(KeyboardInterrupt), open_store(tmp_path) as store:
        store.add("2025-07", {}, a_source("B"))
        raise KeyboardInterrupt
    (tmp_path / ".making-killed").mkdir()
    assert (tmp_path / "manifest.json").read_bytes() == before and find_folder(tmp_path, "2025-07") == folder
    with open_store(tmp_path) as store:
        assert not (tmp_path / ".making-killed").exists()
        with pytest.raises(ImportProblem, match="busy"), open_store(tmp_path):
            pass
        store.add("2025-07", {}, a_source("C"))
        store.publish()
    assert read_manifest(tmp_path)["2025-07"]["source"]["attribution"] == "C"
    assert (tmp_path / entry["commune"]).exists() and not list(tmp_path.glob(".making-*"))


def test_an_import_killed_at_any_moment_leaves_whole_outlines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A child imports one set of files after another until it is killed: what the manifest names is always there, whole
    and of one import."""

    def make(folder: Path) -> tuple[dict[str, object], dict[str, bytes]]:
        tag = folder.parents[1].name.removeprefix(".making-")
        entry = {"order_hash": {}, "scopes": {"01": f"scope.{tag}.arc.gz"}}
        entry |= {level: f"{level}.{tag}.gz" for level in ("names", "province", "commune")}
        return entry, {name: tag.encode() * 5000 for name in files_of(entry)}

    monkeypatch.setattr("geo.import_store.build_boundary_set", make)
    monkeypatch.setattr("geo.import_store.write_parquet", lambda folder, levels: folder.mkdir(parents=True))

    def import_once() -> None:
        with open_store(tmp_path) as store:
            store.add("2025-07", {}, a_source("A"))
            store.publish()

    import_once()
    rng, used = random.Random(11326), set()
    for _ in range(40):
        child = os.fork()
        if child == 0:
            with suppress(BaseException):
                while True:
                    import_once()
            os._exit(1)
        time.sleep(rng.uniform(0.002, 0.03))
        os.kill(child, signal.SIGKILL)
        assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL, "no import failed by itself"
        entry = read_manifest(tmp_path)["2025-07"]
        tag = entry["folder"].split("/")[1]
        assert {(tmp_path / name).read_bytes() for name in files_of(entry)} == {tag.encode() * 5000}
        assert (find_folder(tmp_path, "2025-07") / "SOURCE.toml").is_file()
        used.add(tag)
    assert len(used) > 5, "most children got past an import"
    import_once()
    assert not list(tmp_path.glob(".making-*")) and len(list((tmp_path / "sets").iterdir())) <= 2


def test_the_share_in_the_right_unit_is_of_area():
    """A commune of which a quarter lies in its neighbour of the same district: three quarters right, the district whole."""
    units = load_units("2019-10").query("level == 'commune'")
    first, second = units[units["parent_code"] == units["parent_code"].iloc[0]]["unit_code"].iloc[:2]
    truth = pd.Series({first: shapely.box(0, 0, 4, 1)})
    found = pd.Series({first: shapely.box(0, 0, 3, 1), second: shapely.box(3, 0, 9, 1)})
    shares = share_right("2019-10", truth, found, ["unit_code", "parent_code", "province_code"])
    assert shares == {"unit_code": 0.75, "parent_code": 1.0, "province_code": 1.0}


def test_comparing_outlines_with_themselves_finds_all_of_them_right(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    part = gpd.read_parquet(SETS_DIR / "2025-07" / "communes.parquet").iloc[:200]
    part.to_parquet(tmp_path / "part.parquet")
    assert (
        main(
            ["compare", str(tmp_path / "part.parquet"), "shipped", "--boundary-set", "2025-07", "--into", str(tmp_path)]
        )
        == 0
    )
    said = capsys.readouterr().out
    assert said.count("100% diện tích") + said.count("100,00% diện tích") == 2, said
    assert main(["compare", "shipped", "shipped", "--boundary-set", "1999", "--into", str(tmp_path)]) == 2


@pytest.mark.fault
def test_a_whole_import_is_in_force_with_its_licence_and_the_archipelagos_stay(tmp_path: Path):
    """Some 30 s of one core: all provinces of 2025-07, communes laid into them."""
    file = write_provinces(tmp_path / "tinh.parquet")
    frame = gpd.read_parquet(file)
    frame["ten"] = frame["ten"].where(~frame["ten"].str.startswith("="), "Thành phố Huế")
    frame.to_parquet(file)
    into = tmp_path / "outlines"
    assert run(into, file) == 0, "every province matched"
    entry = json.loads((into / "manifest.json").read_text("utf-8"))["2025-07"]
    assert entry["source"]["licence"] == "CC BY 4.0" and entry["source"]["approximate"]
    laid = load_plane(into / entry["folder"], "commune")
    shipped = load_plane(SETS_DIR / "2025-07", "commune")
    assert laid.index.equals(shipped.index)
    for name in ("Đặc khu Hoàng Sa", "Đặc khu Trường Sa"):
        code = load_units("2025-07").set_index("name").loc[name, "unit_code"]
        assert laid[code].intersection(shipped[code]).area > 0.98 * shipped[code].area


def test_a_file_of_provinces_that_lacks_some_is_refused_and_nothing_is_replaced(tmp_path, capsys):
    assert run(tmp_path / "outlines", write_provinces(tmp_path / "tinh.parquet")) == 2
    said = capsys.readouterr().err
    assert "Tệp thiếu 1 tỉnh, thành phố" in said and "--decided" in said
    assert not (tmp_path / "outlines" / "manifest.json").exists()
