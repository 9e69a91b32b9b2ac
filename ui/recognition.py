"""Thi đua, recognition: candidates with their evidence, exemplars by rules that are data, and awards that were given."""

from __future__ import annotations

from ui import parts
from ui.emulation import EmulationView, say_list, say_round
from ui.emulation_lists import Listing, place_names
from ui.frame import Frame
from ui.loaders.emulation import ListEvaluation
from ui.loading_help import draw_template_help, show_templates
from ui.recognition_lists import (
    count_awards,
    find_candidates,
    hides_candidates,
    list_awards,
    list_candidates,
    list_exemplars,
    load_shown_awards,
)
from ui.takeaway import bar

SHOWN = 12
SHOWN_AWARDS = 100


def draw_headline(page: Frame, shown: EmulationView, found: ListEvaluation) -> None:
    words = page.words
    values = {"round": say_round(page, shown.round), "where": say_list(page, shown, place_names(page, shown))}
    if hides_candidates(shown):
        parts.headline(words.say("emulation.headline_candidates_later", **values))
        return
    candidates = find_candidates(found)
    key = "emulation.headline_candidates" if candidates else "emulation.headline_no_candidates"
    parts.headline(words.say(key, count=page.formats.count(len(candidates)), **values))


def draw_candidates(page: Frame, shown: EmulationView, found: ListEvaluation) -> None:
    if hides_candidates(shown):
        parts.title(page.words.say("emulation.candidates_later_title"), "")
        parts.empty(page.words.say("emulation.candidates_later"))
        return
    draw_listing(page, list_candidates(page, shown, found))


def draw_exemplars(page: Frame, shown: EmulationView, found: ListEvaluation) -> None:
    for what, listing in zip(("", "steady", "recoveries"), list_exemplars(page, shown, found, SHOWN), strict=True):
        draw_listing(page, listing)
        if what and listing.rows:
            bar.show(page, what)
    if shown.closing is not None:
        parts.prose(page.words.say("emulation.exemplars_now"))


def draw_listing(page: Frame, listing: Listing) -> None:
    """A table, or the sentence that nobody is on the list; how many are left out."""
    parts.title(listing.title, listing.rule)
    if not listing.rows:
        parts.prose(listing.nothing)
        return
    parts.plain_table(listing.head, listing.rows, is_stacked=True, name=listing.title)
    if listing.whole > len(listing.rows):
        shown, rows = page.formats.count(len(listing.rows)), page.formats.count(listing.whole)
        parts.prose(page.words.say("emulation.first_of", shown=shown, rows=rows))


def draw_awards(page: Frame) -> None:
    """By round and level: who was recognised for what, and who was proposed to the Director General."""
    words, formats = page.words, page.formats
    awards = load_shown_awards(page, page.view.unit)
    if awards.empty:
        parts.title(words.say("emulation.awards_none_title"), "")
        draw_template_help(page, "awards")
        return
    listing = list_awards(page, awards, page.place(), SHOWN_AWARDS)
    parts.title(listing.title, listing.rule)
    parts.plain_table(*count_awards(page, awards))
    parts.plain_table(listing.head, listing.rows, is_stacked=True)
    if listing.whole > len(listing.rows):
        shown, rows = formats.count(len(listing.rows)), formats.count(listing.whole)
        parts.prose(words.say("quality.first_rows", shown=shown, rows=rows))
    bar.show(page, "awards")
    show_templates(page, "awards")
