"""Sums of groups against a slow, plain twin; ties and groups with an unknown member."""

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indicators.group_sums import sum_groups

UNIT = st.tuples(
    st.sampled_from([-1, 80, 90, 100]), st.sampled_from([-1, 100, 110]), st.integers(-1, 4), st.integers(4, 9),
    st.integers(-1, 50),
)  # fmt: skip


@given(st.lists(UNIT, min_size=1, max_size=9), st.integers(1, 4))
def test_sums_and_places_are_those_of_a_plain_count(units: list[tuple[int, ...]], size: int):
    groups = [np.arange(first, min(first + size, len(units))) for first in range(0, len(units), size)]
    found = sum_groups(groups, *map(np.array, zip(*units, strict=True)))
    rates: dict[int, Fraction] = {}
    for at, places in enumerate(groups):
        known = [units[place] for place in places if units[place][0] >= 0 and units[place][1] > 0]
        assert (found.members[at], found.known[at]) == (len(places), len(known))
        assert found.insured[at] == (sum(unit[0] for unit in known) if known else -1)
        needs = [unit[4] for unit in known]
        assert found.still_to_enrol[at] == (sum(needs) if needs and min(needs) >= 0 else -1)
        if len(known) == len(places):
            rates[at] = Fraction(sum(unit[0] for unit in known), sum(unit[1] for unit in known))
    for at in range(len(groups)):
        better = sum(rate > rates[at] for rate in rates.values()) if at in rates else -2
        assert found.by_coverage.place[at] == better + 1
        assert found.by_coverage.tied[at] == (list(rates.values()).count(rates.get(at)) > 1)
    assert found.by_coverage.of == len(rates)


def test_equal_groups_share_a_place_and_the_next_is_passed_over():
    found = sum_groups(
        [np.array([0]), np.array([1]), np.array([2])], [90, 180, 80], [100, 200, 100], [1, 2, 3], [4, 8, 6], [0, 0, 5]
    )
    assert found.by_coverage.place.tolist() == [1, 1, 3] and found.by_coverage.tied.tolist() == [True, True, False]
    assert found.by_share.place.tolist() == [2, 2, 1]
