"""A filed plan against what came: people per month, who filed nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

UNKNOWN = -1


@dataclass(frozen=True)
class MonthProgress:
    """`planned` people of the month over all units that filed; `gained` people by which the insured of these units grew,
    None where a unit has no figure in the month or the one before. Sums run from the first month of the plan; the sum
    of the gained is taken from the figures of its ends, so that a month without a report between does not break it.
    """

    month: str
    planned: int
    gained: int | None
    planned_sum: int
    gained_sum: int | None


def month_before(month: str) -> str:
    year, number = map(int, month.split("-"))
    return f"{year - 1}-12" if number == 1 else f"{year}-{number - 1:02d}"


def track_plan(planned: Mapping[tuple[str, str], int], insured: Mapping[tuple[str, str], int]) -> list[MonthProgress]:
    """`planned` and `insured`: (unit, month) → people. Only months of the plan, in order of time."""
    months = sorted({month for _, month in planned})
    units = sorted({unit for unit, _ in planned})
    if not months:
        return []
    start = month_before(months[0])
    progress, planned_sum = [], 0
    for month in months:
        of_month = sum(people for (_, at), people in planned.items() if at == month)
        planned_sum += of_month
        gained = grown(insured, units, month_before(month), month)
        progress.append(MonthProgress(month, of_month, gained, planned_sum, grown(insured, units, start, month)))
    return progress


def grown(insured: Mapping[tuple[str, str], int], units: Sequence[str], first: str, last: str) -> int | None:
    """By how many people the insured of all units grew; None where one of them is not known at an end."""
    total = 0
    for unit in units:
        before, after = insured.get((unit, first), UNKNOWN), insured.get((unit, last), UNKNOWN)
        if before < 0 or after < 0:
            return None
        total += after - before
    return total
