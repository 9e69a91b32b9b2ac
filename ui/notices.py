"""What had to be replaced in the address, as a sentence of the reader's language and, where one helps, a link."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from text.names import lower_first
from ui import loaders
from ui.catalogue import last_set_with, owner_of
from ui.parts import escape
from ui.view import COMPARING, NOT_YOURS, Notice, write_params

if TYPE_CHECKING:
    from ui.frame import Frame

DISTRICT_ENDED = "error.address_district_ended"
MERGED = "error.address_merged"  # the unit is a part of another one by the month shown


def say_notice(frame: Frame, notice: Notice) -> tuple[str, tuple[str, str] | None]:
    """(sentence with its values escaped, link or None)."""
    said = frame.words.say(notice.key, **{name: escape(value) for name, value in name_values(frame, notice).items()})
    if notice.key == NOT_YOURS:
        return said, find_own_place(frame, notice)
    if notice.key not in (DISTRICT_ENDED, MERGED):
        return said, None
    code = notice.values["value"]
    last = last_set_with(code, frame.catalogue)
    month = max((period for period, own in frame.catalogue.boundary_of.items() if own == last), default="")
    if notice.key == MERGED:
        return said, find_before(frame, code, month)
    return said, (address_of_district(frame, code, month), frame.words.say("error.district_communes"))


def write_notice(frame: Frame, notice: Notice) -> str:
    """The sentence as plain text, for a document or a workbook."""
    return frame.words.say(notice.key, **name_values(frame, notice))


def name_values(frame: Frame, notice: Notice) -> dict[str, str]:
    """The values of a notice as its sentence writes them: units by name, months in the reader's language."""
    if notice.key == NOT_YOURS:
        return {name: frame.formats.month(notice.values[name]) for name in ("value", "shown")}
    if notice.key not in (DISTRICT_ENDED, MERGED):
        return dict(notice.values)
    code = notice.values["value"]
    name = loaders.unit_label(frame.snapshot_id, last_set_with(code, frame.catalogue), code, "")
    if notice.key == MERGED:
        return {"name": lower_first(name), "heir": lower_first(frame.label(frame.view.unit))}
    return {"name": name, "province": lower_first(frame.label(frame.view.unit))}


def find_own_place(frame: Frame, notice: Notice) -> tuple[str, str] | None:
    """Where a draft of others was asked for, the way to the reader's own place in that month."""
    month, catalogue = notice.values["value"], frame.catalogue
    own = catalogue.own_provinces.get(catalogue.boundary_of[month], ())
    if not own or frame.name in COMPARING:
        return None
    view = replace(
        frame.view, unit=own[0], level="commune", selected="", classes="", page=1, boundaries="", period=month,
        programme=owner_of(month, catalogue) or frame.view.programme, own={},
    )  # fmt: skip
    address = f"{'.' if frame.name == 'home' else frame.name}?{urlencode(write_params(view, catalogue))}"
    return address, frame.words.say("error.open_own_draft")


def find_before(frame: Frame, code: str, month: str) -> tuple[str, str] | None:
    """The same page in the last month in which the unit stood for itself; None where there are no figures of that time, and in
    meeting mode, whose screens have no links."""
    programme = owner_of(month, frame.catalogue) if month else None
    if programme is None or frame.name == "meeting":
        return None
    view = replace(
        frame.view, unit=code, selected="", classes="", page=1, boundaries="", period=month, programme=programme, own={}
    )
    address = f"{'.' if frame.name == 'home' else frame.name}?{urlencode(write_params(view, frame.catalogue))}"
    name = loaders.unit_label(frame.snapshot_id, last_set_with(code, frame.catalogue), code, "")
    return address, frame.words.say("error.open_before", name=lower_first(name), month=frame.formats.month(month))


def address_of_district(frame: Frame, code: str, month: str) -> str:
    """The part of the district's profile that says where its communes are now, in the last month that it has."""
    view = replace(
        frame.view, unit=code, selected="", classes="", page=1, boundaries="", period=month,
        programme=owner_of(month, frame.catalogue) or frame.view.programme, own={"part": "origins"},
    )  # fmt: skip
    return "profile?" + urlencode(write_params(view, frame.catalogue))
