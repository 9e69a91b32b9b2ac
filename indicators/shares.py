"""Shares as they are said aloud ("7 in 10", "three quarters in 14 provinces"), never claiming more than the figures."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from indicators.counts import as_counts


def whole_tenths(part: int, whole: int) -> tuple[int, bool]:
    """(how many whole tenths of `whole` the part fills, whether exactly so): 7.061 of 10.000 → (7, False).

    Rounded down: 9.999 of 10.000 are 9 tenths and more, never 10. ValueError unless 0 ≤ part ≤ whole and whole > 0.
    """
    if not 0 <= part <= whole or whole <= 0:
        raise ValueError(f"{part} of {whole} is no share")
    tenths, rest = divmod(10 * part, whole)
    return tenths, rest == 0


def fewest_holding(counts: Any, share: Fraction) -> int:
    """The fewest units that together hold at least `share` of the total; 0 where the total is 0.

    `counts`: people per unit, int64, -1 unknown (left out of the total).
    """
    known = np.sort(as_counts(counts))[::-1]
    known = known[known > 0]
    total = int(known.sum())
    if total == 0:
        return 0
    # sum ≥ share·total, multiplied out, so that no rounding decides.
    enough = np.cumsum(known) * share.denominator >= share.numerator * total
    return int(np.argmax(enough)) + 1
