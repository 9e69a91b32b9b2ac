"""A provincial monthly workbook as `ReportColumns`: every cell becomes a figure with its address, or a rejection."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from data.errors import IngestRefused
from data.ingest.cells import Cell, parse_count, parse_counts, read_code_digits
from data.ingest.checks import ERROR, Finding, check_report, rows_to_keep
from data.ingest.columns import MISSING, REPORTED, UNKNOWN, ReportColumns
from data.ingest.layouts import FoundLayout, find_layout
from data.ingest.workbook_file import read_sheets
from geo.units import boundary_set_of, load_units, map_order
from text.names import match_key, search_key

# On folded text (no marks, no punctuation). A signing date ("Hà Nội, ngày 05 tháng 01 năm 2021") is not the report's
# month.
_CUT_OFF = re.compile(r"\bden (?:het )?(?:ngay )?\d{1,2} (?:thang )?(\d{1,2}) (?:nam )?(\d{4})\b")
_ANY_DATE = re.compile(r"\bngay \d{1,2} (?:thang )?\d{1,2} (?:nam )?\d{4}\b")
_MONTH = re.compile(r"\bthang (\d{1,2}) (?:nam )?(\d{4})\b")


@dataclass(frozen=True)
class Rejection:
    """A cell that was refused or marked, with what stood in it."""

    rule_id: str
    severity: str
    cell: str
    unit_code: str | None
    value: str


@dataclass(frozen=True)
class ReceivedReport:
    """One workbook, read and checked. `columns` holds the rows that pass (source_id is 0 until it is loaded)."""

    path: Path
    sha256: str
    sheet: str
    template: str
    period: str
    province_code: str
    columns: ReportColumns
    letters: dict[tuple[str, str], str]
    rejections: list[Rejection]

    def address_of(self, cell: str) -> str:
        return f"{self.path.name}!{self.sheet}!{cell}"


def column_letter(number: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def find_period(rows: Iterable[list[Cell]]) -> str | None:
    """The month named in the title rows: "Tháng 12/2020", "tháng 12 năm 2020", else "đến ngày 31/12/2020".

    None where no month is named, or several different ones are: then a person has to say which.
    """
    folded = [search_key(cell) for row in rows for cell in row if isinstance(cell, str)]
    named = [found for text in folded for found in _MONTH.findall(_ANY_DATE.sub(" ", text))]
    named = named or [found for text in folded for found in _CUT_OFF.findall(text)]
    months = {
        f"{year}-{int(month):02d}" for month, year in named if 1 <= int(month) <= 12 and 2000 <= int(year) <= 2100
    }
    return months.pop() if len(months) == 1 else None


def read_report(path: Path, *, last_period: str, period: str | None = None) -> ReceivedReport:
    """Read and check one workbook. `last_period` is the newest month that can have been reported; `period` overrides
    the title.

    Raises IngestRefused where the file as a whole cannot be used.
    """
    file = path.name
    found = find_layout(read_sheets(path))
    if found is None or found.missing:
        title = found.layout.title if found else "–"
        columns = ", ".join(found.missing) if found else "–"
        raise IngestRefused("INGEST-LAYOUT", "ingest.no_heading", file=file, template=title, columns=columns)
    month = period or find_period(found.sheet.rows[: found.heading_row])
    if month is None:
        raise IngestRefused("INGEST-PERIOD", "ingest.no_period", file=file)
    if month > last_period:
        raise IngestRefused("INGEST-FUTURE", "ingest.future_period", file=file, period=month)
    try:
        boundary_set = boundary_set_of(month)
    except KeyError as problem:
        raise IngestRefused("INGEST-NO-UNITS", "ingest.period_without_units", file=file, period=month) from problem
    columns, rejections = read_rows(found, month, boundary_set)
    findings = check_report(columns, map_order(boundary_set, "commune"))
    letters = {
        key: column_letter(place)
        for key, place in found.columns.items()
        if key[0] in ("population", "insured", "group_insured")
    }
    rejections += list_rejections(findings, columns, letters)
    accepted = columns.take(rows_to_keep(columns, findings))
    if not len(columns) and not rejections:
        raise IngestRefused("INGEST-EMPTY", "ingest.no_rows", file=file)
    if not len(accepted):
        raise IngestRefused("INGEST-NOTHING", "ingest.nothing_accepted", file=file)
    provinces = load_units(boundary_set).set_index("unit_code").loc[list(accepted.unit_code), "province_code"].unique()
    if len(provinces) > 1:
        raise IngestRefused(
            "INGEST-PROVINCES", "ingest.several_provinces", file=file, provinces=", ".join(sorted(provinces))
        )
    return ReceivedReport(
        path=path,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        sheet=found.sheet.name,
        template=found.layout.template,
        period=month,
        province_code=str(provinces[0]),
        columns=accepted,
        letters=letters,
        rejections=rejections,
    )


def list_rejections(
    findings: list[Finding], report: ReportColumns, letters: dict[tuple[str, str], str]
) -> list[Rejection]:
    """Findings of the checks with the cell they are about: the insured one, on the unit's row."""
    letter = letters["insured", ""]
    return [
        Rejection(
            finding.rule_id, finding.severity, f"{letter}{report.source_row[row]}", str(report.unit_code[row]), value
        )
        for finding in findings
        for row, value in zip(finding.rows, finding.values, strict=True)
    ]


def read_rows(found: FoundLayout, period: str, boundary_set: str) -> tuple[ReportColumns, list[Rejection]]:
    """The rows of units below the heading, and the cells that could not be read. Sums, notes and blank rows are
    passed over."""
    layout, places = found.layout, found.columns
    counted = [key for key in places if key[0] in ("population", "insured", "group_insured")]
    width = max(places.values()) + 1
    resolver = get_resolver(boundary_set)
    rejections: list[Rejection] = []
    codes: list[str] = []
    numbers: list[int] = []
    kept: list[list[Cell]] = []
    for number, row in enumerate(found.sheet.rows[found.first_row :], start=found.first_row + 1):
        cells = list(row[:width]) + [None] * (width - len(row))
        has_figures = any(parse_count(cells[places[key]]) not in (UNKNOWN, None) for key in counted)
        name = cells[places["unit_name", ""]]
        name = name if isinstance(name, str) else ""
        code_cell = cells[places["unit_code", ""]]
        digits = read_code_digits(code_cell)
        address = f"{column_letter(places['unit_code', ''])}{number}"
        if digits == "":
            label = name or next((cell for cell in row if isinstance(cell, str)), "")
            is_sum = any(search_key(label).startswith(word) for word in layout.subtotal_words)
            # What has neither code nor figures is a title, a note or the signature block.
            if has_figures and not is_sum:
                rejections.append(Rejection("code_missing", ERROR, address, None, label))
            continue
        if not is_text_row(name) and len(digits or "") < 5:
            continue  # the line under the heading that numbers the columns (1, 2, 3 …)
        code = resolver.resolve(digits, name) if digits is not None else None
        if code is None:
            if has_figures:
                rejections.append(Rejection("not_a_code", ERROR, address, None, str(code_cell)))
        elif code not in resolver.sums:
            codes.append(code)
            numbers.append(number)
            kept.append(cells)
    return make_columns(found, period, codes, numbers, kept, rejections), rejections


def is_text_row(name: str) -> bool:
    """Whether the name cell holds a name: some letter in it."""
    return any(letter.isalpha() for letter in name)


def make_columns(
    found: FoundLayout,
    period: str,
    codes: list[str],
    numbers: list[int],
    rows: list[list[Cell]],
    rejections: list[Rejection],
) -> ReportColumns:
    """Columns of counts; cells that are no counts are unknown and stand in `rejections`, and their row is `missing`."""

    def read(key: tuple[str, str]) -> np.ndarray:
        place = found.columns[key]
        counts, bad = parse_counts([row[place] for row in rows])
        for row in bad:
            cell = f"{column_letter(place)}{numbers[row]}"
            rejections.append(Rejection("not_a_count", ERROR, cell, codes[row], str(rows[row][place])))
        return counts

    population, insured = read(("population", "")), read(("insured", ""))
    groups = tuple(group for element, group in found.columns if element == "group_insured")
    group_columns = [read(("group_insured", group)) for group in groups]
    group_insured = np.stack(group_columns, axis=1) if groups else np.empty((len(rows), 0), dtype=np.int64)
    missing = insured < 0
    group_insured[missing] = UNKNOWN
    return ReportColumns(
        period=period,
        unit_code=np.array(codes, dtype=object),
        population=population,
        insured=insured,
        obs_status=np.where(missing, MISSING, REPORTED).astype(np.uint8),
        payer_groups=groups,
        eligible=np.full(group_insured.shape, UNKNOWN, dtype=np.int64),
        group_insured=group_insured,
        is_simulated=False,
        source_id=0,
        source_row=np.array(numbers, dtype=np.int32),
    )


class CodeResolver:
    """Unit codes of a boundary set from what stands in a cell. `sums` are units whose rows are sums of other rows."""

    def __init__(self, boundary_set: str) -> None:
        units = load_units(boundary_set)
        reporting = set(map_order(boundary_set, "commune"))
        self._names = pd.Series(units["name"].map(match_key).to_numpy(), index=units["unit_code"]).to_dict()
        self._short = pd.Series(units["short_name"].map(match_key).to_numpy(), index=units["unit_code"]).to_dict()
        self.sums = frozenset(code for code in units["unit_code"] if code not in reporting)

    def resolve(self, digits: str, name: str) -> str | None:
        """The code, or None. Full-length codes are taken as they stand, known or not. Lost leading zeros are restored
        where only one unit fits, or only one of those that fit has the row's name; the name never overrules a full
        code."""
        if len(digits) == 5:
            return digits
        fitting = [code for size in (2, 3, 5) if len(digits) <= size and (code := digits.zfill(size)) in self._names]
        if len(fitting) > 1:
            wanted = match_key(name)
            fitting = [code for code in fitting if wanted and wanted in (self._names[code], self._short[code])]
        return fitting[0] if len(fitting) == 1 else None


@cache
def get_resolver(boundary_set: str) -> CodeResolver:
    """The resolver of a boundary set, made once per process."""
    return CodeResolver(boundary_set)
