"""The map page, block by block: choices of the measure, banners, headline, one or two maps, card, table, caption."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from ui import captions, home_page, loaders, map_frame, parts, priority, table, unit_card
from ui.choices import group_by_year
from ui.frame import Frame
from ui.home import HomeFacts, HomeWords
from ui.home_facts import PLACE, load_facts
from ui.layers import CHANGE, COVERAGE, INDICATORS, MET, SPANS, months_before
from ui.map import MapFrame, draw_map
from ui.map_layers import Layer, at_second, build_frame, find_layer
from ui.map_words import MapWords
from ui.markup import button, draw_markup, dropdown
from ui.parts import escape
from ui.takeaway import bar
from ui.unit_table import Measure, build_unit_table
from ui.view import NATION

# What decides the measure and its figures; the maps; the quadrants and their chart; the ring in it; the rows behind the map.
LAYER = (*PLACE, "level", "indicator", "span")
MAP = (*LAYER, "second", "selected", "zoom", "classes", "measure")
PRIORITY = (*LAYER, "quadrant")
MARK = (*PRIORITY, "selected")
TABLE = (*LAYER, "quadrant", "selected", "classes", "sort", "page")


@dataclass(frozen=True)
class MapFacts:
    """What the blocks of the page share: the facts of the place, the measure, and its words."""

    place: HomeFacts
    layer: Layer | None
    said: MapWords | None


def load_map(page: Frame) -> MapFacts:
    facts = load_facts(page)
    if not facts.has_figures:
        return MapFacts(facts, None, None)
    layer = find_layer(page)
    return MapFacts(facts, layer, MapWords(layer, facts, page.place(), page.snapshot_id, page.words, page.formats))


def draw_measures(page: Frame) -> None:
    """The measure, how far back change looks, and the month of a second map."""
    words = page.words
    chosen = page.choice("indicator")
    switches = "".join(
        button("indicator", name, words.say(f"map_page.indicator_{name}"), pressed=name == chosen)
        for name in INDICATORS
    )
    label = escape(words.say("map_page.indicator"))
    parts_of = [f'<span class="bp-segments bp-measures" role="group" aria-label="{label}">{switches}</span>']
    if chosen == CHANGE:
        spans = [(span, words.say(f"map_page.span_{span}")) for span in sorted(SPANS, key=int)]
        parts_of.append(labelled(words.say("map_page.span"), "span", [("", spans)], page.choice("span")))
    parts_of.append(labelled(words.say("map_page.second"), "second", second_months(page), page.choice("second")))
    draw_markup("measures", f'<div class="bp-controls">{"".join(parts_of)}</div>', report_of(page, "measures"))


def labelled(label: str, act: str, groups, current: str) -> str:
    return (
        f'<span class="bp-since"><span class="bp-label">{escape(label)}</span>'
        f"{dropdown(act, label, groups, current)}</span>"
    )


def second_months(page: Frame) -> list:
    """No second map, the same month a year before, and every other month with figures, newest first."""
    words, formats, view = page.words, page.formats, page.view
    months = tuple(month for month in sorted(page.catalogue.boundary_of) if month != view.period)
    first = [("", words.say("map_page.second_none"))]
    year = months_before(view.period, 12)
    if year in months:
        first.append((year, words.say("map_page.second_year", month=formats.month_short(year))))
        months = tuple(month for month in months if month != year)
    return [("", first), *group_by_year(months, formats)]


def report_of(page: Frame, key: str) -> Callable[[], None]:
    """What is pressed on this page: a unit is marked, never opened, and another measure starts without filters."""
    page = page.apart()

    def acted() -> None:
        report = page.read_trigger(key, "acted")
        if not report:
            return
        kind, value = str(report["kind"]), str(report["value"])
        if kind == "unit":
            mark_unit(page, value)
        elif kind == "indicator":
            page.go(indicator=value, classes="", quadrant="", sort="need")
        elif kind == "quadrant":
            page.go(quadrant=value, page=1)
        elif kind == "sort" and value == "value" == page.read_address().sort:
            page.go(sort="value_desc")
        else:
            page.act(kind, value)

    return acted


def mark_unit(page: Frame, code: str) -> None:
    now = page.now()
    if code in page.catalogue.unit_levels[now.boundary_set]:
        page.go(selected="" if code == now.view.selected else code)


def map_callbacks(page: Frame) -> dict[str, Callable[[], None]]:
    """What the map reports goes to the address bar."""
    page = page.apart()

    def picked() -> None:
        found = page.read_trigger("map", "picked")
        if found and found["boundary_set"] == page.now().boundary_set:
            mark_unit(page, str(found["unit"]))

    def rested_second() -> None:
        if period := page.read_trigger("map", "rested_second"):
            page.go(second=str(period))

    return map_frame.map_callbacks(page) | {"picked": picked, "rested_second": rested_second}


def say_banners(page: Frame, facts: MapFacts) -> None:
    """Simulated, converted, partial; and what of the chosen measure or second month cannot be shown."""
    home_page.say_banners(page, facts.place)
    with st.container(key="map_notes"):
        for note in list_notes(page, facts):
            parts.banner(escape(note), words=page.words)


def list_notes(page: Frame, facts: MapFacts) -> list[str]:
    words, formats, layer = page.words, page.formats, facts.layer
    if layer is None:
        return []
    notes = [words.say(layer.why_not)] if layer.why_not else []
    if layer.indicator == CHANGE and layer.figures.why == "converted":
        notes.append(words.say("map_page.change_converted", earlier=formats.month(layer.figures.earlier)))
    second = page.choice("second")
    if not second:
        return notes
    other, why_not = at_second(page)
    month = formats.month(second)
    if other is None:
        return [*notes, words.say(why_not, second=month)]
    if other.boundary_set != page.boundary_set:
        notes.append(words.say("map_page.second_own", second=month))
    elif other.view.boundaries:
        notes.append(words.say("map_page.second_converted", second=month))
    rules = [loaders.threshold_at(page.snapshot_id, period) for period in (page.view.period, second)]
    if layer.indicator in (COVERAGE, MET) and rules[0] != rules[1]:
        first, last = (
            formats.rule(rule.value, rule.operator) if rule else words.say("whats_new.no_rule") for rule in rules
        )
        notes.append(words.say("map_page.second_rule", first=first, other=last))
    return notes


def draw_headline(page: Frame, facts: MapFacts) -> None:
    if facts.said is None:
        parts.headline(HomeWords(facts.place, page.words, page.formats).headline())
        return
    parts.headline(facts.said.headline())


def say_maps(page: Frame, facts: MapFacts) -> tuple[str, str]:
    """The finding; what is measured, where and when, and the month beside it."""
    subtitle = facts.said.subtitle()
    if at_second(page)[0] is not None:
        second = page.formats.month(page.choice("second"))
        subtitle += page.words.say("map_page.subtitle_second", second=second)
    return facts.said.title(), subtitle


def build_maps(page: Frame, facts: MapFacts) -> tuple[MapFrame | None, MapFrame | None]:
    """The map and the one beside it; None where the outlines are missing or there is no second one."""
    layer, sentence = facts.layer, page.words.say("map_page.words_map", subtitle=facts.said.subtitle())
    shown, (other, _) = build_frame(page, layer, sentence), at_second(page)
    if shown is None or other is None:
        return shown, None
    other_layer = find_layer(other, rule_period=layer.key.rule_period)
    if other_layer.indicator != layer.indicator or other_layer.level != layer.level:
        return shown, None
    return shown, build_frame(other, other_layer, sentence)


def draw_maps(page: Frame, facts: MapFacts) -> None:
    """One map, or two with one legend; a plain sentence where the outlines are missing."""
    words = page.words
    title, subtitle = say_maps(page, facts)
    parts.title(title, f"{subtitle}. {words.say('map_page.subtitle_filter')}")
    shown, second = build_maps(page, facts)
    if shown is None:
        long = words.say(f"boundary_set.{page.boundary_set}.short")
        parts.banner(words.say("error.no_outlines", boundaries=long), words=words, kind="error")
        return
    draw_map(shown, words, page.formats, map_callbacks(page), second=second)
    bar.show(page, "map", *(["second"] if second is not None else []))


def has_second(page: Frame) -> bool:
    return at_second(page)[0] is not None


def draw_card(page: Frame, facts: MapFacts) -> None:
    unit_card.draw_selected(page, facts.layer.threshold, report_of(page, "card"))


def draw_priority(page: Frame, facts: MapFacts) -> None:
    own = page.apart()
    priority.draw_priority(
        page,
        facts.layer,
        report_of(page, "quadrants"),
        lambda code: own.go(selected=code, zoom=own.read_address().choice("zoom")),
    )


def draw_mark(page: Frame, facts: MapFacts) -> None:
    priority.draw_mark(page, page.knowing(*LAYER), facts.layer)


def find_rows(page: Frame, facts: MapFacts) -> tuple[pd.DataFrame, Measure | None]:
    """The units of the table, with the filters of the legend and of the quadrants, and the column of the measure."""
    layer, said = facts.layer, facts.said
    rows = layer.inside.copy()
    if page.view.class_codes:
        rows &= pd.Series(layer.figures.classes).isin(page.view.class_codes).to_numpy()
    found = priority.find_priority(page, layer) if page.choice("quadrant") else None
    if found is not None:
        chosen = set(found.of(page.choice("quadrant"))["unit_code"])
        rows &= layer.figures.units["unit_code"].isin(chosen).to_numpy()
    measure = None
    if layer.indicator not in (COVERAGE, MET, "need"):
        values = pd.Series(layer.figures.values, index=layer.figures.units["unit_code"])
        places = pd.Series(range(len(values)), index=values.index)
        label = page.words.say(f"map_page.column_{layer.indicator}")
        measure = Measure(label, values, lambda code: said.value(int(places[code])))
    return layer.figures.units[rows], measure


def say_table_title(page: Frame, layer: Layer) -> str:
    return page.words.say("map_page.table_title", level=page.words.say(f"level.{layer.level}_title").lower())


def draw_table(page: Frame, facts: MapFacts) -> None:
    """The rows of the map: the same units, filter and measure."""
    view, title = page.view, say_table_title(page, facts.layer)
    parts.title(title, page.words.say("map_page.table_subtitle"))
    plain = page.knowing(*(name for name in TABLE if name != "selected"))
    built = plain.once("map units", lambda own: build_table(own, facts))  # a marked unit changes its own row only
    table.draw_built("units", built, view.selected, view.sort, report_of(page, "units"), label=title)
    bar.show(page, "units")


def build_table(page: Frame, facts: MapFacts) -> table.Built:
    """A page of the table with no unit marked."""
    layer, view = facts.layer, page.view
    units, measure = find_rows(page, facts)
    built = build_unit_table(
        units,
        layer.level,
        layer.threshold,
        sort=view.sort,
        page=view.page,
        selected="",
        place_names=loaders.place_labels(page.snapshot_id, page.boundary_set, layer.level, view.unit == NATION),
        words=page.words,
        formats=page.formats,
        measure=measure,
    )
    return table.build(built.columns, built.rows, built.pager)


def list_caption(page: Frame, facts: MapFacts) -> list[str]:
    place = "" if facts.place.is_nation and not page.view.class_codes else facts.place.place
    return captions.list_pieces(page, facts.place.now, facts.layer.threshold, place)


def draw_caption(page: Frame, facts: MapFacts) -> None:
    parts.caption(list_caption(page, facts))
