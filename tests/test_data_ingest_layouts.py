"""Layouts as data: an empty workbook of each is written, filled in, read, and lands in its table of the store."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from data.errors import IngestRefused
from data.ingest.layouts import (
    fold_rows,
    list_heading_lines,
    list_known_headings,
    match_layout,
)
from data.ingest.load import LoadResult, load_files
from data.ingest.reading import read_parts
from data.ingest.sheets import read_workbook
from data.settings import Settings
from data.store import Store, open_current
from data.template_workbook import HEADING_ROW, list_columns, write_template_workbook
from data.workbook_layouts import Layout, load_layouts
from text.words import Words

FACTS = Path(__file__).resolve().parent.parent.parent / "shared" / "facts"
LAYOUTS = {layout.template: layout for layout in load_layouts()}
WITH_WORKBOOK = sorted(set(LAYOUTS) - {"census_2019"})
TITLE = "BHXH tỉnh Hà Giang - Huyện Đồng Văn - Tháng 12/2020"
BY_TYPE = {
    "text": "Phối hợp với - Hội phụ nữ",
    "count": "1.234",
    "percent": "85,5%",
    "date": "31/12/2020",
    "year": 2020,
    "period": "01/2021",
}
BY_ELEMENT = {
    "unit_code": "00715",
    "unit_name": "Xã Lũng Cú",
    "province_name": "Hà Giang",
    "district_name": "Đồng Văn",
    "population": "5.012",
    "insured": 4950,
    "group_insured": 825,
    "rate": "98,76",
    "plan": 95,
    "eligible": 1000,
    "uninsured": 200,
    "urban": 0,
    "rural": 5012,
    "from_year": 2019,
    "to_year": 2020,
}


def fill_in(layout: Layout, path: Path) -> Path:
    """An empty workbook with one row of plausible values under its headings."""
    write_template_workbook(layout, path, Words("vi"))
    book = openpyxl.load_workbook(path)
    sheet = book["Số liệu"]
    sheet["A2"] = TITLE
    columns = list_columns(layout)
    row = HEADING_ROW + (3 if any(" / " in column.title for column in columns) else 2)
    for place, column in enumerate(columns, start=1):
        value = BY_ELEMENT.get(column.element)
        if value is None:
            value = next(iter(column.words.values()), None) or BY_TYPE[column.type]
        sheet.cell(row, place, value)
    book.save(path)
    return path


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filled")
    for name in WITH_WORKBOOK:
        fill_in(LAYOUTS[name], folder / f"{name}.xlsx")
    return folder


@pytest.fixture(scope="module")
def loaded(
    filled: Path, tmp_path_factory: pytest.TempPathFactory, small_settings: Settings
) -> Iterator[tuple[LoadResult, Store, Settings]]:
    settings = Settings(var_directory=tmp_path_factory.mktemp("records") / "var")
    shutil.copytree(small_settings.var_directory, settings.var_directory)
    paths = [filled / f"{name}.xlsx" for name in WITH_WORKBOOK if name != "monthly_by_district"]
    result = load_files(paths, settings, today=date(2026, 11, 24), by="Phòng KHTC")
    store = open_current(settings)
    yield result, store, settings
    store.close()


@pytest.mark.parametrize("name", WITH_WORKBOOK)
def test_an_empty_workbook_of_a_layout_is_recognised_as_that_layout(name: str, filled: Path):
    [part] = read_parts(filled / f"{name}.xlsx", "xlsx", last_period="2026-11")
    assert part.template == name
    assert [one for one in part.rejections if one.severity == "error"] == []
    assert part.row_count >= 1


@pytest.mark.parametrize("name", sorted(LAYOUTS))
def test_every_layout_names_a_table_with_its_columns_and_key(name: str, small_store: Store):
    layout = LAYOUTS[name]
    if not layout.table:
        return
    columns = small_store.query(
        "SELECT column_name FROM duckdb_columns() WHERE table_name = $table", {"table": layout.table}
    )["column_name"].tolist()
    written = {c.element for c in layout.columns if c.type not in ("ignored",) and not c.type.endswith("_name")}
    assert (written | set(layout.row_key)) <= set(columns)


def test_no_received_file_of_the_layouts_is_refused(loaded: tuple[LoadResult, Store, Settings]):
    result = loaded[0]
    assert [str(one.problem) for one in result.refused] == []
    assert {part.template for part in result.accepted} == set(WITH_WORKBOOK) - {"monthly_by_district"}


@pytest.mark.parametrize("table", sorted({layout.table for layout in LAYOUTS.values() if layout.table}))
def test_each_record_lands_in_its_table_with_its_file_and_row(table: str, loaded: tuple[LoadResult, Store, Settings]):
    rows = loaded[1].query(
        f"SELECT t.*, s.name AS file_name FROM {table} AS t JOIN source AS s ON s.source_id = t.source_id"
    )
    assert len(rows) == (6 if table == "group_survey" else 1)
    assert (rows["unit_code"] == "00715").all()
    template = next(
        layout.template for layout in LAYOUTS.values() if layout.table == table and layout.template != "census_2019"
    )
    assert (rows["file_name"] == f"{template}.xlsx").all()
    headings = 2 if any(" / " in column.title for column in list_columns(LAYOUTS[template])) else 1
    assert (rows["source_row"] == HEADING_ROW + headings + 1).all()


def test_a_survey_gives_the_eligible_of_its_groups(loaded: tuple[LoadResult, Store, Settings]):
    rows = loaded[1].query(
        "SELECT eligible, is_simulated FROM group_month WHERE period='2020-12' AND unit_code='00715'"
    )
    assert rows["eligible"].tolist() == [1000] * 6 and not rows["is_simulated"].any()


def test_a_received_target_is_the_one_in_force(loaded: tuple[LoadResult, Store, Settings]):
    rows = loaded[1].query("SELECT value, in_force FROM target WHERE unit_code = '00715' AND year = 2020")
    assert [str(value) for value in rows["value"]] == ["85.500"] and rows["in_force"].all()


def test_the_audit_names_file_person_and_counts(loaded: tuple[LoadResult, Store, Settings]):
    audit = loaded[1].query("SELECT * FROM load_audit").set_index("template")
    assert (audit["loaded_by"] == "Phòng KHTC").all() and (audit["outcome"] == "accepted").all()
    assert audit.loc["population", "people"] == 5012 and audit.loc["plan_register", "rows_accepted"] == 1


def test_a_corrected_record_replaces_the_old_one_which_stays_readable(
    loaded: tuple[LoadResult, Store, Settings], tmp_path: Path
):
    settings = Settings(var_directory=tmp_path / "var")
    shutil.copytree(loaded[2].var_directory, settings.var_directory)
    path = fill_in(LAYOUTS["population"], tmp_path / "population_2.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book["Số liệu"]
    heading = {cell.value: cell.column for cell in sheet[HEADING_ROW + 1]}
    sheet.cell(HEADING_ROW + 2, heading["Dân số"], 5013)
    book.save(path)
    load_files([path], settings, today=date(2026, 11, 24))
    store = open_current(settings)
    assert store.query("SELECT population FROM unit_population")["population"].tolist() == [5013]
    [record] = store.query("SELECT record FROM record_history WHERE table_name = 'unit_population'")["record"]
    assert '"population":5012' in record
    assert (
        store.query("SELECT supersedes FROM load_audit WHERE file_name = 'population_2.xlsx'")["supersedes"]
        .notna()
        .all()
    )
    assert len(store.query("SELECT * FROM plan_item")) == 1, "other records stay"
    store.close()


def test_an_unknown_layout_is_refused_with_the_nearest_one_named(tmp_path: Path):
    book = openpyxl.Workbook()
    book.active.append(["Họ và tên", "Ngày sinh", "Nhiệm vụ được giao", "Hạn hoàn thanh"])
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(IngestRefused) as refusal:
        read_parts(tmp_path / "a.xlsx", "xlsx", last_period="2026-11")
    assert refusal.value.code == "INGEST-LAYOUT" and refusal.value.values["name"] == "plan_register"
    assert "Nhiệm vụ" in str(refusal.value.values["columns"]), "which headings are looked for"


def test_of_a_file_that_is_no_report_no_layout_is_called_the_nearest(tmp_path: Path):
    book = openpyxl.Workbook()
    book.active.append(["Kính gửi: Bảo hiểm xã hội Việt Nam"])
    book.active.append(["Báo cáo tình hình thực hiện công tác tháng 12 năm 2020"])
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(IngestRefused) as refusal:
        read_parts(tmp_path / "a.xlsx", "xlsx", last_period="2026-11")
    assert (refusal.value.code, refusal.value.words_key) == ("INGEST-LAYOUT", "ingest.no_layout")


def test_a_missing_required_column_is_named(tmp_path: Path):
    path = fill_in(LAYOUTS["awards"], tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(path)
    [cell] = [cell for cell in book["Số liệu"][HEADING_ROW + 1] if cell.value == "Hình thức khen"]
    cell.value = "Khác"
    book.save(path)
    with pytest.raises(IngestRefused) as refusal:
        read_parts(path, "xlsx", last_period="2026-11")
    assert refusal.value.values["name"] == "awards" and refusal.value.values["columns"] == "Hình thức khen"


def test_a_district_workbook_without_codes_is_matched_inside_the_district_of_its_sheet(tmp_path: Path):
    book = openpyxl.Workbook()
    for place, (district, communes) in enumerate(
        {"Huyện Đồng Văn": ["Xã Lũng Cú", "X. Má Lé"], "Huyện Mèo Vạc": ["Xã Thượng Phùng"]}.items()
    ):
        sheet = book.active if place == 0 else book.create_sheet()
        sheet.title = district
        sheet.append(["BHXH TỈNH HÀ GIANG - THÁNG 12/2020"])
        sheet.append(["TT", "Tên xã, phường, thị trấn", "Dân số", "Số người tham gia BHYT"])
        for number, name in enumerate(communes, start=1):
            sheet.append([number, name, 1000, 900])
        sheet.append([None, "Cộng", 1000 * len(communes), 900 * len(communes)])
    book.save(tmp_path / "a.xlsx")
    parts = read_parts(tmp_path / "a.xlsx", "xlsx", last_period="2026-11")
    assert [(part.sheet, part.columns.unit_code.tolist()) for part in parts] == [
        ("Huyện Đồng Văn", ["00715", "00718"]),
        ("Huyện Mèo Vạc", ["00772"]),
    ]


@pytest.mark.skipif(not FACTS.is_dir(), reason="needs the census cube of ../shared")
def test_the_census_cube_loads_and_names_what_it_cannot_match():
    [part] = read_parts(FACTS / "population_2019_by_ward.xlsx", "xlsx", last_period="2026-11")
    assert part.template == "census_2019"
    refused = [one for one in part.rejections if one.severity == "error"]
    assert part.row_count + len(refused) == 11_165
    [sheet] = read_workbook(FACTS / "population_2019_by_ward.xlsx", "xlsx").sheets
    people_of_refused = sum(int(sheet.rows[int(one.cell[1:]) - 1][3]) for one in refused)
    assert part.people + people_of_refused == 96_208_984
    assert part.row_count >= 11_120
    assert all(one.value for one in refused)
    of_name = {one.value: one.hint for one in refused}
    assert "Xã Lũng Cú" not in of_name and of_name["Xã Bắc Ngà, Huyện Bắc Yên"].startswith("Xã Pắc Ngà (03871)")


def test_headings_over_one_row_or_two_are_found_wherever_they_stand(tmp_path: Path):
    layout = LAYOUTS["monthly_report"]
    book = openpyxl.Workbook()
    sheet = book.active
    for _ in range(7):
        sheet.append(["BÁO CÁO"])
    sheet.append([None, "Mã xã", "Xã, phường, thị trấn", "DÂN SỐ (người)", "Số người tham gia"])
    book.save(tmp_path / "a.xlsx")
    [read] = read_workbook(tmp_path / "a.xlsx", "xlsx").sheets
    folded = fold_rows(read, 31)
    found = match_layout(layout, read, folded, list_heading_lines(folded, list_known_headings()))
    assert found is not None and not found.missing and found.heading_row == 7


@pytest.mark.parametrize("name", ["monthly_report", "monthly_by_district"])
@pytest.mark.parametrize(
    "title", [None, "Bảo hiểm xã hội tỉnh Hà Giang", "Bảo hiểm xã hội tỉnh Hà Giang – Tháng 13/2020"]
)
def test_the_month_of_an_example_in_the_empty_workbook_is_nobodys_month(name: str, title: str | None, tmp_path: Path):
    """Its second line and its instructions name December 2020: a report whose office wrote no month is refused."""
    path = fill_in(LAYOUTS[name], tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(path)
    hint = Words("vi").say("ingest.template_title_hint")
    assert "Tháng 12/2020" in hint and "Sơn La" in hint
    book["Số liệu"]["A2"] = title or hint
    book.save(path)
    with pytest.raises(IngestRefused) as refused:
        read_parts(path, "xlsx", last_period="2026-11")
    assert refused.value.code == "INGEST-PERIOD"


def test_the_province_of_an_example_in_the_empty_workbook_is_nobodys_province(tmp_path: Path):
    path = fill_in(LAYOUTS["monthly_report"], tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book["Số liệu"]
    sheet["A2"] = Words("vi").say("ingest.template_title_hint")
    sheet["A6"], sheet["B6"] = None, "Phường Chiềng Lề"
    book.save(path)
    with pytest.raises(IngestRefused) as refused:
        read_parts(path, "xlsx", last_period="2026-11", period="2020-12")
    assert refused.value.code == "INGEST-NOTHING"
