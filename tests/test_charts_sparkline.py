"""A sparkline: months as places, gaps as gaps, names escaped, nothing drawn where nothing is known."""

import re

import pandas as pd

from charts.sparkline import draw_sparkline

MONTHS = ["2020-01", "2020-02", "2020-03", "2020-04", "2020-05"]


def lines_of(markup: str) -> list[list[tuple[float, float]]]:
    return [
        [tuple(float(part) for part in point.split(",")) for point in points.split()]
        for points in re.findall(r'points="([^"]+)"', markup)
    ]


def test_a_missing_month_is_a_gap_and_a_month_alone_a_dot():
    values = pd.Series([80.0, 81.0, None, 83.0], index=MONTHS[:4])
    markup = draw_sparkline(values, "x", months=MONTHS, has_dot=False)
    lines = lines_of(markup)
    assert [len(line) for line in lines] == [2] and markup.count("<circle") == 1
    assert lines[0][0][1] > lines[0][1][1], "higher values stand higher"
    assert float(re.search(r'cx="([\d.]+)"', markup)[1]) < 96, "the months after the last value keep their room"


def test_one_scale_makes_sparklines_comparable():
    high, low = (draw_sparkline(pd.Series([v, v], index=MONTHS[:2]), "x", low=0, high=100) for v in (90.0, 50.0))
    assert lines_of(high)[0][0][1] < lines_of(low)[0][0][1]


def test_the_threshold_is_a_line_and_the_label_is_escaped():
    markup = draw_sparkline(pd.Series([80.0, 90.0], index=MONTHS[:2]), 'a "<b>"', threshold=85.0)
    assert markup.count("<line") == 1 and "<b>" not in markup
    assert markup.count("a &quot;&lt;b&gt;&quot;") == 2


def test_nothing_known_is_nothing_drawn():
    assert draw_sparkline(pd.Series([None, None], index=MONTHS[:2], dtype=float), "x") == ""
