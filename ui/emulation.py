"""What the emulation page is about: the section, the round, the list of units, and whether that round was closed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from data.settings import get_settings
from indicators.evaluation_rules import LEVELS, Round
from text.names import lower_first
from ui.catalogue import Catalogue
from ui.choices import breadcrumb, period_choice, programme_choice
from ui.frame import Frame
from ui.loaders import emulation as loaders
from ui.loaders.groups import NATION_SCOPE, Scope, choices_by_kind, load_scopes, say_scope
from ui.markup import button, draw_markup, dropdown
from ui.parts import escape
from ui.view import NATION, Choice, View, one_of

SECTIONS = ("evaluation", "recognition", "library", "log")
INTERNAL_SECTIONS = frozenset({"library", "log"})
"""Names of posts and of persons, plans and gaps are the office's own; the public edition does not show them."""
MAX_SEARCH = 60


def is_scope_code(value: str, view: View, catalogue: Catalogue) -> bool:
    """The shape of a code of ui.loaders.groups; whether there is such a group is known once the round is."""
    return len(value) <= 40 and value.replace(".", "").replace("_", "").isalnum() and value.isascii()


def is_round_code(value: str, view: View, catalogue: Catalogue) -> bool:
    """`final`, `mid_term`, or a year of the programme."""
    years = {month[:4] for month in catalogue.programmes[view.programme]}
    return value in ("final", "mid_term") or value in years


def is_search(value: str, view: View, catalogue: Catalogue) -> bool:
    return len(value) <= MAX_SEARCH and value.isprintable()


CHOICES = (
    one_of("section", *SECTIONS),
    one_of("tier", *LEVELS),
    Choice("round", is_round_code),
    Choice("group", is_scope_code, NATION_SCOPE),
    Choice("find", is_search),
    one_of("kind", "", "dissemination", "coordination", "communication", "link", "other", "initiative", "exemplar"),
)


@dataclass(frozen=True)
class EmulationView:
    """The list on the screen. `place` is the province or district it lies in, "" for the nation; `marked` the unit whose
    place is explained; `closing` the record of the round where it was closed, None while it is open.
    """

    round: Round
    boundary_set: str
    tier: str
    scope: Scope
    scopes: dict[str, Scope]
    place: str
    marked: str
    closing: pd.Series | None
    lost_place: bool = False

    @property
    def provinces(self) -> tuple[str, ...] | None:
        return None if self.scope.kind == "nation" else self.scope.members


def read_section(page: Frame) -> str:
    """The section asked for; the public edition has neither library nor log."""
    section = page.choice("section")
    is_hidden = section in INTERNAL_SECTIONS and get_settings().edition != "internal"
    return SECTIONS[0] if is_hidden else section


def code_of_round(one: Round) -> str:
    return str(one.year) if one.round == "yearly" else one.round


def read_view(page: Frame) -> EmulationView | None:
    """The list that the address asks for; None where the programme has no monthly figures."""
    rounds = loaders.load_rounds(page.snapshot_id, page.view.programme)
    if not rounds:
        return None
    wanted = page.choice("round")
    # Without a choice: the last round that is over; a year that is under way only where there is no other.
    finished = [one for one in rounds if one.to_period.endswith("-12")]
    default = (finished or rounds)[0]
    chosen = next((one for one in rounds if code_of_round(one) == wanted), default)
    boundary_set = page.catalogue.boundary_of[chosen.to_period]
    levels = page.catalogue.unit_levels[boundary_set]
    tier = page.choice("tier")
    if tier not in levels.values():
        tier = "commune"
    scopes = load_scopes(page.snapshot_id, chosen.to_period, boundary_set)
    scopes = {code: scope for code, scope in scopes.items() if scope.level == "province"}
    scope = scopes.get(page.choice("group"), scopes[NATION_SCOPE])
    unit = page.view.unit if page.view.unit != NATION else ""
    lost = bool(unit) and unit not in levels
    unit = "" if lost else unit
    marked = page.view.selected if levels.get(page.view.selected) == tier else ""
    if levels.get(unit) == tier:
        # The list of its equals, with the unit itself marked.
        marked, unit = marked or unit, page.catalogue.unit_parents[boundary_set].get(unit, "")
    if levels.get(unit) == "district" and tier == "province":
        marked, unit = page.catalogue.unit_parents[boundary_set].get(unit, ""), ""
    if unit == NATION or tier == "province":
        unit = ""
    return EmulationView(
        chosen, boundary_set, tier, scope, scopes, unit, marked, find_closing(page, chosen, scope), lost
    )


def find_closing(page: Frame, one: Round, scope: Scope) -> pd.Series | None:
    """The record that holds for the list: of its cluster where that was closed by itself, else of the country."""
    closings = loaders.load_closings(page.snapshot_id)
    if closings.empty:
        return None
    same = (closings["round"] == one.round) & (closings["year"] == one.year) & closings["reopened_at"].isna()
    for cluster in dict.fromkeys((scope.name if scope.kind == "cluster" else "", "")):
        rows = closings[same & (closings["cluster"] == cluster)]
        if len(rows):
            return rows.iloc[0]
    return None


def report_of(page: Frame, key: str) -> Callable[[], None]:
    """The callback of markup on this page: a choice of its own starts a list anew, and a unit is marked, not opened."""

    def acted() -> None:
        report = page.read_trigger(key, "acted")
        if not report:
            return
        kind, value = str(report["kind"]), str(report["value"])
        if kind == "unit" and read_section(page) == "log":
            page.go(unit=value)
        elif kind == "unit":
            page.go(selected="" if value == page.view.selected else value, page=page.view.page)
        elif kind == "find":
            page.go(find=value.strip()[:MAX_SEARCH], page=1)
        elif kind in page.choices:
            more = {"kind": "", "find": ""} if kind == "section" else {}
            page.go(**{**more, kind: value}, page=1)
        else:
            page.act(kind, value)

    return acted


def draw_bar(page: Frame, shown: EmulationView | None, section: str) -> None:
    """Breadcrumb and choices; below them the sections of the page."""
    words = page.words
    controls = [programme_choice(page)]
    if shown is not None and section in ("evaluation", "recognition"):
        controls += [round_choice(page, shown), group_choice(page, shown), tier_choice(page, shown)]
    elif shown is not None and section == "log":
        controls.append(period_choice(page))
    sections = [one for one in SECTIONS if one not in INTERNAL_SECTIONS or get_settings().edition == "internal"]
    tabs = "".join(
        button("section", one, words.say(f"emulation.section_{one}"), pressed=one == section) for one in sections
    )
    name = escape(words.say("emulation.sections"))
    markup = (
        f'<div class="bp-choices">{breadcrumb(page)}<div class="bp-controls">{"".join(controls)}</div></div>'
        f'<div class="bp-segments bp-sections" role="group" aria-label="{name}">{tabs}</div>'
    )
    draw_markup("choices", markup, report_of(page, "choices"))


def say_round(page: Frame, one: Round) -> str:
    """ "Tổng kết 2016–2020", "Sơ kết 2016–2018", "Năm 2019", "Năm 2026 (đến tháng 3/2026)"."""
    words = page.words
    if one.round == "yearly" and not one.to_period.endswith("-12"):
        return words.say("emulation.round_running", year=one.year, month=page.formats.month(one.to_period))
    return words.say(f"emulation.round_{one.round}", first=one.from_period[:4], year=one.year)


def round_choice(page: Frame, shown: EmulationView) -> str:
    rounds = loaders.load_rounds(page.snapshot_id, page.view.programme)
    options = [(code_of_round(one), say_round(page, one)) for one in rounds]
    return dropdown("round", page.words.say("emulation.round"), [("", options)], code_of_round(shown.round))


def group_choice(page: Frame, shown: EmulationView) -> str:
    words = page.words
    groups = [
        (
            words.say(f"groups.heading_{kind}") if kind != "nation" else "",
            [(s.code, say_scope(s, words)) for s in found],
        )
        for kind, found in choices_by_kind(shown.scopes).items()
        if found
    ]
    return dropdown("group", words.say("emulation.group"), groups, shown.scope.code)


def tier_choice(page: Frame, shown: EmulationView) -> str:
    present = set(page.catalogue.unit_levels[shown.boundary_set].values())
    switches = [
        button("tier", one, page.words.say(f"level.{one}").capitalize(), pressed=one == shown.tier)
        for one in LEVELS
        if one in present
    ]
    name = escape(page.words.say("frame.level"))
    return f'<span class="bp-segments" role="group" aria-label="{name}">{"".join(switches)}</span>'


def say_list(page: Frame, shown: EmulationView, names: pd.Series) -> str:
    """Which units the list holds: "63 tỉnh", "các xã của tỉnh Sơn La", with its group."""
    words = page.words
    if shown.place:
        place = lower_first(names[shown.place])
        return words.say("emulation.list_place", level=words.say(f"level.{shown.tier}"), place=place)
    scope = lower_first(say_scope(shown.scope, words))
    return words.say("emulation.list_scope", level=words.say(f"level.{shown.tier}"), scope=scope)
