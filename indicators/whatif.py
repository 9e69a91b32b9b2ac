"""What if so many more people were enrolled: never more than there are, whole people, and which units newly meet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from indicators.counts import as_counts
from indicators.met import MET, PercentRule, met_status


@dataclass(frozen=True)
class WhatIf:
    """`enrolled` int64 per unit; `insured` the counts after it (-1 stays unknown); `newly_met` bool per unit;
    `not_placed` people for whom there was nobody left to enrol."""

    enrolled: np.ndarray
    insured: np.ndarray
    newly_met: np.ndarray
    not_placed: int


def share_out(total: int, capacity: Any) -> np.ndarray:
    """`total` people shared out in proportion to the capacities, whole people by largest remainder (the earlier unit wins a
    tie), never above a capacity; all of it where the total is larger. Unknown (-1) has no capacity.
    """
    room = np.maximum(as_counts(capacity), 0)
    sum_of_room = int(room.sum())
    if total >= sum_of_room:
        return room.copy()
    if total <= 0:
        return np.zeros_like(room)
    # Python's whole numbers: people of a nation times people of a nation.
    exact = room.astype(object) * total
    shares = (exact // sum_of_room).astype(np.int64)
    order = np.argsort(-(exact % sum_of_room).astype(np.int64), kind="stable")
    shares[order[: total - int(shares.sum())]] += 1
    return shares


def enrol_people(
    insured: Any, population: Any, eligible_left: Any, chosen: Any, total: int, threshold: PercentRule | None
) -> WhatIf:
    """Enrol `total` people of a group in the chosen units (bool per unit).

    `eligible_left`: people of the group who are not insured yet, -1 where the group was never surveyed: nobody is enrolled
    there, and nowhere that the insured are unknown.
    """
    n, p = as_counts(insured), as_counts(population)
    room = np.where(np.asarray(chosen, dtype=bool) & (n >= 0), as_counts(eligible_left), 0)
    enrolled = share_out(total, room)
    after = np.where(n >= 0, n + enrolled, n)
    newly = (met_status(after, p, threshold) == MET) & (met_status(n, p, threshold) != MET)
    return WhatIf(enrolled, after, newly, max(0, total - int(enrolled.sum())))
