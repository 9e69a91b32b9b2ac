"""Monthly steps add up to the last person and are even."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.steps import split_steps


@given(st.lists(st.integers(0, 5000), max_size=12), st.integers(1, 36))
def test_rows_add_up_and_neither_a_unit_nor_a_month_is_uneven(people: list[int], months: int):
    steps = split_steps(people, months)
    assert steps.shape == (len(people), months) and (steps >= 0).all()
    assert steps.sum(axis=1).tolist() == people
    assert np.ptp(steps, axis=1).max(initial=0) <= 1
    assert np.ptp(steps.sum(axis=0)) <= 1


def test_small_units_do_not_all_start_in_the_same_month():
    assert split_steps([1, 1, 1, 1], 4).sum(axis=0).tolist() == [1, 1, 1, 1]


@pytest.mark.parametrize(("people", "months"), [([1], 0), ([-1], 3)])
def test_what_cannot_be_shared_out_is_refused(people: list[int], months: int):
    with pytest.raises(ValueError):
        split_steps(people, months)
