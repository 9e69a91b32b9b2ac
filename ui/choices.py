"""The bar of choices: breadcrumb, programme, period, boundary set, level. One piece of markup; the address keeps the
choice.
"""

from __future__ import annotations

from itertools import groupby

from text.formats import Formats
from ui import loaders
from ui.frame import Frame
from ui.markup import button, draw_markup, dropdown
from ui.parts import escape
from ui.view import LEVELS, NATION


def draw_choices(frame: Frame, has_map: bool = True) -> None:
    """Breadcrumb on the left, choices on the right; boundary set and level only where there is a map."""
    controls = [programme_choice(frame)]
    if frame.catalogue.programmes[frame.view.programme]:
        controls.append(period_choice(frame))
        controls += [boundaries_choice(frame), level_choice(frame)] if has_map else []
    markup = f'<div class="bp-choices">{breadcrumb(frame)}<div class="bp-controls">{"".join(controls)}</div></div>'
    draw_markup("choices", markup, frame.report_of("choices"))


def breadcrumb(frame: Frame) -> str:
    """nation › province › district; every step but the last leads back."""
    levels, parents = frame.catalogue.unit_levels[frame.boundary_set], frame.catalogue.unit_parents[frame.boundary_set]
    path, code = [], frame.view.unit
    if frame.unit_level == "region":
        path, code = [code], NATION
    while code in levels:
        path.insert(0, code)
        code = parents.get(code, "")
    steps = [button("place", code, frame.label(code)) for code in path[:-1]]
    steps.append(f'<strong aria-current="page">{escape(frame.label(path[-1]))}</strong>')
    name = escape(frame.words.say("frame.breadcrumb"))
    return f'<nav class="bp-crumbs" aria-label="{name}">{"<span>›</span>".join(steps)}</nav>'


def programme_choice(frame: Frame) -> str:
    options = [(name, label_programme(frame, name)) for name in frame.catalogue.programmes]
    return dropdown("programme", frame.words.say("frame.programme"), [("", options)], frame.view.programme)


def label_programme(frame: Frame, programme: str) -> str:
    """A programme with its threshold: of the month shown for the one on the screen, of the last month for the others."""
    words, name = frame.words, frame.words.say(f"programme.{programme}")
    months = frame.catalogue.programmes[programme]
    if not months:
        return name
    rule = loaders.threshold_at(
        frame.snapshot_id, frame.view.period if programme == frame.view.programme else months[-1]
    )
    if rule is None:
        return words.say("programme.without_rule", programme=name)
    return words.say("programme.with_rule", programme=name, rule=frame.formats.rule(rule.value, rule.operator))


def period_choice(frame: Frame) -> str:
    """One month back, the month, one month on."""
    months, view, words = frame.catalogue.programmes[frame.view.programme], frame.view, frame.words
    place = months.index(view.period)
    first, last = place == 0, place == len(months) - 1
    back = button(
        "period", months[max(place - 1, 0)], "‹", name=words.say("frame.earlier"), key="earlier", is_disabled=first
    )
    on = button(
        "period",
        months[min(place + 1, len(months) - 1)],
        "›",
        name=words.say("frame.later"),
        key="later",
        is_disabled=last,
    )
    choice = dropdown("period", words.say("frame.period"), group_by_year(months, frame.formats), view.period)
    label = f'<span class="bp-label">{escape(words.say("frame.period"))}</span>'
    return f'<span class="bp-period">{label}{back}{choice}{on}</span>'


def group_by_year(months: tuple[str, ...], formats: Formats) -> list[tuple[str, list[tuple[str, str]]]]:
    """Months under their year, newest first."""
    newest = sorted(months, reverse=True)
    return [(year, [(m, formats.month(m)) for m in group]) for year, group in groupby(newest, key=lambda m: m[:4])]


def boundaries_choice(frame: Frame) -> str:
    """Offered only where a period can be shown on another boundary set than its own."""
    options = frame.catalogue.boundaries_for[frame.catalogue.boundary_of[frame.view.period]]
    if len(options) < 2:
        return ""
    said = [(name, frame.words.say(f"boundary_set.{name}.short")) for name in options]
    return dropdown("boundaries", frame.words.say("frame.boundaries"), [("", said)], frame.boundary_set)


def level_choice(frame: Frame) -> str:
    """Province, district or commune; inside a province the map always shows its communes."""
    if frame.view.unit != NATION:
        return ""
    present = set(frame.catalogue.unit_levels[frame.boundary_set].values())
    switches = [
        button("level", level, frame.words.say(f"level.{level}").capitalize(), pressed=level == frame.view.level)
        for level in LEVELS
        if level in present
    ]
    name = escape(frame.words.say("frame.level"))
    return f'<span class="bp-segments" role="group" aria-label="{name}">{"".join(switches)}</span>'
