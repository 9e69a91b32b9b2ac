"""Monthly steps to a goal: whole people, every unit's months add up to its people, no month heavier than another."""

from __future__ import annotations

from typing import Any

import numpy as np

from indicators.counts import as_counts


def split_steps(people: Any, months: int) -> np.ndarray:
    """Units × months, int64: the people of each unit shared out over the months.

    A unit's months differ by one person at most. The months in which units take their odd person follow on from unit to
    unit, so that the months of all units together differ by one person at most too. ValueError without months or with
    unknown people.
    """
    counts = as_counts(people)
    if months < 1:
        raise ValueError("steps need at least one month")
    if counts.size and counts.min() < 0:
        raise ValueError("an unknown number of people cannot be shared out")
    base, odd = np.divmod(counts, months)
    first = np.concatenate([[0], np.cumsum(odd)[:-1]]) % months if len(counts) else np.zeros(0, dtype=np.int64)
    # Month m takes an odd person where it is one of the `odd` months from `first` on, around the end.
    turn = (np.arange(months)[None, :] - first[:, None]) % months
    return base[:, None] + (turn < odd[:, None])
