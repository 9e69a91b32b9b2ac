"""The screens of what moved, and of one province."""

from __future__ import annotations

import pandas as pd

from data.settings import get_settings
from indicators.met import still_to_enrol
from indicators.rates import coverage_pct, shown_pct
from ui import loaders
from ui.catalogue import province_of
from ui.frame import Frame
from ui.home import HomeFacts, HomeWords
from ui.home_facts import load_facts
from ui.loaders.changes import load_changes_since
from ui.loaders.groups import NATION_SCOPE
from ui.loaders.ranking import load_facts as load_ranking
from ui.meeting.facts import Meeting, at_place, say_caption, say_mark
from ui.meeting.lists import find_comparable
from ui.meeting.nation import build_key, say_counts, say_coverage
from ui.meeting.screens import CHANGED, PROVINCE, MapPart, MeetingScreen, Rows
from ui.ranking_words import RankingWords
from ui.view import NATION
from ui.whats_new import KINDS, ChangeWords

PARTS = 5


def build_changed(meeting: Meeting) -> MeetingScreen:
    """What crossed the line, fell, fell suddenly or newly reports since last time."""
    page, formats = meeting.nation, meeting.page.formats
    if not meeting.facts.has_figures:
        return meeting.without_figures(CHANGED)
    if meeting.since is None:
        return meeting.screen(CHANGED, page.words.say("whats_new.no_earlier"))
    since, limit = formats.month(meeting.since), get_settings().sudden_drop_points
    period = page.view.period
    found = load_changes_since(page.snapshot_id, period, page.boundary_set, NATION, meeting.since, limit)
    if found is None:
        return meeting.screen(CHANGED, page.words.say("whats_new.not_comparable", since=since))
    names = loaders.load_units(page.snapshot_id, page.boundary_set)["short_name"]
    said = ChangeWords(found, names, "province_code", limit, page.words, formats)
    rows = tuple((said.sign(kind), said.line(kind)) for kind in KINDS if kind in found.masks)
    return meeting.screen(
        CHANGED,
        said.finding(),
        subtitle=meeting.say("subtitle_changed", since=since, period=formats.month(period)),
        rows=(Rows((meeting.say("head_count"), meeting.say("head_what")), rows, frozenset({0})),),
        notes=(*said.notes(), *say_reports(meeting)),
    )


def say_reports(meeting: Meeting) -> list[str]:
    """Which provinces have sent nothing for the month; a total without them must say so."""
    page = meeting.nation
    reports = loaders.load_reports(page.snapshot_id, page.view.period)
    came, expected = int(reports["has_reported"].sum()), len(reports)
    if came == expected:
        return []
    return [meeting.say("reports_missing", part=page.formats.part_of(came, expected))]


def choose_unit(meeting: Meeting) -> str:
    """The place of the address, or the province where most people are missing (without a threshold: coverage lowest)."""
    page = meeting.page
    if page.view.unit != NATION:
        return page.view.unit
    level = loaders.load_level(page.snapshot_id, page.view.period, page.boundary_set, "province").sort_values(
        "unit_code"
    )
    if meeting.facts.is_judged:
        return str(level.sort_values("still_to_enrol", ascending=False, kind="stable")["unit_code"].iloc[0])
    rates = pd.Series(coverage_pct(level["insured"], level["population"]), index=level["unit_code"])
    return str(rates.sort_values(kind="stable").index[0])


def build_province(meeting: Meeting) -> MeetingScreen:
    """One place: how far, how many are missing, and in which parts of it."""
    if not meeting.facts.has_figures:
        return meeting.without_figures(PROVINCE)
    page = at_place(meeting.page, choose_unit(meeting))
    facts, formats = load_facts(page), page.formats
    own = {"caption": say_caption(meeting, facts, has_map=True), "mark": say_mark(meeting, facts)}
    if not facts.has_figures:
        return meeting.screen(PROVINCE, HomeWords(facts, page.words, formats).headline(), **own)
    subtitle = meeting.say("subtitle_province", place=facts.place, period=formats.month(facts.period))
    parts = list_parts(meeting, page, facts)
    sentence = page.words.say("map.words_map", subtitle=subtitle, counts="")
    rank = say_rank(meeting, page.view.unit)
    return meeting.screen(
        PROVINCE,
        say_place_finding(meeting, page, facts),
        subtitle=f"{subtitle} · {rank}" if rank else subtitle,
        number=say_coverage(meeting, facts),
        figures=tuple(say_counts(meeting, facts)[:3]),
        rows=(parts,) if parts else (),
        map=MapPart(page.view.unit, sentence, build_key(meeting, page)),
        **own,
    )


def say_place_finding(meeting: Meeting, page: Frame, facts: HomeFacts) -> str:
    formats, now = page.formats, facts.now
    if not facts.is_judged:
        return HomeWords(facts, page.words, formats).finding()
    if now.not_met == 0:
        return meeting.say("place_all", place=facts.place, count=formats.part_of(now.met, now.counted))
    return meeting.say(
        "place_missing",
        place=facts.place,
        communes=formats.count(now.not_met),
        people=formats.count(now.still_to_enrol),
    )


def say_rank(meeting: Meeting, unit: str) -> str:
    """Where a province stands by coverage; "" for another level."""
    page = meeting.nation
    if page.catalogue.unit_levels[page.boundary_set].get(unit) != "province":
        return ""
    facts = load_ranking(page.snapshot_id, page.view.period, page.boundary_set, find_comparable(meeting), NATION_SCOPE)
    said = RankingWords(facts, {}, unit, page.words, page.formats)
    at = facts.place_at(unit)
    return "" if at is None else meeting.say("place_rank", rank=said.rank("level", at))


def list_parts(meeting: Meeting, page: Frame, facts: HomeFacts) -> Rows | None:
    """The districts of a province, or the communes of a district or of a province without districts: most missing first."""
    catalogue, formats, unit = page.catalogue, page.formats, page.view.unit
    has_districts = "district" in catalogue.unit_levels[page.boundary_set].values()
    level = "district" if page.unit_level == "province" and has_districts else "commune"
    units = loaders.load_level(page.snapshot_id, facts.period, page.boundary_set, level)
    if page.unit_level == "province":
        units = units[units["province_code"] == province_of(unit, page.boundary_set, catalogue)]
    else:
        units = units[units["district_code"] == unit]
    names = loaders.load_units(page.snapshot_id, page.boundary_set)["name"]
    need = (
        units["still_to_enrol"]
        if level == "district"
        else still_to_enrol(units["insured"], units["population"], facts.threshold)
    )
    units = units.assign(need=need, rate=coverage_pct(units["insured"], units["population"]))
    if level == "commune" and facts.threshold is not None:
        units = units[units["type"].isin(facts.threshold.unit_types)]
    if facts.is_judged:
        units = units[units["need"] > 0].sort_values(["need", "unit_code"], ascending=[False, True])
    else:
        units = units[units["rate"].notna()].sort_values(["rate", "unit_code"])
    rule = facts.threshold if level == "commune" else None
    rows = []
    for row in units.head(PARTS).itertuples():
        cells = [names[row.unit_code], formats.rate(shown_pct(int(row.insured), int(row.population), rule))]
        rows.append(tuple([*cells, formats.count(row.need)] if facts.is_judged else cells))
    if not rows:
        return None
    keys = [
        f"head_{level}_{'missing' if facts.is_judged else 'lowest'}",
        "head_level",
        *(["head_need"] if facts.is_judged else []),
    ]
    return Rows(tuple(meeting.say(key) for key in keys), tuple(rows), frozenset({1, 2}))
