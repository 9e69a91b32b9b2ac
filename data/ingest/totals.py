"""Sums that a workbook states (district rows, the grand total) against the sums of its own rows."""

from dataclasses import dataclass

from data.ingest.columns import ReportColumns
from data.ingest.unit_names import UnitNames
from geo.units import NATION


@dataclass(frozen=True)
class StatedSum:
    """A row of sums: the element, its column and row (from 1), the number it states, and the units it may be about
    ("Cộng" below a district's rows is that of the district or that of the sheet)."""

    element: str
    letter: str
    row: int
    unit_codes: tuple[str, ...]
    stated: int


@dataclass(frozen=True)
class WrongSum:
    stated: StatedSum
    counted: int


def find_wrong_sums(report: ReportColumns, sums: list[StatedSum], names: UnitNames) -> list[WrongSum]:
    """The stated sums that differ from the sum of the unit's rows in the report.

    A sum is only judged where every one of those rows has the figure, for every unit it may be about, and where at
    least one row is there: a blank or unreadable cell is reported by itself.
    """
    rows_inside: dict[str, list[int]] = {NATION: list(range(len(report)))}
    for row, code in enumerate(report.unit_code):
        unit = names.units.get(code)
        if unit is not None:
            district = unit.code if unit.level == "district" else unit.parent_code
            for holder in {district, unit.province_code}:
                rows_inside.setdefault(holder, []).append(row)
    wrong = []
    for stated in sums:
        counted = []
        for code in stated.unit_codes:
            values = getattr(report, stated.element)[rows_inside.get(code, [])]
            if len(values) and (values >= 0).all():
                counted.append(int(values.sum()))
        if len(counted) == len(stated.unit_codes) and stated.stated not in counted:
            wrong.append(WrongSum(stated, counted[0]))
    return wrong
