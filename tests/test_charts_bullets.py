"""Bullet rows: one axis from zero, the target a tick, colours that mean met, missed, or nothing to hold against."""

import re

from charts import palette
from charts.bullets import bullet_top, draw_bullet, draw_bullet_axis
from text.formats import Formats


def bar_of(markup: str) -> tuple[float, str]:
    width, colour = re.findall(r'<rect[^>]*width="([\d.]+)%" height="12" fill="(#\w+)"', markup)[1]
    return float(width), colour


def test_bar_and_tick_share_an_axis_from_zero():
    markup = draw_bullet(45.0, 90.0, False, "x")
    tick = float(re.search(r'<line x1="([\d.]+)%"', markup)[1])
    assert bar_of(markup) == (45.0, palette.NOT_MET) and tick == 90.0
    assert bar_of(draw_bullet(90.0, 80.0, True, "x", top=120.0)) == (75.0, palette.MET)


def test_without_a_target_there_is_no_tick_and_no_colour_of_judgement():
    markup = draw_bullet(45.0, None, None, "x")
    assert "<line" not in markup and bar_of(markup)[1] not in (palette.MET, palette.NOT_MET)


def test_without_a_value_there_is_no_bar_and_names_are_escaped():
    markup = draw_bullet(float("nan"), 90.0, None, "<b>")
    assert markup.count("<rect") == 1 and "<b>" not in markup


def test_the_axis_grows_past_100_for_rates_that_do():
    assert bullet_top([90.0, float("nan")]) == 100.0 and bullet_top([101.2]) == 105.0
    assert draw_bullet_axis(Formats("vi")).count("<text") == 3
