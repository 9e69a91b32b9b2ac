"""Bullet rows: a bar for the value, a tick for its target, all on one axis from zero. Numbers in, SVG markup out.

A row of the page sets the unit's name before its bar and the figures behind it; `draw_bullet_axis` stands once below.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from charts import palette
from charts.dots import tick
from charts.palette import LIGHT, Ink
from text.formats import Formats

HEIGHT = 22


def bullet_top(values: Iterable[float]) -> float:
    """The end of the axis: 100, or the next five above the largest value."""
    largest = max((value for value in values if value == value), default=0.0)
    return 100.0 if largest <= 100 else -(-largest // 5) * 5


def draw_bullet(
    value: float, target: float | None, is_met: bool | None, label: str, *, top: float = 100.0, ink: Ink = LIGHT
) -> str:
    """One bar of `value` percent (NaN: no bar) with a tick at `target`. Blue where the target is met, orange where it is
    missed, grey where there is none to hold it against (`is_met` None); `label` says the same in words.
    """
    colour = {True: palette.MET, False: palette.NOT_MET, None: palette.PAGE["edge"]}[is_met]
    marks = f'<rect x="0" y="5" width="100%" height="12" fill="{palette.PAGE["track"]}"/>'
    if value == value:
        marks += f'<rect x="0" y="5" width="{100 * min(value, top) / top:.2f}%" height="12" fill="{colour}"/>'
    if target is not None:
        at = f"{100 * target / top:.2f}%"
        marks += f'<line x1="{at}" x2="{at}" y1="0" y2="{HEIGHT}" stroke="{ink.text}" stroke-width="3"/>'
    return (
        f'<svg class="bp-bullet" width="100%" height="{HEIGHT}" role="img" aria-label="{escape(label)}">{marks}</svg>'
    )


def draw_bullet_axis(formats: Formats, *, top: float = 100.0, ink: Ink = LIGHT) -> str:
    """The shared axis: 0, 50, 100 %."""
    marks = "".join(tick(formats.rate(value, 0), round(100 * value / top, 2), 16, ink.muted) for value in (0, 50, 100))
    return f'<svg class="bp-bullet" width="100%" height="20" aria-hidden="true">{marks}</svg>'
