"""Where each unit of a month stands among those of the same parent: asked for one unit, answered for all, for readers mark one
after the other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from indicators.ranking import RANKED, competition_ranks, find_reasons, place_of, rates
from ui.loaders.drawings import keep_drawing
from ui.loaders.figures import load_level
from ui.loaders.snapshot import cached
from ui.view import NATION

Place = tuple[int | None, int, bool]


@dataclass(frozen=True)
class Lineage:
    """The units of a level on a boundary set in the order that its months share: where each stands, its parent (a commune's
    district, or its province where it has none; a district's province; "" for none), and the places of each parent's."""

    places: dict[str, int]
    parents: list[str]
    members: dict[str, np.ndarray]


@dataclass(frozen=True)
class Siblings:
    """The units of a level in a month (`load_level`), and which of them are ranked by the rules of every ranking."""

    units: pd.DataFrame
    is_ranked: np.ndarray
    lineage: Lineage

    def inside(self, parent: str) -> np.ndarray:
        """The places of a parent's units."""
        return self.lineage.members.get(parent, np.array([], dtype=int))

    def rank(self, at: int) -> Place:
        """(place or None, of how many, tied) among the units of the same parent that can be ranked."""
        inside = self.inside(self.lineage.parents[at])
        counts = (self.units[name].to_numpy()[inside] for name in ("insured", "population"))
        ranks = competition_ranks(rates(*counts), self.is_ranked[inside])
        own = int(np.flatnonzero(inside == at)[0])
        return place_of(ranks, own), ranks.of, bool(ranks.tied[own])


@cached
def load_siblings(snapshot_id: str, period: str, boundary_set: str, level: str) -> Siblings:
    units = load_level(snapshot_id, period, boundary_set, level)
    reports = {name: units[name] for name in ("units", "units_reported") if name in units}
    reasons = find_reasons(level, insured=units["insured"], population=units["population"], **reports)
    lineage = keep_drawing(snapshot_id, "lineage", (boundary_set, level), partial(find_lineage, units, level))
    if list(lineage.places) != units["unit_code"].tolist():
        lineage = find_lineage(units, level)  # a month of its own order
    return Siblings(units, reasons == RANKED, lineage)


def find_lineage(units: pd.DataFrame, level: str) -> Lineage:
    columns = {"province": (), "district": ("province_code",), "commune": ("district_code", "province_code")}[level]
    above = [units[name].tolist() for name in columns if name in units]
    members: dict[str, list[int]] = {} if above else {NATION: list(range(len(units)))}
    for codes in above:
        for at, code in enumerate(codes):
            if isinstance(code, str) and code:
                members.setdefault(code, []).append(at)
    known = ([code for code in row if isinstance(code, str) and code] for row in zip(*above, strict=True))
    parents = [row[0] if row else "" for row in known] if above else [NATION] * len(units)
    places = {code: at for at, code in enumerate(units["unit_code"].tolist())}
    return Lineage(places, parents, {code: np.array(found) for code, found in members.items()})
