"""Gaps of the log, overdue tasks and the months around an initiative, against plain twins."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.movement import count_months, days_silent, is_overdue, is_silent, months_around, start_month

DAY = st.dates(date(2016, 1, 1), date(2021, 12, 31))
MONTHS = st.lists(st.dates(date(2016, 1, 1), date(2020, 12, 31)).map(lambda day: f"{day:%Y-%m}"), unique=True).map(
    sorted
)


@settings(deadline=None)
@given(st.none() | DAY, DAY, st.integers(1, 400))
def test_a_gap_is_named_from_the_day_after_the_limit(last, as_of, most):
    if last is not None and last > as_of:
        last = as_of
    expected = last is None or last + timedelta(days=most) < as_of
    assert is_silent(last, as_of, most) == expected
    assert (days_silent(last, as_of) is None) == (last is None)


@pytest.mark.parametrize(
    ("due", "state", "overdue"),
    [
        (date(2020, 12, 30), "in_progress", True),
        (date(2020, 12, 31), "in_progress", False),
        (date(2020, 1, 1), "done", False),
        (date(2020, 1, 1), "dropped", False),
        (None, "late", True),
        (None, "not_started", False),
    ],
)
def test_a_task_is_overdue_after_its_day_unless_it_is_finished(due, state, overdue):
    assert is_overdue(due, state, date(2020, 12, 31)) == overdue


@settings(deadline=None)
@given(MONTHS, DAY, st.integers(1, 24))
def test_the_months_around_a_start_are_the_nearest_before_and_the_first_far_enough_after(months, day, after):
    start = f"{day:%Y-%m}"
    before, later = months_around(months, start, after)
    assert before == max((m for m in months if m < start), default=None)
    behind = [m for m in months if m > start]
    far = [m for m in behind if (int(m[:4]) * 12 + int(m[5:])) - (day.year * 12 + day.month) >= after]
    assert later == (min(far) if far else max(behind, default=None))


def test_a_start_of_which_only_the_year_is_known_is_its_january():
    assert start_month(None, 2019) == "2019-01" and start_month(date(2019, 3, 1), 2019) == "2019-03"
    assert count_months("2019-11", "2020-02") == 3
