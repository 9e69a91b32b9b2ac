"""Counts of people as columns: int64 with -1 for unknown, and exact comparison of 100·N with θ·P."""

from __future__ import annotations

from decimal import Decimal
from math import gcd
from typing import Any

import numpy as np

UNKNOWN = -1
_INT64_MAX = int(np.iinfo(np.int64).max)


def as_counts(values: Any) -> np.ndarray:
    """An int64 array of counts, -1 for unknown. ValueError for a count below -1 or a fraction: bugs, not data."""
    given = np.asarray(values)
    if given.dtype.kind not in "iu":
        counts = given.astype(np.int64)
        if given.size and not np.array_equal(counts, given):
            raise ValueError("counts of people must be whole numbers, with -1 for unknown")
    else:
        counts = given.astype(np.int64, copy=False)
    if counts.size and counts.min() < UNKNOWN:
        raise ValueError("a count below -1 is neither people nor unknown")
    return counts


def both_known(insured: np.ndarray, population: np.ndarray) -> np.ndarray:
    """Where a rate exists: both counts are known and somebody lives there."""
    return (insured >= 0) & (population > 0)


def percent_terms(value: Decimal) -> tuple[int, int]:
    """(a, b) in lowest terms with value % = a/b, so that N/P ≥ value % ⇔ b·N ≥ a·P, in whole numbers."""
    numerator, denominator = value.as_integer_ratio()
    denominator *= 100
    shared = gcd(numerator, denominator)
    return numerator // shared, denominator // shared


def products(insured: np.ndarray, population: np.ndarray, value: Decimal) -> tuple[np.ndarray, np.ndarray]:
    """(b·N, a·P) for `percent_terms`, exact: as int64, or as Python integers where 64 bits would overflow."""
    a, b = percent_terms(value)
    largest = max(b * int(np.max(insured, initial=0)), a * int(np.max(population, initial=0)))
    if largest > _INT64_MAX:
        return insured.astype(object) * b, population.astype(object) * a
    return insured * b, population * a
