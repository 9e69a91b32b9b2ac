"""Units with their figures as rows of a file: the same units, order and filter as the table of the screen, with the codes and
counts behind what it writes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from indicators.rates import floor_pct
from indicators.rules import Threshold
from reports.table_files import FileColumn, Kind
from text.words import Words
from ui import loaders
from ui.documents.tables import TakenTable
from ui.frame import Frame
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
    measure: Measure | None = None,
    measure_kind: Kind = "points",
) -> TakenTable:
    """`units` as for `ui.unit_table.build_unit_table`, filtered already; the order is the View's."""
    words, formats = page.words, page.formats
    labels = loaders.place_labels(page.snapshot_id, page.boundary_set, level, page.view.unit == NATION)
    ordered = order_units(units, level, threshold, labels, page.view.sort, measure).reset_index(drop=True)
    columns, frame = name_units(page, ordered, level)
    columns += list_count_columns(level, threshold, words)
    frame = pd.concat([frame, count_units(ordered, level)], axis=1)
    if measure is not None:
        columns.append(FileColumn("measure", measure.label, measure_kind))
        frame["measure"] = ordered["value"].to_numpy()
    if threshold is not None:
        columns.append(FileColumn("status", words.say("home.table_status"), width=26))
        frame["status"] = [say_state(state, level, threshold, words, formats) for state in ordered["state"]]
        if level == "commune":
            columns.append(FileColumn("is_counted", words.say("takeaway.column.is_counted")))
            counted = ordered["type"].isin(threshold.unit_types)
            frame["is_counted"] = np.where(counted, words.say("takeaway.yes"), words.say("takeaway.no"))
    columns.append(FileColumn("origin", words.say("takeaway.column.origin"), width=16))
    frame["origin"] = say_origin(ordered, words)
    subtitle = words.say(
        "home.map_subtitle",
        level=words.say(f"level.{level}"),
        place=page.place(),
        period=formats.month(page.view.period),
    )
    notes = [words.say("takeaway.rates_floored")]
    if threshold is not None and level == "commune":
        notes.append(words.say("takeaway.need_of_commune"))
    return TakenTable(title, subtitle, columns, frame, caption, notes, bool(ordered["is_simulated"].any()))


def name_units(page: Frame, ordered: pd.DataFrame, level: str) -> tuple[list[FileColumn], pd.DataFrame]:
    """Code, name and kind of each unit, and the code and name of the units above it."""
    words = page.words
    known = loaders.load_units(page.snapshot_id, page.boundary_set)
    columns = [
        FileColumn("unit_code", words.say("takeaway.column.unit_code")),
        FileColumn("name", words.say(f"home.table_unit_{level}"), width=32),
        FileColumn("type", words.say("takeaway.column.type"), width=14),
    ]
    frame = pd.DataFrame({"unit_code": ordered["unit_code"], "name": ordered["name"]})
    frame["type"] = [words.say(f"type.{kind}") for kind in ordered["type"]]
    for above in CODES_ABOVE[level]:
        codes = ordered[f"{above}_code"].fillna("")
        if not (codes != "").any():
            continue  # boundary sets without districts
        columns += [
            FileColumn(f"{above}_code", words.say(f"takeaway.column.{above}_code")),
            FileColumn(above, words.say(f"takeaway.column.{above}"), width=26),
        ]
        frame[f"{above}_code"] = codes.where(codes != "", None)
        frame[above] = known["name"].reindex(codes).to_numpy()
    return columns, frame


def list_count_columns(level: str, threshold: Threshold | None, words: Words) -> list[FileColumn]:
    kinds: dict[str, Kind] = {"population": "count", "insured": "count", "uninsured": "count", "coverage": "rate"}
    if level != "commune":
        kinds |= {"units": "count", "units_reported": "count"}
        if threshold is not None:
            kinds |= {
                "communes_counted": "count",
                "communes_met": "count",
                "communes_not_met": "count",
                "communes_unknown": "count",
                "communes_met_share": "rate",
            }
    if threshold is not None:
        kinds["still_to_enrol"] = "count"
    return [FileColumn(key, words.say(f"takeaway.column.{key}"), kind, width=14) for key, kind in kinds.items()]


def count_units(ordered: pd.DataFrame, level: str) -> pd.DataFrame:
    """Counts (-1 unknown) and rates in percent, rounded down to hundredths (NaN unknown), by the keys of the columns."""
    population, insured = ordered["population"].to_numpy(), ordered["insured"].to_numpy()
    known = (population >= 0) & (insured >= 0)
    frame = pd.DataFrame(
        {
            "population": population,
            "insured": insured,
            # Where more are insured than live there, nobody is left to count.
            "uninsured": np.where(known, np.maximum(population - insured, 0), -1),
            "coverage": floor_pct(insured, population),
            "still_to_enrol": ordered["need"].to_numpy(),
        }
    )
    if level != "commune":
        for key in ("units", "units_reported"):
            frame[key] = ordered[key].to_numpy()
        for key in ("counted", "met", "not_met", "unknown"):
            frame[f"communes_{key}"] = ordered[key].to_numpy()
        frame["communes_met_share"] = floor_pct(ordered["met"], ordered["counted"])
    return frame


def say_origin(units: pd.DataFrame, words: Words) -> list[str]:
    """Whether the figures of a row are simulated, converted from other boundaries, or as reported."""
    estimated = units["is_estimated"].astype(bool) if "is_estimated" in units else np.zeros(len(units), dtype=bool)
    return [
        words.say(
            "takeaway.origin_simulated"
            if simulated
            else "takeaway.origin_converted"
            if converted
            else "takeaway.origin_reported"
        )
        for simulated, converted in zip(units["is_simulated"].astype(bool), estimated, strict=True)
    ]
