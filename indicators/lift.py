"""The fewest people, or the fewest communes, that lift a place over a goal: arithmetic, no advice on whom to serve.

Two goals are meant. **Share of communes**: so many more communes have to meet the threshold; the fewest people are had by
the communes that miss the fewest. **Coverage**: so many more people have to be insured; wherever they live is the same
for the rate, so the order is a choice: communes closest to the line first (each is brought to the line, so most
communes come to meet on the way), or the largest number of uninsured first (fewest communes). Ties keep the order given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from indicators.counts import as_counts


@dataclass(frozen=True)
class Lift:
    """`people`: int64 per unit, 0 where it is not chosen. `chosen`: positions in the order in which they were taken.
    `missing`: what is still missing after everything possible (communes or people), 0 where the goal is reached.
    """

    people: np.ndarray
    chosen: tuple[int, ...]
    missing: int

    @property
    def is_reached(self) -> bool:
        return self.missing == 0

    @property
    def total(self) -> int:
        return int(self.people.sum())


def lift_share(need: Any, wanted: int) -> Lift:
    """The fewest people that bring `wanted` more units over the threshold.

    `need` int64 per unit: people still to enrol, 0 where it meets already, -1 unknown (never chosen).
    """
    missing_people = as_counts(need)
    unmet = np.flatnonzero(missing_people > 0)
    chosen = unmet[np.argsort(missing_people[unmet], kind="stable")][: max(wanted, 0)]
    people = np.zeros(len(missing_people), dtype=np.int64)
    people[chosen] = missing_people[chosen]
    return Lift(people, tuple(chosen.tolist()), max(0, wanted - len(chosen)))


def lift_coverage(need: Any, uninsured: Any, wanted: int, *, largest_first: bool = False) -> Lift:
    """`wanted` more people, unit by unit, never more than the uninsured of a unit.

    Closest first: each unit that misses the threshold is brought to it, those that miss the fewest first; where that is not
    enough, further people come from the units with the most left. Largest first: all uninsured of the largest unit, then
    of the next. The last unit gives only what is left. -1 is unknown and never chosen.
    """
    missing_people, left = as_counts(need), np.maximum(as_counts(uninsured), 0)
    people = np.zeros(len(left), dtype=np.int64)
    order: list[int] = []
    if not largest_first:
        unmet = np.flatnonzero((missing_people > 0) & (left > 0))
        unmet = unmet[np.argsort(missing_people[unmet], kind="stable")]
        _take(people, order, unmet, np.minimum(missing_people, left), wanted)
    rest = left - people
    largest = np.flatnonzero(rest > 0)
    largest = largest[np.argsort(-rest[largest], kind="stable")]
    _take(people, order, largest, rest, wanted)
    return Lift(people, tuple(order), max(0, wanted - int(people.sum())))


def _take(people: np.ndarray, order: list[int], units: np.ndarray, at_most: np.ndarray, wanted: int) -> None:
    """Add people of units in order until `wanted` are had."""
    for unit in units.tolist():
        still = wanted - int(people.sum())
        if still <= 0:
            return
        people[unit] += min(still, int(at_most[unit]))
        if unit not in order:
            order.append(unit)
