"""Axes of a figure drawn as SVG: where a value stands, ticks, grid and labels."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from charts.vector_marks import text_block

_AXIS = re.compile(r"([xy])axis(\d*)")
_TICK_LENGTH, _LABEL_GAP = 5.0, 4.0


class UnsupportedFigure(ValueError):
    """A figure that uses something which is not drawn here."""


@dataclass
class Axis:
    """One axis: `start` and `end` are pixels of the lower and the upper end of `low…high` (after log or date)."""

    letter: str
    spec: Mapping[str, Any]
    start: float
    end: float
    low: float
    high: float
    kind: str
    names: list[Any] = field(default_factory=list)
    anchor: str = ""

    def number(self, value: Any) -> float:
        """A value on the axis' own scale."""
        if self.kind == "category":
            return float(self.names.index(value)) if value in self.names else float(value)
        if self.kind == "date":
            return to_days(value)
        return math.log10(float(value)) if self.kind == "log" else float(value)

    def pixel(self, value: Any) -> float:
        return self.start + (self.number(value) - self.low) / (self.high - self.low) * (self.end - self.start)

    def part(self, share: float) -> float:
        """The pixel at a share (0…1) of the axis' length."""
        return self.start + share * (self.end - self.start)

    def length(self, units: float) -> float:
        """Pixels of a distance along the axis; of milliseconds on a date axis, as in Plotly."""
        units = units / 86_400_000 if self.kind == "date" else units
        return abs(units / (self.high - self.low) * (self.end - self.start))

    def bar_width(self, gap: float) -> float:
        """Pixels of one bar: the room between two names (or one of a linear axis), less the gap."""
        return self.length(1.0) * (1 - gap) if self.kind != "date" else self.length(86_400_000 * 30) * (1 - gap)

    def ticks(self) -> list[tuple[float, str]]:
        """Pixel and label of every tick inside the range."""
        spec = self.spec
        if spec.get("tickvals") is not None:
            values = list(spec["tickvals"])
            labels = spec.get("ticktext")
            texts = [str(text) for text in labels] if labels is not None else [write_tick(value) for value in values]
        elif self.kind == "category":
            values, texts = list(self.names), [str(name) for name in self.names]
        elif self.kind == "linear":
            values = nice_ticks(self.low, self.high)
            texts = [write_tick(value) for value in values]
        else:
            raise UnsupportedFigure(f"a {self.kind} axis without tickvals")
        inside = (min(self.low, self.high) - 1e-9, max(self.low, self.high) + 1e-9)
        return [
            (self.pixel(value), text)
            for value, text in zip(values, texts, strict=True)
            if inside[0] <= self.number(value) <= inside[1]
        ]

    def draw(self, axes: Mapping[str, Axis], size: float, ink: str) -> Iterator[str]:
        """Grid, axis line, ticks and labels."""
        spec = self.spec
        if spec.get("visible") is False:
            return
        other = axes.get(self.anchor) or next(axis for axis in axes.values() if axis.letter != self.letter)
        low, high = sorted((other.start, other.end))
        across = self.letter == "x"
        far = spec.get("side") in ("top", "right")
        edge = (low if far else high) if across else (high if far else low)
        font = dict(spec.get("tickfont") or {})
        colour, letters = str(font.get("color", ink)), float(font.get("size", size))
        ticks = self.ticks()
        if spec.get("showgrid", True) and spec.get("gridcolor"):
            look = f'stroke="{spec["gridcolor"]}" stroke-width="{float(spec.get("gridwidth", 1)):g}"'
            for place, _ in ticks:
                yield self._line(place, low, high, look)
        if spec.get("zeroline") and self.kind == "linear" and min(self.low, self.high) <= 0 <= max(self.low, self.high):
            look = f'stroke="{spec.get("zerolinecolor", ink)}" stroke-width="{float(spec.get("zerolinewidth", 1)):g}"'
            yield self._line(self.pixel(0), low, high, look)
        if spec.get("showline"):
            look = f'stroke="{spec.get("linecolor", ink)}" stroke-width="{float(spec.get("linewidth", 1)):g}"'
            ends = sorted((self.start, self.end))
            yield (
                f'<line x1="{ends[0]:.2f}" y1="{edge:.2f}" x2="{ends[1]:.2f}" y2="{edge:.2f}" {look}/>'
                if across
                else f'<line x1="{edge:.2f}" y1="{ends[0]:.2f}" x2="{edge:.2f}" y2="{ends[1]:.2f}" {look}/>'
            )
        outward = (-1 if far else 1) * (1 if across else -1)
        reach = 0.0
        if spec.get("ticks") == "outside":
            reach = float(spec.get("ticklen", _TICK_LENGTH))
            look = f'stroke="{spec.get("tickcolor", ink)}" stroke-width="{float(spec.get("tickwidth", 1)):g}"'
            for place, _ in ticks:
                yield self._line(place, edge, edge + outward * reach, look)
        if spec.get("showticklabels") is False:
            return
        labels_at = edge + outward * (reach + _LABEL_GAP)
        for place, text in ticks:
            if across:
                upright = "bottom" if far else "top"
                yield text_block(text, place, labels_at, size=letters, colour=colour, across="center", upright=upright)
            else:
                side = "left" if far else "right"
                yield text_block(text, labels_at, place, size=letters, colour=colour, across=side, upright="middle")
        yield from self._title(edge, outward, letters, colour)

    def _title(self, edge: float, outward: int, size: float, colour: str) -> Iterator[str]:
        title = self.spec.get("title")
        text = title.get("text") if isinstance(title, Mapping) else title
        if not text:
            return
        middle = (self.start + self.end) / 2
        if self.letter == "x":
            yield text_block(
                str(text),
                middle,
                edge + outward * (size * 2 + 4),
                size=size,
                colour=colour,
                across="center",
                upright="top",
            )
        else:
            yield text_block(
                str(text),
                edge + outward * size * 3,
                middle,
                size=size,
                colour=colour,
                across="center",
                upright="middle",
                angle=-90,
            )

    def _line(self, place: float, start: float, end: float, look: str) -> str:
        if self.letter == "x":
            return f'<line x1="{place:.2f}" y1="{start:.2f}" x2="{place:.2f}" y2="{end:.2f}" {look}/>'
        return f'<line x1="{start:.2f}" y1="{place:.2f}" x2="{end:.2f}" y2="{place:.2f}" {look}/>'


def list_axes(
    layout: Mapping[str, Any], traces: Sequence[Mapping[str, Any]], left: float, top: float, width: float, height: float
) -> dict[str, Axis]:
    """Every axis by its short name ("x", "y2")."""
    specs = {"xaxis": {}, "yaxis": {}} | {key: value for key, value in layout.items() if _AXIS.fullmatch(key)}
    axes = {}
    for key, spec in specs.items():
        letter, number = _AXIS.fullmatch(key).groups()
        name = letter + number
        data = [
            value
            for trace in traces
            if (trace.get(f"{letter}axis") or letter) == name
            for value in (trace.get(letter) if trace.get(letter) is not None else ())
        ]
        kind = str(spec.get("type") or guess_kind(data))
        share = spec.get("domain") or (0, 1)
        start, end = (
            (left + share[0] * width, left + share[1] * width)
            if letter == "x"
            else (top + (1 - share[0]) * height, top + (1 - share[1]) * height)
        )
        names = list(spec.get("categoryarray") or dict.fromkeys(data)) if kind == "category" else []
        axis = Axis(letter, spec, start, end, 0.0, 1.0, kind, names, str(spec.get("anchor") or ""))
        axis.low, axis.high = find_range(axis, spec, data)
        axes[name] = axis
    for name, axis in list(axes.items()):
        if matched := axis.spec.get("matches"):
            axis.low, axis.high = axes[matched].low, axes[matched].high
            axes[name] = axis
    return axes


def find_range(axis: Axis, spec: Mapping[str, Any], data: Sequence[Any]) -> tuple[float, float]:
    """The range of the layout (already logarithms on a log axis, as in Plotly), or of the data."""
    if spec.get("range") is not None:
        low, high = spec["range"]
        write = float if axis.kind in ("log", "category") else axis.number
        low, high = write(low), write(high)
        # A series of one month gives a range without length: the one value stands in the middle.
        return (low, high) if low != high else (low - 1.0, high + 1.0)
    if axis.kind == "category":
        low, high = -0.5, len(axis.names) - 0.5
    else:
        known = [axis.number(value) for value in data if value is not None and value == value]
        low, high = (min(known), max(known)) if known else (0.0, 1.0)
        if spec.get("rangemode") == "tozero":
            low = min(low, 0.0)
        room = (high - low or 1.0) * 0.05
        low, high = low - room, high + room
    return (high, low) if spec.get("autorange") == "reversed" else (low, high)


def guess_kind(data: Sequence[Any]) -> str:
    first = next((value for value in data if value is not None), None)
    if isinstance(first, str):
        return "date" if re.fullmatch(r"\d{4}-\d{2}(-\d{2}.*)?", first) else "category"
    return "date" if isinstance(first, (date, datetime)) else "linear"


@lru_cache(4096)
def to_days(value: Any) -> float:
    """Days since 1970 of "2020-12-01" (a time of day counts too) or a date."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value if len(value) > 7 else f"{value}-01")
    elif not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)
    return (value - datetime(1970, 1, 1)).total_seconds() / 86_400


def nice_ticks(low: float, high: float, about: int = 6) -> list[float]:
    """Round numbers inside a range."""
    low, high = min(low, high), max(low, high)
    rough = (high - low) / about or 1.0
    power = 10 ** math.floor(math.log10(rough))
    step = power * min((1, 2, 5, 10), key=lambda factor: abs(rough / power - factor))
    return [step * place for place in range(math.ceil(low / step), math.floor(high / step) + 1)]


def write_tick(value: Any) -> str:
    """A tick without a word of ours: only whole numbers, for anything else the figure must say its ticks itself."""
    if isinstance(value, (int, float)) and float(value).is_integer():
        return str(int(value))
    raise UnsupportedFigure(f"a tick {value!r} without ticktext")
