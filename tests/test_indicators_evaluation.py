"""Evaluation of a round against a slow, plain twin: one unit at a time, with Python's fractions."""

from fractions import Fraction
from statistics import median

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indicators.evaluation import RoundFigures, evaluate, measure, net_improvements, start_bands
from indicators.evaluation_reasons import explain_place, find_apart, score_to_text
from indicators.evaluation_rules import LEVELS, Round, list_rounds, load_rules, read_rules
from indicators.rules import load_programmes, threshold_in_force

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
RULES = load_rules()
RULE = threshold_in_force(load_programmes()["2016-2020"], "2020-12")
# Small counts, so that ties and unknowns are common.
ROW = st.tuples(
    st.sampled_from([-1, 300, 400, 425, 450, 600]),
    st.integers(500, 503),
    st.sampled_from([-1, 400, 425, 430, 450, 500, 700]),
    st.sampled_from([-1, 500, 501, 502, 505]),
    st.sampled_from([-1, 300, 400, 425, 450]),
    st.integers(499, 501),
    st.sampled_from([-1, 400, 425, 430, 450]),
    st.integers(499, 501),
    st.integers(-1, 12),
    st.integers(0, 12),
    st.integers(0, 12),
    st.just(12),
    st.integers(0, 6),
    st.integers(0, 12),
    st.sampled_from([True, True, False]),
)


def unit_rows(least: int = 1, most: int = 14) -> st.SearchStrategy[list[dict[str, int]]]:
    names = list(RoundFigures.__dataclass_fields__)
    return st.lists(ROW.map(lambda row: dict(zip(names, row, strict=True))), min_size=least, max_size=most)


def to_figures(rows: list[dict[str, int]]) -> RoundFigures:
    names = RoundFigures.__dataclass_fields__
    return RoundFigures(**{name: np.array([row[name] for row in rows]) for name in names})


def rate(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if part >= 0 and whole > 0 else None


def twin_values(row: dict[str, int]) -> dict[str, Fraction | None]:
    now = rate(row["insured"], row["population"])
    start = rate(row["shared_insured_start"], row["shared_population_start"])
    end = rate(row["shared_insured"], row["shared_population"])
    gain = end - start if end is not None and start is not None else None
    gap = Fraction(85, 100) - start if start is not None else None
    return {
        "level": now,
        "communes_met": rate(row["met"], row["counted"]),
        "months_met": rate(row["months_met"], row["months_judged"]),
        "improvement": gain,
        "gap_closed": gain / gap if gain is not None and gap > 0 else None,
        "completeness": rate(row["months_reported"], row["months_expected"]),
    }


def twin_bands(rows: list[dict[str, int]]) -> list[int | None]:
    """The band of each unit: bands of five points, joined from below until five units are in one."""
    known = [
        rate(row["shared_insured_start"], row["shared_population_start"])
        if twin_values(row)["improvement"] is not None
        else None
        for row in rows
    ]
    if sum(value is not None for value in known) < RULES.band_minimum:
        return [None] * len(rows)
    fives = sorted({int(value * 100 // 5) for value in known if value is not None})
    joined: list[list[int]] = [[]]
    size = [0]
    for five in fives:
        if size[-1] >= RULES.band_minimum:
            joined.append([])
            size.append(0)
        joined[-1].append(five)
        size[-1] += sum(value is not None and int(value * 100 // 5) == five for value in known)
    if size[-1] < RULES.band_minimum and len(joined) > 1:
        last = joined.pop()
        joined[-1] += last
    number = {five: place for place, fives in enumerate(joined) for five in fives}
    return [None if value is None else number[int(value * 100 // 5)] for value in known]


def twin_net(rows: list[dict[str, int]]) -> list[Fraction | None]:
    bands, gains = twin_bands(rows), [twin_values(row)["improvement"] for row in rows]
    return [
        None if band is None else gain - median([g for g, b in zip(gains, bands, strict=True) if b == band])
        for gain, band in zip(gains, bands, strict=True)
    ]


def as_values(fractions) -> list[Fraction | None]:
    return [
        Fraction(int(top), int(bottom)) if known else None
        for top, bottom, known in zip(fractions.numerator, fractions.denominator, fractions.known, strict=True)
    ]


@QUICK
@given(unit_rows())
def test_every_indicator_is_what_one_works_out_by_hand(rows):
    figures = to_figures(rows)
    for level in LEVELS:
        for name, found in measure(figures, level, RULE, RULES).items():
            expected = twin_net(rows) if name == "net_of_distance" else [twin_values(row)[name] for row in rows]
            assert as_values(found) == expected, name


@QUICK
@given(unit_rows(least=5, most=25))
def test_units_are_held_against_those_that_began_alike_and_never_fewer_than_the_rule_says(rows):
    found = start_bands(to_figures(rows), RULES).tolist()
    assert found == [-1 if band is None else band for band in twin_bands(rows)]
    for band in set(found) - {-1}:
        assert found.count(band) >= RULES.band_minimum


@QUICK
@given(unit_rows(least=5, most=25))
def test_half_of_a_band_lies_at_or_above_its_median_improvement(rows):
    figures = to_figures(rows)
    bands, net = start_bands(figures, RULES), as_values(net_improvements(figures, RULES))
    for band in set(bands.tolist()) - {-1}:
        inside = [value for value, one in zip(net, bands, strict=True) if one == band]
        assert 2 * sum(value >= 0 for value in inside) >= len(inside) <= 2 * sum(value <= 0 for value in inside)


def twin_evaluate(values: dict[str, list[Fraction | None]], reason: list[str], level: str):
    """Scores and places, unit by unit."""
    ranked = [place for place, why in enumerate(reason) if not why]
    scores: dict[int, Fraction | None] = {}
    for at in ranked:
        total, weights = Fraction(0), Fraction(0)
        for entry in RULES.of_level(level):
            column = values[entry.indicator]
            others = [column[other] for other in ranked if other != at and column[other] is not None]
            if not entry.weight or column[at] is None or not others:
                continue
            ahead = sum(column[at] > other for other in others) + Fraction(sum(column[at] == o for o in others), 2)
            total += Fraction(entry.weight) * 100 * ahead / len(others)
            weights += Fraction(entry.weight)
        scores[at] = total / weights if weights else None
    places = dict.fromkeys(ranked)
    if any(score is not None for score in scores.values()):
        for at, score in scores.items():
            if score is not None:
                places[at] = 1 + sum(other is not None and other > score for other in scores.values())
    else:
        places = dict.fromkeys(ranked, 1)
    return scores, places


@QUICK
@given(unit_rows(), st.sampled_from(LEVELS))
def test_scores_and_places_are_exact(rows, level):
    figures = to_figures(rows)
    values, reason = measure(figures, level, RULE, RULES), find_apart(figures, level, RULES)
    found = evaluate(values, reason, level, RULES)
    scores, places = twin_evaluate({name: as_values(v) for name, v in values.items()}, reason.tolist(), level)
    for at in range(len(rows)):
        score = scores.get(at)
        assert score_to_text(found.score, at) == ("" if score is None else str(score))
        assert int(found.place[at]) == (places.get(at) or -1)
        assert bool(found.tied[at]) == (
            found.place[at] > 0 and sum(place == found.place[at] for place in places.values()) > 1
        )


@QUICK
@given(unit_rows(least=2), st.randoms())
def test_places_do_not_hang_on_the_order_of_the_list(rows, random):
    order = list(range(len(rows)))
    random.shuffle(order)
    figures = to_figures(rows)
    turned = figures.take(np.array(order))
    one = evaluate(measure(figures, "commune", RULE, RULES), find_apart(figures, "commune", RULES), "commune", RULES)
    two = evaluate(measure(turned, "commune", RULE, RULES), find_apart(turned, "commune", RULES), "commune", RULES)
    assert [int(one.place[at]) for at in order] == two.place.tolist()


def row(**changes: int) -> dict[str, int]:
    both = {"insured_start": 800, "population_start": 1000, "insured": 900, "population": 1000} | changes
    shared = {f"shared_{name}": both[name] for name in ("insured_start", "population_start", "insured", "population")}
    return {
        "met": -1, "counted": -1, "months_reported": 60, "months_expected": 60, "months_met": 30, "months_judged": 60,
        "is_counted": True,
    } | both | shared  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, ""),
        ({"is_counted": False}, "not_counted"),
        ({"insured": -1}, "no_end"),
        ({"insured_start": -1}, "no_start"),
        ({"months_reported": 45}, ""),
        ({"months_reported": 44}, "too_few_months"),
        ({"population": 499, "insured": 400}, "too_few_people"),
        ({"insured": 1001}, "over_hundred"),
        ({"insured": 1000}, ""),
        ({"insured_start": 1001}, "over_hundred"),
        ({"insured": -1, "months_reported": 3}, "no_end"),
    ],
)
def test_a_unit_with_too_little_data_stands_apart_with_the_reason(changes, why):
    assert find_apart(to_figures([row(**changes)]), "commune", RULES).tolist() == [why]


def test_two_equal_units_share_a_place_and_the_next_one_is_passed_over():
    rows = [row(insured=850), row(insured=950), row(insured=950), row(insured=900)]
    figures = to_figures(rows)
    found = evaluate(measure(figures, "commune", RULE, RULES), find_apart(figures, "commune", RULES), "commune", RULES)
    assert found.place.tolist() == [4, 1, 1, 3] and found.tied.tolist() == [False, True, True, False]
    assert found.of == 4


def test_one_person_decides_where_rates_look_alike():
    rows = [row(insured=899_999, population=1_000_000), row(insured=900_000, population=1_000_000)]
    figures = to_figures(rows)
    found = evaluate(measure(figures, "commune", RULE, RULES), find_apart(figures, "commune", RULES), "commune", RULES)
    assert found.place.tolist() == [2, 1]


def test_the_reason_names_the_indicator_a_unit_is_best_and_worst_on():
    rows = [row(months_met=60, insured=860), row(months_met=10, insured=950), row(months_met=5, insured=900)]
    figures = to_figures(rows)
    found = evaluate(measure(figures, "commune", RULE, RULES), find_apart(figures, "commune", RULES), "commune", RULES)
    assert explain_place(found, 0, RULES, "commune") == ("months_met", "level")


def test_a_list_of_one_has_a_place_and_no_score():
    figures = to_figures([row()])
    found = evaluate(measure(figures, "commune", RULE, RULES), find_apart(figures, "commune", RULES), "commune", RULES)
    assert found.place.tolist() == [1] and not found.tied[0] and score_to_text(found.score, 0) == ""


def test_rounds_of_2016_2020_are_the_final_the_mid_term_and_every_year():
    months = tuple(f"{year}-{month:02d}" for year in range(2016, 2021) for month in range(1, 13))
    found = list_rounds(RULES, "2016-2020", months)
    assert [(one.round, one.from_period, one.to_period) for one in found[:4]] == [
        ("final", "2016-01", "2020-12"),
        ("mid_term", "2016-01", "2018-12"),
        ("yearly", "2019-12", "2020-12"),
        ("yearly", "2018-12", "2019-12"),
    ]
    assert found[-1] == Round("2016-2020", "yearly", "2016-01", "2016-12")
    assert [one.round for one in list_rounds(RULES, "2021-2025", ("2021-01", "2021-02"))] == ["yearly"]


def test_shipped_weights_are_equal_and_marked_as_an_example():
    assert RULES.is_example
    assert {entry.weight for entry in RULES.indicators} == {0, 1}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('indicator = "level"', 'indicator = "beauty"'),
        ('weight = "1"', 'weight = "-1"'),
        ('weight = "1"', 'weight = "0"'),
    ],
)
def test_weights_that_mean_nothing_are_refused(old, new):
    with pytest.raises(ValueError, match=r"evaluation\.toml"):
        read_rules(RULES.text.replace(old, new))
    assert read_rules(RULES.text) == RULES
