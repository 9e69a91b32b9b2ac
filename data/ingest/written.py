"""Numbers in the findings of a load, written the Vietnamese way: a finding is kept in the store as it was said."""

from functools import cache

from data.ingest.cells import Cell
from text.formats import Formats


@cache
def get_formats() -> Formats:
    return Formats("vi")


def write_counts(*counts: int) -> str:
    """People beside each other: "10.305 / 15.118"; -1 is unknown."""
    return " / ".join(get_formats().count(int(count)) for count in counts)


def write_percents(*values: float, decimals: int = 2) -> str:
    """Percentages beside each other: "85,30% / 80,12%"."""
    return " / ".join(get_formats().rate(float(value), decimals) for value in values)


def write_month(period: str) -> str:
    """`2020-12` → 12/2020."""
    return get_formats().month_short(period)


def write_cell(cell: Cell, *, is_count: bool = False) -> str:
    """What stood in a cell: text as it is; a number without the ".0" that a spreadsheet does not show, with points between
    thousands where people are counted (and not in a code or a year)."""
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return str(cell)
    if cell != cell or cell in (float("inf"), float("-inf")):
        return str(cell)
    if is_count:
        return get_formats().number(int(cell) if cell == int(cell) else cell)
    return str(int(cell)) if cell == int(cell) else str(cell).replace(".", ",")
