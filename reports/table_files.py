"""Any table as a file: a workbook that explains itself (XLSX), and CSV twice, for Excel and for programs.

Numbers stay numbers; text stays text, whatever it begins with: a name such as "=1+1" is never a formula.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reports.long_rows import put_rows
from text.words import DEFAULT_LANGUAGE, Words

Kind = Literal["text", "count", "change", "rate", "points", "number", "date", "month"]
UNKNOWN = -1  # of counts
# Rates arrive as percent (89.99) and are written as percent by the program that opens the file.
_NUMBER_FORMATS = {"count": "#,##0", "change": "+#,##0;-#,##0;0", "rate": "0.00%", "points": "+0.00;-0.00;0.00",
                   "number": "General", "date": "dd/mm/yyyy", "month": "mm/yyyy"}  # fmt: skip
_DECIMALS = {"rate": 2, "points": 2, "number": 4}
# What a spreadsheet of some language takes for the beginning of a formula, also behind spaces.
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_SPACES = " \u00a0\ufeff"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_MOST_WIDTH = 60
_A4, _A3 = 9, 8
_A4_LETTERS = 170
"""As wide a sheet can be read on A4: a wider one is set for A3, which a printer that has none makes smaller."""
_FEW_ROWS = 60
MANY_ROWS = 300
"""From here on the rows are written by `reports.long_rows`, in a third of the time."""
_LINE = 15.0  # points of a line of text


@dataclass(frozen=True)
class FileColumn:
    """One column: `key` names it in the frame and in the file for programs, `label` is what a reader sees.

    `kind`: counts are whole numbers with -1 for unknown, changes are differences of counts (-1 is one less), rates are
    percent (already floored so that none looks met which is not, `indicators.rates`), points are differences of rates, dates
    are `date`s or ISO texts, months are periods (`2020-12`); NaN, None and "" are unknown everywhere.
    """

    key: str
    label: str
    kind: Kind = "text"
    width: float = 0


@dataclass(frozen=True)
class DataSheet:
    """One sheet of figures."""

    name: str
    columns: Sequence[FileColumn]
    frame: pd.DataFrame
    frozen: int = 1
    """How many columns stay in sight when the sheet is moved."""


@dataclass(frozen=True)
class About:
    """What stands beside the figures: title and pairs of heading and text for reading first; the criteria and the boundaries
    behind the figures, each with a heading row.
    """

    title: str
    facts: Sequence[tuple[str, str]]
    criteria: Sequence[Sequence[str]] = field(default_factory=list)
    boundaries: Sequence[Sequence[str]] = field(default_factory=list)
    simulated: str = ""


def name_file(level: str, unit: str, period: str, made_on: date, ending: str, lang: str = DEFAULT_LANGUAGE) -> str:
    """`BHYT_xa_38_2020-12_2026-11-23.xlsx`: what, where, when, made when; letters that every system takes. `…_en.xlsx` in another
    language than the first: both lie in one folder, and neither takes the other's place."""
    language = "" if lang == DEFAULT_LANGUAGE else f"_{lang}"
    return f"BHYT_{level}_{unit}_{period}_{made_on.isoformat()}{language}.{ending}"


def write_workbook(sheets: Sequence[DataSheet], about: About, words: Words, made_on: date | None = None) -> bytes:
    """XLSX with the sheets Đọc trước / figures / Tiêu chí / Ranh giới: frozen headings, filters, no merged cells. `made_on`
    stands in the file's properties (default: now); with it the same figures give the same bytes."""
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, options) as book:
        made = {} if made_on is None else {"created": datetime(made_on.year, made_on.month, made_on.day)}
        book.set_properties({"title": about.title, "author": words.say("app.title"), **made})
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        label = book.add_format({"bold": True, "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        title = book.add_format({"bold": True, "font_size": 14})
        formats = {
            kind: book.add_format({"num_format": code, "valign": "top"}) for kind, code in _NUMBER_FORMATS.items()
        }
        # Over figures the heading stands to the right, as they do; text keeps away from the figure before it.
        formats["heading"] = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "align": "right"}
        )
        formats["text"] = book.add_format({"align": "left", "indent": 1, "valign": "top"})
        formats["sentences"] = book.add_format({"align": "left", "indent": 1, "text_wrap": True, "valign": "top"})
        formats["text_heading"] = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "align": "left", "indent": 1}
        )
        first = book.add_worksheet(words.say("files.sheet_read_first"))
        _write_about(first, about, (title, label, wrapped), words)
        long: dict[int, list[list[Any]]] = {}
        for sheet in sheets:
            rows = _write_sheet(book.add_worksheet(sheet.name), sheet, formats, about.simulated)
            if rows:
                long[len(book.worksheets())] = rows
        for key, rows in (("criteria", about.criteria), ("boundaries", about.boundaries)):
            _write_rows(book.add_worksheet(words.say(f"files.sheet_{key}")), rows, head, wrapped)
    return put_rows(target.getvalue(), long) if long else target.getvalue()


def _list_facts(about: About, words: Words) -> list[tuple[str, str]]:
    """The facts of the first sheet, and the mark of simulated figures as the last of them."""
    return [*about.facts, *([(words.say("files.about_mark"), about.simulated)] if about.simulated else [])]


def _write_about(sheet: Worksheet, about: About, looks: tuple[Format, Format, Format], words: Words) -> None:
    title, label, wrapped = looks
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 100)
    sheet.write_string(0, 0, keep_text(about.title), title)
    for row, (heading, text) in enumerate(_list_facts(about, words), start=2):
        sheet.set_row(row, _height_of(text, 100))
        sheet.write_string(row, 0, heading, label)
        sheet.write_string(row, 1, keep_text(text), wrapped)
    _set_page(sheet)


def _height_of(text: str, width: float) -> float:
    """Points of a row whose text wraps in a column of so many letters: not every program finds it by itself."""
    return _LINE * max(1, math.ceil(len(text) * 1.1 / width))


def _set_page(sheet: Worksheet, letters: float = 0) -> None:
    """A sheet on its side, all columns on one page; `letters` is how wide they are together."""
    sheet.set_landscape()
    sheet.set_paper(_A4 if letters <= _A4_LETTERS else _A3)
    sheet.fit_to_pages(1, 0)


def _write_rows(sheet: Worksheet, rows: Sequence[Sequence[str]], head: Format, wrapped: Format) -> None:
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            sheet.write_string(row, column, keep_text(str(text)), head if row == 0 else wrapped)
    for column in range(max((len(cells) for cells in rows), default=0)):
        longest = max(len(str(cells[column])) for cells in rows if column < len(cells))
        sheet.set_column(column, column, min(longest + 2, _MOST_WIDTH))
    for row, cells in enumerate(rows):
        sheet.set_row(row, max((_height_of(str(text), _MOST_WIDTH) for text in cells), default=_LINE))
    sheet.freeze_panes(1, 0)
    _set_page(sheet)
    sheet.repeat_rows(0)


def _write_sheet(sheet: Worksheet, data: DataSheet, formats: dict[str, Format], simulated: str) -> list[list[Any]]:
    """The columns of a long sheet, which has only their looks so far; [] where the sheet is whole."""
    columns: list[list[Any]] = []
    widths = [column.width or max(12, min(len(column.label) + 2, 24)) for column in data.columns]
    heights: dict[int, float] = {}
    for place, column in enumerate(data.columns):
        sheet.set_column(place, place, widths[place])
        look, kind = formats.get(column.kind), column.kind
        texts = plain_values(data.frame[column.key], kind)
        # A few long sentences wrap; in a list of hundreds every row keeps one height.
        if kind == "text" and len(texts) <= _FEW_ROWS and any(len(text or "") > widths[place] for text in texts):
            look = formats["sentences"]
            for row, text in enumerate(texts, start=1):
                heights[row] = max(heights.get(row, _LINE), _height_of(text or "", widths[place]))
        sheet.write_string(0, place, column.label, formats["text_heading" if kind == "text" else "heading"])
        if kind == "rate":
            texts = [None if value is None else value / 100 for value in texts]
        if len(texts) >= MANY_ROWS:
            sheet.write_blank(1, place, None, look)
            columns.append(texts)
            continue
        for row, value in enumerate(texts, start=1):
            if value is None:
                continue
            if kind == "text":
                sheet.write_string(row, place, keep_text(value), look)
            elif kind in ("date", "month"):
                sheet.write_datetime(row, place, datetime(value.year, value.month, value.day), look)
            else:
                sheet.write_number(row, place, value, look)
    sheet.freeze_panes(1, min(data.frozen, len(data.columns)))
    sheet.autofilter(0, 0, len(data.frame), len(data.columns) - 1)
    for row, height in {0: 3 * _LINE, **heights}.items():
        sheet.set_row(row, height)
    _set_page(sheet, sum(widths))
    sheet.repeat_rows(0)
    if simulated:
        sheet.set_footer(f"&L{simulated}&R&P/&N")
    return columns


def keep_text(text: str) -> str:
    """A text that stays text: XlsxWriter writes what stands between `<r>` and `</r>` as it is, as XML of the part."""
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text


def plain_values(column: Iterable[Any], kind: Kind) -> list[Any]:
    """Python values of a column; None where unknown."""
    values = column.tolist() if hasattr(column, "tolist") else list(column)
    known = [None if value is None or value != value or value == "" else value for value in values]
    if kind == "text":
        return [None if value is None else str(value) for value in known]
    if kind in ("date", "month"):
        return [None if value is None else _as_day(value) for value in known]
    if bad := [value for value in known if value is not None and not math.isfinite(float(value))]:
        raise ValueError(f"{bad[0]} is no figure")
    if kind == "count":
        return [None if value is None or int(value) == UNKNOWN else int(value) for value in known]
    return [None if value is None else int(value) if kind == "change" else float(value) for value in known]


def _as_day(value: Any) -> date:
    """A day; of a period (`2020-12`) its first."""
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else date.fromisoformat(value if len(value) > 7 else f"{value}-01")


def write_csv_for_excel(sheet: DataSheet, about: About, words: Words) -> bytes:
    """CSV as Excel of a Vietnamese computer opens it: UTF-8 with its mark, ";", decimal comma; the caption in the last lines."""
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerow([guard(column.label) for column in sheet.columns])
    columns = [[_for_excel(value, column.kind) for value in plain_values(sheet.frame[column.key], column.kind)]
               for column in sheet.columns]  # fmt: skip
    writer.writerows(zip(*columns, strict=True))
    writer.writerow([])
    for heading, text in _list_facts(about, words):
        writer.writerow([guard(heading), guard(text)])
    return b"\xef\xbb\xbf" + target.getvalue().encode("utf-8")


def _for_excel(value: Any, kind: Kind) -> str:
    if value is None:
        return ""
    if kind == "text":
        return guard(value)
    if kind in ("date", "month"):
        return value.strftime("%d/%m/%Y" if kind == "date" else "%m/%Y")
    return str(value) if kind in ("count", "change") else f"{value:.{_DECIMALS[kind]}f}".replace(".", ",")


def guard(text: str) -> str:
    """Text that a spreadsheet would take for a formula gets a quote before it; signs that part rows or have no place in a file
    of text go, since not every reader of CSV keeps them inside a cell."""
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return f"'{text}" if text.lstrip(_SPACES).startswith(_DANGEROUS) else text


def write_csv_for_programs(sheet: DataSheet) -> bytes:
    """CSV as a program reads it: UTF-8, comma, point, headings in ASCII, unknown is empty. Text is guarded here too: a double
    click opens this file in a spreadsheet as well, and no code begins with a sign of a formula.
    """
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow([column.key for column in sheet.columns])
    columns = [plain_values(sheet.frame[column.key], column.kind) for column in sheet.columns]
    written = [[_for_programs(value, column.kind) for value in values]
               for values, column in zip(columns, sheet.columns, strict=True)]  # fmt: skip
    writer.writerows(zip(*written, strict=True))
    return target.getvalue().encode("utf-8")


def _for_programs(value: Any, kind: Kind) -> object:
    if value is None:
        return ""
    if kind in ("date", "month"):
        return value.isoformat() if kind == "date" else value.strftime("%Y-%m")
    if kind == "text":
        return guard(value)
    return repr(value) if isinstance(value, float) else value
