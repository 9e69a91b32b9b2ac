"""A sparkline: the months behind one figure as a line the height of a word. A frame's column in, SVG markup out."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pandas as pd

from charts.palette import LIGHT, Ink

PAD = 3.5  # room for the end dot


def draw_sparkline(
    values: pd.Series,
    label: str,
    *,
    months: Sequence[str] | None = None,
    threshold: float | None = None,
    low: float | None = None,
    high: float | None = None,
    has_dot: bool = True,
    width: int = 96,
    height: int = 26,
    ink: Ink = LIGHT,
) -> str:
    """Inline SVG of `values` (percent by month `2020-12`, NaN unknown), for markup of ours and for reports.

    A month without a value, or one of `months` (the whole span, in order; default: the months of `values`) that is not in
    it, is a gap, never a zero. `threshold` is a thin grey line. `low` and `high` fix the scale, so that sparklines below each
    other can be compared; without them it fits the values and the threshold. The dot is at the last known month.
    `label` is its title and alternative text, already in the reader's language: what is drawn, from when to when, first
    and last value. "" where nothing is known: the caller says so in words.
    """
    span = list(values.index) if months is None else list(months)
    row = (values if months is None else values.reindex(span)).to_numpy(dtype=float, na_value=float("nan"))
    line = [None if value != value else value for value in row.tolist()]
    known = [value for value in line if value is not None]
    if not known:
        return ""
    edges = [*known, *([] if threshold is None else [threshold])]
    bottom, top = min(edges) if low is None else low, max(edges) if high is None else high
    rise = (height - 2 * PAD) / (top - bottom) if top > bottom else 0.0
    step = (width - 2 * PAD) / max(len(span) - 1, 1)

    def place(at: int, value: float) -> tuple[float, float]:
        level = (min(max(value, bottom), top) - bottom) * rise if rise else height / 2 - PAD
        return round(PAD + at * step, 1), round(height - PAD - level, 1)

    marks = ""
    if threshold is not None:
        _, y = place(0, threshold)
        marks += f'<line x1="0" y1="{y}" x2="{width}" y2="{y}" stroke="{ink.muted}" stroke-width="1" stroke-dasharray="2 2"/>'
    for run in split_at_gaps(line):
        points = [place(at, line[at]) for at in run]
        if len(points) == 1:
            marks += f'<circle cx="{points[0][0]}" cy="{points[0][1]}" r="1.2" fill="{ink.coverage}"/>'
        else:
            path = " ".join(f"{x},{y}" for x, y in points)
            marks += f'<polyline points="{path}" fill="none" stroke="{ink.coverage}" stroke-width="1.5"/>'
    if has_dot:
        last = max(at for at, value in enumerate(line) if value is not None)
        x, y = place(last, line[last])
        marks += f'<circle cx="{x}" cy="{y}" r="2.5" fill="{ink.coverage}"/>'
    said = escape(label)
    return (
        f'<svg class="bp-spark" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{said}"><title>{said}</title>{marks}</svg>'
    )


def split_at_gaps(line: Sequence[float | None]) -> list[list[int]]:
    """The places of known values, as runs without a gap."""
    runs: list[list[int]] = []
    for at, value in enumerate(line):
        if value is None:
            continue
        if runs and runs[-1][-1] == at - 1:
            runs[-1].append(at)
        else:
            runs.append([at])
    return runs
