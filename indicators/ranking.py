"""Ranks: competition ranks (1=, 1=, 3) on the exact value, who is not ranked and why, and which moves are worth an arrow.

A rate is never compared as a float: values are fractions of whole numbers, and two of them are equal only where they are
equal to the last person. Settings lie in `definitions/ranking.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from indicators.counts import as_counts, both_known, percent_terms
from indicators.met import PercentRule

UNRANKED = -1
RANKED, NO_DATA, TOO_FEW_PEOPLE, TOO_FEW_REPORTS, OVER_HUNDRED, NOT_APPLICABLE = range(6)
"""Why a unit has no rank. The word of each: `ranking.reason_<name in small letters>`."""

SETTINGS_FILE = Path(__file__).parent / "definitions" / "ranking.toml"


@dataclass(frozen=True)
class RankingSettings:
    """`noise_ranks`, `noise_points`: a move is said only beyond both. `minimum_population` by level, in residents;
    `minimum_reported_pct`: percent of a unit's communes that must have reported.
    """

    noise_ranks: int
    noise_points: Decimal
    minimum_population: Mapping[str, int]
    minimum_reported_pct: Decimal


@cache
def load_settings() -> RankingSettings:
    raw = tomllib.loads(SETTINGS_FILE.read_text(encoding="utf-8"))
    return RankingSettings(
        noise_ranks=int(raw["noise"]["ranks"]),
        noise_points=Decimal(raw["noise"]["points"]),
        minimum_population={level: int(people) for level, people in raw["minimum_population"].items()},
        minimum_reported_pct=Decimal(raw["minimum_reported"]["percent"]),
    )


@dataclass(frozen=True)
class Ranks:
    """One entry per unit, in the order given. `place`: int64 from 1, -1 unranked; `tied`: another unit has the same
    place; `of`: how many units are ranked. Written by `Formats.rank(place, of, tied=tied)`: 3/63, 3=/63.
    """

    place: np.ndarray
    tied: np.ndarray
    of: int


@dataclass(frozen=True)
class Fractions:
    """Exact values numerator/denominator, one per unit: object arrays of Python's whole numbers, so that nothing
    overflows. `known` says where there is one; elsewhere the denominator is 1 and the value means nothing.
    """

    numerator: np.ndarray
    denominator: np.ndarray
    known: np.ndarray


def as_fractions(numerator: Any, denominator: Any, known: Any) -> Fractions:
    """Fractions with positive denominators. ValueError where a known one is not."""
    top, bottom = np.asarray(numerator).astype(object), np.asarray(denominator).astype(object)
    mask = np.asarray(known, dtype=bool)
    if any(value <= 0 for value in bottom[mask]):
        raise ValueError("the denominator of a known value is above 0")
    return Fractions(np.where(mask, top, 0), np.where(mask, bottom, 1), mask)


def rates(part: Any, whole: Any) -> Fractions:
    """N/P, or communes that meet / communes counted; -1 unknown. Compares like 100·N/P."""
    n, p = as_counts(part), as_counts(whole)
    return as_fractions(n, p, both_known(n, p))


def improvements(part: Any, whole: Any, part_before: Any, whole_before: Any) -> Fractions:
    """N/P − N₀/P₀; unknown where either rate is. Times 100: percentage points."""
    now, before = rates(part, whole), rates(part_before, whole_before)
    top = now.numerator * before.denominator - before.numerator * now.denominator
    return as_fractions(top, now.denominator * before.denominator, now.known & before.known)


def gaps_closed(part: Any, whole: Any, part_before: Any, whole_before: Any, rule: PercentRule | None) -> Fractions:
    """Δ/(θ − start): which part of the way to the threshold was gone, below 0 for a fall and above 1 beyond it.

    Unknown where a rate is, where there is no rule, and where the start lay at the threshold or above: no gap was open.
    """
    now, before = rates(part, whole), rates(part_before, whole_before)
    if rule is None:
        return as_fractions(now.numerator, now.denominator, np.zeros(now.known.shape, dtype=bool))
    a, b = percent_terms(rule.value)
    gap = a * before.denominator - b * before.numerator  # (θ − start)·b·P₀
    top = (now.numerator * before.denominator - before.numerator * now.denominator) * b
    open_gap = np.array([value > 0 for value in gap], dtype=bool)
    return as_fractions(top, now.denominator * gap, now.known & before.known & open_gap)


def as_percent(values: Fractions) -> np.ndarray:
    """100 × each value as a float, NaN where unknown: for writing and drawing, never for comparing."""
    return np.array([100 * top / bottom if known else np.nan for top, bottom, known in _rows(values)], dtype=np.float64)


def competition_ranks(values: Fractions, eligible: Any = None, *, higher_is_better: bool = True) -> Ranks:
    """The best value has place 1; equal values share a place and the next one is passed over (1=, 1=, 3).

    Unknown values, and units that are not `eligible` (bool, default all), are unranked and take no place.
    """
    keys = sort_keys(values)
    mask = values.known if eligible is None else values.known & np.asarray(eligible, dtype=bool)
    place = np.full(len(keys), UNRANKED, dtype=np.int64)
    tied = np.zeros(len(keys), dtype=bool)
    chosen = np.flatnonzero(mask)
    if not len(chosen):
        return Ranks(place, tied, 0)
    ordered = sorted(chosen, key=lambda at: keys[at], reverse=higher_is_better)
    for position, at in enumerate(ordered):
        same = position > 0 and keys[at] == keys[ordered[position - 1]]
        place[at] = place[ordered[position - 1]] if same else position + 1
        if same:
            tied[at] = tied[ordered[position - 1]] = True
    return Ranks(place, tied, len(ordered))


def sort_keys(values: Fractions) -> np.ndarray:
    """A whole number per value that orders exactly as the values do, equal where they are equal.

    Two different fractions with denominators up to D lie at least 1/D² apart, so the whole part of value·D² tells them
    apart. Unknown values: 0.
    """
    largest = max(values.denominator, default=1)
    scaled = values.numerator * (largest * largest)
    return np.array([top // bottom for top, bottom in zip(scaled, values.denominator, strict=True)], dtype=object)


def find_reasons(
    level: str,
    *,
    insured: Any,
    population: Any,
    units: Any = None,
    units_reported: Any = None,
    settings: RankingSettings | None = None,
) -> np.ndarray:
    """Per unit int8: RANKED, or why it is listed without a rank. Counts are int64, -1 unknown.

    Over 100 % is kept out until somebody has looked at the denominator. `units` and `units_reported`: communes of the unit
    (not asked of a commune).
    """
    rules = settings or load_settings()
    n, p = as_counts(insured), as_counts(population)
    result = np.full(n.shape, RANKED, dtype=np.int8)
    result[p < rules.minimum_population.get(level, 0)] = TOO_FEW_PEOPLE
    if units is not None:
        a, b = percent_terms(rules.minimum_reported_pct)
        reported, all_units = as_counts(units_reported), as_counts(units)
        result[(all_units > 0) & (b * reported < a * all_units)] = TOO_FEW_REPORTS
    result[n > p] = OVER_HUNDRED
    result[~both_known(n, p)] = NO_DATA
    return result


def find_moves(now: Ranks, before: Ranks, change: Fractions, settings: RankingSettings | None = None) -> np.ndarray:
    """Per unit int8: 1 up, -1 down, 0 no arrow: only where |Δrank| and |Δrate| are both beyond the noise.

    `change` are the improvements of the ranked rate. 0 as well where a unit was or is unranked.
    """
    rules = settings or load_settings()
    climbed = np.where((now.place > 0) & (before.place > 0), before.place - now.place, 0)
    a, b = percent_terms(rules.noise_points)
    moved = np.array([known and abs(top) * b > a * bottom for top, bottom, known in _rows(change)], dtype=bool)
    return np.where((np.abs(climbed) > rules.noise_ranks) & moved, np.sign(climbed), 0).astype(np.int8)


def place_of(ranks: Ranks, at: int) -> int | None:
    """A unit's place for `Formats.rank`, None where it is unranked."""
    return None if ranks.place[at] == UNRANKED else int(ranks.place[at])


def _rows(values: Fractions):
    return zip(values.numerator, values.denominator, values.known, strict=True)
