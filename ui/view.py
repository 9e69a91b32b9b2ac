"""What the reader has chosen, and how it is written in the address bar.

A View is plain and immutable; `parse_view` turns whatever stands in the address into a valid one and lists, as word
keys, what had to be replaced. Nothing from the address is ever unpickled, executed, or put into SQL: every value is
looked up in a list of allowed values first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace

from ui.catalogue import (
    Catalogue,
    heir_of_district,
    is_own_place,
    last_period,
    level_of,
    owner_of,
    province_of,
    whole_months,
)

NATION = "VN"
LEVELS = ("province", "district", "commune")
PLACE_LEVELS = ("nation", "province", "district")
ANY_PLACE = ("nation", "region", "province", "district", "commune")
MEASURES = ("classes", "met")
LANGUAGES = ("vi", "en")
SORTS = ("need", "coverage", "coverage_desc", "name", "value", "value_desc")
LATEST = "latest"
COMPARING = frozenset({"ranking", "meeting"})  # pages that set every province beside the others
NOT_YOURS = "error.address_not_yours"  # a draft of others was asked for


@dataclass(frozen=True)
class View:
    """One choice of everything; two equal Views show the same screen on the same snapshot."""

    programme: str
    period: str
    level: str = "commune"
    unit: str = NATION
    selected: str = ""
    boundaries: str = ""
    measure: str = "classes"
    classes: str = ""
    sort: str = "need"
    page: int = 1
    lang: str = "vi"
    own: Mapping[str, str] = field(default_factory=dict)
    """What was chosen on this page beside the above, by the names of its `Choice`s; a default is not in it."""

    def choice(self, name: str, default: str = "") -> str:
        """A choice of this page only."""
        return self.own.get(name, default)

    @property
    def class_codes(self) -> tuple[int, ...]:
        """The map classes that stay bright; none named means all."""
        return tuple(int(code) for code in self.classes.split(".") if code)

    def change(self, **choices: object) -> View:
        """A View with some choices replaced; what no longer fits (page, selected unit) starts anew.

        A name that is no field of the View is a choice of the page; None or "" takes it back to its default.
        """
        known = {f.name for f in fields(View)}
        if own := {name: choices.pop(name) for name in list(choices) if name not in known}:
            merged = {**self.own, **{name: str(value) for name, value in own.items() if value is not None}}
            choices["own"] = {name: value for name, value in merged.items() if own.get(name, value) not in (None, "")}
        if {"unit", "level", "sort", "period", "programme", "boundaries"} & choices.keys():
            choices = {"page": 1} | choices
        if "page" in choices:
            page = str(choices["page"])
            choices = choices | {"page": int(page) if page.isascii() and page.isdigit() else 1}
        if {"unit", "level", "boundaries"} & choices.keys():
            choices = {"selected": "", "classes": ""} | choices
        return replace(self, **choices)


@dataclass(frozen=True)
class Choice:
    """A choice that one page adds to the address.

    `allowed` says of a value, a View (its other choices read already) and the catalogue whether it may stand; `default` is
    left out of the address.
    """

    name: str
    allowed: Callable[[str, View, Catalogue], bool]
    default: str = ""


def one_of(name: str, *values: str) -> Choice:
    """A choice between fixed codes; the first is the default."""
    return Choice(name, lambda value, view, catalogue: value in values, values[0])


@dataclass(frozen=True)
class Notice:
    """Something in the address that was replaced: a word key and the values that its sentence names."""

    key: str
    values: Mapping[str, str] = field(default_factory=dict)


def default_view(catalogue: Catalogue) -> View:
    return View(programme=catalogue.default_programme, period=catalogue.default_period)


def shown_boundary_set(view: View, catalogue: Catalogue) -> str:
    """The boundary set the units on the screen belong to."""
    return view.boundaries or catalogue.boundary_of[view.period]


def parse_view(
    params: Mapping[str, str],
    catalogue: Catalogue,
    choices: Sequence[Choice] = (),
    place_levels: Sequence[str] = PLACE_LEVELS,
    *,
    compares: bool = False,
) -> tuple[View, list[Notice]]:
    """Read the address. Unknown keys are ignored; a bad value is replaced by the default and named in a Notice.

    `choices` are those of the page; where one is refused, the Notice is `error.address_choice`. `place_levels` are the
    levels of unit that the page can show as its place. `compares`: the page ranks provinces with each other, and shows no
    month of which the reader sees only a part.
    """
    view, notices = default_view(catalogue), []

    def refuse(what: str, value: str) -> None:
        notices.append(Notice(f"error.address_{what}", {"value": value[:40]}))

    def choose(name: str, allowed) -> None:
        nonlocal view
        value = params.get(name)
        if value is None:
            return
        if value in allowed:
            view = replace(view, **{name: value})
        else:
            refuse(name, value)

    choose("lang", LANGUAGES)
    choose("measure", MEASURES)
    choose("sort", SORTS)
    choose("level", LEVELS)

    if (programme := params.get("programme")) is not None:
        if programme in catalogue.programmes:
            view = replace(view, programme=programme, period=last_period(catalogue, programme))
        else:
            refuse("programme", programme)
    periods = catalogue.programmes[view.programme]
    if (period := params.get("period")) is not None and period != LATEST:
        if period in periods:
            view = replace(view, period=period)
        elif programme is None and (owner := owner_of(period, catalogue)):
            view = replace(view, programme=owner, period=period)
        else:
            refuse("period", period)
    elif period == LATEST:
        view = replace(view, period=last_period(catalogue, view.programme))

    native = catalogue.boundary_of[view.period]
    if (boundaries := params.get("boundaries")) is not None:
        if boundaries in catalogue.boundaries_for[native]:
            view = replace(view, boundaries="" if boundaries == native else boundaries)
        else:
            refuse("boundaries", boundaries)

    view = choose_units(view, params, catalogue, refuse, place_levels)
    if view.period in catalogue.partial_months:
        shown = shown_boundary_set(view, catalogue)
        if compares or not is_own_place(view.unit, shown, catalogue):
            own = catalogue.own_provinces.get(shown, ())
            month = last_whole_month(view, catalogue)
            if month and (compares or view.unit != NATION or "unit" in params or not own):
                # The place in the last month that is everybody's, which may lie on other boundaries: read anew.
                moved = {**params, "programme": owner_of(month, catalogue) or view.programme, "period": month}
                moved.pop("boundaries", None)
                found, others = parse_view(moved, catalogue, choices, place_levels, compares=compares)
                return found, [*others, Notice(NOT_YOURS, {"value": view.period, "shown": month})]
            if own:
                view = replace(view, unit=own[0], level="commune", selected="")
    if (classes := params.get("classes")) is not None:
        if re.fullmatch(r"(\d{1,3}\.){0,11}\d{1,3}", classes, re.ASCII) and all(
            int(code) < 256 for code in classes.split(".")
        ):
            view = replace(view, classes=classes)
        else:
            refuse("classes", classes)
    if (page := params.get("page")) is not None:
        if page.isascii() and page.isdigit() and 1 <= int(page) <= 9999:
            view = replace(view, page=int(page))
        else:
            refuse("page", page)
    for own in choices:
        value = params.get(own.name, own.default)
        if value == own.default:
            continue
        if own.allowed(value, view, catalogue):
            view = replace(view, own={**view.own, own.name: value})
        else:
            refuse("choice", value)
    return view, notices


def choose_units(
    view: View, params: Mapping[str, str], catalogue: Catalogue, refuse, place_levels: Sequence[str] = PLACE_LEVELS
) -> View:
    """Read `unit` (the place shown) and `selected` (the unit marked in it) against the boundary set on the screen."""
    shown = shown_boundary_set(view, catalogue)
    levels = catalogue.unit_levels[shown]
    if (unit := params.get("unit")) is not None:
        found = unit if unit in levels else catalogue.successors.get((shown, unit), unit)
        if level_of(found, shown, catalogue) in place_levels:
            view = replace(view, unit=found)
            if found != unit:
                refuse("merged", unit)
        elif heir := heir_of_district(unit, shown, catalogue):
            view = replace(view, unit=heir)
            refuse("district_ended", unit)
        else:
            refuse("unit", unit)
    if view.level == "district" and "district" not in levels.values():
        view = replace(view, level="commune")
    if (view.unit != NATION and view.level == "province") or (
        levels.get(view.unit) in ("district", "commune") and view.level == "district"
    ):
        view = replace(view, level="commune")
    if (selected := params.get("selected")) is not None:
        if selected in levels:
            view = replace(view, selected=selected)
        else:
            refuse("selected", selected)
    return view


def last_whole_month(view: View, catalogue: Catalogue) -> str:
    """The last month before the View's, else the last of all, that the reader sees of everybody: first in the View's own
    programme; "" where every month is a draft."""
    own = [month for month in catalogue.programmes[view.programme] if month not in catalogue.partial_months]
    every = own or sorted(month for month in catalogue.boundary_of if owner_of(month, catalogue))
    known = [month for month in every if month not in catalogue.partial_months]
    return max((month for month in known if month < view.period), default=max(known, default=""))


def months_before(view: View, catalogue: Catalogue) -> list[str]:
    """The months with figures before the View's with which its place can be compared, oldest first: drafts of others are not
    among them, since what came meanwhile would look new."""
    is_own = is_own_place(view.unit, shown_boundary_set(view, catalogue), catalogue)
    months = {month for own in catalogue.programmes.values() for month in own}
    return sorted(month for month in (months if is_own else whole_months(catalogue)) if month < view.period)


def write_params(view: View, catalogue: Catalogue) -> dict[str, str]:
    """The address of a View, defaults left out, so that links stay short."""
    base = default_view(catalogue)
    params = {
        f.name: str(getattr(view, f.name))
        for f in fields(View)
        if f.name != "own" and getattr(view, f.name) != getattr(base, f.name)
    }
    if view.programme != base.programme and view.period == last_period(catalogue, view.programme):
        params.pop("period", None)
    elif view.programme != base.programme:
        params["period"] = view.period
    return params | dict(view.own)


def plain_place(view: View, catalogue: Catalogue) -> View:
    """The same View for a page that shows nation, provinces and districts only: a commune is marked in its province, a
    region becomes the nation.
    """
    shown = shown_boundary_set(view, catalogue)
    if level_of(view.unit, shown, catalogue) in PLACE_LEVELS:
        return view
    province = province_of(view.unit, shown, catalogue)
    return replace(view, unit=province or NATION, selected=view.unit if province else "")
