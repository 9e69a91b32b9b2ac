"""Sums of places and figures of units, in a month and over months."""

from __future__ import annotations

import itertools
from dataclasses import fields

import numpy as np
import pandas as pd
import streamlit as st

from data import conversion, queries
from geo import units
from indicators.met import still_to_enrol
from indicators.rates import coverage_pct, floor_hundredths
from ui.catalogue import is_own_place
from ui.loaders.snapshot import cached, cached_large, load_catalogue, open_store, store_of, threshold_at
from ui.loaders.units import place_labels, predecessors
from ui.rest import encode_rest
from ui.sums import PlaceSummary, add_trend, summarise_frame, to_summaries, to_summary
from ui.view import NATION

MAP_LEVELS = ("province", "district", "commune")


def warm_up() -> None:
    """Read what the default view needs. Raises StoreUnavailable."""
    snapshot_id = open_store().snapshot_id
    catalogue = load_catalogue(snapshot_id)
    period = catalogue.default_period
    boundary_set = catalogue.boundary_of[period]
    load_communes(snapshot_id, period, boundary_set)
    place_labels(snapshot_id, boundary_set, "commune", True)
    load_summary(snapshot_id, period, boundary_set, NATION, "nation")


@cached
def load_summary(snapshot_id: str, period: str, boundary_set: str, unit: str, level: str) -> PlaceSummary | None:
    """The sums of one place in a month, on the boundary set asked for; None where the month has no figures, or
    this reader sees only a part of them."""
    catalogue = load_catalogue(snapshot_id)
    if period in catalogue.partial_months and not is_own_place(unit, boundary_set, catalogue):
        return None
    if boundary_set == units.boundary_set_of(period):
        return load_month_sums(snapshot_id, unit).get(period)
    rows = load_converted_sums(snapshot_id, period, boundary_set, level)
    rows = rows[rows["unit_code"] == unit]
    return to_summary(rows.iloc[0]) if len(rows) else None


@cached
def load_month_sums(snapshot_id: str, unit: str) -> dict[str, PlaceSummary]:
    """The sums of one place by month, each in its own boundary set."""
    rows = load_all_months(snapshot_id, unit)
    return dict(zip(rows["period"].tolist(), to_summaries(rows), strict=True))


@cached
def load_converted_sums(snapshot_id: str, period: str, boundary_set: str, level: str) -> pd.DataFrame:
    """The sums of a level for a month on another boundary set than its own."""
    frame = load_communes(snapshot_id, period, boundary_set)
    return summarise_frame(frame, threshold_at(snapshot_id, period), level)


@cached
def load_series(snapshot_id: str, unit: str, from_period: str, to_period: str) -> pd.DataFrame:
    """The sums of one place over the months, each in its own boundary set."""
    rows = load_all_months(snapshot_id, unit)
    return rows[rows["period"].between(from_period, to_period)].reset_index(drop=True)


@cached
def load_all_months(snapshot_id: str, unit: str) -> pd.DataFrame:
    """The same over every month there is: a page asks for several stretches of them, and this is one query for all."""
    if any(levels.get(unit) == "province" for levels in load_catalogue(snapshot_id).unit_levels.values()):
        rows, places = load_provinces_months(snapshot_id)
        return rows.iloc[places.get(unit, slice(0))].reset_index(drop=True)
    return queries.summary_series(store_of(snapshot_id), unit, "0000-01", "9999-12").assign(unit_code=unit)


@cached
def load_provinces_months(snapshot_id: str) -> tuple[pd.DataFrame, dict[str, slice]]:
    """`load_all_months` of every province in one frame, and where each stands: one question costs what two of 63 do."""
    rows = queries.province_series(store_of(snapshot_id))
    codes = rows.pop("unit_code")
    return rows.assign(unit_code=codes), find_runs(codes)


def find_runs(codes: pd.Series) -> dict[str, slice]:
    """Where each code stands in a column that is sorted by them."""
    values = codes.to_numpy(dtype=object)
    starts = (
        np.flatnonzero(np.r_[len(values) > 0, values[1:] != values[:-1]]) if len(values) else np.array([], dtype=int)
    )
    ends = [*starts[1:].tolist(), len(values)]
    return {str(values[start]): slice(start, end) for start, end in zip(starts.tolist(), ends, strict=False)}


@cached
def load_communes(snapshot_id: str, period: str, boundary_set: str) -> pd.DataFrame:
    """The commune map of a month on a boundary set, in map order (`queries.commune_values`, with is_estimated)."""
    store = store_of(snapshot_id)
    if boundary_set == units.boundary_set_of(period):
        counts, map_units = queries.commune_counts(store, period), load_map_units(snapshot_id, boundary_set)
        if len(counts) != len(map_units):  # a month that the store does not know
            return queries.commune_values(store, period).assign(is_estimated=False)
        return map_units.assign(**{name: counts[name] for name in counts}, is_estimated=False)
    return conversion.convert_commune_values(store, period, boundary_set)


@cached
def load_map_units(snapshot_id: str, boundary_set: str) -> pd.DataFrame:
    """Names and codes of the commune map in map order: all months of a boundary set share them, in memory as well."""
    found = queries.units(store_of(snapshot_id), boundary_set, "commune")
    columns = ["unit_code", "name", "short_name", "type", "province_code", "district_code", "stands_alone", "map_order"]
    return found[columns]


@cached
def load_level(snapshot_id: str, period: str, boundary_set: str, level: str) -> pd.DataFrame:
    """Units of a map level in map order: unit_code, population, insured, is_simulated and, above communes, the sums."""
    if level == "commune":
        return load_communes(snapshot_id, period, boundary_set)
    if boundary_set == units.boundary_set_of(period):
        frame = queries.level_values(store_of(snapshot_id), period, level)
        return frame.assign(is_simulated=frame["units_simulated"] > 0, is_estimated=False)
    sums = load_converted_sums(snapshot_id, period, boundary_set, level)
    names = queries.units(store_of(snapshot_id), boundary_set, level)[
        ["unit_code", "name", "short_name", "type", "province_code"]
    ]
    frame = names.merge(sums, on="unit_code", how="left")
    counts = [field.name for field in fields(PlaceSummary)]
    frame[counts] = frame[counts].fillna(-1).astype("int64")
    return frame.assign(is_simulated=frame["units_simulated"] > 0, is_estimated=True)


@cached
def load_trend(snapshot_id: str, boundary_set: str, unit: str, from_period: str, to_period: str) -> pd.DataFrame:
    """period, coverage_pct, communes_met_pct (NaN unknown) and is_simulated of a place over a programme.

    The months stay in their own boundary sets. A province that was merged from others is, before the merger, the sum of
    those; a province or district that no longer exists ends where it ended.
    """
    parts = predecessors(snapshot_id, boundary_set, unit)
    pieces = [load_series(snapshot_id, code, from_period, to_period) for code in parts]
    frame = pd.concat(pieces) if len(pieces) > 1 else pieces[0]
    is_own = [own in parts[code] for own, code in zip(frame["boundary_set"], frame["unit_code"], strict=True)]
    frame = frame[np.array(is_own, dtype=bool)]
    return add_trend(frame)


def load_unit_months(
    snapshot_id: str, boundary_set: str, unit: str, from_period: str, to_period: str, is_commune: bool
) -> pd.Series:
    """Coverage in percent of one unit by month of a boundary set, as it was reported, NaN unknown; `is_commune` also for
    districts that stand alone. Months for which nothing came at all are left out above the communes."""
    if is_commune:
        months, order, coverage = load_commune_lines(snapshot_id, boundary_set, from_period, to_period)
        own = coverage[order.get_loc(unit)] if unit in order else np.full(len(months), np.nan)
        return pd.Series(own, index=list(months), dtype=float)
    rows = load_series(snapshot_id, unit, from_period, to_period)
    rows = rows[(rows["boundary_set"] == boundary_set).to_numpy()]
    return pd.Series(coverage_pct(rows["insured"], rows["population"]), index=rows["period"].to_list(), dtype=float)


@cached_large
def load_commune_lines(
    snapshot_id: str, boundary_set: str, from_period: str, to_period: str
) -> tuple[tuple[str, ...], pd.Index, np.ndarray]:
    """The months of a boundary set, its communes in map order, and their coverage in percent (communes × months, NaN unknown).
    All of them cost what a hundred alone do, and readers mark one after the other; five megabytes for a programme."""
    rows = queries.commune_months(store_of(snapshot_id), boundary_set, from_period, to_period)
    order, months = units.map_order(boundary_set, "commune"), rows["period"].cat.categories
    coverage = np.full((len(order), len(months)), np.nan)
    coverage[rows["place"].to_numpy(), rows["period"].cat.codes.to_numpy()] = coverage_pct(
        rows["insured"],
        rows["population"].clip(lower=-1),  # -2 where nobody lives
    )
    return tuple(months), order, coverage


@cached
def boundary_changes(snapshot_id: str, programme: str) -> tuple[str, ...]:
    """The first months of a new boundary set inside a programme."""
    months, own = load_catalogue(snapshot_id).programmes[programme], load_catalogue(snapshot_id).boundary_of
    return tuple(month for before, month in itertools.pairwise(months) if own[before] != own[month])


@cached
def find_value_file(snapshot_id: str, boundary_set: str, level: str, programme: str) -> str | None:
    rows = queries.value_file(store_of(snapshot_id), boundary_set, level, programme)
    return str(rows["file_name"].iloc[0]) if len(rows) else None


@st.cache_resource(show_spinner=False, max_entries=60)
def rest_figures(snapshot: str, boundary_set: str, level: str, programme: str, period: str) -> bytes | None:
    """Rates and people still to enrol of every unit for hover, as the map reads them (docs/data_flow.md); None where
    the
    address names something that is not there. Rates are whole hundredths, rounded down: none looks met that is not."""
    catalogue = load_catalogue(open_store().snapshot_id)
    known = snapshot == open_store().snapshot_id and period in catalogue.programmes.get(programme, ())
    if (
        not known
        or boundary_set not in catalogue.boundaries_for[catalogue.boundary_of[period]]
        or level not in MAP_LEVELS
    ):
        return None
    frame = load_level(snapshot, period, boundary_set, level)
    hundredths = floor_hundredths(frame["insured"], frame["population"])
    if level == "commune":
        need = still_to_enrol(frame["insured"], frame["population"], threshold_at(snapshot, period))
    else:
        need = frame["still_to_enrol"].to_numpy()
    return encode_rest(boundary_set, level, period, hundredths, need)
