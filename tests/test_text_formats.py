"""How numbers, dates and ranks are written (UX: type, numbers, dates)."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from text.formats import Formats

VI, EN = Formats("vi"), Formats("en")


def test_counts_have_points_in_vietnamese_and_commas_in_english():
    assert VI.count(1234567) == "1.234.567"
    assert EN.count(1234567) == "1,234,567"
    assert VI.people(np.int64(1234567)) == "1.234.567 người"
    assert (EN.people(1), EN.people(2)) == ("1 person", "2 people")
    assert VI.count(0) == "0"


def test_rates_keep_the_decimals_they_came_with():
    assert VI.rate(Decimal("89.99")) == "89,99%"
    assert VI.rate(Decimal("90.0")) == "90,0%"
    assert VI.rate(89.94) == "89,9%"
    assert EN.rate(Decimal("89.9")) == "89.9%"
    assert VI.percent_rule(Decimal("95.15")) == "95,15%"
    assert VI.percent_rule(Decimal("85.00")) == "85%"
    assert VI.percent_rule(Decimal(100)) == "100%"


def test_differences_have_a_true_minus_and_are_in_points():
    assert VI.points(1.4) == "+1,4 điểm %"
    assert VI.points(-0.3) == "−0,3 điểm %"
    assert VI.points(-0.04) == "0,0 điểm %"
    assert VI.change(-96204) == "−96.204"
    assert VI.change(341) == "+341"
    assert VI.change(-1) == "−1"
    assert VI.number(Decimal("-0.3")) == "−0,3"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (12_400_000, "12,4 triệu"),
        (3_200, "3,2 nghìn"),
        (950, "950"),
        (999_960, "1 triệu"),
        (999_940, "999,9 nghìn"),
        (950_000, "950 nghìn"),
        (999, "999"),
        (1_500_000_000, "1,5 tỷ"),
    ],
)
def test_short_numbers_are_in_words(value, written):
    assert VI.short(value) == written


def test_dates_months_and_quarters():
    assert VI.day(date(2020, 12, 31)) == "31/12/2020"
    assert (VI.month("2020-12"), VI.month("2020-02")) == ("tháng 12/2020", "tháng 2/2020")
    assert VI.month_short("2020-02") == "02/2020"
    assert VI.quarter("2025-08") == "Quý III/2025"
    assert [VI.quarter(f"2025-{month:02d}")[4:-5] for month in (1, 3, 4, 12)] == ["I", "I", "II", "IV"]
    assert (EN.month("2020-12"), EN.month_short("2020-02"), EN.quarter("2025-08")) == (
        "December 2020",
        "Feb 2020",
        "Q3 2025",
    )


def test_ranks_state_their_ties():
    assert VI.rank(3, 63) == "3/63"
    assert VI.rank(3, 63, tied=True) == "3=/63"
    assert VI.part_of(58, 63) == "58/63"


@pytest.mark.parametrize("missing", [None, -1])
def test_an_unknown_count_is_said_and_never_blank_or_zero(missing):
    assert VI.count(missing) == VI.people(missing) == "chưa có dữ liệu"


@pytest.mark.parametrize("missing", [None, float("nan"), Decimal("NaN")])
def test_an_unknown_rate_is_said(missing):
    assert VI.rate(missing) == VI.points(missing) == VI.short(missing) == "chưa có dữ liệu"
    assert VI.day(None) == VI.rank(None, 63) == VI.change(None) == "chưa có dữ liệu"


def test_rules_and_classes_say_who_owns_the_edge():
    assert VI.rule(Decimal(85), ">=") == "từ 85%"
    assert VI.rule(Decimal(90), ">") == "trên 90%"
    d60, d85, d90, d100 = map(Decimal, (60, 85, 90, 100))
    assert VI.class_range(None, False, d60, False) == "dưới 60%"
    assert VI.class_range(d85, True, d90, False) == "từ 85% đến dưới 90%"
    assert VI.class_range(d90, True, d100, True) == "từ 90% đến 100%"
    assert VI.class_range(d85, True, d90, True) == "từ 85% đến 90%"
    assert VI.class_range(d90, False, d100, False) == "trên 90% đến dưới 100%"
    assert VI.class_range(d100, False, None, False) == "trên 100%"
    assert VI.class_range(d100, True, d100, True) == "đúng 100%"
    assert VI.class_tag(d85, True, d90, False) == "85 – <90"
    assert VI.class_tag(d90, False, d100, True) == ">90 – 100"
    with pytest.raises(ValueError):
        VI.class_range(None, False, None, False)
