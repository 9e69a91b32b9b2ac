"""Tables of a real PostgreSQL that become a snapshot by the door of reports. `./check fault` runs these."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from office_workbooks import DONG_VAN
from postgres_cluster import Cluster, run_cluster
from received_months import COMMUNES

from data import postgres
from data.errors import UserError
from data.ingest.archive import find_archived
from data.ingest.build_snapshot import build_snapshot
from data.postgres import EXAMPLE, read_mapping
from data.settings import PROJECT_ROOT, Settings
from data.store import open_current
from geo.units import load_units

TABLE = """
DROP TABLE IF EXISTS so_lieu_thang;
CREATE TABLE so_lieu_thang (
    thang date NOT NULL, ma_tinh text NOT NULL, ma_dvhc text NOT NULL, ten_dvhc text NOT NULL,
    dan_so integer, so_nguoi_tham_gia integer, nld_nsdld_dong integer, bhxh_dong integer, nsnn_dong integer,
    nsnn_ho_tro integer, ho_gia_dinh integer, nsdld_dong integer
);
"""


def test_the_example_is_a_right_mapping_and_is_printed(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    assert postgres.main(["mapping"]) == 0
    path = tmp_path / "anh_xa.toml"
    path.write_text(capsys.readouterr().out, encoding="utf-8")
    assert read_mapping(path) == read_mapping(EXAMPLE)
    assert len(read_mapping(path).groups) == 6


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('unit_code = "ma_dvhc"', ""),
        ('unit_code = "ma_dvhc"', "unit_code = 3"),
        ('period = "thang"', 'period = "thang"\nquarter = "quy"'),
        ('table = "so_lieu_thang"', ""),
        ('household = "ho_gia_dinh"', 'pensioners = "huu_tri"'),
        ("[columns]", "[columns"),
        ('schema = "public"', 'schema = "public"\nwhere = "1=1"'),
    ],
)
def test_a_wrong_mapping_is_refused_before_anything_is_asked(tmp_path: Path, old: str, new: str):
    path = tmp_path / "anh_xa.toml"
    path.write_text(EXAMPLE.read_text("utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(UserError) as refused:
        read_mapping(path)
    assert refused.value.code == "HISTORY-MAPPING"


def test_what_is_missing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    without = Settings(var_directory=tmp_path)
    monkeypatch.setattr(postgres, "get_settings", lambda: without)
    assert postgres.main(["load", str(EXAMPLE)]) == 2
    assert "BAOPHU_POSTGRES" in capsys.readouterr().err
    elsewhere = replace(without, postgres_dsn="host=127.0.0.1", history_python=tmp_path / "python")
    monkeypatch.setattr(postgres, "get_settings", lambda: elsewhere)
    assert postgres.main(["load", str(EXAMPLE)]) == 2
    assert "deploy/history" in capsys.readouterr().err


@dataclass(frozen=True)
class Office:
    cluster: Cluster
    settings: Settings

    def start(self, *arguments: str, mapping: Path = EXAMPLE) -> subprocess.Popen[str]:
        environment = os.environ | {
            "BAOPHU_VAR": str(self.settings.var_directory),
            "BAOPHU_POSTGRES": self.cluster.dsn,
        }
        command = [sys.executable, "-m", "data.postgres", "load", str(mapping), *arguments]
        return subprocess.Popen(
            command, cwd=PROJECT_ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def load(self, *arguments: str, mapping: Path = EXAMPLE) -> tuple[int, str]:
        process = self.start(*arguments, mapping=mapping)
        out, err = process.communicate(timeout=300)
        return process.returncode, out + err

    def insured(self, period: str) -> dict[str, int | None]:
        """The received figures of a month."""
        store = open_current(self.settings)
        rows = store.query(
            "SELECT unit_code, insured FROM commune_month WHERE period = $period AND NOT is_simulated",
            {"period": period},
        )
        store.close()
        return {code: None if people != people else int(people) for code, people in rows.itertuples(index=False)}


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with run_cluster() as running:
        yield running


@pytest.fixture
def office(cluster: Cluster, tmp_path: Path) -> Office:
    cluster.run(TABLE)
    settings = Settings(var_directory=tmp_path / "var")
    build_snapshot(settings, empty=True)
    return Office(cluster, settings)


def write_rows(period: str, province: str, figures: dict[str, tuple[int | None, int | None]]) -> str:
    """The statement that puts a month of a province into the table."""
    names = load_units("2019-10").set_index("unit_code")["name"]

    def number(value: int | None) -> str:
        return "NULL" if value is None else str(value)

    rows = [
        f"('{period}-01', '{province}', '{code}', '{names[code]}', {number(people)}, {number(insured)})"
        for code, (people, insured) in figures.items()
    ]
    columns = "thang, ma_tinh, ma_dvhc, ten_dvhc, dan_so, so_nguoi_tham_gia"
    return f"INSERT INTO so_lieu_thang ({columns}) VALUES {', '.join(rows)};\n"


HA_NOI = {code: (people, people * 9 // 10) for code, people in COMMUNES.items()}
HA_GIANG = {code: (people, insured) for code, _, people, insured in DONG_VAN}


@pytest.mark.fault
def test_a_table_becomes_figures_that_lead_to_the_row_of_a_kept_file(office: Office):
    unknown = HA_NOI | {"00004": (7_065, None)}
    office.cluster.run(write_rows("2020-12", "01", unknown) + write_rows("2020-12", "02", HA_GIANG))
    status, said = office.load("--by", "Phòng CNTT")
    assert status in (0, 1), said
    expected = {code: insured for code, (_, insured) in (unknown | HA_GIANG).items()}
    assert office.insured("2020-12") == expected
    store = open_current(office.settings)
    rows = store.query(
        """
        SELECT s.name, s.sha256, s.province_code, f.unit_code, f.source_row, f.insured, f.obs_status
        FROM commune_month AS f JOIN source AS s USING (source_id) WHERE f.unit_code IN ('00001', '00004')
        """
    ).set_index("unit_code")
    audit = store.query("SELECT DISTINCT loaded_by FROM load_audit")
    store.close()
    assert rows.at["00001", "name"] == "postgres_public.so_lieu_thang_2020-12_01.csv"
    kept = find_archived(rows.at["00001", "sha256"], office.settings)
    line = kept.read_text("utf-8").splitlines()[int(rows.at["00001", "source_row"]) - 1]
    assert line.startswith('"00001";') and f'"{HA_NOI["00001"][1]}"' in line
    assert rows.at["00004", "obs_status"] == "missing"
    assert audit["loaded_by"].tolist() == ["Phòng CNTT"]
    before = open_current(office.settings).snapshot_id
    status, said = office.load()
    assert status == 0 and open_current(office.settings).snapshot_id == before  # the same rows are the same files


@pytest.mark.fault
def test_the_checks_of_reports_judge_tables_too(office: Office):
    office.cluster.run(
        write_rows("2020-12", "01", HA_NOI)
        + "INSERT INTO so_lieu_thang VALUES ('2020-12-01', '01', '99999', 'Xã Không Có', 100, 90);\n"
        + "UPDATE so_lieu_thang SET dan_so = 1 WHERE ma_dvhc = '00382';\n"
        + "INSERT INTO so_lieu_thang SELECT * FROM so_lieu_thang WHERE ma_dvhc = '00385';\n"
    )
    status, said = office.load()
    assert status == 1, said
    found = office.insured("2020-12")
    assert set(found) == {"00001", "00004", "00382"} and found["00001"] == HA_NOI["00001"][1]
    store = open_current(office.settings)
    said_of = (
        store.query("SELECT unit_code, rule_id, severity FROM rejection").groupby("severity")["unit_code"].agg(set)
    )
    store.close()
    assert {"99999", "00385"} <= said_of["error"] and "00382" in said_of["mark"]  # more insured than residents


@pytest.mark.fault
def test_only_the_months_that_are_asked_for_are_read_and_a_dry_run_keeps_nothing(office: Office):
    office.cluster.run(write_rows("2020-11", "01", HA_NOI) + write_rows("2020-12", "01", HA_NOI))
    before = open_current(office.settings).snapshot_id
    assert office.load("--dry-run")[0] in (0, 1)
    assert open_current(office.settings).snapshot_id == before
    assert office.load("--period", "2020-12")[0] in (0, 1)
    assert office.insured("2020-11") == {} and len(office.insured("2020-12")) == 4


@pytest.mark.fault
def test_two_loaders_at_once_are_neither_lost_nor_mixed(office: Office):
    """One writes Hà Nội and the other Hà Giang, each in one transaction that the other's statements fall into; two loads
    run at once besides."""
    one, other = office.cluster.open_session(), office.cluster.open_session()
    for session, province, figures in ((one, "01", HA_NOI), (other, "02", HA_GIANG)):
        half = dict(list(figures.items())[: len(figures) // 2])
        session.stdin.write("BEGIN;\n" + write_rows("2020-12", province, half) + "SELECT 'there';\n")
        session.stdin.flush()
    assert one.stdout.readline() == other.stdout.readline() == "there\n"
    status, said = office.load()
    assert status == 0 and office.insured("2020-12") == {}, said  # what is not committed is nobody's figure
    for session, province, figures in ((one, "01", HA_NOI), (other, "02", HA_GIANG)):
        rest = dict(list(figures.items())[len(figures) // 2 :])
        session.stdin.write(write_rows("2020-12", province, rest) + write_rows("2020-11", province, figures))
        session.stdin.write("COMMIT;\n")
        session.stdin.close()
    assert one.wait(60) == other.wait(60) == 0
    loads = [office.start("--period", period, "--wait", "240") for period in ("2020-11", "2020-12")]
    said = [load.communicate(timeout=300) for load in loads]
    assert all(load.returncode in (0, 1) for load in loads), said
    expected = {code: insured for code, (_, insured) in (HA_NOI | HA_GIANG).items()}
    assert office.insured("2020-12") == expected
    assert office.insured("2020-11") == expected


@pytest.mark.fault
@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("ALTER TABLE so_lieu_thang ALTER ma_tinh DROP NOT NULL; UPDATE so_lieu_thang SET ma_tinh = NULL", "mã tỉnh"),
        ("UPDATE so_lieu_thang SET ma_tinh = 'HN'", "mã tỉnh"),
        ("ALTER TABLE so_lieu_thang ALTER thang TYPE text USING 'quý 4'", "quý 4"),
        ("ALTER TABLE so_lieu_thang RENAME dan_so TO nhan_khau", "dan_so"),
        ("DROP TABLE so_lieu_thang", "so_lieu_thang"),
    ],
)
def test_a_table_that_cannot_be_understood_is_refused_as_a_whole(office: Office, statement: str, words: str):
    office.cluster.run(write_rows("2020-12", "01", HA_NOI) + statement + ";")
    before = open_current(office.settings).snapshot_id
    status, said = office.load()
    assert status == 2 and words in said and "Traceback" not in said, said
    assert open_current(office.settings).snapshot_id == before


@pytest.mark.fault
def test_a_database_that_does_not_answer_is_said_in_one_sentence(office: Office):
    lost = Office(Cluster(1), office.settings)
    status, said = lost.load()
    assert status == 2 and "Không kết nối được PostgreSQL" in said and "Traceback" not in said
