"""The profile of one unit: its communes, its sums over the months in one piece, what it was and became."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd

from data import queries
from data.queries import profile
from geo import units
from geo.crosswalks import Crosswalk, convert_counts
from geo.lineage import part_of_crosswalk, same_land
from ui.catalogue import is_own_place
from ui.loaders.figures import load_communes, load_series, load_summary
from ui.loaders.snapshot import cached, load_catalogue, store_of, threshold_at
from ui.loaders.units import load_units, predecessors, stands_alone
from ui.sums import PlaceSummary, summarise_frame, to_summary

FIRST_PERIOD, LAST_PERIOD = "2016-01", "9999-12"
COUNTS = ("population", "insured", "met", "counted", "still_to_enrol", "units_simulated")


@cached
def load_place(snapshot_id: str, period: str, boundary_set: str, unit: str, level: str) -> PlaceSummary | None:
    """The sums of any unit in a month on a boundary set; a commune is the sum of itself. None without figures, or
    where this reader sees only a part of them."""
    catalogue = load_catalogue(snapshot_id)
    if period in catalogue.partial_months and not is_own_place(unit, boundary_set, catalogue):
        return None
    if boundary_set == units.boundary_set_of(period) and level != "commune":
        # All months of the unit at once: the next period then asks nothing.
        rows = load_all_months(snapshot_id, unit)
        rows = rows[rows["period"] == period]
        return to_summary(rows.iloc[0]) if len(rows) else None
    if level in ("nation", "province", "district"):
        return load_summary(snapshot_id, period, boundary_set, unit, level)
    frame = load_place_communes(snapshot_id, period, boundary_set, unit, level)
    if frame.empty:
        return None
    return to_summary(summarise_frame(frame, threshold_at(snapshot_id, period), "nation").iloc[0])


def load_all_months(snapshot_id: str, unit: str) -> pd.DataFrame:
    """`loaders.load_series` of every month there is."""
    return load_series(snapshot_id, unit, FIRST_PERIOD, LAST_PERIOD)


@cached
def load_place_communes(snapshot_id: str, period: str, boundary_set: str, unit: str, level: str) -> pd.DataFrame:
    """The communes (and stand-alone districts) of a place in a month, in map order (`loaders.load_communes`)."""
    frame = load_communes(snapshot_id, period, boundary_set)
    if level == "nation":
        return frame
    if level == "region":
        return frame[frame["province_code"].isin(provinces_of_region(snapshot_id, boundary_set, unit))]
    column = {"province": "province_code", "district": "district_code"}.get(level, "unit_code")
    return frame[(frame[column] == unit) | (frame["unit_code"] == unit)]


@cached
def provinces_of_region(snapshot_id: str, boundary_set: str, region: str) -> tuple[str, ...]:
    frame = load_units(snapshot_id, boundary_set)
    scheme = load_catalogue(snapshot_id).regions[boundary_set][region]
    return tuple(frame.loc[(frame["level"] == "province") & (frame[scheme] == region), "unit_code"])


@cached
def load_months(snapshot_id: str, boundary_set: str, unit: str, level: str, to_period: str) -> pd.DataFrame:
    """One row per month of a place, oldest first: period, boundary_set and COUNTS (-1 unknown), is_estimated.

    Months on older boundaries are added up from what the place was made of; a commune that took in a part of a split
    one has estimated people there. Months on newer ones only where the place kept its land.
    """
    if level == "commune" or (level == "district" and stands_alone(snapshot_id, boundary_set, unit)):
        return load_commune_months(snapshot_id, boundary_set, unit, to_period)
    find_parts = region_parts if level == "region" else predecessors
    parts = find_parts(snapshot_id, boundary_set, unit)
    frame = pd.concat([load_all_months(snapshot_id, code) for code in parts])
    frame = frame[frame["period"] <= to_period]
    is_own = [own in parts[code] for own, code in zip(frame["boundary_set"], frame["unit_code"], strict=True)]
    frame = frame[np.array(is_own, dtype=bool)]
    known = frame[list(COUNTS)].where(lambda counts: counts >= 0)
    sums = known.assign(period=frame["period"], boundary_set=frame["boundary_set"])
    sums = sums.groupby(["period", "boundary_set"], as_index=False).sum(min_count=1)
    sums[list(COUNTS)] = sums[list(COUNTS)].fillna(-1).astype("int64")
    return sums.assign(is_estimated=False)


def region_parts(snapshot_id: str, boundary_set: str, region: str) -> dict[str, set[str]]:
    """Of which units a region is the sum, per boundary set: itself where the set has it, else its provinces' forerunners."""
    catalogue = load_catalogue(snapshot_id)
    parts: dict[str, set[str]] = {region: {name for name, known in catalogue.regions.items() if region in known}}
    for province in provinces_of_region(snapshot_id, boundary_set, region):
        for code, sets in predecessors(snapshot_id, boundary_set, province).items():
            if rest := sets - parts[region]:
                parts.setdefault(code, set()).update(rest)
    return parts


def load_commune_months(snapshot_id: str, boundary_set: str, unit: str, to_period: str) -> pd.DataFrame:
    """`load_months` of a commune or stand-alone district."""
    pieces = []
    sets = tuple(load_catalogue(snapshot_id).boundaries_for)
    for name in sets:
        walk = part_of_crosswalk(name, boundary_set, unit) if name < boundary_set else None
        later = same_land(boundary_set, name, unit) if name > boundary_set else unit
        codes = list(walk.from_codes) if walk else [later] if later else []
        if not codes:
            continue
        rows = profile.communes_over_time(store_of(snapshot_id), codes, FIRST_PERIOD, to_period)
        rows = rows[rows["boundary_set"] == name]
        if rows.empty:
            continue
        pieces.append(convert_months(rows, walk, unit) if walk else own_months(rows))
    columns = ["period", "boundary_set", "population", "insured", "units_simulated", "is_estimated"]
    frame = pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame(columns=columns)
    return frame.sort_values("period", ignore_index=True).assign(met=-1, counted=-1, still_to_enrol=-1)


def own_months(rows: pd.DataFrame) -> pd.DataFrame:
    simulated = rows["is_simulated"].astype("int64")
    counts = rows[["period", "boundary_set", "population", "insured"]]
    return counts.assign(units_simulated=simulated, is_estimated=False)


def convert_months(rows: pd.DataFrame, walk: Crosswalk, unit: str) -> pd.DataFrame:
    """Months of a unit's parts as months of the unit: whole people, unknown where a part is (`geo.crosswalks`)."""
    periods = sorted(rows["period"].unique())
    at = walk.to_codes.get_loc(unit)
    counts = {}
    empty = rows["obs_status"] == "not_applicable"
    for name in ("population", "insured"):
        values = rows[name].mask(empty, 0)
        table = rows.assign(value=values).pivot(index="unit_code", columns="period", values="value")
        table = table.reindex(index=walk.from_codes, columns=periods).fillna(-1).astype("int64")
        counts[name] = convert_counts(table.to_numpy(), walk)[at]
    simulated = rows.groupby("period")["is_simulated"].any().reindex(periods).astype("int64").to_numpy()
    frame = pd.DataFrame({"period": periods, "boundary_set": rows["boundary_set"].iloc[0], **counts})
    frame.loc[frame["population"] == 0, "population"] = -1
    return frame.assign(units_simulated=simulated, is_estimated=bool(walk.estimated[at]))


@cached
def load_recognised(snapshot_id: str, boundary_set: str, day: str) -> dict[str, str]:
    """unit_code -> decision, of the communes recognised by a decision in force on a day."""
    rows = profile.recognised_communes(store_of(snapshot_id), boundary_set, day)
    return dict(zip(rows["unit_code"], rows["decision"].fillna(""), strict=True))


@cached
def load_groups(snapshot_id: str, period: str, scope: str) -> pd.DataFrame:
    """`queries.group_gaps` with legal_basis of the list in force."""
    store = store_of(snapshot_id)
    lists = queries.payer_groups(store, period)[["payer_group", "list", "legal_basis"]]
    return queries.group_gaps(store, period, scope).merge(lists, on="payer_group", how="left")


@cached
def load_received_populations(snapshot_id: str, boundary_set: str, scope: str, until: str) -> pd.DataFrame:
    return profile.received_populations(store_of(snapshot_id), boundary_set, scope, until)


@cached
def load_populations(snapshot_id: str, codes: tuple[str, ...]) -> pd.DataFrame:
    """Average populations of the year by series, added up over units that all have one: series, year, population,
    is_estimated, source."""
    store = store_of(snapshot_id)
    frame = pd.concat([queries.populations(store, code) for code in codes], ignore_index=True)
    if frame.empty:
        return frame
    sums = frame.groupby(["series", "year"], as_index=False).agg(
        population=("population", "sum"),
        is_estimated=("is_estimated", "any"),
        source=("source", "first"),
        units=("unit_code", "nunique"),
    )
    return sums[sums["units"] == len(codes)]


@cached
def load_published_communes(snapshot_id: str, unit: str) -> pd.DataFrame:
    return queries.published_communes(store_of(snapshot_id), unit)


@cached
def load_revisions(snapshot_id: str, scope: str, until: str) -> pd.DataFrame:
    return profile.revisions(store_of(snapshot_id), scope, until)


@cached
def load_files_of_place(snapshot_id: str, period: str, scope: str) -> pd.DataFrame:
    return profile.files_of_place(store_of(snapshot_id), period, scope)


@cached
def load_level_months(snapshot_id: str, level: str, boundary_set: str, periods: tuple[str, ...]) -> pd.DataFrame:
    """Sums of every unit of a level of a boundary set in some months: period, unit_code, population, insured, met,
    counted, units, units_reported (-1 unknown).

    Provinces of before a merger are added up to the province of today; other levels only in months in which they were.
    """
    rows = profile.level_over_time(store_of(snapshot_id), level, periods)
    if level == "province":
        heirs = load_catalogue(snapshot_id).successors
        rows["unit_code"] = [
            code if own == boundary_set else heirs.get((boundary_set, code), code)
            for own, code in zip(rows["boundary_set"], rows["unit_code"], strict=True)
        ]
    columns = ["population", "insured", "met", "counted", "units", "units_reported"]
    known = rows[columns].where(lambda counts: counts >= 0)
    sums = known.assign(period=rows["period"], unit_code=rows["unit_code"])
    sums = sums.groupby(["period", "unit_code"], as_index=False).sum(min_count=1)
    sums[columns] = sums[columns].fillna(-1).astype("int64")
    return sums


def december_months(snapshot_id: str, period: str) -> tuple[str, ...]:
    """Every December with figures up to a month, and the month itself."""
    months = sorted(itertools.chain.from_iterable(load_catalogue(snapshot_id).programmes.values()))
    return tuple(month for month in months if month == period or (month < period and month.endswith("-12")))


@cached
def load_communes_over_time(snapshot_id: str, codes: tuple[str, ...], from_period: str, to_period: str) -> pd.DataFrame:
    """`queries.profile.communes_over_time`."""
    return profile.communes_over_time(store_of(snapshot_id), codes, from_period, to_period)


@cached
def load_largest_groups(snapshot_id: str, period: str, codes: tuple[str, ...]) -> dict[str, str]:
    """unit_code -> key of the payer group with most people not yet insured; communes without a survey are not in it."""
    rows = profile.largest_groups(store_of(snapshot_id), period, codes)
    return dict(zip(rows["unit_code"], rows["word"], strict=True))
