"""A ranked list as one picture for files: rank, name, a bar with its target, the value, and the months behind it. SVG markup."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from charts import palette
from charts.dots_file import CONTROL
from charts.palette import LIGHT, Ink
from charts.sparkline import split_at_gaps
from text.formats import Formats

ROW, HEAD, FOOT = 24, 28, 24
TEXT, SMALL = 12.5, 11
LETTER = 6.6  # pixels of a letter of a name at TEXT, generously
RANK, VALUE, MONTHS = 58, 66, 116
NARROW = 620  # below it the months have no room
FONT = "Be Vietnam Pro"


@dataclass(frozen=True)
class RankedRow:
    """`value` in percent (NaN: no bar) and as it is `written`; `target` in percent, None where there is none; `is_met` is None
    where there is nothing to hold it against. `months`: percent, NaN unknown, all rows over the same months."""

    rank: str
    name: str
    value: float
    written: str
    target: float | None
    is_met: bool | None
    months: Sequence[float]
    is_marked: bool = False


@dataclass(frozen=True)
class ListHead:
    """The words over the columns."""

    rank: str
    name: str
    value: str
    months: str


def draw_ranked_list(
    rows: Sequence[RankedRow], head: ListHead, width: int, formats: Formats, alt: str, *, top: float, ink: Ink = LIGHT
) -> str:
    """The SVG in a width in pixels; bars lie on one axis from 0 to `top` percent, lines of months on scales of one height."""
    has_months = width >= NARROW and any(known(row.months) for row in rows)
    longest = max((len(row.name) for row in rows), default=0)
    left = RANK + min(0.42 * width, LETTER * longest + 14)
    right = width - VALUE - (MONTHS if has_months else 0)
    height = HEAD + ROW * len(rows) + FOOT
    span = max((max(values) - min(values) for row in rows if (values := known(row.months))), default=1.0) or 1.0
    y = HEAD - 10
    marks = write(RANK - 12, y, head.rank, ink.text, anchor="end", weight=600, size=SMALL)
    marks += write(RANK, y, head.name, ink.text, weight=600, size=SMALL)
    marks += write(right + VALUE - 8, y, head.value, ink.text, anchor="end", weight=600, size=SMALL)
    if has_months:
        marks += write(width - MONTHS + 8, y, head.months, ink.text, weight=600, size=SMALL)
    for at, row in enumerate(rows):
        marks += draw_row(row, HEAD + at * ROW, (left, right, width), top, span if has_months else 0.0, ink)
    for value in (0, 50, 100):
        if value <= top:
            x = left + (right - left) * value / top
            anchor = "start" if value == 0 else "end" if value == top else "middle"
            marks += write(x, height - 8, formats.rate(value, 0), ink.muted, anchor=anchor, size=SMALL)
    said = escape(alt)
    drawn = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'font-family="{FONT}" role="img"><title>{said}</title>{marks}</svg>'
    )
    return CONTROL.sub("", drawn)


def draw_row(row: RankedRow, y: int, edges: tuple[float, float, float], top: float, span: float, ink: Ink) -> str:
    """One unit; `span` is the height of every scale of months in percent, 0 where none is drawn."""
    left, right, width = edges
    room, middle = right - left, y + ROW / 2 + 4.5
    marks = ""
    if row.is_marked:
        marks += f'<rect x="0" y="{y}" width="{width}" height="{ROW}" fill="{palette.PAGE["track"]}"/>'
    marks += f'<line x1="0" x2="{width}" y1="{y}" y2="{y}" stroke="{ink.grid}" stroke-width="0.7"/>'
    weight = 600 if row.is_marked else 400
    marks += write(RANK - 12, middle, row.rank, ink.text, anchor="end", weight=weight)
    marks += write(RANK, middle, row.name, ink.text, weight=weight)
    ground = ink.ground if row.is_marked else palette.PAGE["track"]
    marks += f'<rect x="{left:.1f}" y="{y + 6}" width="{room:.1f}" height="{ROW - 12}" fill="{ground}"/>'
    if row.value == row.value:
        colour = {True: palette.MET, False: palette.NOT_MET, None: palette.QUIET_LINE}[row.is_met]
        long = room * min(max(row.value, 0.0), top) / top
        marks += f'<rect x="{left:.1f}" y="{y + 6}" width="{long:.1f}" height="{ROW - 12}" fill="{colour}"/>'
    if row.target is not None:
        x = left + room * min(row.target, top) / top
        marks += (
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{y + 3}" y2="{y + ROW - 3}" stroke="{ink.text}" stroke-width="2"/>'
        )
    marks += write(right + VALUE - 8, middle, row.written, ink.text, anchor="end", weight=600)
    return marks + (draw_months(row.months, width - MONTHS + 8, y, span, ink) if span else "")


def draw_months(months: Sequence[float], left: float, y: int, span: float, ink: Ink) -> str:
    """The line of months around its own middle, with gaps where nothing is known, and a dot at the last figure."""
    values = known(months)
    if not values:
        return ""
    low = (min(values) + max(values) - span) / 2
    step = (MONTHS - 20) / max(len(months) - 1, 1)
    spots = [
        None if v != v else (left + at * step, y + ROW - 5 - (v - low) / span * (ROW - 10))
        for at, v in enumerate(months)
    ]
    marks = ""
    for run in split_at_gaps([None if spot is None else spot[1] for spot in spots]):
        points = " ".join(f"{spots[at][0]:.1f},{spots[at][1]:.1f}" for at in run)
        marks += f'<polyline points="{points}" fill="none" stroke="{ink.coverage}" stroke-width="1.4"/>'
    x, last = next(spot for spot in reversed(spots) if spot is not None)
    return marks + f'<circle cx="{x:.1f}" cy="{last:.1f}" r="2.4" fill="{ink.coverage}"/>'


def known(values: Sequence[float]) -> list[float]:
    return [value for value in values if value == value]


def write(
    x: float, y: float, text: str, colour: str, *, anchor: str = "start", weight: int = 400, size: float = TEXT
) -> str:
    """A line of text at its baseline."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" font-size="{size:g}" font-weight="{weight}" '
        f'text-anchor="{anchor}">{escape(text)}</text>'
    )
