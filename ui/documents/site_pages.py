"""The pages of the static edition but for the provinces: what each says, with the facts, words and blocks of the screen."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from charts.vector import draw_svg
from data.former_names import KINDS as FORMER_KINDS
from reports.site.paths import path_of
from reports.site.render import SitePage
from ui import chart, home_facts, home_page, home_tables, loaders, method_page, parts, ranking_page, whats_new_page
from ui.documents.site_map import list_outlines, tell_map, write_message
from ui.documents.site_markup import Sheet, Site
from ui.documents.site_preview import write_preview
from ui.documents.site_units import SiteTable, build_table, sort_by_name, write_index
from ui.frame import Frame
from ui.home import HomeFacts, HomeWords
from ui.ranking_lists import draw_lists
from ui.ranking_table import draw_league
from ui.ranking_targets import draw_targets
from ui.takeaway import bar

WIDE, NARROW, HEIGHT, LOW = 616, 336, 400, 320  # CSS pixels of a chart in a column and on a phone


@dataclass(frozen=True)
class DrawnChart:
    """A chart in both widths, with its finding and the links to its files."""

    said: tuple[str, str]
    wide: Markup
    narrow: Markup
    files: Markup


@dataclass(frozen=True)
class DrawnMap:
    """`told`: what its script reads; `picture`: the same map as a file; `alt`: what it shows in a sentence; `first`: the files
    that the first picture needs, which a browser asks for before the script runs."""

    said: tuple[str, str]
    told: str
    picture: str
    alt: str
    files: Markup
    first: Sequence[str]


def draw_chart(built: chart.Chart, files: Markup) -> DrawnChart:
    wide, narrow = (
        # Our own drawing: every text in it is escaped there.
        Markup(draw_svg(built.figure, width, height, title=built.alt))
        for width, height in ((WIDE, built.figure.layout.height or HEIGHT), (NARROW, LOW))
    )
    return DrawnChart((built.title, built.subtitle), wide, narrow, files)


def build_home(site: Site, lang: str) -> SitePage:
    """Tổng quan: the nation."""
    page = site.open("home", lang)
    sheet = Sheet(site, page, "home")
    facts = home_facts.load_facts(page)
    said = HomeWords(facts, page.words, page.formats)
    drawn = build_home_map(sheet, facts)
    trend = home_page.build_trend(page, facts)
    table = build_provinces(sheet, facts)
    mark = say_mark(page, facts)
    headline = said.headline()
    title = page.words.say("site.nation_title", period=page.formats.month(page.view.period))
    content: dict[str, Any] = {
        "banners": sheet.draw(lambda: home_page.say_banners(page, facts)),
        "headline": sheet.draw(lambda: parts.headline(headline)),
        "figures": sheet.draw(lambda: parts.figures(said.figures())),
        "absent": "",
        "mark": mark,
        "map": drawn,
        "trend": trend and draw_chart(trend, sheet.draw(lambda: bar.show(page, "trend"))),
        "news": sheet.draw(lambda: whats_new_page.draw_whats_new(page), mark=mark),
        "places": sheet.draw(lambda: home_tables.draw_ranking(page, facts), mark=mark),
        "table": table,
        "caption": home_page.list_caption(page, facts),
    }
    return SitePage(
        "home",
        lang,
        name_page(page, title),
        headline,
        content,
        preview=write_preview(sheet, headline, said.figures(), drawn is not None),
        preloads=drawn.first if drawn else (),
        has_map=drawn is not None,
        data_set=describe_data(site, page, title, headline, drawn.files if drawn else Markup("")),
    )


def name_page(page: Frame, title: str) -> str:
    return f"{title} · {page.words.say('app.title')}"


def say_mark(page: Frame, facts: HomeFacts) -> str:
    """The word for simulated figures, where the page shows any."""
    return page.words.say("home.simulated") if facts.now is not None and facts.now.units_simulated > 0 else ""


def build_home_map(sheet: Sheet, facts: HomeFacts) -> DrawnMap | None:
    """The nation by commune, with the other levels a press away; None where there is nothing to draw."""
    page = sheet.page
    if not facts.has_figures:
        return None
    levels = [
        "commune",
        *(["district"] if "district" in page.catalogue.unit_levels[page.boundary_set].values() else []),
    ]
    maps, frames = [], []
    for level in [*levels, "province"]:
        shown = page.showing(replace(page.view, level=level))
        frame = home_page.build_map(shown, facts)
        if frame is None:
            continue
        frames.append(frame)
        maps.append((level, write_message(sheet, shown, frame)))
    if not maps:
        return None
    picture = sheet.take_address(bar.address_of(page, "home", "map", "svg"))
    files = sheet.draw(lambda: bar.show(page, "map", "units"))
    first = [maps[0][1], *list_outlines(frames[0])]
    return DrawnMap(
        home_page.say_map(page, facts), tell_map(sheet, page, maps), picture, frames[0].sentence, files, first
    )


def build_provinces(sheet: Sheet, facts: HomeFacts) -> SiteTable | None:
    """Every province: the rows behind the map at that level."""
    if not facts.has_figures:
        return None
    page = sheet.page.showing(replace(sheet.page.view, level="province"))
    units = loaders.load_level(page.snapshot_id, facts.period, page.boundary_set, "province")
    title = page.words.say("home.table_title", level=page.words.say("level.province_title").lower())
    said = (title, page.words.say("site.table_places"))
    files = sheet.draw(lambda: bar.show(page, "units"))
    return build_table(sheet, page, units, "province", facts.threshold, said, files)


def build_ranking(site: Site, lang: str) -> SitePage:
    """Xếp hạng: every province, by level, share of communes and improvement."""
    page = site.open("ranking", lang)
    sheet = Sheet(site, page, "ranking")
    read = ranking_page.read_ranking(page)
    blocks: list[Callable[[], object]] = [lambda: ranking_page.draw_head(page, read)]
    if read is not None:
        months = ranking_page.load_months(page, read.facts)
        blocks.append(lambda: draw_lists(page, read.facts, read.said, read.kept))
        if unranked := read.said.unranked():
            blocks.append(lambda: parts.prose(unranked))
        if read.targets and read.facts.level == "province":
            blocks.append(lambda: draw_targets(page, read.facts, read.said, read.targets, read.kept))
        blocks.append(lambda: draw_league(page, read.facts, read.said, months, read.targets, read.published, read.kept))
        blocks.append(lambda: bar.show(page, "league"))
    caption = ranking_page.list_caption(page, read) if read is not None else []
    title = page.words.say("site.ranking_title", period=page.formats.month(page.view.period))
    headline = read.said.headline() if read is not None else page.words.say("ranking.headline_absent")
    figures = read.said.figures() if read is not None else []
    mark = page.words.say("home.simulated") if read is not None and read.facts.simulated else ""
    content = {"blocks": sheet.draw(*blocks, mark=mark), "caption": caption}
    preview = write_preview(sheet, headline, figures, read is not None)
    return SitePage("ranking", lang, name_page(page, title), headline, content, preview=preview)


def build_lookup(site: Site, lang: str) -> SitePage:
    """Tra cứu: the search over all units, and every province in the order of the alphabet."""
    page = site.open("home", lang)
    sheet = Sheet(site, page, "lookup")
    words, formats = page.words, page.formats
    units = loaders.load_units(page.snapshot_id, page.boundary_set)
    provinces = units[units["level"] == "province"]
    counts = units[units["level"] == "commune"].groupby("province_code").size()
    listed = [
        (
            str(provinces.at[code, "name"]),
            sheet.go(path_of("province", lang, code)),
            words.say("site.lookup_communes", count=formats.count(int(counts.get(code, 0)))),
        )
        for code in sort_by_name(provinces["unit_code"], provinces["short_name"])
    ]
    # As templates: the script fills them.
    found = {name: words.section("site")[f"lookup_{name}"] for name in ("some", "many", "nothing", "failed")}
    found |= {kind: words.section("frame")[f"search_{kind}"] for kind in FORMER_KINDS}
    found["address"] = sheet.go(path_of("province", lang, "{code}"))
    title = words.say("site.lookup_title")
    content = {
        "title": title,
        "index": sheet.go(write_index(site, page)),
        "found_words": json.dumps(found, ensure_ascii=False, sort_keys=True),
        "provinces": listed,
    }
    return SitePage("lookup", lang, name_page(page, title), words.say("site.lookup_lead"), content)


def build_method(site: Site, lang: str) -> SitePage:
    """Phương pháp: the method page as it is."""
    page = site.open("home", lang)
    sheet = Sheet(site, page, "method")
    words = page.words
    blocks = sheet.draw(
        lambda: parts.headline(words.say("method.title")),
        lambda: parts.prose(words.say("method.lead")),
        lambda: method_page.draw_contents(page),
        lambda: method_page.draw_sections(page),
    )
    title = name_page(page, words.say("site.method_title"))
    return SitePage("method", lang, title, words.say("method.lead"), {"blocks": blocks})


def build_not_found(site: Site, lang: str) -> SitePage:
    page = site.open("home", lang)
    words = page.words
    title = name_page(page, words.say("server.not_found_title"))
    return SitePage("not_found", lang, title, words.say("site.not_found"), {})


def describe_data(site: Site, page: Frame, title: str, headline: str, files: Markup) -> dict[str, Any]:
    """schema.org: what the figures are, of when and where, under which licence, and where they can be taken from."""
    edition = site.edition
    months = page.catalogue.programmes[page.view.programme]
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": page.words.say("site.data_set", period=page.formats.month(page.view.period)),
        "description": f"{title}. {headline}",
        "inLanguage": page.view.lang,
        "license": licence_address(edition.licence),
        "isAccessibleForFree": True,
        "version": edition.snapshot_id,
        "dateModified": edition.made_on,
        "spatialCoverage": {"@type": "Country", "name": "Viet Nam", "identifier": "VN"},
        "creator": {"@type": "GovernmentOrganization", "name": page.words.say("site.publisher")},
        "variableMeasured": page.words.say("home.table_coverage"),
    }
    if months:
        found["temporalCoverage"] = f"{months[0]}/{months[-1]}"
    if edition.address:
        found["url"] = edition.address
        found["distribution"] = [
            {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": edition.address + path}
            for path, kind in list_distribution(page, site)
        ]
    return found


def list_distribution(page: Frame, site: Site) -> Sequence[tuple[str, str]]:
    sheet = Sheet(site, page, "home")
    kinds = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
    found = [
        (sheet.take_address(bar.address_of(page, "home", "units", ending)), kind) for ending, kind in kinds.items()
    ]
    return [(path, kind) for path, kind in found if path]


def licence_address(name: str) -> str:
    """The address of a Creative Commons licence by its usual name; any other name as it is."""
    parts_of = name.upper().split("-")
    if parts_of[:1] == ["CC"] and len(parts_of) >= 3:
        return f"https://creativecommons.org/licenses/{'-'.join(parts_of[1:-1]).lower()}/{parts_of[-1]}/"
    return name
