"""Hồ sơ đơn vị: one unit of any level, how far, how fast, who is missing, like whom, and what it was before."""

from ui import choices, frame, home_page, parts
from ui.profile import communes, compare, facts, headline, origins, overview, people, ranks, sections, sources, trend
from ui.takeaway import bar
from ui.view import ANY_PLACE


def draw(page: frame.Frame) -> None:
    choices.draw_choices(page)
    known = facts.load_facts(page)
    home_page.say_banners(page, known)
    found = communes.load_communes(page, known)
    places = ranks.rank_unit(page, has_history=page.choice("part") == "trend") if known.has_figures else []
    said = headline.ProfileWords(
        known, page.words, page.formats, found and found.standing, ranks.say_now(page, places, page.view.period)
    )
    parts.headline(said.headline())
    parts.figures(said.figures())
    bar.show(page, *headline.list_files(known))
    part = sections.draw_switch(page, known)
    if part == "overview":
        overview.draw_overview(page, known, found)
    elif part == "communes":
        communes.draw_lists(page, known, found)
    elif part == "trend":
        trend.draw_part(page, known, places)
    elif part == "people":
        people.draw_part(page, known)
    elif part == "sources":
        sources.draw_part(page, known)
    elif part == "compare":
        compare.draw_part(page, known)
    else:
        origins.draw_part(page, known)
    if known.has_figures:
        parts.caption(facts.list_caption(page, known))


frame.show("profile", draw, sections.CHOICES, ANY_PLACE, without=("sort",))
