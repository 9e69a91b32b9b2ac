"""The home page, block by block, in the order of app.py: banners, headline, map, selected unit, trend, table, caption.
"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from charts import trend
from indicators.classes import class_edges, classify
from indicators.met import MET, met_status, still_to_enrol
from indicators.rates import shown_pct
from indicators.rules import (
    last_day,
    map_threshold,
    threshold_changes,
)
from text.names import lower_first
from ui import loaders, parts, table
from ui.frame import Frame
from ui.home import HomeFacts, HomeWords
from ui.home_facts import load_programme
from ui.map import draw_map as draw_coverage_map
from ui.map_frame import build_map_frame, map_level, units_inside
from ui.markup import button, draw_markup
from ui.table import PAGE_ROWS
from ui.unit_table import build_unit_table
from ui.view import NATION, province_of

MIDTERM = "2018-12"
RANKING_ROWS = 8


def split():
    """Map left, story right; one below the other on a narrow screen."""
    return st.columns([54, 46], gap="large")


def say_banners(page: Frame, facts: HomeFacts) -> None:
    """What a reader must know before the first figure: simulated, converted, partial, or nothing there at all.

    In a container that is always there: were the blocks below to change their place, the browser would build the map
    anew.
    """
    words, formats, view = page.words, page.formats, page.view
    with st.container(key="banners"):
        if not loaders.snapshot_info().has_figures:
            parts.empty(words.say("home.no_simulation"))
            return
        if not page.catalogue.programmes[view.programme]:
            parts.empty(words.say("home.no_months", programme=words.say(f"programme.{view.programme}")))
            return
        month = formats.month(view.period)
        if facts.now is not None and facts.now.units_simulated > 0:
            link = ("method#load", words.say("home.banner_link"))
            parts.banner(words.say("home.banner_simulated"), words=words, link=link)
        if view.boundaries:
            shown = words.say(f"boundary_set.{view.boundaries}.short").lower()
            parts.banner(words.say("home.banner_converted", period=month, boundaries=shown), words=words)
        reports = loaders.load_reports(page.snapshot_id, view.period)
        sent = int(reports["has_reported"].sum())
        if sent < len(reports):
            said = words.say("home.banner_partial", sent=sent, expected=len(reports), period=month)
            parts.banner(said, words=words)


def draw_headline(page: Frame, facts: HomeFacts) -> None:
    said = HomeWords(facts, page.words, page.formats)
    parts.headline(said.headline())
    parts.figures(said.figures())


def say_subtitle(page: Frame, facts: HomeFacts) -> str:
    level = page.words.say(f"level.{map_level(page)}")
    place = page.place()
    return page.words.say("home.map_subtitle", level=level, place=place, period=page.formats.month(facts.period))


def draw_map(page: Frame, facts: HomeFacts) -> None:
    """The map with its finding; a plain sentence where its outlines are missing or there is nothing to draw."""
    words, formats = page.words, page.formats
    if not facts.has_figures:
        return
    subtitle = say_subtitle(page, facts)
    counts = ""
    if facts.is_judged:
        met, counted = formats.count(facts.now.met), formats.count(facts.now.counted)
        finding = words.say("home.map_title_gap", met=met, counted=counted)
        counts = words.say(
            "map.counts", met=met, not_met=formats.count(facts.now.not_met), unknown=formats.count(facts.now.unknown)
        )
    else:
        finding = words.say("home.map_title_coverage", level=words.say(f"level.{map_level(page)}"))
    parts.title(finding, f"{subtitle}; {say_edge(page, facts)}")
    shown = build_map_frame(page, words.say("map.words_map", subtitle=subtitle, counts=counts))
    if shown is None:
        long = words.say(f"boundary_set.{page.boundary_set}.short")
        parts.banner(words.say("error.no_outlines", boundaries=long), words=words, kind="error")
        return
    draw_coverage_map(shown, words, formats, map_callbacks(page))


def say_edge(page: Frame, facts: HomeFacts) -> str:
    if facts.threshold is None:
        return page.words.say("home.map_no_threshold")
    value = page.formats.percent_rule(facts.threshold.value)
    side = "home.map_edge_upper" if facts.threshold.operator == ">=" else "home.map_edge_lower"
    return page.words.say("home.map_edge", threshold=value, edge=value, side=page.words.say(side))


def map_callbacks(page: Frame) -> dict:
    """What the map reports goes to the address bar."""

    def picked() -> None:
        if found := page.read_trigger("map", "picked"):
            page.pick_unit(str(found["unit"]))

    def rested() -> None:
        if period := page.read_trigger("map", "rested"):
            page.go(period=str(period))

    def filtered() -> None:
        codes = page.read_trigger("map", "filtered")
        if codes is not None:
            page.go(classes=".".join(str(int(code)) for code in codes), page=1)

    def recoloured() -> None:
        if legend := page.read_trigger("map", "recoloured"):
            page.go(measure=str(legend), classes="")

    return {"picked": picked, "rested": rested, "filtered": filtered, "recoloured": recoloured}


def draw_selected(page: Frame, facts: HomeFacts) -> None:
    """The card of the marked unit: people, distance to the threshold, and where its figures come from."""
    markup = build_card(page, facts) if page.view.selected and facts.has_figures else ""
    draw_markup("card", markup, page.report_of("card"))


def build_card(page: Frame, facts: HomeFacts) -> str:
    view, words, formats = page.view, page.words, page.formats
    level = page.catalogue.unit_levels[page.boundary_set][view.selected]
    if loaders.stands_alone(page.snapshot_id, page.boundary_set, view.selected):
        level = "commune"
    units = loaders.load_level(page.snapshot_id, view.period, page.boundary_set, level)
    row = units[units["unit_code"] == view.selected].iloc[0]
    above = loaders.unit_parents_label(page.snapshot_id, page.boundary_set, view.selected)
    name = words.say("home.card_place", name=row["name"], parents=above) if above else row["name"]
    rate = shown_pct(row["insured"], row["population"], facts.threshold)
    lines = [formats.rate(rate) if rate is not None else formats.missing]
    if rate is not None:
        people = (formats.count(row["insured"]), formats.count(row["population"]))
        lines.append(words.say("home.card_people", insured=people[0], population=people[1]))
        if facts.threshold is not None:
            lines.append(say_distance(row, facts, words, formats))
        if row["insured"] > row["population"]:
            lines.append(words.say("home.over_hundred"))
    lines.append(say_source(page, view.selected))
    buttons = []
    province = province_of(view.selected, page.boundary_set, page.catalogue)
    if view.unit == NATION and province:
        place = view.selected if level == "district" else province
        buttons.append(button("open", view.selected, words.say("home.card_open", name=lower_first(page.label(place)))))
    buttons.append(button("selected", "", words.say("home.card_close")))
    return parts.card(name, lines, buttons)


def say_distance(row: pd.Series, facts: HomeFacts, words, formats) -> str:
    value = formats.percent_rule(facts.threshold.value)
    if met_status(row["insured"], row["population"], facts.threshold).item() == MET:
        return words.say("home.card_met", threshold=value)
    need = still_to_enrol(row["insured"], row["population"], facts.threshold).item()
    return words.say("home.card_missing", people=formats.count(need), threshold=value)


def say_source(page: Frame, unit: str) -> str:
    """File, sheet and cell of the insured people, or that the figure is simulated."""
    if page.view.boundaries:
        return page.words.say("home.card_source_converted")
    rows = loaders.load_source(page.snapshot_id, unit, page.view.period)
    insured = rows[(rows["data_element"] == "insured") & (rows["payer_group"] == "")]
    if insured.empty or insured["is_simulated"].iloc[0]:
        return page.words.say("home.card_source_simulated")
    found = insured.iloc[0]
    return page.words.say("home.card_source_file", file=found["file_name"], sheet=found["sheet"], cell=found["cell"])


def draw_trend(page: Frame, facts: HomeFacts) -> None:
    """Both goals over the programme; published figures beside the computed ones."""
    words, formats, programme = page.words, page.formats, load_programme(page)
    series = loaders.load_trend(
        page.snapshot_id, page.boundary_set, page.view.unit, programme.from_period, programme.to_period
    )
    published = loaders.load_published(page.snapshot_id, page.view.unit)
    published = published[published["period"].between(programme.from_period, programme.to_period)]
    if series.empty and published.empty:
        return
    place = page.place()
    parts.title(
        say_trend_title(page, facts),
        words.say("home.trend_subtitle", place=place, programme=words.say(f"programme.{programme.programme}")),
    )
    figure = trend.draw_trend(
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
    st.plotly_chart(figure, config=trend.CONFIG, key="trend", theme=None, alt=alt)


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


def draw_ranking(page: Frame, facts: HomeFacts) -> None:
    """The few places of the next level where most people are missing; a click opens or marks one."""
    level = "province" if page.view.unit == NATION else "district"
    if (
        not facts.is_judged
        or page.unit_level == level
        or level not in page.catalogue.unit_levels[page.boundary_set].values()
    ):
        return
    units = units_of_place(page, loaders.load_level(page.snapshot_id, facts.period, page.boundary_set, level))
    title = page.words.say(f"home.ranking_title_{level}")
    parts.title(title, page.words.say("home.ranking_subtitle"))
    draw_units(page, facts, "ranking", level, units, title, rows=RANKING_ROWS)


def draw_table(page: Frame, facts: HomeFacts) -> None:
    """The same rows as the map, those of the legend's filter only."""
    if not facts.has_figures:
        return
    level = map_level(page)
    units = units_of_place(page, loaders.load_level(page.snapshot_id, facts.period, page.boundary_set, level))
    title = page.words.say("home.table_title", level=page.words.say(f"level.{level}_title").lower())
    parts.title(title, page.words.say("home.table_subtitle"))
    draw_units(page, facts, "units", level, filter_units(page, units), title)


def draw_units(
    page: Frame, facts: HomeFacts, key: str, level: str, units: pd.DataFrame, label: str, rows: int = 0
) -> None:
    """One table of units: paged and sorted by the View, or (`rows`) the first few by people missing."""
    view, words, formats = page.view, page.words, page.formats
    built = build_unit_table(
        units,
        level,
        facts.threshold,
        sort="need" if rows else view.sort,
        page=1 if rows else view.page,
        page_rows=rows or PAGE_ROWS,
        is_short=rows > 0,
        selected=view.selected,
        place_names=loaders.place_labels(page.snapshot_id, page.boundary_set, level, view.unit == NATION),
        words=words,
        formats=formats,
    )

    table.draw_table(
        key,
        built.columns,
        built.rows,
        None if rows else built.pager,
        "" if rows else view.sort,
        page.report_of(key),
        label=label,
    )


def units_of_place(page: Frame, units: pd.DataFrame) -> pd.DataFrame:
    """The units that lie in the place shown."""
    if page.view.unit == NATION:
        return units
    province = province_of(page.view.unit, page.boundary_set, page.catalogue)
    return units[(units["province_code"] == province).to_numpy() & units_inside(page, units)]


def filter_units(page: Frame, units: pd.DataFrame) -> pd.DataFrame:
    """The units of the classes that the legend keeps bright."""
    view = page.view
    if not view.class_codes:
        return units
    threshold, in_force = map_threshold(load_programme(page), view.period)
    classes = classify(units["insured"], units["population"], class_edges(threshold, in_force=in_force))
    return units[pd.Series(classes, index=units.index).isin(view.class_codes)]


def draw_caption(page: Frame, facts: HomeFacts) -> None:
    """Source, date, boundaries, criterion, population, coverage of the figures, filter."""
    words, formats, view = page.words, page.formats, page.view
    if not facts.has_figures:
        return
    now = facts.now
    source = (
        "simulated" if now.units_simulated >= now.units_reported else "mixed" if now.units_simulated > 0 else "reported"
    )
    counts = page.catalogue.unit_levels[page.boundary_set].values()
    communes = formats.count(sum(level == "commune" for level in counts))
    rule = facts.threshold
    parts.caption(
        [
            words.say(
                f"caption.source_{source}",
                **({"count": formats.count(now.units_simulated)} if source == "mixed" else {}),
            ),
            words.say("caption.as_of", date=formats.day(last_day(view.period))),
            words.say(
                "caption.boundaries", boundaries=words.say(f"boundary_set.{page.boundary_set}.long", units=communes)
            ),
            words.say("caption.merged_2019") if page.boundary_set == "2019-10" and view.period >= "2019-11" else "",
            words.say(
                "caption.threshold", operator="", value=formats.rule(rule.value, rule.operator), legal=rule.legal_basis
            )
            if rule
            else words.say("caption.no_threshold"),
            words.say("caption.population_report"),
            words.say(
                "caption.coverage_of", reported=formats.count(now.units_reported), units=formats.count(now.units)
            ),
            words.say("caption.outlines_source"),
            words.say("caption.filter_none")
            if facts.is_nation and not view.class_codes
            else words.say("caption.filter_place", place=facts.place),
        ]
    )
