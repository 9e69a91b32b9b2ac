"""Slides (PPTX, 16:9): one finding per slide, charts and tables that PowerPoint and Impress can edit, maps as sharp pictures, and
notes for the speaker with source and method.

The typeface is Arial: slides cannot carry ours along, and Arial has every Vietnamese letter on every meeting-room computer.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
from pptx.enum.dml import MSO_LINE
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.slide import Slide
from pptx.text.text import TextFrame
from pptx.util import Emu, Inches, Pt

from charts import palette
from reports.slide_room import measure, measure_columns, share_width

FONT = "Arial"
WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
LEFT, RIGHT = Inches(0.6), Inches(12.73)
BODY_TOP, BODY_BOTTOM = Inches(1.92), Inches(6.75)
FIGURES_WIDTH, NARROW_FIGURES = Inches(3.9), Inches(3.4)
FIRST_FIGURE, FIRST_OF_FEW = Inches(1.5), Inches(1.9)
GAP = Inches(0.25)
ROW_HEIGHT, TALL_ROW = Inches(0.36), Inches(0.62)
TITLE_SIZES = (28, 24)
TABLE_SIZES = (18, 16, 14, 13, 12)
KEY_WIDTH, KEY_STEP = Inches(2.5), Inches(0.3)
NOTE_HEIGHT = Inches(0.3)
MOST_TABLE_ROWS = 12
END_ROOM = 0.13  # of the axis: what a value written at the end of a line takes
_TITLE_ONLY = 5
_PLAIN_TABLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # "No Style, No Grid": lines are ours
_LANGUAGE = {"vi": "vi-VN", "en": "en-GB"}


@dataclass(frozen=True)
class BigFigure:
    """A figure to read from the last row: value, unit beside it, what it is; `is_short_of_goal` colours it as not met."""

    value: str
    unit: str
    label: str
    is_short_of_goal: bool = False


@dataclass(frozen=True)
class LineChart:
    """A native line chart over months. One value per month (its first day) and series, None where unknown; colours as in the
    palette; `goals` are drawn as dotted lines at a constant value. `last`: how the last value of each series is written,
    beside its point.
    """

    months: Sequence[date]
    series: Sequence[tuple[str, Sequence[float | None], str]]
    number_format: str
    goals: Sequence[tuple[str, float, str]] = ()
    low: float | None = None
    high: float | None = None
    last: Sequence[str] = ()
    alt: str = ""


@dataclass(frozen=True)
class BarChart:
    """A native chart of lying bars, first row on top; `written` are the values as they stand beside the bars."""

    categories: Sequence[str]
    values: Sequence[float | None]
    label: str
    number_format: str
    colours: Sequence[str]
    written: Sequence[str] = ()
    alt: str = ""


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


@dataclass(frozen=True)
class Picture:
    """A map as PNG, with what a screen reader says, and its key as (colour, words)."""

    png: bytes
    alt: str
    key: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class SlideContent:
    """One slide. Everything is written in the reader's language already. `remarks` stand below the parts, `shares` are the
    widths of the parts (all alike where none are given); `simulated` is the mark of this slide, or "".
    """

    title: str
    subtitle: str
    caption: str
    notes: str
    figures: Sequence[BigFigure] = ()
    parts: Sequence[LineChart | BarChart | Table | Picture] = ()
    shares: Sequence[float] = ()
    remarks: Sequence[str] = ()
    simulated: str = ""


def write_slides(slides: Sequence[SlideContent], *, title: str, lang: str) -> bytes:
    """The whole presentation."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDTH, HEIGHT
    deck.core_properties.title, deck.core_properties.author = title, "Bao phủ BHYT"
    deck.core_properties.language = _LANGUAGE[lang]
    for number, content in enumerate(slides, start=1):
        slide = deck.slides.add_slide(deck.slide_layouts[_TITLE_ONLY])
        draw_slide(slide, content, f"{number}/{len(slides)}", lang)
    target = io.BytesIO()
    deck.save(target)
    return target.getvalue()


def draw_slide(slide: Slide, content: SlideContent, place: str, lang: str) -> None:
    draw_title(slide, content.title, lang)
    add_text(slide, content.subtitle, LEFT, Inches(1.42), RIGHT - LEFT, Inches(0.4), 18, lang, palette.LIGHT.muted)
    left, bottom = LEFT, BODY_BOTTOM
    if content.remarks:
        top = Emu(bottom - NOTE_HEIGHT * len(content.remarks))
        said = "\n".join(content.remarks)
        add_text(slide, said, LEFT, top, RIGHT - LEFT, Emu(bottom - top), 14, lang)
        bottom = Emu(top - Inches(0.12))
    if content.figures:
        width = (NARROW_FIGURES if len(content.parts) > 1 else FIGURES_WIDTH) if content.parts else Emu(RIGHT - LEFT)
        draw_figures(slide, content.figures, left, width, bottom, lang)
        left = Emu(left + width + GAP)
    shares = content.shares or [1.0] * len(content.parts)
    room = Emu(RIGHT - left - GAP * (len(content.parts) - 1))
    widths = [Emu(int(room * share / sum(shares))) for share in shares]
    pairs = list(zip(content.parts, widths, strict=True))
    # Tables side by side are set in one size.
    size = min((fit_table(part, width) for part, width in pairs if isinstance(part, Table)), default=TABLE_SIZES[-1])
    for part, width in pairs:
        part = replace(part, size=size) if isinstance(part, Table) else part
        _DRAW[type(part)](slide, part, (left, BODY_TOP, width, Emu(bottom - BODY_TOP)), lang)
        left = Emu(left + width + GAP)
    muted = palette.LIGHT.muted
    add_text(slide, content.caption, LEFT, Inches(6.88), Inches(10.9), Inches(0.5), 12, lang, muted)
    add_text(slide, place, Inches(11.7), Inches(6.88), Inches(1.03), Inches(0.35), 12, lang, muted, is_right=True)
    if content.simulated:
        draw_mark(slide, content.simulated, lang)
    slide.notes_slide.notes_text_frame.text = content.notes


def draw_title(slide: Slide, title: str, lang: str) -> None:
    """The finding, as the title that outline view and screen readers know."""
    shape = slide.shapes.title
    shape.left, shape.top, shape.width, shape.height = LEFT, Inches(0.46), Emu(RIGHT - LEFT), Inches(0.95)
    frame = shape.text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.MIDDLE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    # Two lines at most; a line loses a word's length where it breaks.
    lines = 1.1 * measure(title, is_bold=True) * Pt(TITLE_SIZES[0]) / (RIGHT - LEFT)
    fill_text(frame, title, TITLE_SIZES[0 if lines <= 2 else 1], lang, is_bold=True)
    frame.paragraphs[0].alignment = PP_ALIGN.LEFT


def draw_figures(slide: Slide, figures: Sequence[BigFigure], left: Emu, width: Emu, bottom: Emu, lang: str) -> None:
    """The first figure large, the others below it in rooms of one size."""
    first = FIRST_FIGURE if len(figures) > 3 else FIRST_OF_FEW
    pitch = Emu((bottom - BODY_TOP - first) // max(len(figures) - 1, 2))
    for number, figure in enumerate(figures):
        top = BODY_TOP if number == 0 else Emu(BODY_TOP + first + (number - 1) * pitch)
        colour = palette.LIGHT.communes_met if figure.is_short_of_goal else palette.MET
        size = 54 if number == 0 else 28
        said = "\n".join(piece for piece in (figure.unit, figure.label) if piece)
        add_text(slide, figure.value, left, top, width, Pt(size * 1.2), size, lang, colour, is_bold=True)
        below = Emu(top + Pt(size * 1.2))
        add_text(slide, said, left, below, width, Inches(0.48), 14, lang)


def draw_mark(slide: Slide, simulated: str, lang: str) -> None:
    """The mark of simulated figures, top right on every slide."""
    shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, Inches(10.53), Inches(0.12), Inches(2.2), Inches(0.34))
    shape.shadow.inherit = False
    shape.fill.background()
    shape.line.color.rgb = rgb(palette.SIMULATED_MARK)
    shape.line.width = Pt(1)
    shape.text_frame.margin_top = shape.text_frame.margin_bottom = 0
    fill_text(shape.text_frame, simulated, 14, lang, palette.PAGE["notice-ink"], is_bold=True)
    shape.text_frame.paragraphs[0].alignment = PP_ALIGN.CENTER


def describe(shape: object, alt: str) -> None:
    """What a screen reader says of a chart or table."""
    shape._element.nvGraphicFramePr.cNvPr.set("descr", alt)


def draw_lines(slide: Slide, chart: LineChart, spot: tuple[Emu, Emu, Emu, Emu], lang: str) -> None:
    data = CategoryChartData(number_format=chart.number_format)
    data.categories = chart.months
    for name, values, _ in chart.series:
        data.add_series(name, values)
    for name, value, _ in chart.goals:
        data.add_series(name, [value] * len(chart.months))
    shape = slide.shapes.add_chart(XL_CHART_TYPE.LINE, *spot, data)
    describe(shape, chart.alt)
    drawn = shape.chart
    colours = [colour for *_, colour in (*chart.series, *chart.goals)]
    below = find_below(chart)
    for number, (series, colour) in enumerate(zip(drawn.plots[0].series, colours, strict=True)):
        series.smooth = False
        series.format.line.color.rgb = rgb(colour)
        is_goal = number >= len(chart.series)
        series.format.line.width = Pt(1.5 if is_goal else 3)
        if is_goal:
            series.format.line.dash_style = MSO_LINE.ROUND_DOT
        elif chart.last:
            write_last(series, chart.series[number][1], chart.last[number], colour, lang, is_below=number in below)
    style_axes(drawn, lang)
    drawn.value_axis.minimum_scale, drawn.value_axis.maximum_scale = chart.low, chart.high
    drawn.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    drawn.value_axis.tick_labels.number_format = chart.number_format
    drawn.value_axis.tick_labels.number_format_is_linked = False
    drawn.has_legend = True
    drawn.legend.position, drawn.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    drawn.legend.font.size = Pt(14)
    # Over years a label a year is enough; a date axis keeps the distance of months that are missing.
    axis, years = drawn.category_axis, len({month.year for month in chart.months}) > 2
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = "yyyy" if years else "mm/yyyy", False
    for tag, value in (
        ("c:baseTimeUnit", "months"),
        ("c:majorUnit", "1" if years else str(max(len(chart.months) // 6, 1))),
        ("c:majorTimeUnit", "years" if years else "months"),
    ):
        for old in axis._element.findall(qn(tag)):
            axis._element.remove(old)
        axis._element.append(axis._element.makeelement(qn(tag), {"val": value}))


def find_below(chart: LineChart) -> set[int]:
    """The series whose last value is written below its point: the lower ones of those that end where their words would lie on
    each other."""
    ends = [next((value for value in reversed(values) if value is not None), None) for _, values, _ in chart.series]
    known = [value for _, values, _ in chart.series for value in values if value is not None]
    near = END_ROOM * ((chart.high or max(known, default=0.0)) - (chart.low or 0.0))
    return {
        at
        for at, end in enumerate(ends)
        for to, other in enumerate(ends)
        if None not in (end, other) and (0 < other - end < near or (other == end and to < at))
    }


def write_last(
    series: object, values: Sequence[float | None], written: str, colour: str, lang: str, *, is_below: bool = False
) -> None:
    """The last value beside its point, as the reader's language writes it."""
    known = [at for at, value in enumerate(values) if value is not None]
    if not known:
        return
    label = series.points[known[-1]].data_label
    fill_text(label.text_frame, written, 16, lang, colour, is_bold=True)
    label.position = XL_LABEL_POSITION.BELOW if is_below else XL_LABEL_POSITION.ABOVE


def draw_bars(slide: Slide, chart: BarChart, spot: tuple[Emu, Emu, Emu, Emu], lang: str) -> None:
    data = CategoryChartData(number_format=chart.number_format)
    data.categories = chart.categories
    data.add_series(chart.label, chart.values)
    shape = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *spot, data)
    describe(shape, chart.alt or chart.label)
    drawn = shape.chart
    drawn.has_title = True
    fill_text(drawn.chart_title.text_frame, chart.label, 14, lang, is_bold=True)
    drawn.chart_title.include_in_layout = False
    style_axes(drawn, lang)
    drawn.has_legend = False
    drawn.category_axis.reverse_order = True
    drawn.value_axis.visible = False
    drawn.value_axis.has_major_gridlines = False
    drawn.value_axis.minimum_scale = 0
    plot = drawn.plots[0]
    plot.gap_width = 45
    plot.has_data_labels = True
    plot.data_labels.number_format, plot.data_labels.number_format_is_linked = chart.number_format, False
    plot.data_labels.position = XL_LABEL_POSITION.OUTSIDE_END
    plot.data_labels.font.size = Pt(14)
    for place, colour in enumerate(chart.colours):
        point = plot.series[0].points[place]
        point.format.fill.solid()
        point.format.fill.fore_color.rgb = rgb(colour)
        if chart.written:
            fill_text(point.data_label.text_frame, chart.written[place], 14, lang)
            point.data_label.position = XL_LABEL_POSITION.OUTSIDE_END


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


def draw_map(slide: Slide, picture: Picture, spot: tuple[Emu, Emu, Emu, Emu], lang: str) -> None:
    """The picture as large as it can be, its key below it, or left of it where there is room; a row per class, so that no
    word is cut."""
    left, top, width, height = spot
    key_height = Emu(KEY_STEP * len(picture.key))
    is_beside = width > 1.4 * height
    room = Emu(width - KEY_WIDTH) if is_beside else width
    tall = height if is_beside else Emu(height - key_height - Inches(0.1))
    shape = slide.shapes.add_picture(io.BytesIO(picture.png), left, top)
    scale = min(room / shape.width, tall / shape.height)
    shape.width, shape.height = Emu(int(shape.width * scale)), Emu(int(shape.height * scale))
    shape.left = Emu(left + (width - room) + (room - shape.width) // 2)
    shape._element.nvPicPr.cNvPr.set("descr", picture.alt)
    for number, (colour, words) in enumerate(picture.key):
        y = Emu(top + height - key_height + number * KEY_STEP)
        swatch = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, left, Emu(y + Inches(0.04)), Inches(0.3), Inches(0.2))
        swatch.shadow.inherit = False
        swatch.fill.solid()
        swatch.fill.fore_color.rgb = rgb(colour)
        swatch.line.color.rgb = rgb(palette.OUTLINE)
        swatch.line.width = Pt(0.5)
        add_text(slide, words, Emu(left + Inches(0.4)), y, Emu(KEY_WIDTH - Inches(0.4)), KEY_STEP, 14, lang)


_DRAW = {LineChart: draw_lines, BarChart: draw_bars, Table: draw_table, Picture: draw_map}


def style_axes(chart: object, lang: str) -> None:
    # python-pptx numbers the axes of bars below zero, where the standard has no numbers.
    for number in chart._chartSpace.iter(qn("c:axId"), qn("c:crossAx")):
        number.set("val", number.get("val").removeprefix("-"))
    chart.font.size, chart.font.name = Pt(14), FONT
    chart.font.color.rgb = rgb(palette.LIGHT.text)
    chart.value_axis.major_gridlines.format.line.color.rgb = rgb(palette.LIGHT.grid)
    chart.value_axis.format.line.fill.background()
    chart.category_axis.format.line.color.rgb = rgb(palette.LIGHT.muted)


def add_text(
    slide: Slide,
    text: str,
    left: Emu,
    top: Emu,
    width: Emu,
    height: Emu,
    size: float,
    lang: str,
    colour: str = palette.LIGHT.text,
    *,
    is_bold: bool = False,
    is_right: bool = False,
) -> object:
    box = slide.shapes.add_textbox(left, top, width, height)
    frame = box.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    fill_text(frame, text, size, lang, colour, is_bold=is_bold)
    if is_right:
        frame.paragraphs[0].alignment = PP_ALIGN.RIGHT
    return box


def fill_text(
    frame: TextFrame, text: str, size: float, lang: str, colour: str = palette.LIGHT.text, *, is_bold: bool = False
) -> None:
    """Lines become paragraphs; the language is set, so that the spelling of Vietnamese is not marked as wrong."""
    for number, line in enumerate(text.split("\n")):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = line
        run.font.size, run.font.name, run.font.bold = Pt(size), FONT, is_bold
        run.font.color.rgb = rgb(colour)
        run._r.get_or_add_rPr().set("lang", _LANGUAGE[lang])


def rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour.removeprefix("#").upper())
