"""What the strip and the funnel share: a dot per unit in SVG whose places across are percentages, so that it fits any width
while its text keeps its size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import pandas as pd

from charts import palette
from charts.palette import LIGHT, Ink
from indicators.classes import NO_DATA, ClassEdges, classify
from indicators.met import PercentRule
from indicators.rates import coverage_pct, shown_pct
from text.formats import Formats
from text.words import Words

LEFT, RIGHT = 2.0, 98.0  # percent of the width
TEXT = 14
RADIUS = 4


@dataclass(frozen=True)
class Dot:
    """A unit to draw: `x` in percent of the width, `y` in pixels, `name` short, `said` its name and figures."""

    code: str
    x: float
    y: float
    colour: str
    name: str
    said: str


def add_rates(units: pd.DataFrame, edges: ClassEdges) -> pd.DataFrame:
    """The units with a known rate, with `rate` (percent, for drawing) and `colour` of their class."""
    classes = classify(units["insured"], units["population"], edges)
    colours = palette.byte_colours(edges)
    known = units.assign(
        rate=coverage_pct(units["insured"], units["population"]), colour=[colours[int(code)] for code in classes]
    )
    return known[classes != NO_DATA]


def say_unit(row, rule: PercentRule | None, words: Words, formats: Formats) -> tuple[str, str]:
    """Of a unit with `label` and, where it has one, a shorter name `short`, for a label and for a title: "Xã Tân Lập 84,9%",
    "Xã Tân Lập: 84,9%; 6.932/8.168 người".
    """
    rate = formats.rate(shown_pct(int(row.insured), int(row.population), rule))
    people = formats.part_of(row.insured, row.population)
    return f"{getattr(row, 'short', row.label)} {rate}", words.say(
        "dots.unit", name=row.label, rate=rate, people=people
    )


def scale(value: float, low: float, high: float, left: float = LEFT) -> float:
    """Percent of the width for a value between the ends."""
    return round(left + (RIGHT - left) * (value - low) / (high - low), 2)


def rate_range(rates: Sequence[float], line: float | None) -> tuple[float, float]:
    """Whole tens around the rates and the line; at least 20 points."""
    values = [float(value) for value in rates] + ([line] if line is not None else [])
    low = max(0.0, np.floor((min(values, default=60.0) - 1) / 10) * 10)
    high = max(100.0, np.ceil((max(values, default=100.0) + 0.5) / 5) * 5)
    return min(low, high - 20), high


def draw_dots(dots: Sequence[Dot], selected: str, ink: Ink = LIGHT) -> str:
    """Every dot, those of one colour in one group; the selected one last, larger, with its figures written beside it."""
    groups: dict[str, list[str]] = {}
    for dot in dots:
        if dot.code != selected:
            circle = f'<circle cx="{dot.x}%" cy="{dot.y:g}" r="{RADIUS}" data-value="{escape(dot.code)}">'
            groups.setdefault(dot.colour, []).append(f"{circle}<title>{escape(dot.said)}</title></circle>")
    marks = "".join(f'<g fill="{colour}">{"".join(circles)}</g>' for colour, circles in groups.items())
    marks = f'<g stroke="{palette.OUTLINE}" stroke-width=".5">{marks}</g>'
    for dot in dots:
        if dot.code == selected:
            marks += (
                f'<circle cx="{dot.x}%" cy="{dot.y:g}" r="{RADIUS + 3}" fill="{dot.colour}" stroke="{palette.SELECTED}" '
                f'stroke-width="2" data-value="{escape(dot.code)}"><title>{escape(dot.said)}</title></circle>'
            )
            marks += write(dot.name, dot.x, dot.y - 12, ink.text, is_bold=True, halo=ink.ground)
    return marks


def write(text: str, x: float, y: float, colour: str, *, is_bold: bool = False, halo: str = "") -> str:
    """Text at a place, anchored so that it stays inside: by its start on the left, by its end on the right."""
    anchor = "start" if x < 35 else "end" if x > 65 else "middle"
    weight = ' font-weight="600"' if is_bold else ""
    edge = f' stroke="{halo}" stroke-width="4" paint-order="stroke" stroke-linejoin="round"' if halo else ""
    place = f'x="{x}%" y="{y:g}" fill="{colour}" font-size="{TEXT}" text-anchor="{anchor}"'
    return f"<text {place}{weight}{edge}>{escape(text)}</text>"


def tick(text: str, x: float, y: float, colour: str) -> str:
    """The label of a tick, in the middle under it but for the ends."""
    anchor = "start" if x < 4 else "end" if x > 96 else "middle"
    return f'<text x="{x}%" y="{y:g}" fill="{colour}" font-size="{TEXT}" text-anchor="{anchor}">{escape(text)}</text>'


def frame(marks: str, height: int, said: str, act: str) -> str:
    """The picture. A click on or near a dot reports (act, unit code) through ui/markup.js; the table behind it is the way
    for keyboards.
    """
    return (
        f'<svg class="bp-dots" width="100%" height="{height}" role="img" aria-label="{escape(said)}" '
        f'data-act="{escape(act)}">{marks}</svg>'
    )


def describe(units: pd.DataFrame, rule: PercentRule | None, words: Words, formats: Formats) -> str:
    """The same in a sentence: how many, from where to where. `units`: with rates (`add_rates`)."""
    if units.empty:
        return words.say("dots.empty")
    ordered = units.sort_values("rate", kind="stable")
    first, last = ordered.iloc[0], ordered.iloc[-1]

    def write_rate(row) -> str:
        return formats.rate(shown_pct(int(row["insured"]), int(row["population"]), rule))

    return words.say(
        "dots.alt",
        count=formats.count(len(units)),
        low=write_rate(first),
        low_name=first["label"],
        high=write_rate(last),
        high_name=last["label"],
    )
