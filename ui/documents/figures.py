"""Maps and charts of the screen as files: the same figure with title, key, notes, caption and the mark of simulated figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from charts.dots_file import fix_width
from charts.vector import draw_svg
from reports.figure import MARGIN, WIDTH, LegendItem, make_figure
from ui.chart import Chart, DotPlot
from ui.documents.map_drawing import draw_frame
from ui.frame import Frame
from ui.map import MapFrame
from ui.takeaway.offers import FIGURE, NothingToTake, Offer

MAP_WIDTH = 760
CHART_HEIGHT = 400


@dataclass(frozen=True)
class TakenFigure:
    """`drawing` is an SVG; `width` that of the whole file; `notes` stand below the drawing."""

    drawing: str
    title: str
    subtitle: str
    alt: str
    caption: Sequence[str]
    is_simulated: bool
    legend: Sequence[LegendItem] = ()
    notes: Sequence[str] = ()
    width: int = WIDTH


def figure_offer(build: Callable[[Frame], TakenFigure | None], stem: str | Callable[[Frame], str]) -> Offer:
    """The offer of one figure as PNG and SVG. `build` gives None where the View has no such figure."""

    def make(page: Frame, ending: str) -> bytes:
        figure = build(page)
        if figure is None:
            raise NothingToTake
        said = [page.words.say(notice.key, **dict(notice.values)) for notice in page.notices]
        return make_figure(
            figure.drawing,
            "png" if ending == "png" else "svg",
            title=figure.title,
            subtitle=figure.subtitle,
            caption=" · ".join(piece for piece in (*figure.caption, *said) if piece),
            alt=figure.alt,
            lang=page.view.lang,
            simulated=page.words.say("brief.simulated") if figure.is_simulated else "",
            legend=figure.legend,
            notes=figure.notes,
            width=figure.width,
        )

    return Offer(make, FIGURE, stem)


def take_map(
    page: Frame,
    frame: MapFrame | None,
    said: tuple[str, str],
    caption: Sequence[str],
    is_simulated: bool,
    marked: str = "",
    notes: Sequence[str] = (),
) -> TakenFigure | None:
    """A map of the screen; `said` are its title and subtitle, `marked` the unit that is outlined."""
    if frame is None:
        return None
    title, subtitle = said
    drawn = draw_frame(page, frame, subtitle, MAP_WIDTH - 2 * MARGIN, marked or page.view.selected, is_fitted=True)
    legend = (*drawn.classes, *drawn.absent)
    if frame.filter:
        kept = "; ".join(item.label for item in legend if item.is_bright)
        notes = [*notes, page.words.say("takeaway.filtered_classes", classes=kept)]
    return TakenFigure(drawn.svg, title, subtitle, drawn.alt, caption, is_simulated, legend, notes, MAP_WIDTH)


def take_chart(
    chart: Chart | None, caption: Sequence[str], is_simulated: bool, height: int = CHART_HEIGHT
) -> TakenFigure | None:
    """A chart of the screen."""
    if chart is None:
        return None
    drawing = draw_svg(chart.figure, WIDTH - 2 * MARGIN, chart.figure.layout.height or height, title=chart.alt)
    return TakenFigure(
        drawing, chart.title, chart.subtitle, chart.alt, caption, is_simulated, notes=chart.notes
    )  # fmt: skip


def take_dots(plot: DotPlot | None, caption: Sequence[str], is_simulated: bool) -> TakenFigure | None:
    """A strip or funnel of the screen."""
    if plot is None or not plot.markup:
        return None
    notes = [plot.note] if plot.note else []
    drawing = fix_width(plot.markup, WIDTH - 2 * MARGIN)
    return TakenFigure(drawing, plot.title, plot.subtitle, plot.title, caption, is_simulated, notes=notes)
