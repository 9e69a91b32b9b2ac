"""A figure drawn as SVG says what the figure says, at the place the figure says."""

import re
import xml.etree.ElementTree as ET

import plotly.graph_objects as go
import pytest

from charts.vector import draw_svg
from charts.vector_axes import UnsupportedFigure, nice_ticks

SVG = "{http://www.w3.org/2000/svg}"
LAYOUT = {
    "margin": {"l": 50, "r": 50, "t": 10, "b": 30},
    "xaxis": {"range": [0, 10], "tickvals": [0, 10], "ticktext": ["0", "10"]},
    "yaxis": {"range": [0, 100], "tickvals": [0, 100], "ticktext": ["0%", "100%"]},
}


def draw(*traces, **layout) -> ET.Element:
    return ET.fromstring(draw_svg(go.Figure(list(traces), layout=LAYOUT | layout), 200, 140, "hình"))


def texts(root: ET.Element) -> list[str]:
    return ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]


def test_a_line_runs_through_its_points_and_breaks_at_a_gap():
    root = draw(go.Scatter(x=[0, 5, 6, 10], y=[0, 50, None, 100], mode="lines", line={"color": "red"}))
    (line,) = root.iter(f"{SVG}polyline")
    assert line.get("points") == "50.00,110.00 100.00,60.00" and line.get("stroke") == "red"
    joined = draw(go.Scatter(x=[0, 6, 10], y=[0, None, 100], mode="lines", connectgaps=True))
    assert next(joined.iter(f"{SVG}polyline")).get("points") == "50.00,110.00 150.00,10.00"


def test_bars_start_at_zero_and_stack_where_the_figure_says_so():
    bars = [go.Bar(y=["Xã A", "Xã B"], x=[4, 10], orientation="h", marker={"color": c}) for c in ("red", "blue")]
    layout = {"barmode": "stack", "xaxis": {"range": [0, 20], "showticklabels": False}, "yaxis": {"type": "category"}}
    boxes = [
        (float(r.get("x")), float(r.get("width")), r.get("fill")) for r in draw(*bars, **layout).iter(f"{SVG}rect")
    ]
    assert boxes == [(50, 20, "red"), (50, 50, "red"), (70, 20, "blue"), (100, 50, "blue")]


def test_dates_logarithms_and_shares_of_the_plot_are_placed():
    dated = draw(
        go.Scatter(x=["2020-01-01", "2020-12-31"], y=[1, 100], mode="markers", marker={"size": 4}),
        xaxis={"range": ["2020-01-01", "2020-12-31"], "tickvals": ["2020-01-01"], "ticktext": ["2020"]},
        yaxis={"type": "log", "range": [0, 2], "tickvals": [10], "ticktext": ["10"]},
        shapes=[{"type": "line", "x0": "2020-07-01", "x1": "2020-07-01", "y0": 0, "y1": 1, "yref": "paper"}],
        annotations=[{"text": "giữa", "x": 0.5, "y": 0.5, "xref": "paper", "yref": "paper", "showarrow": False}],
    )
    circles = [(float(c.get("cx")), float(c.get("cy"))) for c in dated.iter(f"{SVG}circle")]
    assert circles == [(50, 110), (150, 10)]
    upright = next(line for line in dated.iter(f"{SVG}line") if line.get("x1") == line.get("x2"))
    assert (upright.get("y1"), upright.get("y2")) == ("110.00", "10.00")
    assert texts(dated) == ["2020", "10", "giữa"]


def test_text_keeps_its_lines_and_bold_parts_and_is_escaped():
    note = {"text": "<b>90,2%</b><br>R&D <xã>", "x": 5, "y": 50, "showarrow": False}
    root = draw(annotations=[note])
    text = list(root.iter(f"{SVG}text"))[-1]
    assert "".join(text.itertext()) == "90,2%R&D <xã>"
    assert [span.text for span in text.iter(f"{SVG}tspan") if span.get("font-weight") == "700"] == ["90,2%"]


def test_what_is_not_drawn_here_is_an_error_and_never_left_out():
    for figure in (
        go.Figure(go.Pie(values=[1, 2])),
        go.Figure(go.Scatter(x=[0.1, 0.7], y=[1, 2])),  # ticks that would need words
        go.Figure(
            go.Scatter(x=[1], y=[1]), layout={"shapes": [{"type": "circle", "x0": 0, "x1": 1, "y0": 0, "y1": 1}]}
        ),
    ):
        with pytest.raises(UnsupportedFigure):
            draw_svg(figure, 400, 300)


def test_ticks_are_round_and_inside():
    assert nice_ticks(0, 100) == [0, 20, 40, 60, 80, 100]
    assert all(3 <= tick <= 17 for tick in nice_ticks(3, 17))


def test_numbers_in_the_drawing_are_finite():
    root = ET.tostring(draw(go.Scatter(x=[0, 1], y=[float("nan"), 2], mode="lines+markers"))).decode()
    assert not re.search(r"\b(nan|inf)\b", root)


def test_a_series_of_one_month_stands_in_the_middle():
    months = {"range": ["2026-01-01"] * 2, "type": "date", "tickvals": ["2026-01-01"], "ticktext": ["2026"]}
    root = draw(go.Scatter(x=["2026-01-01"], y=[50], mode="markers", marker={"size": 4}), xaxis=months)
    (circle,) = root.iter(f"{SVG}circle")
    assert (float(circle.get("cx")), float(circle.get("cy"))) == (100, 60)
