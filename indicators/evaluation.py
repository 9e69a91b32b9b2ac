"""Evaluation of the emulation movement: indicators of a round, places on each, and one score.

Everything is a fraction of whole numbers (`indicators.ranking.Fractions`): two units are tied only where they are equal
to the last person. Rules stand in `evaluation_rules`, who has no place and why in `evaluation_reasons`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from fractions import Fraction

import numpy as np

from indicators.counts import both_known, percent_terms
from indicators.evaluation_rules import EvaluationRules
from indicators.met import PercentRule
from indicators.ranking import Fractions, as_fractions, gaps_closed, improvements, rates, sort_keys

UNRANKED = -1


@dataclass(frozen=True)
class RoundFigures:
    """What a round is judged by: a column per count, one entry per unit, int64 with -1 unknown.

    `shared_…`: both ends once more over the communes known at both (of a commune: the same counts, where both are known). An
    improvement is worked out on these: a commune that sent nothing at one end would else move a place by having come or gone.
    `met` and `counted`: communes that meet, of those the programme counts, at the end (a commune: -1). `months_reported`
    of `months_expected`: months of the round with figures (of a larger unit: months times communes). `months_met` of
    `months_judged`: months in which a commune met the line, of those in which it can be told. `is_counted`: whether the
    programme counts units of this type.
    """

    insured_start: np.ndarray
    population_start: np.ndarray
    insured: np.ndarray
    population: np.ndarray
    shared_insured_start: np.ndarray
    shared_population_start: np.ndarray
    shared_insured: np.ndarray
    shared_population: np.ndarray
    met: np.ndarray
    counted: np.ndarray
    months_reported: np.ndarray
    months_expected: np.ndarray
    months_met: np.ndarray
    months_judged: np.ndarray
    is_counted: np.ndarray

    def __len__(self) -> int:
        return len(self.insured)

    def shared(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """insured and population at the end, then at the start, over the communes known at both."""
        return self.shared_insured, self.shared_population, self.shared_insured_start, self.shared_population_start

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
            values[name] = improvements(*f.shared())
        elif name == "gap_closed":
            values[name] = gaps_closed(*f.shared(), threshold)
        elif name == "net_of_distance":
            values[name] = net_improvements(f, rules)
        else:
            values[name] = rates(f.months_reported, f.months_expected)
    return values


def net_improvements(figures: RoundFigures, rules: EvaluationRules) -> Fractions:
    """Improvement minus the median improvement of the units that began in the same band of coverage.

    Whoever begins at 97 % cannot gain ten points; held against those that began alike, both can be compared.
    """
    gains = improvements(*figures.shared())
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
    n, p, n0, p0 = figures.shared()
    known = both_known(n0, p0) & both_known(n, p)
    a, b = percent_terms(rules.band_points)
    start = np.where(known, n0 * b // np.where(known, p0 * a, 1), -1)
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
