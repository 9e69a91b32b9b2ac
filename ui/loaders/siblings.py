"""Where each unit of a month stands among those of the same parent: asked for one unit, answered for all, for readers mark one
after the other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from indicators.ranking import RANKED, Fractions, competition_ranks, find_reasons, place_of, rates
from ui.loaders.figures import load_level
from ui.loaders.snapshot import cached_large
from ui.view import NATION

Place = tuple[int | None, int, bool]


@dataclass(frozen=True)
class Siblings:
    """The units of a level in a month (`load_level`), with what ranks them: by the rules of every ranking."""

    level: str
    units: pd.DataFrame
    values: Fractions
    is_ranked: np.ndarray

    @cached_property
    def places(self) -> dict[str, int]:
        """Where each unit stands in `units`."""
        return {code: at for at, code in enumerate(self.units["unit_code"].tolist())}

    def parent_of(self, at: int) -> str:
        """A commune's district, or its province where it has none; a district's province; "" where there is none."""
        if self.level == "province":
            return NATION
        for column in ("district_code", "province_code") if self.level == "commune" else ("province_code",):
            if isinstance(code := self._column(column)[at], str) and code:
                return code
        return ""

    def inside(self, parent: str) -> np.ndarray:
        """The places of a parent's units."""
        if parent == NATION:
            return np.arange(len(self.units))
        return self._members.get(parent, np.array([], dtype=int))

    def rank(self, at: int) -> Place:
        """(place or None, of how many, tied) among the units of the same parent that can be ranked."""
        inside = self.inside(self.parent_of(at))
        values = Fractions(
            *(part[inside] for part in (self.values.numerator, self.values.denominator, self.values.known))
        )
        ranks = competition_ranks(values, self.is_ranked[inside])
        own = int(np.flatnonzero(inside == at)[0])
        return place_of(ranks, own), ranks.of, bool(ranks.tied[own])

    def _column(self, name: str) -> list[object]:
        return self._columns[name] if name in self._columns else [None] * len(self.units)

    @cached_property
    def _columns(self) -> dict[str, list[object]]:
        names = [name for name in ("district_code", "province_code") if name in self.units]
        return {name: self.units[name].tolist() for name in names}

    @cached_property
    def _members(self) -> dict[str, np.ndarray]:
        found: dict[str, list[int]] = {}
        for codes in self._columns.values():
            for at, code in enumerate(codes):
                if isinstance(code, str) and code:
                    found.setdefault(code, []).append(at)
        return {code: np.array(places) for code, places in found.items()}


@cached_large
def load_siblings(snapshot_id: str, period: str, boundary_set: str, level: str) -> Siblings:
    units = load_level(snapshot_id, period, boundary_set, level)
    reports = {name: units[name] for name in ("units", "units_reported") if name in units}
    reasons = find_reasons(level, insured=units["insured"], population=units["population"], **reports)
    return Siblings(level, units, rates(units["insured"], units["population"]), reasons == RANKED)
