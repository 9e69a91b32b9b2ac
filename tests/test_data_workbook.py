"""A provincial workbook goes in, and each figure comes out of the store with the address of its cell."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from data import queries
from data.errors import IngestRefused, UserError
from data.ingest.__main__ import main
from data.ingest.addresses import column_letter
from data.ingest.build_snapshot import build_snapshot
from data.ingest.load import LoadResult, load_files
from data.ingest.reading import read_parts
from data.ingest.titles import find_period
from data.ingest.unit_names import get_unit_names
from data.settings import Settings
from data.snapshot import run_build
from data.store import Store, open_current
from indicators.catalogue import payer_groups_in_force
from text.words import Words

pytestmark = pytest.mark.store

TODAY = date(2026, 11, 24)
GROUP_HEADINGS = {
    "employer_employee": "NLĐ và NSDLĐ đóng",
    "si_agency": "Cơ quan BHXH đóng",
    "state_budget": "NSNN đóng",
    "subsidised": "NSNN hỗ trợ",
    "household": "Hộ gia đình",
    "employer_defence": "NSDLĐ đóng",
}
# Quận Ba Đình: code, name, population, insured by group.
BA_DINH = [
    ("00001", "Phường Phúc Xá", 21946, [7000, 900, 2000, 3000, 5000, 100]),
    ("00004", "Phường Trúc Bạch", 7065, [2000, 400, 800, 1000, 2000, 50]),
    ("00006", "Phường Vĩnh Phúc", 23867, [8000, 900, 2000, 4000, 7000, 200]),
]


def write_workbook(
    path: Path, rows: list[list[object]], title: str = "BÁO CÁO THÁNG 12/2020", groups: bool = True
) -> Path:
    """A monthly report as offices send it: title rows, headings over two rows, a district's sum, the rows, a total,
    signatures."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Xa"
    sheet["A1"] = "BẢO HIỂM XÃ HỘI THÀNH PHỐ HÀ NỘI"
    sheet["A2"] = title
    top = ["STT", "Mã ĐVHC", "Đơn vị (xã, phường, thị trấn)", "Dân số", "Số người tham gia BHYT"]
    bottom: list[object] = [None, None, None, None, "Tổng số"]
    if groups:
        headings = [GROUP_HEADINGS[code] for code in payer_groups_in_force("2020-12").codes]
        top += [None] * len(headings)
        bottom += headings
    top += ["Tỷ lệ bao phủ (%)", "Chỉ tiêu giao (%)", "Số còn phải phát triển", "Ghi chú"]
    for line in (top, bottom, [1, 2, 3, 4, 5, 6, 7, 8, 9], ["I", None, "Quận Ba Đình"], *rows):
        sheet.append(line)
    sheet.merge_cells("E3:K3" if groups else "E3:E4")
    sums = [sum(row[place] for row in rows if isinstance(row[place], int)) for place in (3, 4)]
    sheet.append([None, None, "Tổng cộng", *sums])
    sheet.append([])
    sheet.append([None, None, "Người lập biểu", None, "Hà Nội, ngày 31 tháng 12 năm 2020", None, "Giám đốc"])
    book.save(path)
    return path


def make_rows(units: list[tuple[str, str, int, list[int]]]) -> list[list[object]]:
    return [
        [n, code, name, people, sum(groups), *groups] for n, (code, name, people, groups) in enumerate(units, start=1)
    ]


# Huyện Đồng Văn (Hà Giang), with what people get wrong.
DONG_VAN = [
    [1, "00712", "Thị trấn Phó Bảng", "hai vạn", 2000],
    [2, "99999", "Xã Không Có", 4000, 3900],
    [3, 715, "Xã Lũng Cú", "5.012", "4 950"],
    [4, "00718", "Xã Má Lé", 5100, None],
    [5, "00721", "Thị trấn Đồng Văn", 100, 130],
    [6, None, "Xã Lũng Táo", 100, 90],
    [7, "00727", "Xã Phố Là", 100, 90],
    [8, "00727", "Xã Phố Là", 100, 91],
]


@pytest.fixture(scope="module")
def received(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("received")
    write_workbook(folder / "ha_noi_2020_12.xlsx", make_rows(BA_DINH))
    write_workbook(folder / "ha_giang.xlsx", DONG_VAN, groups=False)
    return folder


@pytest.fixture(scope="module")
def loaded(
    small_settings: Settings, received: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Settings, LoadResult]:
    """A store into which the two workbooks of `received` were loaded over the simulation. Tests must not change it."""
    settings = Settings(var_directory=tmp_path_factory.mktemp("loaded") / "var")
    shutil.copytree(small_settings.var_directory, settings.var_directory)
    return settings, load_files([received], settings, today=TODAY)


@pytest.fixture(scope="module")
def loaded_store(loaded: tuple[Settings, LoadResult]) -> Iterator[Store]:
    store = open_current(loaded[0])
    yield store
    store.close()


def read_district(store: Store, district: str) -> pd.DataFrame:
    return queries.commune_values(store, "2020-12", district).set_index("unit_code")


def test_a_figure_is_followed_from_its_cell_to_the_query_and_back_to_the_cell(loaded_store: Store, received: Path):
    values = read_district(loaded_store, "001")
    assert values.loc["00004", ["population", "insured"]].tolist() == [7065, 6250]
    assert not values.loc["00004", "is_simulated"]
    source = queries.source_of(loaded_store, "00004", "2020-12").set_index(["data_element", "payer_group"])
    assert source.loc[("insured", ""), "address"] == "ha_noi_2020_12.xlsx!Xa!E8"
    assert source.loc[("group_insured", "household"), "address"] == "ha_noi_2020_12.xlsx!Xa!J8"
    sheet = openpyxl.load_workbook(received / "ha_noi_2020_12.xlsx")["Xa"]
    assert (sheet["E8"].value, sheet["J8"].value) == (6250, 2000)


def test_real_figures_replace_simulated_ones_of_their_units_and_month_and_no_others(
    loaded_store: Store, small_store: Store
):
    old, new = (
        queries.commune_values(store, "2020-12").set_index("unit_code") for store in (small_store, loaded_store)
    )
    replaced = ["00001", "00004", "00006", "00715", "00718", "00721"]
    others = new.index.difference(replaced)
    columns = ["population", "insured", "obs_status", "is_simulated"]
    assert new.loc[others, columns].equals(old.loc[others, columns])
    assert not new.loc[replaced, "is_simulated"].any()
    nation, before = (queries.summary_at(store, "2020-12", "nation").iloc[0] for store in (loaded_store, small_store))
    known = new["insured"] >= 0
    assert nation["insured"] == new.loc[known, "insured"].sum()
    assert nation["units_simulated"] == new.loc[known, "is_simulated"].sum() < before["units_simulated"]
    assert queries.commune_values(loaded_store, "2020-11").equals(queries.commune_values(small_store, "2020-11"))
    groups = queries.group_gaps(loaded_store, "2020-12", "00004").set_index("payer_group")
    assert groups.loc["household", "eligible"] == -1, "a report without a survey leaves the eligible unknown"


def test_a_blank_cell_is_unknown_and_not_zero(loaded_store: Store):
    row = read_district(loaded_store, "026").loc["00718"]
    assert (row["insured"], row["obs_status"], row["population"]) == (-1, "missing", 5100)


def test_a_code_without_zeros_and_numbers_written_as_text_are_understood(loaded_store: Store):
    row = read_district(loaded_store, "026").loc["00715"]
    assert (row["population"], row["insured"], row["is_simulated"]) == (5012, 4950, False)


def test_every_bad_cell_is_rejected_with_its_address_and_a_reason(
    loaded: tuple[Settings, LoadResult], loaded_store: Store
):
    assert loaded[1].exit_status == 1
    found = queries.rejections(loaded_store, "2020-12")
    missing = found[found["rule_id"] == "units_missing"]
    assert (missing["severity"] == "mark").all() and "00724" in set(missing["unit_code"])
    found = found[found["rule_id"] != "units_missing"]
    assert set(zip(found["cell"], found["rule_id"], strict=True)) == {
        ("", "sums_not_checked"),
        ("D7", "not_a_count"),
        ("E7", "status_contradicts"),
        ("B8", "unit_unknown"),
        ("E11", "insured_over_population"),
        ("B12", "code_missing"),
        ("B13", "unit_twice"),
        ("B14", "unit_twice"),
    }
    assert found.set_index("cell").loc["D7", "value"] == "hai vạn"
    assert found["message"].str.len().min() > 10
    values = read_district(loaded_store, "026")
    assert values.loc["00721", ["population", "insured"]].tolist() == [100, 130], "over 100 % is kept and marked"
    assert values.loc[["00712", "00727"], "is_simulated"].all(), "refused rows leave the older figure"


def test_a_report_can_be_loaded_into_an_empty_store(received: Path, tmp_path: Path):
    settings = Settings(var_directory=tmp_path)
    build_snapshot(settings, empty=True)
    load_files([received / "ha_noi_2020_12.xlsx"], settings, today=TODAY)
    store = open_current(settings)
    nation = queries.summary_at(store, "2020-12", "nation").iloc[0]
    assert (nation["insured"], nation["units_reported"], nation["units_simulated"]) == (46_350, 3, 0)
    assert queries.periods(store)["period"].tolist() == ["2020-12"]
    received_from = queries.reports_received(store, "2020-12")
    assert received_from.loc[received_from["has_reported"], "province_code"].tolist() == ["01"]


def test_a_rebuild_does_not_drop_loaded_reports_unasked(loaded: tuple[Settings, LoadResult]):
    settings, result = loaded
    with pytest.raises(UserError) as problem:
        run_build(settings, Words("vi"), empty=False, discard_reports=False)
    assert "2 tệp" in Words("vi").say(problem.value.words_key, **problem.value.values)
    assert open_current(settings).snapshot_id == result.pointer.id


def test_the_same_file_twice_changes_nothing(loaded: tuple[Settings, LoadResult], received: Path):
    settings, first = loaded
    again = load_files([received], settings, today=TODAY)
    assert again.pointer is None and sorted(again.already_loaded) == ["ha_giang.xlsx", "ha_noi_2020_12.xlsx"]
    assert open_current(settings).snapshot_id == first.pointer.id
    assert len(list(settings.archive_directory.iterdir())) == 2


def test_refused_files_do_not_keep_the_others_out_and_the_command_says_what_became_of_each(
    own_settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    folder = tmp_path / "received"
    folder.mkdir()
    (folder / "a.xlsx").write_text("<html><table></table></html>", encoding="utf-8")
    write_workbook(folder / "b.xlsx", make_rows(BA_DINH))
    other = openpyxl.Workbook()
    other.active["A1"] = "Họ tên"
    other.save(folder / "c.xlsx")
    far = openpyxl.Workbook()
    far.active["XFD1048576"] = 1
    far.save(folder / "d.xlsx")
    write_workbook(
        folder / "e.xlsx", make_rows([("00004", "Phường Trúc Bạch", 7065, [2000, 400, 800, 1000, 2000, 51])])
    )
    monkeypatch.setattr("data.ingest.__main__.get_settings", lambda: own_settings)
    assert main([str(folder), str(tmp_path / "khong_co.xlsx")]) == 2
    said = capsys.readouterr().out
    assert "b.xlsx: nhận 3 dòng, 46.350 người, tháng 12/2020" in said
    for sentence in (
        "a.xlsx: không phải tệp Excel",
        "c.xlsx: không nhận ra mẫu biểu",
        "XFD1048576",
        "Không tìm thấy tệp khong_co.xlsx",
    ):
        assert sentence in said
    values = read_district(open_current(own_settings), "001")
    assert values.loc["00004", "insured"] == 6251 and values.loc["00001", "insured"] == 18000, (
        "the later file replaces the earlier"
    )


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"title": "BÁO CÁO"}, "INGEST-PERIOD"),
        ({"title": "Tháng 12 năm 2027"}, "INGEST-FUTURE"),
        ({"title": "Tháng 12 năm 2014"}, "INGEST-NO-UNITS"),
        ({"rows": []}, "INGEST-EMPTY"),
        ({"rows": [[1, "99999", "Xã Không Có", 10, 9]]}, "INGEST-NOTHING"),
        ({"rows": [[1, "00001", "Phường Phúc Xá", 10, 9], [2, "00688", "Xã Nào Đó", 10, 9]]}, "INGEST-PROVINCES"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_as_a_whole(tmp_path: Path, change: dict[str, object], code: str):
    options = {"rows": make_rows(BA_DINH), **change}
    path = write_workbook(tmp_path / "a.xlsx", groups=False, **options)
    with pytest.raises(IngestRefused) as refusal:
        read_parts(path, "xlsx", last_period="2026-11")
    assert refusal.value.code == code


def test_lost_leading_zeros_come_back_only_where_one_unit_fits():
    resolver = get_unit_names("2019-10")
    assert resolver.resolve_code("00004", "anything") == "00004"
    assert resolver.resolve_code("4", "Phường Trúc Bạch") == "00004"
    assert resolver.resolve_code("4", "Quận Long Biên") == "004"
    assert resolver.resolve_code("4", "Xã Lạ") is None
    assert resolver.resolve_code("1159", "") == "01159"
    assert resolver.resolve_code("99999", "") == "99999", "an unknown full code is left to the check that names it"


@pytest.mark.parametrize(
    ("title", "period"),
    [
        ("Tháng 12/2020", "2020-12"),
        ("THÁNG 3 NĂM 2021", "2021-03"),
        ("Số liệu đến ngày 31/12/2020", "2020-12"),
        ("Tính đến hết ngày 31 tháng 12 năm 2020", "2020-12"),
        ("Hà Nội, ngày 05 tháng 01 năm 2021", None),
        ("Tháng 13/2020", None),
        ("Quyết định 595/QĐ-BHXH", None),
    ],
)
def test_the_month_is_read_from_the_title(title: str, period: str | None):
    assert find_period([[None, 2020, title]]) == period


def test_the_month_of_the_report_is_neither_the_day_of_signing_nor_a_guess():
    signed = ["Kèm theo Công văn ngày 05/01/2021", "Hà Nội, ngày 05 tháng 01 năm 2021"]
    assert find_period([signed, ["BÁO CÁO THÁNG 12/2020"]]) == "2020-12"
    assert find_period([["Tháng 12/2020 so với tháng 11/2020"]]) is None


def test_columns_are_lettered_as_in_a_spreadsheet():
    assert [column_letter(place) for place in (0, 25, 26, 51, 52, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]


def test_a_report_has_one_entry_per_unit_in_every_column(tmp_path: Path):
    [report] = read_parts(write_workbook(tmp_path / "a.xlsx", make_rows(BA_DINH)), "xlsx", last_period="2026-11")
    assert report.columns.source_row.tolist() == [7, 8, 9]
    assert np.array_equal(report.columns.group_insured.sum(axis=1), report.columns.insured)
    assert report.province_code == "01"
