"""The trend marker is an exact Mann–Kendall test."""

from itertools import combinations, permutations
from math import factorial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.trend_marker import FALLING, RISING, STEADY, TOO_FEW, critical_score, mark_trend


def score(values) -> int:
    return sum((b > a) - (b < a) for a, b in combinations(values, 2))


@pytest.mark.parametrize("points", [5, 6, 7])
def test_the_critical_score_is_that_of_all_orders_of_the_months(points: int):
    scores = [score(order) for order in permutations(range(points))]
    rare = [s for s in set(scores) if 40 * sum(other >= s for other in scores) <= factorial(points)]
    assert critical_score(points) == min(rare)


def test_the_critical_scores_are_those_of_the_published_tables():
    assert [critical_score(points) for points in (5, 6, 7, 8)] == [10, 13, 15, 18]


@given(st.lists(st.tuples(st.integers(-1, 60_000_000), st.integers(-1, 90_000_000)), min_size=8, max_size=8))
def test_the_marker_is_that_of_exact_rates(row):
    known = [(n, p) for n, p in row if n >= 0 and p > 0]
    s = sum((b * p > a * q) - (b * p < a * q) for (a, p), (b, q) in combinations(known, 2))
    limit = critical_score(len(known))
    expected = TOO_FEW if len(known) < 5 else RISING if s >= limit else FALLING if s <= -limit else STEADY
    n, p = (np.array([[pair[side] for pair in row]]) for side in range(2))
    assert mark_trend(n, p).tolist() == [expected]


def test_rising_falling_level_and_too_short_series():
    people = np.full((4, 8), 1000)
    insured = np.array([range(700, 708), range(708, 700, -1), [700, 701] * 4, [-1] * 4 + [700, 701, 702, 703]])
    assert mark_trend(insured, people).tolist() == [RISING, FALLING, STEADY, TOO_FEW]
