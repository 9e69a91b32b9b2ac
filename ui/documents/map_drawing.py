"""The map of a place for paper: the classes, colours and legend of the map on the screen, as a vector drawing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from charts import palette
from charts.coverage_map.picture import Picture, draw_picture, shape_of
from geo.units import map_order
from reports.figure import LegendItem
from ui import loaders
from ui.frame import Frame
from ui.map import MapFrame, build_legends
from ui.map_frame import build_map_frame

DISTINCT = 200  # codes from here on are kinds of absence
LOWEST, HIGHEST = 0.7, 1.75  # a drawing's height in parts of its width


@dataclass(frozen=True)
class MapDrawing:
    """The map of one place. `classes` and `absent` are its legend, each with its count of units."""

    svg: str
    height: float
    classes: tuple[LegendItem, ...]
    absent: tuple[LegendItem, ...]
    alt: str


def draw_place_map(page: Frame, subtitle: str, width: float, marked: str = "") -> MapDrawing | None:
    """The communes of the place of `page` by class; None where the outlines of its boundary set are missing. `marked` is a
    unit that is outlined."""
    frame = build_map_frame(page, subtitle)
    if frame is None:
        return None
    classes, absent = count_legend(page, frame)
    said = "; ".join(f"{item.label}: {item.count}" for item in (*classes, *absent))
    alt = page.words.say("brief.map_alt", subtitle=subtitle, counts=said)
    order = map_order(frame.boundary_set, frame.level)
    picture = Picture(
        find_file(frame.files["scope_outlines"] or frame.files["outlines"]),
        list_colours(frame),
        page.words.section("map.insets"),
        background=find_file(frame.files["background"]),
        selected=int(order.get_loc(marked)) if marked in order else None,
        focus=frame.focus,
    )
    height = min(max(width / shape_of(picture), LOWEST * width), HIGHEST * width)
    return MapDrawing(draw_picture(picture, width, height, alt), height, classes, absent, alt)


def find_file(address: str | None) -> Path | None:
    """The outline file behind an address of the map."""
    return loaders.find_outline_file(Path(address).name) if address else None


def list_colours(frame: MapFrame) -> list[str]:
    """A colour per unit in map order; what lies outside the place is quiet ground."""
    colours = palette.byte_colours(frame.edges)
    found = np.array([colours.get(code, "") for code in range(256)])[frame.classes]
    if frame.focus:
        outside = np.ones(len(found), dtype=bool)
        outside[list(frame.focus)] = False
        found[outside] = palette.MAP["neighbour"]
    return found.tolist()


def count_legend(page: Frame, frame: MapFrame) -> tuple[tuple[LegendItem, ...], tuple[LegendItem, ...]]:
    """The legend of the screen with its counts: the classes, then the kinds of absence that occur. Districts without
    communes and units outside the place are not counted."""
    inside = np.ones(len(frame.classes), dtype=bool)
    inside[list(frame.uncounted)] = False
    if frame.focus:
        inside &= np.isin(np.arange(len(inside)), frame.focus)
    if page.view.unit in page.catalogue.unit_levels[frame.boundary_set] and frame.scope != "VN":
        units = loaders.load_level(page.snapshot_id, frame.period, frame.boundary_set, frame.level)
        inside &= (units["province_code"] == frame.scope).to_numpy()
    counts = np.bincount(frame.classes[inside], minlength=256)
    drawn = set(frame.classes[list(frame.focus)].tolist()) if frame.focus else set()
    items = []
    for entry in build_legends(frame, page.words, page.formats)["classes"]:
        count = int(counts[entry["codes"]].sum())
        is_absence = entry["codes"][0] >= DISTINCT
        if count or not is_absence or drawn & set(entry["codes"]):
            written = page.formats.count(count) if count or not is_absence else ""
            items.append((is_absence, LegendItem(entry["colour"], entry["label"], written, bool(entry.get("edge")))))
    return tuple(item for absent, item in items if not absent), tuple(item for absent, item in items if absent)
