"""Which figures and files the map of a View shows."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from geo.units import map_order, map_order_hash
from indicators.classes import class_edges, classify, mark_absences
from indicators.rules import Threshold, map_threshold, threshold_changes
from ui import loaders
from ui.catalogue import province_of
from ui.frame import Frame
from ui.loaders import profile
from ui.loaders.drawings import keep_drawing
from ui.map import MapFrame
from ui.view import NATION, View


def map_level(frame: Frame) -> str:
    """The level drawn: the reader's choice for the nation, communes inside a province or district."""
    return frame.view.level if frame.view.unit == NATION else "commune"


def build_map_frame(frame: Frame, sentence: str) -> MapFrame | None:
    """The map of the View; None where the outlines of its boundary set are missing."""
    view, boundary_set, level = frame.view, frame.boundary_set, map_level(frame)
    files = find_files(frame, level)
    if files is None:
        return None
    decided = (boundary_set, level, sentence, tuple(sorted(files.items())), *what_is_kept(view))
    plain = keep_drawing(frame.snapshot_id, "map frame", decided, lambda: build_plain(frame, sentence, files))
    order = map_order(boundary_set, level)
    return replace(plain, selected=int(order.get_loc(view.selected))) if view.selected in order else plain


def what_is_kept(view: View) -> tuple[Hashable, ...]:
    """What of a View decides its map, but the unit that is marked: one map is kept for all of those."""
    return view.programme, view.period, view.unit, view.boundaries, view.measure, view.classes, view.lang


def build_plain(frame: Frame, sentence: str, files: dict[str, str | None]) -> MapFrame:
    """The map with no unit marked."""
    view, boundary_set, level = frame.view, frame.boundary_set, map_level(frame)
    snapshot_id = frame.snapshot_id
    programme = loaders.load_programmes(snapshot_id)[view.programme]
    threshold, in_force = map_threshold(programme, view.period)
    edges = class_edges(threshold, in_force=in_force)
    units = loaders.load_level(snapshot_id, view.period, boundary_set, level)
    inside = units_inside(frame, units)
    nobody = (units["obs_status"] == "not_applicable") if "obs_status" in units else np.zeros(len(units), dtype=bool)
    classes = mark_absences(classify(units["insured"], units["population"], edges), not_applicable=~inside | nobody)
    months = frame.catalogue.programmes[view.programme]
    own = [month for month in months if frame.catalogue.boundary_of[month] == frame.catalogue.boundary_of[view.period]]
    before, after = months.index(own[0]) - 1, months.index(own[-1]) + 1
    alone = (
        np.asarray(units["stands_alone"], dtype=bool) if "stands_alone" in units else np.zeros(len(units), dtype=bool)
    )
    return MapFrame(
        boundary_set=boundary_set,
        level=level,
        period=view.period,
        scope=province_of(view.unit, boundary_set, frame.catalogue) or NATION,
        order_hash=map_order_hash(boundary_set, level),
        classes=classes,
        edges=edges,
        legend=view.measure if in_force else "classes",
        files=files,
        sentence=sentence,
        focus=() if inside.all() else tuple(int(place) for place in np.flatnonzero(inside)),
        uncounted=tuple(int(place) for place in np.flatnonzero(alone | ~inside)),
        stops={period: say_stop(frame, period, new) for period, _, new in threshold_changes(programme)},
        previous_period=months[before] if before >= 0 else None,
        next_period=months[after] if after < len(months) else None,
        is_converted=bool(view.boundaries),
        filter=view.class_codes,
    )


def map_callbacks(frame: Frame, picked: Callable[[str], None] | None = None) -> dict[str, Callable[[], None]]:
    """What the map reports goes to the address bar; `picked` is told the code of a clicked unit (default: it opens or is
    marked, as everywhere)."""
    own = frame.apart()

    def clicked() -> None:
        if found := own.read_trigger("map", "picked"):
            (picked or own.pick_unit)(str(found["unit"]))

    def rested() -> None:
        if period := own.read_trigger("map", "rested"):
            own.go(period=str(period))

    def filtered() -> None:
        codes = own.read_trigger("map", "filtered")
        if codes is not None:
            own.go(classes=".".join(str(int(code)) for code in codes), page=1)

    def recoloured() -> None:
        if legend := own.read_trigger("map", "recoloured"):
            own.go(measure=str(legend), classes="")

    return {"picked": clicked, "rested": rested, "filtered": filtered, "recoloured": recoloured}


def units_inside(frame: Frame, units: pd.DataFrame) -> np.ndarray:
    """Which units belong to the district or region shown; all of them elsewhere (the province's own file leaves out the
    rest)."""
    if frame.unit_level == "region":
        inside = profile.provinces_of_region(frame.snapshot_id, frame.boundary_set, frame.view.unit)
        return units["province_code"].isin(inside).to_numpy()
    if frame.unit_level != "district":
        return np.ones(len(units), dtype=bool)
    return ((units["district_code"] == frame.view.unit) | (units["unit_code"] == frame.view.unit)).to_numpy()


def find_files(frame: Frame, level: str) -> dict[str, str | None] | None:
    """Addresses of the outlines, names, classes over time and hover figures."""
    view, boundary_set = frame.view, frame.boundary_set
    entry = loaders.outlines_of(boundary_set)
    if level not in entry or loaders.find_outline_file(entry[level]) is None:
        return None
    snapshot_id = frame.snapshot_id
    province = province_of(view.unit, boundary_set, frame.catalogue)
    values = None if view.boundaries else loaders.find_value_file(snapshot_id, boundary_set, level, view.programme)
    return {
        "outlines": static(entry[level]),
        "scope_outlines": static(entry["scopes"][province]) if province else None,
        "background": static(entry["province"]) if province else None,
        "names": static(entry["names"]),
        "values": f"/values/{values}" if values else None,
        "rest": f"/rest/{snapshot_id}/{boundary_set}/{level}/{view.programme}/{{period}}",
    }


def static(name: str) -> str:
    return f"/app/static/outlines/{Path(name).name}"


def say_stop(frame: Frame, period: str, threshold: Threshold | None) -> str:
    month = frame.formats.month(period)
    if threshold is None:
        return frame.words.say("home.stop_no_threshold", period=month)
    value = frame.formats.rule(threshold.value, threshold.operator)
    return frame.words.say("home.stop_threshold", period=month, threshold=value, legal=threshold.legal_basis)
