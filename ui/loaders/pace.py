"""Pace, status and trend marker of every unit of a level in a month; the range of arrival of one unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd

from data import queries
from data.queries import pace as pace_queries
from indicators.arrival import Arrival, measure_arrival
from indicators.met import still_to_enrol
from indicators.pace import judge_pace, months_left, quarter_months
from indicators.pace_said import say_paces
from indicators.rules import Goal, goal, programme_of
from indicators.trend_marker import MARKER_NAMES, mark_trend
from ui.loaders.figures import load_level
from ui.loaders.profile import load_level_months
from ui.loaders.snapshot import cached, load_catalogue, load_programmes, store_of, threshold_at
from ui.loaders.targets import load_targets
from ui.view import NATION


@dataclass(frozen=True)
class QuarterCounts:
    """People of the units of a level in the last eight quarters: `codes` in level order (map order for communes), `months`
    oldest first, `insured` and `population` units × months, -1 unknown.
    """

    codes: tuple[str, ...]
    months: tuple[str, ...]
    insured: np.ndarray
    population: np.ndarray


@cached
def load_quarters(snapshot_id: str, period: str, boundary_set: str, level: str) -> QuarterCounts:
    """One query for the months of the boundary set. A month on older boundaries: what the units were made of, added up, as
    the profile, rankings and trends do; communes, and months that are shown converted, are carried over (data.conversion).
    """
    store, own = store_of(snapshot_id), load_catalogue(snapshot_id).boundary_of
    codes = pd.Index(list_units(snapshot_id, boundary_set, level))
    months = quarter_months(period)
    shape = (len(codes), len(months))
    insured, population = np.full(shape, -1, dtype=np.int64), np.full(shape, -1, dtype=np.int64)
    frames = [pace_queries.level_months(store, level, boundary_set, months)]
    for month in months:
        if level in ("nation", "region"):
            if own.get(month, boundary_set) != boundary_set:
                frames.append(pace_queries.level_months(store, level, own[month], [month]))
        elif month in own and own[month] < boundary_set:
            if level == "commune" or own.get(period) != boundary_set:
                frames.append(load_level(snapshot_id, month, boundary_set, level).assign(period=month))
            else:
                frames.append(load_level_months(snapshot_id, level, boundary_set, (month,)))
    for frame in frames:
        row, column = codes.get_indexer(frame["unit_code"]), pd.Index(months).get_indexer(frame["period"])
        inside = row >= 0
        insured[row[inside], column[inside]] = frame["insured"].to_numpy()[inside]
        population[row[inside], column[inside]] = frame["population"].to_numpy()[inside]
    return QuarterCounts(tuple(codes), tuple(months), insured, population)


@cached
def list_units(snapshot_id: str, boundary_set: str, level: str) -> list[str]:
    """The codes of a level, as its frames have them."""
    store = store_of(snapshot_id)
    if level == "nation":
        return [NATION]
    if level == "region":
        return list(queries.regions(store)["region_code"])
    return list(queries.units(store, boundary_set, level)["unit_code"])


@cached
def load_goals(snapshot_id: str, period: str, boundary_set: str, level: str) -> dict[str, Goal]:
    """What each unit of a level works towards in a month, by code; units without a goal are left out.

    Nation and regions: the plan's goal for the nation. A province: its own target of the year where one is known, else the
    nation's goal (`scope` says which). Districts and communes: the threshold in force, by the plan's deadline.
    """
    programme = programme_of(load_programmes(snapshot_id), period)
    if programme is None:
        return {}
    codes = list_units(snapshot_id, boundary_set, level)
    if level in ("district", "commune"):
        rule = threshold_at(snapshot_id, period)
        if rule is None:
            return {}
        of_all = goal(programme, "communes_met", period)
        year, month = map(int, programme.to_period.split("-"))
        deadline = of_all.deadline if of_all else date(year, month, 28)
        shared = Goal("coverage", rule.value, rule.operator, deadline, legal_basis=rule.legal_basis, source=rule.source)
        return dict.fromkeys(codes, shared)
    shared = goal(programme, "coverage", period)
    found = dict.fromkeys(codes, shared) if shared else {}
    if level != "province":
        return found
    own = load_targets(snapshot_id, int(period[:4]), boundary_set)
    return found | {code: own[code] for code in codes if code in own}


@cached
def load_pace(snapshot_id: str, period: str, boundary_set: str, level: str) -> pd.DataFrame:
    """Pace of every unit of a level in a month, by unit_code in level order.

    insured, population, need (int64, -1 unknown), months_left (-1 without a goal, 0 from the deadline on), points (known
    quarters of the last eight), pace_now, pace_needed (whole people a month and a ratio of hundredths, as they are said
    everywhere: indicators.pace_said; NaN where there is none), ratio, status (a name of
    pace.STATUS_NAMES; words `pace.status_…`), marker (a name of trend_marker.MARKER_NAMES; words `pace.marker_…`).
    """
    counts = load_quarters(snapshot_id, period, boundary_set, level)
    need, left = missing_people(snapshot_id, period, boundary_set, level, counts)
    pace = judge_pace(counts.insured, counts.population, need, left)
    said = say_paces(pace)
    markers = mark_trend(counts.insured, counts.population)
    return pd.DataFrame(
        {
            "insured": counts.insured[:, -1],
            "population": counts.population[:, -1],
            "need": pace.need,
            "months_left": pace.months_left,
            "points": pace.points,
            "pace_now": said.now,
            "pace_needed": said.needed,
            "ratio": said.ratio,
            "status": pace.names(),
            "marker": [MARKER_NAMES[code] for code in markers],
        },
        index=pd.Index(counts.codes, name="unit_code"),
    )


def missing_people(
    snapshot_id: str, period: str, boundary_set: str, level: str, counts: QuarterCounts
) -> tuple[np.ndarray, np.ndarray]:
    """(people still to enrol, months left) per unit, each for its own goal; -1 without one."""
    goals = load_goals(snapshot_id, period, boundary_set, level)
    need, left = np.full(len(counts.codes), -1, dtype=np.int64), np.full(len(counts.codes), -1, dtype=np.int64)
    places: dict[tuple[Decimal, str, date], list[int]] = {}
    for place, code in enumerate(counts.codes):
        if rule := goals.get(code):
            places.setdefault((rule.value, rule.operator, rule.deadline), []).append(place)
    for held in places.values():
        rule = goals[counts.codes[held[0]]]
        need[held] = still_to_enrol(counts.insured[held, -1], counts.population[held, -1], rule)
        left[held] = months_left(period, rule.deadline)
    return need, left


@cached
def load_arrival(snapshot_id: str, period: str, boundary_set: str, level: str, unit: str) -> Arrival:
    """The range of arrival of one unit (arrays of one entry)."""
    counts = load_quarters(snapshot_id, period, boundary_set, level)
    need, left = missing_people(snapshot_id, period, boundary_set, level, counts)
    at = [counts.codes.index(unit)]
    return measure_arrival(counts.insured[at], counts.population[at], need[at], left[at])
