"""The home page, block by block, banners, headline, map, trend, caption (unit_card and home_tables draw the rest)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from charts import trend
from indicators.met import MET, met_status
from indicators.rules import threshold_changes
from text.names import upper_first
from ui import captions, chart, loaders, parts
from ui.frame import Frame
from ui.home import HomeFacts, HomeWords
from ui.home_facts import PLACE, load_programme
from ui.loaders import drawings
from ui.map import MapFrame
from ui.map import draw_map as draw_coverage_map
from ui.map_frame import build_map_frame, map_callbacks, map_level
from ui.takeaway import bar

MIDTERM = "2018-12"
# What decides the map with its title and caption.
MAP = (*PLACE, "level", "selected", "measure", "classes")


def split(facts: HomeFacts):
    """Map left, story right; one below the other on a narrow screen, and one place where there is no map."""
    if not facts.has_figures:
        place = st.container()
        return place, place
    return st.columns([54, 46], gap="large")


def say_banners(page: Frame, facts: HomeFacts) -> None:
    """What a reader must know before the first figure: simulated, converted, partial, or nothing there at all.

    In a container that is always there: were the blocks below to change their place, the browser would build the map
    anew.
    """
    with st.container(key="banners"):
        list_banners(page, facts)


def list_banners(page: Frame, facts: HomeFacts) -> None:
    """The same without the container, for what is drawn outside of Streamlit's page."""
    if say_absence(page):
        return
    say_simulated(page, 0 if facts.now is None else facts.now.units_simulated)
    say_basis(page)


def say_basis(page: Frame) -> None:
    """On what the figures of a month stand: on other boundaries than its own, or on a part of the provinces' reports."""
    words, formats, view = page.words, page.formats, page.view
    month = formats.month(view.period)
    if view.boundaries:
        shown = words.say(f"boundary_set.{view.boundaries}.short").lower()
        parts.banner(words.say("home.banner_converted", period=month, boundaries=shown), words=words)
    say_partial(page)


def say_partial(page: Frame) -> None:
    """That figures of some provinces lack; where some that stand there are simulated, nobody is called to have reported."""
    reports = loaders.load_reports(page.snapshot_id, page.view.period)
    sent = int(reports["has_reported"].sum())
    if sent < len(reports):
        key = "banner_partial_simulated" if reports["units_simulated"].sum() > 0 else "banner_partial"
        period = page.formats.month(page.view.period)
        said = page.words.say(f"home.{key}", sent=sent, expected=len(reports), period=period)
        parts.banner(said, words=page.words)


def say_simulated(page: Frame, units_simulated: int) -> None:
    """The mark of every page that shows a simulated figure."""
    if units_simulated > 0:
        link = ("method#load", page.words.say("home.banner_link"))
        parts.banner(page.words.say("home.banner_simulated"), words=page.words, link=link)


def has_months(page: Frame) -> bool:
    """Whether the programme of the View has monthly figures in this store."""
    return loaders.snapshot_info().has_figures and bool(page.catalogue.programmes[page.view.programme])


def say_absence(page: Frame) -> bool:
    """Why there are no monthly figures to show and what to do, where there are none; whether that was so."""
    words, programme = page.words, page.view.programme
    if not loaders.snapshot_info().has_figures:
        parts.empty(words.say("home.no_simulation"), words)
    elif not page.catalogue.programmes[programme]:
        parts.empty(words.say("home.no_months", programme=words.say(f"programme.{programme}")))
    else:
        return False
    return True


def draw_headline(page: Frame, facts: HomeFacts) -> None:
    said = HomeWords(facts, page.words, page.formats)
    parts.headline(said.headline())
    parts.figures(said.figures(), is_steady=True)
    bar.show(page, "brief", of="profile")


def say_subtitle(page: Frame, facts: HomeFacts) -> str:
    level = page.words.say(f"level.{map_level(page)}")
    place = page.place()
    return page.words.say("home.map_subtitle", level=level, place=place, period=page.formats.month(facts.period))


def say_map(page: Frame, facts: HomeFacts) -> tuple[str, str]:
    """The finding of the map; what is measured, where and when, and who owns the edge."""
    words, formats = page.words, page.formats
    subtitle = f"{say_subtitle(page, facts)}; {say_edge(page, facts)}"
    if facts.is_judged:
        met, counted = formats.count(facts.now.met), formats.count(facts.now.counted)
        return words.say("home.map_title_gap", met=met, counted=counted), subtitle
    return words.say("home.map_title_coverage", level=words.say(f"level.{map_level(page)}")), subtitle


def build_map(page: Frame, facts: HomeFacts) -> MapFrame | None:
    """The map with what a screen reader says; None where its outlines are missing."""
    words, formats, counts = page.words, page.formats, ""
    if facts.is_judged:
        now = facts.now
        counts = words.say(
            "map.counts",
            met=formats.count(now.met),
            not_met=formats.count(now.not_met),
            unknown=formats.count(now.unknown),
        )
    return build_map_frame(page, words.say("map.words_map", subtitle=say_subtitle(page, facts), counts=counts))


def draw_map(page: Frame, facts: HomeFacts) -> None:
    """The map with its finding; a plain sentence where its outlines are missing or there is nothing to draw."""
    words = page.words
    if not facts.has_figures:
        return
    parts.title(*say_map(page, facts))
    shown = build_map(page, facts)
    if shown is None:
        long = words.say(f"boundary_set.{page.boundary_set}.short")
        parts.banner(words.say("error.no_outlines", boundaries=long), words=words, kind="error")
        return
    draw_coverage_map(shown, words, page.formats, map_callbacks(page))
    bar.show(page, "map")
    draw_caption(page, facts)


def say_edge(page: Frame, facts: HomeFacts) -> str:
    if facts.threshold is None:
        return page.words.say("home.map_no_threshold")
    value = page.formats.percent_rule(facts.threshold.value)
    side = "home.map_edge_upper" if facts.threshold.operator == ">=" else "home.map_edge_lower"
    return page.words.say("home.map_edge", threshold=value, edge=value, side=page.words.say(side))


def draw_trend(page: Frame, facts: HomeFacts) -> None:
    """Both goals over the programme; published figures beside the computed ones."""
    if chart.is_reached(page, "trend"):
        if (built := build_trend(page, facts)) is not None:
            chart.draw_chart(built, "trend")
            bar.show(page, "trend")
    elif (resting := rest_trend(page, facts)) is not None:
        chart.draw_resting(page, resting, "trend")
        bar.show(page, "trend")


def rest_trend(page: Frame, facts: HomeFacts) -> chart.Resting | None:
    """The chart as it rests, kept for every View that differs in something else: a marked commune, a level, a sorted table."""

    def make() -> chart.Resting | None:
        built = build_trend(page, facts, draw=partial(trend.sketch_trend, has_hover=False))
        return built and chart.rest_chart(built)

    view = page.view
    shown = (page.boundary_set, view.boundaries, view.unit, view.programme, view.period, view.lang)
    return drawings.keep_drawing(page.snapshot_id, "home trend", shown, make)


def build_trend(page: Frame, facts: HomeFacts, draw: Callable[..., Any] = trend.draw_trend) -> chart.Chart | None:
    """None where there is neither a month nor a published figure. `draw`: `trend.draw_trend`, or `trend.sketch_trend` where no
    Plotly is to show it."""
    words, formats, programme = page.words, page.formats, load_programme(page)
    series = loaders.load_trend(
        page.snapshot_id, page.boundary_set, page.view.unit, programme.from_period, programme.to_period
    )
    published = loaders.load_published(page.snapshot_id, page.view.unit)
    published = published[published["period"].between(programme.from_period, programme.to_period)]
    if series.empty and published.empty:
        return None
    subtitle = words.say(
        "home.trend_subtitle_own" if page.view.boundaries else "home.trend_subtitle",
        place=upper_first(page.place()),
        programme=words.say(f"programme.{programme.programme}"),
    )
    figure = draw(
        series,
        programme,
        words=words,
        formats=formats,
        goals=facts.goals.values(),
        published=published,
        milestones=[trend.Milestone(MIDTERM, words.say("trend.midterm_2018"))] if programme.covers(MIDTERM) else (),
        threshold_changes=threshold_changes(programme),
        boundary_changes=loaders.boundary_changes(page.snapshot_id, programme.programme),
        selected=page.view.period,
    )
    alt = trend.describe_trend(series, programme, words=words, formats=formats)
    return chart.Chart(figure, say_trend_title(page, facts), subtitle, alt)


def say_trend_title(page: Frame, facts: HomeFacts) -> str:
    words = page.words
    if not facts.has_figures:
        return words.say("home.trend_title_published")
    coverage, communes = facts.goals.get("coverage"), facts.goals.get("communes_met")
    if coverage is None or communes is None or not facts.is_judged:
        return words.say("home.trend_title_coverage")

    def state(part: int, whole: int, rule) -> str:
        return words.say("home.trend_reached" if met_status(part, whole, rule).item() == MET else "home.trend_not_yet")

    first = state(facts.now.insured, facts.now.population, coverage)
    second = state(facts.now.met, facts.now.counted, communes)
    return words.say("home.trend_title_both", coverage_state=first, communes_state=second)


def list_caption(page: Frame, facts: HomeFacts) -> list[str]:
    if not facts.has_figures:
        return [page.words.say("home.caption_published")]
    place = "" if facts.is_nation and not page.view.class_codes else facts.place
    return captions.list_pieces(page, facts.now, facts.threshold, place)


def draw_caption(page: Frame, facts: HomeFacts) -> None:
    """Where the figures above are from: under the map, and under the table, where the map is out of sight."""
    parts.caption(list_caption(page, facts))
