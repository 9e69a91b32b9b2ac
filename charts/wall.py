"""Charts that are read from metres away: few marks, thick lines, words at their ends. Frames in, SVG markup out.

One unit of the drawing is one pixel of a screen of 1920 × 1080 (ui/sheets/meeting.css scales it with the screen).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

import pandas as pd

from charts.palette import WALL_INK
from charts.sparkline import split_at_gaps
from text.formats import Formats

WIDTH, HEIGHT = 900, 560
LEFT, RIGHT, TOP, BOTTOM = 84, 170, 28, 54
TYPE = 26
STROKE = 6
APART = 34  # between the words of two lines


@dataclass(frozen=True)
class WallLine:
    """A series in percent by month (NaN unknown): its name, how its last value is written, its colour, and its goal
    (None: none)."""

    name: str
    values: pd.Series
    last: str
    colour: str
    goal: float | None = None
    goal_name: str = ""


def draw_wall_lines(lines: Sequence[WallLine], alt: str, formats: Formats) -> str:
    """The lines over their months, each named at its end; a dotted line for each goal. "" where nothing is known."""
    known = [line for line in lines if line.values.notna().any()]
    if not known:
        return ""
    months = list(known[0].values.index)
    lowest = min(min(line.values.min() for line in known), min((line.goal for line in known if line.goal), default=100))
    low, high = max(0, 10 * int(lowest // 10)), 100
    step = 10 if high - low <= 40 else 20
    span = max(len(months) - 1, 1)

    def x(at: int) -> float:
        return round(LEFT + at * (WIDTH - LEFT - RIGHT) / span, 1)

    def y(value: float) -> float:
        return round(TOP + (high - min(value, high)) * (HEIGHT - TOP - BOTTOM) / (high - low), 1)

    marks = []
    for value in range(high, low - 1, -step):
        written = escape(formats.rate(value, 0))
        marks.append(
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(value)}" y2="{y(value)}" stroke="{WALL_INK.grid}" stroke-width="2"/>'
            f'<text x="{LEFT - 12}" y="{y(value) + 9}" text-anchor="end" fill="{WALL_INK.muted}">{written}</text>'
        )
    for at in year_marks(months):
        marks.append(
            f'<text x="{x(at)}" y="{HEIGHT - 12}" text-anchor="middle" fill="{WALL_INK.muted}">{months[at][:4]}</text>'
        )
    ends = place_words([y(line.values.dropna().iloc[-1]) for line in known])
    for line, end in zip(known, ends, strict=True):
        marks += draw_line(line, x, y, end)
    said = escape(alt)
    return (
        f'<svg class="wall-lines" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{said}" font-size="{TYPE}">'
        f"<title>{said}</title>{''.join(marks)}</svg>"
    )


def draw_line(line: WallLine, x, y, end: float) -> list[str]:
    marks = []
    if line.goal is not None:
        at = y(line.goal)
        marks.append(
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{at}" y2="{at}" stroke="{line.colour}" stroke-width="4" '
            f'stroke-dasharray="4 9"><title>{escape(line.goal_name)}</title></line>'
        )
    row = [None if value != value else value for value in line.values.tolist()]
    for run in split_at_gaps(row):
        points = " ".join(f"{x(at)},{y(row[at])}" for at in run)
        marks.append(
            f'<polyline points="{points}" fill="none" stroke="{line.colour}" stroke-width="{STROKE}" stroke-linejoin="round"/>'
            if len(run) > 1
            else f'<circle cx="{x(run[0])}" cy="{y(row[run[0]])}" r="{STROKE}" fill="{line.colour}"/>'
        )
    last = max(at for at, value in enumerate(row) if value is not None)
    marks.append(f'<circle cx="{x(last)}" cy="{y(row[last])}" r="10" fill="{line.colour}"/>')
    marks.append(
        f'<text x="{x(last) + 20}" y="{end - 2}" fill="{line.colour}" font-weight="700" font-size="{TYPE + 8}">'
        f'{escape(line.last)}</text><text x="{x(last) + 20}" y="{end + TYPE + 2}" fill="{line.colour}">{escape(line.name)}</text>'
    )
    return marks


def place_words(heights: Sequence[float]) -> list[float]:
    """Where the words of each line stand, so that two that end close together do not lie over each other."""
    order = sorted(range(len(heights)), key=lambda at: heights[at])
    placed = list(heights)
    for before, at in pairwise(order):
        placed[at] = max(placed[at], placed[before] + 2 * APART)
    over = max(placed, default=0) - (HEIGHT - BOTTOM - TYPE)
    return [height - max(over, 0) for height in placed]


def year_marks(months: Sequence[str]) -> list[int]:
    """The places of Januaries, every second one where there are many."""
    found = [at for at, month in enumerate(months) if month.endswith("-01")]
    return found if len(found) <= 6 else found[::2]
