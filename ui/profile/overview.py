"""The first part of a profile: map, strip of the communes, the closest ones, payer groups."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from charts.strip import draw_strip
from indicators.classes import class_edges
from indicators.rates import shown_pct
from indicators.rules import map_threshold
from text.names import lower_first, upper_first
from ui import loaders, parts
from ui.catalogue import level_of
from ui.chart import DotPlot
from ui.frame import Frame
from ui.home_facts import PLACE
from ui.loaders import profile
from ui.map import draw_map as draw_coverage_map
from ui.map_frame import build_map_frame, map_callbacks
from ui.markup import button, draw_markup
from ui.profile import people, trend
from ui.profile.communes import Communes, largest_groups, say_awaited
from ui.profile.facts import ProfileFacts
from ui.profile.markup import Trusted, data_table
from ui.takeaway import bar
from ui.view import NATION

MAP = (*PLACE, "level", "selected", "measure", "classes")  # what decides the map
MARKED = (*PLACE, "selected")
CLOSEST_ROWS = 5
STRIP_UNITS = 1200  # above this many the strip shows the provinces


def draw_overview(page: Frame, facts: ProfileFacts, communes: Callable[[], Communes | None]) -> None:
    """The blocks of the overview, each decided by its own choices: a marked unit changes the map, its card and the dots."""
    if facts.now is None:
        page.draw_part(
            "trend", PLACE, lambda own: trend.draw_trend(own, facts)
        )  # what was published stands without figures
        return
    left, right = st.columns([54, 46], gap="large")
    with left:
        page.draw_part("map", MAP, lambda own: draw_map(own, facts))
    with right:
        page.draw_part("marked", MARKED, lambda own: draw_marked(own, facts))
        if not facts.has_figures:
            page.draw_part("missing", PLACE, lambda own: say_missing(own, facts))
        page.draw_part("dots", list_choices_of_dots(page, facts), lambda own: draw_dots(own, facts, communes()))
        page.draw_part("people", PLACE, lambda own: draw_people(own, facts, communes))


def draw_people(page: Frame, facts: ProfileFacts, communes: Callable[[], Communes | None]) -> None:
    """Who is missing: a commune's trend, or the closest communes; then the payer groups."""
    if facts.is_commune:
        trend.draw_trend(page, facts)
    elif (found := communes()) is not None:
        draw_closest(page, facts, found)
    people.draw_group_bars(page, facts, people.load_groups(page))


def say_missing(page: Frame, facts: ProfileFacts) -> None:
    """Why a place has no figures in the month, and in which file they should come."""
    parts.bullets(list_missing(page, facts))


def list_missing(page: Frame, facts: ProfileFacts) -> list[str]:
    units = profile.load_place_communes(page.snapshot_id, facts.period, page.boundary_set, facts.unit, facts.level)
    reasons = dict.fromkeys(say_awaited(page, row) for row in units.itertuples())
    return [upper_first(reason) + "." for reason in list(reasons)[:CLOSEST_ROWS]]


def context_of(page: Frame) -> Frame:
    """The frame that the map is built from: of a commune its district (its province where there are none), with the commune
    marked; of any other place the place itself."""
    if page.unit_level != "commune":
        return page
    above = page.catalogue.unit_parents[page.boundary_set][page.view.unit]
    return page.showing(replace(page.view, unit=above, selected=page.view.unit))


def say_map(page: Frame, facts: ProfileFacts) -> tuple[str, str]:
    """The finding of the map; what is measured, where and when."""
    shown = context_of(page)
    subtitle = page.words.say(
        "home.map_subtitle",
        level=page.words.say(f"level.{page.view.level if page.view.unit == NATION else 'commune'}"),
        place=lower_first(shown.label(shown.view.unit)),
        period=page.formats.month(facts.period),
    )
    return say_map_finding(page, facts), subtitle


def draw_map(page: Frame, facts: ProfileFacts) -> None:
    """The map of the place's communes, or a plain sentence where its outlines are missing."""
    words = page.words
    title, subtitle = say_map(page, facts)
    parts.title(title, subtitle)
    found = build_map_frame(context_of(page), words.say("map.words_map", subtitle=subtitle, counts=""))
    if found is None:
        short = words.say(f"boundary_set.{page.boundary_set}.short")
        parts.banner(words.say("error.no_outlines", boundaries=short), words=words, kind="error")
        return
    own = page.apart()
    draw_coverage_map(found, words, page.formats, map_callbacks(page, lambda code: pick_unit(own, code)))
    bar.show(page, "map")


def say_map_finding(page: Frame, facts: ProfileFacts) -> str:
    words, formats = page.words, page.formats
    if facts.is_judged and not facts.is_commune:
        met, counted = formats.count(facts.now.met), formats.count(facts.now.counted)
        return words.say("home.map_title_gap", met=met, counted=counted)
    if facts.is_commune:
        return words.say("profile.map_title_commune", name=facts.place)
    return words.say("home.map_title_coverage", level=words.say("level.commune"))


def pick_unit(page: Frame, code: str) -> None:
    """A click marks a unit; on a commune's profile it opens the neighbour's."""
    now = page.now()
    if now.unit_level == "commune":
        page.go(unit=code)
    else:
        page.go(selected="" if code == now.view.selected else code)


def draw_marked(page: Frame, facts: ProfileFacts) -> None:
    """The unit marked on the map: its rate, and a button to its profile."""
    code, words, formats = page.view.selected, page.words, page.formats
    level = level_of(code, page.boundary_set, page.catalogue) if code else None
    if level is None or code == page.view.unit:
        draw_markup("card", "", page.report_of("card"))
        return
    now = profile.load_place(page.snapshot_id, facts.period, page.boundary_set, code, level)
    lines = [formats.missing]
    if now is not None and now.population > 0:
        lines = [
            formats.rate(shown_pct(now.insured, now.population, facts.threshold)),
            words.say("home.card_people", insured=formats.count(now.insured), population=formats.count(now.population)),
        ]
    above = loaders.unit_parents_label(page.snapshot_id, page.boundary_set, code)
    name = words.say("home.card_place", name=page.label(code), parents=above) if above else page.label(code)
    buttons = [
        button("place", code, words.say("profile.open")),
        button("selected", "", words.say("home.card_close")),
    ]
    draw_markup("card", parts.card(name, lines, buttons), page.report_of("card"))


def list_choices_of_dots(page: Frame, facts: ProfileFacts) -> tuple[str, ...]:
    """What decides the dots: a unit is marked among communes, and neither among provinces nor beside the commune of the page."""
    if facts.is_commune:
        return PLACE
    inside = profile.load_place_communes(page.snapshot_id, facts.period, page.boundary_set, facts.unit, facts.level)
    return MARKED if len(inside) <= STRIP_UNITS else PLACE


def draw_dots(page: Frame, facts: ProfileFacts, communes: Communes | None) -> None:
    built = build_dots(page, facts, communes)
    if built is not None:
        parts.title(built.title, built.subtitle)
        note = f'<p class="bp-subtitle">{parts.escape(page.words.say("profile.strip_note"))}</p>'
        draw_markup("strip", built.markup + note, page.report_of("strip"))
        bar.show(page, "strip")


def build_dots(page: Frame, facts: ProfileFacts, communes: Communes | None) -> DotPlot | None:
    """Every commune of the place as a dot (the provinces of a place with very many); a click opens its profile. None where no
    unit has a rate."""
    words, formats, view = page.words, page.formats, page.view
    if facts.is_commune:
        shown = context_of(page)
        units = profile.load_place_communes(
            page.snapshot_id, facts.period, page.boundary_set, shown.view.unit, shown.unit_level
        )
        level = "commune"
    elif communes is None:
        return None
    else:
        level = "commune" if len(communes.frame) <= STRIP_UNITS else "province"
        units = communes.frame if level == "commune" else load_provinces(page, facts)
    threshold, in_force = map_threshold(facts.programme, view.period)
    labels = loaders.place_labels(page.snapshot_id, page.boundary_set, level, facts.level in ("nation", "region"))
    label = units["name"] if facts.is_commune else labels.reindex(units["unit_code"]).to_numpy()
    markup = draw_strip(
        units[["unit_code", "insured", "population"]].assign(label=label),
        class_edges(threshold, in_force=in_force),
        threshold if in_force else None,
        words=words,
        formats=formats,
        is_commune=level == "commune",
        selected=view.unit if facts.is_commune else view.selected,
        act="place",
    )
    if not markup:
        return None
    place = lower_first(context_of(page).label(context_of(page).view.unit))
    subtitle = words.say(f"profile.strip_subtitle_{level}", place=place)
    if communes is not None and level == "commune" and facts.is_judged and (outside := len(units) - communes.counted):
        # The sentence above counts communes only, and some of the dots below the line may be wards.
        subtitle += words.say("dots.outside", count=formats.count(outside))
    return DotPlot(markup, say_strip_finding(page, facts, communes, level), subtitle)


def load_provinces(page: Frame, facts: ProfileFacts):
    frame = loaders.load_level(page.snapshot_id, facts.period, page.boundary_set, "province")
    if facts.level == "region":
        inside = profile.provinces_of_region(page.snapshot_id, page.boundary_set, facts.unit)
        return frame[frame["unit_code"].isin(inside)]
    return frame


def say_strip_finding(page: Frame, facts: ProfileFacts, communes: Communes | None, level: str) -> str:
    words, formats = page.words, page.formats
    if level == "province":
        return words.say("profile.strip_title_provinces")
    if facts.is_commune or communes is None or not facts.is_judged:
        return words.say("profile.strip_title_commune" if facts.is_commune else "profile.strip_title_plain")
    below, at_risk = len(communes.standing.below), len(communes.standing.at_risk)
    return words.say("profile.strip_title", below=formats.count(below), at_risk=formats.count(at_risk))


def draw_closest(page: Frame, facts: ProfileFacts, communes: Communes) -> None:
    """The few communes below the line that miss the fewest people, and the group most of those belong to."""
    rows = communes.rows("below").head(CLOSEST_ROWS)
    if rows.empty:
        return
    words, formats = page.words, page.formats
    groups = largest_groups(page, rows["unit_code"].to_numpy())
    head = [words.say(f"profile.closest_{name}") for name in ("unit", "rate", "missing", "group")]
    cells = [
        [
            Trusted(button("place", row.unit_code, str(communes.labels[row.unit_code]))),
            formats.rate(shown_pct(int(row.insured), int(row.population), facts.threshold)),
            formats.people(row.missing),
            groups.get(row.unit_code) or words.say("profile.not_surveyed"),
        ]
        for row in rows.itertuples()
    ]
    title = words.say("profile.closest_title")
    parts.title(title, words.say("profile.closest_subtitle"))
    table = data_table(title, head, cells, figures=(1, 2), is_stacked=True)
    draw_markup("closest", table, page.report_of("closest"))
