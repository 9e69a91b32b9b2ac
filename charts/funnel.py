"""A funnel: the rate of every unit over its residents, with limits around the threshold that narrow as units grow.

Small communes swing by chance; a unit between the limits differs from the threshold by no more than its size explains.

    markup = draw_funnel(units, class_edges(threshold), threshold, selected="14818", words=…, formats=…)
    draw_markup("funnel", markup, page.report_of("funnel"))     # a click reports ("selected", unit code)
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from charts.dots import Dot, add_rates, describe, draw_dots, frame, rate_range, say_unit, scale, tick, write
from charts.palette import LIGHT, PAGE, Ink
from indicators.classes import ClassEdges
from indicators.funnel import funnel_limits, load_deviations
from indicators.met import PercentRule
from text.formats import Formats
from text.words import Words

TOP, BOTTOM = 14, 44  # pixels
LEFT = 13.0  # percent of the width, for the rates
STEPS = (1, 2, 5)
POINTS = 60


def draw_funnel(
    units: pd.DataFrame,
    edges: ClassEdges,
    threshold: PercentRule | None,
    *,
    words: Words,
    formats: Formats,
    selected: str = "",
    act: str = "selected",
    height: int = 320,
    ink: Ink = LIGHT,
) -> str:
    """SVG markup. `units`: unit_code, label, insured, population (int64, -1 unknown); those without a rate are not drawn.
    Residents on a logarithmic axis. Without a threshold there are no limits. "" where no unit has a rate.
    """
    known = add_rates(units, edges)
    if known.empty:
        return ""
    line = None if threshold is None else float(threshold.value)
    low, high = rate_range(known["rate"], line)
    people = known["population"].to_numpy()
    first, last = np.log10(people.min()) - 0.05, np.log10(people.max()) + 0.05
    base = height - BOTTOM

    def up(rate: float) -> float:
        return round(base - (base - TOP) * (rate - low) / (high - low), 1)

    def along(residents: float) -> float:
        return scale(float(np.log10(residents)), first, last, LEFT)

    marks = draw_limits(first, last, low, high, base, threshold, ink)
    for value in range(int(low), int(high) + 1, 10 if high - low <= 60 else 20):
        marks += f'<line x1="0" x2="100%" y1="{up(value)}" y2="{up(value)}" stroke="{ink.grid}"/>'
        marks += f'<text x="0" y="{up(value) - 3}" fill="{ink.muted}" font-size="14">{formats.rate(value, 0)}</text>'
    for residents in round_numbers(10**first, 10**last):
        marks += tick(formats.short(residents), along(residents), base + 18, ink.muted)
    marks += write(words.say("dots.residents"), 50, base + 37, ink.muted)
    if line is not None:
        marks += f'<line x1="0" x2="100%" y1="{up(line)}" y2="{up(line)}" stroke="{ink.text}" stroke-width="2"/>'
        said = words.say("dots.line", rule=formats.rule(threshold.value, threshold.operator))
        marks += write(said, 100, up(line) + 16, ink.text, halo=ink.ground)
    dots = [
        Dot(
            row.unit_code,
            along(row.population),
            up(row.rate),
            row.colour,
            *say_unit(row, threshold, words, formats),
        )
        for row in known.itertuples()
    ]
    return frame(marks + draw_dots(dots, selected, ink), height, describe(known, threshold, words, formats), act)


def draw_limits(
    first: float, last: float, low: float, high: float, base: float, threshold: PercentRule | None, ink: Ink
) -> str:
    """The band between the outer limits and the lines of the inner ones, in a picture of its own that is stretched over the
    plot: curves cannot be given in percent.
    """
    if threshold is None:
        return ""
    residents = np.round(10 ** np.linspace(first, last, POINTS)).astype(np.int64)
    across = np.linspace(LEFT, 98, POINTS)
    curves = []
    for deviations in load_deviations():
        for limit in funnel_limits(residents, threshold.value, deviations):
            level = 100 - 100 * (np.clip(limit, low, high) - low) / (high - low)
            curves.append([f"{x:.1f},{y:.2f}" for x, y in zip(across, level, strict=True)])
    inner_low, inner_high, outer_low, outer_high = curves
    band = " ".join([*outer_low, *reversed(outer_high)])
    style = f'fill="none" stroke="{ink.muted}" stroke-dasharray="4 3" vector-effect="non-scaling-stroke"'
    lines = "".join(f'<polyline points="{" ".join(curve)}" {style}/>' for curve in (inner_low, inner_high))
    return (
        f'<svg x="0" y="{TOP}" width="100%" height="{base - TOP}" viewBox="0 0 100 100" preserveAspectRatio="none">'
        f'<polygon points="{band}" fill="{PAGE["track"]}"/>{lines}</svg>'
    )


def round_numbers(low: float, high: float) -> list[int]:
    """1, 2, 5, 10, 20, 50 … between two numbers; only 1, 10, 100 … where that would be more than eight."""
    found = [step * 10**power for power in range(9) for step in STEPS if low <= step * 10**power <= high]
    return found if len(found) <= 8 else [number for number in found if str(number)[0] == "1"]
