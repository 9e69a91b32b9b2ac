"""The trend marker of a unit: rising, steady or falling, by the Mann–Kendall test on the last eight quarters.

S is the number of pairs of months whose coverage rate rose, less those whose rate fell. The rate is said to rise or fall
where an |S| as large would come by chance in at most 5 % of all orders of the months (two-sided). The chance is counted
exactly over all orders, not taken from the normal curve, which is wrong for so few points; equal rates count for
neither side, which makes the test stricter. Fewer than five points: too few to say anything.
"""

from __future__ import annotations

from functools import cache
from itertools import combinations
from math import factorial
from typing import Any

import numpy as np

from indicators.counts import as_counts, both_known
from indicators.pace import MIN_POINTS

RISING, STEADY, FALLING, TOO_FEW = 1, 0, -1, -2
MARKER_NAMES = {RISING: "rising", STEADY: "steady", FALLING: "falling", TOO_FEW: "too_few"}
TEST = "Mann–Kendall"
LEVEL_PERCENT = 5


def mark_trend(insured: Any, population: Any) -> np.ndarray:
    """Per unit int8: 1 rising, 0 steady, -1 falling, -2 too few points.

    Counts are units × months, oldest first, -1 unknown. Rates are compared exactly: Nⱼ·Pᵢ against Nᵢ·Pⱼ.
    """
    n, p = as_counts(insured), as_counts(population)
    known = both_known(n, p)
    score = np.zeros(len(n), dtype=np.int64)
    for i, j in combinations(range(n.shape[1]), 2):
        moved = np.sign(n[:, j] * p[:, i] - n[:, i] * p[:, j])
        score += np.where(known[:, i] & known[:, j], moved, 0)
    points = known.sum(axis=1)
    critical = np.array([critical_score(count) for count in range(n.shape[1] + 1)])[points]
    marker = np.where(score >= critical, RISING, np.where(score <= -critical, FALLING, STEADY))
    return np.where(points < MIN_POINTS, TOO_FEW, marker).astype(np.int8)


@cache
def critical_score(points: int) -> int:
    """The smallest S that at most 2,5 % of all orders of `points` months reach: 5 → 10, 6 → 13, 7 → 15, 8 → 18.

    Above the largest possible S where no order is rare enough.
    """
    # An order with k inversions has S = pairs − 2k; how many orders have k inversions follows by adding month by month.
    orders = [1]
    for size in range(2, points + 1):
        orders = [sum(orders[max(0, k - size + 1) : k + 1]) for k in range(len(orders) + size - 1)]
    pairs, reached = points * (points - 1) // 2, 0
    critical = pairs + 1
    for inversions, count in enumerate(orders):
        reached += count
        if 200 * reached > LEVEL_PERCENT * factorial(points):
            break
        critical = pairs - 2 * inversions
    return critical
