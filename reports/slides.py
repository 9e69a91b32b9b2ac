"""Slides (PPTX, 16:9): one finding per slide, charts and tables that PowerPoint and Impress can edit, maps as sharp pictures, and
notes for the speaker with source and method.

The typeface is Arial: slides cannot carry ours along, and Arial has every Vietnamese letter on every meeting-room computer.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field

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

FONT = "Arial"
WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
LEFT, RIGHT = Inches(0.6), Inches(12.73)
BODY_TOP, BODY_BOTTOM = Inches(1.75), Inches(6.75)
MOST_TABLE_ROWS = 12
_BLANK_LAYOUT = 6
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
    """A native line chart. One value per category and series, None where unknown; colours as in the palette; `goals` are
    drawn as dotted lines at a constant value.
    """

    categories: Sequence[str]
    series: Sequence[tuple[str, Sequence[float | None], str]]
    number_format: str
    goals: Sequence[tuple[str, float, str]] = ()
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class BarChart:
    """A native chart of lying bars, first row on top."""

    categories: Sequence[str]
    values: Sequence[float | None]
    label: str
    number_format: str
    colours: Sequence[str]


@dataclass(frozen=True)
class Table:
    """A native table, at most twelve rows; `numbers` are the columns that stand to the right; `widths` are shares."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: frozenset[int]
    widths: Sequence[float]


@dataclass(frozen=True)
class Picture:
    """A map as PNG, with what a screen reader says, and its key as (colour, words)."""

    png: bytes
    alt: str
    key: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class SlideContent:
    """One slide. Everything is written in the reader's language already."""

    title: str
    subtitle: str
    caption: str
    notes: str
    figures: Sequence[BigFigure] = ()
    parts: Sequence[LineChart | BarChart | Table | Picture] = field(default_factory=list)


def write_slides(slides: Sequence[SlideContent], *, title: str, lang: str, simulated: str = "") -> bytes:
    """The whole presentation. `simulated` is the mark that stands on every slide, or ""."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDTH, HEIGHT
    deck.core_properties.title, deck.core_properties.author = title, "Bao phủ BHYT"
    deck.core_properties.language = _LANGUAGE[lang]
    for number, content in enumerate(slides, start=1):
        slide = deck.slides.add_slide(deck.slide_layouts[_BLANK_LAYOUT])
        draw_slide(slide, content, f"{number}/{len(slides)}", lang, simulated)
    target = io.BytesIO()
    deck.save(target)
    return target.getvalue()


def draw_slide(slide: Slide, content: SlideContent, place: str, lang: str, simulated: str) -> None:
    heading = add_text(slide, content.title, LEFT, Inches(0.4), RIGHT - LEFT, Inches(0.9), 30, lang, is_bold=True)
    heading.name = content.title[:60]
    add_text(slide, content.subtitle, LEFT, Inches(1.22), RIGHT - LEFT, Inches(0.4), 16, lang, palette.LIGHT.muted)
    left = LEFT
    if content.figures:
        width = Inches(3.9)
        draw_figures(slide, content.figures, left, width, lang)
        left += width + Inches(0.2)
    gap = Inches(0.25)
    count = max(len(content.parts), 1)
    width = Emu((RIGHT - left - gap * (count - 1)) // count)
    for number, part in enumerate(content.parts):
        spot = (Emu(left + number * (width + gap)), BODY_TOP, width, Emu(BODY_BOTTOM - BODY_TOP))
        _DRAW[type(part)](slide, part, spot, lang)
    add_text(slide, content.caption, LEFT, Inches(6.85), Inches(10.6), Inches(0.5), 10, lang, palette.LIGHT.muted)
    add_text(
        slide,
        place,
        Inches(11.7),
        Inches(6.95),
        Inches(1.03),
        Inches(0.35),
        12,
        lang,
        palette.LIGHT.muted,
        is_right=True,
    )
    if simulated:
        draw_mark(slide, simulated, lang)
    slide.notes_slide.notes_text_frame.text = content.notes


def draw_figures(slide: Slide, figures: Sequence[BigFigure], left: Emu, width: Emu, lang: str) -> None:
    pitch = Emu((BODY_BOTTOM - BODY_TOP) // max(len(figures), 2))
    for number, figure in enumerate(figures):
        top = Emu(BODY_TOP + number * pitch)
        colour = palette.LIGHT.communes_met if figure.is_short_of_goal else palette.MET
        size = 60 if number == 0 else 36
        add_text(slide, figure.value, left, top, width, Inches(1.0), size, lang, colour, is_bold=True)
        below = Emu(top + Pt(size * 1.25))
        add_text(slide, f"{figure.unit}\n{figure.label}".strip(), left, below, width, Inches(0.6), 16, lang)


def draw_mark(slide: Slide, simulated: str, lang: str) -> None:
    """The mark of simulated figures, top right on every slide."""
    shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, Inches(11.0), Inches(0.12), Inches(1.73), Inches(0.3))
    shape.fill.background()
    shape.line.color.rgb = rgb(palette.SIMULATED_MARK)
    shape.line.width = Pt(1)
    shape.text_frame.margin_top = shape.text_frame.margin_bottom = 0
    fill_text(shape.text_frame, simulated, 11, lang, palette.PAGE["notice-ink"], is_bold=True)
    shape.text_frame.paragraphs[0].alignment = PP_ALIGN.CENTER


def draw_lines(slide: Slide, chart: LineChart, spot: tuple[Emu, Emu, Emu, Emu], lang: str) -> None:
    data = CategoryChartData(number_format=chart.number_format)
    data.categories = chart.categories
    for name, values, _ in chart.series:
        data.add_series(name, values)
    for name, value, _ in chart.goals:
        data.add_series(name, [value] * len(chart.categories))
    drawn = slide.shapes.add_chart(XL_CHART_TYPE.LINE, *spot, data).chart
    colours = [colour for *_, colour in (*chart.series, *chart.goals)]
    for number, (series, colour) in enumerate(zip(drawn.plots[0].series, colours, strict=True)):
        series.smooth = False
        series.format.line.color.rgb = rgb(colour)
        is_goal = number >= len(chart.series)
        series.format.line.width = Pt(1.5 if is_goal else 3)
        if is_goal:
            series.format.line.dash_style = MSO_LINE.ROUND_DOT
    style_axes(drawn, lang)
    drawn.value_axis.minimum_scale, drawn.value_axis.maximum_scale = chart.low, chart.high
    drawn.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    drawn.value_axis.tick_labels.number_format = chart.number_format
    drawn.value_axis.tick_labels.number_format_is_linked = False
    drawn.has_legend = True
    drawn.legend.position, drawn.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    drawn.legend.font.size = Pt(14)
    # A label every year is enough: months come in twelves.
    step = max(len(chart.categories) // 6, 1)
    axis = drawn.category_axis._element
    skip = axis.makeelement(qn("c:tickLblSkip"), {"val": str(step)})
    axis.insert_element_before(skip, "c:tickMarkSkip", "c:noMultiLvlLbl", "c:extLst")


def draw_bars(slide: Slide, chart: BarChart, spot: tuple[Emu, Emu, Emu, Emu], lang: str) -> None:
    data = CategoryChartData(number_format=chart.number_format)
    data.categories = chart.categories
    data.add_series(chart.label, chart.values)
    drawn = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *spot, data).chart
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


def draw_table(slide: Slide, table: Table, spot: tuple[Emu, Emu, Emu, Emu], lang: str) -> None:
    """ValueError for more rows than a slide can hold: which to show is the finding, not a matter of room."""
    if len(table.rows) > MOST_TABLE_ROWS:
        raise ValueError(f"a slide holds {MOST_TABLE_ROWS} rows, not {len(table.rows)}")
    left, top, width, _ = spot
    shape = slide.shapes.add_table(
        len(table.rows) + 1, len(table.head), left, top, width, Inches(0.36) * (len(table.rows) + 1)
    )
    drawn = shape.table
    drawn.horz_banding = False
    for place, share in enumerate(table.widths):
        drawn.columns[place].width = Emu(int(width * share / sum(table.widths)))
    for row, cells in enumerate([table.head, *table.rows]):
        drawn.rows[row].height = Inches(0.36)
        for place, text in enumerate(cells):
            cell = drawn.cell(row, place)
            cell.fill.background()
            cell.vertical_anchor = MSO_ANCHOR.MIDDLE
            cell.margin_top = cell.margin_bottom = Inches(0.02)
            fill_text(cell.text_frame, str(text), 14, lang, is_bold=row == 0)
            if place in table.numbers:
                cell.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT


def draw_map(slide: Slide, picture: Picture, spot: tuple[Emu, Emu, Emu, Emu], lang: str) -> None:
    left, top, width, height = spot
    key_height = Inches(0.4) if picture.key else 0
    shape = slide.shapes.add_picture(io.BytesIO(picture.png), left, top)
    scale = min(width / shape.width, (height - key_height) / shape.height)
    shape.width, shape.height = Emu(int(shape.width * scale)), Emu(int(shape.height * scale))
    shape.left = Emu(left + (width - shape.width) // 2)
    shape._element.nvPicPr.cNvPr.set("descr", picture.alt)
    x = left
    for colour, words in picture.key:
        y = Emu(top + height - Inches(0.3))
        swatch = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, x, y, Inches(0.22), Inches(0.22))
        swatch.fill.solid()
        swatch.fill.fore_color.rgb = rgb(colour)
        swatch.line.fill.background()
        room = Emu(width // len(picture.key))
        add_text(
            slide, words, Emu(x + Inches(0.26)), Emu(y - Inches(0.06)), Emu(room - Inches(0.3)), Inches(0.3), 12, lang
        )
        x = Emu(x + room)


_DRAW = {LineChart: draw_lines, BarChart: draw_bars, Table: draw_table, Picture: draw_map}


def style_axes(chart: object, lang: str) -> None:
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
