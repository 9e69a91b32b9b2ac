"""Where the present pace leads: the last years of a unit, a fan of its possible quarters, and the pace it needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import plotly.graph_objects as go

from charts import palette
from charts.palette import LIGHT, Ink
from charts.sheet import Sheet, set_ground
from charts.trend import FONT, MARGIN
from charts.trend_labels import FONT_SIZE, to_x
from indicators.rates import shown_value
from indicators.rules import Goal
from text.formats import Formats
from text.words import Words

HEIGHT = 340


@dataclass(frozen=True)
class Projection:
    """What is drawn. Rates are percent of the present population.

    months, rates         the past, None where unknown
    ahead                 the months of the fan, from the last known month on; low, middle, high one rate each
    goal                  what is to be reached, by its deadline
    """

    months: Sequence[str]
    rates: Sequence[float | None]
    ahead: Sequence[str]
    low: Sequence[float]
    middle: Sequence[float]
    high: Sequence[float]
    goal: Goal


def draw_projection(shown: Projection, *, words: Words, formats: Formats, ink: Ink = LIGHT) -> go.Figure:
    """Solid: figures. Dashed with a fan: the present pace. Thin and straight: the pace needed to the goal, which is
    dotted."""
    goal = float(shown.goal.value)
    deadline = f"{shown.goal.deadline:%Y-%m}"
    known = [rate for rate in shown.rates if rate is not None]
    values = [*known, goal, *shown.low, *shown.high]
    low, high = min(values), max(values)
    spread = max(high - low, 2.0)
    figure = Sheet(_layout(shown, low - spread * 0.12, high + spread * 0.2, formats, ink), ink.ground)
    colour = ink.coverage

    if shown.ahead:
        x = [to_x(month) for month in shown.ahead]
        figure.add_scatter(
            name="fan", x=x + x[::-1], y=[*shown.high, *reversed(shown.low)], mode="lines", fill="toself",
            fillcolor=palette.FAN, line={"width": 0}, hoverinfo="skip",
        )  # fmt: skip
        figure.add_scatter(
            name="projected", x=x, y=list(shown.middle), mode="lines", line={"color": colour, "width": 2, "dash": "dash"},
            text=[
                words.say("projection.hover", month=formats.month(month), low=_rate(low_at, formats),
                          middle=_rate(middle, formats), high=_rate(high_at, formats))
                for month, low_at, middle, high_at in zip(shown.ahead, shown.low, shown.middle, shown.high, strict=True)
            ],
            hovertemplate="%{text}<extra></extra>",
        )  # fmt: skip
    last_month, last_rate = _last(shown)
    if last_rate is not None and last_month < deadline:
        figure.add_scatter(
            name="needed", x=[to_x(last_month), to_x(deadline)], y=[last_rate, goal], mode="lines+markers",
            line={"color": ink.text, "width": 1.25}, marker={"size": [0, 7], "color": ink.text}, hoverinfo="skip",
            cliponaxis=False,
        )  # fmt: skip
    figure.add_scatter(
        name="coverage", x=[to_x(month) for month in shown.months], y=list(shown.rates), mode="lines",
        connectgaps=False, line={"color": colour, "width": 2.5},
        text=[
            words.say("trend.hover", name=words.say("indicator.coverage.short"), month=formats.month(month),
                      value=formats.rate(shown_value(rate, shown.goal)))
            for month, rate in zip(shown.months, shown.rates, strict=True)
        ],
        hovertemplate="%{text}<extra></extra>",
    )  # fmt: skip
    end = max([deadline, *shown.ahead[-1:]])
    figure.add_shape(
        name="goal", type="line", x0=to_x(shown.months[0]), x1=to_x(end), y0=goal, y1=goal,
        line={"color": colour, "width": 1.5, "dash": "dot"},
    )  # fmt: skip
    # The rule alone: the subtitle names the goal and its date, and on a phone more words would lie over the fan.
    notes = [(shown.months[0], goal, formats.rule(shown.goal.value, shown.goal.operator), "left", "bottom", 0)]
    if last_rate is not None:
        written = f"<b>{formats.rate(shown_value(last_rate, shown.goal))}</b>"
        notes.append((last_month, last_rate, written, "right", "bottom", -6))
    for month, value, text, side, upright, shift in notes:
        figure.add_annotation(
            text=text, x=to_x(month), y=value, xanchor=side, yanchor=upright, xshift=shift, showarrow=False,
            font={"color": colour, "size": FONT_SIZE},
        )  # fmt: skip
    for name, month, value in _end_labels(shown, last_rate is not None and last_month < deadline, deadline, goal):
        figure.add_annotation(
            name=name, text=words.say(f"projection.{name}"), x=to_x(month), y=value, xanchor="left", xshift=8,
            # Not on the goal's own line, which may run on.
            yanchor="middle" if name != "needed" else "top" if shown.ahead and shown.middle[-1] >= goal else "bottom",
            showarrow=False, font={"color": ink.text if name == "needed" else colour, "size": FONT_SIZE},
        )  # fmt: skip
    return figure.finish()


def _end_labels(shown: Projection, has_needed: bool, deadline: str, goal: float) -> list[tuple[str, str, float]]:
    """The names of the two lines at their ends; pushed apart where they would touch."""
    labels = [("needed", deadline, goal)] if has_needed else []
    if not shown.ahead:
        return labels
    middle = shown.middle[-1]
    spread = max(max(*shown.high, goal) - min([rate for rate in shown.rates if rate is not None] or [goal]), 2.0) * 0.09
    if labels and abs(middle - goal) < spread:
        apart = spread if middle >= goal else -spread
        middle = goal + apart
    return [*labels, ("projected", shown.ahead[-1], middle)]


def _last(shown: Projection) -> tuple[str, float | None]:
    pairs = [(month, rate) for month, rate in zip(shown.months, shown.rates, strict=True) if rate is not None]
    return pairs[-1] if pairs else (shown.months[-1], None)


def _rate(value: float, formats: Formats) -> str:
    return formats.rate(shown_value(value))


def _layout(shown: Projection, low: float, high: float, formats: Formats, ink: Ink) -> dict[str, Any]:
    span = high - low
    step = next(step for step in (1, 2, 5, 10, 20) if span / step <= 7)
    ticks = [tick for tick in range(0, 121, step) if low <= tick <= high]
    months = [*shown.months, *shown.ahead, f"{shown.goal.deadline:%Y-%m}"]
    years = sorted({month[:4] for month in months if f"{month[:4]}-01" >= min(months)})
    years = years if len(years) <= 4 else [year for year in years if int(year) % 2 == 0]  # upright and apart on a phone
    font = {"family": FONT, "size": FONT_SIZE, "color": ink.text}
    axis = {"showgrid": False, "zeroline": False, "fixedrange": True, "tickfont": {"color": ink.muted}}
    return {
        "height": HEIGHT,
        "margin": MARGIN | {"r": 120},
        **set_ground(font, ink),
        "xaxis": axis | {
            "type": "date", "range": [to_x(min(months)), to_x(max(months))], "tickmode": "array",
            "tickvals": [f"{year}-01-01" for year in years], "ticktext": years, "ticks": "outside", "ticklen": 5,
            "tickcolor": ink.muted, "tickangle": 0,
        },
        "yaxis": axis | {
            "range": [low, high], "tickmode": "array", "tickvals": ticks, "gridcolor": ink.grid, "showgrid": True,
            "ticktext": [formats.rate(Decimal(tick)) for tick in ticks],
        },
    }  # fmt: skip
