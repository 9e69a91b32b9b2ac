"""Pace in the whole numbers that a reader is told: never so rounded that a unit looks on track when it is not."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

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


def say_pace(pace: Pace, at: int = 0) -> SaidPace:
    """The pace of one unit. Needed is rounded up; now is rounded up where it is enough (so that 100,6 does not stand as 100
    below 101) and down where it is not.
    """
    need, left, slope, status = (int(column[at]) for column in (pace.need, pace.months_left, pace.slope, pace.status))
    has_needed, has_now = need > 0 and left > 0, slope != NO_PACE
    needed = -(-need // left) if has_needed else None
    enough = status in (MET, ON_TRACK)
    now = None
    if has_now:
        now = -(-slope // PACE_DENOMINATOR) if enough else slope // PACE_DENOMINATOR
    ratio = None
    if has_needed and has_now:
        ratio = Decimal(100 * slope * left // (need * PACE_DENOMINATOR)) / 100
    return SaidPace(needed, now, ratio, STATUS_NAMES[status])
