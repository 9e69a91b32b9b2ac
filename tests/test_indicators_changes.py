"""What changed: the limit itself is no sudden drop, the line itself is met, and unknown is neither."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indicators.changes import (
    FELL_BACK,
    ROSE,
    find_closest_below,
    find_crossings,
    find_new_reports,
    find_sudden_drops,
    gained_people,
)
from indicators.rules import Threshold

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


THETA = Threshold(Decimal(85), ">=")


@given(st.lists(st.tuples(counts, counts, counts, counts), max_size=8))
def test_crossings_are_those_of_exact_fractions(rows: list[tuple[int, int, int, int]]):
    n, p, n0, p0 = (np.array([row[at] for row in rows], dtype=np.int64) for at in range(4))

    def meets(insured: int, population: int) -> bool | None:
        return None if insured < 0 or population <= 0 else Fraction(insured, population) >= Fraction(85, 100)

    expected = []
    for a, b, c, d in rows:
        now, before = meets(a, b), meets(c, d)
        expected.append(0 if None in (now, before) else int(now) - int(before))
    assert find_crossings(n, p, n0, p0, THETA).tolist() == expected


def test_reaching_the_line_exactly_is_a_rise_and_one_person_fewer_a_fall():
    assert find_crossings([85, 84], [100, 100], [84, 85], [100, 100], THETA).tolist() == [ROSE, FELL_BACK]


def test_without_a_rule_nothing_crosses():
    assert find_crossings([100], [100], [0], [100], None).tolist() == [0]


def test_a_new_report_is_a_rate_that_was_not_known_before():
    before = [(-1, 100), (50, -1), (50, 0), (50, 100)]
    n0, p0 = zip(*before, strict=True)
    assert find_new_reports([60] * 4, [100] * 4, n0, p0).tolist() == [True, True, True, False]
    assert not find_new_reports([-1], [100], [-1], [100]).any()


def test_closest_below_leaves_out_those_that_meet_and_those_that_miss_the_limit():
    insured = [850, 849, 651, 650, -1]
    assert find_closest_below(insured, [1000] * 5, THETA, 200).tolist() == [False, True, True, False, False]


def test_people_gained_are_unknown_where_a_month_is():
    gained = gained_people([10, 5, -1], [12, -1, 3])
    assert gained.mask.tolist() == [False, True, True] and gained[0] == -2
