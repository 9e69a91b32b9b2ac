"""Every cached function of the app, keyed by the snapshot's id: a new snapshot is a new key, and nothing ever expires.

Functions take plain codes and return frames or small dataclasses. Outlines never pass through Python here: the browser
fetches them by address.
"""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st

from data import conversion, queries
from data.store import Store, get_store
from geo import units
from indicators.met import still_to_enrol
from indicators.rates import floor_hundredths
from indicators.rules import Goal, Programme, Threshold, programme_of, programmes_from_rows, threshold_in_force
from text.names import search_key
from ui.catalogue import build_catalogue
from ui.rest import encode_rest
from ui.sums import PlaceSummary, add_trend, summarise_frame, to_summary
from ui.view import NATION, Catalogue

OUTLINES = Path(__file__).resolve().parent.parent / "static" / "outlines"
SEARCH_LIMIT = 12
MAP_LEVELS = ("province", "district", "commune")


@dataclass(frozen=True)
class SnapshotInfo:
    snapshot_id: str
    made_on: date
    fallback_from: str | None
    has_figures: bool
    has_real: bool


_seen: dict[str, Store] = {}
KEPT_STORES = 3


def open_store() -> Store:
    """The store in force. Not cached: it notices a new snapshot by one small file read. Raises StoreUnavailable."""
    store = get_store()
    _seen[store.snapshot_id] = store
    for old in list(_seen)[:-KEPT_STORES]:
        del _seen[old]
    return store


def store_of(snapshot_id: str) -> Store:
    """The store that a page began with: one that is published meanwhile must not be cached under the old one's id."""
    return _seen.get(snapshot_id) or open_store()


def cached(function):
    """Cache by arguments, the first of which is the snapshot's id; no copies are made of what is returned."""
    return st.cache_resource(show_spinner=False, max_entries=400)(function)


def warm_up() -> None:
    """Read what the default view needs. Raises StoreUnavailable."""
    snapshot_id = open_store().snapshot_id
    catalogue = load_catalogue(snapshot_id)
    period = catalogue.default_period
    boundary_set = catalogue.boundary_of[period]
    load_communes(snapshot_id, period, boundary_set)
    place_labels(snapshot_id, boundary_set, "commune", True)
    load_summary(snapshot_id, period, boundary_set, NATION, "nation")


def snapshot_info() -> SnapshotInfo:
    store = open_store()
    return read_snapshot_info(store.snapshot_id, store.fallback_from)


@cached
def read_snapshot_info(snapshot_id: str, fallback_from: str | None) -> SnapshotInfo:
    info = queries.snapshot_info(store_of(snapshot_id))
    made_on = date.fromisoformat(str(info["made_at"])[:10])
    return SnapshotInfo(snapshot_id, made_on, fallback_from, info["rows"] > 0, info["real_rows"] > 0)


@cached
def load_programmes(snapshot_id: str) -> dict[str, Programme]:
    """Programmes with their thresholds and goals, as this snapshot has them."""
    store = store_of(snapshot_id)
    frames = (queries.programmes(store), queries.thresholds(store), queries.goals(store))
    return programmes_from_rows(*(frame.to_dict("records") for frame in frames))


@cached
def load_catalogue(snapshot_id: str) -> Catalogue:
    """What can be chosen on this snapshot."""
    store = store_of(snapshot_id)
    units_of = {name: queries.units(store, name) for name in queries.boundary_sets(store)["boundary_set"]}
    has_real = read_snapshot_info(snapshot_id, None).has_real
    return build_catalogue(load_programmes(snapshot_id), queries.periods(store), units_of, has_real)


@cached
def load_units(snapshot_id: str, boundary_set: str) -> pd.DataFrame:
    """Units of a set by unit_code: level, name, short_name, type, province_code, district_code, stands_alone,
    map_order.
    """
    return queries.units(store_of(snapshot_id), boundary_set).set_index("unit_code", drop=False)


def unit_label(snapshot_id: str, boundary_set: str, code: str, nation: str) -> str:
    """The full name of a unit; `nation` is the word for the whole country."""
    return nation if code == NATION else str(load_units(snapshot_id, boundary_set).at[code, "name"])


def unit_parents_label(snapshot_id: str, boundary_set: str, code: str) -> str:
    """ "huyện Mộc Châu, tỉnh Sơn La": the names above a unit, nearest first; empty for a province."""
    frame = load_units(snapshot_id, boundary_set)
    row = frame.loc[code]
    above = [
        row[column]
        for column in ("district_code", "province_code")
        if isinstance(row[column], str) and row[column] not in ("", code)
    ]
    return ", ".join(frame.at[parent, "name"] for parent in above if parent in frame.index)


def search_units(snapshot_id: str, boundary_set: str, text: str) -> pd.DataFrame:
    """Units whose name holds the text, marks or not: unit_code, label with the names above."""
    found = queries.search_units(store_of(snapshot_id), boundary_set, search_key(text), SEARCH_LIMIT)
    above = found[["district_name", "province_name"]].apply(
        lambda row: ", ".join(name for name in row if isinstance(name, str)), axis=1
    )
    label = found["name"].where(above == "", found["name"] + ", " + above) if len(found) else found["name"]
    return found.assign(label=label)


# Sums of a place


@cached
def load_summary(snapshot_id: str, period: str, boundary_set: str, unit: str, level: str) -> PlaceSummary | None:
    """The sums of one place in a month, on the boundary set asked for; None where the month has no figures."""
    store = store_of(snapshot_id)
    if boundary_set == units.boundary_set_of(period):
        rows = queries.summary_series(store, unit, period, period)
    else:
        rows = load_converted_sums(snapshot_id, period, boundary_set, level)
        rows = rows[rows["unit_code"] == unit]
    return to_summary(rows.iloc[0]) if len(rows) else None


@cached
def load_converted_sums(snapshot_id: str, period: str, boundary_set: str, level: str) -> pd.DataFrame:
    """The sums of a level for a month on another boundary set than its own."""
    frame = load_communes(snapshot_id, period, boundary_set)
    return summarise_frame(frame, threshold_at(snapshot_id, period), level)


def threshold_at(snapshot_id: str, period: str) -> Threshold | None:
    """The commune threshold in force for a month, by the programme that owns it; None where it is unknown."""
    programme = programme_of(load_programmes(snapshot_id), period)
    return threshold_in_force(programme, period) if programme else None


@cached
def load_series(snapshot_id: str, unit: str, from_period: str, to_period: str) -> pd.DataFrame:
    """The sums of one place over the months, each in its own boundary set."""
    return queries.summary_series(store_of(snapshot_id), unit, from_period, to_period).assign(unit_code=unit)


# Units of a map


@cached
def load_communes(snapshot_id: str, period: str, boundary_set: str) -> pd.DataFrame:
    """The commune map of a month on a boundary set, in map order (`queries.commune_values`, with is_estimated)."""
    store = store_of(snapshot_id)
    if boundary_set == units.boundary_set_of(period):
        return queries.commune_values(store, period).assign(is_estimated=False)
    return conversion.convert_commune_values(store, period, boundary_set)


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
    frame = pd.concat([load_series(snapshot_id, code, from_period, to_period) for code in parts])
    is_own = [own in parts[code] for own, code in zip(frame["boundary_set"], frame["unit_code"], strict=True)]
    frame = frame[np.array(is_own, dtype=bool)]
    return add_trend(frame)


def predecessors(snapshot_id: str, boundary_set: str, unit: str) -> dict[str, set[str]]:
    """Which units a place is the sum of, and in which boundary sets: {unit code: {boundary sets}}."""
    catalogue = load_catalogue(snapshot_id)
    parts: dict[str, set[str]] = {}
    for name in catalogue.boundaries_for:
        if unit == NATION or name == boundary_set:
            parts.setdefault(unit, set()).add(name)
        elif boundary_set in catalogue.boundaries_for[name] and catalogue.unit_levels[boundary_set][unit] == "province":
            old = [code for (last, code), new in catalogue.successors.items() if new == unit and last == boundary_set]
            for code in old or [unit]:
                parts.setdefault(code, set()).add(name)
        elif catalogue.unit_levels[name].get(unit) == catalogue.unit_levels[boundary_set][unit] and "2025-07" not in (
            name,
            boundary_set,
        ):
            parts.setdefault(unit, set()).add(name)
    return parts


@cached
def boundary_changes(snapshot_id: str, programme: str) -> tuple[str, ...]:
    """The first months of a new boundary set inside a programme."""
    months, own = load_catalogue(snapshot_id).programmes[programme], load_catalogue(snapshot_id).boundary_of
    return tuple(month for before, month in itertools.pairwise(months) if own[before] != own[month])


@cached
def place_labels(snapshot_id: str, boundary_set: str, level: str, is_nation: bool) -> pd.Series:
    """The label of each unit of a map level by unit_code: its name, with the names above it that are not on the screen.
    """
    frame = load_units(snapshot_id, boundary_set)
    name = frame["name"]
    chosen = frame["map_order"].notna() if level == "commune" else frame["level"] == level
    columns = ["district_code", "province_code"] if is_nation else ["district_code"]
    label = name.copy()
    for column in columns:
        above = frame[column].map(name).where(frame[column] != frame["unit_code"])
        if level != "province":
            label = label.where(above.isna(), label + ", " + above)
    return label[chosen]


def stands_alone(snapshot_id: str, boundary_set: str, unit: str) -> bool:
    """Whether a unit is a district without communes, which the commune map shows as itself."""
    return bool(load_units(snapshot_id, boundary_set).at[unit, "stands_alone"])


@cached
def load_published(snapshot_id: str, unit: str) -> pd.DataFrame:
    return queries.published_series(store_of(snapshot_id), unit)


@cached
def load_target(snapshot_id: str, unit: str, year: str) -> Goal | None:
    """The coverage that a unit is to reach in a year, by the decision in force; None where none is known."""
    rows = queries.targets(store_of(snapshot_id), unit, int(year))
    rows = rows[rows["in_force"].astype(bool)]
    if rows.empty:
        return None
    row = rows.iloc[0]
    return Goal(
        measure="coverage",
        value=Decimal(row["value"]),
        operator=row["operator"],
        deadline=date(int(year), 12, 31),
        scope=unit,
        legal_basis=row["decision"],
        source=row["source"],
        confidence=row["confidence"],
    )


@cached
def load_reports(snapshot_id: str, period: str) -> pd.DataFrame:
    """Per province whether its report of the month has come."""
    return queries.reports_received(store_of(snapshot_id), period)


@cached
def load_changes(snapshot_id: str, period: str, earlier: str) -> pd.DataFrame:
    """Communes at two months of one boundary set (`queries.changes_since`); empty where the sets differ."""
    return queries.changes_since(store_of(snapshot_id), period, earlier)


@cached
def load_cells(snapshot_id: str, period: str) -> dict[str, str]:
    """unit_code → the cell its insured people came from; units with simulated figures are not in it."""
    rows = queries.cells_of_insured(store_of(snapshot_id), period)
    return dict(zip(rows["unit_code"], rows["address"], strict=True))


@cached
def load_rejections(snapshot_id: str, period: str) -> pd.DataFrame:
    return queries.rejections(store_of(snapshot_id), period)


@cached
def load_files(snapshot_id: str) -> pd.DataFrame:
    return queries.files_received(store_of(snapshot_id))


def load_source(snapshot_id: str, unit: str, period: str) -> pd.DataFrame:
    """Which file, sheet and cell the figures of a unit came from."""
    return queries.source_of(store_of(snapshot_id), unit, period)


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


# Files of the map


@st.cache_resource(show_spinner=False)
def outline_manifest() -> dict:
    """`static/outlines/manifest.json`; empty where it is missing, so that the page can say so."""
    path = OUTLINES / "manifest.json"
    return json.loads(path.read_text("utf-8")) if path.is_file() else {}


@st.cache_resource(show_spinner=False, max_entries=2)
def _imported_outlines(path: Path, changed: int) -> dict:
    return json.loads(path.read_text("utf-8"))


def outlines_of(boundary_set: str) -> dict:
    """The manifest's entry of a boundary set: imported outlines (with their `source`) if there are any, else shipped ones.

    An import is noticed at once: the manifest in the data directory is read again when it has changed.
    """
    path = get_settings().var_directory / "outlines" / "manifest.json"
    imported = _imported_outlines(path, path.stat().st_mtime_ns) if path.is_file() else {}
    return imported.get(boundary_set) or outline_manifest().get(boundary_set, {})


def find_outline_file(name: str) -> Path | None:
    """An arc or name file: of the data directory, or shipped. Names say the content, so either is right."""
    folders = (get_settings().var_directory / "outlines", OUTLINES)
    return next((folder / name for folder in folders if (folder / name).is_file()), None)


def first_outlines() -> list[str]:
    """Outline files of the default view, relative to static/, for the page to ask for at once."""
    entry = outlines_of("2019-10")
    return [f"outlines/{entry['commune']}"] if entry else []
