"""Hồ sơ đơn vị: one unit of any level, how far, how fast, who is missing, like whom, and what it was before."""

from functools import cache, partial

from ui import choices, frame, home_page, parts
from ui.home_facts import PLACE
from ui.profile import communes, compare, facts, headline, origins, overview, people, ranks, sections, sources, trend
from ui.takeaway import bar
from ui.view import ANY_PLACE


def draw(page: frame.Frame) -> None:
    plain = page.knowing(*PLACE)
    known = plain.once("profile facts", facts.load_facts)
    part = sections.find_part(page, known)
    found = cache(partial(communes.load_communes, plain, known))

    @cache
    def places() -> list[ranks.RankRow]:
        return ranks.rank_unit(plain, has_history=part == "trend") if known.has_figures else []

    def draw_head(own: frame.Frame) -> None:
        home_page.say_banners(own, known)
        rank = ranks.say_now(own, places(), own.view.period)
        said = headline.ProfileWords(known, own.words, own.formats, found() and found().standing, rank)
        parts.headline(said.headline())
        parts.figures(said.figures())
        bar.show(own, *headline.list_files(known))
        sections.draw_switch(own, known)

    page.draw_part("choices", (*PLACE, "level"), choices.draw_choices)
    page.draw_part("head", (*PLACE, "part"), draw_head)
    if part == "overview":
        overview.draw_overview(page, known, found)
    elif part == "communes":
        page.draw_part("lists", communes.LISTED, lambda own: communes.draw_lists(own, known, found()))
    elif part == "trend":
        page.draw_part("trend", PLACE, lambda own: trend.draw_part(own, known, places()))
    elif part == "people":
        page.draw_part("people", PLACE, lambda own: people.draw_part(own, known))
    elif part == "sources":
        page.draw_part("sources", (*PLACE, "page"), lambda own: sources.draw_part(own, known))
    elif part == "compare":
        page.draw_part("compare", PLACE, lambda own: compare.draw_part(own, known))
    else:
        page.draw_part("origins", PLACE, lambda own: origins.draw_part(own, known))
    if known.has_figures:
        page.draw_part("caption", PLACE, lambda own: parts.caption(facts.list_caption(own, known)))


frame.show("profile", draw, sections.CHOICES, ANY_PLACE, without=("sort",))
