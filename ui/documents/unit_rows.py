"""Units with their figures as rows of a file: the same units, order and filter as the table of the screen, with the codes and
counts behind what it writes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from indicators.rates import floor_pct
from indicators.rules import Threshold
from reports.table_files import Kind
from text.words import Words
from ui import loaders
from ui.documents.tables import Draft, TakenTable
from ui.frame import Frame
from ui.pace_words import say_status
from ui.unit_table import Measure, order_units, say_state
from ui.view import NATION

CODES_ABOVE = {"commune": ("district", "province"), "district": ("province",), "province": ()}


def take_unit_table(
    page: Frame,
    units: pd.DataFrame,
    level: str,
    threshold: Threshold | None,
    title: str,
    caption: Sequence[str],
    *,
    sort: str = "",
    measure: Measure | None = None,
    measure_kind: Kind = "points",
    statuses: pd.Series | None = None,
) -> TakenTable:
    """`units` as for `ui.unit_table.build_unit_table`, filtered already; the order is the View's, or `sort`. `statuses`: the
    name of each unit's pace by unit_code."""
    words, formats = page.words, page.formats
    labels = loaders.place_labels(page.snapshot_id, page.boundary_set, level, page.view.unit == NATION)
    ordered = order_units(units, level, threshold, labels, sort or page.view.sort, measure).reset_index(drop=True)
    draft = Draft(words)
    add_names(draft, page, ordered["unit_code"], level)
    add_counts(draft, ordered)
    if level != "commune":
        add_commune_counts(draft, ordered, threshold)
    if measure is not None:
        draft.add("measure", measure_kind, ordered["value"], label=measure.label, width=18)
    if threshold is not None:
        draft.add("still_to_enrol", "count", ordered["need"])
        states = [say_state(state, level, threshold, words, formats) for state in ordered["state"]]
        draft.add("status", "text", states, label=words.say("home.table_status"), width=26)
        if level == "commune":
            add_counted(draft, ordered["type"].isin(threshold.unit_types), words)
    if statuses is not None and threshold is not None:
        paces = [
            say_status(statuses.get(code, "unjudged"), level, threshold, words, formats)
            for code in ordered["unit_code"]
        ]
        draft.add("pace", "text", paces, label=words.say("pace.status"), width=18)
    add_origin(draft, ordered, words)
    notes = [words.say("takeaway.rates_floored")]
    if threshold is not None and level == "commune":
        notes.append(words.say("takeaway.need_of_commune"))
    subtitle = say_subtitle(page, level)
    return draft.finish(title, subtitle, caption, notes, bool(ordered["is_simulated"].any()))


def say_subtitle(page: Frame, level: str) -> str:
    """What is measured, of which units, where and when: as under the map."""
    return page.words.say(
        "home.map_subtitle",
        level=page.words.say(f"level.{level}"),
        place=page.place(),
        period=page.formats.month(page.view.period),
    )


def add_names(
    draft: Draft, page: Frame, codes: Sequence[str], level: str, boundary_set: str = "", *, above: bool = True
) -> None:
    """Code, name and kind of each unit, and (`above`) the code and name of the units above it."""
    words = page.words
    known = loaders.load_units(page.snapshot_id, boundary_set or page.boundary_set)
    rows = known.reindex(list(codes))
    draft.add("unit_code", "text", list(codes), width=12)
    draft.add("name", "text", rows["name"], label=words.say(f"takeaway.column.name_{level}"), width=32)
    kinds = [words.say(f"type.{kind}") if isinstance(kind, str) else None for kind in rows["type"]]
    draft.add("type", "text", kinds, width=14)
    for column in CODES_ABOVE.get(level, ()) if above else ():
        found = rows[f"{column}_code"].fillna("")
        if not (found != "").any():
            continue  # boundary sets without districts
        draft.add(f"{column}_code", "text", found, width=11)
        draft.add(column, "text", known["name"].reindex(found), width=26)


def add_counts(draft: Draft, units: pd.DataFrame) -> None:
    """Residents, insured, those without, and the rate."""
    population, insured = units["population"].to_numpy(), units["insured"].to_numpy()
    known = (population >= 0) & (insured >= 0)
    draft.add("population", "count", population)
    draft.add("insured", "count", insured)
    # Where more are insured than live there, nobody is left to count.
    draft.add("uninsured", "count", np.where(known, np.maximum(population - insured, 0), -1))
    draft.add("coverage", "rate", floor_pct(insured, population))


def add_commune_counts(draft: Draft, units: pd.DataFrame, threshold: Threshold | None) -> None:
    """How many communes of a larger unit have figures, and where one is judged how many meet."""
    draft.add("units", "count", units["units"])
    draft.add("units_reported", "count", units["units_reported"])
    if threshold is None:
        return
    draft.add("communes_counted", "count", units["counted"])
    draft.add("communes_met", "count", units["met"])
    draft.add("communes_not_met", "count", units["not_met"])
    draft.add("communes_unknown", "count", units["unknown"])
    draft.add("communes_met_share", "rate", floor_pct(units["met"], units["counted"]))


def add_counted(draft: Draft, counted: Sequence[bool], words: Words) -> None:
    said = np.where(np.asarray(counted, dtype=bool), words.say("takeaway.yes"), words.say("takeaway.no"))
    draft.add("is_counted", "text", said, width=12)


def add_origin(draft: Draft, units: pd.DataFrame, words: Words) -> None:
    """Whether the figures of a row are simulated, converted from other boundaries, or as reported."""
    estimated = units["is_estimated"].astype(bool) if "is_estimated" in units else np.zeros(len(units), dtype=bool)
    said = [
        words.say(f"takeaway.origin_{'simulated' if simulated else 'converted' if converted else 'reported'}")
        for simulated, converted in zip(units["is_simulated"].astype(bool), estimated, strict=True)
    ]
    draft.add("origin", "text", said, width=16)
