"""The trend as an object: its lines, gaps, goals, labels and marks."""

import json

import numpy as np
import pandas as pd
import pytest

from charts.palette import LIGHT
from charts.trend import CONFIG, Milestone, describe_trend, draw_trend, sketch_trend
from charts.vector import draw_svgs
from indicators.rules import load_programmes, periods_between, threshold_changes
from text.formats import Formats
from text.words import Words

PROGRAMMES = load_programmes()
SAY = {"words": Words("vi"), "formats": Formats("vi")}


def months_of(programme: str, **columns: object) -> pd.DataFrame:
    entry = PROGRAMMES[programme]
    periods = periods_between(entry.from_period, entry.to_period)
    share = np.linspace(0, 1, len(periods))
    frame = pd.DataFrame(
        {
            "period": periods,
            "coverage_pct": 81.5 + 8.7 * share,
            "communes_met_pct": 38 + 32.1 * share,
            "is_simulated": False,
        }
    )
    return frame.assign(**columns)


def draw(frame: pd.DataFrame, programme: str = "2016-2020", **more: object):
    return draw_trend(frame, PROGRAMMES[programme], **SAY, goals=PROGRAMMES[programme].goals, **more)


def trace(figure, name):
    return next(entry for entry in figure.data if entry.name == name)


def notes(figure, name):
    return [entry.text for entry in figure.layout.annotations if entry.name == name]


def test_both_series_run_over_every_month_of_the_programme():
    figure = draw(months_of("2016-2020"))
    for name in ("coverage", "communes_met"):
        line = trace(figure, name)
        assert len(line.x) == 60
        assert line.connectgaps is False
    assert trace(figure, "coverage").line.color == LIGHT.coverage


def test_an_unknown_month_is_a_gap_and_not_zero():
    frame = months_of("2016-2020")
    frame.loc[10, "coverage_pct"] = np.nan
    figure = draw(frame.drop(index=20))
    values = trace(figure, "coverage").y
    assert values[10] is None and values[20] is None
    assert trace(figure, "coverage").text[10] == "bao phủ, tháng 11/2016: chưa có dữ liệu"


def test_a_month_alone_between_gaps_has_a_dot_because_a_line_would_draw_nothing():
    frame = months_of("2016-2020")
    frame.loc[[9, 11], "coverage_pct"] = np.nan
    sizes = trace(draw(frame), "coverage").marker.size
    assert sizes[10] > 0 and sizes[9] == sizes[11] == sizes[5] == 0


def test_goals_are_dotted_and_named_on_the_line():
    figure = draw(months_of("2016-2020"))
    goals = {shape.name: shape for shape in figure.layout.shapes}
    assert goals["goal_coverage"].y0 == goals["goal_coverage"].y1 == 90
    assert goals["goal_communes_met"].y0 == 100
    assert {shape.line.dash for shape in goals.values()} == {"dot"}
    assert notes(figure, "goal_coverage") == ["mục tiêu: trên 90% (2020)"]
    assert notes(figure, "goal_communes_met") == ["mục tiêu: 100% số xã"]


def test_yearly_goals_are_steps_that_end_at_their_deadlines():
    figure = draw(months_of("2021-2025"), "2021-2025")
    steps = [(shape.x0, shape.x1, shape.y0) for shape in figure.layout.shapes if shape.name == "goal_coverage"]
    assert steps == [
        ("2021-01-01", "2022-12-01", 92.6),
        ("2022-12-01", "2023-12-01", 93.2),
        ("2023-12-01", "2024-12-01", 94.1),
        ("2024-12-01", "2025-12-01", 95.15),
    ]


def test_the_last_values_stand_at_the_ends_in_the_colour_of_their_series():
    figure = draw(months_of("2016-2020"))
    assert notes(figure, "end_coverage") == ["<b>90,2%</b><br>bao phủ"]
    assert notes(figure, "end_communes_met") == ["<b>70,1%</b><br>số xã đạt"]
    colours = {entry.name: entry.font.color for entry in figure.layout.annotations}
    assert colours["end_coverage"] == LIGHT.coverage
    assert colours["end_communes_met"] == LIGHT.communes_met


@pytest.mark.parametrize(("value", "written"), [(90.0, "90,0%"), (89.97, "89,97%"), (90.04, "90,04%")])
def test_a_last_value_is_never_rounded_across_its_goal(value, written):
    frame = months_of("2016-2020")
    frame.loc[59, "coverage_pct"] = value
    assert written in notes(draw(frame), "end_coverage")[0]


def test_labels_of_lines_that_end_together_are_pushed_apart():
    figure = draw(months_of("2016-2020", communes_met_pct=90.0))
    shifts = {entry.name: entry.yshift for entry in figure.layout.annotations if entry.name.startswith("end_")}
    assert shifts["end_coverage"] > 15 > -15 > shifts["end_communes_met"]


def test_published_figures_stand_beside_the_line_in_their_own_words():
    published = pd.DataFrame(
        {
            "period": ["2019-12", "2020-12", "2023-12"],
            "coverage_pct": [90.0, 90.85, 93.35],
            "wording": ["khoảng 90%", "", ""],
        }
    )
    marks = trace(draw(months_of("2016-2020"), published=published), "published")
    assert marks.mode == "markers"
    assert list(marks.y) == [90.0, 90.85]
    assert list(marks.text) == ["số công bố, tháng 12/2019: khoảng 90%", "số công bố, tháng 12/2020: 90,85%"]


def test_a_milestone_is_an_open_circle_and_is_left_out_where_nothing_is_known():
    milestone = Milestone("2018-12", "sơ kết 2018")
    frame = months_of("2016-2020")
    figure = draw(frame, milestones=[milestone])
    circle = trace(figure, "milestone")
    assert circle.marker.color == LIGHT.ground
    assert circle.y[0] == frame.loc[35, "communes_met_pct"]
    assert notes(figure, "milestone") == ["sơ kết 2018"]
    frame.loc[35, "communes_met_pct"] = np.nan
    assert "milestone" not in [entry.name for entry in draw(frame, milestones=[milestone]).data]


def test_the_share_of_communes_breaks_where_the_threshold_or_the_boundaries_change():
    changes = threshold_changes(PROGRAMMES["2021-2025"])
    figure = draw(months_of("2021-2025"), "2021-2025", threshold_changes=changes, boundary_changes=["2025-07"])
    line = trace(figure, "communes_met")
    assert [x for x, y in zip(line.x, line.y, strict=True) if y is None] == ["2022-03-01", "2025-07-01"]
    assert None not in trace(figure, "coverage").y
    assert notes(figure, "change") == ["ngưỡng 85% đổi thành 90%", "ranh giới mới"]


def test_simulated_figures_are_marked_on_the_figure():
    assert notes(draw(months_of("2016-2020")), "simulated") == []
    figure = draw(months_of("2016-2020", is_simulated=True))
    assert notes(figure, "simulated") == ["có số mô phỏng"]
    assert figure.layout.meta == {"simulated": True}


def test_the_chosen_period_is_marked_on_both_lines():
    figure = draw(months_of("2016-2020"), selected="2019-06")
    assert [shape.x0 for shape in figure.layout.shapes if shape.name == "selected"] == ["2019-06-01"]
    assert trace(figure, "coverage").marker.size[41] > 0


def test_an_empty_store_says_that_there_is_nothing_yet():
    empty = months_of("2016-2020").iloc[:0]
    assert notes(draw(empty), "empty") == ["chưa có dữ liệu"]
    assert describe_trend(empty, PROGRAMMES["2016-2020"], **SAY) == SAY["words"].say("trend.alt_empty")


def test_the_sentence_behind_the_chart_says_the_same_as_its_labels():
    said = describe_trend(months_of("2016-2020"), PROGRAMMES["2016-2020"], **SAY, goals=PROGRAMMES["2016-2020"].goals)
    assert said == (
        "Đường theo tháng từ tháng 1/2016 đến tháng 12/2020: bao phủ từ 81,5% đến 90,2%; số xã đạt từ 38,0% đến 70,1%."
    )


def test_letters_are_large_enough_and_nothing_english_or_movable_remains():
    figure = draw(months_of("2016-2020", is_simulated=True), selected="2019-06")
    text = json.loads(figure.to_json())
    sizes = [note["font"]["size"] for note in text["layout"]["annotations"]] + [text["layout"]["font"]["size"]]
    assert min(sizes) >= 14
    assert figure.layout.xaxis.fixedrange and figure.layout.yaxis.fixedrange
    assert CONFIG["displayModeBar"] is False
    assert list(figure.layout.xaxis.ticktext) == ["2016", "2017", "2018", "2019", "2020"]
    assert figure.layout.yaxis.ticktext[-1] == "100%"
    assert all(entry.hovertemplate == "%{text}<extra></extra>" for entry in figure.data)


def test_a_chart_that_rests_is_drawn_alike_with_and_without_plotly():
    frame = months_of("2016-2020", is_simulated=True)
    look = {**SAY, "goals": PROGRAMMES["2016-2020"].goals, "selected": "2019-06"}
    figure, sheet = (make(frame, PROGRAMMES["2016-2020"], **look) for make in (draw_trend, sketch_trend))
    silent = sketch_trend(frame, PROGRAMMES["2016-2020"], **look, has_hover=False)
    drawn = [draw_svgs(each, (340, 600), title="x") for each in (figure, sheet, silent)]
    assert drawn[0] == drawn[1] == drawn[2] and drawn[0][0] != drawn[0][1]
