"""Boxes around units on the grid of an arc file, and the part of the map that shows some of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from geo.arc_reader import ArcFile

MARGIN = 0.04  # of the longer side, around the units in view
GAP, LABEL_BELOW, NARROW = 8.0, 18.0, 320.0
# Boxes beside the national map, top to bottom; where a set has none of a row, the row is left out.
ROWS = (("ha_noi", "hai_phong"), ("da_nang", "hoang_sa"), ("truong_sa",), ("ho_chi_minh", "can_tho"))

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Scene:
    """What the main drawing shows (west, south, east, north) and which boxes stand beside it. `is_islands`: the main
    drawing is an archipelago, whose islands are drawn as dots.
    """

    box: Box
    insets: Sequence[Mapping[str, object]]
    is_islands: bool = False


def whole_scene(file: ArcFile) -> Scene:
    return Scene(tuple(file.header["frame"]), file.header["insets"])


def find_scene(file: ArcFile, places: Sequence[int]) -> Scene:
    """The part that shows the units `places` (by index); the archipelagos among them in their boxes, or alone on the main
    drawing where there is nothing else. The whole map where none of them lies in the file.
    """
    low, high = box_of_units(file)
    wanted = np.zeros(len(low), bool)
    wanted[list(places)] = True
    wanted &= np.isfinite(low).all(axis=1)
    if not wanted.any():
        return whole_scene(file)
    far = [inset for inset in file.header["insets"] if inset["archipelago"]]
    insets = [inset for inset in far if (units_in_boxes(file, [inset["box"]]) & wanted).any()]
    near = wanted & ~units_in_boxes(file, [inset["box"] for inset in far])
    if not near.any():
        return Scene(tuple(insets[0]["box"]), (), is_islands=True)
    (west, south), (east, north) = low[near].min(axis=0), high[near].max(axis=0)
    margin = MARGIN * max(east - west, north - south)
    return Scene((west - margin, south - margin, east + margin, north + margin), insets)


def units_in_boxes(file: ArcFile, boxes: Sequence[Sequence[float]], touching: bool = False) -> np.ndarray:
    """Which units (by index) lie inside one of the boxes as a whole, or (`touching`) reach into one."""
    low, high = box_of_units(file)
    found = np.zeros(len(low), bool)
    for west, south, east, north in boxes:
        if touching:
            here = (low <= (east, north)).all(axis=1) & (high >= (west, south)).all(axis=1)
        else:
            here = (low >= (west, south)).all(axis=1) & (high <= (east, north)).all(axis=1)
        found |= here
    return found


@lru_cache(maxsize=8)
def box_of_units(file: ArcFile) -> tuple[np.ndarray, np.ndarray]:
    """South-west and north-east corner of every unit, by index."""
    arcs, count = file.arcs, file.header["unit_count"]
    xy = np.column_stack([arcs.x, arcs.y]).astype(float)
    lowest, highest = (reach.reduceat(xy, arcs.offset[:-1]) for reach in (np.minimum, np.maximum))
    low, high = np.full((count + 1, 2), np.inf), np.full((count + 1, 2), -np.inf)
    for side in (arcs.left, arcs.right):
        np.minimum.at(low, side, lowest)
        np.maximum.at(high, side, highest)
    return low[1:], high[1:]


def place_insets(
    width: float, height: float, insets: Sequence[Mapping[str, object]], shape: float
) -> tuple[
    tuple[float, float, float, float], list[tuple[str, Sequence[float], bool, tuple[float, float, float, float]]]
]:
    """Where the map (left, top, width, height) and its boxes stand, as the map of the screen does it.

    `shape` is the width of the map over its height. The archipelagos are always there; the dense cities only where there is
    room.
    """
    known = {str(inset["key"]): inset for inset in insets}
    if not insets:
        return (0.0, 0.0, width, height), []
    rows = [[key for key in row if key in known] for row in ROWS]
    if width < NARROW:
        rows = [[key for key in row if known[key]["archipelago"]] for row in rows]
    rows = [row for row in rows if row]
    if not rows:
        return (0.0, 0.0, width, height), []
    columns = max(len(row) for row in rows)
    size = min(width * (0.15 if columns > 1 else 0.2), height / len(rows) - LABEL_BELOW - GAP, 150.0)
    beside = size * columns + GAP * (columns - 1)
    map_width = min(width - beside - 2 * GAP, height * shape + 2 * GAP)
    left = max(0.0, (width - map_width - beside - 2 * GAP) / 2)
    pitch = (height - size - LABEL_BELOW) / (len(rows) - 1) if len(rows) > 1 else 0.0
    boxes = []
    for number, row in enumerate(rows):
        for column, key in enumerate(row):
            west, south, east, north = known[key]["box"]
            tall = size * min(1.0, (north - south) / (east - west))
            x = left + map_width + 2 * GAP + (columns - 1 if len(row) == 1 else column) * (size + GAP)
            boxes.append((key, known[key]["box"], bool(known[key]["archipelago"]), (x, number * pitch, size, tall)))
    return (left, 0.0, map_width, height), boxes
