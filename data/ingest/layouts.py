"""Finding a layout (data/workbook_layouts.py) in a sheet."""

from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz import fuzz, process

from data.ingest.sheets import Sheet
from data.workbook_layouts import Layout, get_layout, load_layouts
from text.names import search_key


@dataclass(frozen=True)
class FoundLayout:
    """Where a layout lies in a sheet: `columns` maps (element, payer group) to the column's number from 0; `known` are
    all columns whose heading the layout knows, those that it passes over too."""

    layout: Layout
    sheet: Sheet
    heading_row: int
    first_row: int
    columns: dict[tuple[str, str], int]
    missing: tuple[str, ...]
    known: frozenset[int] = frozenset()

    def heading_of(self, place: int) -> tuple[int, str]:
        """The lowest heading cell of a column: its row from 0, and its text."""
        for row in range(self.first_row - 1, self.heading_row - 1, -1):
            cells = self.sheet.rows[row]
            if place < len(cells) and isinstance(cells[place], str):
                return row, str(cells[place])
        return self.heading_row, ""

    @property
    def titles(self) -> list[str]:
        """The lines above the heading."""
        return [cell for row in self.sheet.rows[: self.heading_row] for cell in row if isinstance(cell, str)]


def name_columns(upper: list[str], lower: list[str]) -> tuple[tuple[str, ...], ...]:
    """The names by which each column can be known, most telling first. A merged heading spans the columns to its right
    that have a second line."""
    width = max(len(upper), len(lower))
    upper = upper + [""] * (width - len(upper))
    lower = lower + [""] * (width - len(lower))
    names, spanning = [], ""
    for above, below in zip(upper, lower, strict=True):
        spanning = above or (spanning if below else "")
        names.append((f"{spanning}|{below}", below) if below else ((above,) if above else ()))
    return tuple(names)


def fold_rows(sheet: Sheet, rows: int) -> list[list[str]]:
    """The headings of the first rows folded; numbers and blanks are no headings."""
    return [[search_key(cell) if isinstance(cell, str) else "" for cell in row] for row in sheet.rows[:rows]]


@dataclass(frozen=True)
class HeadingLine:
    """A line, or a line and the one below it, that may be a heading: the names of its columns."""

    row: int
    lines: int
    names: tuple[tuple[str, ...], ...]


def list_heading_lines(folded: list[list[str]], known: frozenset[str]) -> list[HeadingLine]:
    """The lines in which any known heading stands, alone and with the line below."""
    words = {part for name in known for part in name.split("|")}
    has_known = [not words.isdisjoint(line) for line in folded]
    found = []
    for row, line in enumerate(folded):
        for lines in (2, 1):
            if not any(has_known[row : row + lines]) or row + lines > len(folded):
                continue
            names = name_columns(line, folded[row + 1] if lines == 2 else [])
            if any(name in known for known_as in names for name in known_as):
                found.append(HeadingLine(row, lines, names))
    return found


@cache
def list_known_headings() -> frozenset[str]:
    """The folded headings of every layout."""
    return frozenset(key for layout in load_layouts() for key in layout.index)


def match_layout(layout: Layout, sheet: Sheet, folded: list[list[str]], lines: list[HeadingLine]) -> FoundLayout | None:
    """The best place of a layout in a sheet; `missing` names required columns that are not there. None without any
    heading. `folded` are the sheet's first rows folded, `lines` those that may be headings."""
    best: FoundLayout | None = None
    for line in lines:
        if line.row >= layout.heading_rows_searched:
            break
        read = read_names(layout.template, line.names)
        if read is None:
            continue
        columns, missing, known = read
        found = FoundLayout(layout, sheet, line.row, line.row + line.lines, columns, missing, known)
        if best is None or rank_match(found) > rank_match(best):
            best = found
    if best is None or (layout.title_words and not has_title(layout, folded[: best.heading_row])):
        return None
    return best


@lru_cache(maxsize=512)
def read_names(
    template: str, names: tuple[tuple[str, ...], ...]
) -> tuple[dict[tuple[str, str], int], tuple[str, ...], frozenset[int]] | None:
    """The columns of a layout in a line of headings, the required ones that are missing, and all that it knows; None
    where it knows none. The workbooks of a month have the same headings, so most are looked up once."""
    layout = get_layout(template)
    columns: dict[tuple[str, str], int] = {}
    known: set[int] = set()
    passed_over: dict[str, list[int]] = {}
    for place, known_as in enumerate(names):
        name = next((name for name in known_as if name in layout.index), "")
        column = layout.index.get(name)
        # Of a heading that stands twice the second is not read; of one that is passed over neither is known.
        if column is not None and column.type == "ignored":
            passed_over.setdefault(name, []).append(place)
        elif column is not None and columns.setdefault(column.key, place) == place:
            known.add(place)
    if not columns:
        return None
    known |= {places[0] for places in passed_over.values() if len(places) == 1}
    columns |= {c.key: ord(c.letter) - 65 for c in layout.columns if c.letter and c.key not in columns}
    missing = tuple(c.title for c in layout.columns if c.required and c.key not in columns)
    if layout.table and not any(group for _, group in columns):
        missing += tuple(c.title for c in layout.columns if c.payer_group)[:1]
    return columns, missing, frozenset(known | set(columns.values()))


def has_title(layout: Layout, above: list[list[str]]) -> bool:
    lines = [text for row in above for text in row if text]
    return any(word in text for word in layout.title_words for text in lines)


def rank_match(found: FoundLayout) -> tuple[int, bool, int]:
    """Those with the most columns first (a missing one weighs more than a found one), complete ones before others, then
    the lower row: a title above can pass for a merged heading."""
    return len(found.columns) - 2 * len(found.missing), not found.missing, found.heading_row


def find_layouts(sheets: list[Sheet], template: str | None = None) -> list[FoundLayout]:
    """The layout that fits best, in every sheet where it is complete; where it is complete in none, the one nearest
    match, with what is missing. Empty where no heading of any layout is found."""
    layouts = [layout for layout in load_layouts() if template in (None, layout.template)]
    matches: list[FoundLayout] = []
    for sheet in sheets:
        folded = fold_rows(sheet, 31)
        lines = list_heading_lines(folded, list_known_headings())
        matches += [found for layout in layouts if (found := match_layout(layout, sheet, folded, lines)) is not None]
    best = max(matches, key=rank_match, default=None)
    if best is None or best.missing:
        return [best] if best else []
    alike = [found for found in matches if found.layout is best.layout and not found.missing]
    # A word on another sheet can pass for the heading of a layout that asks for little.
    return [found for found in alike if 2 * len(found.columns) > len(best.columns)]


LEAST_LIKENESS = 60  # of 100: a letter has about 45, headings with slips of the finger 90


def find_nearest_layout(sheets: list[Sheet]) -> Layout | None:
    """The layout whose headings are most like the text of the first rows, for the sentence that refuses a file; None where none
    is like it: a letter or a list of names is no report with a mistake."""
    texts = {text for sheet in sheets for row in fold_rows(sheet, 31) for text in row if text}

    def likeness(layout: Layout) -> float:
        wanted = [column for column in layout.columns if column.required and column.keys]
        scores = [
            max(
                (found[1] for key in column.keys if (found := process.extractOne(key, texts, scorer=fuzz.ratio))),
                default=0,
            )
            for column in wanted
        ]
        return sum(scores) / max(1, len(scores))

    nearest = max(load_layouts(), key=likeness)
    return nearest if likeness(nearest) >= LEAST_LIKENESS else None
