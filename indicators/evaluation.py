"""Evaluation of the emulation movement: indicators of a round, places on each, one score, who stands apart and why.

Everything is a fraction of whole numbers (`indicators.ranking.Fractions`): two units are tied only where they are equal
to the last person. Weights, rounds and limits lie in `definitions/evaluation.toml`; no official score sheet is public, so
the shipped weights are an example.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from indicators.counts import as_counts, both_known, percent_terms
from indicators.met import PercentRule
from indicators.ranking import Fractions, as_fractions, gaps_closed, improvements, load_settings, rates, sort_keys

INDICATORS = (
    "level", "communes_met", "months_met", "improvement", "gap_closed", "net_of_distance", "completeness",
)  # fmt: skip
LEVELS = ("province", "district", "commune")
ROUNDS = ("yearly", "mid_term", "final")
UNRANKED = -1
REASONS = ("", "not_counted", "no_end", "no_start", "too_few_months", "too_few_people", "over_hundred")
"""Why a unit is listed apart; "" for a ranked one. The first that applies is given, in this order."""

_DEFINITIONS = Path(__file__).parent / "definitions" / "evaluation.toml"


@dataclass(frozen=True)
class ScoredIndicator:
    """`weight` 0: shown and not counted."""

    indicator: str
    weight: Decimal
    levels: tuple[str, ...]


@dataclass(frozen=True)
class Round:
    """One evaluation: `round` is yearly, mid_term or final; from the figures of `from_period` to those of `to_period`."""

    programme: str
    round: str
    from_period: str
    to_period: str

    @property
    def year(self) -> int:
        return int(self.to_period[:4])


@dataclass(frozen=True)
class EvaluationRules:
    """The settings of `definitions/evaluation.toml`. `text` is the file as it stood, for the record of a closed round."""

    is_example: bool
    legal_basis: str
    source: str
    indicators: tuple[ScoredIndicator, ...]
    band_points: Decimal
    band_minimum: int
    minimum_months_pct: Decimal
    rounds: tuple[Round, ...]
    improvers: int
    recovery_months: int
    candidates: int
    silent_days: int
    after_months: int
    text: str = ""

    def of_level(self, level: str) -> tuple[ScoredIndicator, ...]:
        return tuple(entry for entry in self.indicators if level in entry.levels)


@dataclass(frozen=True)
class RoundFigures:
    """What a round is judged by: a column per count, one entry per unit, int64 with -1 unknown.

    `met` and `counted`: communes that meet, of those the programme counts, at the end (a commune: -1). `months_reported`
    of `months_expected`: months of the round with figures (of a larger unit: months times communes). `months_met` of
    `months_judged`: months in which a commune met the line, of those in which it can be told. `is_counted`: whether the
    programme counts units of this type.
    """

    insured_start: np.ndarray
    population_start: np.ndarray
    insured: np.ndarray
    population: np.ndarray
    met: np.ndarray
    counted: np.ndarray
    months_reported: np.ndarray
    months_expected: np.ndarray
    months_met: np.ndarray
    months_judged: np.ndarray
    is_counted: np.ndarray

    def __len__(self) -> int:
        return len(self.insured)

    def take(self, places: np.ndarray) -> RoundFigures:
        return RoundFigures(*(getattr(self, field.name)[places] for field in fields(self)))


@dataclass(frozen=True)
class Standing:
    """How the units of one list stand on one indicator: `ahead_of` others and `tied_with` others, of `others` to whom it
    applies. -1 where it does not apply or is unknown.
    """

    ahead_of: np.ndarray
    tied_with: np.ndarray
    others: int


@dataclass(frozen=True)
class Evaluation:
    """A list of units evaluated: place from 1 (-1 apart), tied, `of` ranked units, the exact score from 0 to 100, and
    per indicator the standing. `reason` says why a unit stands apart ("" where it is ranked).
    """

    place: np.ndarray
    tied: np.ndarray
    of: int
    score: Fractions
    reason: np.ndarray
    standings: Mapping[str, Standing]


@cache
def load_rules() -> EvaluationRules:
    return read_rules(_DEFINITIONS.read_text(encoding="utf-8"))


def read_rules(text: str) -> EvaluationRules:
    """The rules of a TOML text. ValueError where an indicator is unknown, a weight below 0 or a level without weight."""
    raw = tomllib.loads(text)
    entries = tuple(
        ScoredIndicator(entry["indicator"], Decimal(entry["weight"]), tuple(entry["levels"]))
        for entry in raw["indicator"]
    )
    for entry in entries:
        if entry.indicator not in INDICATORS or entry.weight < 0 or not set(entry.levels) <= set(LEVELS):
            raise ValueError(f"evaluation.toml: indicator {entry.indicator!r} with weight {entry.weight}")
    for level in LEVELS:
        if not any(entry.weight > 0 and level in entry.levels for entry in entries):
            raise ValueError(f"evaluation.toml: nothing is counted for the level {level}")
    return EvaluationRules(
        is_example=raw["is_example"],
        legal_basis=raw["legal_basis"],
        source=raw["source"],
        indicators=entries,
        band_points=Decimal(raw["bands"]["points"]),
        band_minimum=int(raw["bands"]["minimum_units"]),
        minimum_months_pct=Decimal(raw["minimum_months"]["percent"]),
        rounds=tuple(Round(one["programme"], one["round"], one["from"], one["to"]) for one in raw["round"]),
        improvers=raw["exemplars"]["improvers"],
        recovery_months=raw["exemplars"]["recovery_months"],
        candidates=raw["exemplars"]["candidates"],
        silent_days=raw["log"]["silent_days"],
        after_months=raw["library"]["after_months"],
        text=text,
    )


def rules_to_record(rules: EvaluationRules) -> str:
    """The rules as JSON text, for the record of a closed round."""
    return json.dumps(rules.text, ensure_ascii=False)


def rules_of_record(record: str) -> EvaluationRules:
    return read_rules(json.loads(record))


def list_rounds(rules: EvaluationRules, programme: str, months: tuple[str, ...]) -> tuple[Round, ...]:
    """The rounds of a programme that have figures, the final one first, then the mid-term one, then years, newest first.

    `months` are those of the programme that hold figures, in order. A year goes from the December before it, where the
    programme has it, else from its own first month; the last year of a programme ends with the last month there is.
    """
    spans = [one for one in rules.rounds if one.programme == programme and one.to_period in months]
    spans = [
        one if one.from_period in months else Round(programme, one.round, months[0], one.to_period) for one in spans
    ]
    spans.sort(key=lambda one: one.to_period, reverse=True)
    years = []
    for year in sorted({month[:4] for month in months}, reverse=True):
        own = [month for month in months if month[:4] == year]
        before = f"{int(year) - 1}-12"
        years.append(Round(programme, "yearly", before if before in months else own[0], own[-1]))
    return (*spans, *years)


def measure(
    figures: RoundFigures, level: str, threshold: PercentRule | None, rules: EvaluationRules
) -> dict[str, Fractions]:
    """The value of every indicator of a level, as a share of 1 (an improvement as a difference of shares).

    Unknown where a count is, and where it does not apply: no threshold, no gap that was open, no commune that counts.
    `figures` must hold every unit of the level: improvement net of distance compares with all that began alike.
    """
    f = figures
    values: dict[str, Fractions] = {}
    for entry in rules.of_level(level):
        name = entry.indicator
        if name == "level":
            values[name] = rates(f.insured, f.population)
        elif name == "communes_met":
            values[name] = rates(f.met, f.counted)
        elif name == "months_met":
            values[name] = rates(f.months_met, f.months_judged)
        elif name == "improvement":
            values[name] = improvements(f.insured, f.population, f.insured_start, f.population_start)
        elif name == "gap_closed":
            values[name] = gaps_closed(f.insured, f.population, f.insured_start, f.population_start, threshold)
        elif name == "net_of_distance":
            values[name] = net_improvements(f, rules)
        else:
            values[name] = rates(f.months_reported, f.months_expected)
    return values


def net_improvements(figures: RoundFigures, rules: EvaluationRules) -> Fractions:
    """Improvement minus the median improvement of the units that began in the same band of coverage.

    Whoever begins at 97 % cannot gain ten points; held against those that began alike, both can be compared.
    """
    gains = improvements(figures.insured, figures.population, figures.insured_start, figures.population_start)
    band = start_bands(figures, rules)
    top, bottom, known = gains.numerator.copy(), gains.denominator.copy(), gains.known & (band >= 0)
    keys = sort_keys(gains)
    for one in np.unique(band[known]):
        inside = np.flatnonzero(known & (band == one))
        middle = median_of(gains, inside[np.argsort(keys[inside], kind="stable")])
        top[inside] = top[inside] * middle.denominator - middle.numerator * bottom[inside]
        bottom[inside] = bottom[inside] * middle.denominator
    return as_fractions(top, bottom, known)


def median_of(values: Fractions, ordered: np.ndarray) -> Fraction:
    """The median of the values at the places of `ordered`, which are in order: of two middle ones their mean."""
    count = len(ordered)
    middle = ordered[(count - 1) // 2 : count // 2 + 1]
    total = sum((Fraction(int(values.numerator[at]), int(values.denominator[at])) for at in middle), Fraction(0))
    return total / len(middle)


def start_bands(figures: RoundFigures, rules: EvaluationRules) -> np.ndarray:
    """Per unit the number of its band of starting coverage, from 0 at the bottom; -1 without a rate at both ends.

    Bands are `band_points` wide. From the bottom up, bands are joined until they hold `band_minimum` units; what is left
    over at the top joins the last one. -1 for all where there are fewer units than that.
    """
    known = both_known(figures.insured_start, figures.population_start) & both_known(
        figures.insured, figures.population
    )
    a, b = percent_terms(rules.band_points)
    start = np.where(known, figures.insured_start * b // np.where(known, figures.population_start * a, 1), -1)
    result = np.full(len(figures), UNRANKED, dtype=np.int64)
    if known.sum() < rules.band_minimum:
        return result
    number, held = 0, 0
    for one in np.unique(start[known]):
        if held >= rules.band_minimum:
            number, held = number + 1, 0
        inside = known & (start == one)
        result[inside] = number
        held += int(inside.sum())
    if held < rules.band_minimum and number > 0:
        result[result == number] = number - 1
    return result


def take_values(values: Mapping[str, Fractions], places: np.ndarray) -> dict[str, Fractions]:
    """The values of some units, for a list that holds only these."""
    return {
        name: Fractions(one.numerator[places], one.denominator[places], one.known[places])
        for name, one in values.items()
    }


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


def stand(values: Fractions, ranked: np.ndarray) -> Standing:
    """How each ranked unit stands among the other ranked ones to whom the indicator applies."""
    inside = np.flatnonzero(ranked & values.known)
    ahead = np.full(len(ranked), UNRANKED, dtype=np.int64)
    tied = np.full(len(ranked), UNRANKED, dtype=np.int64)
    if len(inside):
        keys = sort_keys(values)[inside]
        # Numbers in the order of the keys, the same for equal ones: numpy cannot order numbers of this size itself.
        order = {key: place for place, key in enumerate(sorted(set(keys)))}
        codes = np.array([order[key] for key in keys], dtype=np.int64)
        held = np.bincount(codes)
        below = np.cumsum(held) - held
        ahead[inside], tied[inside] = below[codes], held[codes] - 1
    return Standing(ahead, tied, max(len(inside) - 1, 0))


def evaluate(values: Mapping[str, Fractions], reason: np.ndarray, level: str, rules: EvaluationRules) -> Evaluation:
    """Places and scores of one list. `values` and `reason` hold the units of the list only.

    Score = Σ weight · (units it is ahead of + half of those it is tied with) · 100 / other units, over the weights of the
    indicators that apply to the unit. A list of one unit gives it no score to compare, and place 1.
    """
    ranked = reason == ""
    standings = {name: stand(value, ranked) for name, value in values.items()}
    top = np.zeros(len(ranked), dtype=object)
    weights = np.zeros(len(ranked), dtype=object)
    terms = {entry.indicator: Fraction(entry.weight) for entry in rules.of_level(level) if entry.weight > 0}
    scale = common_scale(terms, standings)
    for name, weight in terms.items():
        one = standings[name]
        applies = one.ahead_of >= 0
        if one.others == 0:
            continue
        points = (2 * one.ahead_of + one.tied_with).astype(object) * int(100 * weight * scale / (2 * one.others))
        top = np.where(applies, top + points, top)
        weights = np.where(applies, weights + int(weight * scale), weights)
    scored = ranked & (weights > 0)
    score = as_fractions(top, np.where(scored, weights, 1), scored)
    place, tied, of = rank_scores(score, ranked)
    return Evaluation(place, tied, of, score, reason, standings)


def common_scale(terms: Mapping[str, Fraction], standings: Mapping[str, Standing]) -> int:
    """A whole number by which every weight and every weight per unit ahead becomes whole."""
    scale = 1
    for name, weight in terms.items():
        for part in (weight, weight * 100 / (2 * max(standings[name].others, 1))):
            scale = scale * part.denominator // np.gcd(scale, part.denominator)
    return int(scale)


def rank_scores(score: Fractions, ranked: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
    """Competition places of the ranked units, the best first; a list in which nothing can be scored shares place 1."""
    inside = np.flatnonzero(ranked)
    place = np.full(len(ranked), UNRANKED, dtype=np.int64)
    tied = np.zeros(len(ranked), dtype=bool)
    standing = stand(Fractions(score.numerator, score.denominator, ranked & score.known), ranked)
    if standing.others == 0 and not score.known[inside].any():
        place[inside], tied[inside] = 1, len(inside) > 1
        return place, tied, len(inside)
    scored = np.flatnonzero(ranked & score.known)
    place[scored] = standing.others - standing.ahead_of[scored] - standing.tied_with[scored] + 1
    tied[scored] = standing.tied_with[scored] > 0
    return place, tied, len(scored)


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
