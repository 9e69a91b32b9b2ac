"""Open data: what is written is what the store holds, described and checked, without what is not public."""

import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from data.errors import UserError
from data.queries.open_data import OPEN_TABLES
from data.settings import PROJECT_ROOT, Settings
from data.store import open_current
from reports import open_data
from reports.open_data import find_open_file, write_open_data

pytestmark = pytest.mark.store


def publish(settings: Settings, directory: Path) -> Path:
    """The open data of a store, with the outlines of one boundary set."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(open_data, "boundary_sets", lambda: ("2025-07",))
        store = open_current(settings)
        try:
            return write_open_data(store, directory, "CC-BY-4.0")
        finally:
            store.close()


@pytest.fixture(scope="module")
def folder(public_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish(public_settings, tmp_path_factory.mktemp("open"))


@pytest.fixture(scope="module")
def package(folder: Path) -> dict:
    return json.loads((folder / "datapackage.json").read_text("utf-8"))


def test_every_file_is_described_with_its_size_and_checksum(folder, package):
    written = {path.name for path in folder.iterdir()} - {"datapackage.json"}
    assert {entry["path"] for entry in package["resources"]} == written
    assert len({entry["name"] for entry in package["resources"]}) == len(package["resources"])
    for entry in package["resources"]:
        data = (folder / entry["path"]).read_bytes()
        assert entry["bytes"] == len(data) and entry["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        assert entry["licenses"][0]["name"]


def test_parquet_and_csv_hold_the_same_rows_and_codes_keep_their_zeros(folder, package):
    fields = {entry["path"]: entry["schema"]["fields"] for entry in package["resources"] if "schema" in entry}
    for path in sorted(folder.glob("*.parquet")):
        frame = pd.read_parquet(path)
        again = pd.read_csv(path.with_suffix(".csv"), dtype=str, keep_default_na=False)
        assert list(frame.columns) == list(again.columns) == [field["name"] for field in fields[path.name]]
        assert len(frame) == len(again) > 0, path.name
        for column in frame.columns:
            if "code" in column:
                assert frame[column].fillna("").tolist() == again[column].tolist()


def test_the_headline_recomputed_from_the_files_is_that_of_the_store(folder):
    query = f"""
        SELECT sum(insured)::BIGINT AS insured, sum(population)::BIGINT AS population
        FROM '{folder}/communes_by_month_2020.parquet'
        JOIN '{folder}/units.parquet' AS u USING (unit_code)
        WHERE u.boundary_set = '2019-10' AND u.level = 'commune' AND period = '2020-12' AND insured IS NOT NULL
    """
    told = duckdb.sql(query).limit(1).fetchall()[0]
    sums = pd.read_csv(folder / "sums_by_month.csv", dtype={"unit_code": str})
    nation = sums[(sums["level"] == "nation") & (sums["period"] == "2020-12")].iloc[0]
    # Districts without communes are in the sums of the nation's people and not among its communes.
    assert 0 <= nation["insured"] - told[0] < 60_000 and 0 <= nation["population"] - told[1] < 60_000


def test_no_file_name_no_person_and_no_draft_leaves_the_house(public_settings, tmp_path):
    folder = publish(public_settings, tmp_path)
    store = open_current(replace(public_settings, edition="internal"))
    with pytest.raises(UserError, match="OPEN-NOT-PUBLIC"):
        write_open_data(store, tmp_path, "CC-BY-4.0")
    names = store.query("SELECT name FROM source WHERE kind = 'received_file'")["name"].tolist()
    people = store.query("SELECT DISTINCT loaded_by FROM load_audit")["loaded_by"].tolist()
    drafts = set(store.query("SELECT period FROM period WHERE state = 'draft'")["period"])
    store.close()
    assert names and people and drafts
    for path in folder.glob("*.csv"):
        text = path.read_text("utf-8")
        assert not [name for name in names if name in text], path.name
        assert not re.search("|".join(rf"(^|,){re.escape(person)}(,|$)" for person in people), text, re.M)
        if "period" in text.split("\n", 1)[0] and "published" not in path.name:
            assert not drafts & set(pd.read_csv(path, dtype=str)["period"])


def test_the_same_snapshot_gives_the_same_bytes(folder, public_settings, tmp_path, monkeypatch):
    monkeypatch.setattr(open_data, "boundary_sets", lambda: ())
    monkeypatch.setattr(open_data, "OPEN_TABLES", [table for table in OPEN_TABLES if not table.by_year])
    store = open_current(public_settings)
    again = write_open_data(store, tmp_path, "CC-BY-4.0")
    store.close()
    for path in again.glob("*.parquet"):
        assert path.read_bytes() == (folder / path.name).read_bytes()


def test_geojson_has_every_unit_with_its_name_in_degrees(folder):
    communes = json.loads((folder / "outlines_2025-07_commune.geojson").read_text("utf-8"))
    assert len(communes["features"]) == 3321
    assert all(feature["properties"]["name"] for feature in communes["features"])
    assert "crs" not in communes or "4326" in str(communes["crs"]) or "CRS84" in str(communes["crs"])


@pytest.mark.parametrize(
    "snapshot, name", [("latest", "../../x"), ("..", "units.csv"), ("latest", "nothing.csv"), ("", "units.csv")]
)
def test_addresses_lead_only_to_files_that_were_written(folder, snapshot, name):
    directory = folder.parent.parent
    assert find_open_file(directory, "latest", "units.csv") == folder / "units.csv"
    assert find_open_file(directory, folder.name, "units.csv") == folder / "units.csv"
    assert find_open_file(directory, snapshot, name) is None


def test_the_examples_of_the_docs_run(folder, monkeypatch, capsys):
    text = (PROJECT_ROOT / "docs" / "open_data.md").read_text("utf-8")
    python = (
        re.search(r"```python\n(.*?)```", text, re.S)
        .group(1)
        .replace("http://127.0.0.1:8501/open/v1/latest/", f"{folder}/")
    )
    exec(compile(python, "docs/open_data.md", "exec"), {})
    said = float(capsys.readouterr().out)
    monkeypatch.chdir(folder)
    sql = re.search(r"```sql\n(.*?)```", text, re.S).group(1)
    assert duckdb.sql(sql).limit(1).fetchall()[0][0] == pytest.approx(said) and 85 < said < 95
    excel = re.search(r"latest/(\w+\.csv)\"", text.split("## Excel")[1]).group(1)
    head = (folder / excel).read_text("utf-8").split("\n", 1)[0].split(",")
    assert {"unit_code", "insured", "population"} <= set(head)
