"""One month of the data-quality page: the reports, what is missing, doubtful or refused, and the cells behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from indicators.changes import exceeds_population, find_sudden_drops
from ui import loaders
from ui.catalogue import province_of
from ui.edition import is_public
from ui.frame import Frame
from ui.view import NATION


@dataclass(frozen=True)
class QualityFacts:
    """One month inside one place (the nation or a province), in the month's own boundary set.

    reports: province_code, name, units_expected, units_reported, units_simulated, has_reported.
    islands: districts without communes, which report like communes and are among the units.
    missing, over: units without figures and above 100 %: rows of `queries.commune_values`.
    drops: units that fell suddenly since `earlier`: rows of `queries.changes_since`; None where the month before lies
    in another boundary set or is not there.
    """

    period: str
    earlier: str | None
    reports: pd.DataFrame
    missing: pd.DataFrame
    islands: int
    over: pd.DataFrame
    drops: pd.DataFrame | None
    rejections: pd.DataFrame
    files: pd.DataFrame
    cells: Mapping[str, str]
    labels: pd.Series
    has_received: bool


def load_quality(page: Frame) -> QualityFacts:
    """The facts of the month and place of the View."""
    snapshot_id, period = page.snapshot_id, page.view.period
    boundary_set = page.catalogue.boundary_of[period]
    place = province_of(page.view.unit, boundary_set, page.catalogue) or NATION
    earlier = month_before(page, period)
    units = inside(loaders.load_communes(snapshot_id, period, boundary_set), place)
    counted = units[units["obs_status"] != "not_applicable"]
    changes = inside(loaders.load_changes(snapshot_id, period, earlier), place) if earlier else None
    reports = loaders.load_reports(snapshot_id, period)
    has_received = bool((reports["units_reported"] > reports["units_simulated"]).any())
    if has_received:
        # Beside received reports a simulated province is one that has not sent its own.
        reports = reports.assign(has_reported=reports["units_reported"] > reports["units_simulated"])
    rejections, files = loaders.load_rejections(snapshot_id, period), loaders.load_files(snapshot_id)
    files = files[files["period"] == period]
    if place != NATION:
        files = files[files["province_code"] == place]
        reports = reports[reports["province_code"] == place]
        rejections = rejections[rejections["file_name"].isin(files["name"])]
    return QualityFacts(
        period=period,
        earlier=earlier,
        reports=reports,
        missing=counted[(counted["insured"] < 0) | (counted["population"] < 0)],
        islands=int(counted["stands_alone"].sum()),
        over=counted[exceeds_population(counted["insured"], counted["population"])],
        drops=None
        if changes is None or changes.empty
        else changes[
            find_sudden_drops(
                changes["insured"], changes["population"], changes["insured_before"], changes["population_before"]
            )
        ],
        rejections=rejections,
        files=files,
        cells=name_reported(page, units)
        if is_public()
        else name_others(page, units) | loaders.load_cells(snapshot_id, period),
        labels=loaders.place_labels(snapshot_id, boundary_set, "commune", place == NATION),
        has_received=has_received,
    )


def name_reported(page: Frame, units: pd.DataFrame) -> dict[str, str]:
    """In the place of each cell the word that the figure was received."""
    received = units[~units["is_simulated"].astype(bool)]["unit_code"]
    return dict.fromkeys(received, page.words.say("public.reported"))


def name_others(page: Frame, units: pd.DataFrame) -> dict[str, str]:
    """In the place of each cell of another office, which this reader does not see, that it is one."""
    if not page.catalogue.own_provinces:
        return {}
    received = units[~units["is_simulated"].astype(bool)]["unit_code"]
    return dict.fromkeys(received, page.words.say("provenance.other_file"))


def month_before(page: Frame, period: str) -> str | None:
    """The month before in any programme; None where the store has none."""
    year, month = int(period[:4]), int(period[5:])
    earlier = f"{year - 1}-12" if month == 1 else f"{year}-{month - 1:02d}"
    return earlier if earlier in page.catalogue.boundary_of else None


def inside(units: pd.DataFrame, place: str) -> pd.DataFrame:
    return units if place == NATION else units[units["province_code"] == place]
