"""Published figures and targets."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pandas as pd

from data import queries
from indicators.rules import Goal
from ui.loaders.snapshot import cached, store_of


@cached
def load_published(snapshot_id: str, unit: str) -> pd.DataFrame:
    return queries.published_series(store_of(snapshot_id), unit)


@cached
def load_target(snapshot_id: str, unit: str, year: str) -> Goal | None:
    """The coverage that a unit is to reach in a year, by the decision in force; None where none is known."""
    rows = queries.targets(store_of(snapshot_id), unit, int(year))
    rows = rows[rows["in_force"].astype(bool)]
    if rows.empty:
        return None
    row = rows.iloc[0]
    return Goal(
        measure="coverage",
        value=Decimal(row["value"]),
        operator=row["operator"],
        deadline=date(int(year), 12, 31),
        scope=unit,
        legal_basis=row["decision"],
        source=row["source"],
        confidence=confidence_of(row["confidence"]),
    )


def confidence_of(stored: str) -> str:
    """How sure a target is. One that an office sent as a list is as sure as its file: `received` is no degree of sureness of a
    rule."""
    return "high" if stored == "received" else stored
