"""Coverage rates. The only division of people by people; aggregates add counts first and divide once."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

import numpy as np

from indicators.classes import Edge, class_edges
from indicators.counts import UNKNOWN, as_counts, both_known
from indicators.met import PercentRule

_FLOAT_ERROR = Decimal("1e-9")
_POINT_EDGES = frozenset(map(Decimal, (-20, -10, -5, -3, -1, 0, 1, 3, 5, 10)))  # of indicators.layers


def coverage_pct(insured: Any, population: Any) -> np.ndarray:
    """100·N/P per unit as float; NaN where a count is unknown or nobody lives there. For drawing and sorting:
    whether a threshold is met is asked of `met`, never of this number."""
    n, p = np.broadcast_arrays(as_counts(insured), as_counts(population))
    known = both_known(n, p)
    return np.where(known, 100.0 * n / np.where(known, p, 1), np.nan)


def floor_hundredths(insured: Any, population: Any) -> np.ndarray:
    """100·N/P per unit in whole hundredths of a percent, rounded down (8.999/9.000 → 9998); int64, -1 unknown.

    Rounded down, so that a unit below a threshold of at most two decimals never shows that threshold.
    """
    n, p = np.broadcast_arrays(as_counts(insured), as_counts(population))
    known = both_known(n, p)
    return np.where(known, 10_000 * n // np.where(known, p, 1), UNKNOWN)


def floor_pct(insured: Any, population: Any) -> np.ndarray:
    """The same in percent (99.98), for files whose readers count on: float with two decimals, NaN unknown."""
    hundredths = floor_hundredths(insured, population)
    return np.where(hundredths == UNKNOWN, np.nan, hundredths / 100)


def floor_percent(values: Any) -> np.ndarray:
    """Percents that are floats already (a series of a chart), rounded down to hundredths for files; NaN stays unknown. A float
    that errs by less than a millionth of a percent is taken for the figure that it means."""
    return np.floor(np.round(np.asarray(values, dtype=float) * 100, 4)) / 100


def share_pct(part: int, whole: int) -> float:
    """100·part/whole for two counts of units; NaN where one is unknown (-1) or there are none."""
    return float(coverage_pct(part, whole))


def shown_pct(insured: int, population: int, rule: PercentRule | None = None, *, decimals: int = 1) -> Decimal | None:
    """The rate to write for a reader: rounded half up to `decimals`, or finer where rounding would cross an edge.

    Edges are the rule, the edges of its map classes, and every multiple of five percent, so that no writing lies in
    another class than the people: 8.999/10.000 against 90 gives 89.99 and never 90.0, 59.97 % is never 60.0, and 8.929 of
    8.930 is never 100.0. 90.004 against > 90 gives 90.01, because 90.0 would not be above 90; 100.03 is never 100.0. None
    where the rate is unknown.
    """
    if insured < 0 or population <= 0:
        return None
    return _shown(100 * int(insured), int(population), rule, decimals)


def shown_value(value: float | None, rule: PercentRule | None = None, *, decimals: int = 1) -> Decimal | None:
    """The same for a rate that is already a float of `coverage_pct` (a series of a chart); None for None and NaN.

    Safe at an edge: counts of fewer than 10^9 people that are not on it are further from it than a float errs.
    """
    if value is None or value != value:
        return None
    return _shown(*Decimal(repr(float(value))).as_integer_ratio(), rule, decimals)


def shown_points(value: float | None) -> Decimal | None:
    """A difference of two rates to write: one decimal, two where one would read as on the other side of an edge: a fall of
    3.04 points is "−3.04", since falls of more than 3 are listed, and 0.04 is never 0.0. None for None and NaN.

    Edges are those of the map's classes of change and distance; each belongs to the class above, and from zero both sides
    are told apart.
    """
    if value is None or value != value:
        return None
    exact = Decimal(repr(float(value)))
    rounded = exact.quantize(Decimal("0.1"), ROUND_HALF_UP)
    crossed = rounded in _POINT_EDGES and (exact < rounded or (rounded == 0 and exact > 0))
    if not crossed or abs(exact - rounded) < _FLOAT_ERROR:
        return rounded
    finer = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return (
        finer
        if finer != rounded
        else exact.quantize(Decimal("0.01"), ROUND_FLOOR if exact < rounded else ROUND_CEILING)
    )


def _shown(top: int, bottom: int, rule: PercentRule | None, decimals: int) -> Decimal:
    """Writes top/bottom percent (not below 0). Whole numbers throughout: a page writes hundreds of rates."""
    edges = _COMMON_EDGES if rule is None else _edges_of(rule.value, rule.operator)
    finest = max(2, decimals, 0 if rule is None else -int(rule.value.as_tuple().exponent))
    for places in range(decimals, finest + 1):
        step = _PARTS // 10**places
        rounded = (2 * top * 10**places + bottom) // (2 * bottom)
        near = rounded * step
        crossed = None
        for edge in edges:
            if -step < edge[0] - near < step and not _stays_on_side(top, bottom, near, *edge):
                crossed = edge
                break
        if crossed is None:
            return Decimal(rounded).scaleb(-places)
    below = top * 10**finest // bottom
    return Decimal(below + (top * _PARTS > crossed[0] * bottom)).scaleb(-finest)


def _stays_on_side(top: int, bottom: int, written: int, edge: int, belongs_above: bool) -> bool:
    """Below stays below, above stays above; a value above an "at least" may be written as the edge itself."""
    exact = top * _PARTS - edge * bottom
    if written == edge:
        return exact == 0 or (exact > 0 and belongs_above)
    return (written > edge) == (exact > 0 or (exact == 0 and belongs_above))


_PARTS = 10**6  # of a percent, in which edges are whole numbers; rules have at most four decimals
_COMMON_EDGES = (*((value * _PARTS, True) for value in range(5, 100, 5)), (100 * _PARTS, False))


@cache
def _edges_of(value: Decimal, operator: str) -> tuple[tuple[int, bool], ...]:
    """(edge, whether it belongs to the class above) of the edges that a rate held against a rule must not seem to cross:
    the rule itself first."""
    line = Edge(value, 1 if operator == ">" else 0)
    own = class_edges(_Rule(value, operator)).edges if value < 100 else ()
    edges = dict.fromkeys((int(edge.value * _PARTS), edge.belongs_above) for edge in (line, *own))
    taken = {edge for edge, _ in edges}
    # 100 is an edge of its own beside a rule of 100: what is over it is a class apart.
    return (*edges, *(edge for edge in _COMMON_EDGES if edge[0] not in taken or edge[0] == 100 * _PARTS))


@dataclass(frozen=True)
class _Rule:
    value: Decimal
    operator: str
