"""The facts of a ranking: the units of a scope in a month and in an earlier one, their ranks, and who has none and why.

Nothing is drawn or said here; lists, table and sentences read it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from indicators import ranking
from indicators.met import PercentRule
from indicators.ranking import Fractions, Ranks
from indicators.rules import Threshold
from ui.loaders.groups import Scope
from ui.sums import PlaceSummary

MEASURES = ("level", "share", "improvement")
COUNTS = ("population", "insured", "units", "units_reported", "units_simulated", "counted", "met", "unknown")


@dataclass(frozen=True)
class Measure:
    """One ranking. `values` in order of the units; `before` and `moves` are None where an earlier month cannot be
    compared.
    """

    values: Fractions
    ranks: Ranks
    before: Ranks | None = None
    moves: np.ndarray | None = None

    def order(self) -> list[int]:
        """Places of the units from the best on; unranked ones last; ties in the order given."""
        place = np.where(self.ranks.place > 0, self.ranks.place, len(self.ranks.place) + 1)
        return [int(at) for at in np.argsort(place, kind="stable")]


@dataclass(frozen=True)
class RankingFacts:
    """`units`: unit_code, label, short and COUNTS (int64, -1 unknown), `reason` (indicators.ranking), `gap_pct` (percent of
    the gap to `gap_rule` that closed since `since`, NaN where none was open), `units_shared` (of how many communes figures came
    in both months, on which the gain stands; -1 where nothing is compared); in the order of the lists of units.
    `measures` holds those of MEASURES that have a meaning: no `share` of communes or where nothing is judged.
    `since` is "" where no earlier month can be compared; `is_share_comparable` is False where the threshold changed.
    """

    scope: Scope
    level: str
    period: str
    since: str
    threshold: Threshold | None
    gap_rule: PercentRule | None
    units: pd.DataFrame
    measures: Mapping[str, Measure]
    is_share_comparable: bool

    @cached_property
    def rows(self) -> list[Any]:
        """The units as plain tuples: a page reads hundreds of cells, and a frame's cell is dear."""
        return list(self.units.itertuples(index=False))

    @cached_property
    def points(self) -> list[float]:
        """Points gained per unit, NaN unknown, for writing."""
        return ranking.as_percent(self.measures["improvement"].values).tolist()

    def is_partial(self, at: int) -> bool:
        """Whether the gain of a unit stands on fewer than all of its communes."""
        row = self.rows[at]
        return 0 <= row.units_shared < row.units

    def count_shared(self) -> tuple[int, int]:
        """On how many communes the gains of the ranked units stand, of how many; (0, 0) where there is no gain."""
        if "improvement" not in self.measures:
            return 0, 0
        ranked = self.units[(self.measures["improvement"].ranks.place > 0) & (self.units["units_shared"] >= 0)]
        return int(ranked["units_shared"].sum()), int(ranked["units"].sum())

    @property
    def has_figures(self) -> bool:
        return bool((self.units["reason"] != ranking.NO_DATA).any())

    @property
    def simulated(self) -> int:
        """How many units with figures have any that is simulated."""
        return int(((self.units["units_simulated"] > 0) & (self.units["population"] > 0)).sum())

    @property
    def is_mixed(self) -> bool:
        """Whether received and simulated figures stand in one ranking."""
        known = self.units[self.units["population"] > 0]
        return bool((known["units_simulated"] > 0).any() and (known["units_simulated"] < known["units_reported"]).any())

    def place_at(self, code: str) -> int | None:
        """Where a unit stands in `units`, None where it is not in the scope."""
        found = np.flatnonzero(self.units["unit_code"] == code)
        return int(found[0]) if len(found) else None

    @cached_property
    def totals(self) -> PlaceSummary:
        """The sums of the scope, for the caption: those of a PlaceSummary that are sums of its units."""
        known = {name: int(self.units[name].clip(lower=0).sum()) for name in COUNTS}
        return PlaceSummary(**{field.name: known.get(field.name, -1) for field in fields(PlaceSummary)})


def build_facts(
    scope: Scope,
    period: str,
    since: str,
    now: pd.DataFrame,
    before: pd.DataFrame | None,
    threshold: Threshold | None,
    labels: Mapping[str, str],
    *,
    gap_rule: PercentRule | None,
    is_share_comparable: bool,
    shared: tuple[pd.DataFrame, pd.DataFrame] | None = None,
) -> RankingFacts:
    """`now` and `before` (None: no earlier month): frames of `loaders.load_level` on one boundary set. `gap_rule`: the line
    against which the gap is measured, the same for every unit. `shared`: both months over the communes known in both, by
    which the change of a place is measured (`loaders.comparison`); None where the units are communes themselves."""
    units = pick_units(now, scope)
    units["label"] = [labels[code] for code in units["unit_code"]]
    units["reason"] = find_reasons(units, scope.level)
    earlier = None if before is None else pick_units(before, scope)
    measures = {"level": rank_rates(units, earlier, "insured", "population", scope.level, shared)}
    if threshold is not None and scope.level != "commune" and (units["counted"] > 0).any():
        comparable = earlier if is_share_comparable else None
        measures["share"] = rank_rates(units, comparable, "met", "counted", scope.level, shared)
    units["gap_pct"], units["units_shared"] = np.nan, -1
    if earlier is not None:
        pairs = pair_counts(units, earlier, shared)
        if shared is not None:
            units["units_shared"] = pick_counts(shared[0], units, ("units_reported",))["units_reported"]
        eligible = (units["reason"] == ranking.RANKED) & (find_reasons(earlier, scope.level) == ranking.RANKED)
        measures["improvement"] = rank_improvements(pairs, eligible)
        units["gap_pct"] = ranking.as_percent(ranking.gaps_closed(*pairs, gap_rule))
    known = {name: measures[name] for name in MEASURES if name in measures}
    earlier_month = "" if before is None else since
    return RankingFacts(
        scope, scope.level, period, earlier_month, threshold, gap_rule, units, known, is_share_comparable
    )


def pick_units(frame: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """The members of a scope in the order of their codes, with every count (-1 where there is none)."""
    counts = frame.set_index("unit_code")
    if scope.level == "commune":
        known = (counts["population"] > 0) & (counts["insured"] >= 0)
        counts = counts.assign(
            units=1,
            units_reported=known.astype("int64"),
            units_simulated=(counts["is_simulated"] & known).astype("int64"),
        )
    counts = counts.reindex(columns=list(COUNTS), fill_value=-1).reindex(sorted(scope.members))
    return counts.fillna(-1).astype("int64").rename_axis("unit_code").reset_index()


def find_reasons(units: pd.DataFrame, level: str) -> np.ndarray:
    asked = {} if level == "commune" else {"units": units["units"], "units_reported": units["units_reported"]}
    return ranking.find_reasons(level, insured=units["insured"], population=units["population"], **asked)


def rank_rates(
    units: pd.DataFrame,
    earlier: pd.DataFrame | None,
    part: str,
    whole: str,
    level: str,
    shared: tuple[pd.DataFrame, pd.DataFrame] | None = None,
) -> Measure:
    """Level or share: now, at the earlier month, and the moves beyond the noise. Ranks are of what was reported in each month;
    whether the rate itself moved is asked of the communes known in both (`pair_counts`)."""
    values = ranking.rates(units[part], units[whole])
    ranks = ranking.competition_ranks(values, units["reason"] == ranking.RANKED)
    if earlier is None:
        return Measure(values, ranks)
    old = ranking.rates(earlier[part], earlier[whole])
    before = ranking.competition_ranks(old, find_reasons(earlier, level) == ranking.RANKED)
    change = ranking.improvements(*pair_counts(units, earlier, shared, part, whole))
    return Measure(values, ranks, before, ranking.find_moves(ranks, before, change))


def pair_counts(
    units: pd.DataFrame,
    earlier: pd.DataFrame,
    shared: tuple[pd.DataFrame, pd.DataFrame] | None,
    part: str = "insured",
    whole: str = "population",
) -> tuple[pd.Series, pd.Series, pd.Series, pd.Series]:
    """`part` and `whole` now, then before, of each unit, over the communes known in both months; -1 unknown."""
    if shared is not None:
        units, earlier = (pick_counts(frame, units, (part, whole)) for frame in shared)
    return units[part], units[whole], earlier[part], earlier[whole]


def pick_counts(frame: pd.DataFrame, units: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Columns of a frame of sums by unit_code, in the order of `units`, -1 where it has no such unit."""
    found = frame.reindex(units["unit_code"])[list(names)].fillna(-1).astype("int64")
    return found.reset_index(drop=True)


def rank_improvements(pairs: tuple[pd.Series, pd.Series, pd.Series, pd.Series], eligible: pd.Series) -> Measure:
    """By points gained (`pair_counts`); only units that are ranked in both months."""
    values = ranking.improvements(*pairs)
    return Measure(values, ranking.competition_ranks(values, eligible))


def shorten(order: Sequence[int], ranked: int, keep: set[int], top: int, bottom: int) -> list[int | None]:
    """The first `top`, the last `bottom` and those to `keep` with a neighbour on each side; None where some are left out."""
    wanted = {*range(top), *range(max(ranked - bottom, 0), ranked)}
    for place, at in enumerate(order[:ranked]):
        if at in keep:
            wanted |= {place - 1, place, place + 1}
    shown: list[int | None] = []
    previous = -1
    for place in sorted(place for place in wanted if 0 <= place < ranked):
        if place > previous + 1:
            # A gap of one unit is no shorter than the unit.
            shown.append(order[place - 1] if place == previous + 2 else None)
        shown.append(order[place])
        previous = place
    return shown
