"""The trends page, block by block: choices, headline, the long trend with its breaks, published beside computed, caption.

trends_projection, trends_compare and trends_small draw the rest.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd
import streamlit as st

from charts import trend
from indicators.pace import STATUS_NAMES
from indicators.published import implied_population
from indicators.rates import shown_pct, shown_value
from indicators.rules import Goal, Programme, periods_between
from ui import captions, chart, choices, home_page, loaders, parts
from ui import trends as facts
from ui.behind import draw_behind
from ui.fact_words import say_fact
from ui.frame import Frame
from ui.loaders import pace, trends
from ui.markup import button, draw_markup
from ui.pace_words import OF_RATES, say_status
from ui.parts import Figure
from ui.sums import PlaceSummary
from ui.takeaway import bar
from ui.view import NATION

RULES = ("rule", "now_rule", "needed_rule", "marker_rule", "arrival_rule")


@dataclass(frozen=True)
class Story:
    """What the blocks share. `pace` is the unit's row of `pace.load_pace`, `goal` what it works towards (None: nothing
    known); `series` all its months; `breaks` what marks them; `now` its sums in the month shown."""

    unit: str
    level: str
    series: pd.DataFrame
    pace: pd.Series | None
    goal: Goal | None
    now: PlaceSummary | None
    breaks: list[facts.Break]

    @property
    def has_figures(self) -> bool:
        return not self.series.empty and self.pace is not None


def read_story(page: Frame) -> Story:
    view, unit, level = page.view, page.view.unit, page.unit_level
    if not loaders.snapshot_info().has_figures:
        return Story(unit, level, pd.DataFrame(columns=["period"]), None, None, None, [])
    has_months = bool(page.catalogue.programmes[view.programme])
    rows = pace.load_pace(page.snapshot_id, view.period, page.boundary_set, level) if has_months else None
    return Story(
        unit,
        level,
        facts.read_series(page, unit),
        rows.loc[unit] if rows is not None and unit in rows.index else None,
        pace.load_goals(page.snapshot_id, view.period, page.boundary_set, level).get(unit) if has_months else None,
        loaders.load_summary(page.snapshot_id, view.period, page.boundary_set, unit, level),
        facts.list_breaks(page, unit),
    )


def draw_choices(page: Frame) -> None:
    """Breadcrumb, programme, month, boundaries, and the span of the comparison."""
    words = page.words
    controls = [choices.programme_choice(page)]
    if page.catalogue.programmes[page.view.programme]:
        controls += [choices.period_choice(page), choices.boundaries_choice(page)]
    spans = "".join(
        button("span", span, words.say(f"trends.span_{span}"), pressed=page.choice("span") == span)
        for span in ("programme", "all")
    )
    name = parts.escape(words.say("trends.span"))
    controls.append(f'<span class="bp-segments" role="group" aria-label="{name}">{spans}</span>')
    markup = (
        f'<div class="bp-choices">{choices.breadcrumb(page)}<div class="bp-controls">{"".join(controls)}</div></div>'
    )
    draw_markup("choices", markup, page.report_of("choices"))


def say_banners(page: Frame, story: Story) -> None:
    with st.container(key="banners"):
        home_page.say_absence(page)
        home_page.say_simulated(page, int(story.series["is_simulated"].any()) if len(story.series) else 0)
        if len(story.series) and story.series["is_estimated"].any():
            parts.banner(page.words.say("trends.banner_estimated", place=parts.escape(page.place())), words=page.words)


def draw_headline(page: Frame, story: Story) -> None:
    parts.headline(say_headline(page, story))
    if story.has_figures:
        parts.figures(list_figures(page, story))


def say_headline(page: Frame, story: Story) -> str:
    words, formats = page.words, page.formats
    place = page.label(story.unit)
    if not story.has_figures:
        rows = loaders.load_published(page.snapshot_id, NATION)
        rows = rows[rows["coverage_pct"].notna()]
        if rows.empty:
            return words.say("trends.headline_empty", place=place)
        first, last = rows.iloc[0], rows.iloc[-1]
        return words.say(
            "trends.headline_published",
            first=formats.rate(first["coverage_pct"]), first_year=first["period"][:4],
            last=formats.rate(last["coverage_pct"]), last_year=last["period"][:4],
        )  # fmt: skip
    row = story.pace
    rate = shown_pct(int(row["insured"]), int(row["population"]), story.goal)
    if rate is None:
        return words.say("trends.headline_no_data", place=place, month=formats.month(page.view.period))
    said = {
        "place": place,
        "rate": formats.rate(rate),
        "month": formats.month(page.view.period),
        "goal": say_goal(page, story.goal),
        "now": say_pace(page, row["pace_now"]),
        "needed": say_pace(page, row["pace_needed"]),
    }
    of_rate = "_rate" if story.level == "district" and row["status"] in OF_RATES else ""
    return words.say(f"trends.headline_{row['status']}{of_rate}", **said)


def say_goal(page: Frame, goal: Goal | None) -> str:
    return "" if goal is None else page.formats.rule(goal.value, goal.operator)


def say_goal_kind(story: Story) -> str:
    """Whether the goal is the unit's own, or the nation's in the place of a target that is not known."""
    if story.level == "district":
        return "trends.goal_note_district"
    borrowed = story.unit != NATION and story.level == "province" and story.goal.scope == NATION
    return "trends.goal_note_nation" if borrowed else "trends.goal_note"


def say_pace(page: Frame, value: float, *, signed: bool = False) -> str:
    """People a month, rounded to whole people."""
    return page.formats.number(None if value != value else float(value), 0, signed=signed)


def list_figures(page: Frame, story: Story) -> list[Figure]:
    words, formats, row = page.words, page.formats, story.pace
    mark = words.say("home.simulated") if story.series["is_simulated"].any() else ""
    deadline = formats.day(story.goal.deadline) if story.goal else ""
    ahead = row["months_left"] > 0
    status = row["status"] if row["status"] in STATUS_NAMES else "unjudged"
    has_ratio = row["ratio"] == row["ratio"]
    now = say_pace(page, row["pace_now"], signed=True)
    needed = say_pace(page, row["pace_needed"])
    people = words.say("trends.people_a_month")
    needed_note = words.say(
        "trends.needed_note", people=formats.count(row["need"]), months=formats.count(row["months_left"])
    )
    none = words.say("pace.no_pace" if story.goal else "pace.status_unjudged")
    return [
        Figure(words.say("pace.now"), now, people if now != formats.missing else "", None, None,
               words.say("trends.now_note", count=formats.count(row["points"])), 0, "", mark),
        Figure(words.say("pace.needed"), needed if ahead else "–", people if ahead else none, None, None,
               needed_note if ahead else words.say("trends.deadline", date=deadline) if deadline else "", 0, "",
               mark),
        Figure(words.say("pace.status"), say_status(status, story.level, story.goal, words, formats), "", None, None,
               words.say("trends.ratio", ratio=formats.number(float(row["ratio"]), 2)) if has_ratio else "", 0,
               words.say(say_goal_kind(story), goal=say_goal(page, story.goal), date=deadline) if story.goal else "",
               mark),
        Figure(words.say("pace.marker"), words.say(f"pace.marker_{row['marker']}"), "", None, None,
               say_arrival(page, story), 0, "", mark),
    ]  # fmt: skip


def say_arrival(page: Frame, story: Story) -> str:
    """When it would arrive, as a range of quarters; "" where there is no range."""
    view, words, formats = page.view, page.words, page.formats
    found = pace.load_arrival(page.snapshot_id, view.period, page.boundary_set, story.level, story.unit)
    if not found.has_range[0]:
        return ""

    def quarter(months: int) -> str:
        return formats.quarter(periods_between(view.period, "2099-12")[int(months)])

    early, late = found.early[0], found.late[0]
    if found.not_reached[0]:
        said = words.say("pace.arrival_never")
    elif late < 0:
        said = words.say("pace.arrival_open", early=quarter(early))
    else:
        first, last = quarter(early), quarter(late)
        said = first if first == last else words.say("pace.arrival_range", early=first, late=last)
    return f"{words.say('pace.arrival')}: {said}"


def draw_long(page: Frame, story: Story) -> None:
    """Both goals from 2010 to 2030; published figures where there are no monthly ones; every break numbered and named."""
    chart.draw_chart(build_long(page, story), "long")
    draw_break_list(page, story)
    frame, published = join_share(page, story), loaders.load_published(page.snapshot_id, story.unit)
    draw_behind(page.words.say("trends.table_long"), *long_rows(page, frame, published))
    bar.show(page, "trend", "long")


def build_long(page: Frame, story: Story) -> chart.Chart:
    """The chart; its notes name the breaks by their numbers."""
    words, formats = page.words, page.formats
    months = periods_between(facts.FIRST_MONTH, facts.LAST_MONTH)
    span = Programme("all", facts.FIRST_MONTH, facts.LAST_MONTH)
    frame = join_share(page, story)
    figure = trend.draw_trend(
        frame, span, words=words, formats=formats, height=420,
        published=loaders.load_published(page.snapshot_id, story.unit),
        goals=trends.load_all_goals(page.snapshot_id, story.unit, page.boundary_set),
        marks=facts.number_breaks(story.breaks, months), selected=page.view.period,
    )  # fmt: skip
    return chart.Chart(
        figure,
        words.say("trends.long_title"),
        words.say("trends.long_subtitle", place=page.label(story.unit)),
        trend.describe_trend(frame, span, words=words, formats=formats),
        number_notes(page, story.breaks, set(months)),
    )


def number_notes(page: Frame, breaks: Sequence[facts.Break], months: Collection[str]) -> list[str]:
    """The breaks inside some months in words, by the numbers that stand in the chart."""
    return [
        f"{number}: {page.formats.month_short(entry.period)} {entry.text}"
        for number, entry in enumerate(breaks, start=1)
        if entry.period in months
    ]


def join_share(page: Frame, story: Story) -> pd.DataFrame:
    """period, coverage_pct, communes_met_pct, is_simulated, is_estimated: coverage over all boundary sets, the share of
    communes only where the unit existed (it counts communes, which are not carried over)."""
    empty = {"period": [], "coverage_pct": [], "communes_met_pct": [], "is_simulated": [], "is_estimated": []}
    if story.series.empty:
        return pd.DataFrame(empty)
    series = story.series.rename(columns={"rate": "coverage_pct"})
    share = loaders.load_trend(page.snapshot_id, page.boundary_set, story.unit, facts.FIRST_MONTH, facts.LAST_MONTH)[
        ["period", "communes_met_pct"]
    ]
    frame = series.merge(share.reset_index(drop=True), on="period", how="left")
    return frame[list(empty)]


def draw_break_list(page: Frame, story: Story) -> None:
    if not story.breaks:
        return
    items = "".join(
        f"<li><b>{page.formats.month_short(entry.period)}</b> {parts.escape(entry.text)}</li>" for entry in story.breaks
    )
    st.html(f'<div class="bp-breaks"><h3>{parts.escape(page.words.say("trends.breaks"))}</h3><ol>{items}</ol></div>')


def long_rows(page: Frame, frame: pd.DataFrame, published: pd.DataFrame) -> tuple[list[str], list[list[str]]]:
    """The December of every year and the last month: computed and published."""
    words, formats = page.words, page.formats
    head = [words.say(f"trends.column_{name}") for name in ("month", "coverage", "communes", "published", "note")]
    last = frame["period"].max() if len(frame) else ""
    computed = frame[frame["period"].str.endswith("-12") | (frame["period"] == last)] if len(frame) else frame
    periods = sorted({*computed["period"], *published.loc[published["coverage_pct"].notna(), "period"]})
    by_month, as_published = frame.set_index("period"), published.set_index("period")
    rows = []
    for period in periods:
        row = by_month.loc[period] if period in by_month.index else None
        said = as_published.loc[period] if period in as_published.index else None
        notes = [] if row is None else [
            words.say(key) for flag, key in (("is_simulated", "home.simulated"), ("is_estimated", "home.estimated")) if row[flag]
        ]  # fmt: skip
        rows.append([
            formats.month_short(period),
            formats.rate(None if row is None else shown_value(row["coverage_pct"])),
            formats.rate(None if row is None else shown_value(row["communes_met_pct"])),
            formats.rate(None if said is None else said["coverage_pct"], 2),
            ", ".join(notes),
        ])  # fmt: skip
    return head, rows


def draw_published(page: Frame, story: Story) -> None:
    """Published figures beside computed ones, and the population that explains the difference."""
    words, formats = page.words, page.formats
    published = loaders.load_published(page.snapshot_id, story.unit)
    if published.empty:
        return
    computed = story.series.set_index("period") if len(story.series) else pd.DataFrame()
    head = [
        words.say(f"trends.column_{name}")
        for name in (
            "month",
            "published",
            "published_people",
            "implied",
            "computed",
            "population",
            "difference",
            "source",
        )
    ]
    rows = []
    for said in published.itertuples():
        own = computed.loc[said.period] if said.period in computed.index else None
        rate = None if said.coverage_pct != said.coverage_pct else Decimal(str(said.coverage_pct))
        people = implied_population(int(said.insured), rate)
        mine = None if own is None else shown_pct(int(own["insured"]), int(own["population"]), decimals=2)
        rows.append([
            formats.month_short(said.period),
            formats.rate(rate) if not said.is_estimate else words.say("trends.about", value=formats.rate(rate)),
            formats.count(said.insured),
            formats.count(people),
            formats.rate(mine),
            formats.missing if own is None else formats.count(own["population"]),
            formats.points(None if rate is None or mine is None else rate - mine, 2),
            say_fact(said.wording, words) or say_fact(said.source, words),
        ])  # fmt: skip
    parts.title(
        words.say("trends.published_title"), words.say("trends.published_subtitle", place=page.label(story.unit))
    )
    parts.prose(words.say("trends.published_why"))
    draw_behind(words.say("trends.table_published"), head, rows)
    bar.show(page, "published")


def list_caption(page: Frame, story: Story) -> list[str]:
    """Where the figures are from; nothing where the month has none."""
    if story.now is None:
        return []
    threshold = loaders.threshold_at(page.snapshot_id, page.view.period)
    place = "" if story.unit == NATION else page.label(story.unit)
    return captions.list_pieces(page, story.now, threshold, place, [page.words.say("trends.caption_continued")])


def draw_caption(page: Frame, story: Story) -> None:
    words = page.words
    if story.has_figures:
        parts.section(words.say("trends.rules"))
        parts.bullets(words.say(f"pace.{rule}") for rule in RULES)
    if story.now is not None:
        parts.caption(list_caption(page, story))
