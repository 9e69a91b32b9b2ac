"""Reading what people write into cells: whole numbers, percentages, dates, choices and unit codes."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from data.ingest.columns import UNKNOWN
from text.names import search_key

NO_FIGURE = frozenset(("", "-", "–", "—", "..."))
LARGEST_COUNT = 2_000_000_000
# Dots (or spaces) between groups of three digits, as Vietnamese writes thousands; a decimal part of zeros is allowed.
# Commas only where there are two or more of them: "12,345" could be a decimal number.
_COUNT = re.compile(r"(\d{1,3}(?:[.\u00a0\u202f ]\d{3})+|\d+)(?:,0+)?|(\d{1,3}(?:,\d{3}){2,})(?:\.0+)?", re.ASCII)
_CODE = re.compile(r"\d{1,5}(?:\.0)?", re.ASCII)
_PERCENT = re.compile(r"(\d{1,3})(?:[.,](\d{1,6}))?", re.ASCII)
_DAY = re.compile(r"(?:ngay )?(\d{1,2})(?: thang)? (\d{1,2})(?: nam)? (\d{4})", re.ASCII)
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T00:00:00)?", re.ASCII)
_EXCEL_EPOCH = date(1899, 12, 30)
_FIRST_YEAR, _LAST_YEAR = 2000, 2100

Cell = str | int | float | bool | None
_NUMBERS_AND_BLANKS = frozenset((float, type(None)))


def parse_count(cell: Cell) -> int | None:
    """A cell as a number of people: -1 for a blank (unknown, never 0), None where it cannot be read.

    "1.234.567" and "1 234 567" are 1234567; a number cell must be whole. "85,3" is no number of people, and "12.34"
    neither: the dot could only be a decimal sign there. Negative numbers and logical values are refused.
    """
    if cell is None:
        return UNKNOWN
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        whole = 0 <= cell <= LARGEST_COUNT and cell == int(cell)
        return int(cell) if whole else None
    text = cell.replace("\u00a0", " ").strip()
    if text in NO_FIGURE:
        return UNKNOWN
    found = _COUNT.fullmatch(text)
    if found is None:
        return None
    count = int(re.sub(r"\D", "", found.group(1) or found.group(2)))
    return count if count <= LARGEST_COUNT else None


def parse_percent(cell: Cell) -> float | None:
    """A cell as a percentage: "85,3%", "85.3" and 85.3 alike; NaN for a blank, None where it cannot be read."""
    if cell is None:
        return float("nan")
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return float(cell)
    text = strip_percent(cell)
    if text in NO_FIGURE:
        return float("nan")
    found = _PERCENT.fullmatch(text)
    return float(f"{found.group(1)}.{found.group(2) or 0}") if found else None


def strip_percent(text: str) -> str:
    return text.replace("\u00a0", " ").strip().removesuffix("%").strip()


def parse_percent_exactly(cell: Cell) -> Decimal | None:
    """The same as an exact number from 0 to 100, for targets; None for a blank or what cannot be read."""
    percent = parse_percent(cell)
    if percent is None or percent != percent or not 0 < percent <= 100:
        return None
    exact = Decimal(strip_percent(cell).replace(",", ".")) if isinstance(cell, str) else Decimal(repr(percent))
    return exact.quantize(Decimal("0.001"))


def parse_counts(column: list[Cell]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """A column of counts, and the places of the cells that could not be read (unknown there)."""
    # Number cells, which nearly all are, without a call each; whatever is no whole number is NaN or fails here.
    numbers = np.array([cell if type(cell) is float else None for cell in column], dtype=np.float64)
    whole = (numbers >= 0) & (numbers <= LARGEST_COUNT) & (numbers == np.floor(numbers))
    counts = np.where(whole, numbers, UNKNOWN).astype(np.int64)
    bad = []
    for place in np.flatnonzero(~whole):
        count = parse_count(column[place])
        if count is None:
            bad.append(place)
        else:
            counts[place] = count
    return counts, np.array(bad, dtype=np.int64)


def parse_percents(column: list[Cell]) -> NDArray[np.float64]:
    """A column of percentages; NaN where blank or unreadable. A column of fractions (0,853, formatted as a percentage)
    is taken times 100."""
    if set(map(type, column)) <= _NUMBERS_AND_BLANKS:
        parsed = np.array(column, dtype=np.float64)
    else:
        parsed = np.array([np.nan if (value := parse_percent(cell)) is None else value for cell in column], dtype=float)
    known = parsed[~np.isnan(parsed)]
    return parsed * 100 if len(known) and np.median(known) <= 1.5 else parsed


def read_code_digits(cell: Cell) -> str | None:
    """The digits of a code cell as they stand: "00004" → "00004", 4.0 → "4"; "" for a blank, None where it is no
    code."""
    if cell is None or cell == "":
        return ""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and 0 <= cell < 100_000 else None
    text = str(cell).strip().lstrip("'")
    if not text:
        return ""
    return text.removesuffix(".0") if _CODE.fullmatch(text) else None


def parse_date(cell: Cell) -> date | None:
    """A day: "31/12/2020", "31-12-2020", "ngày 31 tháng 12 năm 2020", an ISO date, or Excel's number of a day."""
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, int | float):
        in_range = 36_526 <= cell < 73_051 and cell == int(cell)  # 2000-01-01 … 2099-12-31
        return _EXCEL_EPOCH + timedelta(days=int(cell)) if in_range else None
    text = cell.strip()
    if found := _ISO_DAY.fullmatch(text):
        year, month, day = found.groups()
    elif found := _DAY.fullmatch(search_key(text)):
        day, month, year = found.groups()
    else:
        return None
    try:
        read = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return read if _FIRST_YEAR <= read.year <= _LAST_YEAR else None


def parse_year(cell: Cell) -> int | None:
    """A year from 2000 to 2100: 2020, "2020", "năm 2020"."""
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, int | float):
        year = int(cell) if cell == cell and abs(cell) < 10_000 and cell == int(cell) else 0
    else:
        found = re.fullmatch(r"(?:nam )?(\d{4})", search_key(cell), re.ASCII)
        year = int(found.group(1)) if found else 0
    return year if _FIRST_YEAR <= year <= _LAST_YEAR else None


def parse_choice(cell: Cell, choices: Mapping[str, str]) -> str | None:
    """The code of a choice by any of its folded words, as in a layout's `choices`; None where it is none of them."""
    if isinstance(cell, bool):
        cell = "x" if cell else "không"
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return choices.get(search_key(str(cell)))
