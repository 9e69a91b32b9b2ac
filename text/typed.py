"""Numbers that a reader types, in Vietnamese or English writing."""

from __future__ import annotations

import re
from decimal import Decimal

MAX_DECIMALS = 4
_PERCENT = re.compile(r"(>=|≥|>|từ|at least|from|trên|above|over)?\s*(\d{1,3})(?:[.,](\d{1,4}))?\s*%?", re.IGNORECASE)
_ABOVE = (">", "trên", "above", "over")


def read_percent(text: str) -> tuple[Decimal, str | None] | None:
    """A percentage above 0 and at most 100 with the operator that was typed before it ("trên 90%" → 90, ">"), None for none.

    Comma and dot both mark decimals: a percentage has no thousands. None where the text is no such number.
    """
    found = _PERCENT.fullmatch(text.strip())
    if found is None:
        return None
    word, whole, decimals = found.groups()
    value = Decimal(f"{whole}.{decimals}" if decimals else whole)
    if not 0 < value <= 100:
        return None
    return value, None if word is None else ">" if word.lower() in _ABOVE else ">="
