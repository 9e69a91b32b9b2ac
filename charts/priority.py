"""Where to begin: coverage against people still to enrol, every unit a dot, in four named quadrants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import log10

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from charts.palette import LIGHT, PRIORITY, SELECTED, Ink
from charts.sheet import Sheet
from charts.vector_axes import nice_ticks

FAMILY = "Be Vietnam Pro, sans-serif"
SIZE = 14
HEIGHT = 420
QUADRANTS = ("low_many", "near_many", "low_few", "near_few")
_CORNERS = {
    "low_many": (0.0, 1.0, "left", "top"),
    "near_many": (1.0, 1.0, "right", "top"),
    "low_few": (0.0, 0.0, "left", "bottom"),
    "near_few": (1.0, 0.0, "right", "bottom"),
}


@dataclass(frozen=True)
class PriorityWords:
    """What the chart says, in the reader's language: titles of the axes, name of each quadrant, and what
    hover says after a unit's name (with %{x} and %{y} in it)."""

    rate: str
    people: str
    quadrants: dict[str, str]
    hover: str
    separators: str


def draw_priority(
    frame: pd.DataFrame, line: float, many: int, *, words: PriorityWords, selected: str = "", ink: Ink = LIGHT
) -> go.Figure:
    """`frame`: unit_code, label, rate (percent), people (1 or more), quadrant (a name of QUADRANTS). `line` is the rate and
    `many` the number of people where the quadrants meet. A click gives `customdata`: the unit's code.
    """
    figure = Sheet({})
    for name in reversed(QUADRANTS):
        part = frame[frame["quadrant"] == name]
        figure.add_scatter(
            x=part["rate"].to_numpy(np.float32),
            y=part["people"].to_numpy(np.int32),
            mode="markers",
            name=words.quadrants[name],
            text=[escape(label, quote=False) for label in part["label"]],
            customdata=part["unit_code"].to_list(),
            marker={
                "size": 7,
                "color": PRIORITY[name],
                "opacity": 0.75,
                "line": {"width": 0.5, "color": ink.ground},
            },
            hovertemplate=f"<b>%{{text}}</b><br>{words.hover}<extra></extra>",
            unselected={"marker": {"opacity": 0.75}},
        )
    mark_selected(figure, frame, selected)
    low, high = frame["rate"].min(), frame["rate"].max()
    spare = max(1.0, (high - low) * 0.04)
    first, last = min(low, line) - spare, max(high, line) + spare
    rates, ticks = nice_ticks(first, last), list_ticks(frame["people"].min(), frame["people"].max())
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 64, "r": 12, "t": 12, "b": 52},
        paper_bgcolor=ink.ground,
        plot_bgcolor=ink.ground,
        font={"family": FAMILY, "size": SIZE, "color": ink.text},
        separators=words.separators,
        showlegend=False,
        hovermode="closest",
        dragmode=False,
        hoverlabel={"bgcolor": ink.ground, "font": {"family": FAMILY, "size": SIZE, "color": ink.text}},
        xaxis={
            "title": {"text": words.rate, "font": {"size": SIZE, "color": ink.muted}},
            "range": [first, last],
            "tickvals": rates,
            "ticktext": [write_rate(rate, rates, words) for rate in rates],
            "gridcolor": ink.grid,
            "zeroline": False,
            "fixedrange": True,
        },
        yaxis={
            "title": {"text": words.people, "font": {"size": SIZE, "color": ink.muted}},
            "type": "log",
            "tickvals": ticks,
            "ticktext": [f"{tick:,}".replace(",", words.separators[1]) for tick in ticks],
            # Room above and below for the names of the quadrants.
            "range": [log10(frame["people"].min() / 1.9), log10(frame["people"].max() * 1.9)],
            "gridcolor": ink.grid,
            "fixedrange": True,
        },
    )
    dotted = {"type": "line", "line": {"color": ink.muted, "width": 1, "dash": "dot"}}
    figure.add_shape(**dotted, x0=line, x1=line, xref="x", y0=0, y1=1, yref="y domain")
    figure.add_shape(**dotted, x0=0, x1=1, xref="x domain", y0=many, y1=many, yref="y")
    for name, (x, y, side, edge) in _CORNERS.items():
        figure.add_annotation(
            x=x, y=y, xref="paper", yref="paper", xanchor=side, yanchor=edge, showarrow=False, align=side,
            text=fold(words.quadrants[name]), bgcolor=ink.ground, opacity=0.92,
            font={"size": SIZE, "color": ink.text, "weight": 700 if name == "low_many" else 400},
        )  # fmt: skip
    return figure.finish()


def ring(codes: Mapping[str, Sequence[str]], unit: str) -> str:
    """The style sheet that rings a unit's dot, however the chart came to the screen; "" where it is not drawn. `codes`: the units
    of each quadrant in the order in which they were drawn. Plotly draws no element for a quadrant without a dot."""
    drawn = [name for name in reversed(QUADRANTS) if len(codes.get(name, ()))]
    for layer, name in enumerate(drawn, 1):
        if unit in codes[name]:
            dot = list(codes[name]).index(unit) + 1
            place = f".scatterlayer > .trace:nth-of-type({layer}) .points > path:nth-of-type({dot})"
            return f".st-key-priority {place}{{stroke:{SELECTED}!important;stroke-width:4px!important;opacity:1!important}}"
    return ""


def write_rate(rate: float, rates: list[float], words: PriorityWords) -> str:
    """ "80%", "82,5%": as many decimals as the steps between the ticks have."""
    decimals = 0 if all(float(tick).is_integer() for tick in rates) else 1
    return f"{rate:.{decimals}f}%".replace(".", words.separators[0])


def fold(name: str) -> str:
    """The name of a quadrant in two lines: on a phone two of them stand side by side."""
    parts = name.split()
    half = -(-len(parts) // 2)
    return " ".join(parts[:half]) + "<br>" + " ".join(parts[half:]) if len(parts) > 2 else name


def list_ticks(low: int, high: int) -> list[int]:
    """1, 2, 5, 10, 20 … between the fewest and the most people; only tens where that would be many."""
    tens = range(len(str(int(high))))
    steps = (1, 2, 5) if high < 100 * low else (1, 3) if high < 1_000 * low else (1,)
    return [step * 10**power for power in tens for step in steps if low / 1.9 <= step * 10**power <= high * 1.9]


def mark_selected(figure: Sheet, frame: pd.DataFrame, selected: str) -> None:
    """A ring round the marked unit, with its name."""
    row = frame[frame["unit_code"] == selected]
    if row.empty:
        return
    figure.add_scatter(
        x=row["rate"].to_list(),
        y=row["people"].to_list(),
        mode="markers+text",
        text=[escape(row["label"].iloc[0].split(",")[0], quote=False)],
        textposition="top center",
        textfont={"size": SIZE, "color": SELECTED, "weight": 700},
        customdata=row["unit_code"].to_list(),
        hoverinfo="skip",
        marker={"size": 14, "color": "rgba(0,0,0,0)", "line": {"width": 2.5, "color": SELECTED}},
    )
