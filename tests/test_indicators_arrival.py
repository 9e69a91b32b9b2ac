"""Arrival: a range out of the unit's own quarters, the same for every reader."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.arrival import BLOCK, NEVER, draw_futures, measure_arrival, project_fan, quarterly_changes

PEOPLE = np.full((1, 8), 100_000)


def gaining(*a_quarter: int) -> np.ndarray:
    return 50_000 + np.concatenate([[0], np.cumsum(a_quarter)])[None, :]


def test_equal_quarters_arrive_on_one_day():
    arrival = measure_arrival(gaining(*[300] * 7), PEOPLE, [1200], 24)
    assert (arrival.early[0], arrival.middle[0], arrival.late[0]) == (12, 12, 12)


def test_uneven_quarters_give_a_range_around_the_even_ones():
    arrival = measure_arrival(gaining(900, 0, 600, -300, 700, 100, 100), PEOPLE, [3000], 60)
    assert arrival.early[0] < 30 <= arrival.late[0]
    assert arrival.early[0] <= arrival.middle[0] <= arrival.late[0]


def test_the_same_figures_give_the_same_range_whoever_stands_beside():
    uneven = gaining(900, 0, 600, -300, 700, 100, 100)
    alone = measure_arrival(uneven, PEOPLE, [3000], 60)
    beside = measure_arrival(np.vstack([gaining(*[300] * 7), uneven]), np.vstack([PEOPLE] * 2), [1200, 3000], 60)
    assert [alone.early[0], alone.late[0]] == [beside.early[1], beside.late[1]]


@pytest.mark.parametrize(
    ("a_quarter", "need", "left"), [(-10, 1200, 12), (0, 1200, 12), (300, 0, 12), (300, 1200, 0), (300, -1, -1)]
)
def test_there_is_no_range_without_a_gain_a_gap_and_a_deadline_ahead(a_quarter: int, need: int, left: int):
    arrival = measure_arrival(gaining(*[a_quarter] * 7), PEOPLE, [need], left)
    assert not arrival.has_range[0] and arrival.middle[0] == NEVER and not arrival.not_reached[0]


def test_more_than_ten_years_after_the_deadline_is_not_reached():
    # 3 people a quarter are 12 a year: 132 people take 11 years, one year to the deadline and ten after it.
    assert measure_arrival(gaining(*[3] * 7), PEOPLE, [132], 12).middle.tolist() == [132]
    later = measure_arrival(gaining(*[3] * 7), PEOPLE, [133], 12)
    assert later.middle.tolist() == [NEVER] and later.not_reached.tolist() == [True]


def test_a_change_over_a_month_without_a_figure_is_spread_over_its_quarters():
    insured = gaining(*[300] * 7)
    insured[0, 3] = -1
    assert quarterly_changes(insured, PEOPLE)[0].tolist() == [300.0] * 7
    insured[0, :4] = -1
    assert quarterly_changes(insured, PEOPLE)[0].tolist() == []


@settings(max_examples=25)
@given(st.lists(st.integers(-5000, 5000), min_size=4, max_size=7), st.integers(1, 30))
def test_every_future_is_made_of_pairs_of_quarters_that_followed_each_other(changes: list[int], quarters: int):
    gained = draw_futures(np.array(changes, dtype=float), quarters, futures=20)
    steps = np.diff(gained, axis=1, prepend=0)
    pairs = set(zip(changes, [*changes[1:], changes[0]], strict=True))
    for at in range(0, quarters - 1, BLOCK):
        assert {(int(a), int(b)) for a, b in steps[:, at : at + 2]} <= pairs
    assert gained.shape == (20, quarters)


def test_the_fan_starts_at_the_last_figure_and_opens():
    fan = project_fan(gaining(900, 0, 600, -300, 700, 100, 100), PEOPLE, 12)
    assert fan.shape == (3, 12) and (fan[0] <= fan[1]).all() and (fan[1] <= fan[2]).all()
    assert fan[2, -1] - fan[0, -1] > fan[2, 0] - fan[0, 0] > 0
    assert abs(fan[1, -1] - (52_100 + 12 * 300)) < 600
    assert project_fan(np.full((1, 8), -1), PEOPLE, 12).shape == (3, 0)
