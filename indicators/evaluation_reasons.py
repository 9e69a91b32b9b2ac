"""The words behind an evaluation: why a unit stands apart, on what it is strong and weak, what was revised, how a score is
written."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from indicators.counts import as_counts, both_known, percent_terms
from indicators.evaluation import Evaluation, RoundFigures
from indicators.evaluation_rules import EvaluationRules
from indicators.ranking import Fractions, load_settings

REASONS = ("", "not_counted", "no_end", "no_start", "too_few_months", "too_few_people", "over_hundred")
"""Why a unit is listed apart; "" for a ranked one. The first that applies is given, in this order."""


def find_apart(figures: RoundFigures, level: str, rules: EvaluationRules) -> np.ndarray:
    """Per unit why it is not ranked, one of REASONS; "" for a ranked one.

    Over 100 % stays out until somebody has looked at the denominator. The minimum population is that of ranking.toml.
    """
    f = figures
    a, b = percent_terms(rules.minimum_months_pct)
    minimum = load_settings().minimum_population.get(level, 0)
    tests = {
        "not_counted": ~np.asarray(f.is_counted, dtype=bool),
        "no_end": ~both_known(as_counts(f.insured), as_counts(f.population)),
        "no_start": ~both_known(as_counts(f.insured_start), as_counts(f.population_start)),
        "too_few_months": (f.months_expected <= 0) | (b * f.months_reported < a * f.months_expected),
        "too_few_people": f.population < minimum,
        "over_hundred": (f.insured > f.population) | (f.insured_start > f.population_start),
    }
    result = np.full(len(f), "", dtype=object)
    for reason in reversed(REASONS[1:]):
        result[tests[reason]] = reason
    return result


def explain_place(evaluation: Evaluation, at: int, rules: EvaluationRules, level: str) -> tuple[str, str]:
    """The counted indicators on which a ranked unit stands best and worst among the others; ("", "") where none counts.

    Of equal ones the first of the list.
    """
    shares: dict[str, Fraction] = {}
    for entry in rules.of_level(level):
        one = evaluation.standings[entry.indicator]
        if entry.weight > 0 and one.others and one.ahead_of[at] >= 0:
            shares[entry.indicator] = Fraction(int(2 * one.ahead_of[at] + one.tied_with[at]), 2 * one.others)
    if not shares:
        return "", ""
    return max(shares, key=shares.__getitem__), min(shares, key=shares.__getitem__)


def score_to_text(score: Fractions, at: int) -> str:
    """A score as an exact fraction in lowest terms, "1234/25"; "" where there is none."""
    if not score.known[at]:
        return ""
    return str(Fraction(int(score.numerator[at]), int(score.denominator[at])))


def shown_score(score: Fractions, at: int) -> Decimal | None:
    """A score to write, with two decimals; None where there is none. Ties are said by the place, never by this number."""
    if not score.known[at]:
        return None
    exact = Decimal(int(score.numerator[at])) / Decimal(int(score.denominator[at]))
    return exact.quantize(Decimal("0.01"))


def find_revised(now: Any, frozen: Any) -> np.ndarray:
    """Where a figure differs from the frozen one; unknown (-1) against known is a difference."""
    return as_counts(now) != as_counts(frozen)
