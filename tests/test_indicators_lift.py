"""Lifting a place: the fewest people, the fewest communes, never more than there are."""

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indicators.lift import lift_coverage, lift_share

needs = st.lists(st.integers(-1, 30), min_size=1, max_size=7)


@given(needs, st.integers(0, 8))
def test_no_other_choice_of_units_lifts_the_share_with_fewer_people(need: list[int], wanted: int):
    lift = lift_share(need, wanted)
    unmet = [n for n in need if n > 0]
    possible = min(wanted, len(unmet))
    assert lift.missing == max(0, wanted - len(unmet))
    assert lift.total == min(sum(group) for group in combinations(unmet, possible))
    assert sorted(lift.people[list(lift.chosen)]) == sorted(unmet)[:possible]


units = st.lists(st.tuples(st.integers(-1, 20), st.integers(-1, 40)), min_size=1, max_size=7)


@given(units, st.integers(0, 150), st.booleans())
def test_people_add_up_exactly_and_nobody_is_enrolled_who_is_not_there(rows, wanted: int, largest_first: bool):
    need, left = (np.array([row[side] for row in rows]) for side in range(2))
    lift = lift_coverage(need, left, wanted, largest_first=largest_first)
    capacity = int(np.maximum(left, 0).sum())
    assert lift.total == min(wanted, capacity) and lift.missing == max(0, wanted - capacity)
    assert (lift.people >= 0).all() and (lift.people <= np.maximum(left, 0)).all()
    assert set(np.flatnonzero(lift.people)) == set(lift.chosen)


@given(units, st.integers(1, 150))
def test_largest_first_takes_the_fewest_units(rows, wanted: int):
    need, left = (np.array([row[side] for row in rows]) for side in range(2))
    lift = lift_coverage(need, left, wanted, largest_first=True)
    rooms = [max(room, 0) for _, room in rows]
    if lift.is_reached:
        fewest = next(k for k in range(len(rooms) + 1) if sum(sorted(rooms, reverse=True)[:k]) >= wanted)
        assert len(lift.chosen) == fewest


def test_closest_first_brings_units_to_the_line_before_any_goes_beyond_it():
    lift = lift_coverage([50, 0, 10, 30], [200, 500, 40, 60], 65)
    assert lift.people.tolist() == [25, 0, 10, 30] and lift.chosen == (2, 3, 0)
    beyond = lift_coverage([50, 0, 10, 30], [200, 500, 40, 60], 100)
    assert beyond.people.tolist() == [50, 10, 10, 30]


def test_ties_keep_the_order_of_the_units():
    assert lift_share([7, 7, 7], 2).chosen == (0, 1)
