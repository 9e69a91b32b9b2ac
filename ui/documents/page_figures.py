"""Every map and chart of the pages as a file: which one, with which words and caption."""

from __future__ import annotations

from ui import (
    criterion_page,
    home_page,
    map_page,
    priority,
    ranking_page,
    trends_compare,
    trends_page,
    trends_projection,
)
from ui import trends as trend_facts
from ui.chart import Chart
from ui.documents.figures import TakenFigure, take_chart, take_dots, take_map
from ui.frame import Frame
from ui.home_facts import load_facts as load_home
from ui.map_frame import build_map_frame
from ui.map_layers import at_second
from ui.profile import communes as profile_communes
from ui.profile import facts as profile_facts
from ui.profile import overview
from ui.profile import trend as profile_trend
from ui.ranking_inside import build_inside
from ui.trends_page import Story


def home_map(page: Frame) -> TakenFigure | None:
    facts = load_home(page)
    if not facts.has_figures:
        return None
    caption = home_page.list_caption(page, facts)
    said = home_page.say_map(page, facts)
    return take_map(page, home_page.build_map(page, facts), said, caption, facts.now.units_simulated > 0)


def home_trend(page: Frame) -> TakenFigure | None:
    facts = load_home(page)
    simulated = facts.now is not None and facts.now.units_simulated > 0
    return take_chart(home_page.build_trend(page, facts), home_page.list_caption(page, facts), simulated)


def map_map(page: Frame) -> TakenFigure | None:
    """The chosen measure in the month of the screen."""
    facts = map_page.load_map(page)
    if facts.layer is None:
        return None
    shown, _ = map_page.build_maps(page, facts)
    said = (facts.said.title(), facts.said.subtitle())
    simulated = bool(facts.layer.figures.units["is_simulated"][facts.layer.inside].any())
    return take_map(
        page, shown, said, map_page.list_caption(page, facts), simulated, notes=map_page.list_notes(page, facts)
    )


def map_second(page: Frame) -> TakenFigure | None:
    """The same measure in the month beside it, with the same classes."""
    facts = map_page.load_map(page)
    if facts.layer is None:
        return None
    _, second = map_page.build_maps(page, facts)
    other, _ = at_second(page)
    if second is None or other is None:
        return None
    month = page.formats.month(page.view.period)
    there = map_page.load_map(other)
    said = (there.said.title(), there.said.subtitle())
    note = page.words.say("takeaway.second_classes", month=month)
    simulated = bool(there.layer.figures.units["is_simulated"][there.layer.inside].any())
    return take_map(other, second, said, map_page.list_caption(other, there), simulated, notes=[note])


def map_priority(page: Frame) -> TakenFigure | None:
    facts = map_page.load_map(page)
    found = priority.find_priority(page, facts.layer) if facts.layer is not None else None
    if found is None or found.frame.empty:
        return None
    built = priority.build_chart(page, facts.layer, found, page.view.selected)
    rule = priority.say_rule(page, facts.layer, found)
    chart = Chart(built.figure, built.title, built.subtitle, built.alt, [rule, *built.notes])
    simulated = bool(facts.layer.figures.units["is_simulated"][facts.layer.inside].any())
    return take_chart(chart, map_page.list_caption(page, facts), simulated)


def profile_map(page: Frame) -> TakenFigure | None:
    """The communes of the place; of a commune those around it, with it marked."""
    facts = profile_facts.load_facts(page)
    if facts.now is None:
        return None
    title, subtitle = overview.say_map(page, facts)
    shown = overview.context_of(page)
    caption = profile_facts.list_caption(page, facts, has_pace=False)
    simulated = facts.now.units_simulated > 0
    return take_map(shown, build_map_frame(shown, subtitle), (title, subtitle), caption, simulated, shown.view.selected)


def profile_strip(page: Frame) -> TakenFigure | None:
    """The communes of the place as dots, the provinces of the nation."""
    facts = profile_facts.load_facts(page)
    if facts.now is None:
        return None
    built = overview.build_dots(page, facts, profile_communes.load_communes(page, facts))
    caption = profile_facts.list_caption(page, facts, has_pace=False)
    return take_dots(built, caption, facts.now.units_simulated > 0)


def ranking_dots(page: Frame) -> TakenFigure | None:
    """The ranked units, or those inside the place shown or pinned, as the strip or funnel that is chosen."""
    read = ranking_page.read_ranking(page)
    if read is None:
        return None
    built = build_inside(page, read.facts, read.said.scope, read.pinned)
    inside = ranking_page.find_inside(page, read)
    simulated = read.facts.simulated if inside is None else inside.units_simulated
    return take_dots(built, ranking_page.list_inside_caption(page, read), simulated > 0)


def profile_months(page: Frame) -> TakenFigure | None:
    facts = profile_facts.load_facts(page)
    built = profile_trend.build_trend(page, facts)
    if built is None or built.is_empty:
        return None
    caption = [page.words.say("home.caption_published")]
    if facts.has_figures:
        caption = profile_facts.list_caption(page, facts, has_pace=False)
    simulated = bool(len(facts.months)) and bool((facts.months["units_simulated"] > 0).any())
    return take_chart(Chart(built.figure, built.title, built.subtitle, built.alt), caption, simulated)


def list_story_caption(page: Frame, story: Story) -> list[str]:
    return trends_page.list_caption(page, story) or [page.words.say("home.caption_published")]


def is_simulated(story: Story) -> bool:
    return bool(len(story.series)) and bool(story.series["is_simulated"].any())


def trends_long(page: Frame) -> TakenFigure | None:
    story = trends_page.read_story(page)
    chart = trends_page.build_long(page, story)
    return take_chart(chart, list_story_caption(page, story), is_simulated(story))


def trends_comparison(page: Frame) -> TakenFigure | None:
    story = trends_page.read_story(page)
    if not story.has_figures:
        return None
    codes, months = trend_facts.chosen_units(page), trend_facts.span_months(page)
    lines = [trends_compare.read_line(page, code, months) for code in codes]
    built = trends_compare.build_comparison(page, story, codes, lines)
    numbered = trends_page.number_notes(page, story.breaks, set(months))
    chart = Chart(built.figure, built.title, built.subtitle, built.alt, [*built.notes, *numbered])
    return take_chart(chart, list_story_caption(page, story), is_simulated(story))


def trends_fan(page: Frame) -> TakenFigure | None:
    story = trends_page.read_story(page)
    found = trends_projection.read_projection(page, story)
    if found is None:
        return None
    chart = trends_projection.build_chart(page, story, found)
    return take_chart(chart, list_story_caption(page, story), is_simulated(story))


def criterion_map(page: Frame) -> TakenFigure | None:
    read = criterion_page.read_criterion(page)
    if read is None or not read.facts.has_figures:
        return None
    title, subtitle = criterion_page.say_map(page, read)
    frame = criterion_page.build_frame(page, read, subtitle)
    simulated = bool(read.facts.units["is_simulated"].any())
    return take_map(page, frame, (title, subtitle), criterion_page.list_caption(page, read), simulated)
