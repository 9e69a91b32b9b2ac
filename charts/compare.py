"""Several units on one scale: at most four in colour, the rest quiet; estimated parts dashed, breaks marked."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape

import plotly.graph_objects as go

from charts import palette
from charts.palette import LIGHT, Ink
from charts.sheet import Sheet, set_ground
from charts.trend import FONT
from charts.trend_labels import FONT_SIZE, to_x
from charts.trend_marks import Mark, place_lanes
from indicators.rates import shown_value
from indicators.rules import Threshold
from text.formats import Formats
from text.words import Words

HEIGHT = 420
NARROWEST_NAME, ROOM_FOR_YEARS, WIDEST_NAME = 72, 90, 140  # px
LONGEST_LINE = 12  # letters of a name in one line
LINE_PX = 20
MARK_PX = 20
MONTHS_A_QUARTER = 3


@dataclass(frozen=True)
class UnitLine:
    """One unit: its name as the label says it, a rate per month (None unknown), and the months that are estimated."""

    name: str
    rates: Sequence[float | None]
    estimated: frozenset[str] = frozenset()


def draw_comparison(
    months: Sequence[str],
    lines: Sequence[UnitLine],
    rest: Sequence[UnitLine],
    threshold: Threshold | None,
    marks: Sequence[Mark],
    *,
    words: Words,
    formats: Formats,
    ink: Ink = LIGHT,
) -> go.Figure:
    """`lines` in the order of their colours (no more than there are), `rest` grey under them, without labels."""
    if len(lines) > len(palette.COMPARED):
        raise ValueError(f"{len(palette.COMPARED)} units at most have a colour of their own")
    every = [rate for line in (*lines, *rest) for rate in line.rates if rate is not None]
    edge = [float(threshold.value)] if threshold else []
    low, high = (min([*every, *edge]), max([*every, *edge])) if every else (0.0, 100.0)
    span = max(high - low, 4.0)
    low, high = low - span * 0.05, high + span * 0.08
    lanes = max(place_lanes(marks), default=-1) + 1
    top = 10 + MARK_PX * lanes
    figure = Sheet(_layout(months, low, high, top, _room_for(lines), formats, ink), ink.ground)
    if rest:
        _draw_rest(figure, months, rest)
    for line, colour in zip(lines, palette.COMPARED, strict=False):
        _draw(figure, months, line, colour, 2.5, words, formats, threshold)
    if threshold:
        figure.add_shape(
            name="threshold", type="line", x0=to_x(months[0]), x1=to_x(months[-1]), y0=edge[0], y1=edge[0],
            line={"color": ink.text, "width": 1, "dash": "dot"},
        )  # fmt: skip
        figure.add_annotation(
            name="threshold", text=formats.rule(threshold.value, threshold.operator), x=to_x(months[0]), y=edge[0],
            xanchor="left", yanchor="bottom", showarrow=False, font={"color": ink.muted, "size": FONT_SIZE},
        )  # fmt: skip
    for mark, lane in zip(marks, place_lanes(marks), strict=True):
        x = to_x(mark.period)
        figure.add_shape(
            name="mark", type="line", x0=x, x1=x, y0=0, y1=1, yref="paper",
            line={"color": ink.muted, "width": 1, "dash": "dot"},
        )  # fmt: skip
        figure.add_annotation(
            name="mark", text=f"<b>{mark.number}</b>", x=x, y=1, yref="paper", xanchor="center", yanchor="bottom",
            yshift=2 + lane * MARK_PX, showarrow=False, font={"color": ink.muted, "size": FONT_SIZE},
        )  # fmt: skip
    _label_ends(figure, months, lines, low, (HEIGHT - top - 30) / (high - low), formats, threshold)
    return figure.finish()


def _draw_rest(figure: Sheet, months: Sequence[str], rest: Sequence[UnitLine]) -> None:
    """All quiet lines as one trace, torn between units, a point a quarter: more would cost more than it says."""
    x: list[str | None] = []
    y: list[float | None] = []
    first = (len(months) - 1) % MONTHS_A_QUARTER
    quarters = [to_x(month) for month in months[first::MONTHS_A_QUARTER]]
    for line in rest:
        rates = line.rates[first::MONTHS_A_QUARTER]
        x += [*quarters, None]
        y += [*(None if rate is None else round(rate, 2) for rate in rates), None]
    figure.add_scatter(
        name="rest", x=x, y=y, mode="lines", connectgaps=False, hoverinfo="skip",
        line={"color": palette.QUIET_LINE, "width": 1},
    )  # fmt: skip


def _draw(figure: Sheet, months, line: UnitLine, colour: str, width: float, words, formats, threshold) -> None:
    """One coloured line; its estimated months dashed."""
    said = escape(line.name, quote=False)  # Plotly reads tags in what it is given
    solid = [None if month in line.estimated else rate for month, rate in zip(months, line.rates, strict=True)]
    texts = [
        words.say(
            "trend.hover_estimated" if month in line.estimated else "trend.hover",
            name=said,
            month=formats.month(month),
            value=formats.rate(shown_value(rate, threshold)),
        )
        for month, rate in zip(months, line.rates, strict=True)
    ]
    shared = {
        "x": [to_x(month) for month in months],
        "mode": "lines",
        "connectgaps": False,
        "text": texts,
        "hovertemplate": "%{text}<extra></extra>",
    }
    figure.add_scatter(name=said, y=solid, line={"color": colour, "width": width}, **shared)
    if line.estimated:
        beside = {first for first, then in itertools.pairwise(months) if then in line.estimated}
        dashed = [
            rate if month in line.estimated | beside else None for month, rate in zip(months, line.rates, strict=True)
        ]
        dash = {"color": colour, "width": width, "dash": "dash"}
        figure.add_scatter(name=f"{said} estimated", y=dashed, line=dash, **shared)


def _label_ends(
    figure: Sheet, months, lines: Sequence[UnitLine], lowest: float, px_per_point: float, formats, threshold
) -> None:
    """Name and last value of each coloured line in the margin, pushed apart where they would touch, none below `lowest`."""
    ends = []
    for line, colour in zip(lines, palette.COMPARED, strict=False):
        known = [(place, rate) for place, rate in enumerate(line.rates) if rate is not None]
        if known:
            ends.append((known[-1][1], line.name, colour))
    ends.sort(reverse=True)
    halves = [(1 + len(_lines_of(name))) * LINE_PX / 2 / px_per_point for _, name, _ in ends]
    heights: list[float] = []
    for (rate, _, _), half in zip(ends, halves, strict=True):
        heights.append(min(rate, heights[-1] - halves[len(heights) - 1] - half) if heights else rate)
    floor = lowest
    for place in reversed(range(len(ends))):  # those pushed below the axis push the ones above them up
        heights[place] = max(heights[place], floor + halves[place])
        floor = heights[place] + halves[place]
    for (rate, name, colour), height in zip(ends, heights, strict=True):
        written = formats.rate(shown_value(rate, threshold))
        said = "<br>".join(escape(line, quote=False) for line in _lines_of(name))
        figure.add_annotation(
            name="end", text=f"<b>{written}</b><br>{said}", x=1, xref="paper", y=height, xanchor="left", xshift=6,
            align="left", showarrow=False, font={"color": colour, "size": FONT_SIZE},
        )  # fmt: skip


def _lines_of(name: str) -> list[str]:
    """A name as it stands in the margin: a long one in two lines, parted near its middle; the whole stands in the chips above
    the chart and in the table."""
    spaces = [at for at, letter in enumerate(name) if letter == " "]
    if len(name) <= LONGEST_LINE or not spaces:
        return [_short(name)]
    middle = min(spaces, key=lambda at: abs(at - len(name) / 2))
    return [_short(name[:middle]), _short(name[middle + 1 :])]


def _short(name: str, limit: int = 14) -> str:
    return name if len(name) <= limit else name[: limit - 1].rstrip() + "…"


def _room_for(lines: Sequence[UnitLine]) -> int:
    """Pixels right of the lines for their names: on a phone every one of them is taken from the months."""
    longest = max((len(part) for line in lines for part in _lines_of(line.name)), default=0)
    return min(WIDEST_NAME, max(NARROWEST_NAME, 20 + round(8.4 * longest)))


def _layout(months: Sequence[str], low: float, high: float, top: int, right: int, formats: Formats, ink: Ink) -> dict:
    step = next(step for step in (1, 2, 5, 10, 20) if (high - low) / step <= 8)
    ticks = [tick for tick in range(0, 201, step) if low <= tick <= high]
    years = [month for month in months if month.endswith("-01")]
    most = 6 if right <= ROOM_FOR_YEARS else 3  # on a phone they must stand upright and apart
    years = years if len(years) <= most else [month for month in years if int(month[:4]) % 2 == 0]
    font = {"family": FONT, "size": FONT_SIZE, "color": ink.text}
    axis = {"zeroline": False, "fixedrange": True, "tickfont": {"color": ink.muted}, "tickmode": "array"}
    return {
        "height": HEIGHT,
        "margin": {"l": 48, "r": right, "t": top, "b": 30},
        **set_ground(font, ink),
        "xaxis": axis | {
            "type": "date", "range": [to_x(months[0]), to_x(months[-1])], "tickvals": [to_x(month) for month in years],
            "ticktext": [month[:4] for month in years], "showgrid": False, "ticks": "outside", "ticklen": 5,
            "tickcolor": ink.muted, "tickangle": 0,
        },
        "yaxis": axis | {
            "range": [low, high], "tickvals": ticks, "ticktext": [formats.rate(Decimal(tick)) for tick in ticks],
            "gridcolor": ink.grid,
        },
    }  # fmt: skip
