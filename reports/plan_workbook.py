"""A plan by month as a workbook: a row per unit and month, in the layout that `python -m data.ingest` reads back
(`data/ingest/templates/plan_months.toml`).

The headings are those of the layout and stay Vietnamese in every language: the file goes to the offices.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import xlsxwriter

from reports.table_files import keep_text
from text.words import Words

HEADINGS = (
    ("STT", 6), ("Mã ĐVHC", 12), ("Đơn vị", 34), ("Tháng kế hoạch", 14), ("Nhiệm vụ", 44), ("Chỉ tiêu (người)", 16),
    ("Người phụ trách", 26), ("Hạn hoàn thành", 16), ("Tình trạng", 16), ("Ghi chú", 30),
)  # fmt: skip
STATES = ("Chưa làm", "Đang làm", "Đã xong", "Quá hạn", "Dừng")
HEADING_ROW = 3
_A4 = 9


@dataclass(frozen=True)
class PlanRow:
    """One unit and month. `month` is `2019-07`; `in_charge` and `note` may be empty, to be filled in."""

    unit_code: str
    unit_name: str
    month: str
    people: int
    task: str
    due_on: date
    in_charge: str = ""
    state: str = STATES[0]
    note: str = ""


def write_plan_workbook(
    rows: Sequence[PlanRow], title: str, basis: str, notes: Sequence[str], words: Words, mark: str = ""
) -> bytes:
    """XLSX. `title` names the place; `basis` is the line under it, with the month of the figures (the reader of the file
    takes the list of units from it); `notes` stand on a sheet of their own, with how to load the plan and what it was made
    from. It prints with all columns on one page, its headings on each."""
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"title": title, "author": words.say("app.title")})
        strong = book.add_format({"bold": True, "font_size": 14})
        head = book.add_format({"bold": True, "text_wrap": True, "border": 1, "align": "center", "valign": "vcenter"})
        text = book.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
        count = book.add_format({"num_format": "#,##0", "valign": "top"})
        number_in_row = book.add_format({"num_format": "0", "valign": "top", "align": "center"})
        day = book.add_format({"num_format": "dd/mm/yyyy", "valign": "top", "align": "center"})
        sheet = book.add_worksheet(words.say("roadmap.sheet_plan"))
        sheet.write_string(0, 0, title, strong)
        sheet.write_string(1, 0, basis)
        for place, (heading, width) in enumerate(HEADINGS):
            sheet.set_column(place, place, width)
            sheet.write_string(HEADING_ROW, place, heading, head)
        for number, row in enumerate(rows, start=1):
            at = HEADING_ROW + number
            year, month = row.month.split("-")
            sheet.write_number(at, 0, number, number_in_row)
            for place, value in ((1, row.unit_code), (2, row.unit_name), (3, f"{month}/{year}"), (4, row.task)):
                sheet.write_string(at, place, keep_text(value), text)
            sheet.write_number(at, 5, row.people, count)
            sheet.write_string(at, 6, keep_text(row.in_charge), text)
            sheet.write_datetime(at, 7, row.due_on, day)
            sheet.write_string(at, 8, row.state, text)
            sheet.write_string(at, 9, keep_text(row.note), text)
        last = HEADING_ROW + max(len(rows), 1)
        sheet.data_validation(HEADING_ROW + 1, 8, last, 8, {"validate": "list", "source": list(STATES)})
        sheet.autofilter(HEADING_ROW, 0, last, len(HEADINGS) - 1)
        sheet.freeze_panes(HEADING_ROW + 1, 3)
        sheet.repeat_rows(HEADING_ROW)
        sheet.set_footer(f"&L{mark}&R&P/&N")
        for one in (sheet, about := book.add_worksheet(words.say("files.sheet_read_first"))):
            one.set_landscape()
            one.set_paper(_A4)
            one.fit_to_pages(1, 0)
        about.set_column(0, 0, 110)
        for at, note in enumerate(notes):
            about.write_string(at, 0, note, text)
    return target.getvalue()
