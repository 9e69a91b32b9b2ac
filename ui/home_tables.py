"""The tables of the home page: the few places where most people are missing, and the rows behind the map."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from indicators.classes import class_edges, classify
from indicators.rules import map_threshold
from ui import loaders, parts, table
from ui.catalogue import province_of
from ui.frame import Frame
from ui.home import HomeFacts
from ui.home_facts import PLACE, load_programme
from ui.loaders import pace
from ui.loaders.drawings import keep_drawing
from ui.map_frame import map_level, units_inside
from ui.table import PAGE_ROWS
from ui.takeaway import bar
from ui.unit_table import UnitTable, build_unit_table
from ui.view import NATION

RANKING_ROWS = 8
# What decides the rows behind the map.
TABLE = (*PLACE, "level", "selected", "classes", "sort", "page")


def decided_by(page: Frame) -> tuple[str, ...]:
    """The choices that decide the few places: a marked unit only where it may be one of them."""
    marked = page.catalogue.unit_levels[page.boundary_set].get(page.view.selected)
    return (*PLACE, "selected") if marked and marked == ranking_level(page) else PLACE


def draw_ranking(page: Frame, facts: HomeFacts) -> None:
    """The few places of the next level where most people are missing, or without a threshold where coverage is lowest; a
    click opens or marks one."""
    level = ranking_level(page)
    if not facts.has_figures or level is None:
        return
    units = units_of_place(page, loaders.load_level(page.snapshot_id, facts.period, page.boundary_set, level))
    kind = "title" if facts.is_judged else "coverage"
    title = page.words.say(f"home.ranking_{kind}_{level}")
    parts.title(title, page.words.say("home.ranking_subtitle" if facts.is_judged else "home.ranking_coverage_subtitle"))
    sort = "need" if facts.is_judged else "coverage"
    statuses = pace.load_pace(page.snapshot_id, facts.period, page.boundary_set, level)["status"]
    draw_units(page, facts, "ranking", level, units, title, rows=RANKING_ROWS, sort=sort, statuses=statuses)
    shown, whole = page.formats.count(min(RANKING_ROWS, len(units))), page.formats.count(len(units))
    said = [page.words.say("home.ranking_rows", shown=shown, rows=whole)]
    parts.caption([*said, say_pace_rule(page, level)] if facts.is_judged else said)
    bar.show(page, "places")


def say_pace_rule(page: Frame, level: str) -> str:
    """What the statuses of the few places are held against."""
    return page.words.say("home.ranking_pace_district" if level == "district" else "home.ranking_pace")


def ranking_level(page: Frame) -> str | None:
    """The level of the places below the one shown; None where it has none."""
    level = "province" if page.view.unit == NATION else "district"
    has_level = level in page.catalogue.unit_levels[page.boundary_set].values()
    return level if has_level and page.unit_level != level else None


def draw_table(page: Frame, facts: HomeFacts) -> None:
    """The same rows as the map, those of the legend's filter only."""
    if not facts.has_figures:
        return
    level = map_level(page)
    title = page.words.say("home.table_title", level=page.words.say(f"level.{level}_title").lower())
    parts.title(title, page.words.say("home.table_subtitle"))
    view = page.view
    shown = (page.boundary_set, view.boundaries, view.programme, view.period, view.unit, level)
    chosen = (view.class_codes, view.sort, view.page, view.lang)
    # A marked unit changes its own row only.
    kept = keep_drawing(page.snapshot_id, "home units", (*shown, *chosen), lambda: build_whole(page, facts, level))
    table.draw_built("units", kept, view.selected, view.sort, page.report_of("units"), label=title)
    bar.show(page, "units")


def build_whole(page: Frame, facts: HomeFacts, level: str) -> table.Built:
    """A page of the table with no unit marked."""
    units = units_of_place(page, loaders.load_level(page.snapshot_id, facts.period, page.boundary_set, level))
    plain = page.showing(replace(page.view, selected=""))
    built = build_units(plain, facts, level, filter_units(page, units))
    return table.build(built.columns, built.rows, built.pager)


def draw_units(
    page: Frame,
    facts: HomeFacts,
    key: str,
    level: str,
    units: pd.DataFrame,
    label: str,
    rows: int,
    sort: str,
    statuses: pd.Series,
) -> None:
    """One table of units: the first few (`rows`) in the order `sort`, with `statuses`."""
    built = build_units(page, facts, level, units, rows=rows, sort=sort, statuses=statuses)
    table.draw_table(key, built.columns, built.rows, None, "", page.report_of(key), label=label)


def build_units(
    page: Frame,
    facts: HomeFacts,
    level: str,
    units: pd.DataFrame,
    rows: int = 0,
    sort: str = "",
    statuses: pd.Series | None = None,
) -> UnitTable:
    """Paged and sorted by the View, or (`rows`) the first few in the order `sort`."""
    view, words, formats = page.view, page.words, page.formats
    return build_unit_table(
        units,
        level,
        facts.threshold,
        sort=sort if rows else view.sort,
        page=1 if rows else view.page,
        page_rows=rows or PAGE_ROWS,
        is_short=rows > 0,
        selected=view.selected,
        place_names=loaders.place_labels(page.snapshot_id, page.boundary_set, level, view.unit == NATION),
        words=words,
        formats=formats,
        statuses=statuses,
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
