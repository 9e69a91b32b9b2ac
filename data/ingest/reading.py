"""The whole work of a reading process on one file: cells, layout, month, units, rules, and what came of it as JSON."""

import hashlib
from collections import Counter
from pathlib import Path

import numpy as np

from data.errors import IngestRefused
from data.ingest.addresses import column_letter
from data.ingest.corrections import corrections_for, load_corrections
from data.ingest.layouts import FoundLayout, find_layouts, find_nearest_layout
from data.ingest.monthly import MonthlySheet, read_monthly_sheet
from data.ingest.received import Received, ReceivedReport, ReceivedTable, Rejection, received_to_message
from data.ingest.rows import refuse
from data.ingest.rules import ERROR, load_rules, severity_of
from data.ingest.sheets import Workbook, read_workbook
from data.ingest.tables import TableReader, TableRows, drop_repeated_rows
from data.ingest.titles import find_period, find_year
from data.ingest.unit_names import UnitNames, get_unit_names
from data.ingest.written import write_counts, write_month
from data.workbook_layouts import load_layouts
from geo.units import boundary_set_of, boundary_sets
from text.words import LANGUAGES, Words

# Sheets of our own empty workbooks and plans that hold no rows.
HELP_SHEETS = frozenset(
    ("Hướng dẫn", "Danh mục", *(Words(language).say("files.sheet_read_first") for language in LANGUAGES))
)
# The hint stands in the second row; a row or two may have been put above it.
HINT_ROWS = 10


def preload() -> None:
    """Everything that every file needs, before the first fork."""
    load_layouts()
    load_rules()
    load_corrections()
    for boundary_set in boundary_sets():
        get_unit_names(boundary_set).preload()


def read_file(request: dict[str, object]) -> list[dict[str, object]]:
    """The parts of one file as messages (see `received`). Raises IngestRefused."""
    parts = read_parts(
        Path(str(request["path"])),
        str(request["kind"]),
        last_period=str(request["last_period"]),
        period=request.get("period"),
        template=request.get("template"),
        marks=tuple(request.get("marks", ())),
    )
    return [received_to_message(part) for part in parts]


def read_parts(
    path: Path,
    kind: str,
    *,
    last_period: str,
    period: str | None = None,
    template: str | None = None,
    marks: tuple[str, ...] = (),
) -> list[Received]:
    """Read and check one file of `kind` (xlsx, xls, csv): one part per sheet that holds rows. Raises IngestRefused."""
    file = path.name
    workbook = read_workbook(path, kind)
    forget_hints(workbook)
    found = find_layouts([sheet for sheet in workbook.sheets if sheet.name not in HELP_SHEETS], template)
    if not found or found[0].missing:
        nearest = found[0].layout if found else find_nearest_layout(workbook.sheets)
        if nearest is None:
            raise IngestRefused("INGEST-LAYOUT", "ingest.no_layout", file=file)
        missing = ", ".join(found[0].missing if found else [one.title for one in nearest.columns if one.required])
        raise IngestRefused(
            "INGEST-LAYOUT",
            "ingest.no_heading",
            file=file,
            template=nearest.title,
            name=nearest.template,
            columns=missing,
        )
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    whole = [refuse(mark, "", file) for mark in marks]
    whole += [refuse("hidden_sheet", "", name) for name in workbook.hidden if name not in HELP_SHEETS]
    whole += [refuse("sheet_not_read", "", name) for name in list_sheets_not_read(workbook, found)]
    if found[0].layout.table:
        parts: list[Received] = [
            read_table(path, sha256, one, workbook, last_period=last_period, period=period) for one in found
        ]
    else:
        parts = read_months(path, sha256, found, workbook, last_period=last_period, period=period)
    parts[0].rejections[:0] = whole
    if not any(part.row_count or getattr(part, "held", ()) for part in parts):
        rejected = [one for part in parts for one in part.rejections if one.severity != "mark"]
        if not rejected:
            raise IngestRefused("INGEST-EMPTY", "ingest.no_rows", file=file)
        raise IngestRefused(
            "INGEST-NOTHING", "ingest.nothing_accepted", file=file, findings=describe_first(parts, rejected)
        )
    return parts


def forget_hints(workbook: Workbook) -> None:
    """Empty the line of our empty workbooks that says what to write there: it names a province and a month as an example, and
    nobody meant them where it was left as it is."""
    hints = {Words(language).say("ingest.template_title_hint") for language in LANGUAGES}
    for sheet in workbook.sheets:
        for row in sheet.rows[:HINT_ROWS]:
            row[:] = [None if type(cell) is str and cell.strip() in hints else cell for cell in row]


def describe_first(parts: list[Received], rejected: list[Rejection]) -> list[list[str]]:
    """The first findings of a file that is refused as a whole, for its report: address, value, rule, hint."""
    sheet = parts[0].sheet
    return [[f"{sheet}!{one.cell}", one.value, one.rule_id, one.hint] for one in rejected[:50]]


def list_sheets_not_read(workbook: Workbook, found: list[FoundLayout]) -> list[str]:
    """Visible sheets with rows in them that hold no table of the layout."""
    used = {one.sheet.name for one in found} | HELP_SHEETS
    return [sheet.name for sheet in workbook.sheets if sheet.rows and sheet.name not in used]


def judge_period(file: str, month: str | None, last_period: str) -> str:
    """The month if it can have been reported. Raises IngestRefused."""
    if month is None:
        raise IngestRefused("INGEST-PERIOD", "ingest.no_period", file=file)
    if month > last_period:
        raise IngestRefused("INGEST-FUTURE", "ingest.future_period", file=file, month=write_month(month))
    return month


def get_names(file: str, month: str) -> UnitNames:
    """The units of a month. Raises IngestRefused before the first list of units."""
    try:
        return get_unit_names(boundary_set_of(month))
    except KeyError as problem:
        raise IngestRefused(
            "INGEST-NO-UNITS", "ingest.period_without_units", file=file, month=write_month(month)
        ) from problem


def read_months(
    path: Path, sha256: str, found: list[FoundLayout], workbook: Workbook, *, last_period: str, period: str | None
) -> list[Received]:
    """Every sheet of a monthly report. Raises IngestRefused where sums fail or the units are of several provinces."""
    file = path.name
    parts: list[Received] = []
    for one in found:
        written = find_period(one.sheet.rows[: one.heading_row])
        written = written or find_period(
            row for sheet in workbook.sheets if sheet.name not in HELP_SHEETS for row in sheet.rows[:30]
        )
        month = judge_period(file, period or written, last_period)
        names = get_names(file, month)
        sheet = read_monthly_sheet(one, month, names, corrections_for(load_corrections(), month, sha256))
        if written not in (None, month):
            sheet.rejections.append(refuse("period_differs", "", f"{write_month(written)} / {write_month(month)}"))
        provinces = sorted(
            {names.units[code].province_code for code in [*sheet.accepted.unit_code, *sheet.held.unit_code]}
        )
        if len(provinces) > 1:
            raise IngestRefused(
                "INGEST-PROVINCES", "ingest.several_provinces", file=file, provinces=", ".join(provinces)
            )
        refuse_wrong_sums(file, one.sheet.name, sheet)
        parts.append(
            ReceivedReport(
                path=path,
                sha256=sha256,
                sheet=one.sheet.name,
                template=one.layout.template,
                period=month,
                province_code=provinces[0] if provinces else sheet.province or "",
                columns=sheet.accepted,
                held=sheet.held,
                letters=sheet.letters,
                rejections=sheet.rejections,
            )
        )
    return refuse_units_of_several_sheets(parts)


def refuse_wrong_sums(file: str, sheet_name: str, sheet: MonthlySheet) -> None:
    """A stated sum that differs from its rows refuses the file or marks it, as the rules say."""
    if not sheet.wrong_sums:
        return
    findings = []
    for wrong in sheet.wrong_sums:
        cell = f"{wrong.stated.letter}{wrong.stated.row}"
        findings.append(refuse("children_not_total", cell, write_counts(wrong.stated.stated, wrong.counted)))
    if severity_of("children_not_total") == ERROR:
        raise IngestRefused(
            "INGEST-TOTALS",
            "ingest.totals_fail",
            file=file,
            findings=[[f"{sheet_name}!{one.cell}", one.value, one.rule_id, one.hint] for one in findings],
        )
    sheet.rejections.extend(findings)


def refuse_units_of_several_sheets(parts: list[Received]) -> list[Received]:
    """A unit in two sheets of one month is refused in both."""
    units = [(part.period, code) for part in parts for code in part.columns.unit_code]
    if len(set(units)) == len(units):
        return parts
    repeated = {key for key, times in Counter(units).items() if times > 1}
    judged: list[Received] = []
    for part in parts:
        twice = np.array([(part.period, code) in repeated for code in part.columns.unit_code], dtype=bool)
        letter = part.letters["insured", ""]
        said = [
            refuse(
                "unit_twice",
                f"{letter}{part.columns.source_row[row]}",
                part.columns.unit_code[row],
                part.columns.unit_code[row],
            )
            for row in np.flatnonzero(twice)
        ]
        judged.append(part.without(twice, said))
    return judged


def read_table(
    path: Path, sha256: str, found: FoundLayout, workbook: Workbook, *, last_period: str, period: str | None
) -> ReceivedTable:
    """A sheet of any other layout. Its units are looked for in the list of the month or year it is about: `--period`,
    its title, its newest year, else today."""
    file, layout = path.name, found.layout
    titles = found.sheet.rows[: found.heading_row]
    fixed = layout.fixed.get("period")
    stated = period or fixed or find_period(titles)
    year = find_year(titles)
    month = stated or (f"{year}-12" if year else None)
    needs_period = any(column.element == "period" for column in layout.columns) or layout.fixed.get("needs_period")
    names = get_names(file, min(str(month or last_period), last_period))
    rows: TableRows = TableReader(found, names).read()
    columns = rows.columns
    columns.pop("needs_period", None)
    if needs_period and not fixed:
        own = columns.get("period", [])
        default = judge_period(file, month, last_period) if not own or None in own else None
        columns["period"] = [value or default for value in own] or [default] * len(columns["source_row"])
        for value in columns["period"]:
            judge_period(file, str(value), last_period)
    if "year" in columns and year is not None:
        columns["year"] = [value or year for value in columns["year"]]
    letters = {key: column_letter(place) for key, place in found.columns.items()}
    rows = drop_repeated_rows(rows, layout.row_key, next(iter(letters.values())))
    codes = [code for code in columns.get("unit_code", []) if code]
    provinces = {names.units[str(code)].province_code for code in codes}
    return ReceivedTable(
        path=path,
        sha256=sha256,
        sheet=found.sheet.name,
        template=layout.template,
        period=str(month) if month else None,
        province_code=provinces.pop() if len(provinces) == 1 else None,
        table=layout.table,
        key=layout.row_key,
        columns=rows.columns,
        letters=letters,
        rejections=rows.rejections,
    )
