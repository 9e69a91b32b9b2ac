"""Exemplars against plain twins: a unit at a time, a month at a time."""

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from indicators.exemplars import district_months, find_recoveries, find_steady, list_improvers
from indicators.met import MET, NOT_MET
from indicators.ranking import as_fractions

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
STATUS = hnp.arrays(np.int8, st.tuples(st.integers(1, 6), st.integers(0, 14)), elements=st.sampled_from([1, 1, 0, -1]))


def twin_recovery(months: list[int], most: int) -> tuple[int, int]:
    """The last fall and return of one unit that has met the line ever since; (-1, -1) where there is none."""
    for back in range(len(months) - 1, 0, -1):
        if months[back] != MET or months[back - 1] != NOT_MET or NOT_MET in months[back:] or months[-1] != MET:
            continue
        fell = back - 1
        while fell > 0 and months[fell - 1] == NOT_MET:
            fell -= 1
        if fell > 0 and months[fell - 1] == MET and back - fell <= most:
            return fell, back
        return -1, -1
    return -1, -1


@QUICK
@given(STATUS, st.integers(1, 6))
def test_fast_recoveries_are_those_one_finds_by_reading_the_row(status, most):
    found = find_recoveries(status, most)
    expected = [twin_recovery(row, most) for row in status.tolist()]
    assert list(zip(found.fell.tolist(), found.returned.tolist(), strict=True)) == expected
    assert found.months.tolist() == [back - fell if back >= 0 else -1 for fell, back in expected]


def test_a_recovery_is_dated_from_the_first_month_below_to_the_first_month_met_again():
    found = find_recoveries(np.array([[1, 0, 0, 1, 1], [1, 0, -1, 1, 1], [0, 0, 1, 1, 1], [1, 0, 1, 1, 0]]), 2)
    assert found.fell.tolist() == [1, -1, -1, -1] and found.returned.tolist() == [3, -1, -1, -1]
    assert find_recoveries(np.array([[1, 0, 0, 0, 1]]), 2).returned.tolist() == [-1]


@QUICK
@given(STATUS)
def test_a_steady_holder_met_the_line_in_every_month(status):
    assert find_steady(status).tolist() == [bool(row) and set(row) == {1} for row in status.tolist()]


@QUICK
@given(
    st.lists(st.tuples(st.integers(-5, 9), st.integers(1, 4), st.booleans(), st.booleans()), max_size=12),
    st.integers(1, 5),
)
def test_best_improvers_are_above_the_median_and_none_is_cut_off_by_a_tie(units, most):
    tops, bottoms, known, eligible = (
        [list(column) for column in zip(*units, strict=True)] if units else [[], [], [], []]
    )
    found = list_improvers(
        as_fractions(np.array(tops, dtype=object), np.array(bottoms, dtype=object), np.array(known, dtype=bool)),
        np.array(eligible, dtype=bool),
        most,
    )
    values = [top / bottom for top, bottom, *_ in units]
    possible = [at for at, unit in enumerate(units) if unit[2] and unit[3] and values[at] > 0]
    expected = {at for at in possible if sum(values[other] > values[at] for other in possible) < most}
    assert set(found) == expected and len(found) == len(expected)
    assert [values[at] for at in found] == sorted((values[at] for at in found), reverse=True)


@QUICK
@given(st.lists(st.tuples(st.integers(-1, 4), st.integers(0, 4), st.integers(0, 4)), min_size=1))
def test_a_district_meets_when_every_counted_commune_does(counts):
    counts = [(min(met, total), total, min(unknown, total - max(met, 0))) for met, total, unknown in counts]
    met, counted, unknown = (np.array(column).reshape(-1, 1) for column in zip(*counts, strict=True))
    expected = [-1 if m < 0 or c == 0 else 0 if c - m - max(u, 0) > 0 else 1 if m == c else -1 for m, c, u in counts]
    assert district_months(met, counted, unknown)[:, 0].tolist() == expected
