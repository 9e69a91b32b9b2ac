"""Map classes: one sorted list of edges per threshold, in which the threshold always is an edge.

An edge says which class owns its exact value. At a threshold the operator decides: from 85 % on (≥) the edge belongs to
the class above, above 90 % (>) to the class below. 100 belongs to the class below, so that "over 100 %" is a class of
its own. The classes are fixed over time, level and filter; they move only when the national threshold moves.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np

from indicators.counts import as_counts, both_known, products
from indicators.met import PercentRule

NO_DATA = 255
NOT_APPLICABLE = 254
CARRIED = 253
HELD_BACK = 252

POINTS_BELOW = (25, 15, 5)  # points under the threshold
POINTS_ABOVE = 5
_HUNDRED = Decimal(100)


@dataclass(frozen=True, order=True)
class Edge:
    """A cut between two classes; `owner` is 0 where the exact value belongs to the class above, 1 to the one below."""

    value: Decimal
    owner: int

    @property
    def belongs_above(self) -> bool:
        return self.owner == 0


@dataclass(frozen=True)
class ClassEdges:
    """The sorted edges. `threshold` is the place of the threshold among them, None where met/not met has no meaning."""

    edges: tuple[Edge, ...]
    threshold: int | None

    @property
    def class_count(self) -> int:
        return len(self.edges) + 1

    @property
    def below_count(self) -> int | None:
        """How many classes lie below the threshold; None where there is none in force."""
        return None if self.threshold is None else self.threshold + 1

    @property
    def values(self) -> tuple[Decimal, ...]:
        return tuple(edge.value for edge in self.edges)

    def as_header(self) -> dict[str, Any]:
        """For the header of a value file: `values` as text, `belongs_above` per edge, `threshold` place or None."""
        return {
            "values": [str(edge.value) for edge in self.edges],
            "belongs_above": [edge.belongs_above for edge in self.edges],
            "threshold": self.threshold,
        }


def class_edges(threshold: PercentRule | None, *, in_force: bool = True) -> ClassEdges:
    """The edges for a threshold: 85 → 60, 70, 80, 85, 90, 100; 90 → 65, 75, 85, 90, 95, 100; 95 → 70, 80, 90, 95, 98,
    100: whole numbers 25, 15 and 5 points below it, the threshold, 5 points above it or, where that would reach 100,
    half of what is left (rounded up), and 100.

    `in_force=False` keeps the edges of the last known threshold without any meaning of "met" (`rules.map_threshold`).
    None, where there never was a threshold, gives the edges 20, 40, 60, 80, 100.
    """
    if threshold is None:
        return ClassEdges((*(Edge(Decimal(value), 0) for value in (20, 40, 60, 80)), Edge(_HUNDRED, 1)), None)
    line = Edge(threshold.value, 1 if threshold.operator == ">" else 0)
    whole = threshold.value.quantize(Decimal(1), ROUND_HALF_UP)
    edges = {line, Edge(_HUNDRED, 1)} | {Edge(whole - step, 0) for step in POINTS_BELOW if whole > step}
    above = whole + POINTS_ABOVE if whole + POINTS_ABOVE < 100 else whole + (101 - whole) // 2
    if threshold.value < above < 100:
        edges.add(Edge(above, 0))
    ordered = tuple(sorted(edges))
    return ClassEdges(ordered, bisect_left(ordered, line) if in_force else None)


def classify(insured: Any, population: Any, edges: ClassEdges) -> np.ndarray:
    """Per unit uint8: the class 0…k−1, or 255 where there is no data. Exact: each edge is compared in whole numbers.

    The codes 254 not applicable, 253 carried and 252 held back are set by whoever knows (see `mark_absences`).
    """
    n, p = np.broadcast_arrays(as_counts(insured), as_counts(population))
    result = np.zeros(n.shape, dtype=np.uint8)
    for edge in edges.edges:
        left, right = products(n, p, edge.value)
        result += np.asarray(left >= right if edge.belongs_above else left > right, dtype=np.uint8)
    result[~both_known(n, p)] = NO_DATA
    return result


def mark_absences(
    classes: np.ndarray, *, not_applicable: Any = None, carried: Any = None, held_back: Any = None
) -> np.ndarray:
    """A copy of `classes` with the other kinds of absence written in; masks are bool arrays. Where two apply, held back
    wins over not applicable, and that over carried."""
    marked = classes.copy()
    for mask, code in ((carried, CARRIED), (not_applicable, NOT_APPLICABLE), (held_back, HELD_BACK)):
        if mask is not None:
            marked[np.asarray(mask, dtype=bool)] = code
    return marked


def count_classes(classes: np.ndarray, edges: ClassEdges) -> dict[int, int]:
    """Units per class and per kind of absence, for the legend; every class appears, also with 0."""
    counts = np.bincount(classes.ravel(), minlength=256)
    codes = [*range(edges.class_count), HELD_BACK, CARRIED, NOT_APPLICABLE, NO_DATA]
    return {code: int(counts[code]) for code in codes}


@dataclass(frozen=True)
class ClassBounds:
    """One class for a legend: from `low` (None: open) to `high` (None: open), with who owns each edge."""

    low: Decimal | None
    low_included: bool
    high: Decimal | None
    high_included: bool
    met: bool | None


def class_bounds(edges: ClassEdges) -> list[ClassBounds]:
    """The classes in order, lowest first; `met` is None where no threshold is in force."""
    bounds = []
    for place in range(edges.class_count):
        low = edges.edges[place - 1] if place else None
        high = edges.edges[place] if place < len(edges.edges) else None
        bounds.append(
            ClassBounds(
                low=low.value if low else None,
                low_included=bool(low and low.belongs_above),
                high=high.value if high else None,
                high_included=bool(high and not high.belongs_above),
                met=None if edges.threshold is None else place > edges.threshold,
            )
        )
    return bounds
