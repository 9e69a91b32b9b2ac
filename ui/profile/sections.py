"""The parts of a profile and the switch between them."""

from __future__ import annotations

from ui.frame import Frame
from ui.markup import button, draw_markup
from ui.parts import escape
from ui.profile.communes import LISTS
from ui.profile.facts import ProfileFacts
from ui.view import one_of

PARTS = ("overview", "communes", "trend", "people", "sources", "compare", "origins")
CHOICES = (one_of("part", *PARTS), one_of("list", *LISTS))


def list_parts(facts: ProfileFacts) -> tuple[str, ...]:
    """Those that say something of the unit: a commune has no communes, a place without figures only its past."""
    if not facts.has_figures:
        return ("overview", "sources", "origins")
    return tuple(part for part in PARTS if not (part == "communes" and facts.is_commune))


def find_part(page: Frame, facts: ProfileFacts) -> str:
    """The part to show: the first where the chosen one does not exist for this unit."""
    offered = list_parts(facts)
    return page.choice("part") if page.choice("part") in offered else offered[0]


def draw_switch(page: Frame, facts: ProfileFacts) -> None:
    """The switch of the parts."""
    chosen = find_part(page, facts)
    buttons = [
        button("part", part, page.words.say(f"profile.part_{part}"), pressed=part == chosen)
        for part in list_parts(facts)
    ]
    name = escape(page.words.say("profile.parts"))
    markup = f'<div class="bp-tabs" role="group" aria-label="{name}">{"".join(buttons)}</div>'
    draw_markup("parts", markup, page.report_of("parts"))
