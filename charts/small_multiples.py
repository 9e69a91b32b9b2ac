"""One small line per unit, all on one scale, with the threshold: markup of SVG, so that sixty of them are a few kilobytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from charts import palette
from charts.dots_file import CONTROL

WIDTH, HEIGHT, PAD = 160, 64, 3


@dataclass(frozen=True)
class SmallLine:
    """`rates`: one per month of the shared axis, None unknown; `estimated`: which of them are estimated."""

    rates: Sequence[float | None]
    estimated: Sequence[bool]


@dataclass(frozen=True)
class Scale:
    """The shared scale in percent, and where the threshold lies on it (None: there is none)."""

    low: float
    high: float
    threshold: float | None

    def y(self, rate: float) -> float:
        return PAD + (self.high - rate) / (self.high - self.low) * (HEIGHT - 2 * PAD)


def share_scale(lines: Sequence[SmallLine], threshold: float | None) -> Scale:
    """One scale for all: whole fives around every rate and the threshold."""
    rates = [rate for line in lines for rate in line.rates if rate is not None]
    rates += [threshold] if threshold is not None else []
    if not rates:
        return Scale(0, 100, threshold)
    return Scale(min(rates) // 5 * 5, -(-max(rates) // 5) * 5 + (0 if max(rates) % 5 else 5), threshold)


def draw_small(line: SmallLine, scale: Scale, alt: str) -> str:
    """The SVG of one unit; dashed where it is estimated, a dot at its last figure."""
    label = f'role="img" aria-label="{escape(alt)}"'
    marks = draw_marks(line, scale)
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" {label} preserveAspectRatio="none">{marks}</svg>'


def draw_marks(line: SmallLine, scale: Scale) -> str:
    """The threshold, the line and its last dot, on a ground of WIDTH by HEIGHT."""
    count = max(len(line.rates) - 1, 1)
    xs = [PAD + place / count * (WIDTH - 2 * PAD) for place in range(len(line.rates))]
    parts = []
    if scale.threshold is not None:
        y = scale.y(scale.threshold)
        ink = palette.LIGHT.muted
        parts.append(f'<path d="M0 {y:.1f}H{WIDTH}" stroke="{ink}" stroke-width="1" stroke-dasharray="2 3"/>')
    for is_estimated in (False, True):
        if path := _path(line, xs, scale, is_estimated):
            dash = ' stroke-dasharray="5 3"' if is_estimated else ""
            parts.append(f'<path d="{path}" fill="none" stroke="{palette.MET}" stroke-width="2"{dash}/>')
    known = [place for place, rate in enumerate(line.rates) if rate is not None]
    if known:
        last = known[-1]
        parts.append(f'<circle cx="{xs[last]:.1f}" cy="{scale.y(line.rates[last]):.1f}" r="3" fill="{palette.MET}"/>')
    return "".join(parts)


@dataclass(frozen=True)
class SmallCell:
    """One unit of the picture of all: name, last rate, its line, and a status with its colour."""

    name: str
    rate: str
    line: SmallLine
    status: str
    colour: str


def draw_grid(cells: Sequence[SmallCell], scale: Scale, width: int, alt: str) -> str:
    """All units as one picture for files, row by row, in a width in pixels."""
    columns = max(1, width // (WIDTH + 18))
    step, pitch = width / columns, HEIGHT + 50
    marks, ink = "", palette.LIGHT
    for at, cell in enumerate(cells):
        x, y = at % columns * step, at // columns * pitch
        marks += (
            f'<g transform="translate({x:.1f} {y})" font-size="12">'
            f'<text y="14" font-weight="600" fill="{ink.text}">{escape(cell.name)}</text>'
            f'<text x="{WIDTH}" y="14" text-anchor="end" font-weight="600" fill="{ink.text}">{escape(cell.rate)}</text>'
            f'<g transform="translate(0 18)">{draw_marks(cell.line, scale)}</g>'
            f'<rect y="{HEIGHT + 24}" width="9" height="9" fill="{cell.colour}"/>'
            f'<text x="14" y="{HEIGHT + 33}" font-size="11" fill="{ink.muted}">{escape(cell.status)}</text></g>'
        )
    height = -(-len(cells) // columns) * pitch
    drawn = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'font-family="Be Vietnam Pro" role="img"><title>{escape(alt)}</title>{marks}</svg>'
    )
    return CONTROL.sub("", drawn)


def _path(line: SmallLine, xs: Sequence[float], scale: Scale, is_estimated: bool) -> str:
    """The segments whose later end is estimated, or is not; a gap lifts the pen."""
    path, pen_at = "", -1
    for place in range(1, len(xs)):
        before, rate = line.rates[place - 1], line.rates[place]
        if before is None or rate is None or bool(line.estimated[place]) != is_estimated:
            continue
        if pen_at != place - 1:
            path += f"M{xs[place - 1]:.1f} {scale.y(before):.1f}"
        path += f"L{xs[place]:.1f} {scale.y(rate):.1f}"
        pen_at = place
    return path
