"""Where to begin: the half line and the quadrants are exact."""

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indicators.priority import LOW_FEW, LOW_MANY, NEAR_FEW, NEAR_MANY, NONE, find_quadrants, half_line


@given(st.lists(st.integers(-1, 10_000), max_size=30))
def test_the_units_from_the_line_on_hold_half_and_fewer_sizes_do_not(people: list[int]):
    line, units = half_line(np.array(people, dtype=np.int64))
    missing = sorted((count for count in people if count > 0), reverse=True)
    if not missing:
        assert (line, units) == (0, 0)
        return
    from_line = [count for count in missing if count >= line]
    above = [count for count in missing if count > line]
    assert units == len(from_line) and 2 * sum(from_line) >= sum(missing) > 2 * sum(above)


def test_the_line_itself_is_not_low_and_the_number_itself_is_many():
    quadrants = find_quadrants([80, 79, 80, 79, 85, -1], [100] * 6, [10, 10, 9, 9, 0, 5], (80, 100), 10)
    assert quadrants.tolist() == [NEAR_MANY, LOW_MANY, NEAR_FEW, LOW_FEW, NONE, NONE]


@given(st.integers(0, 10**8), st.integers(1, 10**8), st.integers(1, 10**8), st.integers(1, 10**8))
def test_low_is_decided_as_fractions_are(insured: int, population: int, top: int, bottom: int):
    (found,) = find_quadrants([insured], [population], [5], (top, bottom), 1).tolist()
    assert (found == LOW_MANY) == (Fraction(insured, population) < Fraction(top, bottom))
