"""Bullet rows: each province against its own target of the year."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from charts.bullets import bullet_top, draw_bullet, draw_bullet_axis
from indicators.met import MET, met_status
from indicators.ranking import as_percent
from indicators.rates import shown_pct
from indicators.rules import Goal
from ui import parts
from ui.frame import Frame
from ui.loaders.drawings import keep_drawing
from ui.loading_help import show_templates
from ui.markup import button, draw_markup
from ui.parts import escape
from ui.ranking import RankingFacts
from ui.ranking_words import RankingWords

WITHOUT = 8  # units without a target that are drawn as well; the others are counted


def draw_targets(
    page: Frame, facts: RankingFacts, said: RankingWords, targets: Mapping[str, Goal], kept: set[str]
) -> None:
    """Those with a target by how far they are from it, furthest behind first; then those without one."""
    if not facts.has_figures:
        return
    words, formats, year = page.words, page.formats, facts.period[:4]
    rates = as_percent(facts.measures["level"].values)
    codes = [str(row.unit_code) for row in facts.rows]
    known = [at for at in range(len(codes)) if not np.isnan(rates[at])]
    held = sorted(
        (at for at in known if codes[at] in targets), key=lambda at: rates[at] - float(targets[codes[at]].value)
    )
    free = sorted((at for at in known if codes[at] not in targets), key=lambda at: rates[at])
    met = [at for at in held if is_met(facts, at, targets[codes[at]])]
    title = words.say("ranking.targets_title", met=formats.count(len(met)), count=formats.count(len(held)))
    subtitle = words.say("ranking.targets_subtitle", year=year, scope=said.scope, period=formats.month(facts.period))
    parts.title(title if held else words.say("ranking.targets_title_none", year=year), subtitle)
    if not held:
        parts.prose(words.say("ranking.targets_none", year=year))
        show_templates(page, "target_list", asks=True)
        return
    shown = [at for at in free if codes[at] in kept] + [at for at in free if codes[at] not in kept]
    shown = shown[: WITHOUT if len(free) > WITHOUT else len(free)]
    top = bullet_top(rates[at] for at in held + shown)
    decided = (facts.scope.code, facts.period, page.boundary_set, page.view.lang, top)
    drawn: dict[int, str] = keep_drawing(page.snapshot_id, "bullets", decided, dict)
    for at in held + shown:
        if at not in drawn:
            drawn[at] = bullet_row(page, facts, said, targets.get(codes[at]), at, float(rates[at]), top)
    marked = ' class="bp-selected"'
    rows = "".join(f"<li{marked if codes[at] in kept else ''}>{drawn[at]}</li>" for at in held + shown)
    axis = f'<li aria-hidden="true"><span></span>{draw_bullet_axis(formats, top=top)}<span></span></li>'
    left = len(free) - len(shown)
    note = f"<p>{escape(words.say('ranking.targets_more', count=formats.count(left)))}</p>" if left else ""
    markup = f'<ul class="bp-bullets">{rows}{axis}</ul>{note}'
    draw_markup("targets", markup, page.report_of("targets"))


def is_met(facts: RankingFacts, at: int, goal: Goal) -> bool:
    row = facts.rows[at]
    return met_status(int(row.insured), int(row.population), goal).item() == MET


def bullet_row(
    page: Frame,
    facts: RankingFacts,
    said: RankingWords,
    goal: Goal | None,
    at: int,
    rate: float,
    top: float,
) -> str:
    """What stands in a row."""
    code = str(facts.rows[at].unit_code)
    row = facts.rows[at]
    written = page.formats.rate(shown_pct(int(row.insured), int(row.population), goal or facts.threshold))
    state = None if goal is None else is_met(facts, at, goal)
    judged = said.target(at) if goal else page.words.say("ranking.no_target_short")
    label = page.words.say("ranking.bullet", name=said.name(at), rate=written, target=judged)
    bar = draw_bullet(rate, None if goal is None else float(goal.value), state, label, top=top)
    return (
        f"{button('unit', code, said.name(at), key=f'bullet-{code}')}{bar}"
        f"<span><strong>{escape(written)}</strong> {escape(judged)}</span>"
    )
