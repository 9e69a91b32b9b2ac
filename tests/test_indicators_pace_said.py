"""What is said of a pace agrees with its status, whatever the rounding."""

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indicators.pace import NO_PACE, PACE_DENOMINATOR, judge_pace
from indicators.pace_said import say_pace


@given(
    insured=st.lists(st.integers(-1, 2000), min_size=8, max_size=8),
    population=st.integers(1, 2000),
    need=st.integers(-1, 900),
    left=st.integers(-1, 60),
)
def test_said_numbers_never_contradict_the_status(insured: list[int], population: int, need: int, left: int):
    pace = judge_pace([insured], [[population] * 8], [need], left)
    said = say_pace(pace)
    assert (said.needed is None) == (need <= 0 or left <= 0)
    assert (said.now is None) == (pace.slope[0] == NO_PACE)
    if said.needed is not None and said.now is not None:
        exact = Fraction(int(pace.slope[0]), PACE_DENOMINATOR) / Fraction(need, left)
        assert said.ratio <= exact < Fraction(said.ratio) + Fraction(1, 100)
        assert (said.status == "on_track") == (said.ratio >= 1) == (said.now >= said.needed)
        assert (said.status == "falling") == (exact < 0)


def test_a_little_too_slow_is_not_written_as_enough():
    insured = np.arange(8) * 3 + 100  # one person a month
    pace = judge_pace([insured], [[1000] * 8], [1001], 1000)
    said = say_pace(pace)
    assert (said.needed, said.now, str(said.ratio), said.status) == (2, 1, "0.99", "speed_up")
