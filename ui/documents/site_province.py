"""The page of a province in the static edition: its profile, and the table of all its communes that the search leads to."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from reports.site.paths import path_of
from reports.site.render import SitePage
from text.names import lower_first
from ui import chart, home_page, home_tables, loaders, parts
from ui.documents.site_map import list_outlines, tell_map, write_message
from ui.documents.site_markup import Sheet, Site
from ui.documents.site_pages import DrawnMap, draw_chart, name_page
from ui.documents.site_preview import write_preview
from ui.documents.site_units import SiteTable, build_table, other_names
from ui.map_frame import build_map_frame
from ui.profile import communes, facts, headline, overview, people, ranks, trend
from ui.profile.communes import Communes
from ui.profile.facts import ProfileFacts
from ui.takeaway import bar


def build_province(site: Site, lang: str, code: str) -> SitePage:
    page = site.open("profile", lang, unit=code)
    sheet = Sheet(site, page, "province", code)
    known = facts.load_facts(page)
    found = communes.load_communes(page, known)
    places = ranks.rank_unit(page, has_history=False) if known.has_figures else []
    said = headline.ProfileWords(
        known, page.words, page.formats, found and found.standing, ranks.say_now(page, places, page.view.period)
    )
    drawn = build_map(sheet, known)
    built = trend.build_trend(page, known)
    shown = (
        None if built is None or built.is_empty else chart.Chart(built.figure, built.title, built.subtitle, built.alt)
    )
    mark = page.words.say("home.simulated") if known.now is not None and known.now.units_simulated > 0 else ""
    sentence = said.headline()
    content: dict[str, Any] = {
        "crumb": (page.words.say("home.nation"), path_of("home", lang)),
        "place": known.place,
        "banners": sheet.draw(lambda: home_page.say_banners(page, known)),
        "headline": sheet.draw(lambda: parts.headline(sentence)),
        "figures": sheet.draw(lambda: parts.figures(said.figures())),
        "mark": mark,
        "map": drawn,
        "missing": sheet.draw(lambda: overview.say_missing(page, known)) if is_missing(known) else "",
        "strip": sheet.draw(lambda: overview.draw_dots(page, known, found), mark=mark) if known.now is not None else "",
        "closest": sheet.draw(lambda: overview.draw_closest(page, known, found), mark=mark)
        if found is not None
        else "",
        "groups": sheet.draw(lambda: people.draw_group_bars(page, known, people.load_groups(page)), mark=mark),
        "trend": shown and draw_chart(shown, sheet.draw(lambda: bar.show(page, "trend"))),
        "districts": build_districts(sheet, known),
        "communes": build_communes(sheet, known, found),
        "caption": facts.list_caption(page, known) if known.has_figures else [],
    }
    title = page.words.say("site.province_title", place=known.place, period=page.formats.month(page.view.period))
    return SitePage(
        "province",
        lang,
        name_page(page, title),
        sentence,
        content,
        code=code,
        preview=write_preview(sheet, sentence, said.figures(), drawn is not None),
        preloads=drawn.first if drawn else (),
        has_map=drawn is not None,
    )


def is_missing(known: ProfileFacts) -> bool:
    return known.now is not None and not known.has_figures


def build_map(sheet: Sheet, known: ProfileFacts) -> DrawnMap | None:
    page = sheet.page
    if known.now is None:
        return None
    said = overview.say_map(page, known)
    sentence = page.words.say("map.words_map", subtitle=said[1], counts="")
    frame = build_map_frame(page, sentence)
    if frame is None:
        return None
    message = write_message(sheet, page, frame)
    picture = sheet.take_address(bar.address_of(page, "profile", "map", "svg"))
    files = sheet.draw(lambda: bar.show(page, "map"))
    told = tell_map(sheet, page, [("commune", message)], own=page.view.unit)
    return DrawnMap(said, told, picture, sentence, files, [message, *list_outlines(frame)])


def build_districts(sheet: Sheet, known: ProfileFacts) -> SiteTable | None:
    """None where the boundary set has no districts."""
    page = sheet.page
    if known.now is None or home_tables.ranking_level(page) is None:
        return None
    units = loaders.load_level(page.snapshot_id, known.period, page.boundary_set, "district")
    units = home_tables.units_of_place(page, units)
    title = page.words.say("home.table_title", level=page.words.say("level.district_title").lower())
    files = sheet.draw(lambda: bar.show(page, "places", of="home"))
    said = (title, page.words.say("site.table_districts"))
    return build_table(sheet, page, units, "district", known.threshold, said, files)


def build_communes(sheet: Sheet, known: ProfileFacts, found: Communes | None) -> SiteTable | None:
    """Every commune of the province in the order of names, also those without figures."""
    page = sheet.page
    if found is None:
        return None
    units = loaders.load_level(page.snapshot_id, known.period, page.boundary_set, "commune")
    units = home_tables.units_of_place(page, units)
    title = page.words.say("site.communes_title", place=lower_first(known.place))
    said = (title, page.words.say("site.communes_note"))
    files = sheet.draw(lambda: bar.show(page, "units", of="home")) if known.has_figures else Markup("")
    return build_table(
        sheet, page, units, "commune", known.threshold, said, files, other_names(page, units["unit_code"])
    )
