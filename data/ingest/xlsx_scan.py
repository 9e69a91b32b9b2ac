"""A look at the XML of an .xlsx before the parser sees it: cells that lie too far out, and cells without a value.

Runs in the child. A single cell at XFD1048576 makes the parser lay out 17 billion cells and abort the process; error
cells (#N/A) and formulas without a stored result come out of the parser as blanks, which would pass for "unknown".
"""

import re
import zipfile
from pathlib import Path

LARGEST_ROW, LARGEST_COLUMN = 50_000, 702  # ZZ
MOST_CELLS = 3_000_000

# Only references that could lie too far out are looked at one by one: three letters or more, five digits or more.
# The search begins with letters that stand as they are, which `re` finds much faster than a class such as a space.
_FAR = re.compile(rb"""r=(?<=\sr=)["']\$?(?:([A-Z]{3,7})\$?(\d{1,10})|([A-Z]{0,2})\$?(\d{5,10}))["']""")
_CELL_TAG = re.compile(rb"<(?:\w+:)?c[\s>]")
_BROKEN = re.compile(
    rb"""<(?:\w+:)?c\s(?P<attributes>[^<>]*?)(?<!/)>(?P<content>(?:(?!</(?:\w+:)?c>).)*)</(?:\w+:)?c>""", re.DOTALL
)
_REFERENCE = re.compile(rb"""(?:^|\s)r=["']([A-Z]{1,3})(\d{1,7})["']""")
_IS_ERROR = re.compile(rb"""(?:^|\s)t=["']e["']""")
_VALUE = re.compile(rb"<(?:\w+:)?v[^>]*>([^<]+)</|<(?:\w+:)?is>")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_SHEET = re.compile(r"<(?:\w+:)?sheet\s[^>]*>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\s[^>]*>")
_ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


class FarCell(Exception):
    """A cell beyond what a report can hold; the argument is its address."""


class BrokenCell(str):
    """A cell that holds no figure although it looks filled: `#N/A` or a formula without its result."""

    rule_id = ""


class ErrorCell(BrokenCell):
    rule_id = "error_cell"


class FormulaCell(BrokenCell):
    rule_id = "formula_without_value"


def column_number(letters: bytes) -> int:
    """A → 0, Z → 25, AA → 26."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def check_extent(xml: bytes) -> None:
    """Raises FarCell for a cell or a row beyond the limits, and for more cells than a report has."""
    if xml.count(b"<") > MOST_CELLS and len(_CELL_TAG.findall(xml)) > MOST_CELLS:
        raise FarCell(f"{MOST_CELLS}")
    far_row = b""
    for found in _FAR.finditer(xml):
        letters, row = found.group(1) or found.group(3), found.group(2) or found.group(4)
        if column_number(letters) < LARGEST_COLUMN and int(row) <= LARGEST_ROW:
            continue
        if letters:
            raise FarCell((letters + row).decode())
        far_row = far_row or row  # the row's own tag stands before its cells, which say more
    if far_row:
        raise FarCell(far_row.decode())


def find_broken_cells(xml: bytes) -> dict[tuple[int, int], BrokenCell]:
    """Cells with an error, and formulas whose result was never stored: (row, column) from 0 → what to show for it."""
    if b'"e"' not in xml and b"'e'" not in xml and b"<f" not in xml and b":f" not in xml:
        return {}
    broken: dict[tuple[int, int], BrokenCell] = {}
    for cell in _BROKEN.finditer(xml):
        attributes, content = cell["attributes"], cell["content"]
        is_error = _IS_ERROR.search(attributes)
        value = _VALUE.search(content)
        if not is_error and (value is not None or not _FORMULA.search(content)):
            continue
        place = _REFERENCE.search(attributes)
        if place is None:
            continue
        shown = value.group(1).decode("utf-8", "replace") if value and value.group(1) else "#"
        key = (int(place.group(2)) - 1, column_number(place.group(1)))
        broken[key] = ErrorCell(shown) if is_error else FormulaCell("=…")
    return broken


def read_attributes(tag: str) -> dict[str, str]:
    return {name: double or single for name, double, single in _ATTRIBUTE.findall(tag)}


def list_sheet_parts(archive: zipfile.ZipFile) -> dict[str, int]:
    """The XML file of each sheet → its place in the workbook's order. Empty where the relations cannot be read."""
    names = set(archive.namelist())
    if "xl/_rels/workbook.xml.rels" not in names:
        return {}
    book = archive.read("xl/workbook.xml").decode("utf-8", "replace")
    relations = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    targets = {}
    for tag in _RELATION.findall(relations):
        fields = read_attributes(tag)
        target = fields.get("Target", "")
        targets[fields.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    parts = {}
    for place, tag in enumerate(_SHEET.findall(book)):
        fields = read_attributes(tag)
        part = targets.get(next((value for name, value in fields.items() if name.endswith(":id")), ""))
        if part:
            parts[part] = place
    return parts


def scan_workbook(path: Path) -> dict[int, dict[tuple[int, int], BrokenCell]]:
    """Place of a sheet → its broken cells. Raises FarCell, or zipfile.BadZipFile where an entry is not what it
    claims."""
    found: dict[int, dict[tuple[int, int], BrokenCell]] = {}
    with zipfile.ZipFile(path) as archive:
        parts: dict[str, int] | None = None
        for name in archive.namelist():
            if not name.startswith("xl/worksheets/") or not name.endswith(".xml"):
                continue
            xml = archive.read(name)
            check_extent(xml)
            broken = find_broken_cells(xml)
            if broken:
                parts = list_sheet_parts(archive) if parts is None else parts
                found[parts.get(name, -1)] = broken
    return found
