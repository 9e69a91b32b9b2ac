"""Empty workbooks to fill in, one per layout: headings, lists to choose from, instructions in Vietnamese."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

import xlsxwriter

from data.workbook_layouts import Column, Layout
from text.words import Words

HELP_SHEET, LISTS_SHEET = "Hướng dẫn", "Danh mục"
ROWS_WITH_LISTS = 2_000
WIDTHS = {"unit_name": 34, "text": 40, "unit_code": 12, "count": 16, "percent": 14, "date": 14, "year": 10}
TITLE_ROW, HEADING_ROW = 0, 3
A4 = 9


def split_heading(column: Column) -> tuple[str, str]:
    """`A / B` as the upper and the lower line of a heading over two rows."""
    upper, _, lower = column.title.partition(" / ")
    return upper, lower


def list_columns(layout: Layout, rows: Sequence[Mapping[str, str]] = ()) -> list[Column]:
    """The columns of an empty workbook in order; those that are only known and passed over are left out, and the district
    where none of its rows has one."""
    left_out = {"ignored"}
    if rows and not any(row.get("district_name") for row in rows):
        left_out.add("district_name")
    return [column for column in layout.columns if column.type not in left_out]


def write_template_workbook(
    layout: Layout, target: Path | BinaryIO, words: Words, rows: Sequence[Mapping[str, str]] = (), basis: str = ""
) -> None:
    """Write an empty workbook that reads back as the same layout. In memory: a server's disk may be closed to it.

    `rows` are handed out in it, by element (`layout.asked` is what is left to fill in); `basis` then stands under the title:
    the place, and the month of whose units they are, by which the file is read."""
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        formats = {
            "title": book.add_format({"bold": True, "font_size": 14}),
            "heading": book.add_format(
                {"bold": True, "text_wrap": True, "border": 1, "align": "center", "valign": "vcenter"}
            ),
            "text": book.add_format({"num_format": "@"}),
            "count": book.add_format({"num_format": "#,##0"}),
            "date": book.add_format({"num_format": "dd/mm/yyyy"}),
            "plain": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        sheet = book.add_worksheet(words.say("ingest.template_sheet"))
        write_help(book.add_worksheet(HELP_SHEET), layout, words, formats)
        lists = book.add_worksheet(LISTS_SHEET)
        sheet.write_string(TITLE_ROW, 0, layout.title.upper(), formats["title"])
        sheet.write_string(TITLE_ROW + 1, 0, basis or words.say("ingest.template_title_hint"))
        columns = list_columns(layout, rows)
        two_rows = any(" / " in column.title for column in columns)
        for place, column in enumerate(columns):
            upper, lower = split_heading(column)
            if two_rows and lower:
                same = [one for one in columns if split_heading(one)[0] == upper and split_heading(one)[1]]
                if same[0] is column and len(same) > 1:
                    sheet.merge_range(HEADING_ROW, place, HEADING_ROW, place + len(same) - 1, upper, formats["heading"])
                elif len(same) == 1:
                    sheet.write_string(HEADING_ROW, place, upper, formats["heading"])
                sheet.write_string(HEADING_ROW + 1, place, lower, formats["heading"])
            elif two_rows:
                sheet.merge_range(HEADING_ROW, place, HEADING_ROW + 1, place, upper, formats["heading"])
            else:
                sheet.write_string(HEADING_ROW, place, upper, formats["heading"])
            cell_format = formats["count" if column.type == "count" else "date" if column.type == "date" else "text"]
            if column.type in ("percent", "year", "period"):
                cell_format = None
            sheet.set_column(place, place, WIDTHS.get(column.type, 18), cell_format)
            first = HEADING_ROW + (2 if two_rows else 1)
            add_validation(sheet, lists, column, place, first, words)
        first = HEADING_ROW + (2 if two_rows else 1)
        for at, row in enumerate(rows, start=first):
            for place, column in enumerate(columns):
                if value := row.get(column.element, ""):
                    sheet.write(at, place, int(value) if column.type == "year" else value)
        sheet.freeze_panes(first, 0)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEADING_ROW, first - 1)


def add_validation(
    sheet: xlsxwriter.worksheet.Worksheet,
    lists: xlsxwriter.worksheet.Worksheet,
    column: Column,
    place: int,
    first: int,
    words: Words,
) -> None:
    """What may be entered: a choice of the list, a whole number, a percentage, a date, a year."""
    area = (first, place, first + ROWS_WITH_LISTS, place)
    told = {"error_title": words.say("ingest.template_wrong"), "error_message": words.say(f"ingest.type.{column.type}")}
    if column.words:
        choices = list(column.words.values())
        lists.write_string(0, place, column.title)
        for row, word in enumerate(choices, start=1):
            lists.write_string(row, place, word)
        sheet.data_validation(*area, {"validate": "list", "source": choices, **told})
    elif column.type == "count":
        sheet.data_validation(*area, {"validate": "integer", "criteria": ">=", "value": 0, **told})
    elif column.type == "year":
        sheet.data_validation(
            *area, {"validate": "integer", "criteria": "between", "minimum": 2000, "maximum": 2100, **told}
        )
    elif column.type == "percent":
        sheet.data_validation(
            *area, {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100, **told}
        )


def write_help(
    sheet: xlsxwriter.worksheet.Worksheet, layout: Layout, words: Words, formats: dict[str, xlsxwriter.format.Format]
) -> None:
    """What the workbook is for, and what each column asks for."""
    for place, width in enumerate((44, 14, 70)):
        sheet.set_column(place, place, width)
    sheet.write_string(0, 0, layout.title, formats["title"])
    sheet.merge_range(1, 0, 1, 2, layout.purpose, formats["plain"])
    sheet.set_row(1, 60)
    sheet.merge_range(2, 0, 2, 2, words.say("ingest.template_help"), formats["plain"])
    sheet.set_row(2, 60)
    for place, key in enumerate(("column", "must", "what")):
        sheet.write_string(4, place, words.say(f"ingest.template_{key}"), formats["heading"])
    for row, column in enumerate(list_columns(layout), start=5):
        sheet.write_string(row, 0, column.title)
        sheet.write_string(row, 1, words.say("ingest.template_required") if column.required else "")
        said = words.say(f"ingest.type.{column.type}")
        if column.words:
            said += " " + "; ".join(column.words.values())
        if column.example:
            said += " " + words.say("ingest.template_example", example=column.example)
        sheet.write_string(row, 2, said, formats["plain"])
