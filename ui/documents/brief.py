"""The one-page brief of a place: finding, figures against goals, map, trend, payer groups, the communes next to the line,
ranks, method and caption, from the same facts and words as its profile."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from charts.vector import draw_svg
from indicators.rules import MEASURES, Goal, goal, last_day
from reports.figure import inks
from reports.typesetting import typeset
from text.names import lower_first
from ui import captions, loaders
from ui.documents.brief_known import build_known, build_todo
from ui.documents.brief_lists import build_groups, build_lists
from ui.documents.brief_ranks import build_ranks
from ui.documents.brief_words import BriefWords
from ui.documents.map_drawing import draw_place_map
from ui.frame import Frame
from ui.home_facts import say_last_published, say_published
from ui.loaders import profile
from ui.notices import write_notice
from ui.parts import Figure
from ui.profile import overview, ranks, trend
from ui.profile.communes import load_communes
from ui.profile.facts import ProfileFacts, load_facts
from ui.profile.headline import ProfileWords
from ui.view import NATION

MAP, TREND = "map.svg", "trend.svg"
# Pixels; both drawings are scaled to their column. A map taller than TALL times its width has the column to itself.
MAP_WIDTH, TALL = 330, 1.45
TREND_SIZE = (500, 240)
STEM = "tom_tat"
NO_TREND = {"title": "", "subtitle": "", "drawing": "", "alt": "", "height": 0, "empty": ""}


def make_brief(page: Frame, ending: str = "pdf") -> bytes:
    """The PDF, the only form. The same View of the same snapshot gives the same bytes."""
    content, drawings = build_brief(page)
    made_on = loaders.read_snapshot_info(page.snapshot_id, None).made_on
    made = typeset("brief", content, drawings, made_at=datetime(made_on.year, made_on.month, made_on.day, tzinfo=UTC))
    return made if isinstance(made, bytes) else made[0]


def build_brief(page: Frame) -> tuple[dict[str, Any], dict[str, str]]:
    """The content of `reports/templates/brief.typ` and its drawings by file name."""
    # The whole place by communes, whatever the reader had filtered or marked.
    page = page.showing(replace(page.view, level="commune", measure="classes", classes="", selected="", page=1))
    words, formats = page.words, page.formats
    facts = load_facts(page)
    communes = load_communes(page, facts)
    rank_rows = ranks.rank_unit(page, has_history=False) if facts.has_figures else []
    rank = ranks.say_now(page, rank_rows, facts.period)
    said = BriefWords(
        facts,
        ProfileWords(facts, words, formats, communes and communes.standing, rank),
        find_goals(facts),
        published=say_published(page),
        last_published="" if facts.now is not None else say_last_published(page, facts.programme),
    )
    drawings: dict[str, str] = {}
    content = {
        "title": words.say("brief.title", place=facts.place, period=formats.month(facts.period)),
        "lang": page.view.lang,
        "ink": inks(),
        "product": words.say("app.title"),
        "place": say_place(page, facts),
        "period": formats.month(facts.period),
        "simulated": say_mark(page, facts),
        "notices": [write_notice(page, notice) for notice in page.notices],
        "headline": said.headline(),
        "notes": [*list_absences(page, facts), *say_recognised(page, facts)],
        "figures": [write_figure(figure) for figure in said.figures()],
        "map": build_map(page, facts, drawings),
        "trend": build_trend(page, facts, drawings),
        "pace": said.pace(),
        "groups": build_groups(page, facts),
        "rank": build_ranks(page, facts, rank_rows),
        "todo": build_todo(page, facts),
        "lists": build_lists(page, facts, communes),
        "known": build_known(page, facts),
        "method": said.method(),
        "caption": " · ".join(" ".join(piece.split()) for piece in list_caption(page, facts) if piece),
    }
    return content, drawings


def find_goals(facts: ProfileFacts) -> dict[str, Goal]:
    found = {measure: goal(facts.programme, measure, facts.period) for measure in MEASURES}
    return {measure: rule for measure, rule in found.items() if rule is not None}


def say_place(page: Frame, facts: ProfileFacts) -> str:
    """The name with the names above it."""
    if facts.is_nation or facts.level == "region":
        return facts.place
    above = loaders.unit_parents_label(page.snapshot_id, page.boundary_set, facts.unit)
    return page.words.say("home.card_place", name=facts.place, parents=above) if above else facts.place


def say_mark(page: Frame, facts: ProfileFacts) -> str:
    """The mark of a page that holds any simulated figure: of the place, of its past, or of those it is ranked with."""
    if facts.now is not None and 0 < facts.now.units_simulated >= facts.now.units_reported:
        return page.words.say("brief.simulated")
    past = facts.months[facts.months["period"] <= facts.period]
    whole = loaders.load_summary(page.snapshot_id, facts.period, page.boundary_set, "VN", "nation")
    has_any = bool((past["units_simulated"] > 0).any()) or (whole is not None and whole.units_simulated > 0)
    return page.words.say("brief.simulated_partly") if has_any else ""


def list_absences(page: Frame, facts: ProfileFacts) -> list[str]:
    """Why there is nothing to show, where there is nothing."""
    words = page.words
    if facts.has_figures:
        return []
    if facts.now is not None:
        return overview.list_missing(page, facts)
    programme = words.say(f"programme.{facts.programme.programme}")
    if not loaders.snapshot_info().has_figures:
        return [words.say("brief.no_figures")]
    if not page.catalogue.programmes[facts.programme.programme]:
        return [words.say("home.no_months", programme=programme)]
    return overview.list_missing(page, facts)


def say_recognised(page: Frame, facts: ProfileFacts) -> list[str]:
    """Of a commune: that a decision recognises it though it is below the line now."""
    if not facts.is_commune or not facts.is_judged or facts.need <= 0:
        return []
    day = last_day(facts.period).isoformat()
    decisions = profile.load_recognised(page.snapshot_id, page.boundary_set, day)
    if facts.unit not in decisions:
        return []
    decision = decisions[facts.unit]
    key = "brief.recognised_below" if decision else "brief.recognised_below_plain"
    return [page.words.say(key, decision=decision)]


def write_figure(figure: Figure) -> dict[str, Any]:
    return {
        "label": figure.label,
        "value": figure.value,
        "unit": figure.unit,
        "bar": figure.bar_pct,
        "goal": figure.goal_pct,
        "change": figure.change,
        "note": figure.note,
        "colour": figure.colour,
    }


def build_map(page: Frame, facts: ProfileFacts, drawings: dict[str, str]) -> dict[str, Any]:
    """The communes of the place; of a commune those around it, with it marked."""
    words = page.words
    part: dict[str, Any] = {
        "title": "",
        "subtitle": "",
        "legend": [],
        "absent": [],
        "drawing": "",
        "alt": "",
        "empty": "",
    }
    if facts.now is None:
        return part
    shown = overview.context_of(page)
    place, month = lower_first(shown.label(shown.view.unit)), page.formats.month(facts.period)
    subtitle = words.say("home.map_subtitle", level=words.say("level.commune"), place=place, period=month)
    part |= {"title": overview.say_map_finding(page, facts), "subtitle": subtitle}
    drawn = draw_place_map(shown, subtitle, MAP_WIDTH, marked=facts.unit if facts.is_commune else "")
    if drawn is None:
        short = words.say(f"boundary_set.{page.boundary_set}.short")
        return part | {"empty": words.say("brief.no_outlines", boundaries=short)}
    drawings[MAP] = drawn.svg
    legend = {"legend": [vars(item) for item in drawn.classes], "absent": [vars(item) for item in drawn.absent]}
    height = drawn.height / MAP_WIDTH
    return part | legend | {"drawing": MAP, "alt": drawn.alt, "height": height, "tall": height > TALL}


def build_trend(page: Frame, facts: ProfileFacts, drawings: dict[str, str]) -> dict[str, Any]:
    """The months up to the one of the brief, with the path of goals."""
    until = facts.period if facts.now is not None else "9999-12"
    built = trend.build_trend(page, facts, until=until, height=TREND_SIZE[1])
    if (built is None or built.is_empty) and not facts.has_figures:
        return NO_TREND  # the page says why there are no figures, and gives the room to what is known
    if built is None or built.is_empty:
        title = page.words.say("home.trend_title_coverage")
        return {
            "title": title,
            "subtitle": "",
            "drawing": "",
            "alt": "",
            "height": 0,
            "empty": page.words.say("brief.no_trend"),
        }
    drawings[TREND] = draw_svg(built.figure, *TREND_SIZE, title=built.alt)
    said = {"title": built.title, "subtitle": built.subtitle, "alt": built.alt, "empty": ""}
    return said | {"drawing": TREND, "height": TREND_SIZE[1] / TREND_SIZE[0]}


def list_caption(page: Frame, facts: ProfileFacts) -> list[str]:
    """The caption of the screen, the snapshot and where the same stands on screen."""
    pieces = [page.words.say("home.caption_published")]
    if facts.has_figures:
        pieces = captions.list_pieces(page, facts.now, facts.threshold, "" if facts.is_nation else facts.place)
    elif facts.now is not None:
        # The figures of the page are those of the places around it and of other months.
        around = loaders.load_summary(page.snapshot_id, facts.period, page.boundary_set, NATION, "nation")
        if around is not None:
            pieces = captions.list_pieces(page, around, facts.threshold, facts.place)
    return [*pieces, page.words.say("brief.snapshot", snapshot=page.snapshot_id)]
