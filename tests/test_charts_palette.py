"""Colours: readable, told apart without colour, and never looking met where nothing is judged."""

from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from charts import palette
from indicators.classes import class_edges
from indicators.rules import Threshold

ROOT = Path(__file__).resolve().parent.parent
EDGES = class_edges(Threshold(Decimal(85), ">="))
UNJUDGED = class_edges(Threshold(Decimal(90), ">="), in_force=False)


def test_the_contrast_measure_knows_black_on_white():
    assert palette.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert palette.lightness("#ffffff") == pytest.approx(100)


@pytest.mark.parametrize("ink", [palette.LIGHT, palette.DARK])
@pytest.mark.parametrize("name", ["text", "muted", "coverage", "communes_met"])
def test_text_colours_reach_the_contrast_of_text(ink, name):
    assert palette.contrast(getattr(ink, name), ink.ground) >= 4.5


@pytest.mark.parametrize(
    "colours",
    [
        palette.class_colours(EDGES),
        palette.class_colours(EDGES, "print"),
        palette.class_colours(UNJUDGED),
        palette.CHANGE,
        (palette.MET, palette.NOT_MET, palette.ABSENCE[255]),
    ],
)
def test_neighbouring_classes_differ_in_lightness(colours):
    assert len(colours) == len(set(colours))
    for first, second in pairwise(colours):
        assert abs(palette.lightness(first) - palette.lightness(second)) >= 3.5


def test_a_black_and_white_print_grows_darker_with_the_rate():
    for edges, medium in ((EDGES, "print"), (UNJUDGED, "screen")):
        levels = [palette.lightness(colour) for colour in palette.class_colours(edges, medium)]
        assert levels == sorted(levels, reverse=True)


def is_blue(colour):
    red, _, blue = palette.channels(colour)
    return blue > red


def test_blue_means_met_and_only_met():
    colours = palette.class_colours(EDGES)
    assert [is_blue(colour) for colour in colours] == [False] * EDGES.below_count + [True] * 3
    assert is_blue(palette.binary_colours()[1])
    assert not is_blue(palette.binary_colours()[0])
    judged = {*colours, *palette.class_colours(EDGES, "print")}
    assert not judged & set(palette.class_colours(UNJUDGED))


@pytest.mark.parametrize("value", ["30", "70", "85", "90", "93", "95.15", "99", "100"])
@pytest.mark.parametrize("operator", [">=", ">"])
def test_there_is_a_colour_for_every_class_of_every_threshold(value, operator):
    edges = class_edges(Threshold(Decimal(value), operator))
    colours = palette.class_colours(edges)
    assert len(colours) == edges.class_count == len(set(colours))
    assert set(palette.byte_colours(edges)) == {*range(edges.class_count), 252, 253, 254, 255}


def test_text_on_a_class_is_readable():
    for colour in palette.class_colours(EDGES):
        assert palette.contrast(palette.text_on(colour), colour) >= 4.5


def test_the_other_chart_modules_write_no_colour():
    for path in (ROOT / "charts").glob("*.py"):
        if path.name != "palette.py":
            assert '"#' not in path.read_text(encoding="utf-8"), path.name


@pytest.mark.parametrize(("ink", "ground"), palette.WALL_TEXT)
def test_a_washed_out_projector_leaves_the_text_of_meeting_mode_readable(ink, ground):
    washed = [palette.wash_out(palette.WALL[name]) for name in (ink, ground)]
    assert palette.contrast(*washed) >= 3, "large text needs 3:1"


def test_washing_out_halves_the_way_to_grey():
    assert palette.wash_out("#000000") == "#404040"
    assert palette.wash_out("#ffffff") == "#bfbfbf"
    assert palette.contrast(palette.wash_out("#8a8a8a"), palette.wash_out("#ffffff")) < 3, "the test can fail"


def test_met_not_met_and_paper_stay_apart_on_a_washed_out_projector():
    """Three fills share a contrast of 5.5 at most: each step keeps its part of it."""
    steps = [palette.wash_out(colour) for colour in ("#ffffff", palette.WALL_MAP["not_met"], palette.WALL_MAP["met"])]
    for first, second in pairwise(steps):
        assert palette.contrast(first, second) >= 1.7


def test_the_steps_of_a_wall_map_without_a_threshold_are_not_blue_and_grow_darker():
    levels = [palette.lightness(colour) for colour in palette.WALL_STEPS]
    assert levels == sorted(levels, reverse=True) and len(levels) <= 4
    assert not set(palette.WALL_STEPS) & set(palette.class_colours(EDGES))


@pytest.mark.parametrize("name", ["text", "muted", "coverage", "communes_met"])
def test_the_words_of_a_wall_chart_stay_readable_too(name):
    ink = palette.WALL_INK
    assert palette.contrast(palette.wash_out(getattr(ink, name)), palette.wash_out(ink.ground)) >= 3


TEXTS = [
    *((ink, ground) for ink in ("ink", "muted", "accent", "error") for ground in ("ground",)),
    *((ink, "selected-fill") for ink in ("ink", "accent", "muted")),
    ("ink", "notice-fill"), ("ink", "error-fill"), ("notice-ink", "ground"), ("ground", "accent"), ("faint", "ground"),
]  # fmt: skip


@pytest.mark.parametrize("page", [palette.PAGE, palette.PAGE_DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXTS)
def test_every_text_of_the_pages_reaches_the_contrast_of_text_on_its_ground(ink, ground, page):
    least = 4 if ink == "faint" else 4.5  # what is out of use need not be read
    assert palette.contrast(page[ink], page[ground]) >= least


def test_a_dark_page_has_every_colour_of_the_light_one_and_its_controls_and_marks_are_seen():
    page = palette.PAGE_DARK
    assert page.keys() == palette.PAGE.keys()
    assert palette.lightness(page["ground"]) < 15 < 85 < palette.lightness(page["ink"])
    seen = [
        "edge",
        "accent",
        "error",
        "notice",
    ]  # outlines of controls, focus rings, arrows, the mark of simulated data
    assert {name: found for name in seen if (found := palette.contrast(page[name], page["ground"])) < 3} == {}
    # A figure's paper, and the ring around a swatch, stand out from the page.
    assert palette.contrast(palette.LIGHT.ground, page["ground"]) >= 3


@pytest.mark.parametrize(
    "colour",
    [*palette.COMPARED, palette.MET, palette.PEOPLE, palette.LIGHT.coverage, palette.LIGHT.communes_met, palette.OUTLINE,
     palette.SELECTED, palette.PAGE["edge"], palette.MAP["frame"], palette.STATUS["met"], palette.STATUS["slow"],
     palette.STATUS["falling"], palette.PRIORITY["low_many"], palette.PRIORITY["low_few"]],
)  # fmt: skip
def test_lines_marks_and_edges_of_controls_reach_the_contrast_of_graphics(colour):
    assert palette.contrast(colour, palette.LIGHT.ground) >= 3


def test_a_pale_fill_never_stands_alone():
    """Colours below 3:1 on white are fills with an outline or with the word beside them (met, not met, the status)."""
    alone = {palette.STATUS["on_track"], palette.STATUS["speed_up"], palette.NOT_MET, palette.SIMULATED_MARK}
    assert all(1.5 < palette.contrast(colour, palette.LIGHT.ground) < 3 for colour in alone)
    assert palette.contrast(palette.OUTLINE, palette.LIGHT.ground) >= 3
