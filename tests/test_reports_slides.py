"""Slides hold native charts and tables with the figures they were given, notes, and the mark on every one."""

import io
from dataclasses import replace
from datetime import date

import pytest
from pptx import Presentation
from pptx.enum.chart import XL_CATEGORY_TYPE
from test_reports_figure import DRAWING, SAID  # the drawing of a map

from charts import palette
from reports.figure import make_figure
from reports.slide_charts import BarChart, LineChart, find_below
from reports.slide_room import measure, measure_columns, share_width
from reports.slide_tables import Table
from reports.slides import BigFigure, Picture, SlideContent, write_slides

MONTHS = [date(2020, month, 1) for month in range(1, 13)]
LINES = LineChart(
    MONTHS,
    [("bao phủ", [88.5 + month / 10 for month in range(11)] + [None], palette.MET)],
    '0.0"%"',
    goals=[("mục tiêu trên 90%", 90.0, palette.LIGHT.muted)],
    low=80,
    high=100,
    last=["89,5%"],
    alt="Biểu đồ đường",
)
BARS = BarChart(
    ["Tỉnh Nghệ An", "Tỉnh Sơn La"],
    [87710, 2940],
    "người còn thiếu",
    "#,##0",
    [palette.NOT_MET] * 2,
    ["87.710", "2.940"],
)
FIGURE = BigFigure("70,1%", "số xã", "mục tiêu 100%")
TABLE = Table(["Tỉnh", "Bao phủ"], [["Thanh Hóa", "89,6%"], ["=1+1", "91,2%"]], frozenset({1}), "Nơi thiếu", 0)


@pytest.fixture(scope="module")
def deck():
    picture = Picture(
        make_figure(DRAWING, "png", **SAID), "Bản đồ xã đạt", [(palette.MET, "đạt"), (palette.NOT_MET, "chưa đạt")]
    )
    contents = [
        SlideContent(
            "7 trong 10 xã đã đạt",
            "tháng 12/2020",
            "Nguồn",
            "Nguồn và cách tính",
            [BigFigure("70,1%", "số xã", "mục tiêu 100%")],
            [picture],
            remarks=["Một ghi chú"],
        ),
        SlideContent("Bao phủ đã qua mục tiêu", "cả nước", "Nguồn", "Ghi chú", parts=[LINES, BARS]),
        SlideContent("Nơi còn thiếu", "cả nước", "Nguồn", "Ghi chú", parts=[TABLE]),
    ]
    marked = [replace(content, simulated="số mô phỏng") for content in contents]
    return Presentation(io.BytesIO(write_slides(marked, title="Họp", lang="vi")))


def words_of(slide) -> list[str]:
    return [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]


def test_every_slide_is_wide_has_its_finding_its_notes_and_the_mark(deck):
    assert deck.slide_width / deck.slide_height == pytest.approx(16 / 9, rel=1e-3)
    assert [words_of(slide)[0] for slide in deck.slides] == [
        "7 trong 10 xã đã đạt", "Bao phủ đã qua mục tiêu", "Nơi còn thiếu"
    ]  # fmt: skip
    for slide in deck.slides:
        assert "số mô phỏng" in words_of(slide) and slide.notes_slide.notes_text_frame.text
        assert slide.shapes.title.text_frame.text == words_of(slide)[0], (
            "a title that outline view and screen readers know"
        )
    assert "Một ghi chú" in words_of(deck.slides[0])


def test_everything_lies_on_the_slide_and_has_words_for_a_screen_reader(deck):
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.left + shape.width <= deck.slide_width, shape.name
            assert shape.top >= 0 and shape.top + shape.height <= deck.slide_height, shape.name
            if shape.has_chart or shape.has_table:
                assert shape._element.nvGraphicFramePr.cNvPr.get("descr"), shape.name


def test_charts_are_native_and_hold_the_figures(deck):
    lines, bars = (shape.chart for shape in deck.slides[1].shapes if shape.has_chart)
    assert lines.category_axis.category_type == XL_CATEGORY_TYPE.TIME_SCALE
    assert list(lines.plots[0].categories) == [f"{(day - date(1899, 12, 30)).days}.0" for day in MONTHS]
    last = lines.plots[0].series[0].points[10].data_label.text_frame.text
    assert last == "89,5%", "the last value as the reader's language writes it"
    assert list(lines.plots[0].series[0].values)[:2] == [88.5, 88.6] and lines.plots[0].series[0].values[-1] is None
    assert set(lines.plots[0].series[1].values) == {90.0}
    assert list(bars.plots[0].series[0].values) == [87710, 2940]


def test_tables_are_native_and_names_stay_text(deck):
    (table,) = (shape.table for shape in deck.slides[2].shapes if shape.has_table)
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Tỉnh", "Bao phủ"], ["Thanh Hóa", "89,6%"], ["=1+1", "91,2%"]
    ]  # fmt: skip


def test_a_map_has_words_for_a_screen_reader(deck):
    (picture,) = (shape for shape in deck.slides[0].shapes if shape.shape_type == 13)
    assert picture._element.nvPicPr.cNvPr.get("descr") == "Bản đồ xã đạt"


def test_a_table_too_long_for_a_slide_is_refused():
    long = Table(["a"], [["x"]] * 13, frozenset())
    with pytest.raises(ValueError, match="12 rows"):
        write_slides([SlideContent("t", "", "", "n", parts=[long])], title="t", lang="vi")


def test_tables_side_by_side_are_set_in_one_size_that_keeps_figures_whole():
    cells = ["Bà Rịa - Vũng Tàu", "trên 95,15% đến 12/2025", "chậm hơn mức cần"]
    wide = Table(["Tỉnh, thành phố", "Mục tiêu", "Tiến độ"], [cells] * 6, frozenset())
    short = Table(["Tỉnh", "Bao phủ"], [["Hà Nội", "88,1%"]] * 6, frozenset({1}))
    deck = Presentation(
        io.BytesIO(write_slides([SlideContent("t", "", "", "n", parts=[wide, short])], title="t", lang="vi"))
    )
    sizes = {
        cell.text_frame.paragraphs[0].runs[0].font.size.pt
        for shape in deck.slides[0].shapes
        if shape.has_table
        for row in shape.table.rows
        for cell in row.cells
    }
    assert sizes == {12.0}


def test_no_word_of_a_table_is_broken_where_the_narrowest_column_gives_up_room():
    head = ["Rank", "Province", "Coverage", "Communes that meet", "Since Nov 2020"]
    rows = [["62/63", "Bà Rịa - Vũng Tàu", "86.7%", "57.4%", "+0.3 points"]] * 6
    needed, wanted = measure_columns(head, rows)
    for width in (sum(wanted) + 10, sum(wanted), (sum(wanted) + sum(needed)) / 2, sum(needed)):
        shared = share_width(needed, wanted, width)
        assert sum(shared) == pytest.approx(width)
        assert all(have >= need - 1e-9 for have, need in zip(shared, needed, strict=True))
    assert measure("Communes", is_bold=True) < needed[3] <= wanted[3] < measure("Communes that meet", is_bold=True)


def test_two_lines_that_end_close_to_each_other_are_written_above_and_below():
    def ends(*last: float | None) -> set[int]:
        return find_below(replace(LINES, series=[("a", [50.0, one], palette.MET) for one in last], low=None))

    assert ends(95.1, 90.4) == {1} and ends(90.4, 95.1) == {0} and ends(90.2, 70.7) == set()
    assert ends(90.0, 90.0) == {1} and ends(None, 50.0) == {1}, "a line that ends earlier ends where it ends"
