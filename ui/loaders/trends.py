"""Series of units over all months, whatever the reforms between, and what marks them."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from data import continuation, queries
from indicators.rates import coverage_pct
from indicators.rules import Goal, Programme
from ui.loaders.figures import load_series
from ui.loaders.snapshot import cached, load_catalogue, load_programmes, store_of
from ui.loaders.targets import load_target_path
from ui.view import NATION


@cached
def find_parts(snapshot_id: str, own_set: str, shown_set: str, level: str) -> continuation.Parts:
    """What the units of a set consist of in another (`continuation.split_parts`)."""
    return continuation.split_parts(store_of(snapshot_id), own_set, shown_set, level)


@cached
def load_unit_series(snapshot_id: str, shown_set: str, level: str, codes: tuple[str, ...]) -> pd.DataFrame:
    """The months of some units of a level over all boundary sets (`continuation.read_series`)."""
    if level == "nation":  # the nation is the same land in every set: its sums are published
        sums = load_series(snapshot_id, NATION, "0000-01", "9999-12")
        sums = sums[(sums["population"] > 0) & (sums["insured"] >= 0)]
        return sums[["unit_code", "period", "insured", "population"]].assign(
            is_estimated=False, is_simulated=sums["units_simulated"] > 0
        )
    parts_of = {}
    for own_set in sorted(set(load_catalogue(snapshot_id).boundary_of.values())):
        parts_of[own_set] = find_parts(snapshot_id, own_set, shown_set, level).of(codes)
    return continuation.read_series(store_of(snapshot_id), parts_of, level)


@cached
def load_level_series(snapshot_id: str, shown_set: str, level: str, periods: tuple[str, ...]) -> pd.DataFrame:
    """Every unit of a level in some months, over all boundary sets."""
    own = load_catalogue(snapshot_id).boundary_of
    sets = sorted({own[period] for period in periods if period in own})
    parts_of = {own_set: find_parts(snapshot_id, own_set, shown_set, level) for own_set in sets}
    return continuation.read_series(store_of(snapshot_id), parts_of, level, periods)


@cached
def load_level_rates(
    snapshot_id: str, shown_set: str, level: str, periods: tuple[str, ...]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The same as tables for drawing, a row per unit and a column per month: coverage in percent (NaN unknown), and whether
    it is estimated."""
    frame = load_level_series(snapshot_id, shown_set, level, periods)
    index = pd.MultiIndex.from_frame(frame[["unit_code", "period"]])
    rates = pd.Series(coverage_pct(frame["insured"], frame["population"]), index=index, dtype=float).unstack("period")
    estimated = pd.Series(frame["is_estimated"].astype(bool).to_numpy(), index=index).unstack(
        "period", fill_value=False
    )
    columns = list(periods)
    return rates.reindex(columns=columns), estimated.reindex(columns=columns, fill_value=False)


@cached
def load_all_goals(snapshot_id: str, unit: str, shown_set: str) -> tuple[Goal, ...]:
    """The goal that each programme ends with: coverage (the nation's, or a province's own target) and communes."""
    programmes = load_programmes(snapshot_id).values()
    of_all = [goal for entry in programmes for goal in entry.goals if goal.main]
    communes = [goal for goal in of_all if goal.measure == "communes_met"]
    if unit == NATION:
        coverage = [goal for goal in of_all if goal.measure == "coverage"]
        return (*last_of_programmes(coverage, programmes), *last_of_programmes(communes, programmes))
    own = load_target_path(snapshot_id, unit, shown_set)
    return (*last_of_programmes(own, programmes), *last_of_programmes(communes, programmes))


def last_of_programmes(goals: list[Goal], programmes: Collection[Programme]) -> list[Goal]:
    """Of each programme the goal with the last deadline: the steps of every year would write over each other."""
    kept = []
    for entry in programmes:
        inside = [goal for goal in goals if entry.covers(f"{goal.deadline:%Y-%m}")]
        kept += [max(inside, key=lambda goal: goal.deadline)] if inside else []
    return kept


@cached
def load_reform_events(snapshot_id: str) -> pd.DataFrame:
    return queries.reform_events(store_of(snapshot_id))


@cached
def load_populations(snapshot_id: str, unit: str) -> pd.DataFrame:
    return queries.populations(store_of(snapshot_id), unit)
