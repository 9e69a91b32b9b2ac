"""A table as a file: the same figures read back, and nothing in it runs."""

import csv
import io
import re
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import replace
from datetime import date

import openpyxl
import pandas as pd
import pytest
from open_packages import find_package_faults

from reports import table_files
from reports.table_files import (
    About,
    DataSheet,
    FileColumn,
    name_file,
    plain_values,
    write_csv_for_excel,
    write_csv_for_programs,
    write_workbook,
)
from text.words import Words

HOSTILE = ["=1+1", "+cmd|' /C calc'!A0", "-2", " @SUM(A1)", 'Xã <b>Đắk Ơ</b>; "x"', "\t=1"]
FRAME = pd.DataFrame(
    {
        "unit_code": ["00004", "00007", "00010", "00013", "00016", "00019"],
        "name": HOSTILE,
        "insured": [8999, -1, 0, 12, 5, 7],
        "rate": [89.99, float("nan"), 0.0, 104.5, 12.34, 7.0],
        "change": [-0.3, 1.4, float("nan"), 0.0, 2.0, -11.25],
    }
)
COLUMNS = (
    FileColumn("unit_code", "Mã ĐVHC"),
    FileColumn("name", "Đơn vị", width=40),
    FileColumn("insured", "Số người tham gia", "count"),
    FileColumn("rate", "Bao phủ", "rate"),
    FileColumn("change", "Thay đổi (điểm %)", "points"),
)
SHEET = DataSheet("Số liệu", COLUMNS, FRAME)
ABOUT = About(
    "Bao phủ BHYT theo xã, tháng 12/2020",
    [("Nguồn", "BHXH Việt Nam"), ("Ghi chú", '=HYPERLINK("http://x")')],
    criteria=[["Tiêu chí", "Căn cứ"], ["từ 85%", "1980/QĐ-TTg"]],
    boundaries=[["Bộ ranh giới", "Số xã"], ["2019-10", "11.160"]],
    simulated="Số mô phỏng",
)


@pytest.fixture(scope="module")
def book() -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(write_workbook([SHEET], ABOUT, Words("vi"))))


def test_the_workbook_has_the_four_sheets_and_no_formula(book):
    assert book.sheetnames == ["Đọc trước", "Số liệu", "Tiêu chí", "Ranh giới"]
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    assert not any(sheet.merged_cells.ranges for sheet in book)


def test_figures_read_back_are_the_same_numbers_and_names_the_same_letters(book):
    rows = list(book["Số liệu"].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == FRAME["unit_code"].tolist()
    assert [row[1] for row in rows] == HOSTILE
    assert [row[2] for row in rows] == [8999, None, 0, 12, 5, 7]
    assert [row[3] for row in rows][:3] == [pytest.approx(0.8999), None, 0]
    assert book["Số liệu"]["D2"].number_format == "0.00%" and book["Số liệu"]["C2"].number_format == "#,##0"
    assert book["Số liệu"].freeze_panes == "B2" and book["Số liệu"].auto_filter.ref == "A1:E7"


def test_the_sheet_to_read_first_carries_the_caption_and_the_mark(book):
    said = [cell.value for row in book["Đọc trước"].iter_rows() for cell in row if cell.value]
    assert said[0] == ABOUT.title and "Số mô phỏng" in said and "BHXH Việt Nam" in said


def test_text_that_looks_like_markup_of_a_cell_stays_text():
    """XlsxWriter writes what stands between these two marks as it is: the part would be no XML, and the file would not open."""
    frame = FRAME.assign(name=["<r><x</r>"] * len(FRAME))
    about = replace(ABOUT, title="<r><x</r>", facts=[("Ghi chú", "<r><x</r>")])
    made = write_workbook([DataSheet("Số liệu", COLUMNS, frame)], about, Words("vi"))
    sheets = openpyxl.load_workbook(io.BytesIO(made))
    found = [sheets["Số liệu"]["B2"], sheets["Đọc trước"]["A1"], sheets["Đọc trước"]["B3"]]
    assert [cell.value.strip() for cell in found] == ["<r><x</r>"] * 3


def test_csv_for_excel_has_its_mark_commas_and_no_formula():
    data = write_csv_for_excel(SHEET, ABOUT, Words("vi"))
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    assert rows[1] == ["00004", "'=1+1", "8999", "89,99", "-0,30"]
    assert rows[2][2:4] == ["", ""]
    assert not [cell for row in rows for cell in row[:2] if cell[:1] in ("=", "+", "-", "@", "\t")]
    assert ["Mô phỏng", "Số mô phỏng"] in rows


def test_text_keeps_away_from_the_figure_before_it_in_heading_and_rows(book):
    """An indent without a side to keep away from is none: programs leave it out."""
    sheet = book["Số liệu"]
    for row in (1, 2):
        alignment = sheet.cell(row, 2).alignment
        assert (alignment.horizontal, alignment.indent) == ("left", 1)


def test_a_long_sentence_of_a_short_table_has_the_height_of_its_lines():
    frame = pd.DataFrame({"rule": ["một câu dài " * 20, "ngắn"]})
    sheet = DataSheet("Số liệu", [FileColumn("rule", "Quy tắc", "text", 40)], frame)
    rows = openpyxl.load_workbook(io.BytesIO(write_workbook([sheet], ABOUT, Words("vi"))))["Số liệu"]
    assert rows["A2"].alignment.wrap_text and rows.row_dimensions[2].height >= 6 * 15
    assert rows.row_dimensions[3].height in (None, 15)  # a height that is the usual one is not written


def test_csv_for_programs_reads_back_as_the_frame():
    again = pd.read_csv(io.BytesIO(write_csv_for_programs(SHEET)), dtype={"unit_code": str, "name": str})
    assert again["unit_code"].tolist() == FRAME["unit_code"].tolist() and again["name"].tolist() == [
        text if text.startswith("Xã") else f"'{text}" for text in HOSTILE
    ]
    assert again["insured"].dropna().astype(int).tolist() == [8999, 0, 12, 5, 7]
    assert again["rate"].tolist()[0] == 89.99 and pd.isna(again["rate"][1])


def test_a_figure_that_is_none_is_refused():
    with pytest.raises(ValueError, match="inf"):
        plain_values([float("inf")], "rate")


def test_file_names_say_what_where_and_when():
    assert name_file("xa", "38", "2020-12", date(2026, 11, 23), "xlsx") == "BHYT_xa_38_2020-12_2026-11-23.xlsx"
    in_english = name_file("xa", "38", "2020-12", date(2026, 11, 23), "xlsx", "en")
    assert in_english == "BHYT_xa_38_2020-12_2026-11-23_en.xlsx", "in one folder with the other"


def read_cells(made: bytes) -> dict[str, tuple[str, str]]:
    """The figures' cells as they stand in the package, by address: look, and value or raw string."""
    sheet = openpyxl.load_workbook(io.BytesIO(made))["Số liệu"]
    package = zipfile.ZipFile(io.BytesIO(made))
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    table = ET.fromstring(package.read("xl/sharedStrings.xml"))
    strings = ["".join(one.itertext()) for one in table]
    cells = {}
    for cell in ET.fromstring(package.read("xl/worksheets/sheet2.xml")).iter(f"{space}c"):
        value = cell.findtext(f"{space}v")
        look = sheet[cell.get("r")]
        cells[cell.get("r")] = (
            f"{look.number_format} {look.alignment.horizontal} {look.font.b}",
            strings[int(value)] if cell.get("t") == "s" else value,
        )
    used = sum(
        len(re.findall(b't="s"', package.read(name))) for name in package.namelist() if "worksheets/sheet" in name
    )
    assert (int(table.get("count")), int(table.get("uniqueCount"))) == (used, len(set(strings)))
    return cells


def test_the_rows_of_a_long_sheet_stand_as_xlsxwriter_writes_them(monkeypatch):
    odd = ["<b>&amp;</r>", " cách ", "dòng\nhai", "\x01\x1f", "_x0041_", "Đ" * 40_000]
    columns = (
        *COLUMNS,
        FileColumn("odd", "Lạ"),
        FileColumn("day", "Ngày", "date"),
        FileColumn("month", "Tháng", "month"),
    )
    days = ["2020-12-31", None, date(2019, 2, 28), "1900-03-01", "2020-02-29", ""]
    frame = FRAME.assign(odd=odd, day=pd.Series(days, dtype=object), month=["2020-12"] * 5 + [None])
    frame.loc[0, "rate"] = float("nan")
    made = []
    for many in (10**6, 1):
        monkeypatch.setattr(table_files, "MANY_ROWS", many)
        monkeypatch.setattr(table_files, "_FEW_ROWS", 0)
        made.append(write_workbook([DataSheet("Số liệu", columns, frame)], ABOUT, Words("vi"), date(2026, 11, 26)))
    plain, long = map(read_cells, made)
    assert plain == long and len(plain) > 40 and "C3" not in plain
    assert plain["F5"][1].startswith("_x0001_") and len(plain["F7"][1]) == 32_767
    packages = [zipfile.ZipFile(io.BytesIO(one)) for one in made]
    # Strings and looks are numbered in the order of their use.
    others = [name for name in packages[0].namelist() if not re.search(r"worksheets/sheet|sharedStrings|styles", name)]
    assert all(packages[0].read(name) == packages[1].read(name) for name in others)
    heads = [package.read("xl/worksheets/sheet2.xml").split(b"<sheetData>")[0] for package in packages]
    assert heads[0] == heads[1], "the extent, columns and frozen panes"
    assert find_package_faults(made[1]) == []
