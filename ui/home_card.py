"""The card of the marked unit: people, distance to the threshold, where its figures come from, and what to do next."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from urllib.parse import urlencode

import pandas as pd

from indicators.met import MET, met_status, still_to_enrol
from indicators.rates import shown_pct
from text.formats import Formats
from text.names import lower_first
from text.words import Words
from ui import loaders, parts, provenance
from ui.frame import Frame
from ui.home import HomeFacts
from ui.markup import button, draw_markup
from ui.view import NATION, province_of, write_params


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
    lines.append(provenance.say_source(page, view.selected))
    buttons = []
    province = province_of(view.selected, page.boundary_set, page.catalogue)
    if view.unit == NATION and province:
        place = view.selected if level == "district" else province
        buttons.append(button("open", view.selected, words.say("home.card_open", name=lower_first(page.label(place)))))
    buttons.append(link_profile(page, view.selected))
    buttons.append(button("selected", "", words.say("home.card_close")))
    return parts.card(name, lines, buttons)


def link_profile(page: Frame, unit: str) -> str:
    """A link to the profile of a unit, as markup, looking like the buttons beside it."""
    view = replace(page.view, unit=unit, selected="", classes="", page=1, own={})
    address = escape("profile?" + urlencode(write_params(view, page.catalogue)))
    return f'<a class="bp-link" href="{address}" target="_self">{escape(page.words.say("profile.card_link"))}</a>'


def say_distance(row: pd.Series, facts: HomeFacts, words: Words, formats: Formats) -> str:
    value = formats.percent_rule(facts.threshold.value)
    if met_status(row["insured"], row["population"], facts.threshold).item() == MET:
        return words.say("home.card_met", threshold=value)
    need = still_to_enrol(row["insured"], row["population"], facts.threshold).item()
    return words.say("home.card_missing", people=formats.count(need), threshold=value)
