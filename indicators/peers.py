"""Units to compare one with: those of nearest size, compared by the ratio of their populations in whole numbers."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from indicators.counts import as_counts

PEERS = 5


def nearest_in_size(population: Any, at: int, eligible: Any, count: int = PEERS) -> list[int]:
    """Positions of the `count` eligible units whose population is nearest to that of unit `at`, nearest first.

    Near means the ratio larger/smaller, so that half and twice are equally far; ties keep the given order. The unit itself
    and units without a known population are left out; empty where the unit's own is not known.
    """
    people = as_counts(population)
    own = int(people[at])
    if own <= 0:
        return []
    mask = np.asarray(eligible, dtype=bool) & (people > 0)
    mask[at] = False
    places = np.flatnonzero(mask)
    return sorted(places.tolist(), key=lambda place: size_ratio(own, int(people[place])))[:count]


def size_ratio(first: int, second: int) -> Fraction:
    """How many times the larger is the smaller."""
    return Fraction(max(first, second), min(first, second))
