"""Sudden drops: the limit itself is not one, and unknown is never one."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indicators.changes import find_sudden_drops

counts = st.integers(-1, 3_000_000)


def test_a_fall_of_exactly_three_points_is_not_sudden_and_one_person_more_is():
    insured, people = [8600, 8599, 9000], [10_000] * 3
    assert find_sudden_drops(insured, people, [8900] * 3, people).tolist() == [False, True, False]


def test_a_unit_without_a_figure_in_either_month_did_not_fall():
    assert not find_sudden_drops([-1, 50, 50, 50], [100, -1, 100, 0], [99, 99, -1, 99], [100] * 4).any()


def test_the_limit_may_have_decimals():
    assert find_sudden_drops([975], [1000], [1000], [1000], Decimal("2.4")).tolist() == [True]
    assert find_sudden_drops([975], [1000], [1000], [1000], Decimal("2.5")).tolist() == [False]


@given(st.lists(st.tuples(counts, counts, counts, counts), max_size=8))
def test_drops_are_those_of_exact_fractions(rows: list[tuple[int, int, int, int]]):
    n, p, n0, p0 = (np.array([row[at] for row in rows], dtype=np.int64) for at in range(4))
    expected = [
        min(a, c) >= 0 and min(b, d) > 0 and Fraction(c, d) - Fraction(a, b) > Fraction(3, 100) for a, b, c, d in rows
    ]
    assert find_sudden_drops(n, p, n0, p0).tolist() == expected
