"""The charts of the trends page as objects: marks, fan, pace line, colours, small lines."""

import itertools
import re
from datetime import date
from decimal import Decimal

import pytest
from test_charts_trend import months_of

from charts import palette
from charts.compare import UnitLine, draw_comparison
from charts.projection import Projection, draw_projection
from charts.small_multiples import HEIGHT, SmallLine, draw_small, share_scale
from charts.trend import draw_trend
from charts.trend_marks import Mark, place_lanes
from indicators.rules import Goal, Programme, load_programmes, periods_between, threshold_in_force
from text.formats import Formats
from text.words import Words

SAY = {"words": Words("vi"), "formats": Formats("vi")}
MONTHS = periods_between("2019-01", "2020-12")
THRESHOLD = threshold_in_force(load_programmes()["2016-2020"], "2020-12")
GOAL = Goal("coverage", Decimal(90), ">", date(2020, 12, 31))


def named(figure, name):
    return [trace for trace in figure.data if trace.name == name]


def test_marks_close_to_each_other_stand_in_lanes():
    marks = [Mark("2020-01", "1"), Mark("2020-06", "2"), Mark("2021-08", "3"), Mark("2021-09", "4")]
    assert place_lanes(marks) == [0, 1, 0, 1]


def test_a_breaking_mark_tears_the_share_of_communes_and_not_the_coverage():
    span = Programme("all", "2010-01", "2030-12")
    frame = months_of("2016-2020")
    figure = draw_trend(frame, span, **SAY, marks=[Mark("2019-01", "1", True), Mark("2019-06", "2", False)])
    (communes,), (coverage,) = named(figure, "communes_met"), named(figure, "coverage")
    assert len(communes.x) == len(coverage.x) + 1
    assert [note.text for note in figure.layout.annotations if note.name == "mark"] == ["<b>1</b>", "<b>2</b>"]


def test_estimated_months_are_dashed_and_joined_to_the_known_ones():
    frame = months_of("2016-2020")
    frame["is_estimated"] = frame["period"] >= "2020-01"
    figure = draw_trend(frame, load_programmes()["2016-2020"], **SAY)
    (solid,), (dashed,) = named(figure, "coverage"), named(figure, "coverage_estimated")
    drawn = [x[:7] for x, y in zip(dashed.x, dashed.y, strict=True) if y is not None]
    assert drawn == ["2019-12", *periods_between("2020-01", "2020-12")]
    assert [y for x, y in zip(solid.x, solid.y, strict=True) if x >= "2020-01"] == [None] * 12
    assert dashed.line.dash == "dash"


def test_the_pace_line_runs_straight_from_the_last_figure_to_the_goal_at_its_deadline():
    rates = [80 + 0.3 * at for at in range(18)]
    ahead = ["2020-06", "2020-09", "2020-12"]
    shown = Projection(MONTHS[:18], rates, ahead, [85.1, 85.4, 85.6], [85.1, 86, 87], [85.1, 87, 88.5], GOAL)
    figure = draw_projection(shown, **SAY)
    (needed,) = named(figure, "needed")
    assert needed.x == ("2020-06-01", "2020-12-01") and needed.y == (rates[-1], 90.0)
    (fan,) = named(figure, "fan")
    assert fan.y[:3] == (85.1, 87, 88.5) and fan.y[3:] == (85.6, 85.4, 85.1)
    assert named(figure, "projected")[0].line.dash == "dash"


def test_a_unit_without_futures_has_no_fan():
    figure = draw_projection(Projection(MONTHS, [80.0] * 24, [], [], [], [], GOAL), **SAY)
    assert not named(figure, "fan") and not named(figure, "needed")


def test_four_units_have_colours_and_a_fifth_is_refused():
    lines = [UnitLine(f"Tỉnh {at}", [70.0 + at] * 24) for at in range(5)]
    figure = draw_comparison(MONTHS, lines[:4], lines[4:], THRESHOLD, [], **SAY)
    assert [trace.line.color for trace in figure.data] == [palette.QUIET_LINE, *palette.COMPARED]
    with pytest.raises(ValueError, match="at most"):
        draw_comparison(MONTHS, lines, [], THRESHOLD, [], **SAY)


def test_labels_at_the_ends_do_not_touch():
    lines = [UnitLine(f"Tỉnh {at}", [80.0 + at / 100] * 24) for at in range(4)]
    figure = draw_comparison(MONTHS, lines, [], None, [], **SAY)
    low, high = figure.layout.yaxis.range
    heights = sorted(note.y for note in figure.layout.annotations if note.name == "end")
    apart = min(b - a for a, b in itertools.pairwise(heights)) * (figure.layout.height - 40) / (high - low)
    assert apart > 36


def test_long_names_stand_whole_in_two_lines_above_the_axis():
    names = ["Phường Tân Tạo A", "Bà Rịa - Vũng Tàu", "Xã Đồng Vương", "Thừa Thiên Huế"]
    lines = [UnitLine(name, [*[99.0] * 23, 60.0 + at / 100]) for at, name in enumerate(names)]
    figure = draw_comparison(MONTHS, lines, [], None, [], **SAY)
    low, high = figure.layout.yaxis.range
    notes = sorted((note for note in figure.layout.annotations if note.name == "end"), key=lambda note: note.y)
    assert sorted(" ".join(note.text.split("<br>")[1:]) for note in notes) == sorted(names)
    assert all(len(line) < 14 for note in notes for line in note.text.split("<br>")[1:])
    px = (figure.layout.height - 40) / (high - low)
    assert (notes[0].y - low) * px >= 29 and all((b.y - a.y) * px > 56 for a, b in itertools.pairwise(notes))


def test_small_lines_share_one_scale_that_holds_every_rate_and_the_threshold():
    lines = [SmallLine([61.0, None, 99.0], [False] * 3), SmallLine([70.0, 71.0, 72.0], [False] * 3)]
    scale = share_scale(lines, 85.0)
    assert (scale.low, scale.high) == (60, 100)
    assert 0 < scale.y(99.0) < scale.y(85.0) < scale.y(61.0) < HEIGHT


def test_a_small_line_is_torn_at_a_gap_and_dashed_where_it_is_estimated():
    line = SmallLine([70.0, 71.0, None, 73.0, 74.0, 75.0], [False, False, False, False, True, True])
    svg = draw_small(line, share_scale([line], 85.0), "Tỉnh <A>")
    solid, dashed = (re.search(rf'd="([^"]*)"[^>]*stroke-width="2"{end}', svg)[1] for end in ("/>", " stroke-dash"))
    assert solid.count("M") == 1 and solid.count("L") == 1
    assert dashed.count("M") == 1 and dashed.count("L") == 2
    assert "Tỉnh &lt;A&gt;" in svg
