"""The ranked list and the picture of small lines as drawings for files."""

import re
import xml.etree.ElementTree as ET

import pytest

from charts import palette
from charts.ranked_list import ListHead, RankedRow, draw_ranked_list
from charts.small_multiples import Scale, SmallCell, SmallLine, draw_grid
from text.formats import Formats

NAN = float("nan")
HEAD = ListHead("Hạng", "Đơn vị", "Bao phủ", "Diễn biến")
SVG = "{http://www.w3.org/2000/svg}"


def draw(*rows: RankedRow, width: int = 928) -> ET.Element:
    return ET.fromstring(draw_ranked_list(rows, HEAD, width, Formats("vi"), "Xếp hạng", top=100))


def bars(root: ET.Element, colour: str) -> list[float]:
    return [float(one.get("width")) for one in root.iter(f"{SVG}rect") if one.get("fill") == colour]


def test_bars_are_as_long_as_their_values_and_say_by_colour_whether_the_target_is_met():
    root = draw(
        RankedRow("1/3", "A", 80.0, "80,0%", 75.0, True, [79.0, 80.0]),
        RankedRow("2/3", "<b>&\x01", 40.0, "40,0%", 75.0, False, [NAN, 40.0]),
        RankedRow("3/3", "C", 20.0, "20,0%", None, None, [NAN, NAN]),
        RankedRow("–", "D", NAN, "chưa có dữ liệu", None, None, []),
    )
    (met,), (missed,), (free,) = (bars(root, one) for one in (palette.MET, palette.NOT_MET, palette.QUIET_LINE))
    assert (missed, free) == (pytest.approx(met / 2, abs=0.1), pytest.approx(met / 4, abs=0.1))
    said = [one.text for one in root.iter(f"{SVG}text")]
    assert "<b>&" in said and "chưa có dữ liệu" in said
    # A line of months with nothing known is none; one known month is a dot alone.
    assert len(list(root.iter(f"{SVG}circle"))) == 2
    assert "nan" not in ET.tostring(root, encoding="unicode").lower()


def test_a_narrow_list_leaves_the_months_out_and_nothing_beyond_its_edge():
    row = RankedRow("12=/63", "Thành phố Phan Rang - Tháp Chàm", 88.0, "88,0%", 90.0, False, [87.0, 88.0])
    root = draw(row, width=340)
    assert "Diễn biến" not in [one.text for one in root.iter(f"{SVG}text")]
    assert not list(root.iter(f"{SVG}polyline"))
    assert all(0 <= float(one.get("x", "0")) <= 340 for one in root.iter(f"{SVG}text"))


def test_small_lines_stand_in_rows_that_fit_the_width():
    cells = [
        SmallCell(f"Tỉnh {at}", "90,0%", SmallLine([80.0, 90.0], [False, False]), "đã đạt", palette.MET)
        for at in range(7)
    ]
    drawn = draw_grid(cells, Scale(60, 100, 85), 560, "Các tỉnh")
    spots = re.findall(r'translate\(([\d.]+) (\d+)\)" font', drawn)
    assert len(spots) == 7 and len({y for _, y in spots}) == 3
    assert max(float(x) for x, _ in spots) + 160 <= 560
