"""Charts of slides, native: PowerPoint and Impress can edit them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
from pptx.enum.dml import MSO_LINE
from pptx.oxml.ns import qn
from pptx.slide import Slide
from pptx.util import Emu, Pt

from charts import palette
from reports.slide_text import FONT, describe, fill_text, rgb

END_ROOM = 0.13  # of the axis: what a value written at the end of a line takes


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


def style_axes(chart: object, lang: str) -> None:
    # python-pptx numbers the axes of bars below zero, where the standard has no numbers.
    for number in chart._chartSpace.iter(qn("c:axId"), qn("c:crossAx")):
        number.set("val", number.get("val").removeprefix("-"))
    chart.font.size, chart.font.name = Pt(14), FONT
    chart.font.color.rgb = rgb(palette.LIGHT.text)
    chart.value_axis.major_gridlines.format.line.color.rgb = rgb(palette.LIGHT.grid)
    chart.value_axis.format.line.fill.background()
    chart.category_axis.format.line.color.rgb = rgb(palette.LIGHT.muted)
