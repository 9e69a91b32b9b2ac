"""Clusters and regions held against each other at the end of a round: coverage, communes that meet, people still to enrol."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from indicators.group_sums import GroupSums, sum_groups
from indicators.ranking import Ranks, place_of
from indicators.rates import shown_pct
from indicators.rules import Threshold
from ui.emulation import EmulationView, find_closing
from ui.emulation_lists import Listing, head_of
from ui.frame import Frame
from ui.loaders import emulation as loaders
from ui.loaders.groups import NATION_SCOPE, Scope, choices_by_kind, say_scope


@dataclass(frozen=True)
class ComparedGroups:
    """Scopes in the order of their sums, and the threshold that their communes were held against."""

    scopes: tuple[Scope, ...]
    sums: GroupSums
    threshold: Threshold | None


def compare_scopes(page: Frame, shown: EmulationView, scopes: tuple[Scope, ...]) -> ComparedGroups:
    """The sums of some scopes, by the figures that count: frozen ones where the round of the country is closed."""
    provinces = read_province_sums(page, shown)
    groups = [provinces.index.get_indexer(list(scope.members)) for scope in scopes]
    counts = (provinces[name] for name in ("insured", "population", "met", "counted", "still_to_enrol"))
    return ComparedGroups(
        scopes, sum_groups(groups, *counts), loaders.load_round_threshold(page.snapshot_id, shown.round)
    )


def read_province_sums(page: Frame, shown: EmulationView) -> pd.DataFrame:
    asked = (page.snapshot_id, shown.round, shown.boundary_set)
    closing = find_closing(page, shown.round, shown.scopes[NATION_SCOPE])
    if closing is not None:
        frozen = loaders.load_frozen_sums(*asked, str(closing["round_id"]), int(closing["closing"]))
        if frozen is not None:
            return frozen
    return loaders.load_province_sums(*asked)


def list_groups(page: Frame, shown: EmulationView, kind: str) -> Listing | None:
    """The clusters or regions of the round, best coverage first; None where none is known."""
    scopes = tuple(choices_by_kind(shown.scopes)[kind])
    if not scopes:
        return None
    found = compare_scopes(page, shown, scopes)
    words, ranks = page.words, found.sums.by_coverage
    order = sorted(range(len(scopes)), key=lambda at: (ranks.place[at] < 0, ranks.place[at], scopes[at].name))
    first = [say_scope(scopes[at], words) for at in order if ranks.place[at] == 1]
    title = words.say("emulation.groups_unranked")
    if len(scopes) == 1:
        title = words.say("emulation.groups_single")
    elif first:
        key = f"emulation.{kind}s_compared" + ("" if ranks.of == len(scopes) else "_some")
        rate, count = say_rate(page, found, order[0]), page.formats.count(ranks.of)
        title = words.say(key, names=", ".join(first), rate=rate, count=count)
    # Without a threshold there is nothing to say of communes.
    columns = range(7) if found.threshold else (0, 1, 2, 6)
    rows = [write_group(page, found, at) for at in order]
    return Listing(
        title,
        words.say(
            "emulation.groups_rule" if found.threshold else "emulation.groups_rule_plain",
            end=page.formats.month(shown.round.to_period),
        ),
        [head_of(page, "groups")[column] for column in columns],
        [[row[column] for column in columns] for row in rows],
        len(order),
    )


def write_group(page: Frame, found: ComparedGroups, at: int) -> list[str]:
    """Name, rank and coverage, rank and communes that meet, people still to enrol, provinces with figures."""
    formats, sums = page.formats, found.sums
    return [
        say_scope(found.scopes[at], page.words),
        say_place(page, sums.by_coverage, at),
        say_rate(page, found, at),
        say_place(page, sums.by_share, at),
        say_share(page, found, at),
        formats.count(int(sums.still_to_enrol[at])),
        formats.part_of(int(sums.known[at]), int(sums.members[at])),
    ]


def say_place(page: Frame, ranks: Ranks, at: int) -> str:
    """ "3/7"; that a group whose provinces have not all reported stands apart."""
    place = place_of(ranks, at)
    if place is None:
        return page.words.say("emulation.groups_partial")
    return page.formats.rank(place, ranks.of, tied=bool(ranks.tied[at]))


def say_rate(page: Frame, found: ComparedGroups, at: int) -> str:
    return page.formats.rate(shown_pct(int(found.sums.insured[at]), int(found.sums.population[at]), found.threshold))


def say_share(page: Frame, found: ComparedGroups, at: int) -> str:
    """ "70,1% (1.234/1.760 xã)"."""
    met, counted = int(found.sums.met[at]), int(found.sums.counted[at])
    if met < 0 or counted <= 0:
        return page.formats.missing
    rate = page.formats.rate(shown_pct(met, counted))
    return page.words.say("emulation.groups_share", rate=rate, part=page.formats.part_of(met, counted))
