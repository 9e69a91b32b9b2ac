"""Shares said aloud: against a slow plain twin, and never more than the figures."""

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.shares import fewest_holding, whole_tenths


@given(st.integers(1, 10**8).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
def test_tenths_never_claim_more_than_the_part_and_say_when_they_are_exact(pair):
    part, whole = pair
    tenths, is_exact = whole_tenths(part, whole)
    assert Fraction(tenths, 10) <= Fraction(part, whole) < Fraction(tenths + 1, 10)
    assert is_exact == (Fraction(tenths, 10) == Fraction(part, whole))


def test_all_but_one_is_not_ten_tenths():
    assert whole_tenths(9_999, 10_000) == (9, False)
    assert whole_tenths(7, 10) == (7, True)
    with pytest.raises(ValueError, match="no share"):
        whole_tenths(2, 1)


@given(st.lists(st.integers(-1, 50), max_size=7), st.fractions(Fraction(1, 10), 1, max_denominator=10))
def test_the_fewest_units_are_those_that_a_search_of_all_choices_finds(counts, share):
    known = [count for count in counts if count > 0]
    total = sum(known)
    sizes = [
        size
        for size in range(len(known) + 1)
        if any(sum(chosen) >= share * total for chosen in combinations(known, size))
    ]
    assert fewest_holding(counts, share) == (min(sizes) if total else 0)
