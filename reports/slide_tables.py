"""Tables of slides, native: PowerPoint and Impress can edit them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.slide import Slide
from pptx.util import Emu, Inches, Pt

from charts import palette
from reports.slide_room import measure_columns, share_width
from reports.slide_text import add_text, describe, fill_text, rgb

ROW_HEIGHT, TALL_ROW = Inches(0.36), Inches(0.62)
TABLE_SIZES = (18, 16, 14, 13, 12)
MOST_TABLE_ROWS = 12
_PLAIN_TABLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # "No Style, No Grid": lines are ours


@dataclass(frozen=True)
class Table:
    """A native table, at most twelve rows; `numbers` are the columns that stand to the right; `marked` is the row that stands
    out; `title` stands above it. Its columns are as wide as their words, measured.
    """

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: frozenset[int]
    title: str = ""
    marked: int | None = None
    size: int = TABLE_SIZES[0]
    """The type in points, at most; smaller where its words need it."""


def draw_table(slide: Slide, table: Table, spot: tuple[Emu, Emu, Emu, Emu], lang: str) -> None:
    """ValueError for more rows than a slide can hold: which to show is the finding, not a matter of room."""
    if len(table.rows) > MOST_TABLE_ROWS:
        raise ValueError(f"a slide holds {MOST_TABLE_ROWS} rows, not {len(table.rows)}")
    left, top, width, height = spot
    if table.title:
        add_text(slide, table.title, left, top, width, Inches(0.34), 16, lang, is_bold=True)
        top, height = Emu(top + Inches(0.38)), Emu(height - Inches(0.38))
    row_height = Emu(min(max(height // (len(table.rows) + 1), ROW_HEIGHT), TALL_ROW))
    size = min(table.size, TABLE_SIZES[0] if row_height > Inches(0.5) else 14)
    shape = slide.shapes.add_table(
        len(table.rows) + 1, len(table.head), left, top, width, Emu(row_height * (len(table.rows) + 1))
    )
    describe(shape, " · ".join(piece for piece in (table.title, ", ".join(table.head)) if piece))
    drawn = shape.table
    drawn._tbl.tblPr.find(qn("a:tableStyleId")).text = _PLAIN_TABLE
    drawn.horz_banding = False
    for place, share in enumerate(
        share_width(*measure_columns(table.head, table.rows, table.marked), width / Pt(size))
    ):
        drawn.columns[place].width = Emu(int(Pt(size) * share))
    for row, cells in enumerate([table.head, *table.rows]):
        drawn.rows[row].height = row_height
        is_marked = table.marked is not None and row == table.marked + 1
        for place, text in enumerate(cells):
            cell = drawn.cell(row, place)
            cell.fill.background()
            if is_marked:
                cell.fill.solid()
                cell.fill.fore_color.rgb = rgb(palette.PAGE["track"])
            cell.vertical_anchor = MSO_ANCHOR.MIDDLE
            cell.margin_top = cell.margin_bottom = Inches(0.02)
            cell.margin_left = cell.margin_right = Inches(0.06)
            fill_text(cell.text_frame, str(text), size, lang, is_bold=row == 0 or is_marked)
            if place in table.numbers:
                cell.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT
            rule_below(cell, palette.LIGHT.text if row == 0 else palette.PAGE["line"], 1.25 if row == 0 else 0.75)


def fit_table(table: Table, width: Emu) -> int:
    """As large as its words allow: nobody has to come closer than they must."""
    _, wanted = measure_columns(table.head, table.rows, table.marked)
    fitting = [size for size in TABLE_SIZES if Pt(sum(wanted) * size) <= width]
    return fitting[0] if fitting else TABLE_SIZES[-1]


def rule_below(cell: object, colour: str, points: float) -> None:
    """A line under a cell; python-pptx knows no borders."""
    properties = cell._tc.get_or_add_tcPr()
    line = properties.makeelement(qn("a:lnB"), {"w": str(Pt(points)), "cap": "flat", "cmpd": "sng"})
    fill = line.makeelement(qn("a:solidFill"), {})
    fill.append(fill.makeelement(qn("a:srgbClr"), {"val": str(rgb(colour))}))
    line.append(fill)
    properties.insert(0, line)
