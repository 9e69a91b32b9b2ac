"""Pace: how many people a month a unit needs until its deadline, how many it gains now, and what that means.

**N, population-adjusted.** A unit that grows gains insured people without covering more of its people, and a unit whose
population was counted anew seems to lose or win thousands. So every earlier N is first carried to the population of
the last point, at the coverage that it had:  N*ₜ = Nₜ · P_last / Pₜ, rounded half up to whole people. The last point keeps
its own N. The slope of N* is then the gain of coverage, said in people of today, and can be held against the people
still to enrol, who are counted on the same population.

Months are points that lie a quarter apart and end with the month looked at (`quarter_months`); columns run from the
oldest to the newest. All is vectorised: one row per unit, 63 provinces or 11,160 communes at once. Everything that
decides a status is whole numbers: a Theil–Sen slope over at most eight quarters is a multiple of 1/2520 people a month.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import combinations
from math import lcm
from typing import Any

import numpy as np

from indicators.counts import UNKNOWN, as_counts, both_known

QUARTERS = 8
MIN_POINTS = 5
MONTHS_A_QUARTER = 3
# A slope is a difference over 1…7 quarters, and a median of two of them its half: all are whole multiples of 1/2520.
PACE_DENOMINATOR = 2 * MONTHS_A_QUARTER * lcm(*range(1, QUARTERS))
NO_PACE = np.iinfo(np.int64).min
"""In place of a pace that is not known (a pace may be negative, so -1 cannot say it)."""

MET, ON_TRACK, SPEED_UP, SLOW, FALLING, NOT_MET, TOO_FEW, UNJUDGED = range(8)
STATUS_NAMES = ("met", "on_track", "speed_up", "slow", "falling", "not_met", "too_few", "unjudged")
"""Status by code; the words are `pace.status_<name>`. `not_met`: the deadline has passed. `unjudged`: no figure or no goal."""


@dataclass(frozen=True)
class Pace:
    """Pace of many units, an entry per unit.

    points       int8: months with a known rate among the last eight quarters
    slope        int64: pace now in 1/2520 people a month (PACE_DENOMINATOR), NO_PACE where it is not known
    need         int64: people still to enrol, -1 unknown
    months_left  int64: whole months to the deadline, -1 where there is no goal, 0 from the deadline's month on
    status       int8: index into STATUS_NAMES
    """

    points: np.ndarray
    slope: np.ndarray
    need: np.ndarray
    months_left: np.ndarray
    status: np.ndarray

    @property
    def now(self) -> np.ndarray:
        """Pace now: people a month as float, population-adjusted; NaN where not known. For writing and drawing."""
        return np.where(self.slope == NO_PACE, np.nan, self.slope / PACE_DENOMINATOR)

    @property
    def needed(self) -> np.ndarray:
        """Pace needed: people a month as float; 0 where met; NaN from the deadline on and where not known."""
        has_pace = (self.need >= 0) & (self.months_left > 0)
        return np.where(has_pace, self.need / np.where(has_pace, self.months_left, 1), np.nan)

    @property
    def ratio(self) -> np.ndarray:
        """r = pace now / pace needed; NaN where either is not known or nothing is needed."""
        needed = np.where(self.needed > 0, self.needed, np.nan)
        return self.now / needed

    def names(self) -> list[str]:
        """The status of each unit by name."""
        return [STATUS_NAMES[code] for code in self.status]


def quarter_months(period: str, count: int = QUARTERS) -> list[str]:
    """The months a quarter apart that end with `period`, oldest first: 2020-12 → 2019-03 … 2020-09, 2020-12."""
    last = _month_number(period)
    steps = range(last - MONTHS_A_QUARTER * (count - 1), last + 1, MONTHS_A_QUARTER)
    return [f"{month // 12:04d}-{month % 12 + 1:02d}" for month in steps]


def months_left(period: str, deadline: date) -> int:
    """Whole months from the end of `period` to the deadline's month; 0 from that month on."""
    return max(0, deadline.year * 12 + deadline.month - 1 - _month_number(period))


def adjust_insured(insured: Any, population: Any) -> np.ndarray:
    """N* per unit and month (units × months, int64, -1 unknown): N carried to the population of the last month.

    A unit whose last month is unknown has no population to be carried to: its whole row is unknown. Whole numbers up to
    100 million people; half a person is rounded up.
    """
    n, p = _as_rows(insured), _as_rows(population)
    last_people = p[:, -1:]
    known = both_known(n, p) & both_known(n[:, -1:], last_people)
    people = np.where(known, p, 1)
    carried = (2 * np.where(known, n, 0) * np.where(known, last_people, 0) + people) // (2 * people)
    return np.where(known, carried, UNKNOWN)


def measure_slope(insured: Any, population: Any) -> tuple[np.ndarray, np.ndarray]:
    """(points, slope) per unit: Theil–Sen slope of N* (`adjust_insured`) in 1/2520 people a month, exact.

    The median of the slopes between every two known months; NO_PACE with fewer than MIN_POINTS of them.
    Counts are units × months, at most QUARTERS months, oldest first, a quarter apart; -1 unknown.
    """
    adjusted = adjust_insured(insured, population)
    months = adjusted.shape[1]
    if months > QUARTERS:
        raise ValueError(f"the slope is exact for at most {QUARTERS} quarters, not {months}")
    known = adjusted >= 0
    points = known.sum(axis=1).astype(np.int8)
    pairs = list(combinations(range(months), 2))
    if not pairs:
        return points, np.full(len(adjusted), NO_PACE)
    first, second = (np.array(side) for side in zip(*pairs, strict=True))
    # Twice the slope's numerator over 1260, so that the mean of two middle ones stays a whole number over 2520.
    weights = PACE_DENOMINATOR // 2 // (MONTHS_A_QUARTER * (second - first))
    slopes = (adjusted[:, second] - adjusted[:, first]) * weights
    usable = known[:, first] & known[:, second]
    # Unusable pairs sort behind all others; the two in the middle of the usable ones are picked by their number.
    ordered = np.sort(np.where(usable, slopes, np.iinfo(np.int64).max), axis=1)
    count = np.maximum(usable.sum(axis=1), 1)
    rows = np.arange(len(ordered))
    enough = points >= MIN_POINTS
    low, high = ordered[rows, (count - 1) // 2], ordered[rows, count // 2]
    return points, np.where(enough, np.where(enough, low, 0) + np.where(enough, high, 0), NO_PACE)


def judge_pace(insured: Any, population: Any, need: Any, months_to_deadline: Any) -> Pace:
    """Pace and status of every unit.

    `insured`, `population`: units × months (see `measure_slope`). `need`: people still to enrol at the last month for the
    unit's own goal (`met.still_to_enrol`), -1 where it is not known or there is no goal; 0 is met.
    `months_to_deadline`: `months_left`, one for all or one per unit; -1 where there is no goal.

    With r = pace now / pace needed: met · r ≥ 1 on track · 0,5 ≤ r < 1 speed up · 0 ≤ r < 0,5 slow · r < 0 falling.
    From the deadline on there is no pace: met or not met.
    """
    points, slope = measure_slope(insured, population)
    missing, left = np.broadcast_arrays(as_counts(need), np.asarray(months_to_deadline, dtype=np.int64))
    missing, left, slope = np.broadcast_arrays(missing, left, slope)
    known_slope = np.where(slope == NO_PACE, 0, slope)
    # r ≥ 1 ⇔ slope/2520 ≥ need/left ⇔ slope·left ≥ 2520·need; r ≥ 1/2 the same with half of the right side.
    gained, needed = known_slope * np.maximum(left, 0), missing * PACE_DENOMINATOR
    status = np.select(
        [
            (missing < 0) | (left < 0),
            missing == 0,
            left == 0,
            slope == NO_PACE,
            gained >= needed,
            2 * gained >= needed,
            gained >= 0,
        ],
        [UNJUDGED, MET, NOT_MET, TOO_FEW, ON_TRACK, SPEED_UP, SLOW],
        FALLING,
    ).astype(np.int8)
    return Pace(points, slope, missing, left, status)


def _as_rows(counts: Any) -> np.ndarray:
    rows = as_counts(counts)
    if rows.ndim != 2:
        raise ValueError(f"expected units × months, not {rows.ndim} dimensions")
    return rows


def _month_number(period: str) -> int:
    """Months since year 0, so that months can be counted."""
    return int(period[:4]) * 12 + int(period[5:]) - 1
