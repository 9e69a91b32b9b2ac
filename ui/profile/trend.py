"""The months of a profile: trend against the path of targets, pace with its rule, trend marker, ranks over the years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from charts import trend
from indicators.rates import coverage_pct, shown_pct
from indicators.rules import Goal, last_day, threshold_changes
from text.names import upper_first
from ui import loaders, parts
from ui.frame import Frame
from ui.profile.facts import ProfileFacts, target_goals, threshold_goal
from ui.profile.headline import ProfileWords
from ui.profile.markup import data_table
from ui.profile.ranks import RankRow
from ui.sums import share_met_pct
from ui.takeaway import bar

TABLE_MONTHS = 24


def draw_part(page: Frame, facts: ProfileFacts, ranks: Sequence[RankRow]) -> None:
    left, right = st.columns([54, 46], gap="large")
    with left:
        draw_trend(page, facts)
        draw_months(page, facts)
    with right:
        draw_pace(page, facts)
        draw_ranks(page, facts, ranks)


@dataclass(frozen=True)
class BuiltTrend:
    """The chart (of `charts.trend`) with the words around it. `is_empty`: no month and nothing published has a rate."""

    figure: Any
    title: str
    subtitle: str
    alt: str
    is_empty: bool


def draw_trend(page: Frame, facts: ProfileFacts) -> None:
    """Coverage (and the share of communes that meet) over the programme with the path of targets as steps."""
    if (built := build_trend(page, facts)) is None:
        return
    parts.title(built.title, built.subtitle)
    st.plotly_chart(built.figure, config=trend.CONFIG, key="trend", theme=None, alt=built.alt)
    bar.show(page, "trend")


def build_trend(page: Frame, facts: ProfileFacts, *, until: str = "9999-12", **look: Any) -> BuiltTrend | None:
    """None where there is neither a month nor a published figure. `until` leaves out what came later, as on paper; `look`
    goes to `trend.draw_trend`."""
    words, formats, programme = page.words, page.formats, facts.programme
    published = pd.DataFrame()
    if facts.level in ("nation", "province", "district"):
        published = loaders.load_published(page.snapshot_id, facts.unit)
        published = published[published["period"].between(programme.from_period, min(programme.to_period, until))]
    series = whole_months(page, facts)
    series = series[series["period"] <= until]
    if series.empty and published.empty:
        return None
    goals = target_goals(page, facts)
    figure = trend.draw_trend(
        series,
        programme,
        words=words,
        formats=formats,
        goals=goals,
        published=published if len(published) else None,
        threshold_changes=threshold_changes(programme),
        boundary_changes=loaders.boundary_changes(page.snapshot_id, programme.programme),
        selected=page.view.period if until > programme.to_period else None,  # the end of the lines says it
        needed=find_needed(facts) if until <= programme.to_period else None,
        **look,
    )
    rates = [series["coverage_pct"], *([published["coverage_pct"]] if len(published) else [])]
    return BuiltTrend(
        figure,
        say_trend_finding(page, facts),
        say_subtitle(page, facts, has_goals=bool(goals)),
        trend.describe_trend(series, programme, words=words, formats=formats, goals=goals),
        is_empty=all(values.isna().all() for values in rates),
    )


def find_needed(facts: ProfileFacts) -> Goal | None:
    """The coverage that the pace needed leads to: of a commune its threshold, else the goal of the place; None where it is
    reached or its date has passed."""
    if not facts.has_figures:
        return None
    aim = threshold_goal(facts) if facts.is_commune and facts.is_judged else facts.goal
    need = facts.need if facts.is_commune and facts.is_judged else facts.need_of_goal
    return aim if aim is not None and need > 0 and aim.deadline > last_day(facts.period) else None


def whole_months(page: Frame, facts: ProfileFacts) -> pd.DataFrame:
    """The months as the chart wants them: coverage_pct and communes_met_pct (NaN unknown), is_simulated."""
    frame = facts.months
    return pd.DataFrame(
        {
            "period": frame["period"],
            "coverage_pct": coverage_pct(frame["insured"], frame["population"]) if len(frame) else [],
            "communes_met_pct": share_met_pct(frame) if len(frame) else [],
            "is_simulated": frame["units_simulated"] > 0,
        }
    )


def say_trend_finding(page: Frame, facts: ProfileFacts) -> str:
    if not facts.has_figures:
        # A month without figures may follow months with some: the line is then of these, not of published figures.
        has_months = bool((facts.months["population"] > 0).any())
        return page.words.say("home.trend_title_coverage" if has_months else "home.trend_title_published")
    return page.words.say(f"profile.trend_title_{facts.marker}")


def say_subtitle(page: Frame, facts: ProfileFacts, *, has_goals: bool) -> str:
    words, programme = page.words, facts.programme
    said = words.say(
        "home.trend_subtitle",
        place=upper_first(page.place()),
        programme=words.say(f"programme.{programme.programme}"),
    )
    path = "threshold" if facts.is_commune else "targets" if facts.has_own_target else "goals"
    said += "; " + words.say(f"profile.path_{path}") if has_goals else ""
    inside = facts.months["period"].between(programme.from_period, programme.to_period)
    if facts.months.loc[inside, "is_estimated"].any():
        said += "; " + words.say("profile.estimated_months")
    return said


def draw_pace(page: Frame, facts: ProfileFacts) -> None:
    """Pace needed, pace now, status, marker and arrival, each with the rule behind it."""
    if not facts.has_figures:
        return
    parts.title(*say_pace(page, facts))
    head = [page.words.say(f"profile.pace_{name}") for name in ("what", "value", "rule")]
    parts.markup(data_table(say_pace(page, facts)[0], head, pace_rows(page, facts)))
    bar.show(page, "pace")


def pace_rows(page: Frame, facts: ProfileFacts) -> list[list[str]]:
    """What, how much, by which rule: pace needed and now, status, marker, arrival."""
    words = page.words
    said, pace = ProfileWords(facts, words, page.formats), facts.pace
    has_now = pace.now is not None
    rows = [
        [words.say("pace.needed"), per_month(page, pace.needed), words.say("pace.needed_rule")],
        [
            words.say("pace.now"),
            per_month(page, pace.now) if has_now else words.say("pace.status_too_few"),
            words.say("pace.now_rule"),
        ],
        [words.say("pace.status"), words.say(f"pace.status_{pace.status}"), words.say("pace.rule")],
        [words.say("pace.marker"), words.say(f"pace.marker_{facts.marker}"), words.say("pace.marker_rule")],
    ]
    if arrival := said.arrival():
        rows.append([words.say("pace.arrival"), arrival.split(": ")[-1], words.say("pace.arrival_rule")])
    return rows


def say_pace(page: Frame, facts: ProfileFacts) -> tuple[str, str]:
    """The status; what is aimed at, until when."""
    words, formats = page.words, page.formats
    title = words.say("profile.pace_title", status=words.say(f"pace.status_{facts.pace.status}"))
    aim = words.say(
        "profile.aim_goal"
        if facts.need_is_of_goal
        else "profile.aim_commune"
        if facts.is_commune
        else "profile.aim_communes"
    )
    deadline = formats.day(facts.deadline) if facts.deadline else words.say("profile.no_deadline")
    return title, words.say("profile.pace_subtitle", aim=aim, deadline=deadline, points=facts.points)


def per_month(page: Frame, people: int | None) -> str:
    if people is None:
        return page.words.say("pace.no_pace")
    return page.words.say("pace.per_month", people=page.formats.number(people))


def draw_months(page: Frame, facts: ProfileFacts) -> None:
    """The table behind the chart: the last two years month by month, newest first."""
    words = page.words
    rows = month_rows(page, facts, TABLE_MONTHS)
    if not rows:
        return
    head = [words.say("profile.month"), words.say("home.table_coverage"), words.say("home.table_people")]
    head += [words.say("home.table_communes")] if len(rows[0]) > len(head) else []
    title = words.say("profile.months_title")
    parts.title(title, words.say("profile.months_subtitle", count=len(rows)))
    parts.markup(data_table(title, head, rows, figures=(1, 2, 3)))
    bar.show(page, "months")


def month_rows(page: Frame, facts: ProfileFacts, most: int) -> list[list[str]]:
    """Month, rate, people, and above communes how many of them meet; newest first."""
    words, formats = page.words, page.formats
    frame = facts.months[facts.months["period"] <= facts.period].tail(most).iloc[::-1]
    has_communes = not facts.is_commune and (frame["counted"] > 0).any()
    rows = []
    for row in frame.itertuples():
        rate = shown_pct(int(row.insured), int(row.population), facts.threshold if facts.is_commune else facts.goal)
        known = rate is not None
        mark = f" ({words.say('home.estimated')})" if row.is_estimated else ""
        cells = [
            formats.month(row.period) + mark,
            formats.rate(rate) if known else formats.missing,
            formats.part_of(row.insured, row.population) if known else formats.missing,
        ]
        if has_communes:
            cells.append(formats.part_of(row.met, row.counted) if row.met >= 0 else words.say("profile.not_judged"))
        rows.append(cells)
    return rows


def draw_ranks(page: Frame, facts: ProfileFacts, ranks: Sequence[RankRow]) -> None:
    """The place of the unit in each scope, every December and now."""
    words, formats = page.words, page.formats
    if not ranks:
        return
    months = [month for month in ranks[0].places if any(row.places[month][0] for row in ranks)]
    title = words.say("profile.ranks_title")
    if not months:
        parts.title(title, words.say("profile.ranks_none"))
        return
    parts.title(title, words.say(f"profile.ranks_subtitle_{facts.level}"))
    head = [words.say("profile.rank_month"), *[row.name for row in ranks]]
    rows = []
    for month in reversed(months):
        cells = [formats.month(month)]
        for row in ranks:
            place, of, tied = row.places[month]
            cells.append(words.say("profile.unranked") if place is None else formats.rank(place, of, tied=tied))
        rows.append(cells)
    parts.markup(data_table(title, head, rows, figures=tuple(range(1, len(head)))))
    parts.prose(f"{words.say('profile.ranks_note')} {words.say('profile.ranks_of_note')}")
    bar.show(page, "ranks")
