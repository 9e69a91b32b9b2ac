"""Pace: the slope is the exact median of all pairs, and the status follows the rule to the last person."""

from datetime import date
from fractions import Fraction
from itertools import combinations
from statistics import median

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.pace import (
    NO_PACE,
    PACE_DENOMINATOR,
    adjust_insured,
    judge_pace,
    measure_slope,
    months_left,
    quarter_months,
)

people = st.integers(-1, 90_000_000)
units = st.lists(st.lists(st.tuples(people, people), min_size=8, max_size=8), min_size=1, max_size=4)


def columns(rows: list[list[tuple[int, int]]]) -> tuple[np.ndarray, np.ndarray]:
    counts = np.array(rows, dtype=np.int64)
    return counts[:, :, 0], counts[:, :, 1]


def plain_adjusted(row: list[tuple[int, int]]) -> list[int | None]:
    """N* of one unit, month by month, with Python's own numbers."""
    last_n, last_p = row[-1]
    if last_n < 0 or last_p <= 0:
        return [None] * len(row)
    return [(2 * n * last_p + p) // (2 * p) if n >= 0 and p > 0 else None for n, p in row]


def plain_slope(row: list[tuple[int, int]]) -> Fraction | None:
    """Theil–Sen slope of one unit in people a month; None with fewer than five points."""
    known = [(month, value) for month, value in enumerate(plain_adjusted(row)) if value is not None]
    if len(known) < 5:
        return None
    return Fraction(median(Fraction(b - a, 3 * (j - i)) for (i, a), (j, b) in combinations(known, 2)))


def plain_status(slope: Fraction | None, need: int, left: int) -> str:
    if need < 0 or left < 0:
        return "unjudged"
    if need == 0:
        return "met"
    if left == 0:
        return "not_met"
    if slope is None:
        return "too_few"
    ratio = slope / Fraction(need, left)
    if ratio >= 1:
        return "on_track"
    if ratio >= Fraction(1, 2):
        return "speed_up"
    return "slow" if ratio >= 0 else "falling"


@given(units)
def test_the_slope_is_the_median_of_the_slopes_between_every_two_known_months(rows):
    points, slope = measure_slope(*columns(rows))
    for at, row in enumerate(rows):
        expected = plain_slope(row)
        assert points[at] == sum(value is not None for value in plain_adjusted(row))
        if expected is None:
            assert slope[at] == NO_PACE
        else:
            assert Fraction(int(slope[at]), PACE_DENOMINATOR) == expected


@given(units)
def test_adjusted_people_are_those_of_the_same_rate_on_the_last_population(rows):
    adjusted = adjust_insured(*columns(rows)).tolist()
    assert adjusted == [[-1 if value is None else value for value in plain_adjusted(row)] for row in rows]
    for row, result in zip(rows, adjusted, strict=True):
        if result[-1] >= 0:
            assert result[-1] == row[-1][0]


@given(units, st.integers(-1, 50_000_000), st.integers(-1, 60))
def test_the_status_is_that_of_the_exact_ratio(rows, need, left):
    pace = judge_pace(*columns(rows), need, left)
    assert pace.names() == [plain_status(plain_slope(row), need, left) for row in rows]


def steady_gain(a_quarter: int, months: int = 8) -> tuple[np.ndarray, np.ndarray]:
    """One unit of 100.000 people that gains the same number of people every quarter."""
    return np.array([[50_000 + a_quarter * month for month in range(months)]]), np.full((1, months), 100_000)


@pytest.mark.parametrize(
    ("a_quarter", "status"),
    [(300, "on_track"), (299, "speed_up"), (150, "speed_up"), (149, "slow"), (0, "slow"), (-1, "falling")],
)
def test_the_edges_of_the_rule_belong_to_the_better_side(a_quarter: int, status: str):
    # 1.200 people in 12 months are 100 a month, 300 a quarter.
    assert judge_pace(*steady_gain(a_quarter), [1200], 12).names() == [status]


def test_one_month_that_stands_out_does_not_turn_the_pace():
    insured, population = steady_gain(300)
    insured[0, 4] -= 20_000
    assert judge_pace(insured, population, [1200], 12).now.tolist() == [100.0]


def test_a_growing_population_is_no_gain():
    population = np.array([[100_000 + 1000 * month for month in range(8)]])
    pace = judge_pace(population * 8 // 10, population, [100], 12)
    assert pace.now.tolist() == [0.0] and pace.names() == ["slow"]


def test_four_points_are_too_few_and_five_are_enough():
    insured, population = steady_gain(300)
    insured[0, :4] = -1
    assert judge_pace(insured, population, [1200], 12).names() == ["too_few"]
    insured[0, 0] = 50_000
    assert judge_pace(insured, population, [1200], 12).names() == ["on_track"]


def test_from_the_deadline_on_there_is_no_pace_only_met_or_not():
    insured, population = steady_gain(300)
    assert judge_pace(insured, population, [1200], 0).names() == ["not_met"]
    assert judge_pace(insured, population, [0], 0).names() == ["met"]
    assert np.isnan(judge_pace(insured, population, [1200], 0).needed).all()


def test_pace_needed_is_people_over_months():
    assert judge_pace(*steady_gain(300), [1200], 16).needed.tolist() == [75.0]
    assert judge_pace(*steady_gain(300), [1200], 16).ratio.tolist() == [100 / 75]


def test_months_are_a_quarter_apart_and_end_with_the_month_looked_at():
    assert quarter_months("2020-11")[-3:] == ["2020-05", "2020-08", "2020-11"]
    assert quarter_months("2020-01", 2) == ["2019-10", "2020-01"]
    assert len(quarter_months("2020-12")) == 8 and quarter_months("2020-12")[0] == "2019-03"


def test_the_months_left_end_with_the_month_of_the_deadline():
    deadline = date(2020, 12, 31)
    assert [months_left(month, deadline) for month in ("2019-12", "2020-11", "2020-12", "2021-01")] == [12, 1, 0, 0]
