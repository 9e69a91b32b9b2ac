"""Strip and funnel: a dot per known unit, in the right place and colour, names escaped, the selected one last."""

import re
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from charts import palette
from charts.funnel import draw_funnel, round_numbers
from charts.strip import draw_strip
from indicators.classes import class_edges
from indicators.funnel import funnel_limits, load_deviations
from indicators.rules import Threshold
from text.formats import Formats
from text.words import Words

LINE = Threshold(Decimal(85), ">=")
EDGES = class_edges(LINE)
SAID = {"words": Words("vi"), "formats": Formats("vi")}
UNITS = pd.DataFrame(
    {
        "unit_code": ["00001", "00002", "00003", "00004"],
        "label": ["Xã Một", "Xã <Hai>", "Xã Ba", "Xã Bốn"],
        "insured": [850, 8499, 1100, -1],
        "population": [1000, 10_000, 1000, 500],
    }
)


def dots_of(markup: str) -> dict[str, tuple[float, float]]:
    found = re.findall(r'<circle cx="([\d.]+)%" cy="([\d.]+)" r="\d+"[^>]*data-value="(\d+)"', markup)
    return {code: (float(x), float(y)) for x, y, code in found}


@pytest.mark.parametrize("draw", [draw_strip, draw_funnel])
def test_each_known_unit_is_a_dot_and_an_unknown_one_is_none(draw):
    markup = draw(UNITS, EDGES, LINE, **SAID)
    assert set(dots_of(markup)) == {"00001", "00002", "00003"}
    assert "Xã &lt;Hai&gt;: 84,99%; 8.499/10.000 người" in markup and "<Hai>" not in markup


def test_a_strip_places_rates_across_and_a_unit_stays_at_its_height():
    dots = dots_of(draw_strip(UNITS, EDGES, LINE, **SAID))
    line = float(re.search(r'<rect x="([\d.]+)%"', draw_strip(UNITS, EDGES, LINE, **SAID))[1])
    assert dots["00002"][0] < line == dots["00001"][0] < dots["00003"][0] <= 98
    later = dots_of(draw_strip(UNITS.assign(insured=[900, 9000, 1000, 400]), EDGES, LINE, **SAID))
    assert all(later[code][1] == y for code, (_, y) in dots.items())


def test_a_funnel_places_residents_across_and_rates_up():
    dots = dots_of(draw_funnel(UNITS, EDGES, LINE, **SAID))
    assert dots["00001"][0] == dots["00003"][0] < dots["00002"][0]
    assert dots["00003"][1] < dots["00001"][1] <= dots["00002"][1]


def test_the_selected_unit_is_drawn_last_with_its_figures():
    markup = draw_strip(UNITS, EDGES, LINE, selected="00002", **SAID)
    assert list(dots_of(markup))[-1] == "00002" and palette.SELECTED in markup
    assert re.search(r"<text[^>]*>Xã &lt;Hai&gt; 84,99%</text>", markup)
    assert palette.SELECTED not in draw_strip(UNITS, EDGES, LINE, **SAID)


def test_colours_are_those_of_the_classes():
    markup = draw_strip(UNITS, EDGES, LINE, **SAID)
    groups = re.findall(r'<g fill="(#\w+)">(.*?)</g>', markup)
    colours = {code: colour for colour, group in groups for code in re.findall(r'data-value="(\d+)"', group)}
    below = EDGES.below_count
    expected = palette.class_colours(EDGES)
    assert colours == {"00001": expected[below], "00002": expected[below - 1], "00003": expected[-1]}


@pytest.mark.parametrize("draw", [draw_strip, draw_funnel])
def test_without_a_threshold_nothing_is_judged_and_without_figures_nothing_drawn(draw):
    plain = draw(UNITS, class_edges(None), None, **SAID)
    assert dots_of(plain) and "85%" not in re.sub(r"<title>.*?</title>|aria-label=\"[^\"]*\"", "", plain)
    assert draw(UNITS.assign(insured=-1), EDGES, LINE, **SAID) == ""


def test_limits_narrow_with_residents_and_know_no_spread_at_100():
    residents = np.array([400, 40_000, -1, 0])
    low, high = funnel_limits(residents, Decimal(85), Decimal("1.96"))
    spread = 1.96 * (85 * 15 / 400) ** 0.5
    assert high[0] - 85 == pytest.approx(85 - low[0]) == pytest.approx(spread)
    assert high[1] - low[1] == pytest.approx(2 * spread / 10)
    assert np.isnan(low[2:]).all() and np.isnan(high[2:]).all()
    assert funnel_limits([50], Decimal(100), Decimal(3)) == (100.0, 100.0)
    assert list(load_deviations()) == sorted(load_deviations())


def test_ticks_are_round_numbers_and_never_too_many():
    assert round_numbers(900, 21_000) == [1000, 2000, 5000, 10_000, 20_000]
    assert round_numbers(1, 10**6) == [1, 10, 100, 1000, 10_000, 100_000, 1_000_000]
