"""Our own empty workbooks, filled in: the way a person who was handed `data.ingest template` gives figures back."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import openpyxl

from data.template_workbook import HEADING_ROW, list_columns, write_template_workbook
from data.workbook_layouts import Column, load_layouts
from text.words import Words

# What stands under a heading: a value by element, or by (element, payer group). Choices are given by their codes.
FilledRow = Mapping[str | tuple[str, str], object]


def fill_template(template: str, path: Path, title: str, rows: Iterable[FilledRow]) -> Path:
    """Write the empty workbook of a layout and fill in rows; `title` takes the place of the line that asks for one
    ("BHXH tỉnh Hà Giang - Tháng 12/2020")."""
    words = Words("vi")
    layout = next(layout for layout in load_layouts() if layout.template == template)
    write_template_workbook(layout, path, words)
    book = openpyxl.load_workbook(path)
    sheet = book[words.say("ingest.template_sheet")]
    sheet.cell(2, 1, title)
    columns = list_columns(layout)
    first = HEADING_ROW + (3 if any(" / " in column.title for column in columns) else 2)
    for number, row in enumerate(rows, start=first):
        for place, column in enumerate(columns, start=1):
            value = row.get(column.key if column.payer_group else column.element)
            if value is not None:
                sheet.cell(number, place, write_value(value, column))
    book.save(path)
    return path


def write_value(value: object, column: Column) -> object:
    """A choice by its word, everything else as it is."""
    return column.words.get(str(value), value) if column.words else value
