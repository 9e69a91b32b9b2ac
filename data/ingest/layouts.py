"""Layouts of workbooks as data (templates/*.toml), and finding one in a sheet."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from data.ingest.workbook_file import Sheet
from text.names import search_key

TEMPLATE_DIRECTORY = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Column:
    """One column of a layout; `keys` are its headings folded, `top|bottom` where it stands under a merged heading."""

    element: str
    payer_group: str
    required: bool
    title: str
    keys: frozenset[str]


@dataclass(frozen=True)
class Layout:
    """One kind of workbook."""

    template: str
    title: str
    heading_rows_searched: int
    subtotal_words: tuple[str, ...]
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class FoundLayout:
    """Where a layout lies in a sheet: `columns` maps (element, payer group) to the column's number from 0."""

    layout: Layout
    sheet: Sheet
    heading_row: int
    first_row: int
    columns: dict[tuple[str, str], int]
    missing: tuple[str, ...]


def fold_heading(heading: str) -> str:
    """`A / B` as `a|b`, without marks, case and punctuation."""
    return "|".join(search_key(part) for part in heading.split(" / "))


@cache
def load_layouts() -> tuple[Layout, ...]:
    """Every layout of templates/."""
    layouts = []
    for path in sorted(TEMPLATE_DIRECTORY.glob("*.toml")):
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        columns = tuple(
            Column(
                element=entry["element"],
                payer_group=entry.get("payer_group", ""),
                required=entry.get("required", False),
                title=entry["headings"][0],
                keys=frozenset(fold_heading(heading) for heading in entry["headings"]),
            )
            for entry in raw["column"]
        )
        layouts.append(
            Layout(
                template=raw["template"],
                title=raw["title"],
                heading_rows_searched=raw["heading_rows_searched"],
                subtotal_words=tuple(search_key(word) for word in raw["subtotal_words"]),
                columns=columns,
            )
        )
    return tuple(layouts)


def read_heading(cell: object) -> str:
    """A heading cell folded; numbers and blanks are no headings."""
    return search_key(cell) if isinstance(cell, str) else ""


def name_columns(top: list[object], bottom: list[object] | None) -> list[set[str]]:
    """The names by which each column can be known. A merged heading spans the columns to its right that have a second
    line."""
    width = max(len(top), len(bottom or []))
    upper = [read_heading(cell) for cell in top] + [""] * (width - len(top))
    lower = [read_heading(cell) for cell in bottom or []]
    lower += [""] * (width - len(lower))
    names, spanning = [], ""
    for above, below in zip(upper, lower, strict=True):
        spanning = above or (spanning if below else "")
        names.append({f"{spanning}|{below}", below} if below else {above} - {""})
    return names


def match_layout(layout: Layout, sheet: Sheet) -> FoundLayout | None:
    """The best place of a layout in a sheet; `missing` names required columns that are not there. None without any
    heading."""
    best: FoundLayout | None = None
    for row in range(min(len(sheet.rows), layout.heading_rows_searched)):
        for lines in (2, 1):
            below = sheet.rows[row + 1] if lines == 2 and row + 1 < len(sheet.rows) else None
            if lines == 2 and below is None:
                continue
            names = name_columns(sheet.rows[row], below)
            columns: dict[tuple[str, str], int] = {}
            for place, known_as in enumerate(names):
                for column in layout.columns:
                    key = (column.element, column.payer_group)
                    if column.element != "ignored" and known_as & column.keys and key not in columns:
                        columns[key] = place
                        break
            missing = tuple(c.title for c in layout.columns if c.required and (c.element, c.payer_group) not in columns)
            found = FoundLayout(layout, sheet, row, row + lines, columns, missing)
            if columns and (best is None or rank_match(found) > rank_match(best)):
                best = found
    return best


def rank_match(found: FoundLayout) -> tuple[int, int, int]:
    """Fewer missing columns first, then more columns found, then the lower row: a title above can pass for a merged
    heading."""
    return -len(found.missing), len(found.columns), found.heading_row


def find_layout(sheets: list[Sheet]) -> FoundLayout | None:
    """The best layout over all sheets and templates; None where no heading of any is found."""
    matches = [
        match for layout in load_layouts() for sheet in sheets if (match := match_layout(layout, sheet)) is not None
    ]
    return max(matches, key=rank_match, default=None)
