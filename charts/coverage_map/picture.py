"""The coverage map on paper: the same outlines, classes and colours as on screen, as vector SVG.

Units of one colour are drawn as one area: the borders inside it vanish, so that a map of 11,160 communes is a few hundred
kilobytes and prints without hair lines. Lines of provinces (and of communes, inside one province) are drawn over it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from pathlib import Path

import numpy as np

from charts.palette import MAP, OUTLINE
from geo.arc_reader import ArcFile, read_arc_file
from geo.arcs import COAST, COMMUNE, DISTRICT, PROVINCE

GAP, LABEL_BELOW, NARROW = 8.0, 18.0, 320.0
# Boxes beside the national map, top to bottom; where a set has none of a row, the row is left out.
ROWS = (("ha_noi", "hai_phong"), ("da_nang", "hoang_sa"), ("truong_sa",), ("ho_chi_minh", "can_tho"))
ISLAND_RADIUS = 1.6
# Coast lines of islands smaller than this (in pixels across) would bury their fill.
SMALLEST_COAST = 3.0
TENTHS = 'transform="scale(.1)"'


@dataclass(frozen=True)
class Picture:
    """What is drawn.

    `outlines`: the arc file of the level (nation) or of one province; `background`: the provinces around it, or None.
    `colours`: one per unit in map order, None for a unit that is not drawn. `circles`: radius in pixels by unit index, with
    `circle_colour`. `inset_names`: words of the boxes beside the map, by key.
    """

    outlines: Path
    colours: Sequence[str | None]
    inset_names: Mapping[str, str]
    background: Path | None = None
    circles: Mapping[int, float] = field(default_factory=dict)
    circle_colour: str = ""
    selected: int | None = None


@dataclass(frozen=True)
class Window:
    """A part of the grid (west, south, east, north) on a rectangle of pixels, north up, nothing stretched."""

    box: tuple[float, float, float, float]
    left: float
    top: float
    width: float
    height: float

    @property
    def scale(self) -> float:
        west, south, east, north = self.box
        return min(self.width / (east - west), self.height / (north - south))

    def x(self, value: np.ndarray) -> np.ndarray:
        west, _, east, _ = self.box
        return self.left + self.width / 2 + (value - (west + east) / 2) * self.scale

    def y(self, value: np.ndarray) -> np.ndarray:
        _, south, _, north = self.box
        return self.top + self.height / 2 - (value - (south + north) / 2) * self.scale


@lru_cache(maxsize=8)
def read_outlines(path: Path) -> ArcFile:
    """An arc file, kept: the documents of all provinces share the one around them. Its name holds its content's hash."""
    return read_arc_file(path)


def draw_picture(picture: Picture, width: float, height: float, title: str) -> str:
    """The map as SVG of `width` × `height` pixels; `title` is what a screen reader says."""
    file = read_outlines(picture.outlines)
    insets = file.header["insets"]
    frame = tuple(file.header["frame"])
    area, boxes = place_insets(width, height, insets, (frame[2] - frame[0]) / (frame[3] - frame[1]))
    main = Window(frame, *area)
    is_province = file.header["scope"] != "VN"
    pieces = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}" '
        f'role="img" font-family="Be Vietnam Pro" font-size="10">',
        f"<title>{escape(title)}</title>",
        f'<defs><clipPath id="main"><rect x="{area[0]:.1f}" y="{area[1]:.1f}" width="{area[2]:.1f}" height="{area[3]:.1f}"/>'
        "</clipPath></defs>",
        '<g clip-path="url(#main)">',
    ]
    if picture.background is not None:
        pieces += draw_background(read_outlines(picture.background), main, file)
    # Far islands are drawn in their boxes only: on the map itself they would be four pixels in the sea.
    shown = ~units_in_boxes(file, [inset["box"] for inset in insets if inset["archipelago"]])
    pieces += draw_fills(file, main, picture.colours, shown)
    pieces += draw_lines(file, main, is_province, shown)
    pieces += draw_circles(file, main, picture)
    pieces.append("</g>")
    for key, box, archipelago, spot in boxes:
        pieces += draw_inset(file, picture, key, box, archipelago, spot)
    return "".join([*pieces, "</svg>"])


def draw_fills(file: ArcFile, window: Window, colours: Sequence[str | None], shown: np.ndarray) -> list[str]:
    """One path per colour. `shown`: which units are drawn, by index."""
    names, number = np.unique([colour or "" for colour in colours], return_inverse=True)
    number = np.r_[-1, np.where(shown & (names[number] != ""), number, -1)]
    left, right = number[file.arcs.left], number[file.arcs.right]
    pieces = []
    for place, name in enumerate(names.tolist()):
        one, other = left == place, right == place
        rings = close_rings(file, np.flatnonzero(one & ~other), np.flatnonzero(other & ~one))
        if rings:
            pieces.append(
                f'<path {TENTHS} d="{write_ways(window, file, rings, True)}" fill="{name}" fill-rule="evenodd"/>'
            )
    return pieces


def close_rings(file: ArcFile, forward: np.ndarray, backward: np.ndarray) -> list[np.ndarray]:
    """Closed rings of point numbers from arcs that have the area on their left (`forward`) or right (walked back).

    Where rings touch in a point any way on is right: the even-odd rule fills the same area.
    """
    offset, x, y = file.arcs.offset, file.arcs.x, file.arcs.y
    ways = [np.arange(offset[arc], offset[arc + 1]) for arc in forward.tolist()]
    ways += [np.arange(offset[arc + 1] - 1, offset[arc] - 1, -1) for arc in backward.tolist()]
    at: dict[tuple[int, int], list[int]] = {}
    for place, way in enumerate(ways):
        at.setdefault((int(x[way[0]]), int(y[way[0]])), []).append(place)
    rings, used = [], np.zeros(len(ways), bool)
    for first in range(len(ways)):
        if used[first]:
            continue
        ring, place = [], first
        while place is not None:
            used[place] = True
            way = ways[place]
            ring.append(way[:-1])
            following = at.get((int(x[way[-1]]), int(y[way[-1]])), [])
            while following and used[following[-1]]:
                following.pop()
            place = following[-1] if following else None
        rings.append(np.concatenate(ring))
    return rings


def draw_lines(file: ArcFile, window: Window, is_province: bool, shown: np.ndarray) -> list[str]:
    """Borders, thin ones first: of communes inside a province only, of provinces and the coast everywhere."""
    levels = {COMMUNE: 0.25, DISTRICT: 0.5, COAST: 0.7, PROVINCE: 0.7} if is_province else {PROVINCE: 0.45, COAST: 0.3}
    if file.header["level"] == "province":
        levels = {COAST: 0.4, PROVINCE: 0.4, DISTRICT: 0.4, COMMUNE: 0.4}
    visible = np.r_[False, shown]
    drawn = visible[file.arcs.left] | visible[file.arcs.right]
    pieces = []
    for level, width in levels.items():
        ways = [way_of(file, arc) for arc in np.flatnonzero(drawn & (file.arcs.level == level)).tolist()]
        if steps := write_ways(window, file, [way for way in ways if not is_tiny(file, window, way, level)]):
            look = f'fill="none" stroke="{OUTLINE}" stroke-width="{width * 10:g}" stroke-linejoin="round"'
            pieces.append(f'<path {TENTHS} d="{steps}" {look}/>')
    return pieces


def way_of(file: ArcFile, arc: int) -> np.ndarray:
    """The numbers of an arc's points."""
    return np.arange(file.arcs.offset[arc], file.arcs.offset[arc + 1])


def is_tiny(file: ArcFile, window: Window, way: np.ndarray, level: int) -> bool:
    if level != COAST:
        return False
    x, y = file.arcs.x[way], file.arcs.y[way]
    is_ring = x[0] == x[-1] and y[0] == y[-1]
    return bool(is_ring and max(np.ptp(x), np.ptp(y)) * window.scale < SMALLEST_COAST)


def draw_background(around: ArcFile, window: Window, file: ArcFile) -> list[str]:
    """The provinces around the one shown, in quiet grey; both files lie on one grid."""
    here = near(around, window)
    shown = np.zeros(around.header["unit_count"] + 1, bool)
    shown[around.arcs.left[here]] = shown[around.arcs.right[here]] = True
    pieces = draw_fills(around, window, [MAP["neighbour"]] * around.header["unit_count"], shown[1:])
    steps = write_ways(window, around, [way_of(around, arc) for arc in np.flatnonzero(near(around, window)).tolist()])
    return [*pieces, f'<path {TENTHS} d="{steps}" fill="none" stroke="{MAP["neighbour_line"]}" stroke-width="4"/>']


def near(file: ArcFile, window: Window) -> np.ndarray:
    """Which arcs may reach into the window, by the box around each."""
    west, south, east, north = window.box
    wide, tall = window.width / window.scale - (east - west), window.height / window.scale - (north - south)
    heads = file.arcs.offset[:-1]
    low_x, high_x = (reach.reduceat(file.arcs.x, heads) for reach in (np.minimum, np.maximum))
    low_y, high_y = (reach.reduceat(file.arcs.y, heads) for reach in (np.minimum, np.maximum))
    return (low_x <= east + wide) & (high_x >= west - wide) & (low_y <= north + tall) & (high_y >= south - tall)


def draw_circles(file: ArcFile, window: Window, picture: Picture) -> list[str]:
    place_of = {int(unit): place for place, unit in enumerate(file.units)}
    pieces = []
    # Large ones first, so that small ones stay visible.
    for unit, radius in sorted(picture.circles.items(), key=lambda item: -item[1]):
        if unit in place_of and radius > 0:
            x, y = file.points[place_of[unit]]
            pieces.append(
                f'<circle cx="{float(window.x(x)):.1f}" cy="{float(window.y(y)):.1f}" r="{radius:.1f}" '
                f'fill="{picture.circle_colour}" fill-opacity="0.55" stroke="{picture.circle_colour}" stroke-width="0.5"/>'
            )
    return pieces


def draw_inset(
    file: ArcFile, picture: Picture, key: str, box: Sequence[float], archipelago: bool, spot: tuple[float, ...]
) -> list[str]:
    """One box with its name below; the islands of an archipelago are dots of at least a readable size."""
    left, top, width, height = spot
    window = Window(tuple(box), *spot)
    inside = units_in_boxes(file, [box], touching=True)
    clip = f"box-{key}"
    place = f'x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}"'
    pieces = [
        f'<defs><clipPath id="{clip}"><rect {place}/></clipPath></defs>',
        f'<rect {place} fill="{MAP["sea"]}"/>',
        f'<g clip-path="url(#{clip})">',
        *draw_fills(file, window, picture.colours, inside),
    ]
    if archipelago:
        pieces += draw_islands(file, window, picture.colours, inside)
    else:
        pieces += draw_lines(file, window, False, inside)
    pieces += [
        "</g>",
        f'<rect {place} fill="none" stroke="{MAP["frame"]}" stroke-width="0.6"/>',
        f'<text x="{left:.1f}" y="{top + height + 12:.1f}" fill="{OUTLINE}">{escape(picture.inset_names[key])}</text>',
    ]
    return pieces


def draw_islands(file: ArcFile, window: Window, colours: Sequence[str | None], inside: np.ndarray) -> list[str]:
    """A dot on each island's outline, where the outline itself would be smaller than a dot."""
    pieces = []
    for arc in np.flatnonzero(file.arcs.level == COAST).tolist():
        unit = max(int(file.arcs.left[arc]), int(file.arcs.right[arc])) - 1
        if unit < 0 or not inside[unit] or not colours[unit]:
            continue
        way = slice(file.arcs.offset[arc], file.arcs.offset[arc + 1])
        x, y = window.x(file.arcs.x[way].mean()), window.y(file.arcs.y[way].mean())
        pieces.append(
            f'<circle cx="{float(x):.1f}" cy="{float(y):.1f}" r="{ISLAND_RADIUS}" fill="{colours[unit]}" stroke="{OUTLINE}" '
            'stroke-width="0.4"/>'
        )
    return pieces


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


def write_ways(window: Window, file: ArcFile, ways: Sequence[np.ndarray], close: bool = False) -> str:
    """Path data of many lines: whole tenths of a pixel (the drawing is scaled by 0.1), steps relative, steps of nothing left
    out. All points are reckoned at once: a nation has a hundred thousand.
    """
    if not len(ways):
        return ""
    points = np.concatenate(ways)
    heads = np.zeros(len(points), bool)
    heads[np.cumsum([0, *map(len, ways[:-1])])] = True
    x = np.rint(window.x(file.arcs.x[points]) * 10).astype(np.int64)
    y = np.rint(window.y(file.arcs.y[points]) * 10).astype(np.int64)
    moved = heads | np.r_[True, (np.diff(x) != 0) | (np.diff(y) != 0)]
    x, y, heads = x[moved], y[moved], heads[moved]
    dx, dy = np.where(heads, x, np.diff(x, prepend=0)), np.where(heads, y, np.diff(y, prepend=0))
    end = "Z" if close else ""
    # A line that has shrunk to one point has no step: an "l" without one would end the path for every reader.
    signs = np.where(heads, f"{end}M", np.where(np.r_[False, heads[:-1]], "l", " ")).tolist()
    steps = [f"{sign}{a},{b}" for sign, a, b in zip(signs, dx.tolist(), dy.tolist(), strict=True)]
    return "".join(steps).removeprefix("Z") + end


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
