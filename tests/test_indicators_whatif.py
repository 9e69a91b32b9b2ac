"""What-if: whole people, never above the eligible who are left, and the units that newly meet."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indicators.rules import Goal
from indicators.whatif import enrol_people, share_out

LINE = Goal("coverage", Decimal(85), ">=", date(2020, 12, 31))
rooms = st.lists(st.integers(-1, 2_000_000), min_size=1, max_size=10)


@given(rooms, st.integers(0, 10_000_000))
def test_everybody_is_placed_in_proportion_and_never_above_the_room(room: list[int], total: int):
    shares = share_out(total, room)
    space = [max(r, 0) for r in room]
    assert shares.sum() == min(total, sum(space))
    assert all(0 <= share <= limit for share, limit in zip(shares, space, strict=True))
    if 0 < total < sum(space):
        for share, limit in zip(shares.tolist(), space, strict=True):
            assert abs(share - Fraction(limit * total, sum(space))) < 1


rows = st.lists(
    st.tuples(st.integers(-1, 900), st.integers(-1, 1000), st.integers(-1, 300), st.booleans()), min_size=1, max_size=8
)


@given(rows, st.integers(0, 2000))
def test_only_chosen_units_change_and_newly_met_ones_are_those_that_cross_the_line(units, total: int):
    n, p, left, chosen = (np.array(column) for column in zip(*units, strict=True))
    result = enrol_people(n, p, left, chosen, total, LINE)
    assert not result.enrolled[~chosen].any() and not result.enrolled[(n < 0) | (left < 0)].any()
    assert int(result.enrolled.sum()) + result.not_placed == total
    for at in range(len(n)):
        before = n[at] >= 0 and p[at] > 0 and 100 * n[at] >= 85 * p[at]
        after = result.insured[at] >= 0 and p[at] > 0 and 100 * result.insured[at] >= 85 * p[at]
        assert bool(result.newly_met[at]) == (bool(after) and not before)


def test_without_a_threshold_nothing_is_newly_met():
    assert not enrol_people([80], [100], [20], [True], 20, None).newly_met.any()
