"""Inside a province: its communes or districts as a strip or a funnel, the marked one in words, the table behind it."""

from __future__ import annotations

import pandas as pd

from charts.funnel import draw_funnel
from charts.strip import draw_strip
from indicators.classes import class_edges
from indicators.met import MET, NOT_MET, met_status, still_to_enrol
from indicators.rates import shown_pct
from indicators.rules import Threshold, map_threshold
from text.names import lower_first
from ui import loaders, parts, table
from ui.chart import DotPlot
from ui.frame import Frame
from ui.markup import button, draw_markup
from ui.parts import escape
from ui.ranking import RankingFacts
from ui.takeaway import bar
from ui.unit_table import build_unit_table
from ui.view import NATION

INSIDE_ROWS = 15
CLOSE = 200  # people: a commune that misses fewer is close to the line


def draw_inside(page: Frame, facts: RankingFacts, scope: str, pinned: str) -> None:
    """The place shown, or else the reader's own province; where there is neither, the units of the scope."""
    place = find_place(page, pinned)
    built = build_inside(page, facts, scope, pinned)
    parts.title(built.title, built.subtitle)
    note = built.note if place else page.words.say("ranking.inside_scope_note")
    foot = f'<p class="bp-subtitle">{escape(note)}</p>'
    if place:
        draw_markup("inside_choices", switches(page, place), page.report_of("inside_choices"))
        foot += selected_line(page, find_units(page, place), inside_level(page, place), facts.threshold)
    empty = f'<p class="bp-prose">{escape(page.words.say("ranking.inside_empty"))}</p>' if place else ""
    draw_markup("inside", (built.markup or empty) + foot, page.report_of("inside"))
    if built.markup:
        bar.show(page, "dots")


def build_inside(page: Frame, facts: RankingFacts, scope: str, pinned: str) -> DotPlot:
    """The dots that `draw_inside` shows."""
    place = find_place(page, pinned)
    return build_place(page, facts, place) if place else build_scope(page, facts, scope)


def find_place(page: Frame, pinned: str) -> str:
    """Whose units are shown; "" for none."""
    return page.view.unit if page.view.unit != NATION else pinned


def build_place(page: Frame, facts: RankingFacts, place: str) -> DotPlot:
    """The communes or districts of a place as a strip or a funnel."""
    threshold, level, units = facts.threshold, inside_level(page, place), find_units(page, place)
    programme = loaders.load_programmes(page.snapshot_id)[page.view.programme]
    line, in_force = map_threshold(programme, page.view.period)
    edges = class_edges(line, in_force=in_force)
    said = {"words": page.words, "formats": page.formats, "selected": page.view.selected}
    if page.choice("plot") == "funnel":
        markup = draw_funnel(units, edges, threshold, **said)
    else:
        markup = draw_strip(units, edges, threshold, is_commune=level == "commune", **said)
    note = page.words.say(f"ranking.plot_{page.choice('plot')}_note") if threshold else ""
    return DotPlot(
        markup,
        say_title(page, units, level, place, threshold),
        say_subtitle(page, units, level, place, threshold),
        note,
    )


def build_scope(page: Frame, facts: RankingFacts, scope: str) -> DotPlot:
    """The ranked units as dots: how far apart ranks really lie. A click opens one."""
    words, formats = page.words, page.formats
    known = facts.units[facts.units["population"] > 0]
    subtitle = words.say(
        "ranking.inside_subtitle",
        units=words.say(f"level.{facts.level}_title").lower(),
        place=within(page, facts, scope),
        period=formats.month(facts.period),
        known=formats.part_of(len(known), len(facts.units)),
    )
    markup = draw_strip(
        facts.units,
        class_edges(facts.threshold),
        facts.threshold,
        is_commune=facts.level == "commune",
        act="selected" if facts.level == "commune" else "unit",
        words=words,
        formats=formats,
    )
    title = words.say("ranking.inside_title_scope", scope=within(page, facts, scope))
    return DotPlot(markup, title, subtitle)


def within(page: Frame, facts: RankingFacts, scope: str) -> str:
    """The name of a scope inside a sentence: "vùng Tây Nguyên"; an English region is named first and keeps its capital."""
    return lower_first(scope) if page.words.lang == "vi" or facts.scope.kind != "region" else scope


def inside_level(page: Frame, place: str) -> str:
    """Districts only of a province, and only while there are any."""
    levels = page.catalogue.unit_levels[page.boundary_set]
    has_districts = levels.get(place) == "province" and "district" in levels.values()
    return "district" if has_districts and page.choice("inside") == "district" else "commune"


def find_units(page: Frame, place: str) -> pd.DataFrame:
    level = inside_level(page, place)
    units = loaders.load_level(page.snapshot_id, page.view.period, page.boundary_set, level)
    inside = units["province_code"] == place
    if "district_code" in units:
        inside |= units["district_code"] == place
    inside |= units["unit_code"] == place
    labels = loaders.place_labels(page.snapshot_id, page.boundary_set, level, False)
    found = units[inside]
    return found.assign(label=labels.reindex(found["unit_code"]).to_numpy(), short=found["name"])


def say_title(page: Frame, units: pd.DataFrame, level: str, place: str, threshold: Threshold | None) -> str:
    """How many are below the line, and how many of them only just."""
    words, formats = page.words, page.formats
    name = lower_first(page.label(place))
    if threshold is None:
        return words.say("ranking.inside_title", units=words.say(f"ranking.units_{level}"), place=name)
    if level == "commune":
        # As on every other page: wards and towns are dots, and no communes below the line.
        units = units[find_counted(units, threshold)]
    state = met_status(units["insured"], units["population"], threshold)
    need = still_to_enrol(units["insured"], units["population"], threshold)
    below = int((state == NOT_MET).sum())
    close = int(((state == NOT_MET) & (need < CLOSE)).sum())
    key = "ranking.inside_title_below" if level == "commune" else "ranking.inside_title_districts"
    return words.say(
        key,
        below=formats.count(below),
        count=formats.count(int((state != -1).sum())),
        close=formats.count(close),
        people=formats.count(CLOSE),
        threshold=formats.percent_rule(threshold.value),
    )


def find_counted(units: pd.DataFrame, threshold: Threshold) -> pd.Series:
    """Which communes the programme counts."""
    return units["type"].isin(threshold.unit_types) & ~units["stands_alone"].astype(bool)


def say_subtitle(page: Frame, units: pd.DataFrame, level: str, place: str, threshold: Threshold | None) -> str:
    words, formats = page.words, page.formats
    known = int(((units["population"] > 0) & (units["insured"] >= 0)).sum())
    outside = int((~find_counted(units, threshold)).sum()) if threshold and level == "commune" else 0
    said = words.say("dots.outside", count=formats.count(outside)) if outside else ""
    return (
        words.say(
            "ranking.inside_subtitle",
            units=words.say(f"level.{level}_title").lower(),
            place=lower_first(page.label(place)),
            period=formats.month(page.view.period),
            known=formats.part_of(known, len(units)),
        )
        + said
    )


def switches(page: Frame, place: str) -> str:
    """Strip or funnel; communes or districts where there are districts."""
    words = page.words

    def group(name: str, values: tuple[str, ...]) -> str:
        chosen = page.choice(name)
        items = "".join(button(name, v, words.say(f"ranking.{name}_{v}"), pressed=v == chosen) for v in values)
        return (
            f'<span class="bp-segments" role="group" aria-label="{escape(words.say(f"ranking.{name}"))}">{items}</span>'
        )

    levels = page.catalogue.unit_levels[page.boundary_set]
    groups = [group("plot", ("strip", "funnel"))]
    if levels.get(place) == "province" and "district" in levels.values():
        groups.append(group("inside", ("commune", "district")))
    return f'<div class="bp-controls">{"".join(groups)}</div>'


def selected_line(page: Frame, units: pd.DataFrame, level: str, threshold: Threshold | None) -> str:
    """The marked unit in one sentence, and the way to unmark it; how to mark one where none is."""
    words, formats = page.words, page.formats
    found = units[units["unit_code"] == page.view.selected]
    if found.empty:
        return f'<p class="bp-subtitle">{escape(words.say("ranking.inside_pick"))}</p>'
    row = found.iloc[0]
    rate = shown_pct(int(row["insured"]), int(row["population"]), threshold)
    if rate is None:
        said = words.say("ranking.selected_unknown", name=row["label"])
    else:
        people = formats.part_of(row["insured"], row["population"])
        said = words.say("dots.unit", name=row["label"], rate=formats.rate(rate), people=people)
        if threshold is not None:
            line = formats.percent_rule(threshold.value)
            if met_status(row["insured"], row["population"], threshold).item() == MET:
                said += "; " + words.say("home.card_met", threshold=line)
            else:
                need = still_to_enrol(row["insured"], row["population"], threshold).item()
                said += "; " + words.say("home.card_missing", people=formats.count(need), threshold=line)
        if row["insured"] > row["population"]:
            said += ". " + words.say("home.over_hundred")
    close = button("selected", "", words.say("home.card_close"), key="unmark")
    return f'<p class="bp-marked"><strong>{escape(said)}</strong> {close}</p>'


def draw_inside_table(page: Frame, pinned: str, threshold: Threshold | None) -> None:
    """The sortable table behind the dots of a place; none where the dots are the ranked units themselves."""
    place = find_place(page, pinned)
    if not place:
        return
    units, level = find_units(page, place), inside_level(page, place)
    view, words = page.view, page.words
    label = say_table_title(page, place, level)
    parts.title(label, words.say("ranking.table_subtitle"))
    built = build_unit_table(
        units,
        level,
        threshold,
        sort=view.sort,
        page=view.page,
        page_rows=INSIDE_ROWS,
        selected=view.selected,
        place_names=loaders.place_labels(page.snapshot_id, page.boundary_set, level, False),
        words=words,
        formats=page.formats,
    )
    table.draw_table(
        "inside_units", built.columns, built.rows, built.pager, view.sort, page.report_of("inside_units"), label
    )
    bar.show(page, "inside")


def say_table_title(page: Frame, place: str, level: str) -> str:
    units = page.words.say(f"level.{level}_title")
    return page.words.say("ranking.inside_table", units=units, place=lower_first(page.label(place)))
