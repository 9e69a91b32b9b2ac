"""The rank of a unit inside every scope that holds it, in a month and over the years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from indicators.ranking import RANKED, competition_ranks, find_reasons, place_of, rates
from ui import loaders
from ui.catalogue import province_of
from ui.frame import Frame
from ui.loaders import groups, profile
from ui.loaders.units import load_units

NO_PLACE: tuple[int | None, int, bool] = (None, 0, False)


@dataclass(frozen=True)
class RankRow:
    """A unit's places in one scope of `size` units: `name` in the reader's language; per month (place or None, of, tied), where
    `of` counts those that could be ranked."""

    kind: str
    name: str
    places: dict[str, tuple[int | None, int, bool]]
    size: int


@dataclass(frozen=True)
class Circle:
    """The units among which a unit is ranked."""

    kind: str
    name: str
    members: tuple[str, ...]


def list_circles(page: Frame) -> list[Circle]:
    """Nation, region and clusters for a province; the province for a district; the district (the province where there are
    none) for a commune; its scheme for a region; none for the nation."""
    view, words, shown = page.view, page.words, page.boundary_set
    units = load_units(page.snapshot_id, shown)
    if page.unit_level == "province":
        scopes = groups.scopes_of(page.snapshot_id, view.period, shown, view.unit)
        return [Circle(scope.kind, groups.say_scope(scope, words), scope.members) for scope in scopes]
    if page.unit_level == "region":
        schemes = page.catalogue.regions[shown]
        same = tuple(code for code, scheme in schemes.items() if scheme == schemes[view.unit])
        return [Circle("region", words.say("profile.rank_regions"), same)]
    if page.unit_level == "district":
        province = province_of(view.unit, shown, page.catalogue)
        members = units[(units["level"] == "district") & (units["province_code"] == province)]
        return [Circle("province", page.label(province), tuple(members["unit_code"]))]
    if page.unit_level == "commune":
        above = units.at[view.unit, "parent_code"]
        members = units[(units["parent_code"] == above) & (units["level"] == "commune")]
        return [Circle(page.catalogue.unit_levels[shown][above], page.label(above), tuple(members["unit_code"]))]
    return []


def rank_unit(page: Frame, *, has_history: bool) -> list[RankRow]:
    """The places of the unit of the address in the month, and (`has_history`) in every December so far."""
    circles = list_circles(page)
    if not circles:
        return []
    now = page.view.period
    months = profile.december_months(page.snapshot_id, now) if has_history else (now,)
    if page.unit_level in ("province", "region"):
        # Among provinces of which this reader sees its own only, no place is a place; the month itself stays, without one.
        months = tuple(month for month in months if month == now or month not in page.catalogue.partial_months)
    figures = load_figures(page, months, circles)
    return [
        RankRow(
            circle.kind,
            circle.name,
            {
                month: NO_PLACE
                if is_partial(page, month)
                else rank_in(page.unit_level, figures[figures["period"] == month], circle.members, page.view.unit)
                for month in months
            },
            len(circle.members),
        )
        for circle in circles
    ]


def is_partial(page: Frame, month: str) -> bool:
    """Whether the reader sees only a part of the units among which the unit of the address is ranked."""
    return page.unit_level in ("province", "region") and month in page.catalogue.partial_months


def load_figures(page: Frame, months: Sequence[str], circles: Sequence[Circle]) -> pd.DataFrame:
    """period, unit_code, population, insured (and units, units_reported above communes) of everybody in the circles."""
    level = page.unit_level
    if page.view.boundaries and level != "province":
        return load_converted(page, circles)
    if level != "commune":
        return profile.load_level_months(page.snapshot_id, level, page.boundary_set, tuple(months))
    members = sorted({code for circle in circles for code in circle.members})
    rows = profile.load_communes_over_time(page.snapshot_id, tuple(members), months[0], months[-1])
    same_set = rows["boundary_set"] == page.boundary_set
    return rows[same_set & rows["period"].isin(months)]


def load_converted(page: Frame, circles: Sequence[Circle]) -> pd.DataFrame:
    """The month itself on other boundaries; earlier ones are not converted for a rank."""
    key = (page.snapshot_id, page.view.period, page.boundary_set)
    if page.unit_level == "commune":
        return loaders.load_communes(*key).assign(period=page.view.period)
    if page.unit_level == "district":
        return loaders.load_converted_sums(*key, "district").assign(period=page.view.period)
    rows = {code: profile.load_place(*key, code, "region") for circle in circles for code in circle.members}
    columns = ("population", "insured", "units", "units_reported")
    known = [
        {"unit_code": code} | {name: getattr(found, name) for name in columns} for code, found in rows.items() if found
    ]
    return pd.DataFrame(known, columns=["unit_code", *columns]).assign(period=page.view.period)


def rank_in(level: str, figures: pd.DataFrame, members: Sequence[str], unit: str) -> tuple[int | None, int, bool]:
    """(place or None, of how many, tied) of a unit among the members with a rate that may be ranked."""
    inside = figures[figures["unit_code"].isin(members)]
    at = np.flatnonzero(inside["unit_code"] == unit)
    if not len(at):
        return NO_PLACE
    reports = {name: inside[name] for name in ("units", "units_reported") if name in inside}
    reasons = find_reasons(level, insured=inside["insured"], population=inside["population"], **reports)
    ranks = competition_ranks(rates(inside["insured"], inside["population"]), reasons == RANKED)
    return place_of(ranks, at[0]), ranks.of, bool(ranks.tied[at[0]])


def say_now(page: Frame, rows: Sequence[RankRow], period: str) -> str:
    """ "Hạng 27/63 · Vùng Bắc Trung Bộ 3/6 · Cụm thi đua IV 3=/11"; "" where the unit is in no list."""
    said = []
    for row in rows:
        place, of, tied = row.places[period]
        if place is not None:
            written = page.formats.rank(place, of, tied=tied)
            text = page.words.say("profile.rank_in", scope=row.name, rank=written)
            said.append(text + say_unranked(page, row.size - of))
    return " · ".join(said)


def say_unranked(page: Frame, count: int) -> str:
    """How many of a scope have no place beside a rank, so that 26/33 is not taken for a count of all; "" where none."""
    return page.words.say("profile.rank_out", count=page.formats.count(count)) if count > 0 else ""
