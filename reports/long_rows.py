"""The rows of a long sheet, put into a workbook that XlsxWriter made.

XlsxWriter keeps each cell as an object and writes it by itself: 2 s of processor time for 11,160 communes. So it writes
everything of a long sheet but its rows: headings, and one row of empty cells (`FIRST_ROW`), each with the look of its column.
Here the rows take that row's place, in the form in which XlsxWriter writes them: strings shared, a look per cell.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from html import escape

from xlsxwriter.utility import xl_col_to_name

FIRST_ROW = 2  # as spreadsheets count, below the headings
MOST_LETTERS = 32_767  # of a cell, as UTF-16
_EPOCH = date(1899, 12, 30)
_STRINGS = "xl/sharedStrings.xml"
_ROW = re.compile(rf'<row r="{FIRST_ROW}"[^>]*>.*?</row>', re.DOTALL)
_LOOKS = re.compile(r'<c r="([A-Z]+)\d+" s="(\d+)"')
_COUNTS = re.compile(r'count="(\d+)" uniqueCount="\d+"')
_ESCAPE = re.compile(r"_x[0-9a-fA-F]{4}_")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")


def put_rows(workbook: bytes, sheets: Mapping[int, Sequence[Sequence[str | float | date | None]]]) -> bytes:
    """The workbook with the rows of its sheets: number of the sheet (the first is 1) to its columns, all of one length, None
    where a cell stays empty. Parts that hold no rows stay as they are."""
    source, target = zipfile.ZipFile(io.BytesIO(workbook)), io.BytesIO()
    head, *known, tail = re.split(r"(?=<si>|<si |</sst>)", source.read(_STRINGS).decode())
    strings = {one: at for at, one in enumerate(known)}
    used = int(_COUNTS.search(head)[1])
    made = {}
    for number, columns in sheets.items():
        part = f"xl/worksheets/sheet{number}.xml"
        made[part] = _fill_sheet(source.read(part).decode(), columns, strings)
        used += sum(isinstance(value, str) for column in columns for value in column)
    made[_STRINGS] = _COUNTS.sub(f'count="{used}" uniqueCount="{len(strings)}"', head) + "".join(strings) + tail
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for part in source.infolist():
            package.writestr(part, made[part.filename].encode() if part.filename in made else source.read(part))
    return target.getvalue()


def _fill_sheet(sheet: str, columns: Sequence[Sequence[str | float | date | None]], strings: dict[str, int]) -> str:
    """The sheet with its rows; `strings` grows by those that are new."""
    looks = dict(_LOOKS.findall(_ROW.search(sheet)[0]))
    cells = [_write_column(xl_col_to_name(at), looks, column, strings) for at, column in enumerate(columns)]
    last = FIRST_ROW + len(columns[0]) - 1
    rows = [f'<row r="{row}" spans="1:{len(columns)}">{"".join(one)}</row>'
            for row, one in enumerate(zip(*cells, strict=True), start=FIRST_ROW)]  # fmt: skip
    sheet = re.sub(r'(<dimension ref="A1:[A-Z]+)\d+"', rf'\g<1>{last}"', sheet, count=1)
    return _ROW.sub(lambda _: "".join(rows), sheet, count=1)


def _write_column(
    name: str, looks: Mapping[str, str], column: Sequence[str | float | date | None], strings: dict[str, int]
) -> list[str]:
    look, kept, cells = looks[name], {}, []
    for row, value in enumerate(column, start=FIRST_ROW):
        if value is None:
            cells.append("")
        elif isinstance(value, str):
            if (at := kept.get(value)) is None:
                at = kept[value] = strings.setdefault(_write_string(value), len(strings))
            cells.append(f'<c r="{name}{row}" s="{look}" t="s"><v>{at}</v></c>')
        else:
            number = (value - _EPOCH).days if isinstance(value, date) else value
            cells.append(f'<c r="{name}{row}" s="{look}"><v>{number:.16G}</v></c>')
    return cells


def _write_string(text: str) -> str:
    """A string of the shared table: signs that XML does not know as `_x0001_`, as Excel writes them, and what only looks like
    such a sign kept from being read as one."""
    if len(text) > MOST_LETTERS // 2:
        text = text.encode("utf-16-le")[: 2 * MOST_LETTERS].decode("utf-16-le", "ignore")
    text = _CONTROL.sub(lambda sign: f"_x{ord(sign[0]):04X}_", _ESCAPE.sub(lambda same: f"_x005F{same[0]}", text))
    space = ' xml:space="preserve"' if text != text.strip() else ""
    return f"<si><t{space}>{escape(text, quote=False)}</t></si>"
