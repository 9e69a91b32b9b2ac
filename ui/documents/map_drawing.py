"""The map of a place for paper: the classes, colours and legend of the map on the screen, as a vector drawing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from charts import palette
from charts.coverage_map.picture import Picture, draw_picture, fit_height, shape_of
from geo.units import map_order
from reports.figure import LegendItem
from text.names import lower_first
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
    return None if frame is None else draw_frame(page, frame, subtitle, width, marked)


def draw_frame(
    page: Frame, frame: MapFrame, subtitle: str, width: float, marked: str = "", *, is_fitted: bool = False
) -> MapDrawing:
    """Any map of the screen: its measure, legend and filter. `marked` is a unit that is outlined; `is_fitted`: as high as the
    map needs to fill the width beside its boxes."""
    entries = legend_entries(page, frame)
    classes, absent = count_legend(page, frame, entries)
    said = "; ".join(f"{item.label}: {item.count}" for item in (*classes, *absent))
    alt = page.words.say("brief.map_alt", subtitle=lower_first(subtitle), counts=said)
    order = map_order(frame.boundary_set, frame.level)
    circles = list_circles(frame, entries)
    picture = Picture(
        find_file(frame.files["scope_outlines"] or frame.files["outlines"]),
        list_colours(frame, entries),
        page.words.section("map.insets"),
        background=find_file(frame.files["background"]),
        circles=circles,
        circle_colour=palette.PEOPLE if circles else "",
        selected=int(order.get_loc(marked)) if marked in order else None,
        focus=frame.focus,
    )
    wanted = fit_height(picture, width) if is_fitted else width / shape_of(picture)
    height = min(max(wanted, LOWEST * width), HIGHEST * width)
    return MapDrawing(draw_picture(picture, width, height, alt), height, classes, absent, alt)


def legend_entries(page: Frame, frame: MapFrame) -> list[dict[str, Any]]:
    """The legend that the screen shows: classes from low to high, then the kinds of absence."""
    return (frame.legends or build_legends(frame, page.words, page.formats))[frame.legend]


def is_kept(frame: MapFrame, entry: dict[str, Any]) -> bool:
    """Whether the reader's filter keeps a class bright."""
    return not frame.filter or any(code in frame.filter for code in entry["codes"])


def list_circles(frame: MapFrame, entries: list[dict[str, Any]]) -> dict[int, float]:
    """Radius by unit, where the map draws counts."""
    radii = {
        code: entry["radius"]
        for entry in entries
        if is_kept(frame, entry)
        for code in entry["codes"]
        if entry.get("radius")
    }
    return {at: radii[code] for at, code in enumerate(frame.classes.tolist()) if code in radii}


def find_file(address: str | None) -> Path | None:
    """The outline file behind an address of the map."""
    return loaders.find_outline_file(Path(address).name) if address else None


def list_colours(frame: MapFrame, entries: list[dict[str, Any]]) -> list[str]:
    """A colour per unit in map order; a class that the filter dims is pale, and what lies outside the place quiet ground."""
    colours = dict.fromkeys(range(256), "")
    for entry in entries:
        colour = entry["colour"] if is_kept(frame, entry) else palette.MAP["dimmed"]
        # Counts are circles: the ground below them is quiet.
        colours |= dict.fromkeys(entry["codes"], palette.MAP["land"] if "radius" in entry else colour)
    found = np.array(list(colours.values()))[frame.classes]
    if frame.focus:
        outside = np.ones(len(found), dtype=bool)
        outside[list(frame.focus)] = False
        found[outside] = palette.MAP["neighbour"]
    return found.tolist()


def count_legend(
    page: Frame, frame: MapFrame, entries: list[dict[str, Any]]
) -> tuple[tuple[LegendItem, ...], tuple[LegendItem, ...]]:
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
    for entry in entries:
        count = int(counts[entry["codes"]].sum())
        is_absence = entry["codes"][0] >= DISTINCT
        if count or not is_absence or drawn & set(entry["codes"]):
            written = page.formats.count(count) if count or not is_absence else ""
            item = LegendItem(
                entry["colour"],
                entry["label"],
                written,
                bool(entry.get("edge")),
                entry.get("radius"),
                is_kept(frame, entry),
            )
            items.append((is_absence, item))
    return tuple(item for absent, item in items if not absent), tuple(item for absent, item in items if absent)
