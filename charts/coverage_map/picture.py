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

from charts.coverage_map.boxes import GAP, Scene, box_of_units, find_scene, place_insets, units_in_boxes, whole_scene
from charts.palette import MAP, OUTLINE, SELECTED
from geo.arc_reader import ArcFile, read_arc_file
from geo.arcs import COAST, COMMUNE, DISTRICT, PROVINCE

ISLAND_RADIUS = 1.6
RING_BELOW = 9.0  # a marked unit smaller than this has a ring around it
# Coast lines of islands smaller than this (in pixels across) would bury their fill.
SMALLEST_COAST = 3.0
LETTER_WIDTH, LETTER_HEIGHT = 5.4, 11.0  # of the boxes' names, on average
TENTHS = 'transform="scale(.1)"'


@dataclass(frozen=True)
class Picture:
    """What is drawn.

    `outlines`: the arc file of the level (nation) or of one province; `background`: the provinces around it, or None.
    `colours`: one per unit in map order, None for a unit that is not drawn. `circles`: radius in pixels by unit index, with
    `circle_colour`. `inset_names`: words of the boxes beside the map, by key. `selected`: the unit that is outlined;
    `focus`: the units to bring into view, none for the whole map.
    """

    outlines: Path
    colours: Sequence[str | None]
    inset_names: Mapping[str, str]
    background: Path | None = None
    circles: Mapping[int, float] = field(default_factory=dict)
    circle_colour: str = ""
    selected: int | None = None
    focus: Sequence[int] = ()


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


def shape_of(picture: Picture) -> float:
    """Width over height of what the main drawing shows, without the boxes beside it."""
    west, south, east, north = scene_of(picture, read_outlines(picture.outlines)).box
    return float((east - west) / (north - south))


def fit_height(picture: Picture, width: float) -> float:
    """The height at which the main drawing fills the width that the boxes beside it leave."""
    scene = scene_of(picture, read_outlines(picture.outlines))
    west, south, east, north = scene.box
    shape = (east - west) / (north - south)
    height = width / shape
    for _ in range(3):  # the boxes' size depends on the height, a little
        (_, _, room, _), _ = place_insets(width, height, scene.insets, shape)
        height = room / shape
    return float(height)


def scene_of(picture: Picture, file: ArcFile) -> Scene:
    return find_scene(file, picture.focus) if picture.focus else whole_scene(file)


def draw_picture(picture: Picture, width: float, height: float, title: str) -> str:
    """The map as SVG of `width` × `height` pixels; `title` is what a screen reader says."""
    file = read_outlines(picture.outlines)
    scene = scene_of(picture, file)
    west, south, east, north = scene.box
    area, boxes = place_insets(width, height, scene.insets, (east - west) / (north - south))
    main = Window(scene.box, *area)
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
    if scene.is_islands:
        pieces += draw_islands(file, main, picture, units_in_boxes(file, [scene.box], touching=True))
    else:
        # Far islands are drawn in their boxes only: on the map itself they would be four pixels in the sea.
        shown = ~units_in_boxes(file, [inset["box"] for inset in file.header["insets"] if inset["archipelago"]])
        pieces += draw_fills(file, main, picture.colours, shown)
        pieces += draw_lines(file, main, is_province, shown)
        pieces += draw_circles(file, main, picture)
        pieces += draw_selected(file, main, picture.selected)
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
    offset = file.arcs.offset.astype(np.int64)
    begins, ends = offset[:-1], offset[1:] - 1
    first = np.r_[begins[forward], ends[backward]]
    last = np.r_[ends[forward], begins[backward]]
    # Points of one place have one number; Python's own numbers, since the walk below asks for each by itself.
    place_of = (file.arcs.x.astype(np.int64) << 32) ^ (file.arcs.y.astype(np.int64) & 0xFFFFFFFF)
    starts, stops = place_of[first].tolist(), place_of[last].tolist()
    at: dict[int, list[int]] = {}
    for way, start in enumerate(starts):
        at.setdefault(start, []).append(way)
    order: list[int] = []
    rings: list[int] = []  # how many ways lie before the end of each ring
    used = [False] * len(starts)
    for way in range(len(starts)):
        if used[way]:
            continue
        following: int | None = way
        while following is not None:
            used[following] = True
            order.append(following)
            found = at.get(stops[following], [])
            while found and used[found[-1]]:
                found.pop()
            following = found[-1] if found else None
        rings.append(len(order))
    if not order:
        return []
    # Every way without its last point, which is the first of the next: one run of numbers after the other.
    lengths = np.abs(last - first)[order]
    until = np.cumsum(lengths)
    within = np.arange(until[-1]) - np.repeat(until - lengths, lengths)
    points = np.repeat(first[order], lengths) + np.repeat(np.sign(last - first)[order], lengths) * within
    return np.split(points, until[np.array(rings) - 1][:-1])


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
        pieces += draw_islands(file, window, picture, inside)
    else:
        pieces += draw_lines(file, window, False, inside)
    pieces += [
        "</g>",
        f'<rect {place} fill="none" stroke="{MAP["frame"]}" stroke-width="0.6"/>',
    ]
    for line, words in enumerate(wrap_name(picture.inset_names[key], width + GAP)):
        y = top + height + 12 + line * LETTER_HEIGHT
        pieces.append(f'<text x="{left:.1f}" y="{y:.1f}" fill="{OUTLINE}">{escape(words)}</text>')
    return pieces


def draw_selected(file: ArcFile, window: Window, unit: int | None) -> list[str]:
    """The outline of the marked unit, never a new fill; a ring around one that is too small to be seen."""
    if unit is None:
        return []
    arcs = file.arcs
    edges = np.flatnonzero((arcs.left == unit + 1) != (arcs.right == unit + 1)).tolist()
    steps = write_ways(window, file, [way_of(file, arc) for arc in edges])
    if not steps:
        return []
    look = f'fill="none" stroke="{SELECTED}"'
    pieces = [f'<path {TENTHS} d="{steps}" {look} stroke-width="18" stroke-linejoin="round"/>']
    (west, south), (east, north) = (corner[unit] for corner in box_of_units(file))
    if max(east - west, north - south) * window.scale < RING_BELOW:
        x, y = float(window.x((west + east) / 2)), float(window.y((south + north) / 2))
        pieces.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{RING_BELOW}" {look} stroke-width="1.4"/>')
    return pieces


def wrap_name(name: str, room: float) -> list[str]:
    """A name in one line, or parted near its middle where it would be wider than the room below its box."""
    spaces = [at for at, letter in enumerate(name) if letter == " "]
    if not spaces or len(name) * LETTER_WIDTH <= room:
        return [name]
    middle = min(spaces, key=lambda at: abs(at - len(name) / 2))
    return [name[:middle], name[middle + 1 :]]


def draw_islands(file: ArcFile, window: Window, picture: Picture, inside: np.ndarray) -> list[str]:
    """A dot on each island's outline, where the outline itself would be smaller than a dot."""
    colours = picture.colours
    pieces = []
    for arc in np.flatnonzero(file.arcs.level == COAST).tolist():
        unit = max(int(file.arcs.left[arc]), int(file.arcs.right[arc])) - 1
        if unit < 0 or not inside[unit] or not colours[unit]:
            continue
        way = slice(file.arcs.offset[arc], file.arcs.offset[arc + 1])
        x, y = window.x(file.arcs.x[way].mean()), window.y(file.arcs.y[way].mean())
        is_marked = unit == picture.selected
        rim = f'stroke="{SELECTED}" stroke-width="1.2"' if is_marked else f'stroke="{OUTLINE}" stroke-width="0.4"'
        pieces.append(
            f'<circle cx="{float(x):.1f}" cy="{float(y):.1f}" r="{ISLAND_RADIUS}" fill="{colours[unit]}" {rim}/>'
        )
    return pieces


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
