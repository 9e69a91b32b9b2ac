"""What changed between two months: who crossed the line, fell suddenly or newly reports, in whole numbers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np

from indicators.counts import UNKNOWN, as_counts, both_known
from indicators.met import PercentRule, met_status, still_to_enrol
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
    most = max(int(np.abs(column).max(initial=1)) for column in (n, p, n0, p0))
    if max(200 * bottom, abs(top)) * most * most >= 2**63:
        # Python's whole numbers: 100·N₀·P of two provinces does not fit in 64 bits.
        n, p, n0, p0 = (column.astype(object) for column in (n, p, n0, p0))
    fell = 100 * bottom * (n0 * p - n * p0) > top * p0 * p
    return known & fell.astype(bool)


def change_points(insured: Any, population: Any, insured_before: Any, population_before: Any) -> np.ndarray:
    """How many percentage points the coverage rate moved, as floats for sorting and writing; NaN where unknown."""
    return np.asarray(coverage_pct(insured, population)) - np.asarray(coverage_pct(insured_before, population_before))


def keep_known_in_both(
    insured: Any, population: Any, insured_before: Any, population_before: Any
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The four columns with every unit unknown (-1) in both months whose rate is not known in both.

    Sums of a place that are to be compared are added up from these: a commune that sent nothing in one of the months would
    else move the place's rate, its communes that meet and its people still to enrol by having come or gone. Counts are int64,
    one entry per unit in one order, -1 unknown.
    """
    columns = [as_counts(column) for column in (insured, population, insured_before, population_before)]
    known = both_known(columns[0], columns[1]) & both_known(columns[2], columns[3])
    n, p, n0, p0 = (np.where(known, column, UNKNOWN) for column in columns)
    return n, p, n0, p0


def sum_known_in_both(
    insured: Any, population: Any, insured_before: Any, population_before: Any, group: Any, groups: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The four columns added up per group over the units known in both months (`keep_known_in_both`); -1 for a group that has
    none. `group`: number of each unit's group from 0, -1 for none; the result has `groups` entries, int64."""
    columns = keep_known_in_both(insured, population, insured_before, population_before)
    of, known = np.asarray(group, dtype=np.int64), columns[0] >= 0
    counted = np.flatnonzero(known & (of >= 0))
    sums = []
    for column in columns:
        total = np.zeros(groups, dtype=np.int64)
        np.add.at(total, of[counted], column[counted])
        sums.append(total)
    has_none = np.bincount(of[counted], minlength=groups) == 0
    n, p, n0, p0 = (np.where(has_none, UNKNOWN, total) for total in sums)
    return n, p, n0, p0


def exceeds_population(insured: Any, population: Any) -> np.ndarray:
    """Where more people are insured than live there: kept and marked, never clipped. False where unknown."""
    n, p = as_counts(insured), as_counts(population)
    return both_known(n, p) & (n > p)


ROSE = 1
FELL_BACK = -1


def find_crossings(
    insured: Any, population: Any, insured_before: Any, population_before: Any, rule: PercentRule | None
) -> np.ndarray:
    """Per unit int8: 1 met now and not before, -1 met before and not now, 0 neither, or unknown in either month.

    Both months are held against the one rule in force for both: across a change of the rule a crossing would be the law's
    and not the unit's, so the caller must not ask (`rule` None gives 0 everywhere). Counts are int64, -1 unknown.
    """
    now = met_status(insured, population, rule)
    before = met_status(insured_before, population_before, rule)
    return np.where((now < 0) | (before < 0), 0, now - before).astype(np.int8)


def find_new_reports(insured: Any, population: Any, insured_before: Any, population_before: Any) -> np.ndarray:
    """Where a rate is known now and was not before."""
    now = both_known(as_counts(insured), as_counts(population))
    return now & ~both_known(as_counts(insured_before), as_counts(population_before))


def find_closest_below(insured: Any, population: Any, rule: PercentRule | None, people: int = 200) -> np.ndarray:
    """Where fewer than `people` are missing to meet the rule, and at least one is."""
    need = still_to_enrol(insured, population, rule)
    return (need > 0) & (need < people)


def gained_people(insured: Any, insured_before: Any) -> np.ma.MaskedArray:
    """How many more people are insured than before (fewer: negative); masked where a count is unknown."""
    n, n0 = as_counts(insured), as_counts(insured_before)
    return np.ma.masked_array(n - n0, mask=(n < 0) | (n0 < 0))
