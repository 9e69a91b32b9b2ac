"""Classes of the other measures: exact at every edge, unknown apart."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indicators.classes import NO_DATA, NOT_APPLICABLE
from indicators.layers import (
    CHANGE_POINTS,
    DISTANCE_POINTS,
    PEOPLE,
    SHARE_PERCENT,
    classify_change,
    classify_distance,
    classify_people,
    classify_share,
    distance_edges,
)
from indicators.rules import Threshold

counts = st.integers(-1, 9_000_000)
AT_LEAST, ABOVE = Threshold(Decimal(85), ">="), Threshold(Decimal(90), ">")


def rate(insured: int, population: int) -> Fraction | None:
    return None if insured < 0 or population <= 0 else Fraction(100 * insured, population)


@given(st.lists(st.tuples(counts, counts, counts, counts), max_size=8))
def test_change_is_classed_as_exact_fractions_are(rows: list[tuple[int, int, int, int]]):
    n, p, n0, p0 = (np.array([row[at] for row in rows], dtype=np.int64) for at in range(4))
    expected = []
    for a, b, c, d in rows:
        now, before = rate(a, b), rate(c, d)
        expected.append(NO_DATA if None in (now, before) else sum(now - before >= edge for edge in CHANGE_POINTS))
    assert classify_change(n, p, n0, p0).tolist() == expected


def test_no_change_is_not_less_and_one_person_fewer_is():
    zero = CHANGE_POINTS.index(0) + 1
    assert classify_change([50, 49], [100, 100], [50, 50], [100, 100]).tolist()[0] == zero
    assert classify_change([49_999], [100_000], [50_000], [100_000]).tolist() == [zero - 1]


@given(st.lists(st.tuples(counts, counts, st.sampled_from([AT_LEAST, ABOVE, None])), max_size=8))
def test_distance_is_classed_by_each_units_own_rule(rows: list):
    n, p = (np.array([row[at] for row in rows], dtype=np.int64) for at in range(2))
    expected = []
    for a, b, rule in rows:
        now = rate(a, b)
        if now is None or rule is None:
            expected.append(NO_DATA)
            continue
        gap = now - Fraction(rule.value)
        expected.append(
            sum(gap > edge if edge == 0 and rule.operator == ">" else gap >= edge for edge in DISTANCE_POINTS)
        )
    assert classify_distance(n, p, [row[2] for row in rows]).tolist() == expected


def test_the_threshold_is_the_edge_that_the_distance_knows_as_met():
    edges = distance_edges(AT_LEAST)
    assert edges.edges[edges.threshold].value == 85
    assert classify_distance([85, 84], [100, 100], [AT_LEAST] * 2).tolist() == [
        edges.below_count,
        edges.below_count - 1,
    ]


@given(st.lists(st.tuples(st.integers(-1, 400), st.integers(-1, 400)), max_size=8))
def test_the_share_of_communes_keeps_all_of_them_apart(rows: list[tuple[int, int]]):
    met, counted = (np.array([row[at] for row in rows], dtype=np.int64) for at in range(2))
    expected = []
    for part, whole in rows:
        share = rate(part, whole)
        expected.append(
            NOT_APPLICABLE if whole == 0 else NO_DATA if share is None else sum(share >= edge for edge in SHARE_PERCENT)
        )
    assert classify_share(met, counted).tolist() == expected


def test_people_are_classed_from_the_first_person_on():
    edges = PEOPLE["commune"]
    assert classify_people([-1, 0, 1, 99, 100, 2_499, 2_500], edges).tolist() == [NO_DATA, 0, 1, 1, 2, 4, 5]
