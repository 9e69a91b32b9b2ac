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
from charts.coverage_map.ways import TENTHS, Window, find_tiny, near, ways_of
from charts.palette import MAP, OUTLINE, SELECTED
from geo.arc_reader import ArcFile, read_arc_file
from geo.arcs import COAST, COMMUNE, DISTRICT, PROVINCE

ISLAND_RADIUS = 1.6
RING_BELOW = 9.0  # a marked unit smaller than this has a ring around it
# Coast lines of islands smaller than this (in pixels across) would bury their fill.
SMALLEST_COAST = 3.0
LETTER_WIDTH, LETTER_HEIGHT = 5.4, 11.0  # of the boxes' names, on average


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
class Colours:
    """`names` of the colours in use; `number` is the place in them of each unit in map order, -1 of one that is not drawn."""

    names: list[str]
    number: np.ndarray


def number_colours(colours: Sequence[str | None]) -> Colours:
    names = sorted({colour for colour in colours if colour})
    place = {name: number for number, name in enumerate(names)}
    return Colours(names, np.array([place.get(colour or "", -1) for colour in colours], np.int64))


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
    is_province, colours = file.header["scope"] != "VN", number_colours(picture.colours)
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
        pieces += draw_fills(file, main, colours, shown)
        pieces += draw_lines(file, main, is_province, shown)
        pieces += draw_circles(file, main, picture)
        pieces += draw_selected(file, main, picture.selected)
    pieces.append("</g>")
    for key, box, archipelago, spot in boxes:
        pieces += draw_inset(file, picture, colours, key, box, archipelago, spot)
    return "".join([*pieces, "</svg>"])


def draw_fills(file: ArcFile, window: Window, colours: Colours, shown: np.ndarray) -> list[str]:
    """One path per colour. `shown`: which units are drawn, by index."""
    number = np.r_[-1, np.where(shown, colours.number, -1)]
    left, right = number[file.arcs.left], number[file.arcs.right]
    borders = np.flatnonzero(left != right)
    left, right = left[borders], right[borders]
    ways, pieces = ways_of(file, window), []
    for place, name in enumerate(colours.names):
        if steps := ways.draw_rings(borders[left == place], borders[right == place]):
            pieces.append(f'<path {TENTHS} d="{steps}" fill="{name}" fill-rule="evenodd"/>')
    return pieces


def draw_lines(file: ArcFile, window: Window, is_province: bool, shown: np.ndarray) -> list[str]:
    """Borders, thin ones first: of communes inside a province only, of provinces and the coast everywhere."""
    levels = {COMMUNE: 0.25, DISTRICT: 0.5, COAST: 0.7, PROVINCE: 0.7} if is_province else {PROVINCE: 0.45, COAST: 0.3}
    if file.header["level"] == "province":
        levels = {COAST: 0.4, PROVINCE: 0.4, DISTRICT: 0.4, COMMUNE: 0.4}
    visible = np.r_[False, shown]
    drawn = visible[file.arcs.left] | visible[file.arcs.right]
    drawn &= (file.arcs.level != COAST) | ~find_tiny(file, window, SMALLEST_COAST)
    ways, pieces = ways_of(file, window), []
    for level, width in levels.items():
        if steps := ways.draw_lines(np.flatnonzero(drawn & (file.arcs.level == level))):
            look = f'fill="none" stroke="{OUTLINE}" stroke-width="{width * 10:g}" stroke-linejoin="round"'
            pieces.append(f'<path {TENTHS} d="{steps}" {look}/>')
    return pieces


def draw_background(around: ArcFile, window: Window, file: ArcFile) -> list[str]:
    """The provinces around the one shown, in quiet grey; both files lie on one grid."""
    here, count = near(around, window), around.header["unit_count"]
    shown = np.zeros(count + 1, bool)
    shown[around.arcs.left[here]] = shown[around.arcs.right[here]] = True
    pieces = draw_fills(around, window, number_colours([MAP["neighbour"]] * count), shown[1:])
    steps = ways_of(around, window).draw_lines(np.flatnonzero(here))
    return [*pieces, f'<path {TENTHS} d="{steps}" fill="none" stroke="{MAP["neighbour_line"]}" stroke-width="4"/>']


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
    file: ArcFile,
    picture: Picture,
    colours: Colours,
    key: str,
    box: Sequence[float],
    archipelago: bool,
    spot: tuple[float, float, float, float],
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
        *draw_fills(file, window, colours, inside),
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
    edges = np.flatnonzero((arcs.left == unit + 1) != (arcs.right == unit + 1))
    steps = ways_of(file, window).draw_lines(edges)
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
    units = np.maximum(file.arcs.left, file.arcs.right) - 1
    for arc in np.flatnonzero((file.arcs.level == COAST) & np.r_[inside, False][units]).tolist():
        unit = int(units[arc])
        if not colours[unit]:
            continue
        way = slice(file.arcs.offset[arc], file.arcs.offset[arc + 1])
        x, y = window.x(file.arcs.x[way].mean()), window.y(file.arcs.y[way].mean())
        is_marked = unit == picture.selected
        rim = f'stroke="{SELECTED}" stroke-width="1.2"' if is_marked else f'stroke="{OUTLINE}" stroke-width="0.4"'
        pieces.append(
            f'<circle cx="{float(x):.1f}" cy="{float(y):.1f}" r="{ISLAND_RADIUS}" fill="{colours[unit]}" {rim}/>'
        )
    return pieces
