"""When a unit would reach its goal if its quarters stayed like the last ones: a range, by block bootstrap.

A future is put together from blocks of two quarterly changes in a row, drawn with replacement from the unit's own last
quarters (of N*, see `pace.adjust_insured`): a good quarter tends to be followed by another, and a block keeps that.
A thousand futures, with a fixed seed, so that the same figures give the same dates to every reader. The range leaves out
the earliest and the latest tenth of them. It is a projection of the recent past, not a forecast: it knows no new policy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from indicators.counts import as_counts
from indicators.pace import MIN_POINTS, MONTHS_A_QUARTER, NO_PACE, adjust_insured, measure_slope

FUTURES = 1000
BLOCK = 2
SEED = 4794
LOW, MIDDLE, HIGH = 10, 50, 90
YEARS_LATE = 10
NEVER = -1
"""In place of a number of months: not within ten years after the deadline."""


@dataclass(frozen=True)
class Arrival:
    """Months from the month looked at to the goal, an entry per unit, int64.

    early, middle, late: a tenth, half and nine tenths of the futures have arrived by then. NEVER where that takes more than
    ten years after the deadline. Only where `has_range`: the unit has a goal ahead that it has not met, enough points,
    and a pace above 0.
    """

    has_range: np.ndarray
    early: np.ndarray
    middle: np.ndarray
    late: np.ndarray

    @property
    def not_reached(self) -> np.ndarray:
        """ "Không đạt ở tốc độ hiện nay": most futures do not arrive within ten years after the deadline."""
        return self.has_range & (self.middle == NEVER)


def quarterly_changes(insured: Any, population: Any) -> list[np.ndarray]:
    """The changes of N* from quarter to quarter per unit, in people, oldest first.

    A change over several quarters (a month between has no figure) is spread evenly over them. Empty where fewer than
    MIN_POINTS months are known.
    """
    changes = []
    for row in adjust_insured(insured, population):
        known = np.flatnonzero(row >= 0)
        if len(known) < MIN_POINTS:
            changes.append(np.empty(0))
            continue
        steps = np.diff(known)
        changes.append(np.repeat(np.diff(row[known]) / steps, steps))
    return changes


def draw_futures(changes: np.ndarray, quarters: int, futures: int = FUTURES) -> np.ndarray:
    """Futures × quarters: people gained since the last month, adding up, from blocks of the changes of one unit."""
    blocks = -(-quarters // BLOCK)
    starts = np.random.default_rng(SEED).integers(0, len(changes), size=(futures, blocks))
    # The last quarter is followed by the first, so that every quarter is drawn equally often.
    picked = (starts[:, :, None] + np.arange(BLOCK)).reshape(futures, blocks * BLOCK)[:, :quarters] % len(changes)
    return np.cumsum(changes[picked], axis=1)


def project_fan(insured: Any, population: Any, quarters: int) -> np.ndarray:
    """Of one unit (its months as 1 × months): 3 × quarters people, N of the last month plus the gain of the low, middle
    and high tenth of the futures, quarter by quarter. Empty (3 × 0) where there are too few points.
    """
    (changes,) = quarterly_changes(insured, population)
    if not len(changes) or quarters <= 0:
        return np.empty((3, 0))
    last = int(as_counts(insured)[0, -1])
    return last + np.percentile(draw_futures(changes, quarters), (LOW, MIDDLE, HIGH), axis=0)


def measure_arrival(insured: Any, population: Any, need: Any, months_to_deadline: Any) -> Arrival:
    """The range of every unit; arguments as of `pace.judge_pace`. A second or so for a thousand units."""
    _, slope = measure_slope(insured, population)
    missing, left = np.broadcast_arrays(as_counts(need), np.asarray(months_to_deadline, dtype=np.int64))
    missing, left, slope = np.broadcast_arrays(missing, left, slope)
    has_range = (missing > 0) & (left > 0) & (slope != NO_PACE) & (slope > 0)
    months = np.full((3, len(slope)), NEVER, dtype=np.int64)
    changes = quarterly_changes(insured, population)
    for unit in np.flatnonzero(has_range):
        limit = int(left[unit]) + 12 * YEARS_LATE
        gained = draw_futures(changes[unit], -(-limit // MONTHS_A_QUARTER))
        months[:, unit] = _arrival_months(gained, int(missing[unit]), limit)
    return Arrival(has_range, *months)


def _arrival_months(gained: np.ndarray, need: int, limit: int) -> np.ndarray:
    """Early, middle and late month at which the futures first gained `need` people; NEVER beyond `limit` months."""
    reached = gained >= need
    first = np.where(reached.any(axis=1), (reached.argmax(axis=1) + 1) * MONTHS_A_QUARTER, limit + 1)
    ordered = np.sort(first)
    # The k-th of n futures: the first at which at least that share has arrived.
    at = [-(-share * len(ordered) // 100) - 1 for share in (LOW, MIDDLE, HIGH)]
    return np.where(ordered[at] <= limit, ordered[at], NEVER)


def project_rates(insured: Any, population: Any, quarters: int) -> np.ndarray:
    """`project_fan` as coverage rates of the present population, in percent; 3 × quarters, or 3 × 0."""
    people = int(as_counts(population)[0, -1])
    fan = project_fan(insured, population, quarters)
    return 100.0 * fan / people if people > 0 else np.empty((3, 0))
