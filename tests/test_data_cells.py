"""Numbers and shares: what people write, and whole people that add up."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.ingest.apportion import apportion_by_group, apportion_rows
from data.ingest.cells import parse_count, parse_counts, parse_percent, read_code_digits
from data.ingest.simulate_groups import split_uninsured

GROUPS = ("employer_employee", "si_agency", "state_budget", "subsidised", "household", "employer_defence")


@given(st.integers(0, 2_000_000_000), st.sampled_from([".", " ", "\u00a0"]))
def test_a_count_is_read_however_its_thousands_are_written(count: int, separator: str):
    assert parse_count(f"{count:,}".replace(",", separator)) == count
    assert parse_count(str(count)) == parse_count(float(count)) == parse_count(f" {count} ") == count


@pytest.mark.parametrize(
    ("cell", "count"),
    [
        (None, -1),
        ("", -1),
        ("–", -1),
        ("0", 0),
        ("12.345", 12345),
        ("12.34", None),
        ("1.2345", None),
        ("85,3", None),
        ("7065,00", 7065),
        ("-5", None),
        (-5, None),
        (12.5, None),
        (True, None),
        ("khoảng 500", None),
        ("1e5", None),
        (float("inf"), None),
        ("٣", None),
    ],
)
def test_a_cell_that_is_no_count_is_never_guessed(cell: object, count: int | None):
    assert parse_count(cell) == count


@given(st.text(max_size=12))
def test_any_text_is_a_count_blank_or_refused_and_never_an_error(text: str):
    count = parse_count(text)
    assert count is None or count >= -1
    assert read_code_digits(text) is None or len(read_code_digits(text)) <= 5


def test_a_column_tells_which_cells_could_not_be_read():
    counts, bad = parse_counts(["1.000", None, "x", 5])
    assert counts.tolist() == [1000, -1, -1, 5] and bad.tolist() == [2]


@pytest.mark.parametrize(
    ("cell", "percent"), [("85,3%", 85.3), ("85.3", 85.3), (85.3, 85.3), ("100", 100.0), ("tốt", None)]
)
def test_a_percentage_is_read_with_comma_or_point(cell: object, percent: float | None):
    assert parse_percent(cell) == percent


def test_a_blank_percentage_is_unknown():
    assert math.isnan(parse_percent("")) and math.isnan(parse_percent(None))


@pytest.mark.parametrize(
    ("cell", "digits"),
    [("00004", "00004"), (4.0, "4"), ("4.0", "4"), ("'00004", "00004"), ("X4", None), (None, ""), (4.5, None)],
)
def test_codes_keep_their_zeros(cell: object, digits: str | None):
    assert read_code_digits(cell) == digits


@given(
    st.lists(st.tuples(st.floats(0.001, 1e6), st.integers(0, 3)), min_size=4, max_size=60), st.integers(0, 10_000_000)
)
def test_apportioned_people_add_up_and_stay_near_their_share(pairs: list[tuple[float, int]], total: int):
    shares = np.array([share for share, _ in pairs] + [1.0] * 4)
    group = np.array([number for _, number in pairs] + [0, 1, 2, 3])
    totals = np.full(4, total, dtype=np.int64)
    people = apportion_by_group(shares, group, totals)
    assert np.bincount(group, weights=people).tolist() == totals.tolist()
    exact = shares * (totals / np.bincount(group, weights=shares))[group]
    assert (np.abs(people - exact) <= 1 + 1e-6).all() and (people >= 0).all()


def test_nobody_is_put_where_the_share_is_zero_and_a_total_without_shares_is_refused():
    people = apportion_by_group(np.array([0.0, 1.0, 2.0]), np.zeros(3, dtype=np.int64), np.array([7]))
    assert people.tolist() == [0, 2, 5]
    with pytest.raises(ValueError, match="group"):
        apportion_by_group(np.array([0.0]), np.zeros(1, dtype=np.int64), np.array([1]))


@given(st.lists(st.lists(st.floats(0, 1e5), min_size=6, max_size=6), min_size=1, max_size=20), st.data())
def test_rows_add_up_and_the_uninsured_fit_into_their_groups(table: list[list[float]], data: st.DataObject):
    totals = np.array([data.draw(st.integers(0, 100_000)) for _ in table], dtype=np.int64)
    eligible = apportion_rows(np.array(table), totals)
    assert eligible.sum(axis=1).tolist() == totals.tolist() and (eligible >= 0).all()
    uninsured = np.array([data.draw(st.integers(-50, int(total))) for total in totals], dtype=np.int64)
    split = split_uninsured(eligible, uninsured, GROUPS)
    assert split.sum(axis=1).tolist() == uninsured.tolist()
    assert (split <= eligible).all()
    others = [place for place, name in enumerate(GROUPS) if name != "household"]
    assert (split[:, others] >= 0).all()
