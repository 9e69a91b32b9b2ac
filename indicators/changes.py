"""What changed between two months: falls of the coverage rate, in whole numbers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np

from indicators.counts import as_counts, both_known
from indicators.rates import coverage_pct

# Household cards lapse three months after the last payment: communes fell by 14 points within one month
# (DEFINITIONS "sudden drop"). A fall of exactly the limit is not yet sudden.
SUDDEN_DROP_POINTS = Decimal(3)


def find_sudden_drops(
    insured: Any,
    population: Any,
    insured_before: Any,
    population_before: Any,
    points: Decimal = SUDDEN_DROP_POINTS,
) -> np.ndarray:
    """Where the coverage rate fell by more than `points` percentage points; False where a rate is unknown.

    100·(N₀/P₀ − N/P) > points, multiplied out, so that no rounding decides. Counts are int64 with -1 for unknown.
    """
    n, p = as_counts(insured), as_counts(population)
    n0, p0 = as_counts(insured_before), as_counts(population_before)
    known = both_known(n, p) & both_known(n0, p0)
    top, bottom = points.as_integer_ratio()
    # Python's whole numbers: 100·N₀·P of two provinces does not fit in 64 bits.
    before, after = n0.astype(object) * p, n.astype(object) * p0
    fell = 100 * bottom * (before - after) > top * p0.astype(object) * p
    return known & fell.astype(bool)


def change_points(insured: Any, population: Any, insured_before: Any, population_before: Any) -> np.ndarray:
    """How many percentage points the coverage rate moved, as floats for sorting and writing; NaN where unknown."""
    return np.asarray(coverage_pct(insured, population)) - np.asarray(coverage_pct(insured_before, population_before))


def exceeds_population(insured: Any, population: Any) -> np.ndarray:
    """Where more people are insured than live there: kept and marked, never clipped. False where unknown."""
    n, p = as_counts(insured), as_counts(population)
    return both_known(n, p) & (n > p)
