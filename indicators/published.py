"""What a published rate says of the population behind it: why it differs from the rate of the same people here."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from indicators.counts import UNKNOWN


def implied_population(insured: int, published_pct: Decimal | float | None) -> int:
    """The population on which so many insured people are the published rate, to whole people; -1 where one is unknown.

    87.970.000 people and 90,85 % imply 96.830.000.
    """
    if insured < 0 or published_pct is None or published_pct != published_pct or published_pct <= 0:
        return UNKNOWN
    exact = Decimal(100 * int(insured)) / Decimal(str(published_pct))
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))
