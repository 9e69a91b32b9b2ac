"""The rankings as files: every unit of a scope with its three places and what lies behind them, and the units inside a place."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from indicators.met import MET, met_status
from indicators.ranking import place_of
from indicators.rates import floor_pct, floor_percent
from indicators.rules import Goal
from ui.documents.tables import Draft, TakenTable
from ui.documents.unit_rows import add_names, take_unit_table
from ui.fact_words import say_fact
from ui.frame import Frame
from ui.ranking import RankingFacts
from ui.ranking_inside import find_place, find_units, inside_level, say_table_title
from ui.ranking_page import list_caption, list_inside_caption, load_inside_league, read_ranking
from ui.ranking_table import order_units, say_title
from ui.ranking_words import RankingWords


def take_league(page: Frame) -> TakenTable | None:
    """The league table of the scope, in the order of the screen."""
    read = read_ranking(page)
    if read is None:
        return None
    return build_league(page, read.facts, read.said, read.targets, read.published, list_caption(page, read))


def take_inside(page: Frame) -> TakenTable | None:
    """The communes of the place shown or pinned as a table, its districts as a league of their own."""
    read = read_ranking(page)
    place = find_place(page, read.pinned) if read is not None else ""
    if not place:
        return None
    caption = list_inside_caption(page, read)
    if (league := load_inside_league(page, read.pinned)) is not None:
        return build_league(page, *league, {}, read.published, caption)
    level = inside_level(page, place)
    title = say_table_title(page, place, level)
    return take_unit_table(page, find_units(page, place), level, read.threshold, title, caption)


def build_league(
    page: Frame,
    facts: RankingFacts,
    said: RankingWords,
    targets: Mapping[str, Goal],
    published: Mapping[str, dict[str, object]],
    caption: list[str],
) -> TakenTable:
    words, order = page.words, order_units(page, facts)
    units = facts.units.iloc[order]
    codes = units["unit_code"].tolist()
    draft = Draft(words)
    add_names(draft, page, codes, facts.level)
    for measure, found in facts.measures.items():
        name = words.say(f"ranking.measure_{measure}")
        # Not by the measure's name alone: the column of its values has that.
        label = words.say("takeaway.rank_in", measure=name, month=page.formats.month_short(facts.period))
        draft.add(f"rank_{measure}", "count", [place_of(found.ranks, at) for at in order], label=label)
        add_measure(draft, facts, measure, order)
        if found.before is not None and found.moves is not None:
            label = words.say("takeaway.rank_in", measure=name, month=said.since())
            draft.add(f"rank_{measure}_before", "count", [place_of(found.before, at) for at in order], label=label)
    if (gap := units["gap_pct"]).notna().any():
        rule = facts.gap_rule
        goal = page.formats.rule(rule.value, rule.operator)
        draft.add("gap_closed", "rate", floor_percent(gap), label=words.say("ranking.column_gap", goal=goal), width=20)
    if any(code in targets for code in codes):
        add_targets(draft, facts, targets, order)
    if any(code in published for code in codes):
        add_published(draft, published, codes)
    if facts.level != "commune":
        draft.add("units", "count", units["units"])
        draft.add("units_reported", "count", units["units_reported"])
    draft.add("origin", "text", [said.source(at) for at in order], width=22)
    reasons = [said.reason(at) if facts.rows[at].reason else "" for at in order]
    draft.add("no_rank_why", "text", reasons, width=30)
    subtitle = words.say("takeaway.as_of_month", month=page.formats.month(facts.period))
    notes = [*said.meaning(), words.say("takeaway.rates_floored")]
    return draft.finish(say_title(facts, said), subtitle, caption, notes, facts.simulated > 0)


def add_measure(draft: Draft, facts: RankingFacts, measure: str, order: list[int]) -> None:
    """The counts and the value that are ranked."""
    units = facts.units.iloc[order]
    if measure == "level":
        draft.add("population", "count", units["population"])
        draft.add("insured", "count", units["insured"])
        draft.add("coverage", "rate", floor_pct(units["insured"], units["population"]))
    elif measure == "share":
        draft.add("communes_counted", "count", units["counted"])
        draft.add("communes_met", "count", units["met"])
        draft.add("communes_unknown", "count", units["unknown"])
        draft.add("communes_met_share", "rate", floor_pct(units["met"], units["counted"]))
    else:
        draft.add("points", "points", np.array(facts.points)[order])


def add_targets(draft: Draft, facts: RankingFacts, targets: Mapping[str, Goal], order: list[int]) -> None:
    """The unit's own target of the year, its decision, and whether it is met."""
    goals = [targets.get(str(facts.rows[at].unit_code)) for at in order]
    draft.add("target", "rate", [None if goal is None else float(goal.value) for goal in goals])
    draft.add("target_operator", "text", [None if goal is None else goal.operator for goal in goals], width=8)
    states = []
    for at, goal in zip(order, goals, strict=True):
        row = facts.rows[at]
        state = None if goal is None else met_status(int(row.insured), int(row.population), goal).item()
        states.append(None if state is None or state < 0 else draft.say_yes(state == MET))
    draft.add("target_met", "text", states, width=12)
    draft.add(
        "target_decision",
        "text",
        [None if goal is None else say_fact(goal.legal_basis, draft.words) for goal in goals],
        width=24,
    )


def add_published(draft: Draft, published: Mapping[str, dict[str, object]], codes: list[str]) -> None:
    found = [published.get(code) for code in codes]
    draft.add("published", "rate", [None if row is None else row["coverage_pct"] for row in found])
    draft.add("published_insured", "count", [-1 if row is None else row["insured"] for row in found])
    draft.add(
        "published_source",
        "text",
        [None if row is None else say_fact(row["source"], draft.words) for row in found],
        width=24,
    )
