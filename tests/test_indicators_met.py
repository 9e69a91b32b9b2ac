"""The met test, people still to enrol, and rates, each beside a slow plain twin with fractions."""

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.classes import (
    CARRIED,
    HELD_BACK,
    NO_DATA,
    class_bounds,
    class_edges,
    classify,
    count_classes,
    mark_absences,
)
from indicators.classes import NOT_APPLICABLE as CLASS_NOT_APPLICABLE
from indicators.met import MET, NOT_APPLICABLE, NOT_MET, district_status, met_status, still_to_enrol
from indicators.rates import coverage_pct, floor_hundredths, share_pct, shown_pct, shown_points, shown_value
from indicators.rules import Threshold

people = st.integers(min_value=-1, max_value=10**9)
thresholds = st.builds(
    Threshold,
    st.one_of(
        st.sampled_from([Decimal(text) for text in ("85", "90", "95.15", "100", "92.6")]),
        st.integers(1, 1_000_000).map(lambda units: Decimal(units).scaleb(-4)),
    ),
    st.sampled_from([">=", ">"]),
)
AT_LEAST_85 = Threshold(Decimal(85), ">=")
ABOVE_90 = Threshold(Decimal(90), ">")


@st.composite
def near_the_line(draw):
    """(insured, population, threshold) with the insured at most two people away from the threshold."""
    threshold, population = draw(thresholds), draw(st.integers(1, 10**8))
    line = floor(Fraction(threshold.value) * population / 100)
    return max(0, line + draw(st.integers(-2, 2))), population, threshold


def plain_met(insured, population, threshold):
    if insured < 0 or population <= 0:
        return -1
    rate, line = Fraction(100 * insured, population), Fraction(threshold.value)
    return int(rate > line if threshold.operator == ">" else rate >= line)


def plain_still_to_enrol(insured, population, threshold):
    if insured < 0 or population <= 0:
        return -1
    line = Fraction(threshold.value) * population / 100
    return max(0, (floor(line) + 1 if threshold.operator == ">" else ceil(line)) - insured)


@given(st.one_of(near_the_line(), st.tuples(people, people, thresholds)))
def test_met_and_still_to_enrol_agree_with_plain_fractions(case):
    insured, population, threshold = case
    assert met_status([insured], [population], threshold)[0] == plain_met(*case)
    assert still_to_enrol([insured], [population], threshold)[0] == plain_still_to_enrol(*case)


@given(near_the_line())
def test_a_unit_meets_exactly_when_nobody_is_missing(case):
    insured, population, threshold = case
    missing = int(still_to_enrol([insured], [population], threshold)[0])
    assert (met_status([insured], [population], threshold)[0] == MET) == (missing == 0)
    assert met_status([insured + missing], [population], threshold)[0] == MET
    if missing:
        assert met_status([insured + missing - 1], [population], threshold)[0] == NOT_MET


@given(near_the_line())
def test_classes_agree_with_met_at_the_threshold_for_both_operators(case):
    insured, population, threshold = case
    edges = class_edges(threshold)
    place = int(classify([insured], [population], edges)[0])
    assert (place >= edges.below_count) == (met_status([insured], [population], threshold)[0] == MET)
    assert class_bounds(edges)[place].met == (place >= edges.below_count)


@given(near_the_line())
def test_every_rate_lies_inside_the_bounds_of_its_class(case):
    insured, population, threshold = case
    edges = class_edges(threshold)
    bounds = class_bounds(edges)[int(classify([insured], [population], edges)[0])]
    rate = Fraction(100 * insured, population)
    if bounds.low is not None:
        assert rate > bounds.low or (bounds.low_included and rate == bounds.low)
    if bounds.high is not None:
        assert rate < bounds.high or (bounds.high_included and rate == bounds.high)


@given(near_the_line())
def test_a_shown_rate_is_on_the_side_of_the_threshold_that_the_people_are_on(case):
    insured, population, threshold = case
    met = plain_met(*case)
    for shown in (
        shown_pct(insured, population, threshold),
        shown_value(float(coverage_pct(insured, population)), threshold),
    ):
        assert (shown > threshold.value if threshold.operator == ">" else shown >= threshold.value) == bool(met)
        assert abs(Fraction(shown) - Fraction(100 * insured, population)) <= Fraction(1, 20)


@given(st.integers(0, 10**8), st.integers(1, 10**8), st.integers(1, 10_000))
def test_whole_hundredths_never_look_met_when_the_unit_is_not(insured, population, line):
    threshold = Threshold(Decimal(line).scaleb(-2), ">=")
    hundredths = int(floor_hundredths([insured], [population])[0])
    assert hundredths == floor(Fraction(10_000 * insured, population))
    assert (hundredths >= line) == (met_status([insured], [population], threshold)[0] == MET)


def test_one_person_short_is_not_met_and_reads_so():
    threshold = Threshold(Decimal(90), ">=")
    assert met_status([8_999], [10_000], threshold)[0] == NOT_MET
    assert still_to_enrol([8_999], [10_000], threshold)[0] == 1
    assert str(shown_pct(8_999, 10_000, threshold)) == "89.99"
    assert str(shown_pct(8_990, 10_000, threshold)) == "89.9"
    assert str(shown_pct(899_999_999, 10**9, threshold)) == "89.99"


def test_exactly_at_the_line_is_met_for_at_least_and_not_for_above():
    assert met_status([85], [100], AT_LEAST_85)[0] == MET
    assert met_status([90], [100], ABOVE_90)[0] == NOT_MET
    assert still_to_enrol([90], [100], ABOVE_90)[0] == 1
    assert str(shown_pct(90, 100, ABOVE_90)) == "90.0"
    assert str(shown_pct(900_004, 1_000_000, ABOVE_90)) == "90.01"
    assert str(shown_pct(8_997, 10_000, ABOVE_90)) == "89.97"


@pytest.mark.parametrize(("insured", "population"), [(-1, 100), (50, -1), (-1, -1), (0, 0), (5, 0)])
def test_a_missing_count_or_an_empty_unit_is_unknown_and_never_zero(insured, population):
    assert met_status([insured], [population], AT_LEAST_85)[0] == -1
    assert still_to_enrol([insured], [population], AT_LEAST_85)[0] == -1
    assert floor_hundredths([insured], [population])[0] == -1
    assert np.isnan(coverage_pct([insured], [population])[0])
    assert classify([insured], [population], class_edges(AT_LEAST_85))[0] == NO_DATA
    assert shown_pct(insured, population) is None


def test_nobody_insured_is_a_rate_of_zero_and_not_missing():
    assert met_status([0], [100], AT_LEAST_85)[0] == NOT_MET
    assert coverage_pct([0], [100])[0] == 0
    assert classify([0], [100], class_edges(AT_LEAST_85))[0] == 0


def test_without_a_threshold_nothing_is_judged():
    assert met_status([90, -1], [100, 100], None).tolist() == [-1, -1]
    assert still_to_enrol([90], [100], None).tolist() == [-1]


def test_products_beyond_64_bits_stay_exact():
    threshold = Threshold(Decimal("95.1501"), ">=")
    population = 10**17
    line = 95_150_100_000_000_000
    assert met_status([line, line - 1], [population, population], threshold).tolist() == [1, 0]
    assert still_to_enrol([line - 7], [population], threshold).tolist() == [7]


@pytest.mark.parametrize("wrong", [[-2], [1.5]])
def test_counts_that_are_neither_people_nor_unknown_are_refused(wrong):
    with pytest.raises(ValueError):
        met_status(wrong, [10], AT_LEAST_85)


def test_a_share_of_nothing_is_unknown():
    assert share_pct(3, 4) == 75
    assert np.isnan(share_pct(0, 0))
    assert np.isnan(share_pct(-1, 4))
    assert shown_value(None) is None
    assert shown_value(float("nan")) is None


def test_a_district_meets_only_when_every_counted_commune_does():
    #          district 0      1          2            3 (a ward only)   4 is empty
    status = [MET, MET, MET, NOT_MET, -1, MET, -1, NOT_MET]
    counted = [True, True, True, True, True, True, True, False]
    district = [0, 0, 1, 1, 1, 2, 2, 3]
    expected = [MET, NOT_MET, -1, NOT_APPLICABLE, NOT_APPLICABLE]
    assert district_status(status, counted, district, 5).tolist() == expected


@pytest.mark.parametrize(
    ("value", "operator", "expected"),
    [
        ("85", ">=", "60 70 80 85 90 100"),
        ("90", ">=", "65 75 85 90 95 100"),
        ("95", ">=", "70 80 90 95 98 100"),
        ("93", ">", "68 78 88 93 98 100"),
        ("95.15", ">=", "70 80 90 95.15 98 100"),
        ("100", ">=", "75 85 95 100 100"),
        ("100", ">", "75 85 95 100"),
    ],
)
def test_edges_are_one_sorted_list_with_the_threshold_in_it(value, operator, expected):
    edges = class_edges(Threshold(Decimal(value), operator))
    assert list(edges.edges) == sorted(edges.edges)
    assert " ".join(map(str, edges.values)) == expected
    line = edges.edges[edges.threshold]
    assert (line.value, line.belongs_above) == (Decimal(value), operator == ">=")


def test_each_class_of_85_begins_where_the_legend_says():
    edges = class_edges(AT_LEAST_85)
    rates = [0, 59, 60, 70, 80, 84, 85, 90, 99, 100, 101, 250]
    assert classify(rates, [100] * len(rates), edges).tolist() == [0, 0, 1, 2, 3, 3, 4, 5, 5, 5, 6, 6]


def test_classes_without_a_threshold_in_force_keep_their_edges_and_lose_their_meaning():
    edges = class_edges(AT_LEAST_85, in_force=False)
    assert edges.values == class_edges(AT_LEAST_85).values
    assert edges.below_count is None
    assert {bounds.met for bounds in class_bounds(edges)} == {None}
    assert class_edges(None).class_count == 6


def test_the_four_kinds_of_absence_are_counted_apart_from_classes():
    edges = class_edges(AT_LEAST_85)
    classes = classify([90, 50, -1, 70, 90, 90], [100] * 6, edges)
    marked = mark_absences(
        classes,
        carried=[0, 0, 0, 1, 0, 0],
        not_applicable=[0, 0, 0, 0, 1, 0],
        held_back=[0, 0, 0, 0, 0, 1],
    )
    counts = count_classes(marked, edges)
    assert classes[3] == 2  # the given array is not changed
    assert [counts[code] for code in (NO_DATA, CARRIED, CLASS_NOT_APPLICABLE, HELD_BACK)] == [1, 1, 1, 1]
    assert (counts[0], counts[5], sum(counts.values())) == (1, 1, 6)


def test_a_rate_over_a_hundred_never_reads_a_hundred_whatever_the_rule():
    for rule in (None, AT_LEAST_85, Threshold(Decimal(100), ">=")):
        assert str(shown_pct(2_002, 2_001, rule)) == "100.05"


@given(near_the_line())
def test_a_shown_rate_lies_in_the_map_class_that_the_people_are_in(case):
    insured, population, threshold = case
    edges = class_edges(threshold)
    own = int(classify([insured], [population], edges)[0])
    for shown in (
        shown_pct(insured, population, threshold),
        shown_value(float(coverage_pct(insured, population)), threshold),
    ):
        written = int(shown * 10_000)  # the written rate as people of a million
        assert int(classify([written], [1_000_000], edges)[0]) == own


@pytest.mark.parametrize(
    ("insured", "population", "written"),
    [
        (5_997, 10_000, "59.97"), (8_929, 8_930, "99.99"), (10_003, 10_000, "100.03"), (6_004, 10_000, "60.0"),
        (59_999_999, 10**8, "59.99"), (10_000, 10_000, "100.0"), (7_297, 10_000, "73.0"),
    ],
)  # fmt: skip
def test_no_rate_reads_a_multiple_of_five_percent_that_it_has_not_reached(insured, population, written):
    assert str(shown_pct(insured, population)) == written
    assert str(shown_value(100 * insured / population)) == written


@pytest.mark.parametrize(
    ("points", "written"),
    [
        (-3.04, "-3.04"),
        (-2.96, "-3.0"),
        (2.97, "2.97"),
        (2.9999, "2.99"),
        (3.04, "3.0"),
        (18.04, "18.0"),
        (-3.0, "-3.0"),
        (0.04, "0.04"),
        (0.001, "0.01"),
        (-0.001, "-0.01"),
        (1.44, "1.4"),
    ],
)
def test_a_difference_never_reads_an_edge_of_its_classes_that_it_has_not_reached(points, written):
    assert str(shown_points(points)) == written


def test_an_unknown_difference_stays_unknown():
    assert shown_points(None) is None and shown_points(float("nan")) is None
