"""Figures of the map's measures: classes of one month, figures for hover, and the classes of all months for play."""

from __future__ import annotations

import gzip
import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import streamlit as st

from data import queries
from geo.units import map_order, map_order_hash
from indicators import layers as classes_of
from indicators.changes import change_points, sum_known_in_both
from indicators.classes import NO_DATA, NOT_APPLICABLE, ClassEdges, class_edges, classify, mark_absences
from indicators.met import still_to_enrol
from indicators.rates import coverage_pct, floor_hundredths
from indicators.rules import Goal, Threshold, map_threshold, programme_of
from ui.catalogue import owner_of
from ui.layers import CHANGE, COVERAGE, DISTANCE, INDICATORS, MET, NEED, SHARE, SPANS, LayerKey, months_before
from ui.loaders.figures import MAP_LEVELS, load_level
from ui.loaders.snapshot import cached, load_catalogue, load_programmes, open_store, store_of, threshold_at
from ui.loaders.targets import load_targets
from ui.loaders.units import load_units
from ui.rest import UNKNOWN_EXTRA, encode_rest

Rule = Threshold | Goal
NOBODY = -2  # in a frame of months: the unit has no residents in that month


@dataclass(frozen=True)
class LayerFigures:
    """One measure of every unit in map order. `units`: the frame of `load_level`; `classes` uint8; `values` float, NaN
    unknown: points of change or distance, percent of communes, people; `need` int64, -1 unknown. `why` names what stands
    in the way of comparing ("" where nothing does), `earlier` the month compared with.
    """

    units: pd.DataFrame
    classes: np.ndarray
    values: np.ndarray
    need: np.ndarray
    earlier: str = ""
    why: str = ""


@cached
def load_layer(snapshot_id: str, key: LayerKey) -> LayerFigures:
    units = load_level(snapshot_id, key.period, key.boundary_set, key.level)
    threshold = threshold_at(snapshot_id, key.period)
    n, p = units["insured"], units["population"]
    need = still_to_enrol(n, p, threshold) if key.level == "commune" else units["still_to_enrol"].to_numpy()
    found = LayerFigures(units, np.empty(0, np.uint8), coverage_pct(n, p), need)
    if key.indicator in (COVERAGE, MET):
        found = replace(found, classes=classify(n, p, rate_edges(snapshot_id, key.rule_period)))
    elif key.indicator == SHARE:
        met, counted = known_met(units), units["counted"]
        found = replace(found, classes=classes_of.classify_share(met, counted), values=coverage_pct(met, counted))
    elif key.indicator == NEED:
        people = np.where(need < 0, np.nan, need.astype(float))
        found = replace(found, classes=classes_of.classify_people(need, people_edges(key.level)), values=people)
    elif key.indicator == DISTANCE:
        rules = distance_rules(snapshot_id, key.period, key.boundary_set, key.level, units["unit_code"].to_numpy())
        line = np.array([np.nan if rule is None else float(rule.value) for rule in rules])
        found = replace(found, classes=classes_of.classify_distance(n, p, rules), values=coverage_pct(n, p) - line)
    else:
        found = compare_earlier(snapshot_id, key, found)
    nobody = (units["obs_status"] == "not_applicable") if "obs_status" in units else np.zeros(len(units), dtype=bool)
    return replace(found, classes=mark_absences(found.classes, not_applicable=nobody))


def known_met(units: pd.DataFrame) -> pd.Series:
    """Communes that meet, -1 where none that the criterion counts has sent anything: no share is known there."""
    return units["met"].where(units["still_to_enrol"] >= 0, -1)


def compare_earlier(snapshot_id: str, key: LayerKey, found: LayerFigures) -> LayerFigures:
    """The change since a month `span` months earlier, on the boundaries of the screen; unknown everywhere where that month
    has no figures or cannot be carried to them."""
    catalogue, units = load_catalogue(snapshot_id), found.units
    earlier = months_before(key.period, key.span)
    own = catalogue.boundary_of.get(earlier)
    why = "no_earlier" if own is None else "" if key.boundary_set in catalogue.boundaries_for[own] else "not_comparable"
    if why:
        nothing = np.full(len(units), NO_DATA, dtype=np.uint8)
        return replace(found, classes=nothing, values=np.full(len(units), np.nan), earlier=earlier, why=why)
    months = [load_level(snapshot_id, month, key.boundary_set, "commune") for month in (key.period, earlier)]
    order = months[0]["unit_code"]
    columns = tuple(
        frame.set_index("unit_code")[name].reindex(order).fillna(-1).astype("int64").to_numpy()
        for frame in months
        for name in ("insured", "population")
    )
    if key.level != "commune":
        columns = sum_known_in_both(*columns, groups_of(snapshot_id, key.boundary_set, key.level), len(units))
    why = "converted" if own != key.boundary_set else ""
    classes, values = classes_of.classify_change(*columns), change_points(*columns)
    return replace(found, classes=classes, values=values, earlier=earlier, why=why)


@cached
def groups_of(snapshot_id: str, boundary_set: str, level: str) -> np.ndarray:
    """The number of each commune's province or district in the map order of that level, in the map order of communes; a
    district that stands alone is its own, and -1 is none."""
    places = load_units(snapshot_id, boundary_set).reindex(map_order(boundary_set, "commune"))
    return map_order(boundary_set, level).get_indexer(places[f"{level}_code"])


def rate_edges(snapshot_id: str, period: str) -> ClassEdges:
    """The edges of the coverage classes of a month: those of the national threshold of its programme."""
    threshold, in_force = map_threshold(programme_of(load_programmes(snapshot_id), period), period)
    return class_edges(threshold, in_force=in_force)


def people_edges(level: str) -> Sequence[int]:
    return classes_of.PEOPLE[level]


def has_targets(snapshot_id: str, period: str, boundary_set: str, level: str, unit_count: int) -> bool:
    """Whether a map of this level is drawn against the units' own targets: a few targets would leave it empty."""
    if level != "province":
        return False
    provinces = load_catalogue(snapshot_id).unit_levels[boundary_set]
    targets = load_targets(snapshot_id, int(period[:4]), boundary_set)
    return 2 * sum(provinces.get(code) == "province" for code in targets) >= unit_count


def distance_rules(
    snapshot_id: str, period: str, boundary_set: str, level: str, codes: Sequence[str]
) -> list[Rule | None]:
    """What each unit is held against: a province its own target of the year where most have one, any other unit the
    threshold of communes."""
    if has_targets(snapshot_id, period, boundary_set, level, len(codes)):
        targets = load_targets(snapshot_id, int(period[:4]), boundary_set)
        return [targets.get(code) for code in codes]
    return [threshold_at(snapshot_id, period)] * len(codes)


def read_key(snapshot: str, boundary_set: str, level: str, programme: str, indicator: str, span: str, period: str):
    """The LayerKey of an address, or None where it names something that is not there."""
    catalogue = load_catalogue(open_store().snapshot_id)
    known = (
        snapshot == open_store().snapshot_id
        and period in catalogue.boundary_of
        and programme in catalogue.programmes
        and indicator in INDICATORS
        and span in SPANS
        and level in MAP_LEVELS
    )
    if not known or boundary_set not in catalogue.boundaries_for[catalogue.boundary_of[period]]:
        return None
    if indicator == SHARE and level == "commune":
        return None
    return LayerKey(indicator, int(span), programme, boundary_set, level, period, period)


@st.cache_resource(show_spinner=False, max_entries=60)
def layer_rest(**address: str) -> bytes | None:
    """Rate, people missing and the measure's own figure of every unit, for hover (docs/data_flow.md)."""
    key = read_key(**address)
    if key is None:
        return None
    found = load_layer(address["snapshot"], key)
    hundredths = floor_hundredths(found.units["insured"], found.units["population"])
    # Rounded away from zero, so that no rise and no fall is written as none.
    extra = np.where(found.values < 0, np.floor(found.values * 100), np.ceil(found.values * 100 - 1e-9))
    if key.indicator == DISTANCE or key.indicator == SHARE:
        extra = np.floor(found.values * 100 + 1e-9)
    shown = np.where(np.isnan(extra), UNKNOWN_EXTRA, np.nan_to_num(extra)).astype(np.int64)
    return encode_rest(key.boundary_set, key.level, key.period, hundredths, found.need, shown)


@st.cache_resource(show_spinner=False, max_entries=12)
def layer_months(
    snapshot: str, boundary_set: str, level: str, programme: str, indicator: str, span: str
) -> bytes | None:
    """The classes of every month of a programme in one boundary set, in the form of a value file, gzip; None where there
    are none. Months whose comparison lies on other boundaries are left out: play passes them by."""
    catalogue = load_catalogue(open_store().snapshot_id)
    months = [m for m in catalogue.programmes.get(programme, ()) if catalogue.boundary_of[m] == boundary_set]
    if not months or read_key(snapshot, boundary_set, level, programme, indicator, span, months[0]) is None:
        return None
    back = int(span) if indicator == CHANGE else 0
    if back:
        own = catalogue.boundary_of
        months = [m for m in months if own.get(months_before(m, back)) == boundary_set]
    if not months:
        return None
    earlier = [months_before(m, back) for m in months]
    # The change of a place is that of its communes known in both months.
    read_level = "commune" if indicator == CHANGE else level
    table = read_months(snapshot, boundary_set, read_level, earlier[0], months[-1])
    columns = [
        month_changes(snapshot, boundary_set, level, table, month, before)
        if indicator == CHANGE
        else month_classes(snapshot, indicator, level, table, month)
        for month, before in zip(months, earlier, strict=True)
    ]
    order = map_order(boundary_set, level)
    header = {
        "boundary_set": boundary_set,
        "level": level,
        "programme": programme,
        "periods": months,
        "unit_count": len(order),
        "order_hash": map_order_hash(boundary_set, level),
    }
    text = json.dumps(header).encode()
    body = np.ascontiguousarray(np.stack(columns, axis=1), dtype=np.uint8).tobytes()
    return gzip.compress(struct.pack("<I", len(text)) + text + body, compresslevel=5, mtime=0)


@st.cache_resource(show_spinner=False, max_entries=6)
def read_months(snapshot: str, boundary_set: str, level: str, first: str, last: str) -> dict[str, pd.DataFrame]:
    """The frame of every month by period, one row per unit in map order, -1 unknown."""
    store, order = store_of(snapshot), map_order(boundary_set, level)
    if level == "commune":
        rows = queries.commune_months(store, boundary_set, first, last)
        place = rows["place"].to_numpy()
    else:
        rows = queries.level_months(store, boundary_set, level, first, last)
        place = order.get_indexer(rows["unit_code"])
    names = [name for name in rows.columns if name not in ("place", "unit_code", "period")]
    tables = {}
    for period, at in rows.groupby("period").indices.items():
        columns = {name: np.full(len(order), -1, dtype=np.int64) for name in names}
        for name in names:
            columns[name][place[at]] = rows[name].to_numpy()[at]
        tables[period] = pd.DataFrame(columns | {"unit_code": order})
    return tables


def month_changes(
    snapshot: str, boundary_set: str, level: str, tables: dict[str, pd.DataFrame], month: str, before: str
) -> np.ndarray:
    """The classes of the change between two months (`tables` of communes), as `load_layer` would give them."""
    if month not in tables or before not in tables:
        return np.full(len(map_order(boundary_set, level)), NO_DATA, dtype=np.uint8)
    found = [(tables[at]["insured"], tables[at]["population"].clip(lower=-1)) for at in (month, before)]
    columns = tuple(column.to_numpy() for pair in found for column in pair)
    nobody = (tables[month]["population"] == NOBODY).to_numpy()
    if level != "commune":
        order = map_order(boundary_set, level)
        columns = sum_known_in_both(*columns, groups_of(snapshot, boundary_set, level), len(order))
        nobody = np.zeros(len(order), dtype=bool)
    classes = classes_of.classify_change(*columns)
    classes[nobody] = NOT_APPLICABLE
    return classes


def month_classes(snapshot: str, indicator: str, level: str, tables: dict[str, pd.DataFrame], month: str) -> np.ndarray:
    """The classes of one month, as `load_layer` would give them."""
    if month not in tables:
        return np.full(len(next(iter(tables.values()))), NO_DATA, dtype=np.uint8)
    table = tables[month]
    nobody = (table["population"] == NOBODY).to_numpy()
    n, p = table["insured"], table["population"].where(~nobody, -1)
    threshold = threshold_at(snapshot, month)
    if indicator == SHARE:
        classes = classes_of.classify_share(known_met(table), table["counted"])
    elif indicator == NEED:
        need = still_to_enrol(n, p, threshold) if level == "commune" else table["still_to_enrol"]
        classes = classes_of.classify_people(need, people_edges(level))
    elif indicator == DISTANCE:
        own = load_catalogue(snapshot).boundary_of[month]
        classes = classes_of.classify_distance(n, p, distance_rules(snapshot, month, own, level, table["unit_code"]))
    else:
        classes = classify(n, p, rate_edges(snapshot, month))
    classes[nobody] = NOT_APPLICABLE
    return classes


def programme_at(snapshot_id: str, period: str, wanted: str) -> str:
    """The programme that a month is read by: the one wanted where it holds the month, else the one that does."""
    catalogue = load_catalogue(snapshot_id)
    return wanted if period in catalogue.programmes[wanted] else owner_of(period, catalogue) or wanted
