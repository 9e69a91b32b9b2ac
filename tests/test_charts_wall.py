"""The chart of a wall: thick lines, large words, and no value that was not given."""

import re

import numpy as np
import pandas as pd

from charts.palette import WALL_INK
from charts.wall import APART, STROKE, TYPE, WallLine, draw_wall_lines, place_words
from text.formats import Formats

MONTHS = [f"2020-{month:02d}" for month in range(1, 13)]


def a_line(values, name="bao phủ", goal=90.0):
    return WallLine(name, pd.Series(values, index=MONTHS, dtype=float), "90,2%", WALL_INK.coverage, goal, "trên 90%")


def test_a_gap_breaks_the_line_and_its_words_are_large():
    drawn = draw_wall_lines([a_line([80.0] * 5 + [np.nan] + [85.0] * 6)], "tỷ lệ", Formats("vi"))
    assert [len(points.split()) for points in re.findall(r'polyline points="([^"]+)"', drawn)] == [5, 6]
    assert f'stroke-width="{STROKE}"' in drawn and STROKE >= 4
    sizes = [int(size) for size in re.findall(r'font-size="(\d+)"', drawn)]
    assert min(sizes) == TYPE >= 24


def test_nothing_known_is_drawn_as_nothing_and_names_are_escaped():
    assert draw_wall_lines([a_line([np.nan] * 12)], "", Formats("vi")) == ""
    assert "<b>" not in draw_wall_lines([a_line([80.0] * 12, "<b>x")], "<b>", Formats("vi"))


def test_the_words_of_lines_that_end_together_do_not_lie_over_each_other():
    placed = place_words([100.0, 104.0, 90.0])
    assert min(abs(one - other) for one, other in ((placed[0], placed[1]), (placed[0], placed[2]))) >= 2 * APART - 1e-9
    assert placed[2] < placed[0] < placed[1], "the order of the lines stays"
