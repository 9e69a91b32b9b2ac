"""A strip plot: every unit of a place as a dot along one axis of the rate, coloured by its class, the threshold a line.

markup = draw_strip(units, class_edges(threshold), threshold, is_commune=True, selected="14818", words=…, formats=…)
draw_markup("strip", markup, page.report_of("strip"))       # a click reports ("selected", unit code)
"""

from __future__ import annotations

from zlib import crc32

import pandas as pd

from charts.dots import Dot, add_rates, describe, draw_dots, frame, rate_range, say_unit, scale, tick, write
from charts.palette import LIGHT, PAGE, Ink
from indicators.classes import ClassEdges
from indicators.met import PercentRule
from text.formats import Formats
from text.words import Words

NAMES = ("unit_code", "label", "short", "insured", "population", "rate", "colour")  # of what a dot is drawn from
TOP, BOTTOM = 26, 24  # room for the threshold's label above and the ticks below, in pixels


def draw_strip(
    units: pd.DataFrame,
    edges: ClassEdges,
    threshold: PercentRule | None,
    *,
    words: Words,
    formats: Formats,
    is_commune: bool = True,
    selected: str = "",
    act: str = "selected",
    height: int = 170,
    ink: Ink = LIGHT,
) -> str:
    """SVG markup. `units`: unit_code, label, insured, population (int64, -1 unknown); those without a rate are not drawn: say
    beside the figure how many they are. `threshold` None draws no line. A dot's height means nothing: it is spread by the
    unit's code, so that it stays where it is from month to month. "" where no unit has a rate.
    """
    known = add_rates(units, edges)
    if known.empty:
        return ""
    line = None if threshold is None else float(threshold.value)
    low, high = rate_range(known["rate"], line)
    base = height - BOTTOM
    marks = draw_axis(low, high, base, formats, ink)
    if line is not None:
        at = scale(line, low, high)
        key = "dots.line_commune" if is_commune else "dots.line"
        marks = (
            f'<rect x="{at}%" y="{TOP - 4}" width="{100 - at:.2f}%" height="{base - TOP + 4}" fill="{PAGE["selected-fill"]}"/>'
            + marks
            + f'<line x1="{at}%" x2="{at}%" y1="{TOP - 8}" y2="{base}" stroke="{ink.text}" stroke-width="2"/>'
            + write(words.say(key, rule=formats.rule(threshold.value, threshold.operator)), at, 14, ink.text)
        )
    room = base - TOP - 16
    dots = [
        Dot(
            row.unit_code,
            scale(row.rate, low, high),
            TOP + 8 + crc32(row.unit_code.encode()) % 1000 * room // 1000,
            row.colour,
            *say_unit(row, threshold, words, formats),
        )
        for row in known[[name for name in NAMES if name in known]].itertuples()
    ]
    return frame(marks + draw_dots(dots, selected, ink), height, describe(known, threshold, words, formats), act)


def draw_axis(low: float, high: float, base: float, formats: Formats, ink: Ink) -> str:
    """The line below the dots with a tick every ten or twenty points."""
    step = 10 if high - low <= 50 else 20
    marks = f'<line x1="0" x2="100%" y1="{base}" y2="{base}" stroke="{ink.grid}"/>'
    for value in range(int(-(-low // step) * step), int(high) + 1, step):
        at = scale(value, low, high)
        marks += f'<line x1="{at}%" x2="{at}%" y1="{base}" y2="{base + 4}" stroke="{ink.muted}"/>'
        marks += tick(formats.rate(value, 0), at, base + 19, ink.muted)
    return marks
