"""Limits of a funnel: how far the rate of a unit of so many residents may lie off a line by chance alone."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from functools import cache
from typing import Any

import numpy as np

from indicators.counts import as_counts
from indicators.ranking import SETTINGS_FILE


@cache
def load_deviations() -> tuple[Decimal, ...]:
    """Standard deviations of the inner and the outer limits, from `definitions/ranking.toml`."""
    raw = tomllib.loads(SETTINGS_FILE.read_text(encoding="utf-8"))
    return tuple(Decimal(value) for value in raw["funnel"]["deviations"])


def funnel_limits(population: Any, line: Decimal, deviations: Decimal) -> tuple[np.ndarray, np.ndarray]:
    """(lower, upper) in percent for each number of residents, NaN where it is unknown or 0; within 0…100.

    Normal approximation of a binomial share, θ ± z·√(θ(100 − θ)/P): for drawing only. Whether a unit meets the line is asked
    of `met`, never of these limits. At 100 % there is no spread and both limits are the line.
    """
    people = as_counts(population).astype(np.float64)
    share = float(line)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = float(deviations) * np.sqrt(share * (100.0 - share) / np.where(people > 0, people, np.nan))
    return np.clip(share - spread, 0.0, 100.0), np.clip(share + spread, 0.0, 100.0)
