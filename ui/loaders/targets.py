"""What each unit is to reach in a year: one rule of whose target holds for whom, for every page."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal

from data import queries
from geo.units import boundary_sets
from indicators.rules import Goal
from ui.loaders.snapshot import cached, load_catalogue, store_of

LAST_YEAR_BEFORE_MERGERS = 2025


@cached
def load_all_targets(snapshot_id: str, boundary_set: str) -> dict[str, dict[int, Goal]]:
    """unit_code -> year -> the target in force (the highest, where decisions disagree), for the units of a boundary set.

    A target that was set for a province before it was merged is no target of the merged one, though that kept its code:
    it was set for other land. One that a merged province was given after the reform, and that came in a list, is its own.
    """
    merged = find_merged(snapshot_id, boundary_set)
    found: dict[str, dict[int, Goal]] = defaultdict(dict)
    for row in queries.targets_in_force(store_of(snapshot_id)).itertuples():
        is_own = row.unit_code not in merged or (row.is_received and row.year > LAST_YEAR_BEFORE_MERGERS)
        if is_own and row.year not in found[row.unit_code]:
            found[row.unit_code][row.year] = Goal(
                measure="coverage",
                value=Decimal(row.value),
                operator=row.operator,
                deadline=date(row.year, 12, 31),
                scope=row.unit_code,
                legal_basis=row.decision,
                source=row.source,
                # A target that an office sent as a list is as sure as its file; `received` is no degree of sureness.
                confidence="high" if row.confidence == "received" else row.confidence,
            )
    return {code: years for code, years in found.items() if years}


@cached
def load_targets(snapshot_id: str, year: int, boundary_set: str) -> dict[str, Goal]:
    """The target of every unit that has one in a year."""
    every = load_all_targets(snapshot_id, boundary_set)
    return {code: years[year] for code, years in every.items() if year in years}


def load_target(snapshot_id: str, unit: str, year: int, boundary_set: str) -> Goal | None:
    """The target of one unit in a year; None where none is known."""
    return load_all_targets(snapshot_id, boundary_set).get(unit, {}).get(year)


def load_target_path(snapshot_id: str, unit: str, boundary_set: str) -> list[Goal]:
    """The targets of a unit year by year, oldest first."""
    years = load_all_targets(snapshot_id, boundary_set).get(unit, {})
    return [years[year] for year in sorted(years)]


def find_merged(snapshot_id: str, boundary_set: str) -> set[str]:
    """Provinces of the newest boundary set that were put together from several older ones; none of an older set."""
    newest = boundary_sets()[-1]
    if boundary_set != newest:
        return set()
    catalogue = load_catalogue(snapshot_id)
    before = catalogue.unit_levels[boundary_sets()[-2]]
    parts: dict[str, int] = {}
    for (to_set, code), heir in catalogue.successors.items():
        if to_set == newest and before.get(code) == "province":
            parts[heir] = parts.get(heir, 0) + 1
    return {heir for heir, count in parts.items() if count > 1}
