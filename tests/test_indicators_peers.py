"""Peers are the units of nearest size."""

from hypothesis import given
from hypothesis import strategies as st

from indicators.peers import nearest_in_size, size_ratio


@given(people=st.lists(st.integers(-1, 50), min_size=1, max_size=20), data=st.data())
def test_no_eligible_unit_left_out_is_nearer_than_one_taken(people: list[int], data: st.DataObject):
    at = data.draw(st.integers(0, len(people) - 1))
    eligible = data.draw(st.lists(st.booleans(), min_size=len(people), max_size=len(people)))
    found = nearest_in_size(people, at, eligible, 3)
    candidates = [place for place in range(len(people)) if place != at and eligible[place] and people[place] > 0]
    if people[at] <= 0:
        assert found == []
        return
    assert len(found) == min(3, len(candidates)) and set(found) <= set(candidates)
    distance = [size_ratio(people[at], people[place]) for place in found]
    assert distance == sorted(distance)
    assert all(
        size_ratio(people[at], people[place]) >= distance[-1] for place in set(candidates) - set(found) if distance
    )


def test_half_and_twice_are_equally_far():
    assert nearest_in_size([100, 50, 200, 150], 0, [True] * 4, 3) == [3, 1, 2]
