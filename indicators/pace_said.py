"""Pace in the whole numbers that a reader is told: never so rounded that a unit looks on track when it is not."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from indicators.pace import MET, NO_PACE, ON_TRACK, PACE_DENOMINATOR, STATUS_NAMES, Pace


@dataclass(frozen=True)
class SaidPace:
    """One unit's pace. `needed`, `now`: people a month, None where there is none; `ratio`: now/needed with two decimals,
    rounded down, None where either is missing; `status`: a name of `pace.STATUS_NAMES`.
    """

    needed: int | None
    now: int | None
    ratio: Decimal | None
    status: str


@dataclass(frozen=True)
class SaidPaces:
    """The same of many units, as floats for tables: NaN where there is none; `needed` is 0 where nothing is missing."""

    needed: np.ndarray
    now: np.ndarray
    ratio: np.ndarray


def say_paces(pace: Pace) -> SaidPaces:
    """The pace of every unit. Needed is rounded up; now is rounded up where it is enough (so that 100,6 does not stand as
    100 below 101) and down where it is not; the ratio is rounded down to hundredths.
    """
    need, left, slope = pace.need, pace.months_left, pace.slope
    has_needed, has_now = (need >= 0) & (left > 0), slope != NO_PACE
    months, people = np.where(has_needed, left, 1), np.where(has_now, slope, 0)
    enough = np.isin(pace.status, (MET, ON_TRACK))
    needed = np.where(has_needed, -(-need // months), np.nan)
    now = np.where(has_now, np.where(enough, -(-people // PACE_DENOMINATOR), people // PACE_DENOMINATOR), np.nan)
    has_ratio = has_needed & has_now & (need > 0)
    hundredths = 100 * people * months // np.where(has_ratio, need * PACE_DENOMINATOR, 1)
    return SaidPaces(needed, now, np.where(has_ratio, hundredths / 100, np.nan))


def say_pace(pace: Pace, at: int = 0) -> SaidPace:
    """The pace of one unit, for a sentence."""
    said = say_paces(pace)
    needed, now, ratio = said.needed[at], said.now[at], said.ratio[at]
    return SaidPace(
        needed=int(needed) if needed > 0 else None,
        now=None if now != now else int(now),
        ratio=None if ratio != ratio else Decimal(f"{ratio:.2f}"),
        status=STATUS_NAMES[int(pace.status[at])],
    )
