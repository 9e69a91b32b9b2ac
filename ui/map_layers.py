"""What the map page draws: which measure can be shown where, its legend in words, and its place among the map's files."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np

from charts import palette
from charts.coverage_map.sizes import INSIDE, LARGEST, circle_radii
from geo.units import map_order
from indicators import layers as classes_of
from indicators.classes import Edge, class_bounds, mark_absences
from indicators.rules import Threshold
from text.formats import Formats
from text.words import Words
from ui import loaders
from ui.catalogue import level_of
from ui.frame import Frame
from ui.layers import CHANGE, COVERAGE, DISTANCE, JUDGED, MET, NEED, SHARE, LayerKey
from ui.loaders import layers as load
from ui.loaders.layers import LayerFigures
from ui.map import MapFrame, absence_entries, build_legends
from ui.map_frame import build_map_frame, map_level, units_inside
from ui.view import NATION


@dataclass(frozen=True)
class Layer:
    """The measure on the screen. `wanted` is what the reader chose; where that cannot be drawn, `indicator` is coverage and
    `why_not` the word that says so. `inside`: which units of `figures` belong to the place shown.
    """

    wanted: str
    indicator: str
    why_not: str
    key: LayerKey
    threshold: Threshold | None
    figures: LayerFigures
    inside: np.ndarray

    @property
    def level(self) -> str:
        return self.key.level

    @property
    def counted(self) -> np.ndarray:
        """The units that the legend counts: those of the place, without districts that stand alone."""
        units = self.figures.units
        alone = units["stands_alone"].to_numpy(dtype=bool) if "stands_alone" in units else np.zeros(len(units), bool)
        place = self.inside if self.key.level != "commune" else self.inside & ~alone
        return place & (self.figures.classes != classes_of.NOT_APPLICABLE)


def find_layer(page: Frame, rule_period: str = "") -> Layer:
    """The measure of the address with its figures; coverage in its place where it cannot be drawn."""
    view, level = page.view, map_level(page)
    wanted = page.choice("indicator")
    threshold = loaders.threshold_at(page.snapshot_id, view.period)
    indicator, why_not = wanted, ""
    if threshold is None and wanted in JUDGED:
        indicator, why_not = COVERAGE, "map_page.not_without_threshold"
    elif wanted == SHARE and level == "commune":
        if view.unit == NATION:
            present = page.catalogue.unit_levels[page.boundary_set].values()
            level, why_not = ("district" if "district" in present else "province"), "map_page.share_above_communes"
        else:
            indicator, why_not = COVERAGE, "map_page.share_not_inside"
    span = int(page.choice("span")) if indicator == CHANGE else 12
    key = LayerKey(indicator, span, view.programme, page.boundary_set, level, view.period, rule_period or view.period)
    figures = load.load_layer(page.snapshot_id, key)
    return Layer(wanted, indicator, why_not, key, threshold, figures, units_of_place(page, figures))


def units_of_place(page: Frame, figures: LayerFigures) -> np.ndarray:
    units, unit = figures.units, page.view.unit
    if unit == NATION:
        return np.ones(len(units), dtype=bool)
    inside = units_inside(page, units)
    return inside if page.unit_level == "district" else inside & (units["province_code"] == unit).to_numpy()


def at_second(page: Frame) -> tuple[Frame | None, str]:
    """The page at the month of the second map: on the boundaries of the screen where that month can be carried to them,
    else on its own. None, with the word that says why, where the place or the level does not exist in it.
    """
    second = page.choice("second")
    if not second:
        return None, ""
    catalogue, shown = page.catalogue, page.boundary_set
    own = catalogue.boundary_of[second]
    boundaries = shown if shown != own and shown in catalogue.boundaries_for[own] else ""
    there = boundaries or own
    if level_of(page.view.unit, there, catalogue) != page.unit_level:
        return None, "map_page.second_other_place"
    if page.view.unit == NATION and page.view.level not in catalogue.unit_levels[there].values():
        return None, "map_page.second_other_level"
    other = copy.copy(page)
    programme = load.programme_at(page.snapshot_id, second, page.view.programme)
    other.view = replace(page.view, period=second, programme=programme, boundaries=boundaries)
    return other, ""


def build_frame(page: Frame, layer: Layer, sentence: str) -> MapFrame | None:
    """The map of a layer; None where the outlines of its boundary set are missing."""
    at_level = page
    if page.view.unit == NATION and layer.level != page.view.level:
        at_level = copy.copy(page)
        at_level.view = replace(page.view, level=layer.level)
    base = build_map_frame(at_level, sentence)
    if base is None:
        return None
    words, formats = page.words, page.formats
    classes = mark_absences(layer.figures.classes, not_applicable=~layer.inside) if page.view.unit != NATION else None
    entries = legend_entries(page, layer, words, formats)
    return replace(
        base,
        classes=layer.figures.classes if classes is None else classes,
        legend=layer.indicator,
        legends={layer.indicator: entries},
        files=base.files | find_layer_files(page, layer, base.files),
        focus=zoomed_units(page, layer) or base.focus,
        extra=say_extra(layer, words),
    )


def find_layer_files(page: Frame, layer: Layer, files) -> dict[str, str | None]:
    """Where the classes of all months and the figures for hover lie: those of coverage are published, the others are worked
    out by the server when they are asked for."""
    key = layer.key
    place = f"/layers/{page.snapshot_id}/{key.boundary_set}/{key.level}/{key.programme}/{layer.indicator}/{key.span}"
    values = files["values"]
    if layer.indicator not in (COVERAGE, MET):
        values = None if page.view.boundaries else place
    elif key.rule_period != key.period and load.rate_edges(page.snapshot_id, key.rule_period) != load.rate_edges(
        page.snapshot_id, key.period
    ):
        values = None  # its classes belong to another threshold than the legend's
    rest = f"{place}/{{period}}" if layer.indicator in (SHARE, CHANGE, DISTANCE) else files["rest"]
    return {"values": values, "rest": rest}


def zoomed_units(page: Frame, layer: Layer) -> tuple[int, ...]:
    """The unit that the search has zoomed to, where this map shows it."""
    code, order = page.choice("zoom"), map_order(layer.key.boundary_set, layer.level)
    return (int(order.get_loc(code)),) if code and code in order else ()


def say_extra(layer: Layer, words: Words) -> dict[str, Any] | None:
    """What hover says of the measure beside rate and people."""
    if layer.indicator == CHANGE:
        return {"sentence": words.say("map_page.extra_change", months=layer.key.span, value="{value}"), "signed": True}
    if layer.indicator == DISTANCE:
        return {"sentence": words.say("map_page.extra_distance", value="{value}"), "signed": True}
    if layer.indicator == SHARE:
        return {"sentence": words.say("map_page.extra_share", value="{value}"), "signed": False}
    return None


def legend_entries(page: Frame, layer: Layer, words: Words, formats: Formats) -> list[dict[str, Any]]:
    """The classes of a measure from low to high, then the kinds of absence."""
    absent = absence_entries(words)
    if layer.indicator in (COVERAGE, MET):
        edges = load.rate_edges(page.snapshot_id, layer.key.rule_period)
        bare = MapFrame("", layer.level, "", NATION, "", layer.figures.classes, edges, "", {}, "")
        return build_legends(bare, words, formats)["met" if layer.indicator == MET else "classes"]
    if layer.indicator == NEED:
        return [*people_entries(page, layer, words, formats), *absent]
    if layer.indicator == SHARE:
        edges = classes_of.share_edges()
        tags = [formats.class_tag(b.low, b.low_included, b.high, b.high_included) for b in class_bounds(edges)[:-1]]
        return [*coloured([*tags, "100%"], palette.class_colours(edges), edges.below_count), *absent]
    points, owner = classes_of.CHANGE_POINTS, 0
    colours: Sequence[str] = palette.CHANGE
    if layer.indicator == DISTANCE:
        points = classes_of.DISTANCE_POINTS
        owner = 1 if layer.threshold is not None and layer.threshold.operator == ">" else 0
        colours = palette.class_colours(classes_of.distance_edges(layer.threshold))
    cuts = [Edge(Decimal(point), owner if point == 0 else 0) for point in points]
    return [*coloured(point_tags(cuts, words, formats), colours, points.index(0) + 1), *absent]


def coloured(tags: Sequence[str], colours: Sequence[str], edge: int | None) -> list[dict[str, Any]]:
    entries = [
        {"codes": [code], "label": tag, "colour": colour}
        for code, (tag, colour) in enumerate(zip(tags, colours, strict=True))
    ]
    if edge is not None:
        entries[edge]["edge"] = True
    return entries


def point_tags(cuts: Sequence[Edge], words: Words, formats: Formats) -> list[str]:
    """Classes of points in words that say who owns each edge: "dưới −5", "−1 – <0", "từ +5"."""

    def signed(edge: Edge) -> str:
        return formats.number(edge.value, 0, signed=True)

    tags = [
        words.say("map_page.points_below" if cuts[0].belongs_above else "map_page.points_to", value=signed(cuts[0]))
    ]
    for low, high in pairwise(cuts):
        left = ("" if low.belongs_above else ">") + signed(low)
        right = ("<" if high.belongs_above else "") + signed(high)
        tags.append(f"{left} – {right}")
    tags.append(
        words.say("map_page.points_from" if cuts[-1].belongs_above else "map_page.points_above", value=signed(cuts[-1]))
    )
    return tags


def people_entries(page: Frame, layer: Layer, words: Words, formats: Formats) -> list[dict[str, Any]]:
    """The sizes of the circles, from nobody to the open last class."""
    edges = load.people_edges(layer.level)
    largest = LARGEST[layer.level] if page.view.unit == NATION else INSIDE
    tags = [words.say("map_page.people_none")]
    tags += [f"{formats.count(low)} – {formats.count(high - 1)}" for low, high in pairwise(edges)]
    tags.append(words.say("map_page.people_from", people=formats.count(edges[-1])))
    radii = circle_radii(edges, largest)
    return [
        {"codes": [code], "label": tag, "colour": palette.PEOPLE, "radius": radius}
        for code, (tag, radius) in enumerate(zip(tags, radii, strict=True))
    ]
