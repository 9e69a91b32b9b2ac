"""The map on paper: each unit has its colour, the archipelagos are there, and nothing outside the units is filled."""

import json
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
import shapely

from charts.coverage_map.picture import Picture, draw_picture
from geo.arc_reader import read_arc_file
from geo.units import SETS_DIR, map_order

OUTLINES = SETS_DIR.parent.parent / "static" / "outlines"
MANIFEST = json.loads((OUTLINES / "manifest.json").read_text("utf-8"))["2019-10"]
NAMES = {key: key for key in ("ha_noi", "hai_phong", "da_nang", "hoang_sa", "truong_sa", "ho_chi_minh", "can_tho")}
COLOURS = ("red", "green", "blue", "gold")
SVG = "{http://www.w3.org/2000/svg}"
# What every reader of SVG takes: a step sign is never left without a step.
PATH = re.compile(r"M-?\d+,-?\d+(l-?\d+,-?\d+( -?\d+,-?\d+)*)?")
ORDER = map_order("2019-10", "commune")


def paths_by_colour(svg: str) -> dict[str, shapely.Geometry]:
    """The filled areas of the main map (the first group), in pixels."""
    group = ET.fromstring(svg).find(f"{SVG}g")
    areas = {}
    for path in group.findall(f"{SVG}path"):
        if path.get("fill-rule") != "evenodd":
            continue
        rings = []
        for part in path.get("d").split("Z"):
            if not part:
                continue
            assert PATH.fullmatch(part), part[:80]
            pairs = re.findall(r"-?\d+,-?\d+", part)
            rings.append(np.cumsum([[int(n) for n in pair.split(",")] for pair in pairs], axis=0) / 10)
        area = shapely.Polygon()
        for ring in rings:
            if len(ring) > 2:
                area = area.symmetric_difference(shapely.make_valid(shapely.Polygon(ring)))
        areas[path.get("fill")] = area
    return areas


@pytest.fixture(scope="module")
def thanh_hoa():
    colours = [COLOURS[number % 4] for number in range(len(ORDER))]
    outlines = OUTLINES / MANIFEST["scopes"]["38"]
    return read_arc_file(outlines), draw_picture(Picture(outlines, colours, NAMES), 900, 800, "Thanh Hóa")


def test_the_middle_of_every_commune_has_the_colour_of_the_commune_and_no_other(thanh_hoa):
    file, svg = thanh_hoa
    areas = paths_by_colour(svg)
    west, south, east, north = file.header["frame"]
    scale = min(900 / (east - west), 800 / (north - south))
    wrong = 0
    for unit, (x, y) in zip(file.units.tolist(), file.points.tolist(), strict=True):
        spot = shapely.Point(450 + (x - (west + east) / 2) * scale, 400 - (y - (south + north) / 2) * scale)
        inside = [colour for colour, area in areas.items() if area.contains(spot)]
        wrong += inside != [COLOURS[unit % 4]]
    # Communes a few pixels across may lose their middle to the rounding to tenths of a pixel.
    assert wrong <= len(file.units) // 100
    assert len(file.units) > 500


def test_every_line_of_the_nation_can_be_read_by_any_reader_of_svg():
    svg = draw_picture(Picture(OUTLINES / MANIFEST["commune"], ["red"] * len(ORDER), NAMES), 520, 640, "Cả nước")
    for data in re.findall(r' d="([^"]*)"', svg):
        for part in re.split(r"Z|(?<=\d)(?=M)", data):
            assert not part or PATH.fullmatch(part), part[:80]


def test_a_unit_without_a_colour_is_not_filled():
    outlines = OUTLINES / MANIFEST["scopes"]["38"]
    svg = draw_picture(Picture(outlines, [None] * len(ORDER), NAMES), 900, 800, "Không")
    assert paths_by_colour(svg) == {}


def test_the_archipelagos_stand_beside_every_map_that_owns_one():
    colours = ["red"] * len(ORDER)
    for outlines, expected in (
        (MANIFEST["commune"], {"hoang_sa", "truong_sa"}),
        (MANIFEST["scopes"]["48"], {"hoang_sa"}),
        (MANIFEST["scopes"]["56"], {"truong_sa"}),
    ):
        svg = draw_picture(Picture(OUTLINES / outlines, colours, NAMES), 520, 640, "Bản đồ")
        said = {text.text for text in ET.fromstring(svg).iter(f"{SVG}text")}
        assert expected <= said
        assert len(list(ET.fromstring(svg).iter(f"{SVG}circle"))) > 10


def test_a_small_drawing_of_a_province_with_a_dense_city_has_no_box():
    colours = ["red"] * len(ORDER)
    svg = draw_picture(Picture(OUTLINES / MANIFEST["scopes"]["01"], colours, NAMES), 300, 275, "Hà Nội")
    assert NAMES["ha_noi"] not in svg and paths_by_colour(svg)


def test_circles_stand_on_the_units_and_names_are_escaped():
    outlines = OUTLINES / MANIFEST["scopes"]["38"]
    file = read_arc_file(outlines)
    picture = Picture(outlines, ["#eee"] * len(ORDER), NAMES, circles={int(file.units[0]): 6.0}, circle_colour="orange")
    root = ET.fromstring(draw_picture(picture, 400, 400, "<b>&"))
    assert root.find(f"{SVG}title").text == "<b>&"
    assert [circle.get("r") for circle in root.iter(f"{SVG}circle")] == ["6.0"]
