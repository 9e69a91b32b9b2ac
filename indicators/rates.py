"""Coverage rates. The only division of people by people; aggregates add counts first and divide once."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from typing import Any

import numpy as np

from indicators.counts import UNKNOWN, as_counts, both_known
from indicators.met import PercentRule

_EXACT = Context(prec=60)


def coverage_pct(insured: Any, population: Any) -> np.ndarray:
    """100·N/P per unit as float; NaN where a count is unknown or nobody lives there. For drawing and sorting:
    whether a threshold is met is asked of `met`, never of this number."""
    n, p = np.broadcast_arrays(as_counts(insured), as_counts(population))
    known = both_known(n, p)
    return np.where(known, 100.0 * n / np.where(known, p, 1), np.nan)


def floor_hundredths(insured: Any, population: Any) -> np.ndarray:
    """100·N/P per unit in whole hundredths of a percent, rounded down (8.999/9.000 → 9998); int64, -1 unknown.

    Rounded down, so that a unit below a threshold of at most two decimals never shows that threshold.
    """
    n, p = np.broadcast_arrays(as_counts(insured), as_counts(population))
    known = both_known(n, p)
    return np.where(known, 10_000 * n // np.where(known, p, 1), UNKNOWN)


def floor_pct(insured: Any, population: Any) -> np.ndarray:
    """The same in percent (99.98), for files whose readers count on: float with two decimals, NaN unknown."""
    hundredths = floor_hundredths(insured, population)
    return np.where(hundredths == UNKNOWN, np.nan, hundredths / 100)


def share_pct(part: int, whole: int) -> float:
    """100·part/whole for two counts of units; NaN where one is unknown (-1) or there are none."""
    return float(coverage_pct(part, whole))


def shown_pct(insured: int, population: int, rule: PercentRule | None = None, *, decimals: int = 1) -> Decimal | None:
    """The rate to write for a reader: rounded half up to `decimals`, or finer where rounding would cross the rule.

    8.999/10.000 against 90 gives 89.99 and never 90.0, whatever the operator; 90.004 against > 90 gives 90.01 and never
    90.0, because 90.0 would not be above 90. None where the rate is unknown.
    """
    if insured < 0 or population <= 0:
        return None
    return _shown(_EXACT.divide(Decimal(100 * int(insured)), Decimal(int(population))), rule, decimals)


def shown_value(value: float | None, rule: PercentRule | None = None, *, decimals: int = 1) -> Decimal | None:
    """The same for a rate that is already a float of `coverage_pct` (a series of a chart); None for None and NaN.

    Safe at the threshold: counts of fewer than 10^9 people that are not on it are further from it than a float errs.
    """
    if value is None or value != value:
        return None
    return _shown(Decimal(repr(float(value))), rule, decimals)


def _shown(exact: Decimal, rule: PercentRule | None, decimals: int) -> Decimal:
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    if rule is None:
        return rounded
    finest = max(2, decimals, -int(rule.value.as_tuple().exponent))
    for places in range(decimals, finest + 1):
        rounded = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        if _stays_on_side(exact, rounded, rule):
            return rounded
    return exact.quantize(Decimal(1).scaleb(-finest), ROUND_CEILING if exact > rule.value else ROUND_FLOOR)


def _stays_on_side(exact: Decimal, rounded: Decimal, rule: PercentRule) -> bool:
    """Below stays below, above stays above; a value above an "at least" may be written as the threshold itself."""
    if rounded == rule.value:
        return exact == rounded or (exact > rounded and rule.operator == ">=")
    return (rounded > rule.value) == (exact > rule.value)
