"""The movement's log beside the figures: how long a unit was silent, what is overdue, and which months an initiative lies
between."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

FINISHED = ("done", "dropped")


def days_silent(last: date | None, as_of: date) -> int | None:
    """Days since the last activity on or before a day; None where there never was one."""
    return None if last is None else (as_of - last).days


def is_silent(last: date | None, as_of: date, most_days: int) -> bool:
    """Whether a unit is named as a gap: never any activity, or none in `most_days` days. Exactly so many is no gap."""
    silent = days_silent(last, as_of)
    return silent is None or silent > most_days


def is_overdue(due: date | None, state: str, as_of: date) -> bool:
    """Whether a task should be finished and is not: its own state says late, or its day is past. Without a day, only what
    its state says.
    """
    if state in FINISHED:
        return False
    return state == "late" or (due is not None and due < as_of)


def months_around(months: Sequence[str], start: str, after: int) -> tuple[str | None, str | None]:
    """The month with figures to hold against before something began in month `start`, and the one after it.

    Before: the last one earlier than `start`. After: the first at least `after` months later than `start`, else the last
    one later than it. None where there is none. `months` in order.
    """
    earlier = [month for month in months if month < start]
    later = [month for month in months if month > start]
    far = [month for month in later if count_months(start, month) >= after]
    return (earlier[-1] if earlier else None), (far[0] if far else later[-1] if later else None)


def count_months(first: str, last: str) -> int:
    """Months from one to another: 2019-11 to 2020-02 is 3."""
    return (int(last[:4]) - int(first[:4])) * 12 + int(last[5:]) - int(first[5:])


def start_month(started_on: date | None, year: int) -> str:
    """The month in which an initiative began; January where only its year is known."""
    return f"{year:04d}-01" if started_on is None else f"{started_on.year:04d}-{started_on.month:02d}"
