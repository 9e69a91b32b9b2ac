"""Whether a unit meets a threshold, and how many people it still has to enrol: whole numbers only, operator as data."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Protocol

import numpy as np

from indicators.counts import UNKNOWN, as_counts, both_known, percent_terms, products

MET = 1
NOT_MET = 0
NOT_APPLICABLE = -2


class PercentRule(Protocol):
    """A Threshold or a Goal: anything with a percentage and an operator."""

    @property
    def value(self) -> Decimal: ...

    @property
    def operator(self) -> str: ...


def met_status(insured: Any, population: Any, rule: PercentRule | None) -> np.ndarray:
    """Per unit int8: 1 met, 0 not met, -1 unknown (a count is missing, nobody lives there, or the rule is unknown).

    `100·N ≥ θ·P`, or `>` where the rule says so; the operator follows the law's words ("từ 85% trở lên", "trên 90%").
    """
    n, p = np.broadcast_arrays(as_counts(insured), as_counts(population))
    if rule is None:
        return np.full(n.shape, UNKNOWN, dtype=np.int8)
    left, right = products(n, p, rule.value)
    reached = left > right if rule.operator == ">" else left >= right
    return np.where(both_known(n, p), np.asarray(reached, dtype=bool), UNKNOWN).astype(np.int8)


def still_to_enrol(insured: Any, population: Any, rule: PercentRule | None) -> np.ndarray:
    """Per unit int64: the fewest people who must still join until the unit meets the rule; 0 where it does; -1 unknown.

    ≥: max(0, ceil(θ·P/100) − N);  >: max(0, floor(θ·P/100) + 1 − N).
    """
    n, p = np.broadcast_arrays(as_counts(insured), as_counts(population))
    if rule is None:
        return np.full(n.shape, UNKNOWN, dtype=np.int64)
    _, b = percent_terms(rule.value)
    _, right = products(n, p, rule.value)
    needed = right // b + 1 if rule.operator == ">" else -(-right // b)
    return np.where(both_known(n, p), np.maximum(needed - n, 0), UNKNOWN).astype(np.int64)


def district_status(commune_status: Any, counted: Any, district: Any, district_count: int) -> np.ndarray:
    """Per district int8: 1 all counted communes meet; 0 one does not; -1 none fails, one is unknown; -2 not applicable.

    `commune_status` int8 as of `met_status`; `counted` bool (the communes that the programme counts: xã);
    `district` the number 0…district_count−1 of each commune's district, -1 where it has none. Not applicable means
    that the district has no counted commune at all.
    """
    status, index = np.asarray(commune_status), np.asarray(district)
    inside = np.asarray(counted, dtype=bool) & (index >= 0)
    status, index = status[inside], index[inside]

    def units_with(wanted: int) -> np.ndarray:
        return np.bincount(index[status == wanted], minlength=district_count)

    result = np.full(district_count, MET, dtype=np.int8)
    result[np.bincount(index, minlength=district_count) == 0] = NOT_APPLICABLE
    result[units_with(UNKNOWN) > 0] = UNKNOWN
    result[units_with(NOT_MET) > 0] = NOT_MET
    return result
