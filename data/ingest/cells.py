"""Reading what people write into cells: whole numbers and unit codes, a column at a time."""

import re

import numpy as np
from numpy.typing import NDArray

from data.ingest.columns import UNKNOWN

NO_FIGURE = frozenset(("", "-", "–", "—"))
LARGEST_COUNT = 2_000_000_000
# Dots (or spaces) between groups of three digits, as Vietnamese writes thousands; a decimal part of zeros is allowed.
_COUNT = re.compile(r"(\d{1,3}(?:[.\u00a0\u202f ]\d{3})+|\d+)(?:,0+)?", re.ASCII)
_CODE = re.compile(r"\d{1,5}(?:\.0)?", re.ASCII)

Cell = str | int | float | bool | None


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
        whole = float(cell).is_integer() and 0 <= cell <= LARGEST_COUNT
        return int(cell) if whole else None
    text = cell.replace("\u00a0", " ").strip()
    if text in NO_FIGURE:
        return UNKNOWN
    found = _COUNT.fullmatch(text)
    if found is None:
        return None
    count = int(re.sub(r"\D", "", found.group(1)))
    return count if count <= LARGEST_COUNT else None


def parse_percent(cell: Cell) -> float | None:
    """A cell as a percentage: "85,3%", "85.3" and 85.3 alike; NaN for a blank, None where it cannot be read."""
    if cell is None:
        return float("nan")
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return float(cell)
    text = cell.replace("\u00a0", " ").strip().removesuffix("%").strip()
    if text in NO_FIGURE:
        return float("nan")
    return float(text.replace(",", ".")) if re.fullmatch(r"[0-9]{1,3}(?:[.,][0-9]+)?", text) else None


def parse_counts(column: list[Cell]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """A column of counts, and the places of the cells that could not be read (unknown there)."""
    parsed = [parse_count(cell) for cell in column]
    bad = np.array([place for place, count in enumerate(parsed) if count is None], dtype=np.int64)
    return np.array([UNKNOWN if count is None else count for count in parsed], dtype=np.int64), bad


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
