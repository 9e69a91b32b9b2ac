"""The detail card of the marked unit: value, people, distance, change, rank, months behind it, source, what to do next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

import pandas as pd

from charts.sparkline import draw_sparkline
from indicators.met import MET, met_status, still_to_enrol
from indicators.rates import coverage_pct, shown_pct, shown_points, shown_value
from indicators.rules import Threshold
from text.names import lower_first
from ui import loaders, provenance
from ui.catalogue import province_of
from ui.comparison import compare_unit
from ui.frame import Frame
from ui.layers import months_before
from ui.loaders.siblings import Siblings, load_siblings
from ui.markup import button, draw_markup
from ui.parts import escape
from ui.profile.ranks import say_unranked
from ui.view import write_params


def draw_card(page: Frame, threshold: Threshold | None) -> None:
    """The card of a page on which its buttons do what they do everywhere."""
    draw_selected(page, threshold, page.report_of("card"))


def draw_selected(page: Frame, threshold: Threshold | None, on_act: Callable[[], None]) -> None:
    """The card, or nothing where no unit is marked."""
    has_figures = page.view.period in page.catalogue.programmes[page.view.programme]
    markup = build_card(page, threshold) if page.view.selected and has_figures else ""
    draw_markup("card", markup, on_act)


def level_shown(page: Frame, code: str) -> str:
    """The level of a unit's figures: districts that stand alone are reported like communes."""
    if loaders.stands_alone(page.snapshot_id, page.boundary_set, code):
        return "commune"
    return page.catalogue.unit_levels[page.boundary_set][code]


def build_card(page: Frame, threshold: Threshold | None) -> str:
    view, words, formats = page.view, page.words, page.formats
    code = view.selected
    level = level_shown(page, code)
    if level == "nation":
        return ""
    siblings = load_siblings(page.snapshot_id, view.period, page.boundary_set, level)
    at = siblings.lineage.places[code]
    row = siblings.units.iloc[at]
    above = loaders.unit_parents_label(page.snapshot_id, page.boundary_set, code)
    rate = shown_pct(row["insured"], row["population"], threshold)
    value = formats.missing if rate is None else formats.rate(rate)
    body = [f'<p class="bp-card-value"><strong>{escape(value)}</strong>{say_place_in_rank(page, siblings, at)}</p>']
    if rate is not None:
        people = {"insured": formats.count(row["insured"]), "population": formats.count(row["population"])}
        body.append(line(words.say("home.card_people", **people)))
        if threshold is not None:
            body.append(line(say_distance(page, row, threshold, level)))
        if row["insured"] > row["population"]:
            body.append(line(words.say("home.over_hundred")))
    body.append(line(say_change(page, code, level, threshold)))
    body.append(draw_months(page, code, level, threshold))
    body.append(f"<p>{provenance.link_source(page, code)}</p>")
    buttons = []
    place = code if level in ("province", "district") else province_of(code, page.boundary_set, page.catalogue)
    if place and place != view.unit:
        buttons.append(button("open", code, words.say("home.card_open", name=lower_first(page.label(place)))))
    buttons.append(link_profile(page, code))
    if level != "province":
        buttons.append(link_profile(page, code, "origins"))
    buttons.append(button("selected", "", words.say("home.card_close")))
    head = f"<h2>{escape(row['name'])}</h2>" + (f'<p class="bp-card-place">{escape(above)}</p>' if above else "")
    card = f'<div class="bp-card">{head}{"".join(body)}<p class="bp-buttons">{"".join(buttons)}</p></div>'
    return card + draw_strip(page, row, value)


def draw_strip(page: Frame, row: pd.Series, value: str) -> str:
    """One line at the foot of a telephone's screen (the style sheet shows it there only): the card lies far below, and whoever
    came by the search must see at once that the unit was found."""
    said = f"<strong>{escape(str(row['name']))}</strong> {escape(value)}"
    mark = f' <span class="bp-sim">{escape(page.words.say("home.simulated"))}</span>' if row["is_simulated"] else ""
    return f'<p class="bp-strip"><span>{said}{mark}</span>{link_profile(page, str(row["unit_code"]))}</p>'


def link_profile(page: Frame, unit: str, part: str = "") -> str:
    """A link to the profile of a unit or to a part of it, as markup, looking like the buttons beside it."""
    view = replace(page.view, unit=unit, selected="", classes="", page=1, own={"part": part} if part else {})
    address = escape("profile?" + urlencode(write_params(view, page.catalogue)))
    label = page.words.say(f"profile.part_{part}" if part else "profile.card_link")
    return f'<a class="bp-link" href="{address}" target="_self">{escape(label)}</a>'


def line(sentence: str) -> str:
    return f"<p>{escape(sentence)}</p>" if sentence else ""


def say_distance(page: Frame, row: pd.Series, threshold: Threshold, level: str) -> str:
    """How far from the line, in points and in people. Of a unit above communes: people until every commune meets."""
    words, formats = page.words, page.formats
    value = formats.percent_rule(threshold.value)
    gap = coverage_pct(row["insured"], row["population"]).item() - float(threshold.value)
    points = formats.points(shown_points(gap))
    is_met = met_status(row["insured"], row["population"], threshold).item() == MET
    if level != "commune":
        need = formats.count(row["still_to_enrol"])
        return words.say("unit_card.distance_above", points=points, threshold=value, people=need)
    if is_met:
        return words.say("unit_card.distance_met", points=points, threshold=value)
    need = still_to_enrol(row["insured"], row["population"], threshold).item()
    return words.say("unit_card.distance_short", points=points, threshold=value, people=formats.count(need))


def say_change(page: Frame, code: str, level: str, threshold: Threshold | None) -> str:
    """Points and people since the month a year before, over the communes known in both; why not, where that cannot be."""
    words, formats = page.words, page.formats
    earlier = months_before(page.view.period, 12)
    month = formats.month_short(earlier)
    found = compare_unit(page, code, level, earlier, threshold)
    if found.sums is None:
        return words.say(f"unit_card.{found.why}", earlier=month)
    points, people = formats.points(shown_points(found.points())), formats.change(found.people())
    said = words.say("unit_card.change", points=points, people=people, earlier=month)
    if not found.sums.is_partial:
        return said
    shared = {"units": formats.count(found.sums.now.units_reported), "all": formats.count(found.sums.now.units)}
    return f"{said} {words.say('unit_card.change_shared', **shared)}"


def say_place_in_rank(page: Frame, siblings: Siblings, at: int) -> str:
    """ "12/24 in huyện Mộc Châu": the place by coverage among the units of the same parent, by the rules of every ranking;
    ties are stated, and a unit that may not be ranked has none."""
    parent = siblings.lineage.parents[at]
    count = len(siblings.inside(parent))
    if count < 2:
        return ""
    place, of, tied = siblings.rank(at)
    if place is None:
        return ""
    rank = page.formats.rank(place, of, tied=tied)
    said = page.words.say("unit_card.rank", rank=rank, place=lower_first(page.label(parent)))
    said += say_unranked(page, count - of)
    return f"<span>{escape(said)}</span>"


def draw_months(page: Frame, code: str, level: str, threshold: Threshold | None) -> str:
    """The unit's own months of the programme as a line with the threshold, on the boundaries they were reported on."""
    words, formats, view = page.words, page.formats, page.view
    months = page.catalogue.programmes[view.programme]
    series = loaders.load_unit_months(
        page.snapshot_id, page.boundary_set, code, months[0], months[-1], level == "commune"
    )
    own = page.catalogue.boundary_of
    known = series.dropna()
    if len(known) < 2:  # one month is no line, and the card has said it already
        return ""
    label = words.say(
        "unit_card.months",
        first=formats.month_short(known.index[0]),
        last=formats.month_short(known.index[-1]),
        low=formats.rate(shown_value(known.iloc[0], threshold)),
        high=formats.rate(shown_value(known.iloc[-1], threshold)),
    )
    drawn = draw_sparkline(
        series,
        label,
        months=[month for month in months if own[month] == page.boundary_set],
        threshold=None if threshold is None else float(threshold.value),
        width=280,
        height=48,
    )
    return f'<div class="bp-card-months">{drawn}<small aria-hidden="true">{escape(label)}</small></div>'
