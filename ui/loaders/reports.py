"""What was received: reports, refused cells, files, and the cell behind a figure."""

from __future__ import annotations

import pandas as pd

from data import queries
from data.queries.history import figure_versions
from ui.loaders.snapshot import cached, cached_few, store_of
from ui.loaders.units import find_province


@cached
def load_reports(snapshot_id: str, period: str) -> pd.DataFrame:
    """Per province whether its report of the month has come."""
    return queries.reports_received(store_of(snapshot_id), period)


@cached
def load_changes(snapshot_id: str, period: str, earlier: str) -> pd.DataFrame:
    """Communes at two months of one boundary set (`queries.changes_since`); empty where the sets differ."""
    return queries.changes_since(store_of(snapshot_id), period, earlier)


@cached
def load_cells(snapshot_id: str, period: str) -> dict[str, str]:
    """unit_code → the cell its insured people came from; units with simulated figures are not in it."""
    rows = queries.cells_of_insured(store_of(snapshot_id), period)
    return dict(zip(rows["unit_code"], rows["address"], strict=True))


@cached
def load_rejections(snapshot_id: str, period: str) -> pd.DataFrame:
    return queries.rejections(store_of(snapshot_id), period)


@cached
def load_files(snapshot_id: str) -> pd.DataFrame:
    return queries.files_received(store_of(snapshot_id))


@cached
def load_source(snapshot_id: str, unit: str, period: str) -> pd.DataFrame:
    """Which file, sheet and cell the figures of a unit came from."""
    return queries.source_of(store_of(snapshot_id), unit, period)


def load_insured_source(snapshot_id: str, unit: str, period: str) -> pd.Series | None:
    """Where the insured people of a commune or stand-alone district came from (`queries.insured_sources`); None where nothing
    came, and for every other unit."""
    if find_province(snapshot_id, unit) is None:
        return None
    rows, places = load_insured_sources(snapshot_id, period)
    return rows.iloc[places[unit]] if unit in places else None


@cached_few
def load_insured_sources(snapshot_id: str, period: str) -> tuple[pd.DataFrame, dict[str, int]]:
    """`queries.insured_sources`, and where the first row of each unit stands."""
    rows = queries.insured_sources(store_of(snapshot_id), period)
    codes = rows["unit_code"].tolist()
    return rows, {code: at for at, code in reversed(list(enumerate(codes)))}


@cached
def load_survey_cells(snapshot_id: str, unit: str, period: str) -> pd.DataFrame:
    """The same for the people eligible by payer group, where they were surveyed."""
    return queries.survey_cells_of(store_of(snapshot_id), unit, period)


@cached
def load_place_sources(snapshot_id: str, unit: str, period: str) -> pd.DataFrame:
    """The files (and the simulation) that the sum of a place is made of (`queries.sources_of_place`)."""
    return queries.sources_of_place(store_of(snapshot_id), unit, period)


@cached
def load_versions(snapshot_id: str, unit: str, period: str) -> pd.DataFrame:
    """Every figure ever received for a unit and month (`figure_versions`)."""
    return figure_versions(store_of(snapshot_id), unit, period)
