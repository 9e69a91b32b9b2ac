"""Over how many communes an improvement of the evaluation stands: those of which figures came at both ends of the round."""

from __future__ import annotations

import pandas as pd

from data import queries
from data.queries import evaluation as asked
from indicators.counts import both_known
from indicators.evaluation_rules import Round
from ui.loaders.comparison import load_level_shared
from ui.loaders.snapshot import cached, store_of

Shared = dict[str, tuple[int, int]]


@cached
def load_round_communes(snapshot_id: str, one: Round, boundary_set: str, level: str) -> Shared:
    """By province or district: its communes known at both ends, and all of them, as the figures stand now."""
    sums, _ = load_level_shared(snapshot_id, one.to_period, one.from_period, boundary_set, level)
    return to_pairs(sums["units_reported"], sums["units"])


@cached
def load_frozen_communes(snapshot_id: str, boundary_set: str, level: str, round_id: str, closing: int) -> Shared:
    """The same of a closed round, by its frozen communes; empty where that closing holds none."""
    store = store_of(snapshot_id)
    rows = asked.frozen_rows(store, round_id, closing, "commune").set_index("unit_code")
    units = queries.units(store, boundary_set, "commune").set_index("unit_code")
    units = units[~units["stands_alone"].astype(bool) & units.index.isin(rows.index)]
    rows = rows.loc[units.index]
    ends = [rows[name].to_numpy() for name in ("insured", "population", "insured_start", "population_start")]
    known = pd.Series(both_known(*ends[:2]) & both_known(*ends[2:]), index=units.index)
    inside = known.groupby(units["province_code" if level == "province" else "district_code"].to_numpy())
    return to_pairs(inside.sum(), inside.count())


def to_pairs(shared: pd.Series, units: pd.Series) -> Shared:
    return {str(code): (int(part), int(units[code])) for code, part in shared.items()}
