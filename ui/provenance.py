"""The way back from a figure on any screen to its file and cell: a sentence, or a sentence with a link to the
data-quality page, where every cell of the unit is listed."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from urllib.parse import urlencode

from ui import loaders
from ui.catalogue import owner_of, province_of
from ui.edition import is_public
from ui.frame import Frame
from ui.view import NATION, write_params


def say_source(page: Frame, unit: str, period: str = "") -> str:
    """Where the insured people of a unit came from; `period` is the View's where it is left out.

    A commune: file, sheet and cell. A place: how many units in how many files. Simulated, converted, held-back and
    missing figures are called so.
    """
    words, formats = page.words, page.formats
    if page.view.boundaries:
        return words.say("provenance.converted")
    period = period or page.view.period
    found = loaders.load_insured_source(page.snapshot_id, unit, period)
    if found is not None:
        if found["is_simulated"]:
            return words.say("provenance.simulated")
        if found["obs_status"] == "held_back":
            return words.say("provenance.held_back")
        if is_public():
            return words.say("public.commune")
        if not found["file_name"]:  # of another office (data/visibility.py)
            return words.say("provenance.others")
        return words.say("provenance.file", file=found["file_name"], sheet=found["sheet"], cell=found["cell"])
    sources = loaders.load_place_sources(page.snapshot_id, unit, period)
    received = sources[sources["kind"] == "received_file"]
    units, simulated = int(received["units"].sum()), int(sources["units"].sum() - received["units"].sum())
    if not units + simulated:
        return words.say("provenance.none")
    if units and is_public():
        return words.say("public.place", units=formats.count(units), simulated=formats.count(simulated))
    form = "place_mixed" if units and simulated else "place_files" if units else "place_simulated"
    return words.say(
        f"provenance.{form}",
        units=formats.count(units),
        files=formats.count(received["sha256"].nunique()),
        simulated=formats.count(simulated),
    )


def say_record_source(page: Frame, file: str, sheet: str, row: int) -> str:
    """Where a row of a record (a plan, an award …) came from: the `name` and `sheet` of its source, and `source_row`."""
    if not file:
        return page.words.say("provenance.others")
    return page.words.say("provenance.row", file=file, sheet=sheet, row=row)


def write_quality_address(page: Frame, unit: str, period: str = "") -> str:
    """The address of the data-quality page at a unit, relative to any page of the app."""
    levels = page.catalogue.unit_levels[page.boundary_set]
    place = unit if levels.get(unit) in ("nation", "province", "district") else ""
    place = place or province_of(unit, page.boundary_set, page.catalogue) or NATION
    period = period or page.view.period
    programme = page.view.programme if period == page.view.period else owner_of(period, page.catalogue)
    selected = "" if place == unit else unit
    view = replace(
        page.view, unit=place, selected=selected, period=period, programme=programme or "", page=1, classes="", own={}
    )
    return "quality?" + urlencode(write_params(view, page.catalogue))


def link_source(page: Frame, unit: str, period: str = "") -> str:
    """The sentence of `say_source` and a link to the cells, as markup."""
    address = escape(write_quality_address(page, unit, period))
    label = escape(page.words.say("provenance.link"))
    return f'{escape(say_source(page, unit, period))} <a href="{address}" target="_self">{label}</a>'
