"""The trends page says pace, breaks, estimates and published figures in words."""

from collections.abc import Callable
from pathlib import Path

import pytest
from screen import PROJECT_ROOT, open_page, read_page

from data.settings import Settings
from text.words import Words

PAGE = PROJECT_ROOT / "pages" / "trends.py"
VI = Words("vi")


@pytest.fixture(autouse=True)
def on_the_small_store(use_store: Callable[[Path], None], small_settings: Settings) -> None:
    use_store(small_settings.var_directory)


def test_from_the_deadline_on_the_page_says_met_and_shows_no_pace():
    screen = read_page(PAGE)
    assert screen.headline() == "Cả nước bao phủ 90,2% ở tháng 12/2020, đã đạt mục tiêu trên 90%"
    assert VI.say("projection.none_deadline") in screen.text


def test_too_few_quarters_are_said_as_such():
    assert "chưa đủ 5 quý số liệu" in read_page(PAGE, period="2020-11", unit="38").headline()


def test_every_break_of_the_series_is_named():
    text = read_page(PAGE).text
    for said in ("Ngưỡng cấp xã đổi từ 70% sang 85%", "861/QĐ-TTg", "bỏ cấp huyện", "Tổng điều tra dân số 01/4/2019"):
        assert said in text


def test_published_and_computed_stand_beside_each_other_with_the_population_of_each():
    text = read_page(PAGE).text
    assert "90,85%" in text and "96.829.939" in text and "90,15%" in text and "+0,70 điểm %" in text


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize(
    "address",
    [
        {"unit": "380"},
        {"unit": "38", "span": "all"},
        {"period": "2026-02"},
        {"boundaries": "2025-07", "unit": "02", "span": "all"},
        {"units": "38.14818.380.VN.01", "span": "all", "order": "name"},
        {"programme": "2010-2015"},
    ],
    ids=str,
)
def test_the_page_opens_at_every_kind_of_address(address: dict[str, str], lang: str):
    screen = read_page(PAGE, lang=lang, **address)
    assert screen.headline() and "{" not in screen.text
    assert not [word for word in ("nan", "NaN", "None") if word in screen.text.split()]


def test_an_old_commune_after_the_reform_is_marked_as_estimated():
    screen = read_page(PAGE, units="14818.VN", span="all")
    assert VI.say("trends.estimated_note") in screen.text
    assert "(ước tính)" in screen.text


@pytest.mark.parametrize("units", ["99999", "38.38", "../x", "."])
def test_nonsense_units_are_replaced_and_said(units: str):
    assert VI.say("error.address_choice", value=units) in read_page(PAGE, units=units).text


def test_a_store_without_months_shows_what_was_published(use_store: Callable[[Path], None], empty_settings: Settings):
    use_store(empty_settings.var_directory)
    screen = open_page(PAGE)
    assert screen.headline().startswith("Bao phủ cả nước đã công bố: từ 60,3% (2010)")
    assert screen.has("plotly_chart")


def test_of_a_district_the_pace_speaks_of_its_rate_and_never_of_meeting():
    """A district meets when every commune of it does (decision 12), which its rate cannot say."""
    screen = read_page(PAGE, unit="380")
    assert "đã đạt mục tiêu" not in screen.headline() and "huyện đạt khi mọi xã đạt" in screen.text
    assert screen.figure(VI.say("pace.status")).split()[:2] == ["tỷ", "lệ"]
