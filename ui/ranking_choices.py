"""What the ranking page adds to the address, and the bar in which it is chosen."""

from __future__ import annotations

from ui import choices, loaders
from ui.catalogue import Catalogue, province_of, whole_months
from ui.frame import Frame
from ui.loaders.groups import NATION_SCOPE, choices_by_kind, load_left_out, load_scopes, say_scope
from ui.markup import draw_markup, dropdown
from ui.parts import escape
from ui.view import NATION, Choice, View, one_of, shown_boundary_set

NAMED = 4  # groups or units named in a sentence before the rest is only counted


def is_scope(value: str, view: View, catalogue: Catalogue) -> bool:
    return value in load_scopes(loaders.open_store().snapshot_id, view.period, shown_boundary_set(view, catalogue))


def is_earlier(value: str, view: View, catalogue: Catalogue) -> bool:
    return value in earlier_months(view.period, catalogue)


def is_province(value: str, view: View, catalogue: Catalogue) -> bool:
    return find_province(value, shown_boundary_set(view, catalogue), catalogue) is not None


def find_province(code: str, boundary_set: str, catalogue: Catalogue) -> str | None:
    """The province of a boundary set by its code or by the code of one that was merged into it."""
    levels = catalogue.unit_levels[boundary_set]
    found = code if code in levels else catalogue.successors.get((boundary_set, code), "")
    return found if levels.get(found) == "province" else None


CHOICES = (
    Choice("scope", is_scope, NATION_SCOPE),
    Choice("since", is_earlier),
    Choice("pin", is_province),
    one_of("by", "level", "share", "improvement", "name"),
    one_of("rows", "short", "all"),
    one_of("inside", "commune", "district"),
    one_of("plot", "strip", "funnel"),
)


def earlier_months(period: str, catalogue: Catalogue) -> list[str]:
    """Every month with figures before a month, oldest first, whatever the programme."""
    return [month for month in whole_months(catalogue) if month < period]


def find_since(page: Frame) -> str:
    """The month compared with: the one chosen, else a year earlier, else the first there is; "" where there is none."""
    months = earlier_months(page.view.period, page.catalogue)
    year_before = f"{int(page.view.period[:4]) - 1}{page.view.period[4:]}"
    default = year_before if year_before in months else months[0] if months else ""
    return page.choice("since") or default


def list_idle(page: Frame) -> list[str]:
    """The choices of every page that change nothing here; a unit can only be marked inside a place."""
    has_place = page.view.unit != NATION or find_pinned(page)
    return ["level", "measure", "classes", *(() if has_place else ("selected",))]


def find_pinned(page: Frame) -> str:
    """The reader's own province, else the province whose figures the page shows, else ""."""
    pin = find_province(page.choice("pin"), page.boundary_set, page.catalogue)
    return pin or province_of(page.view.unit, page.boundary_set, page.catalogue) or ""


def draw_own_choices(page: Frame) -> None:
    """Inside which group, against which month, whose province, on which boundaries."""
    if not page.catalogue.programmes[page.view.programme]:
        return
    words = page.words
    controls = [
        labelled(words.say("ranking.scope"), scope_choice(page)),
        labelled(words.say("ranking.since"), since_choice(page)),
        labelled(words.say("ranking.pin"), pin_choice(page)),
    ]
    if boundaries := choices.boundaries_choice(page):
        controls.append(labelled(words.say("frame.boundaries"), boundaries))
    markup = f'<div class="bp-choices"><div class="bp-controls">{"".join(controls)}</div></div>'
    if said := say_left_out(page):
        markup += f'<p class="bp-subtitle">{escape(said)}</p>'
    draw_markup("ranking_choices", markup, page.report_of("ranking_choices"))


def say_left_out(page: Frame) -> str:
    """The received groups that are not in the choice, each with its reason; "" where all are."""
    words = page.words
    found = load_left_out(page.snapshot_id, page.view.period, page.boundary_set)
    named = []
    for group in found[:NAMED]:
        boundaries = words.say(f"boundary_set.{group.written}.short").lower() if group.written else ""
        units = ", ".join(group.units[:NAMED]) + (" …" if len(group.units) > NAMED else "")
        reason = words.say(f"groups.left_out_{group.reason}", units=units, boundaries=boundaries)
        named.append(words.say("groups.left_out_one", name=group.name, reason=reason))
    more = len(found) - NAMED
    rest = words.say("groups.left_out_more", count=page.formats.count(more)) if more > 0 else ""
    return words.say("groups.left_out", groups="; ".join(named) + rest) if named else ""


def labelled(label: str, control: str) -> str:
    return f'<span class="bp-choice"><span class="bp-label">{escape(label)}</span>{control}</span>' if control else ""


def scope_choice(page: Frame) -> str:
    scopes = load_scopes(page.snapshot_id, page.view.period, page.boundary_set)
    groups = [
        (
            page.words.say(f"groups.heading_{kind}") if kind != "nation" else "",
            [(scope.code, say_scope(scope, page.words)) for scope in found],
        )
        for kind, found in choices_by_kind(scopes).items()
        if found
    ]
    return dropdown("scope", page.words.say("ranking.scope"), groups, page.choice("scope"))


def since_choice(page: Frame) -> str:
    months = earlier_months(page.view.period, page.catalogue)
    if not months:
        return ""
    return dropdown(
        "since",
        page.words.say("ranking.since"),
        choices.group_by_year(tuple(months), page.formats),
        find_since(page),
    )


def pin_choice(page: Frame) -> str:
    named = loaders.provinces_by_name(page.snapshot_id, page.boundary_set)
    pin = find_province(page.choice("pin"), page.boundary_set, page.catalogue) or ""
    nobody = [("", page.words.say("ranking.pin_none"))]
    return dropdown("pin", page.words.say("ranking.pin"), [("", nobody), ("", named)], pin)
