"""The ranking page, block by block: what it reads, banners, sentences, figures, caption."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from indicators.rules import Goal, Threshold
from ui import captions, home_page, loaders, parts
from ui.fact_words import say_fact
from ui.frame import Frame
from ui.loaders import ranking as ranking_loaders
from ui.loaders.groups import NATION_SCOPE
from ui.ranking import RankingFacts
from ui.ranking_choices import earlier_months, find_pinned, find_since
from ui.ranking_inside import draw_inside, draw_inside_table, find_place, inside_level
from ui.ranking_lists import draw_lists
from ui.ranking_table import draw_league
from ui.ranking_targets import draw_targets
from ui.ranking_words import RankingWords
from ui.sums import PlaceSummary
from ui.takeaway import bar
from ui.view import NATION

SPARK_MONTHS = 24


@dataclass(frozen=True)
class Ranking:
    """All that the blocks need. `kept`: codes that are marked in every list: the reader's province and the place shown."""

    facts: RankingFacts
    said: RankingWords
    targets: Mapping[str, Goal]
    published: Mapping[str, dict[str, object]]
    pinned: str
    kept: set[str]

    @property
    def threshold(self) -> Threshold | None:
        return self.facts.threshold


def read_ranking(page: Frame) -> Ranking | None:
    """None where the programme has no monthly figures: `home_page.say_absence` says why."""
    view = page.view
    if not page.catalogue.programmes[view.programme] or not loaders.snapshot_info().has_figures:
        return None
    facts = ranking_loaders.load_facts(
        page.snapshot_id, view.period, page.boundary_set, find_since(page), page.choice("scope")
    )
    targets = loaders.load_targets(page.snapshot_id, int(view.period[:4]), page.boundary_set)
    published = ranking_loaders.load_published_at(page.snapshot_id, view.period, page.boundary_set)
    pinned = find_pinned(page)
    said = RankingWords(facts, targets, pinned, page.words, page.formats)
    return Ranking(facts, said, targets, published, pinned, {pinned, view.unit} - {"", NATION})


def draw_head(page: Frame, read: Ranking | None) -> None:
    """Banners, the sentence, the figures, and what ranks do not mean."""
    with st.container(key="banners"):
        if read is None:
            parts.headline(page.words.say("ranking.headline_absent"))
            home_page.say_absence(page)
            return
        say_banners(page, read.facts)
    parts.headline(read.said.headline())
    parts.figures(read.said.figures())
    parts.lead(" ".join(read.said.meaning()))


def say_banners(page: Frame, facts: RankingFacts) -> None:
    """Simulated, mixed, converted, partial: what a reader must know before the first rank."""
    words, formats = page.words, page.formats
    home_page.say_simulated(page, facts.simulated)
    if facts.is_mixed:
        known = int((facts.units["population"] > 0).sum())
        said = words.say("ranking.banner_mixed", simulated=formats.count(facts.simulated), units=formats.count(known))
        parts.banner(said, words=words)
    home_page.say_basis(page)


def draw_rankings(page: Frame, read: Ranking, ranked: Sequence[str]) -> None:
    """The three lists, who is not ranked, targets beside the place inside, the league table: each decided by its own choices
    (`ranked`: those that say who is ranked), so that a unit that is marked changes what is inside its place and no rank."""
    inside = (*ranked, "selected", "sort", "page")
    page.draw_part("lists", ranked, lambda own: draw_all_lists(own, read))
    left, right = st.columns([50, 50], gap="large")
    with left:
        if read.facts.level == "province":
            page.draw_part(
                "targets", ranked, lambda own: draw_targets(own, read.facts, read.said, read.targets, read.kept)
            )
    with right:
        page.draw_part("inside", inside, lambda own: draw_inside(own, read.facts, read.said.scope, read.pinned))
    page.draw_part("inside_league", inside, lambda own: draw_inside_league(own, read))
    page.draw_part("league", (*ranked, "page"), lambda own: draw_whole_league(own, read))


def draw_all_lists(page: Frame, read: Ranking) -> None:
    draw_lists(page, read.facts, read.said, read.kept)
    if unranked := read.said.unranked():
        parts.prose(unranked)


def draw_whole_league(page: Frame, read: Ranking) -> None:
    draw_league(page, read.facts, read.said, load_months(page, read.facts), read.targets, read.published, read.kept)
    bar.show(page, "list", "league")


def load_inside_league(page: Frame, pinned: str) -> tuple[RankingFacts, RankingWords] | None:
    """The ranking of the districts of the place shown or pinned; None where it shows communes, or there is no place."""
    place = find_place(page, pinned)
    if not place or inside_level(page, place) == "commune":
        return None
    facts = ranking_loaders.load_district_facts(
        page.snapshot_id, page.view.period, page.boundary_set, find_since(page), place
    )
    return facts, RankingWords(facts, {}, "", page.words, page.formats)


def draw_inside_league(page: Frame, read: Ranking) -> None:
    """The table behind the dots: districts as a league of their own, communes as a sortable list, for ranks of hundreds of
    communes say nothing.
    """
    league = load_inside_league(page, read.pinned)
    if league is None:
        draw_inside_table(page, read.pinned, read.threshold)
        return
    facts, said = league
    draw_league(page, facts, said, load_months(page, facts), {}, read.published, {page.view.selected}, key="districts")
    bar.show(page, "inside")
    if unranked := said.unranked():
        parts.prose(unranked)


def load_months(page: Frame, facts: RankingFacts) -> pd.DataFrame:
    """Coverage over the last two years, or since the month compared with where that is longer ago."""
    months = [*earlier_months(facts.period, page.catalogue), facts.period]
    first = months[max(0, len(months) - SPARK_MONTHS - 1)]
    first = min(first, facts.since) if facts.since else first
    codes = tuple(facts.units["unit_code"]) if facts.level == "commune" else ()
    return ranking_loaders.load_rate_months(
        page.snapshot_id, facts.level, page.boundary_set, first, facts.period, codes
    )


def find_inside(page: Frame, read: Ranking) -> PlaceSummary | None:
    """The sums of the place whose communes or districts are shown; None where there is none, or it has no figures."""
    place = find_place(page, read.pinned)
    level = page.catalogue.unit_levels[page.boundary_set].get(place)
    return loaders.load_summary(page.snapshot_id, page.view.period, page.boundary_set, place, level) if level else None


def list_inside_caption(page: Frame, read: Ranking) -> list[str]:
    """The caption of a figure or table of one place: how many units of that place reported, not of all that are ranked."""
    now = find_inside(page, read)
    if now is None:
        return list_caption(page, read)
    return captions.list_pieces(page, now, read.threshold, page.label(find_place(page, read.pinned)))


def list_caption(page: Frame, read: Ranking) -> list[str]:
    """Source, date, boundaries, criterion, coverage of the figures, filter."""
    more = []
    if read.facts.since:
        more.append(page.words.say("ranking.caption_since", since=page.formats.month(read.facts.since)))
    if read.targets:
        decisions = sorted(
            {say_fact(goal.legal_basis, page.words) for goal in read.targets.values() if goal.scope != NATION}
        )
        more += [page.words.say("ranking.caption_targets", decisions="; ".join(decisions))] if decisions else []
    place = "" if read.facts.scope.code == NATION_SCOPE else read.said.scope
    return captions.list_pieces(page, read.facts.totals, read.threshold, place, more)


def draw_caption(page: Frame, read: Ranking) -> None:
    parts.caption(list_caption(page, read))
