"""The tables of a profile as files: its communes by status, payer groups, populations, months, ranks, company, revisions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from geo.neighbours import neighbours_of
from indicators.changes import change_points
from indicators.rates import floor_pct
from reports.table_files import UNKNOWN
from ui.documents.home_tables import say_simulated
from ui.documents.tables import Draft, TakenTable
from ui.documents.unit_rows import add_commune_counts, add_counted, add_counts, add_names, add_origin
from ui.frame import Frame
from ui.loaders import profile
from ui.profile import communes, compare, people, ranks
from ui.profile import trend as profile_trend
from ui.profile.facts import ProfileFacts, list_caption, load_facts

COMPARED_LEVELS = ("province", "district", "commune")


def finish(
    page: Frame,
    facts: ProfileFacts,
    draft: Draft,
    title: str,
    subtitle: str,
    notes: Sequence[str] = (),
    frozen: int = 2,
) -> TakenTable:
    """The table with the caption of the profile; its mark where any figure of the place is simulated."""
    caption = list_caption(page, facts) if facts.has_figures else []
    simulated = bool((facts.months["units_simulated"] > 0).any()) if len(facts.months) else False
    return draft.finish(title, subtitle, caption, notes, simulated, frozen)


def say_place(page: Frame, facts: ProfileFacts) -> str:
    return page.words.say("takeaway.place_and_month", place=facts.place, month=page.formats.month(facts.period))


def take_communes(page: Frame) -> TakenTable | None:
    """The list of communes that is chosen on the page, whole and in its order."""
    facts = load_facts(page)
    found = communes.load_communes(page, facts)
    if found is None or found.frame.empty:
        return None
    name, words = page.choice("list"), page.words
    rows = found.rows(name)
    draft = Draft(words)
    add_names(draft, page, rows["unit_code"], "commune")
    add_counts(draft, rows)
    if facts.threshold is not None:
        draft.add("still_to_enrol", "count", rows["missing"])
        draft.add("may_lose", "count", rows["loss"])
        add_counted(draft, rows["type"].isin(facts.threshold.unit_types), words)
    draft.add("recognised_by", "text", [found.decisions.get(code) for code in rows["unit_code"]], width=24)
    if name == "unknown":
        awaited = [communes.say_awaited(page, row) for row in rows.itertuples()]
        draft.add("why_missing", "text", awaited, width=50)
    add_origin(draft, rows, words)
    notes = [communes.say_rule(page, facts, name, found), words.say("takeaway.rates_floored")]
    title = communes.say_title(page, facts, name, len(rows))
    return finish(page, facts, draft, title, say_place(page, facts), notes)


def take_groups(page: Frame) -> TakenTable | None:
    """Payer groups in the law's order; a group that nobody surveyed has no figures."""
    facts, found, words = load_facts(page), people.load_groups(page), page.words
    if found is None:
        return None
    frame, draft = found.frame, Draft(words)
    draft.add("payer_group", "text", frame["payer_group"], width=20)
    draft.add("group_name", "text", [words.say(f"payer_group.{word}") for word in frame["word"]], width=64)
    draft.add("eligible", "count", frame["eligible"])
    draft.add("insured", "count", frame["insured"])
    draft.add("coverage", "rate", floor_pct(frame["insured"], frame["eligible"]))
    draft.add("uninsured", "count", frame["uninsured"])
    draft.add("units_surveyed", "count", frame["units_surveyed"])
    draft.add("units", "count", frame["units"])
    draft.add("legal_basis", "text", frame["legal_basis"], width=30)
    title = words.say("profile.groups_table")
    return finish(page, facts, draft, title, say_place(page, facts), [words.say("takeaway.groups_surveyed")])


def take_months(page: Frame) -> TakenTable | None:
    """Every month of the place, newest first."""
    facts, words = load_facts(page), page.words
    if facts.months.empty:
        return None
    frame, draft = facts.months.iloc[::-1].reset_index(drop=True), Draft(words)
    draft.add("month", "month", frame["period"])
    draft.add("boundary_set", "text", frame["boundary_set"], width=13)
    draft.add("population", "count", frame["population"])
    draft.add("insured", "count", frame["insured"])
    draft.add("coverage", "rate", floor_pct(frame["insured"], frame["population"]))
    if not facts.is_commune and (frame["counted"] > 0).any():
        draft.add("communes_counted", "count", frame["counted"])
        draft.add("communes_met", "count", frame["met"])
        draft.add("communes_met_share", "rate", floor_pct(frame["met"], frame["counted"]))
        draft.add("still_to_enrol", "count", frame["still_to_enrol"])
    simulated = frame.assign(is_simulated=frame["units_simulated"] > 0)
    add_origin(draft, simulated, words)
    title = words.say("takeaway.months_title", place=facts.place)
    notes = [words.say("takeaway.rates_floored"), words.say("takeaway.months_own_rules")]
    return finish(page, facts, draft, title, say_place(page, facts), notes, frozen=1)


def take_ranks(page: Frame) -> TakenTable | None:
    """The place of the unit in each scope in every December and now: a row per month and scope."""
    facts, words = load_facts(page), page.words
    rows = ranks.rank_unit(page, has_history=True) if facts.has_figures else []
    if not rows:
        return None
    found = [
        (month, row.kind, row.name, *row.places[month])
        for month in sorted(rows[0].places, reverse=True)
        for row in rows
    ]  # fmt: skip
    draft = Draft(words)
    draft.add("month", "month", [month for month, *_ in found])
    draft.add("scope_kind", "text", [words.say(f"takeaway.scope_{kind}") for _, kind, *_ in found], width=16)
    draft.add("scope", "text", [name for _, _, name, *_ in found], width=36)
    draft.add("rank", "count", [place for *_, place, _, _ in found])
    draft.add("ranked_units", "count", [of if place is not None else UNKNOWN for *_, place, of, _ in found])
    tied = [None if place is None else draft.say_yes(is_tied) for *_, place, _, is_tied in found]
    draft.add("tied", "text", tied, width=12)
    title = f"{words.say('profile.ranks_title')}: {facts.place}"
    return finish(page, facts, draft, title, say_place(page, facts), [words.say("profile.ranks_note")], frozen=1)


def take_populations(page: Frame) -> TakenTable | None:
    """The same insured people over every population that is known."""
    facts, words = load_facts(page), page.words
    if not facts.has_figures:
        return None
    rows, draft = people.list_populations(page, facts), Draft(words)
    residents = np.array([row.population for row in rows])
    draft.add("series", "text", [row.series for row in rows], width=44)
    draft.add("population_date", "text", [row.date for row in rows], width=18)
    draft.add("population", "count", residents)
    draft.add("insured", "count", np.full(len(rows), facts.now.insured))
    rates = floor_pct(facts.now.insured, residents)
    draft.add("coverage", "rate", np.where([row.is_whole for row in rows], rates, np.nan))
    draft.add("population_part", "text", [row.part for row in rows], width=26)
    draft.add("source", "text", [row.source for row in rows], width=50)
    notes = [words.say("profile.populations_why"), words.say("takeaway.rates_floored")]
    title = words.say("profile.populations_title")
    return finish(page, facts, draft, title, say_place(page, facts), notes, frozen=1)


def take_pace(page: Frame) -> TakenTable | None:
    """Pace needed and now, status, marker and arrival, each with its rule; people a month as numbers too."""
    facts, words = load_facts(page), page.words
    if not facts.has_figures:
        return None
    rows, pace = profile_trend.pace_rows(page, facts), facts.pace
    people = [None if one is None else round(float(one), 1) for one in (pace.needed, pace.now)]
    draft = Draft(words)
    for at, (name, width) in enumerate((("what", 28), ("value", 30), ("rule", 90))):
        draft.add(name, "text", [row[at] for row in rows], words.say(f"profile.pace_{name}"), width)
    draft.add("people_a_month", "number", [*people, *[None] * (len(rows) - 2)], width=20)
    title, aim = profile_trend.say_pace(page, facts)
    return finish(page, facts, draft, f"{facts.place}. {title}", say_place(page, facts), [aim], frozen=1)


def take_company(page: Frame) -> TakenTable | None:
    """The unit beside its neighbours and its peers: a row per unit and reason."""
    facts, words = load_facts(page), page.words
    if not facts.has_figures or facts.level not in COMPARED_LEVELS:
        return None
    company = compare.load_company(page, facts)
    near = [code for code in neighbours_of(page.boundary_set, facts.unit) if code in company.units.index]
    peers = [code for code in compare.find_peers(page, facts, company) if code in company.units.index]
    if facts.unit not in company.units.index:
        return None
    codes = [facts.unit, *near, *peers]
    kinds = ["own", *["neighbour"] * len(near), *["peer"] * len(peers)]
    units = company.units.loc[codes].reset_index(drop=True)
    draft = Draft(words)
    draft.add("compared_as", "text", [words.say(f"takeaway.as_{kind}") for kind in kinds], width=22)
    add_names(draft, page, codes, facts.level)
    add_counts(draft, units)
    draft.add("points_year", "points", change_since(company, codes))
    if facts.level != "commune":
        add_commune_counts(draft, units, facts.threshold)
    draft.add("origin", "text", say_simulated(page, units["is_simulated"]), width=16)
    rule = words.say(f"profile.peers_rule_{facts.level}", region=compare.say_region(page, facts))
    notes = [words.say("profile.neighbours_rule"), rule, words.say("takeaway.rates_floored")]
    title = words.say("takeaway.company_title", place=facts.place)
    return finish(page, facts, draft, title, say_place(page, facts), notes, frozen=3)


def change_since(company: compare.Company, codes: Sequence[str]) -> np.ndarray:
    """Points gained since a year earlier over the communes known in both months, NaN where that cannot be compared."""
    if company.year is None:
        return np.full(len(codes), np.nan)
    now, before = (
        frame[["insured", "population"]].reindex(list(codes)).fillna(UNKNOWN).astype("int64") for frame in company.year
    )
    return change_points(now["insured"], now["population"], before["insured"], before["population"])


def take_revisions(page: Frame) -> TakenTable | None:
    """Every figure of the place that a later file replaced."""
    facts, words = load_facts(page), page.words
    rows = profile.load_revisions(page.snapshot_id, facts.unit, facts.period)
    if rows.empty:
        return None
    draft = Draft(words)
    draft.add("month", "month", rows["period"])
    draft.add("unit_code", "text", rows["unit_code"], width=12)
    draft.add("name", "text", rows["name"], label=words.say("takeaway.column.name_commune"), width=32)
    for name in ("population", "insured"):
        draft.add(f"{name}_before", "count", rows[f"{name}_before"])
        draft.add(name, "count", rows[name])
    known = (rows["insured"] >= 0) & (rows["insured_before"] >= 0)
    draft.add("insured_change", "change", (rows["insured"] - rows["insured_before"]).where(known))
    draft.add("file_before", "text", rows["file_before"], width=34)
    draft.add("file_now", "text", rows["file_now"], width=34)
    days = [None if pd.isna(moment) else str(moment)[:10] for moment in rows["loaded_at"]]
    draft.add("loaded_on", "date", days)
    released = [draft.say_yes(state == "released") for state in rows["state"]]
    draft.add("was_released", "text", released, width=14)
    title = f"{words.say('profile.revisions_title')}: {facts.place}"
    return finish(page, facts, draft, title, words.say("profile.revisions_subtitle"), frozen=3)
