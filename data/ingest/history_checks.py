"""Checks of received reports against the months before, those of the store and those of the same load."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd

from data.ingest.received import ReceivedReport, Rejection
from data.ingest.rows import refuse
from data.ingest.rules import HOLD, limit_of, severity_of
from data.ingest.unit_names import get_unit_names
from data.ingest.written import write_counts, write_percents
from data.store import Store
from geo.units import boundary_set_of

MOST_MISSING_LISTED = 400


def read_received_figures(store: Store, periods: list[str]) -> pd.DataFrame:
    """period, unit_code, population, insured of what was received (never simulated) in some months."""
    return store.query(
        """
        SELECT period, unit_code, population::BIGINT AS population, insured::BIGINT AS insured
        FROM commune_month
        WHERE NOT is_simulated AND obs_status = 'reported' AND list_contains($periods, period)
        """,
        {"periods": periods},
    )


def months_before(period: str, months: int) -> str:
    year, month = divmod(int(period[:4]) * 12 + int(period[5:]) - 1 - months, 12)
    return f"{year:04d}-{month + 1:02d}"


def check_against_history(reports: list[ReceivedReport], store: Store) -> list[ReceivedReport]:
    """The reports with `population_moved`, `coverage_fell`, `units_missing` and `replaced_in_load` found; rows to hold are held
    back.

    A month is compared with an earlier one of the same list of units only: merged communes move without anybody
    moving.
    """
    year, month = int(limit_of("population_moved", "months")), int(limit_of("coverage_fell", "months"))
    wanted = sorted({months_before(report.period, back) for report in reports for back in (year, month)})
    known: dict[str, dict[str, tuple[int, int]]] = {}
    stored = read_received_figures(store, wanted)
    for row in zip(*(stored[name].tolist() for name in ("period", "unit_code", "population", "insured")), strict=True):
        known.setdefault(row[0], {})[row[1]] = (row[2], row[3])
    judged: dict[int, ReceivedReport] = {}
    for number in sorted(range(len(reports)), key=lambda place: reports[place].period):
        report = reports[number]
        report = judge_population(report, known, months_before(report.period, year))
        report = mark_falls(report, known, months_before(report.period, month))
        judged[number] = report
        columns = report.columns
        known.setdefault(report.period, {}).update(
            zip(
                columns.unit_code.tolist(),
                zip(columns.population.tolist(), columns.insured.tolist(), strict=True),
                strict=True,
            )
        )
    return mark_replaced_reports(mark_missing_units([judged[number] for number in range(len(reports))]))


def find_before(
    report: ReceivedReport, known: dict[str, dict[str, tuple[int, int]]], earlier: str
) -> tuple[np.ndarray, np.ndarray] | None:
    """Population and insured of the report's units in an earlier month, -1 where unknown; None where there is nothing
    to compare with."""
    figures = known.get(earlier)
    if not figures or boundary_set_of(earlier) != boundary_set_of(report.period):
        return None
    before = np.array([figures.get(code, (-1, -1)) for code in report.columns.unit_code], dtype=np.int64).reshape(-1, 2)
    return before[:, 0], before[:, 1]


def judge_population(
    report: ReceivedReport, known: dict[str, dict[str, tuple[int, int]]], earlier: str
) -> ReceivedReport:
    """Rows whose population moved by more than the limit since a year before."""
    found = find_before(report, known, earlier)
    if found is None:
        return report
    before, now = found[0], report.columns.population
    both = (before > 0) & (now >= 0)
    moved = both & (np.abs(now - before) * 100 > limit_of("population_moved", "percent") * np.maximum(before, 1))
    said = describe_rows(
        report, moved, "population_moved", "population", lambda row: write_counts(before[row], now[row])
    )
    if not said:
        return report
    if severity_of("population_moved") == HOLD:
        return report.hold(moved, said)
    return replace(report, rejections=report.rejections + said)


def mark_falls(report: ReceivedReport, known: dict[str, dict[str, tuple[int, int]]], earlier: str) -> ReceivedReport:
    """Rows whose coverage fell by more than the limit since the month before."""
    found = find_before(report, known, earlier)
    if found is None:
        return report
    before_population, before_insured = found
    population, insured = report.columns.population, report.columns.insured
    both = (before_population > 0) & (before_insured >= 0) & (population > 0) & (insured >= 0)
    before = 100.0 * before_insured / np.where(both, before_population, 1)
    now = 100.0 * insured / np.where(both, population, 1)
    fell = both & (before - now > limit_of("coverage_fell", "points"))
    said = describe_rows(
        report, fell, "coverage_fell", "insured",
        lambda row: write_percents(before[row], now[row], decimals=1),
    )  # fmt: skip
    if not said:
        return report
    if severity_of("coverage_fell") == HOLD:
        return report.hold(fell, said)
    return replace(report, rejections=report.rejections + said)


def describe_rows(
    report: ReceivedReport, rows: np.ndarray, rule_id: str, element: str, value: Callable[[int], str]
) -> list[Rejection]:
    """A rejection per row, at the cell of the element."""
    columns, letter = report.columns, report.letters[element, ""]
    return [
        refuse(rule_id, f"{letter}{columns.source_row[row]}", value(row), str(columns.unit_code[row]))
        for row in np.flatnonzero(rows)
    ]


def mark_missing_units(reports: list[ReceivedReport]) -> list[ReceivedReport]:
    """The communes of a province that none of its reports of a month has a row for, listed in the last of them."""
    reported: dict[tuple[str, str], set[str]] = {}
    last: dict[tuple[str, str], int] = {}
    for number, report in enumerate(reports):
        key = report.period, report.province_code
        rows = {one.unit_code for one in report.rejections if one.unit_code}
        reported.setdefault(key, rows).update(report.columns.unit_code.tolist(), report.held.unit_code.tolist(), rows)
        last[key] = number
    marked = list(reports)
    for (period, province), codes in reported.items():
        boundary_set = boundary_set_of(period)
        names = get_unit_names(boundary_set)
        missing = [code for code in list_expected_units(boundary_set).get(province, []) if code not in codes]
        number = last[period, province]
        said = [refuse("units_missing", "", names.units[code].name, code) for code in missing[:MOST_MISSING_LISTED]]
        marked[number] = replace(marked[number], rejections=marked[number].rejections + said)
    return marked


def mark_replaced_reports(reports: list[ReceivedReport]) -> list[ReceivedReport]:
    """Says of a report which later ones of the same load take the place of its figures by other ones. The same figures again
    are no matter."""
    figures: dict[tuple[str, str], tuple[int, int]] = {}
    holder: dict[tuple[str, str], int] = {}
    marked = list(reports)
    for number in reversed(range(len(reports))):
        report = reports[number]
        columns = report.columns
        units = [(report.period, code) for code in columns.unit_code.tolist()]
        stated = list(zip(columns.population.tolist(), columns.insured.tolist(), strict=True))
        later = {holder[unit] for unit, own in zip(units, stated, strict=True) if figures.get(unit, own) != own}
        said = [refuse("replaced_in_load", "", name) for name in sorted({reports[one].path.name for one in later})]
        marked[number] = replace(report, rejections=report.rejections + said)
        for unit, own in zip(units, stated, strict=True):
            if unit not in figures:
                figures[unit], holder[unit] = own, number
    return marked


@cache
def list_expected_units(boundary_set: str) -> dict[str, list[str]]:
    """Province → the units that report in it."""
    names = get_unit_names(boundary_set)
    expected: dict[str, list[str]] = {}
    for code in names.reporting:
        expected.setdefault(names.units[code].province_code, []).append(code)
    return expected
