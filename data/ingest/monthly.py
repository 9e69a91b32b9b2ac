"""A sheet of a monthly report as `ReportColumns`: every cell becomes a figure with its address, or a rejection."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.ingest.addresses import column_letter
from data.ingest.cells import Cell, parse_counts, parse_percents
from data.ingest.checks import Finding, check_rates, check_report, rows_to_hold, rows_to_keep
from data.ingest.columns import MISSING, REPORTED, UNKNOWN, ReportColumns
from data.ingest.corrections import Correction, apply_corrections
from data.ingest.layouts import FoundLayout
from data.ingest.received import Rejection
from data.ingest.rows import RowReader, RowUnits, column_of, mark_unread_columns, refuse, rule_of_bad_cell
from data.ingest.totals import StatedSum, WrongSum, find_wrong_sums
from data.ingest.unit_names import UnitNames
from data.ingest.written import write_cell

COUNTED = ("population", "insured", "group_insured", "eligible")
# A row that could not be told apart leaves the sums of its district open.
LOST_ROWS = frozenset(("code_missing", "name_unmatched", "not_a_code"))
BROKEN_SETS = frozenset(("unit_unknown", "unit_twice"))


@dataclass(frozen=True)
class MonthlySheet:
    """What one sheet says: the rows that pass, those held back, and the sums that are wrong."""

    accepted: ReportColumns
    held: ReportColumns
    rejections: list[Rejection]
    wrong_sums: list[WrongSum]
    letters: dict[tuple[str, str], str]
    province: str | None


@dataclass(frozen=True)
class SheetCounts:
    """Counts of every row below the heading, by element; `bad` are (row, column key) of cells that are no counts."""

    cells: dict[tuple[str, str], list[Cell]]
    counts: dict[tuple[str, str], NDArray[np.int64]]
    bad: list[tuple[int, tuple[str, str]]]


def read_counts(found: FoundLayout) -> SheetCounts:
    """The columns of people, whole."""
    body = found.sheet.rows[found.first_row :]
    cells, counts, bad = {}, {}, []
    for key, place in found.columns.items():
        if key[0] in COUNTED:
            cells[key] = column_of(body, place)
            counts[key], unreadable = parse_counts(cells[key])
            bad += [(int(row), key) for row in unreadable]
    return SheetCounts(cells, counts, bad)


def read_monthly_sheet(
    found: FoundLayout, period: str, names: UnitNames, corrections: list[Correction]
) -> MonthlySheet:
    """Read and check one sheet of one month."""
    sheet_counts = read_counts(found)
    body = len(found.sheet.rows) - found.first_row
    has_figures = np.zeros(body, dtype=bool)
    for values in sheet_counts.counts.values():
        has_figures |= values >= 0
    reader = RowReader(found, names)
    units = reader.read(has_figures.tolist())
    letters = {key: column_letter(found.columns[key]) for key in sheet_counts.counts}
    rejections = units.rejections + mark_unread_columns(found, units.places)
    report = make_columns(found, period, units, sheet_counts, rejections)
    report, stays, corrected = apply_corrections(report, corrections, letters)
    if not stays.all():
        report = report.take(stays)
        units = units.take(stays.tolist())
    rejections += corrected
    findings = check_report(report, names.reporting_codes) + check_percentages(found, units, report)
    code_place = found.columns.get(("unit_code", ""))
    code_letter = letters["insured", ""] if code_place is None else column_letter(code_place)
    rejections += list_rejections(findings, report, letters, names, code_letter)
    kept = rows_to_keep(report, findings) & ~rows_unread(report, found, sheet_counts)
    hold = kept & (rows_to_hold(report, findings) | np.array(units.held, dtype=bool))
    rule_ids = {rejection.rule_id for rejection in rejections}
    stated, wrong_sums = list_stated_sums(found, units, sheet_counts), []
    if not rule_ids & (LOST_ROWS | BROKEN_SETS) and not corrected:
        wrong_sums = find_wrong_sums(report, stated, names)
    elif stated:
        rejections.append(refuse("sums_not_checked", "", found.sheet.name))
    return MonthlySheet(report.take(kept & ~hold), report.take(hold), rejections, wrong_sums, letters, reader.province)


def rows_unread(report: ReportColumns, found: FoundLayout, sheet: SheetCounts) -> NDArray[np.bool_]:
    """Rows whose population or insured people were written and cannot be read. A blank says that there is no figure and replaces
    an older one; what cannot be read says nothing, so the row is refused and the older figure stays."""
    unread = [found.first_row + row + 1 for row, (element, _) in sheet.bad if element in ("population", "insured")]
    return np.isin(report.source_row, unread)


def make_columns(
    found: FoundLayout, period: str, units: RowUnits, sheet: SheetCounts, rejections: list[Rejection]
) -> ReportColumns:
    """Columns of the rows of units; cells that are no counts are unknown and stand in `rejections`."""
    rows = np.array(units.places, dtype=np.int64) - found.first_row
    code_of = dict(zip(rows.tolist(), units.codes, strict=True))
    for row, key in sheet.bad:
        if row in code_of:
            cell = sheet.cells[key][row]
            address = f"{column_letter(found.columns[key])}{found.first_row + row + 1}"
            said = write_cell(cell, is_count=True)
            rejections.append(refuse(rule_of_bad_cell(cell, "not_a_count"), address, said, code_of[row]))
    population = sheet.counts["population", ""][rows]
    insured = sheet.counts["insured", ""][rows]
    groups = tuple(group for element, group in found.columns if element == "group_insured")

    def stack(element: str) -> NDArray[np.int64]:
        unknown = np.full(len(rows), UNKNOWN, dtype=np.int64)
        columns = [
            sheet.counts[element, group][rows] if (element, group) in sheet.counts else unknown for group in groups
        ]
        return np.stack(columns, axis=1) if groups else np.empty((len(rows), 0), dtype=np.int64)

    missing = insured < 0
    group_insured = stack("group_insured")
    group_insured[missing] = UNKNOWN
    return ReportColumns(
        period=period,
        unit_code=np.array(units.codes, dtype=object),
        population=population,
        insured=insured,
        obs_status=np.where(missing, MISSING, REPORTED).astype(np.uint8),
        payer_groups=groups,
        eligible=stack("eligible"),
        group_insured=group_insured,
        is_simulated=False,
        source_id=0,
        source_row=rows.astype(np.int32) + found.first_row + 1,
    )


def check_percentages(found: FoundLayout, units: RowUnits, report: ReportColumns) -> list[Finding]:
    """The stated rates and plans of the rows of units, where the sheet has such columns."""

    def read(element: str) -> NDArray[np.float64]:
        place = found.columns.get((element, ""))
        return parse_percents(column_of([found.sheet.rows[row] for row in units.places], place))

    if ("rate", "") not in found.columns and ("plan", "") not in found.columns:
        return []
    return check_rates(report, read("rate"), read("plan"))


def list_stated_sums(found: FoundLayout, units: RowUnits, sheet: SheetCounts) -> list[StatedSum]:
    """Every sum that the sheet states for a district, a province or the whole."""
    sums = []
    for place, codes in units.stated.items():
        for element in ("population", "insured"):
            value = int(sheet.counts[element, ""][place - found.first_row])
            if codes and value >= 0:
                letter = column_letter(found.columns[element, ""])
                sums.append(StatedSum(element, letter, place + 1, codes, value))
    return sums


def list_rejections(
    findings: list[Finding],
    report: ReportColumns,
    letters: dict[tuple[str, str], str],
    names: UnitNames,
    code_letter: str,
) -> list[Rejection]:
    """Findings of the checks with the cell they are about, on the unit's row: its code, or the insured people."""
    rejections = []
    for finding in findings:
        letter = code_letter if finding.rule_id in BROKEN_SETS else letters["insured", ""]
        for row, value in zip(finding.rows, finding.values, strict=True):
            code = str(report.unit_code[row])
            hint = names.describe(names.suggest_for_code(code)) if finding.rule_id == "unit_unknown" else ""
            cell = f"{letter}{report.source_row[row]}"
            rejections.append(Rejection(finding.rule_id, finding.severity, cell, code, value, hint))
    return rejections
