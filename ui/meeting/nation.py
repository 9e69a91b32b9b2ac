"""The first two screens: are we there, and where not."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd

from charts import palette
from indicators.classes import CARRIED, HELD_BACK, NO_DATA, ClassEdges, class_bounds, class_edges
from indicators.met import MET, met_status
from indicators.pace import MET as PACE_MET
from indicators.pace import STATUS_NAMES
from indicators.rates import shown_pct, shown_value
from indicators.rules import Goal, map_threshold
from indicators.shares import fewest_holding, whole_tenths
from text.formats import Formats
from ui import loaders
from ui.frame import Frame
from ui.home import HomeFacts, HomeWords
from ui.home_facts import load_programme
from ui.loaders.pace import load_pace
from ui.meeting.facts import Meeting, say_absence, say_caption
from ui.meeting.screens import (
    BAD,
    GOOD,
    MAP,
    MOST_ROWS,
    NATION_SCREEN,
    PLAIN,
    KeyEntry,
    MapPart,
    MeetingScreen,
    Number,
    Rows,
    Series,
)
from ui.view import NATION

THREE_QUARTERS = Fraction(3, 4)


def build_nation(meeting: Meeting) -> MeetingScreen:
    """Coverage against its goal, communes, districts and people missing, and both goals over the programme."""
    facts, page = meeting.facts, meeting.page
    if not facts.has_figures:
        return build_published(meeting)
    return meeting.screen(
        NATION_SCREEN,
        meeting.said.finding(),
        subtitle=meeting.say(
            "subtitle_nation" if facts.is_judged else "subtitle_nation_unjudged",
            period=page.formats.month(facts.period),
        ),
        number=say_coverage(meeting, facts),
        figures=tuple(say_counts(meeting, facts)),
        lines=tuple(build_series(meeting)),
        lines_alt=meeting.say("lines_alt", programme=page.words.say(f"programme.{facts.programme}")),
        notes=tuple(note for note in (facts.published, say_pace_note(meeting)) if note),
    )


def build_published(meeting: Meeting) -> MeetingScreen:
    """Where there are no monthly figures: what was published, newest last."""
    page = meeting.page
    programme = load_programme(page)
    series = loaders.load_published(page.snapshot_id, NATION)
    series = series[
        series["period"].between(programme.from_period, programme.to_period) & series["coverage_pct"].notna()
    ]
    shown = series.tail(MOST_ROWS - 4).itertuples()
    rows = tuple((page.formats.month_short(row.period), page.formats.rate(row.coverage_pct)) for row in shown)
    head = (meeting.say("published_month"), meeting.say("published_rate"))
    return meeting.screen(
        NATION_SCREEN,
        meeting.said.finding(),
        subtitle=say_absence(meeting),
        caption=meeting.say("caption_published") if rows else "",
        mark="",
        rows=(Rows(head, rows, frozenset({1})),) if rows else (),
        notes=(meeting.say("absence_next"),),
    )


def say_coverage(meeting: Meeting, facts: HomeFacts) -> Number:
    """The figure to be read from the last row."""
    goal = facts.goals.get("coverage")
    rate = meeting.page.formats.rate(shown_pct(facts.now.insured, facts.now.population, goal))
    said = HomeWords(facts, meeting.page.words, meeting.page.formats).coverage_goal(goal) if goal else ""
    label = meeting.say("coverage")
    tone = PLAIN
    if goal:
        tone = GOOD if met_status(facts.now.insured, facts.now.population, goal).item() == MET else BAD
    return Number(rate, f"{label} · {said}" if said else label, tone)


def say_counts(meeting: Meeting, facts: HomeFacts) -> list[Number]:
    """Communes, districts and people: what is reached and what is missing."""
    formats, now = meeting.page.formats, facts.now
    uninsured = Number(formats.count(now.uninsured), meeting.say("uninsured"))
    if not facts.is_judged:
        return [uninsured]
    every = facts.goals.get("communes_met")
    figures = [
        Number(
            formats.part_of(now.met, now.counted),
            meeting.say("communes_met", rate=formats.rate(shown_pct(now.met, now.counted, every))),
            GOOD,
        )
    ]
    if now.districts_counted > 0:
        rate = formats.rate(shown_pct(now.districts_met, now.districts_counted, facts.goals.get("districts_met")))
        part = formats.part_of(now.districts_met, now.districts_counted)
        figures.append(Number(part, meeting.say("districts_met", rate=rate), GOOD))
    missing = Number(
        formats.count(now.still_to_enrol), meeting.say("still_to_enrol"), BAD if now.still_to_enrol else GOOD
    )
    return [*figures, missing, uninsured]


def build_series(meeting: Meeting) -> list[Series]:
    """Both goals over the programme, each line with its goal."""
    page, facts, programme = meeting.nation, meeting.facts, load_programme(meeting.nation)
    trend = loaders.load_trend(page.snapshot_id, page.boundary_set, NATION, programme.from_period, programme.to_period)
    trend = trend[trend["period"] <= facts.period].set_index("period")
    if len(trend) < 2:
        return []
    return [
        build_line(meeting, trend[column], name, colour, facts.goals.get(measure))
        for column, name, colour, measure in (
            ("coverage_pct", "line_coverage", palette.WALL_INK.coverage, "coverage"),
            ("communes_met_pct", "line_communes", palette.WALL_INK.communes_met, "communes_met"),
        )
        # A line that ended before the month on the screen would put an older figure beside the others.
        if trend[column].notna().iloc[-1]
    ]


def build_line(meeting: Meeting, values: pd.Series, name: str, colour: str, goal: Goal | None) -> Series:
    formats = meeting.page.formats
    last = formats.rate(shown_value(float(values.dropna().iloc[-1]), goal))
    goal_name = meeting.say("line_goal", goal=say_rule(goal, formats)) if goal else ""
    return Series(meeting.say(name), values, last, colour, float(goal.value) if goal else None, goal_name)


def say_rule(goal: Goal, formats: Formats) -> str:
    """A goal in few words: "trên 90%", "từ 95%", and 100% where nothing lies above it."""
    return formats.percent_rule(goal.value) if goal.value == 100 else formats.rule(goal.value, goal.operator)


def say_pace_note(meeting: Meeting) -> str:
    """Whether the nation gets there in time; "" from the deadline on, where the headline says it."""
    page = meeting.nation
    row = load_pace(page.snapshot_id, page.view.period, page.boundary_set, "nation").iloc[0]
    if row["months_left"] <= 0 or row["status"] == STATUS_NAMES[PACE_MET] or row["status"] == "unjudged":
        return ""
    return meeting.say(
        "pace_note",
        status=page.words.say(f"pace.status_{row['status']}"),
        months=page.formats.count(row["months_left"]),
        people=page.formats.count(row["need"]),
    )


def build_map(meeting: Meeting) -> MeetingScreen:
    """Which communes meet, and in how few provinces most of the missing people live."""
    facts, page = meeting.facts, meeting.page
    if not facts.has_figures:
        return meeting.without_figures(MAP)
    formats = page.formats
    period = formats.month(facts.period)
    if not facts.is_judged:
        subtitle = meeting.say("subtitle_map_plain", period=period)
        number, figures = say_coverage(meeting, facts), tuple(say_counts(meeting, facts))
        title = meeting.say("map_plain")
    else:
        subtitle = meeting.say(
            "subtitle_map", rule=formats.rule(facts.threshold.value, facts.threshold.operator), period=period
        )
        rate = formats.rate(shown_pct(facts.now.met, facts.now.counted, facts.goals.get("communes_met")))
        goal = facts.goals.get("communes_met")
        label = meeting.say("map_share_goal", goal=say_rule(goal, formats)) if goal else meeting.say("map_share")
        number, figures = Number(rate, label, GOOD), tuple(say_map_counts(meeting, facts))
        title = say_map_finding(meeting)
    sentence = page.words.say("map.words_map", subtitle=subtitle, counts="")
    return meeting.screen(
        MAP,
        title,
        subtitle=subtitle,
        caption=say_caption(meeting, facts, has_map=True),
        number=number,
        figures=figures,
        map=MapPart(NATION, sentence, build_key(meeting, meeting.nation)),
    )


def say_map_finding(meeting: Meeting) -> str:
    facts, formats = meeting.facts, meeting.page.formats
    now = facts.now
    if now.met == now.counted:
        return meeting.say("map_all", count=formats.count(now.counted))
    tenths, is_exact = whole_tenths(now.met, now.counted)
    if tenths == 0:
        share = meeting.say("map_few", met=formats.count(now.met), counted=formats.count(now.counted))
    else:
        share = meeting.say("map_tenths" if is_exact else "map_over_tenths", tenths=formats.count(tenths))
    level = loaders.load_level(meeting.page.snapshot_id, facts.period, meeting.page.boundary_set, "province")
    provinces = fewest_holding(level["still_to_enrol"], THREE_QUARTERS)
    return share if provinces == 0 else meeting.say("map_where", share=share, provinces=formats.count(provinces))


def say_map_counts(meeting: Meeting, facts: HomeFacts) -> list[Number]:
    formats, now = meeting.page.formats, facts.now
    figures = [
        Number(formats.count(now.met), meeting.say("communes_met_short"), GOOD),
        Number(formats.count(now.not_met), meeting.say("communes_not_met"), BAD if now.not_met else GOOD),
    ]
    if now.unknown > 0:
        figures.append(Number(formats.count(now.unknown), meeting.say("communes_unknown")))
    return [*figures, Number(formats.count(now.still_to_enrol), meeting.say("still_to_enrol"))]


def build_key(meeting: Meeting, place: Frame) -> tuple[KeyEntry, ...]:
    """The map's classes in words, at most five: met, not met, no data; without a threshold four steps of coverage."""
    words, formats = place.words, place.formats
    threshold, in_force = map_threshold(load_programme(place), place.view.period)
    edges = class_edges(threshold, in_force=in_force)
    below = edges.below_count
    if below is None:
        key = build_steps(edges, formats)
    else:
        rule = formats.rule(threshold.value, threshold.operator)
        key = [
            KeyEntry(
                tuple(range(below, edges.class_count)), meeting.say("key_met", rule=rule), palette.WALL_MAP["met"]
            ),
            KeyEntry(tuple(range(below)), meeting.say("key_not_met"), palette.WALL_MAP["not_met"]),
        ]
    absent = (NO_DATA, HELD_BACK, CARRIED)
    nothing = KeyEntry(absent, words.say("absence.no_data"), palette.WALL_MAP["no_data"], palette.WALL_MAP["hatch"])
    return (*key, nothing)


def build_steps(edges: ClassEdges, formats: Formats) -> list[KeyEntry]:
    """Classes of coverage joined into four, so that they can be told apart from the last row."""
    bounds = class_bounds(edges)
    entries = []
    for part, colour in zip(
        np.array_split(np.arange(edges.class_count), len(palette.WALL_STEPS)), palette.WALL_STEPS, strict=True
    ):
        first, last = bounds[part[0]], bounds[part[-1]]
        label = formats.class_range(first.low, first.low_included, last.high, last.high_included)
        entries.append(KeyEntry(tuple(int(code) for code in part), label, colour))
    return entries
