"""What an evaluation report is about: its place, the lists of every level inside it, and where the place itself stands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from indicators.evaluation_rules import LEVELS
from text.names import lower_first
from ui.emulation import EmulationView, read_view
from ui.emulation_groups import ComparedGroups, compare_scopes
from ui.emulation_lists import list_words, load_lists, place_names
from ui.emulation_words import ListWords
from ui.frame import Frame
from ui.loaders.emulation import ListEvaluation
from ui.loaders.groups import NATION_SCOPE, Scope, say_scope
from ui.view import NATION


@dataclass(frozen=True)
class ReportList:
    """One list of one level: `counted` as it counts (frozen where the round is closed), `now` as the figures stand."""

    page: Frame
    shown: EmulationView
    counted: ListEvaluation
    now: ListEvaluation
    said: ListWords

    @property
    def tier(self) -> str:
        return self.shown.tier


@dataclass(frozen=True)
class OwnStanding:
    """The place of the report in a list of its equals: its row, or None where it is not in the list. `name` of the list."""

    name: str
    listed: ReportList
    at: int | None


@dataclass(frozen=True)
class ReportFacts:
    """`kind`: nation, group (a cluster or region), province or district. `name` as a title writes it."""

    page: Frame
    shown: EmulationView
    kind: str
    name: str
    lists: tuple[ReportList, ...]
    own: tuple[OwnStanding, ...]
    sums: ComparedGroups | None

    @property
    def place(self) -> str:
        """The code of the province or district, "" for the nation and groups."""
        return self.page.view.unit if self.kind in ("province", "district") else ""

    @property
    def in_words(self) -> str:
        """The name for the middle of a sentence."""
        return lower_first(self.name)

    @property
    def first(self) -> ReportList:
        """The list of the highest level: who leads it is the finding."""
        return self.lists[0]

    @property
    def units_simulated(self) -> int:
        every = [*self.lists, *(one.listed for one in self.own)]
        return sum(int(one.counted.units["is_simulated"].sum()) for one in every)

    def read_month(self, period: str) -> str:
        return self.page.formats.month(period)


def read_report(page: Frame) -> ReportFacts | None:
    """The report of the page's address; None where the programme has no round."""
    shown = read_view(page)
    if shown is None:
        return None
    level = page.catalogue.unit_levels[shown.boundary_set].get(page.view.unit, "nation")
    kind = level if level in ("province", "district") else "group" if shown.scope.kind != "nation" else "nation"
    tiers = [tier for tier in LEVELS if tier in page.catalogue.unit_levels[shown.boundary_set].values()]
    if kind in ("province", "district"):
        inside = [tier for tier in tiers if LEVELS.index(tier) > LEVELS.index(kind)]
        lists = [read_list(page, tier, page.view.unit) for tier in inside]
        name = str(place_names(page, shown)[page.view.unit])
    else:
        lists = [read_list(page, tier, NATION, shown.scope.code) for tier in tiers]
        name = page.words.say("groups.nation") if kind == "nation" else say_scope(shown.scope, page.words)
    return ReportFacts(
        page, shown, kind, name, tuple(lists), tuple(read_own(page, shown, kind)), read_sums(page, shown, kind)
    )


def read_list(page: Frame, tier: str, unit: str, group: str = NATION_SCOPE) -> ReportList:
    """The list that the page would show at this level, place and group of the same round."""
    there = page.showing(page.view.change(unit=unit, tier=tier, group=group))
    shown = read_view(there)
    assert shown is not None, "the round is there: its address was read before"
    counted, now = load_lists(there, shown)
    return ReportList(there, shown, counted, now, list_words(there, shown, counted))


def read_own(page: Frame, shown: EmulationView, kind: str) -> list[OwnStanding]:
    """A province in the country and in its clusters; a district in the country and in its province."""
    if kind == "province":
        groups = [NATION_SCOPE, *(scope.code for scope in list_clusters(page, shown))]
        lists = [(say_scope(shown.scopes[code], page.words), read_list(page, kind, NATION, code)) for code in groups]
    elif kind == "district":
        province = page.catalogue.unit_parents[shown.boundary_set][page.view.unit]
        names = place_names(page, shown)
        lists = [(str(names[province]), read_list(page, kind, page.view.unit))]
        lists.append((page.words.say("groups.nation"), read_list(page, kind, NATION)))
    else:
        return []
    return [OwnStanding(name, listed, find_row(listed, page.view.unit)) for name, listed in lists]


def list_clusters(page: Frame, shown: EmulationView) -> list[Scope]:
    """The clusters of the round's year that hold the place of the report."""
    unit = page.view.unit
    return [scope for scope in shown.scopes.values() if scope.kind == "cluster" and unit in scope.members]


def find_row(listed: ReportList, unit: str) -> int | None:
    found = np.flatnonzero((listed.counted.units["unit_code"] == unit).to_numpy())
    return int(found[0]) if len(found) else None


def read_sums(page: Frame, shown: EmulationView, kind: str) -> ComparedGroups | None:
    """The figures of the whole place: of the nation, a group, or one province."""
    if kind == "district":
        return None
    scope = shown.scope
    if kind == "nation":
        scope = shown.scopes[NATION_SCOPE]
    elif kind == "province":
        scope = Scope("", "province", "", "", "", "province", (page.view.unit,))
    return compare_scopes(page, shown, (scope,))


def say(facts: ReportFacts, key: str, **values: object) -> str:
    return facts.page.words.say(f"evaluation_report.{key}", **values)
