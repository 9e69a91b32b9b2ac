"""Ranks on the exact value, with ties, exclusions and the noise rule; each beside a slow, plain twin in fractions."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators import ranking
from indicators.rules import Threshold
from text.formats import Formats

PEOPLE = st.one_of(st.just(-1), st.integers(0, 10_000_000))
PAIRS = st.lists(st.tuples(PEOPLE, PEOPLE), min_size=1, max_size=25)
SMALL_PAIRS = st.lists(st.tuples(st.integers(-1, 4), st.integers(-1, 4)), min_size=1, max_size=25)
LINE = Threshold(Decimal("85"), ">=")


def rate_twin(n: int, p: int) -> Fraction | None:
    return Fraction(n, p) if n >= 0 and p > 0 else None


def rank_twin(values: list[Fraction | None]) -> list[tuple[int, bool]]:
    """One more than the units that are better; tied where another has the same value."""
    known = [value for value in values if value is not None]
    return [
        (-1, False) if value is None else (1 + sum(other > value for other in known), known.count(value) > 1)
        for value in values
    ]


def as_pairs(ranks: ranking.Ranks) -> list[tuple[int, bool]]:
    return list(zip(ranks.place.tolist(), ranks.tied.tolist(), strict=True))


@given(st.one_of(PAIRS, SMALL_PAIRS))
def test_ranks_equal_a_count_of_the_better_ones(pairs):
    n, p = zip(*pairs, strict=True)
    ranks = ranking.competition_ranks(ranking.rates(n, p))
    twin = rank_twin([rate_twin(*pair) for pair in pairs])
    assert as_pairs(ranks) == twin
    assert ranks.of == sum(place > 0 for place, _ in twin)


@given(SMALL_PAIRS, SMALL_PAIRS)
def test_improvements_and_gaps_closed_equal_fractions(now, before):
    size = min(len(now), len(before))
    now, before = now[:size], before[:size]
    columns = [*zip(*now, strict=True), *zip(*before, strict=True)]
    rates = [(rate_twin(*a), rate_twin(*b)) for a, b in zip(now, before, strict=True)]
    deltas = [None if None in pair else pair[0] - pair[1] for pair in rates]
    values = ranking.improvements(*columns)
    assert as_pairs(ranking.competition_ranks(values)) == rank_twin(deltas)
    assert ranking.as_percent(values) == pytest.approx(
        [float("nan") if delta is None else float(100 * delta) for delta in deltas], nan_ok=True
    )
    goal = Fraction(85, 100)
    closed = [None if d is None or r[1] >= goal else d / (goal - r[1]) for d, r in zip(deltas, rates, strict=True)]
    gaps = ranking.gaps_closed(*columns, LINE)
    assert as_pairs(ranking.competition_ranks(gaps)) == rank_twin(closed)


def test_two_rates_that_a_float_cannot_tell_apart_are_not_tied():
    n, p = [10**16, 10**16 + 1], [10**16 + 1, 10**16 + 2]
    assert n[0] / p[0] == n[1] / p[1]
    ranks = ranking.competition_ranks(ranking.rates(n, p))
    assert as_pairs(ranks) == [(2, False), (1, False)]


def test_equal_rates_of_different_sizes_share_a_place_and_the_next_is_passed_over():
    ranks = ranking.competition_ranks(ranking.rates([9, 90, 8, -1], [10, 100, 10, 10]))
    assert as_pairs(ranks) == [(1, True), (1, True), (3, False), (-1, False)]
    written = [Formats("vi").rank(ranking.place_of(ranks, at), ranks.of, tied=ranks.tied[at]) for at in range(4)]
    assert written == ["1=/3", "1=/3", "3/3", "chưa có dữ liệu"]


def test_a_gap_that_was_closed_at_the_start_has_no_part_closed():
    gaps = ranking.gaps_closed([90, 80], [100, 100], [85, 70], [100, 100], LINE)
    assert gaps.known.tolist() == [False, True]
    assert ranking.as_percent(gaps)[1] == pytest.approx(66.6667, abs=1e-3)
    assert not ranking.gaps_closed([90], [100], [80], [100], None).known.any()


def test_units_that_are_not_eligible_take_no_place():
    values = ranking.rates([9, 8, 7], [10, 10, 10])
    ranks = ranking.competition_ranks(values, [False, True, True])
    assert as_pairs(ranks) == [(-1, False), (1, False), (2, False)] and ranks.of == 2


def test_who_is_listed_without_a_rank_and_why():
    settings = ranking.RankingSettings(2, Decimal("0.3"), {"province": 1000}, Decimal(80))
    reasons = ranking.find_reasons(
        "province",
        insured=[900, 900, 90, -1, 1001],
        population=[1000, 1000, 100, 1000, 1000],
        units=[10, 10, 10, 10, 10],
        units_reported=[8, 7, 10, 10, 10],
        settings=settings,
    )
    assert reasons.tolist() == [
        ranking.RANKED,
        ranking.TOO_FEW_REPORTS,
        ranking.TOO_FEW_PEOPLE,
        ranking.NO_DATA,
        ranking.OVER_HUNDRED,
    ]


def test_an_arrow_needs_more_ranks_and_more_points_than_the_noise():
    settings = ranking.RankingSettings(2, Decimal("0.3"), {}, Decimal(0))

    def move(before: int, now: int, thousandths: int) -> int:
        change = ranking.as_fractions([thousandths], [100_000], [True])
        ranks = [ranking.Ranks(np.array([place]), np.array([False]), 63) for place in (now, before)]
        return ranking.find_moves(*ranks, change, settings).item()

    assert move(10, 7, 301) == 1
    assert move(7, 10, -301) == -1
    assert move(10, 7, 300) == 0, "exactly 0,3 points is noise"
    assert move(10, 8, 5000) == 0, "two ranks are noise"
    assert move(-1, 7, 5000) == 0 and move(10, -1, 5000) == 0


def test_the_shipped_settings_are_those_of_the_definitions():
    settings = ranking.load_settings()
    assert (settings.noise_ranks, settings.noise_points) == (2, Decimal("0.3"))
    assert set(settings.minimum_population) == {"province", "district", "commune"}
    assert 0 < settings.minimum_reported_pct <= 100
