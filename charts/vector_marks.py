"""Markers and blocks of text as SVG."""

from __future__ import annotations

import math
import re
from html import escape, unescape

_HALO_PX = 4  # half of it lies under the letters
_LINE_HEIGHT = 1.3
# From the middle of a line of text to its baseline, in parts of the font size.
_BASELINE = 0.35
_TAG = re.compile(r"<(/?)(b|i|br|span|sup|sub)\b[^>]*>", re.I)


def marker_path(
    symbol: str, x: float, y: float, size: float, colour: str, edge: str, width: float, opacity: float = 1
) -> str:
    """One marker, `size` pixels across. An open symbol has a rim and no fill. ValueError for a symbol not known here."""
    name = symbol.removesuffix("-open")
    r = size / 2
    if name == "circle":
        shape = f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{r:.2f}"'
    elif name == "square":
        shape = f'<rect x="{x - r:.2f}" y="{y - r:.2f}" width="{size:.2f}" height="{size:.2f}"'
    elif name in ("diamond", "triangle-up", "triangle-down"):
        reach = r * 1.3 if name == "diamond" else r * 1.15
        turns = {"diamond": (0, 90, 180, 270), "triangle-up": (90, 210, 330), "triangle-down": (270, 30, 150)}[name]
        corners = [
            (x + reach * math.cos(math.radians(turn)), y - reach * math.sin(math.radians(turn))) for turn in turns
        ]
        shape = f'<polygon points="{" ".join(f"{a:.2f},{b:.2f}" for a, b in corners)}"'
    elif name in ("line-ns", "line-ew"):
        dx, dy = (0, r) if name == "line-ns" else (r, 0)
        line = f'<line x1="{x - dx:.2f}" y1="{y - dy:.2f}" x2="{x + dx:.2f}" y2="{y + dy:.2f}"'
        return f'{line} stroke="{edge}" stroke-width="{max(width, 1):g}"/>'
    elif name in ("x", "cross"):
        a = r * (0.7 if name == "x" else 1)
        ends = ((-a, -a, a, a), (-a, a, a, -a)) if name == "x" else ((-a, 0, a, 0), (0, -a, 0, a))
        steps = "".join(f"M{x + p:.2f},{y + q:.2f}L{x + s:.2f},{y + t:.2f}" for p, q, s, t in ends)
        return f'<path d="{steps}" stroke="{colour}" stroke-width="{max(width, 1.5):g}" fill="none"/>'
    else:
        raise ValueError(f"a marker {symbol!r}")
    see_through = f' opacity="{opacity:g}"' if opacity < 1 else ""
    if symbol.endswith("-open"):
        return f'{shape} fill="none" stroke="{colour}" stroke-width="{width or 1:g}"{see_through}/>'
    rim = f' stroke="{edge}" stroke-width="{width:g}"' if width else ""
    return f'{shape} fill="{colour}"{rim}{see_through}/>'


def text_block(
    text: str,
    x: float,
    y: float,
    *,
    size: float,
    colour: str,
    across: str = "left",
    upright: str = "middle",
    weight: str = "",
    angle: float = 0,
    halo: str = "",
) -> str:
    """Text whose lines are parted by <br> and whose bold parts stand in <b>, as Plotly reads it.

    `halo`: the colour of an edge behind the letters, "" for none.
    `across` (left, center, right) and `upright` (top, middle, bottom) say which edge of the block stands at the point.
    """
    lines = re.split(r"<br\s*/?>", text)
    step = size * _LINE_HEIGHT
    height = step * len(lines)
    top = y - {"top": 0.0, "middle": height / 2, "bottom": height}[upright]
    anchor = {"left": "start", "center": "middle", "right": "end"}[across]
    turn = f' transform="rotate({angle:g} {x:.2f} {y:.2f})"' if angle else ""
    bold = f' font-weight="{weight}"' if weight and weight != "normal" else ""
    spans = []
    is_bold = False
    for number, line in enumerate(lines):
        baseline = top + step * (number + 0.5) + size * _BASELINE
        parts, is_bold = _bold_parts(line, is_bold)
        inner = "".join(f'<tspan font-weight="700">{word}</tspan>' if strong else word for word, strong in parts)
        spans.append(f'<tspan x="{x:.2f}" y="{baseline:.2f}">{inner}</tspan>')
    edge = f' stroke="{halo}" stroke-width="{_HALO_PX}" stroke-linejoin="round" paint-order="stroke"' if halo else ""
    return (
        f'<text font-size="{size:g}" fill="{colour}" text-anchor="{anchor}"{bold}{turn}{edge}>{"".join(spans)}</text>'
    )


def _bold_parts(line: str, is_bold: bool) -> tuple[list[tuple[str, bool]], bool]:
    """Escaped pieces of a line and whether each is bold; the last value says whether bold runs on into the next line."""
    parts, start = [], 0
    for tag in _TAG.finditer(line):
        parts.append((line[start : tag.start()], is_bold))
        start = tag.end()
        if tag.group(2).lower() == "b":
            is_bold = not tag.group(1)
    parts.append((line[start:], is_bold))
    return [(escape(unescape(word)), strong) for word, strong in parts if word], is_bold
