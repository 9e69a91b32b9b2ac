"""Which unit each row of a sheet is about: by its code, or by its name inside the district or province named above."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import compress

from data.ingest.addresses import column_letter
from data.ingest.cells import Cell, read_code_digits
from data.ingest.layouts import FoundLayout
from data.ingest.received import Rejection
from data.ingest.rules import severity_of
from data.ingest.unit_names import UnitNames
from data.ingest.written import write_cell
from data.ingest.xlsx_scan import BrokenCell
from geo.units import NATION
from text.names import search_key

HOSTILE_STARTS = ("=", "+", "-", "@", "\t")


def refuse(rule_id: str, cell: str, value: Cell, unit_code: str | None = None, hint: str = "") -> Rejection:
    """A rejection with the severity the rules give it; `value` is what stood in the cell, or what was made of it."""
    return Rejection(rule_id, severity_of(rule_id), cell, unit_code, write_cell(value)[:200], hint)


def rule_of_bad_cell(cell: Cell, rule_id: str) -> str:
    """Why a cell could not be read: it holds an error, a formula without a result, or something else (`rule_id`)."""
    return cell.rule_id if isinstance(cell, BrokenCell) else rule_id


def is_hostile_name(name: str) -> bool:
    """Whether a name would run as a formula in a spreadsheet or as markup on a page; a leading bullet is neither."""
    bare = name.strip()
    if bare.startswith(HOSTILE_STARTS) and not bare[1:2].isspace():
        return True
    return "<" in bare and (">" in bare or "<script" in bare.lower())


@dataclass
class RowUnits:
    """The rows of units below a heading. `places` are rows of the sheet from 0; `stated` are rows that give sums:
    place → codes of the provinces or districts they may be about (none where that is not clear)."""

    places: list[int] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    held: list[bool] = field(default_factory=list)
    stated: dict[int, tuple[str, ...]] = field(default_factory=dict)
    rejections: list[Rejection] = field(default_factory=list)

    def take(self, stays: list[bool]) -> "RowUnits":
        """The same without some rows of units."""
        return replace(
            self,
            places=list(compress(self.places, stays)),
            codes=list(compress(self.codes, stays)),
            held=list(compress(self.held, stays)),
        )


class RowReader:
    """Goes down the rows of one sheet, remembering the district of the last heading row."""

    def __init__(self, found: FoundLayout, names: UnitNames) -> None:
        self.found = found
        self.names = names
        self.code_place = found.columns.get(("unit_code", ""))
        self.name_place = found.columns.get(("unit_name", ""))
        titles = [*found.titles, found.sheet.name]
        self.province = names.find_place(titles, "province")
        self.district = names.find_place(titles, "district", self.province) if self.province else None
        if self.district is None and self.province is None:
            self.district = names.find_place(titles, "district")

    def read(self, has_figures: list[bool]) -> RowUnits:
        """Every row below the heading; `has_figures` says of each whether a count stands in it."""
        result = RowUnits()
        first = self.found.first_row
        rows = self.found.sheet.rows[first:]
        code_cells, name_cells = column_of(rows, self.code_place), column_of(rows, self.name_place)
        official = self.names.official_names
        for place, (code, name) in enumerate(zip(code_cells, name_cells, strict=True), start=first):
            # Nearly every row: the code as text, and the name just as the list of units writes it.
            if type(code) is str and name is not None and official.get(code) == name:
                result.places.append(place)
                result.codes.append(code)
                result.held.append(False)
            else:
                self._read_row(place, rows[place - first], has_figures[place - first], result)
        return result

    def _read_row(self, place: int, row: list[Cell], has_figures: bool, result: RowUnits) -> None:
        name_cell = cell_at(row, self.name_place)
        name = name_cell if isinstance(name_cell, str) else ""
        code_cell = cell_at(row, self.code_place)
        digits = read_code_digits(code_cell)
        if digits == "":
            self._read_row_without_code(place, row, name, has_figures, result)
            return
        if len(digits or "") < 5 and not any(letter.isalpha() for letter in name):
            return  # the line under the heading that numbers the columns (1, 2, 3 …)
        code = self.names.resolve_code(digits, name) if digits is not None else None
        address = self._address(self.code_place, place)
        if code is None:
            if has_figures:
                hint = self._suggest(name) if name else ""
                result.rejections.append(
                    refuse(rule_of_bad_cell(code_cell, "not_a_code"), address, code_cell, hint=hint)
                )
        elif code in self.names.sums:
            self._enter(place, (code,), result)
        else:
            self._take(place, code, name, result)

    def _read_row_without_code(
        self, place: int, row: list[Cell], name: str, has_figures: bool, result: RowUnits
    ) -> None:
        label = name or next((cell for cell in row if isinstance(cell, str)), "")
        if not any(letter.isalpha() for letter in label):
            return
        inside = self.district or self.province
        code = self.names.find(label, "commune", inside) if inside and has_figures else None
        if code is not None:
            if self.code_place is not None:
                address = self._address(self.code_place, place)
                result.rejections.append(refuse("matched_by_name", address, label, code))
            self._take(place, code, label, result)
            return
        folded = search_key(label)
        is_sum = any(folded == word or folded.startswith(word + " ") for word in self.found.layout.subtotal_words)
        if is_sum:
            self._enter(place, self._find_holders(label), result)
        elif has_figures:
            # What has neither code nor figures is a title, a note or the signature block.
            rule_id = "name_unmatched" if self.code_place is None else "code_missing"
            column = self.name_place if self.code_place is None else self.code_place
            hint = self._suggest(label)
            result.rejections.append(refuse(rule_id, self._address(column, place), label, hint=hint))

    def _find_holders(self, label: str) -> tuple[str, ...]:
        """The districts or provinces that a row of sums can be about."""
        whole = self.province or NATION
        if search_key(label) in self.found.layout.subtotal_words:
            return (self.district, whole) if self.district else (whole,)
        found = self.names.find_holder(label, "district", whole) or self.names.find(label, "province", NATION)
        return (found,) if found else ()

    def _enter(self, place: int, codes: tuple[str, ...], result: RowUnits) -> None:
        """A row of sums: the rows below may belong to its district."""
        result.stated[place] = codes
        if not codes:
            self.district = None
        elif len(codes) == 1 and self.names.units[codes[0]].level == "district":
            self.district = codes[0]

    def _take(self, place: int, code: str, name: str, result: RowUnits) -> None:
        address = self._address(self.name_place, place)
        unit = self.names.units.get(code)
        hostile = is_hostile_name(name)
        if hostile:
            result.rejections.append(refuse("hostile_text", address, name, code))
        elif unit is not None and name and not self.names.is_named(code, name):
            result.rejections.append(refuse("name_differs", address, name, code, self.names.describe([code])))
        result.places.append(place)
        result.codes.append(code)
        result.held.append(hostile and severity_of("hostile_text") == "hold")

    def _suggest(self, name: str) -> str:
        inside = self.district or self.province
        return self.names.describe(self.names.suggest(name, "commune", inside)) if inside else ""

    def _address(self, column: int | None, place: int) -> str:
        return f"{column_letter(column or 0)}{place + 1}"


def column_of(rows: list[list[Cell]], place: int | None) -> list[Cell]:
    """The cells of one column."""
    if place is None:
        return [None] * len(rows)
    try:
        return [row[place] for row in rows]
    except IndexError:  # rows of text files differ in length
        return [cell_at(row, place) for row in rows]


def cell_at(row: list[Cell], place: int | None) -> Cell:
    """The cell in a column of a row that may be shorter; None beyond its end."""
    return row[place] if place is not None and place < len(row) else None


def mark_unread_columns(found: FoundLayout, places: Iterable[int]) -> list[Rejection]:
    """A mark per column with no heading that the layout knows, where something stands in it on one of the rows
    `places`: what is not read must not be left out in silence."""
    rows = [found.sheet.rows[place] for place in places]
    marks = []
    for column in range(max(map(len, rows), default=0)):
        if column not in found.known and any(cell not in (None, "") for cell in column_of(rows, column)):
            heading_row, heading = found.heading_of(column)
            marks.append(refuse("column_not_read", f"{column_letter(column)}{heading_row + 1}", heading))
    return marks
