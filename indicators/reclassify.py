"""Another threshold applied to the same figures: which units change status, and what it means for whom. Exact integers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from indicators.classes import NO_DATA, NOT_APPLICABLE
from indicators.counts import UNKNOWN, as_counts
from indicators.met import MET, NOT_MET, PercentRule, met_status, still_to_enrol

LOST, STAYS_UNMET, STAYS_MET, GAINED = range(4)
"""Classes of the map of changes: no longer met, unmet under both, met under both, newly met; else NO_DATA, NOT_APPLICABLE."""
CHANGED = (LOST, GAINED)


def reclassify(
    insured: Any, population: Any, before: PercentRule | None, after: PercentRule | None, counted: Any = None
) -> np.ndarray:
    """Per unit uint8: what becomes of its status when `after` takes the place of `before`. Units that are not `counted`
    (bool, default all) are NOT_APPLICABLE; NO_DATA where a figure or a rule is unknown.
    """
    old, new = met_status(insured, population, before), met_status(insured, population, after)
    result = np.full(old.shape, NO_DATA, dtype=np.uint8)
    for code, was, becomes in (
        (LOST, MET, NOT_MET),
        (STAYS_UNMET, NOT_MET, NOT_MET),
        (STAYS_MET, MET, MET),
        (GAINED, NOT_MET, MET),
    ):
        result[(old == was) & (new == becomes)] = code
    if counted is not None:
        result[~np.asarray(counted, dtype=bool)] = NOT_APPLICABLE
    return result


@dataclass(frozen=True)
class Reclassified:
    """Sums per group, int64, one entry per group. `unknown` of the `counted` units have no figures. `people_changed`: residents
    of units that change. `need_before`, `need_after`: people to enrol so that every counted unit with figures meets the
    rule, -1 where there is none.
    """

    counted: np.ndarray
    unknown: np.ndarray
    met_before: np.ndarray
    met_after: np.ndarray
    gained: np.ndarray
    lost: np.ndarray
    people_changed: np.ndarray
    need_before: np.ndarray
    need_after: np.ndarray

    @property
    def changed(self) -> np.ndarray:
        return self.gained + self.lost


def sum_changes(
    insured: Any,
    population: Any,
    before: PercentRule | None,
    after: PercentRule | None,
    counted: Any,
    group: Any,
    group_count: int,
) -> Reclassified:
    """Add up per group; `group`: number 0…group_count−1 of each unit, -1 outside every group."""
    n, p = as_counts(insured), as_counts(population)
    index = np.asarray(group)
    inside = np.asarray(counted, dtype=bool) & (index >= 0)
    codes = reclassify(n, p, before, after)
    old, new = met_status(n, p, before), met_status(n, p, after)

    def units(mask: np.ndarray) -> np.ndarray:
        return np.bincount(index[inside & mask], minlength=group_count).astype(np.int64)

    def people(values: np.ndarray, mask: np.ndarray) -> np.ndarray:
        total = np.zeros(group_count, dtype=np.int64)
        chosen = inside & mask
        np.add.at(total, index[chosen], values[chosen])  # whole numbers; bincount's weights would be floats
        return total

    def need(rule: PercentRule | None) -> np.ndarray:
        missing = still_to_enrol(n, p, rule)
        return people(missing, missing >= 0) if rule is not None else np.full(group_count, UNKNOWN, dtype=np.int64)

    return Reclassified(
        counted=units(np.ones(n.shape, dtype=bool)),
        unknown=units(codes == NO_DATA),
        met_before=units(old == MET),
        met_after=units(new == MET),
        gained=units(codes == GAINED),
        lost=units(codes == LOST),
        people_changed=people(p, np.isin(codes, CHANGED)),
        need_before=need(before),
        need_after=need(after),
    )
