"""Maps and charts of the screen as files: the same figure with title, key, notes, caption and the mark of simulated figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from charts.dots_file import fix_width
from charts.vector import draw_svg
from reports.figure import MARGIN, WIDTH, LegendItem, make_figure
from ui.chart import Chart, DotPlot
from ui.documents.map_drawing import draw_frame
from ui.frame import Frame
from ui.map import MapFrame
from ui.notices import write_notice
from ui.takeaway.offers import FIGURE, NothingToTake, Offer

MAP_WIDTH = 760
CHART_HEIGHT = 400


@dataclass(frozen=True)
class Drawn:
    """A drawing (SVG), what a screen reader says of it, its key, and sentences that belong to this drawing only."""

    svg: str
    alt: str
    legend: Sequence[LegendItem] = ()
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class TakenFigure:
    """A figure with its words. `draw` makes the drawing, which is asked for only where it is used; `width` is that of the whole
    file, `notes` stand below the drawing. `at_width` draws a chart in a width in pixels, `map_frame` is what a map shows.
    """

    title: str
    subtitle: str
    caption: Sequence[str]
    is_simulated: bool
    draw: Callable[[], Drawn]
    own_notes: Sequence[str] = ()
    width: int = WIDTH
    at_width: Callable[[int], str] | None = None
    map_frame: MapFrame | None = None

    @cached_property
    def drawn(self) -> Drawn:
        return self.draw()

    @property
    def drawing(self) -> str:
        return self.drawn.svg

    @property
    def alt(self) -> str:
        return self.drawn.alt

    @property
    def legend(self) -> Sequence[LegendItem]:
        return self.drawn.legend

    @property
    def notes(self) -> Sequence[str]:
        return (*self.own_notes, *self.drawn.notes)


def figure_offer(build: Callable[[Frame], TakenFigure | None], stem: str | Callable[[Frame], str]) -> Offer:
    """The offer of one figure as PNG and SVG. `build` gives None where the View has no such figure."""

    def make(page: Frame, ending: str) -> bytes:
        figure = build(page)
        if figure is None:
            raise NothingToTake
        said = [write_notice(page, notice) for notice in page.notices]
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

    return Offer(make, FIGURE, stem, build=build)


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

    def draw() -> Drawn:
        drawn = draw_frame(page, frame, subtitle, MAP_WIDTH - 2 * MARGIN, marked or page.view.selected, is_fitted=True)
        legend = (*drawn.classes, *drawn.absent)
        kept = "; ".join(item.label for item in legend if item.is_bright)
        said = [page.words.say("takeaway.filtered_classes", classes=kept)] if frame.filter else []
        return Drawn(drawn.svg, drawn.alt, legend, said)

    return TakenFigure(title, subtitle, caption, is_simulated, draw, notes, MAP_WIDTH, map_frame=frame)


def take_chart(
    chart: Chart | None, caption: Sequence[str], is_simulated: bool, height: int = CHART_HEIGHT
) -> TakenFigure | None:
    """A chart of the screen."""
    if chart is None:
        return None

    def at_width(width: int) -> str:
        return draw_svg(chart.figure, width, chart.figure.layout.height or height, title=chart.alt)

    def draw() -> Drawn:
        return Drawn(at_width(WIDTH - 2 * MARGIN), chart.alt)

    return TakenFigure(chart.title, chart.subtitle, caption, is_simulated, draw, chart.notes, at_width=at_width)


def take_dots(plot: DotPlot | None, caption: Sequence[str], is_simulated: bool) -> TakenFigure | None:
    """A strip or funnel of the screen."""
    if plot is None or not plot.markup:
        return None

    def at_width(width: int) -> str:
        return fix_width(plot.markup, width)

    def draw() -> Drawn:
        return Drawn(at_width(WIDTH - 2 * MARGIN), plot.title)

    notes = [plot.note] if plot.note else []
    return TakenFigure(plot.title, plot.subtitle, caption, is_simulated, draw, notes, at_width=at_width)
