"""Classes of the map's other measures: change and distance in points, share of communes, people still to enrol.

Like the coverage classes they are fixed over time, level and filter, are decided in whole numbers, and travel as one byte
per unit (0…k−1 from low to high, 255 no data).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np

from indicators.classes import NO_DATA, NOT_APPLICABLE, ClassEdges, Edge, classify
from indicators.counts import as_counts, both_known
from indicators.met import PercentRule

# Points of coverage gained or lost; zero is an edge and belongs to "not less".
CHANGE_POINTS = (-5, -3, -1, 0, 1, 3, 5)
# Points from the threshold or target; zero is the threshold itself, and its operator says who owns it.
DISTANCE_POINTS = (-20, -10, -5, 0, 5, 10)
# Percent of communes that meet. The programmes ask for all of them, so exactly 100 is a class of its own.
SHARE_PERCENT = (40, 60, 80, 100)
# People still to enrol, per level: from one person on, then about a quarter of the units each in December 2020.
PEOPLE = {
    "commune": (1, 100, 500, 1_000, 2_500),
    "district": (1, 1_000, 5_000, 10_000, 25_000),
    "province": (1, 10_000, 25_000, 50_000, 100_000),
}
_INT64_MAX = int(np.iinfo(np.int64).max)


def classify_change(
    insured: Any, population: Any, insured_before: Any, population_before: Any, points: Sequence[int] = CHANGE_POINTS
) -> np.ndarray:
    """Per unit uint8: the class of 100·(N/P − N₀/P₀) between the edges `points`, an edge belonging to the class above; 255
    where one of the rates is unknown. 100·(N·P₀ − N₀·P) ≥ e·P·P₀, so that no rounding decides.
    """
    n, p, n0, p0 = np.broadcast_arrays(
        *(as_counts(values) for values in (insured, population, insured_before, population_before))
    )
    known = both_known(n, p) & both_known(n0, p0)
    largest = (
        200
        * max(int(np.max(part, initial=1)) for part in (n, p))
        * max(int(np.max(part, initial=1)) for part in (n0, p0))
    )
    if largest > _INT64_MAX:
        n, p, n0, p0 = (part.astype(object) for part in (n, p, n0, p0))
    left, scale = 100 * (n * p0 - n0 * p), p * p0
    classes = np.zeros(n.shape, dtype=np.uint8)
    for edge in points:
        classes += np.asarray(left >= edge * scale, dtype=np.uint8)
    classes[~known] = NO_DATA
    return classes


def distance_edges(rule: PercentRule) -> ClassEdges:
    """The edges of the distance to a rule, as rates: for 85 they are 65, 75, 80, 85, 90, 95."""
    owner = 1 if rule.operator == ">" else 0
    edges = tuple(Edge(rule.value + step, owner if step == 0 else 0) for step in DISTANCE_POINTS)
    return ClassEdges(edges, DISTANCE_POINTS.index(0))


def classify_distance(insured: Any, population: Any, rules: Sequence[PercentRule | None]) -> np.ndarray:
    """Per unit uint8: the class of its distance to its own rule; 255 where rate or rule is unknown. `rules`: one per unit."""
    n, p = as_counts(insured), as_counts(population)
    classes = np.full(n.shape, NO_DATA, dtype=np.uint8)
    groups: dict[tuple[Decimal, str], list[int]] = {}
    for at, rule in enumerate(rules):
        if rule is not None:
            groups.setdefault((rule.value, rule.operator), []).append(at)
    for places in groups.values():
        classes[places] = classify(n[places], p[places], distance_edges(rules[places[0]]))
    return classes


def share_edges(*, is_judged: bool = True) -> ClassEdges:
    """The edges of the share of communes that meet; `is_judged` where all of them are asked for."""
    edges = tuple(Edge(Decimal(value), 0) for value in SHARE_PERCENT)
    return ClassEdges(edges, len(edges) - 1 if is_judged else None)


def classify_share(met: Any, counted: Any) -> np.ndarray:
    """Per unit uint8: the class of 100·met/counted; 254 where no commune is counted, 255 where `met` is unknown."""
    part, whole = as_counts(met), as_counts(counted)
    classes = classify(part, whole, share_edges())
    classes[whole == 0] = NOT_APPLICABLE
    return classes


def classify_people(people: Any, edges: Sequence[int]) -> np.ndarray:
    """Per unit uint8: how many of the edges are reached; 0 is nobody, 255 unknown."""
    counts = as_counts(people)
    classes = np.searchsorted(np.asarray(edges), counts, side="right").astype(np.uint8)
    classes[counts < 0] = NO_DATA
    return classes
