"""A sheet of any layout but the monthly report as rows of one table of the store, cell by cell with its type."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from data.ingest.addresses import column_letter
from data.ingest.cells import (
    Cell,
    parse_choice,
    parse_count,
    parse_date,
    parse_percent_exactly,
    parse_year,
    read_code_digits,
)
from data.ingest.layouts import FoundLayout
from data.ingest.received import Rejection
from data.ingest.rows import cell_at, is_hostile_name, mark_unread_columns, refuse, rule_of_bad_cell
from data.ingest.rules import ERROR, limit_of, severity_of
from data.ingest.titles import find_period
from data.ingest.unit_names import UnitNames
from data.ingest.written import write_cell
from data.workbook_layouts import Column
from geo.units import NATION
from text.names import normalise_name, search_key

UNIT_TYPES = frozenset(("unit_code", "unit_name", "province_name", "district_name"))
_RULES = {
    "count": "not_a_count",
    "percent": "not_a_percent",
    "date": "not_a_date",
    "year": "not_a_year",
    "period": "not_a_date",
    "choice": "not_a_choice",
}


class BadCell(Exception):
    """A cell that cannot be what its column asks for; `rule_id` says why."""

    def __init__(self, rule_id: str) -> None:
        self.rule_id = rule_id
        super().__init__(rule_id)


@dataclass
class TableRows:
    """Rows of one table: `columns` has a list per column and `source_row`, the row of the sheet from 1."""

    columns: dict[str, list[object]]
    rejections: list[Rejection] = field(default_factory=list)


def parse_cell(cell: Cell, column: Column) -> object:
    """A cell as the value of its column, as JSON knows it; None for a blank. Raises BadCell."""
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    rule_id = rule_of_bad_cell(cell, _RULES.get(column.type, "hostile_text"))
    if column.type == "count":
        count = parse_count(cell)
        if count is None:
            raise BadCell(rule_id)
        return None if count < 0 else count
    if column.type == "text":
        return read_text(cell, rule_id)
    parsed = {
        "percent": parse_percent_exactly,
        "date": parse_date,
        "year": parse_year,
        "period": lambda value: find_period([["tháng " + str(value).removeprefix("Tháng ").removeprefix("tháng ")]]),
        "choice": lambda value: parse_choice(value, column.choices),
    }[column.type](cell)
    if parsed is None:
        raise BadCell(rule_id)
    if isinstance(parsed, date | Decimal):
        return str(parsed)
    return parsed


def read_text(cell: Cell, rule_id: str) -> str:
    """Free text: NFC, one space between words, a leading bullet left out. Raises BadCell for markup and formulas."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = normalise_name(str(cell))
    if rule_id != "hostile_text" or is_hostile_name(text):
        raise BadCell(rule_id)
    if len(text) > limit_of("text_too_long", "letters"):
        raise BadCell("text_too_long")
    return text.lstrip("-+*• ").strip()


class TableReader:
    """Goes down the rows of one sheet of a layout."""

    def __init__(self, found: FoundLayout, names: UnitNames) -> None:
        self.found, self.names = found, names
        self.layout = found.layout
        titles = [*found.titles, found.sheet.name]
        self.province = names.find_place(titles, "province")
        self.district = names.find_place(titles, "district", self.province or NATION)
        self._above: dict[str, Cell] = {}
        self._left_empty: list[int] = []  # rows of a workbook that was handed out with its units
        self.groups = list(dict.fromkeys(group for _, group in found.columns if group))
        self.own = [self.layout.column(*key) for key in found.columns if not key[1]]
        self.by_group = [self.layout.column(*key) for key in found.columns if key[1]]

    def read(self) -> TableRows:
        """Every row below the heading that holds anything of the table; rows with an error are left out and listed."""
        names = [column.element for column in self.own if column.type not in UNIT_TYPES]
        if any(column.type in UNIT_TYPES for column in self.layout.columns):
            names += ["unit_code", "boundary_set"]
        names += list(self.layout.fixed)
        if self.groups:
            names += ["payer_group", *dict.fromkeys(column.element for column in self.by_group)]
        result = TableRows({name: [] for name in dict.fromkeys([*names, "source_row"])})
        for place in range(self.found.first_row, len(self.found.sheet.rows)):
            self._read_row(place, self.found.sheet.rows[place], result)
        read = [int(str(row)) - 1 for row in dict.fromkeys(result.columns["source_row"])]
        result.rejections += mark_unread_columns(self.found, read)
        if self._left_empty:
            first = f"{column_letter(self.found.columns[self.own[0].key])}{self._left_empty[0] + 1}"
            result.rejections.append(refuse("rows_left_empty", first, str(len(self._left_empty))))
        return result

    def _read_row(self, place: int, row: list[Cell], result: TableRows) -> None:
        cells = {column.element: self._cell(row, column) for column in self.own}
        values: dict[str, object] = {"source_row": place + 1, **self.layout.fixed}
        rejections: list[Rejection] = []
        if self._is_passed_over(row, cells):
            return
        if self.layout.asked and not any(cells.get(element) is not None for element in self.layout.asked):
            self._left_empty.append(place)
            return
        for column in self.own:
            if column.type in UNIT_TYPES:
                continue
            try:
                values[column.element] = parse_cell(cells[column.element], column)
            except BadCell as bad:
                rejections.append(self._refuse_cell(bad.rule_id, cells[column.element], column, place))
                continue
            if values[column.element] is None:
                values[column.element] = column.blank
            if column.required and values[column.element] is None:
                rejections.append(refuse("value_missing", self._address(column, place), column.title))
        if "unit_code" in result.columns:
            values["boundary_set"] = self.names.boundary_set
            values["unit_code"] = self._find_unit(place, cells, rejections)
        groups = self._read_groups(place, row, rejections) if self.groups else [{}]
        result.rejections += rejections
        if any(found.severity != "mark" for found in rejections):
            return
        for group in groups:
            for name, column in result.columns.items():
                column.append((values | group).get(name))

    def _cell(self, row: list[Cell], column: Column) -> Cell:
        cell = cell_at(row, self.found.columns[column.key])
        if isinstance(cell, str) and not cell.strip():
            cell = None
        if column.fills_down:
            if cell is not None:
                self._above[column.element] = cell
            cell = self._above.get(column.element)
        return cell

    def _is_passed_over(self, row: list[Cell], cells: dict[str, Cell]) -> bool:
        """Blank rows, the row that numbers the columns, rows of sums, notes and signatures: rows in which fewer than
        two required columns are filled."""
        required = [column for column in self.own if column.required]
        filled = sum(cells[column.element] is not None for column in required)
        if filled == 0 or (filled < 2 and len(required) > 1):
            return True
        texts = [cell for cell in row if isinstance(cell, str) and any(letter.isalpha() for letter in cell)]
        if not texts and not any(column.type in ("unit_code",) for column in self.own):
            return True
        words = self.layout.subtotal_words
        labels = [
            search_key(cells[c.element]) for c in self.own if c.type in UNIT_TYPES and isinstance(cells[c.element], str)
        ]
        labels = labels or [search_key(text) for text in texts[:1]]
        return any(
            label == word or label.startswith(word + " ") or label.endswith(" " + word)
            for label in labels
            for word in words
        )

    def _find_unit(self, place: int, cells: dict[str, Cell], rejections: list[Rejection]) -> str | None:
        """The unit a row is about, by code, else by name inside the province and district that are named. None where
        the row names none (and need not), or with an error in `rejections`."""
        by_type = {column.type: column for column in self.own if column.type in UNIT_TYPES}
        code_column, name_column = by_type.get("unit_code"), by_type.get("unit_name")
        code_cell = cells[code_column.element] if code_column else None
        name = str(cells[name_column.element] or "") if name_column else ""
        digits = read_code_digits(code_cell)
        if search_key(str(code_cell or "")) == "vn":
            return NATION
        if digits:
            code = self.names.resolve_code(digits, name)
            unit = self.names.units.get(code or "")
            if unit is None or unit.level not in self._levels():
                rejections.append(self._refuse_code(code_column, place, code_cell, code))
                return None
            if name and not self.names.is_named(unit.code, name):
                hint = self.names.describe([unit.code])
                rejections.append(refuse("name_differs", self._address(name_column, place), name, unit.code, hint))
            return unit.code
        if digits is None:
            rejections.append(self._refuse_code(code_column, place, code_cell, None))
            return None
        return self._find_named_unit(place, name, name_column or code_column, by_type, cells, rejections)

    def _refuse_code(self, column: Column, place: int, cell: Cell, code: str | None) -> Rejection:
        rule_id = "unit_unknown" if code else rule_of_bad_cell(cell, "not_a_code")
        hint = self.names.describe(self.names.suggest_for_code(code)) if code else ""
        return refuse(rule_id, self._address(column, place), cell, hint=hint)

    def _levels(self) -> tuple[str, ...]:
        # An island district without communes stands on the commune map as itself.
        return (*self.layout.levels, "district") if "commune" in self.layout.levels else self.layout.levels

    def _find_named_unit(
        self, place: int, name: str, column: Column | None, by_type: dict[str, Column], cells: dict[str, Cell],
        rejections: list[Rejection],
    ) -> str | None:  # fmt: skip
        inside = self._find_holder(by_type, cells)
        if not name:
            if column is not None and column.required:
                rejections.append(refuse("code_missing", self._address(column, place), ""))
            return inside if column is None and inside != NATION else None
        for level in self.layout.levels:
            if (code := self.names.find(name, level, inside)) is not None:
                return code
            if (code := self.names.find_other_type(name, level, inside)) is not None:
                hint = self.names.describe([code])
                rejections.append(refuse("type_differs", self._address(column, place), name, code, hint))
                return code
        hint = next(
            (
                self.names.describe(found)
                for level in self.layout.levels
                if (found := self.names.suggest(name, level, inside))
            ),
            "",
        )
        shown = name if inside == NATION else f"{name.strip()}, {self.names.units[inside].name}"
        rejections.append(refuse("name_unmatched", self._address(column, place), shown, hint=hint))
        return None

    def _find_holder(self, by_type: dict[str, Column], cells: dict[str, Cell]) -> str:
        """The district or province a row names, else the one of the sheet's title, else the nation."""
        province, district = self.province, self.district
        if column := by_type.get("province_name"):
            written = str(cells[column.element] or "")
            province = self.names.find(written, "province", NATION) if written else province
            district = None
        if column := by_type.get("district_name"):
            written = str(cells[column.element] or "")
            district = self.names.find_holder(written, "district", province or NATION) if written else None
        return district or province or NATION

    def _read_groups(self, place: int, row: list[Cell], rejections: list[Rejection]) -> list[dict[str, object]]:
        """One entry per payer group of which the row says anything."""
        found: dict[str, dict[str, object]] = {}
        for column in self.by_group:
            cell = cell_at(row, self.found.columns[column.key])
            try:
                value = parse_cell(cell, column)
            except BadCell as bad:
                rejections.append(self._refuse_cell(bad.rule_id, cell, column, place))
                continue
            if value is not None:
                found.setdefault(column.payer_group, {"payer_group": column.payer_group})[column.element] = value
        return list(found.values())

    def _refuse_cell(self, rule_id: str, cell: Cell, column: Column, place: int) -> Rejection:
        """A rejection of a cell that could not be read."""
        return refuse(rule_id, self._address(column, place), write_cell(cell, is_count=column.type == "count"))

    def _address(self, column: Column, place: int) -> str:
        return f"{column_letter(self.found.columns[column.key])}{place + 1}"


def drop_repeated_rows(rows: TableRows, key: tuple[str, ...], letter: str) -> TableRows:
    """Rows of the same key are refused, all of them: which one is meant is not ours to guess."""
    keys = list(zip(*(rows.columns[name] for name in key), strict=True))
    places: dict[tuple[object, ...], list[int]] = {}
    for place, one in enumerate(keys):
        places.setdefault(one, []).append(place)
    repeated = {place for found in places.values() if len(found) > 1 for place in found}
    if not repeated or severity_of("row_twice") != ERROR:
        return rows
    said = [
        refuse(
            "row_twice", f"{letter}{rows.columns['source_row'][place]}", " · ".join(str(part) for part in keys[place])
        )
        for place in sorted(repeated)
    ]
    kept = {
        name: [v for place, v in enumerate(values) if place not in repeated] for name, values in rows.columns.items()
    }
    return TableRows(kept, rows.rejections + list(dict.fromkeys(said)))
