"""A Plotly figure drawn as SVG: the same description as on screen, for paper, downloads and the static site.

Plotly itself draws in a browser only. What our figures use of it is small (lines, markers, bars, shapes, annotations on
linear, logarithmic, date and category axes), so it is drawn here, without a browser and in milliseconds; whatever a
figure uses beyond that is an error (`UnsupportedFigure`), never silently left out.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import plotly.graph_objects as go

from charts.sheet import Sheet
from charts.vector_axes import Axis, UnsupportedFigure, list_axes
from charts.vector_marks import marker_path, text_block

_DASH = {"dot": "2 3", "dash": "7 4", "longdash": "10 5", "dashdot": "7 3 2 3", "solid": ""}
_TRACES = {"scatter", "scattergl", "bar"}
_POINTS_MODES = {"lines", "markers", "text", "none"}


@dataclass(frozen=True)
class Parts:
    """A figure as plain values, read once for drawings of any size."""

    layout: Mapping[str, Any]
    traces: Sequence[Mapping[str, Any]]


def read_figure(figure: go.Figure | Sheet) -> Parts:
    """The parts of a figure that are drawn. The figure's own `to_plotly_json` would copy the traces a second time."""
    if isinstance(figure, Sheet):
        return Parts(figure.whole_layout(), figure.data)
    return Parts(plain(figure.layout), [plain(trace) for trace in figure.data if trace.visible is not False])


class Drawing:
    """One figure on one size, in CSS pixels."""

    def __init__(self, parts: Parts, width: int, height: int) -> None:
        self.layout, self.traces = parts.layout, parts.traces
        self.width, self.height = width, height
        margin = {"l": 80, "r": 80, "t": 100, "b": 80} | dict(self.layout.get("margin") or {})
        self.left, self.top = margin["l"], margin["t"]
        self.inner = (width - margin["l"] - margin["r"], height - margin["t"] - margin["b"])
        if min(self.inner) <= 0:
            raise UnsupportedFigure(f"{width}×{height} leaves no room inside the margins")
        font = self.layout.get("font") or {}
        self.size, self.ink = float(font.get("size", 12)), str(font.get("color", "currentColor"))
        self.axes: dict[str, Axis] = list_axes(self.layout, self.traces, self.left, self.top, *self.inner)
        self.bars = self._stack_bars()

    def place(self, ref: str | None, letter: str, value: Any) -> float:
        """Pixels of a value on an axis ("x2"), on its part of the drawing ("x2 domain") or on the whole plot ("paper")."""
        ref = ref or letter
        if ref == "paper":
            return self.left + value * self.inner[0] if letter == "x" else self.top + (1 - value) * self.inner[1]
        axis = self.axes[ref.split()[0]]
        return axis.part(value) if ref.endswith(" domain") else axis.pixel(value)

    def _stack_bars(self) -> dict[int, list[tuple[float, float]]]:
        """Start and end of every bar along its value axis, by trace; stacked where the layout says so."""
        tops: dict[tuple[Any, ...], float] = {}
        found = {}
        for number, trace in enumerate(self.traces):
            if trace["type"] != "bar":
                continue
            flat = trace.get("orientation") == "h"
            values, keys = (trace["x"], trace["y"]) if flat else (trace["y"], trace["x"])
            bases = trace.get("base")
            spans = []
            for place, (key, value) in enumerate(zip(keys, values, strict=True)):
                base = bases[place] if isinstance(bases, (list, tuple)) else bases or 0
                if self.layout.get("barmode") in ("stack", "relative"):
                    base = tops.get((trace.get("xaxis"), trace.get("yaxis"), key), base)
                value = 0 if is_gap(value) else float(value)
                tops[(trace.get("xaxis"), trace.get("yaxis"), key)] = base + value
                spans.append((base, base + value))
            found[number] = spans
        return found

    def draw(self, title: str) -> str:
        """The whole SVG; `title` is what a screen reader says."""
        pieces = [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{self.height}" '
            f'viewBox="0 0 {self.width} {self.height}" role="img" font-family="Be Vietnam Pro" font-size="{self.size:g}">',
            f"<title>{escape(title)}</title>",
        ]
        ground = self.layout.get("paper_bgcolor")
        if ground and not str(ground).startswith("rgba(0,0,0,0"):
            pieces.append(f'<rect width="{self.width}" height="{self.height}" fill="{ground}"/>')
        for key, axis in self.axes.items():
            pieces += axis.draw(self.axes, self.size, self.ink) if key[0] in "xy" else []
        shapes = [plain(shape) for shape in self.layout.get("shapes") or ()]
        pieces += [self._shape(shape) for shape in shapes if shape.get("layer") == "below"]
        for number, trace in enumerate(self.traces):
            if trace["type"] not in _TRACES:
                raise UnsupportedFigure(f"a trace of type {trace['type']}")
            pieces += self._bars(number, trace) if trace["type"] == "bar" else self._scatter(number, trace)
        pieces += [self._shape(shape) for shape in shapes if shape.get("layer") != "below"]
        for note in self.layout.get("annotations") or ():
            pieces += self._note(plain(note))
        return "".join([*pieces, "</svg>"])

    def _scatter(self, number: int, trace: Mapping[str, Any]) -> Iterator[str]:
        modes = set(str(trace.get("mode", "lines")).split("+"))
        if modes - _POINTS_MODES:
            raise UnsupportedFigure(f"a scatter of mode {trace.get('mode')}")
        xs, ys = self.axes[trace.get("xaxis") or "x"], self.axes[trace.get("yaxis") or "y"]
        points = [
            None if is_gap(x) or is_gap(y) else (xs.pixel(x), ys.pixel(y))
            for x, y in zip(trace["x"], trace["y"], strict=True)
        ]
        runs = list(split_runs(points, bool(trace.get("connectgaps"))))
        if trace.get("fill") not in (None, "none"):
            yield self._fill(number, trace, runs)
        if "lines" in modes:
            line = trace.get("line") or {}
            if line.get("shape") in ("hv", "vh"):
                runs = [step_run(run, line["shape"]) for run in runs]
            yield from (self._path(run, line) for run in runs if len(run) > 1)
        if "markers" in modes:
            yield from self._markers(trace, points)
        if "text" in modes:
            yield from self._texts(trace, points)

    def _fill(self, number: int, trace: Mapping[str, Any], runs: Sequence[Sequence[tuple[float, float]]]) -> str:
        kind, colour = trace["fill"], trace.get("fillcolor") or "rgba(0,0,0,.1)"
        outlines = [list(run) for run in runs if run]
        if kind == "tozeroy":
            foot = self.axes[trace.get("yaxis") or "y"].pixel(0)
            outlines = [[(run[0][0], foot), *run, (run[-1][0], foot)] for run in outlines]
        elif kind in ("tonexty", "tonextx"):
            before = self.traces[number - 1]
            xs, ys = self.axes[before.get("xaxis") or "x"], self.axes[before.get("yaxis") or "y"]
            back = [
                (xs.pixel(x), ys.pixel(y))
                for x, y in zip(before["x"], before["y"], strict=True)
                if not (is_gap(x) or is_gap(y))
            ]
            outlines = [[point for run in outlines for point in run] + back[::-1]]
        elif kind != "toself":
            raise UnsupportedFigure(f"a fill {kind}")
        steps = "".join(f"M{' '.join(f'{x:.2f},{y:.2f}' for x, y in outline)}Z" for outline in outlines)
        return f'<path d="{steps}" fill="{colour}" stroke="none"/>'

    def _path(self, points: Sequence[tuple[float, float]], line: Mapping[str, Any]) -> str:
        steps = " ".join(f"{x:.2f},{y:.2f}" for x, y in points)
        return f'<polyline points="{steps}" fill="none" {stroke(line)} stroke-linejoin="round"/>'

    def _markers(self, trace: Mapping[str, Any], points: Sequence[tuple[float, float] | None]) -> Iterator[str]:
        marker = trace.get("marker") or {}
        rim = plain(marker.get("line") or {})
        for place, point in enumerate(points):
            size = float(pick(marker.get("size", 6), place) or 0)
            if point is None or size <= 0:
                continue
            colour, symbol = pick(marker.get("color", self.ink), place), pick(marker.get("symbol", "circle"), place)
            edge, width = pick(rim.get("color", colour), place), float(pick(rim.get("width", 0), place) or 0)
            opacity = float(pick(marker.get("opacity", trace.get("opacity", 1)), place))
            yield marker_path(str(symbol), *point, size, str(colour), str(edge), width, opacity)

    def _texts(self, trace: Mapping[str, Any], points: Sequence[tuple[float, float] | None]) -> Iterator[str]:
        font = plain(trace.get("textfont") or {})
        for place, point in enumerate(points):
            text = pick(trace.get("text"), place)
            if point is None or not text:
                continue
            upright, _, across = str(pick(trace.get("textposition", "middle center"), place)).partition(" ")
            yield text_block(
                str(text),
                point[0] + {"left": -6, "right": 6}.get(across, 0),
                point[1] + {"top": -6, "bottom": 6}.get(upright, 0),
                size=float(font.get("size", self.size)),
                colour=str(pick(font.get("color", self.ink), place)),
                across={"left": "right", "right": "left"}.get(across, "center"),
                upright={"top": "bottom", "bottom": "top"}.get(upright, "middle"),
            )

    def _bars(self, number: int, trace: Mapping[str, Any]) -> Iterator[str]:
        flat = trace.get("orientation") == "h"
        xs, ys = self.axes[trace.get("xaxis") or "x"], self.axes[trace.get("yaxis") or "y"]
        along, across = (xs, ys) if flat else (ys, xs)
        keys = trace["y"] if flat else trace["x"]
        marker, font = trace.get("marker") or {}, plain(trace.get("textfont") or {})
        thick = across.bar_width(float(self.layout.get("bargap", 0.2)))
        for place, (key, (start, end)) in enumerate(zip(keys, self.bars[number], strict=True)):
            width = across.length(pick(trace["width"], place)) if trace.get("width") else thick
            middle = across.pixel(key)
            low, high = sorted((along.pixel(start), along.pixel(end)))
            box = (low, middle - width / 2, high - low, width) if flat else (middle - width / 2, low, width, high - low)
            colour = pick(marker.get("color", self.ink), place)
            if box[2] > 0 and box[3] > 0:
                yield (
                    f'<rect x="{box[0]:.2f}" y="{box[1]:.2f}" width="{box[2]:.2f}" height="{box[3]:.2f}" fill="{colour}"/>'
                )
            if trace.get("text") is not None and (text := pick(trace["text"], place)):
                inside = pick(trace.get("textposition", "outside"), place) == "inside"
                x, y = (high + (-4 if inside else 4), middle) if flat else (middle, low + (4 if inside else -4))
                yield text_block(
                    str(text),
                    x,
                    y,
                    size=float(font.get("size", self.size)),
                    colour=str(pick(font.get("color", self.ink), place)),
                    across=("right" if inside else "left") if flat else "center",
                    upright="middle" if flat else "top" if inside else "bottom",
                )

    def _shape(self, shape: Mapping[str, Any]) -> str:
        xref, yref = shape.get("xref", "x"), shape.get("yref", "y")
        x0, x1 = (self.place(xref, "x", shape[key]) for key in ("x0", "x1"))
        y0, y1 = (self.place(yref, "y", shape[key]) for key in ("y0", "y1"))
        line = plain(shape.get("line") or {})
        opacity = f' opacity="{shape["opacity"]:g}"' if shape.get("opacity") is not None else ""
        if shape["type"] == "line":
            return f'<line x1="{x0:.2f}" y1="{y0:.2f}" x2="{x1:.2f}" y2="{y1:.2f}" {stroke(line)}{opacity}/>'
        if shape["type"] == "rect":
            left, top = min(x0, x1), min(y0, y1)
            fill = shape.get("fillcolor") or "none"
            edge = stroke(line) if float(line.get("width", 2)) > 0 else ""
            return (
                f'<rect x="{left:.2f}" y="{top:.2f}" width="{abs(x1 - x0):.2f}" height="{abs(y1 - y0):.2f}" '
                f'fill="{fill}" {edge}{opacity}/>'
            )
        raise UnsupportedFigure(f"a shape of type {shape['type']}")

    def _note(self, note: Mapping[str, Any]) -> Iterator[str]:
        font = {"size": self.size, "color": self.ink} | plain(note.get("font") or {})
        xref, yref = note.get("xref") or "x", note.get("yref") or "y"
        x, y = self.place(xref, "x", note["x"]), self.place(yref, "y", note["y"])
        if note.get("showarrow", True):
            head = (x, y)
            x, y = x + float(note.get("ax", 0) or 0), y + float(note.get("ay", -30) or 0)
            line = {"color": note.get("arrowcolor", font["color"]), "width": note.get("arrowwidth", 1)}
            yield self._path([(x, y), head], line)
        x, y = x + float(note.get("xshift") or 0), y - float(note.get("yshift") or 0)
        thirds = {"x": ("left", "center", "right"), "y": ("bottom", "middle", "top")}
        across, upright = note.get("xanchor", "auto"), note.get("yanchor", "auto")
        if across == "auto":
            across = thirds["x"][min(int(note["x"] * 3), 2)] if xref == "paper" else "center"
        if upright == "auto":
            upright = thirds["y"][min(int(note["y"] * 3), 2)] if yref == "paper" else "middle"
        yield text_block(
            str(note["text"]),
            x,
            y,
            size=float(font["size"]),
            colour=str(font["color"]),
            across=across,
            upright=upright,
            weight=str(font.get("weight") or ""),
            angle=float(note.get("textangle") or 0),
            halo=str(font.get("shadow") or "").rpartition(" ")[2],
        )


def draw_svg(figure: go.Figure, width: int, height: int | None = None, title: str = "") -> str:
    """The figure as SVG of a size in CSS pixels; its own height where none is given. UnsupportedFigure for what Plotly could
    draw and this cannot.
    """
    return draw_svgs(figure, (width,), height, title)[0]


def draw_svgs(
    figure: go.Figure | Sheet, widths: Sequence[int], height: int | None = None, title: str = ""
) -> list[str]:
    """The same in several widths; of a `Sheet` as well, which need not become a Plotly figure for it."""
    parts = read_figure(figure)
    tall = height or parts.layout.get("height")
    if not tall:
        raise UnsupportedFigure("the figure has no height")
    return [Drawing(parts, width, int(tall)).draw(title) for width in widths]


def plain(part: Any) -> Mapping[str, Any]:
    """A part of a figure as a dict."""
    return part if isinstance(part, Mapping) else part.to_plotly_json()


def pick(values: Any, place: int) -> Any:
    """The value of one point, where one stands for all or each has its own."""
    if isinstance(values, str) or not hasattr(values, "__len__"):
        return values
    return values[place]


def is_gap(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value)) or value != value


def split_runs(points: Sequence[tuple[float, float] | None], connect: bool) -> Iterator[list[tuple[float, float]]]:
    """The stretches of a line between its gaps."""
    run: list[tuple[float, float]] = []
    for point in points:
        if point is not None:
            run.append(point)
        elif run and not connect:
            yield run
            run = []
    if run:
        yield run


def step_run(run: Sequence[tuple[float, float]], shape: str) -> list[tuple[float, float]]:
    """A line in steps: across and then up ("hv"), or up and then across ("vh")."""
    steps = [run[0]]
    for (x0, y0), (x1, y1) in itertools.pairwise(run):
        steps += [(x1, y0) if shape == "hv" else (x0, y1), (x1, y1)]
    return steps


def stroke(line: Mapping[str, Any]) -> str:
    dash = _DASH.get(str(line.get("dash") or "solid"), "")
    pattern = f' stroke-dasharray="{dash}"' if dash else ""
    return f'stroke="{line.get("color") or "currentColor"}" stroke-width="{float(line.get("width", 2)):g}"{pattern}'
