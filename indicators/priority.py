"""Where to begin: coverage against people still to enrol, in four quadrants."""

from __future__ import annotations

from typing import Any

import numpy as np

from indicators.counts import as_counts, both_known

LOW_MANY, NEAR_MANY, LOW_FEW, NEAR_FEW = range(4)
NONE = -1  # nobody is missing, or a figure is unknown


def half_line(people: Any) -> tuple[int, int]:
    """(people, units): the units with at least so many people missing hold at least half of all, and are the fewest that do.

    Units of equal size stand together, so their number may be a little more than needed. (0, 0) where nobody is missing.
    """
    missing = np.sort(as_counts(people)[as_counts(people) > 0])[::-1]
    if not len(missing):
        return 0, 0
    line = int(missing[int(np.argmax(2 * np.cumsum(missing) >= missing.sum()))])
    return line, int(np.sum(missing >= line))


def find_quadrants(insured: Any, population: Any, people: Any, line: tuple[int, int], many: int) -> np.ndarray:
    """Per unit int8: low or near (coverage below `line`, a fraction such as (80, 100), or not), many or few people missing
    (at least `many`, or fewer); NONE where nobody is missing or a figure is unknown. Exact: b·N < a·P.
    """
    n, p, missing = as_counts(insured), as_counts(population), as_counts(people)
    top, bottom = line
    is_low = n.astype(object) * bottom < p.astype(object) * top
    quadrant = np.where(is_low.astype(bool), LOW_MANY, NEAR_MANY) + np.where(missing >= many, 0, LOW_FEW - LOW_MANY)
    return np.where(both_known(n, p) & (missing > 0), quadrant, NONE).astype(np.int8)
