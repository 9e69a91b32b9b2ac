"""The exported plan reads back through the ingest, row for row; hostile names stay text."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from data.ingest.load import load_files
from data.ingest.reading import read_parts
from data.queries.roadmap import plan_months
from data.settings import Settings
from data.store import open_current
from data.workbook_layouts import load_layouts
from reports.plan_workbook import HEADINGS, STATES, PlanRow, write_plan_workbook
from text.words import Words

pytestmark = pytest.mark.store

TITLE = "KẾ HOẠCH PHÁT TRIỂN NGƯỜI THAM GIA BHYT: Tỉnh Hà Giang"
BASIS = "Tỉnh Hà Giang; lập từ số liệu tháng 12/2020"
ROWS = [
    PlanRow("00715", "Xã Lũng Cú", "2021-01", 12, "Vận động hộ gia đình", date(2021, 1, 31), "UBND xã"),
    PlanRow("00715", "Xã Lũng Cú", "2021-02", 11, "Vận động hộ gia đình", date(2021, 2, 28)),
    PlanRow("00718", "Xã Má Lé", "2021-01", 7, "Vận động hộ gia đình", date(2021, 1, 31), "", "Đang làm", "ghi chú"),
]


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "ke_hoach.xlsx"
    path.write_bytes(write_plan_workbook(ROWS, TITLE, BASIS, ["Điền cột Người phụ trách."], Words("vi")))
    return path


def test_the_headings_and_states_are_those_of_the_layout():
    layout = next(entry for entry in load_layouts() if entry.template == "plan_months")
    assert {heading for heading, _ in HEADINGS} <= {column.title for column in layout.columns}
    assert set(STATES) == set(layout.column("state").words.values())


def test_the_exported_plan_reads_back_row_for_row(workbook: Path):
    [part] = read_parts(workbook, "xlsx", last_period="2026-11")
    assert part.template == "plan_months"
    assert part.rejections == [], "the sheet of notes is ours"
    columns = part.columns
    read = list(zip(columns["unit_code"], columns["month"], columns["target_people"], columns["due_on"], strict=True))
    assert read == [(row.unit_code, row.month, row.people, str(row.due_on)) for row in ROWS]
    assert columns["state"] == ["not_started", "not_started", "in_progress"]
    assert columns["in_charge"] == ["UBND xã", None, None]


def test_a_loaded_plan_is_asked_back_and_a_changed_one_replaces_it(workbook: Path, own_settings: Settings):
    load_files([workbook], own_settings, today=date(2026, 11, 24), by="BHXH tỉnh")
    changed = [
        *ROWS[1:],
        PlanRow("00715", "Xã Lũng Cú", "2021-01", 20, ROWS[0].task, date(2021, 1, 31), state="Đã xong"),
    ]
    workbook.write_bytes(write_plan_workbook(changed, TITLE, BASIS, [], Words("vi")))
    load_files([workbook], own_settings, today=date(2026, 11, 25), by="BHXH tỉnh")
    store = open_current(own_settings)
    try:
        rows = plan_months(store, "02").set_index(["unit_code", "month"])
        assert len(rows) == 3
        assert rows.at[("00715", "2021-01"), "target_people"] == 20 and rows.at[("00715", "2021-01"), "state"] == "done"
        assert plan_months(store, "38").empty
    finally:
        store.close()


def test_a_hostile_name_stays_text(tmp_path: Path):
    row = PlanRow("00715", '=HYPERLINK("http://x")', "2021-01", 1, "+1", date(2021, 1, 31))
    path = tmp_path / "x.xlsx"
    path.write_bytes(write_plan_workbook([row], "=1+1", BASIS, ["-2"], Words("vi")))
    book = openpyxl.load_workbook(path)
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.value is not None]
    assert not [cell.value for cell in cells if cell.data_type == "f"]
