"""The way back from a figure to its cells as files: the cells of a unit, the files of a place, and every version of a figure."""

from __future__ import annotations

import pandas as pd

from text.names import lower_first
from ui import loaders
from ui.documents.home_tables import say_simulated
from ui.documents.quality_tables import blank, finish
from ui.documents.tables import Draft, TakenTable
from ui.frame import Frame
from ui.quality import read_quality
from ui.quality_page import load_cells
from ui.view import NATION


def find_unit(page: Frame) -> str:
    """The marked unit, or the place shown; "" for the nation, of which the page traces nothing."""
    unit = page.view.selected or page.view.unit
    return "" if unit == NATION else unit


def say_title(page: Frame, unit: str) -> str:
    return page.words.say("quality.trace_title", unit=lower_first(page.label(unit)))


def take_trace(page: Frame) -> TakenTable | None:
    """Every data element of a unit with file, sheet and cell."""
    unit, words, said = find_unit(page), page.words, read_quality(page)
    if said is None or not unit:
        return None
    cells = load_cells(page, unit)
    if cells.empty or (cells["file_name"] == "").any():  # "": of another office
        return None
    draft = Draft(words)
    draft.add("element", "text", [row[0] for row in said.trace_rows(cells)], said.head("trace")[0], 44)
    received = cells["kind"] != "simulation"
    for name, column, width in (("file", "file_name", 40), ("sheet", "sheet", 18), ("cell", "cell", 10)):
        draft.add(name, "text", blank(cells[column].where(received)), width=width)
    draft.add("sha256", "text", blank(cells["sha256"].where(received)), width=66)
    draft.add("origin", "text", say_simulated(page, ~received), width=16)
    return finish(page, said, draft, say_title(page, unit), [], 1)


def take_place_files(page: Frame) -> TakenTable | None:
    """The files that the sum of a place is made of, and the simulation where it has a part."""
    unit, words, said = find_unit(page), page.words, read_quality(page)
    if said is None or not unit or not loaders.load_source(page.snapshot_id, unit, page.view.period).empty:
        return None
    files = loaders.load_place_sources(page.snapshot_id, unit, page.view.period)
    if files.empty:
        return None
    draft, received = Draft(words), files["kind"] == "received_file"
    names = blank(files["file_name"].where(received))
    draft.add("file", "text", [words.say("provenance.other_file") if name == "" else name for name in names], width=40)
    draft.add("sheet", "text", blank(files["sheet"].where(received)), width=18)
    draft.add("units_reported", "count", files["units"])
    draft.add("insured", "count", files["insured"])
    draft.add("sha256", "text", blank(files["sha256"].where(received & (files["file_name"] != ""))), width=66)
    draft.add("origin", "text", say_simulated(page, ~received), width=16)
    return finish(page, said, draft, say_title(page, unit), [], 1)


def take_versions(page: Frame) -> TakenTable | None:
    """Every figure ever received for a unit and month, the one in force first."""
    unit, words, said = find_unit(page), page.words, read_quality(page)
    rows = loaders.load_versions(page.snapshot_id, unit, page.view.period) if said is not None and unit else None
    if said is None or rows is None or len(rows) < 2 or (rows["file_name"] == "").any():
        return None
    draft = Draft(words)
    draft.add("state", "text", [words.say(f"quality.version_{state}") for state in rows["state"]], width=16)
    for name in ("population", "insured"):
        draft.add(name, "count", rows[name].fillna(-1).astype("int64"))
    draft.add("file", "text", blank(rows["file_name"].where(~rows["is_simulated"].astype(bool))), width=40)
    draft.add("source_cell", "text", blank(rows["address"]), width=44)
    days = [None if pd.isna(moment) else str(moment)[:10] for moment in rows["loaded_at"]]
    draft.add("loaded_on", "date", days)
    draft.add("loaded_by", "text", blank(rows["loaded_by"]), width=20)
    draft.add("sha256", "text", blank(rows["sha256"].where(~rows["is_simulated"].astype(bool))), width=66)
    draft.add("origin", "text", say_simulated(page, rows["is_simulated"]), width=16)
    title = f"{words.say('quality.versions_title')}: {page.label(unit)}"
    return finish(page, said, draft, title, [words.say("quality.versions_subtitle")], 1)
