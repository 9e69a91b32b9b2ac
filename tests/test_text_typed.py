"""Percentages as readers type them."""

from decimal import Decimal

import pytest

from text.typed import read_percent


@pytest.mark.parametrize(
    ("text", "value", "operator"),
    [
        ("90", "90", None),
        (" 90,5 % ", "90.5", None),
        ("90.25", "90.25", None),
        ("trên 90%", "90", ">"),
        ("từ 92,6", "92.6", ">="),
        (">=85", "85", ">="),
        ("> 93", "93", ">"),
        ("100", "100", None),
        ("0,5", "0.5", None),
    ],
)
def test_vietnamese_and_english_writing_is_read(text, value, operator):
    assert read_percent(text) == (Decimal(value), operator)


@pytest.mark.parametrize("text", ["", "0", "0,0", "100,01", "101", "-5", "90,12345", "chín mươi", "9 0", "9e1", "²"])
def test_anything_else_is_refused(text):
    assert read_percent(text) is None
