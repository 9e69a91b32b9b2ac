"""A unit's series over reforms: its months in its own boundary set, and the same land's months in the others.

Counts are carried, never rates. **Older months, carried forward** to the units on the screen: what each old commune's
people bring by the crosswalk's shares; whole where old communes merged, estimated where one was split. **Newer months,
carried back** to units that no longer exist: a new commune's people are shared out to the old communes it was made of, by the
people each of them had when it was last counted (the insured by the insured, the residents by the residents). That
keeps the series without a jump and assumes that the parts of a new commune have moved alike since: estimated, and marked,
unless a new commune lies in the old unit as a whole, which is the rule for provinces.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data import queries
from data.queries import trends
from data.store import Store
from geo.crosswalks import Crosswalk, load_crosswalk

COUNTS = ("insured", "population")
UNIT_COLUMN = {"province": "province_code", "district": "district_code", "commune": "unit_code"}


def find_parts(store: Store, own_set: str, shown_set: str, level: str) -> pd.DataFrame:
    """Which communes of `own_set` make up the units of a level of `shown_set`, and with which share.

    unit_code, part_code, insured_share, population_share (0…1), is_estimated (a share that is not the whole commune).
    """
    shown = queries.units(store, shown_set, "commune")
    unit_of = np.full(len(shown), queries.NATION) if level == "nation" else shown[UNIT_COLUMN[level]].to_numpy()
    if own_set == shown_set:
        parts = pd.DataFrame({"unit_code": unit_of, "part_code": shown["unit_code"].to_numpy()})
        return parts.dropna().assign(insured_share=1.0, population_share=1.0, is_estimated=False)
    sets = list(queries.boundary_sets(store)["boundary_set"])
    if sets.index(own_set) < sets.index(shown_set):
        walk = load_crosswalk(own_set, shown_set)
        share = walk.numerator / walk.denominator
        rows = pd.DataFrame(
            {
                "unit_code": unit_of[walk.target],
                "part_code": walk.from_codes.to_numpy()[walk.source],
                "insured_share": share,
                "population_share": share,
            }
        )
    else:
        rows = share_back(store, load_crosswalk(shown_set, own_set), shown_set, unit_of)
    parts = rows.groupby(["unit_code", "part_code"], as_index=False).sum()
    shares = parts[["insured_share", "population_share"]].to_numpy(copy=True)
    # A share that misses the whole by the last bits of a float is the whole.
    shares[np.abs(shares - 1) < 1e-9] = 1.0
    parts[["insured_share", "population_share"]] = shares
    parts = parts[(shares > 1e-9).any(axis=1)]
    whole = (parts["insured_share"] == 1.0) & (parts["population_share"] == 1.0)
    return parts.assign(is_estimated=~whole).reset_index(drop=True)


def share_back(store: Store, walk: Crosswalk, shown_set: str, unit_of: np.ndarray) -> pd.DataFrame:
    """The shares of new communes that belong to old units, by the people last counted in each old commune."""
    last = trends.last_counts(store, shown_set).set_index("unit_code").reindex(walk.from_codes).fillna(0)
    share = walk.numerator / walk.denominator
    columns = {"unit_code": unit_of[walk.source], "part_code": walk.to_codes.to_numpy()[walk.target]}
    for name in COUNTS:
        people = last[name].to_numpy(dtype=float)[walk.source] * share
        total = np.bincount(walk.target, weights=people, minlength=len(walk.to_codes))[walk.target]
        # Where nobody was counted (an island without residents), the land decides.
        area = np.bincount(walk.target, weights=share, minlength=len(walk.to_codes))[walk.target]
        columns[f"{name}_share"] = np.where(total > 0, people / np.where(total > 0, total, 1), share / area)
    return pd.DataFrame(columns)


@dataclass(frozen=True)
class Parts:
    """What the units of a level consist of in one boundary set.

    whole: own_code, unit_code: whole units of the same level of that set, whose published sums can be added.
    communes: `find_parts` of the units that are not made of whole ones.
    """

    whole: pd.DataFrame
    communes: pd.DataFrame

    def of(self, codes: Sequence[str]) -> Parts:
        return Parts(*(frame[frame["unit_code"].isin(codes)] for frame in (self.whole, self.communes)))


def split_parts(store: Store, own_set: str, shown_set: str, level: str) -> Parts:
    """`find_parts`, with whole units of the level put together again."""
    parts = find_parts(store, own_set, shown_set, level)
    none = pd.DataFrame({"own_code": [], "unit_code": []}, dtype=str)
    if level not in ("province", "district"):
        return Parts(none, parts)
    own = queries.units(store, own_set, "commune")[["unit_code", UNIT_COLUMN[level]]]
    own = own.set_axis(["part_code", "own_code"], axis=1)
    pairs = own.merge(parts, on="part_code", how="left")
    pairs["is_torn"] = pairs["unit_code"].isna() | pairs["is_estimated"].fillna(True).astype(bool)
    by_own = pairs.groupby("own_code").agg(torn=("is_torn", "any"), units=("unit_code", "nunique"))
    is_whole = ~by_own["torn"] & (by_own["units"] == 1)
    pairs["in_whole"] = pairs["own_code"].map(is_whole).eq(True)
    made_of_whole = pairs.groupby("unit_code")["in_whole"].all()
    codes = made_of_whole.index[made_of_whole]
    whole = pairs.loc[pairs["unit_code"].isin(codes), ["own_code", "unit_code"]].drop_duplicates(ignore_index=True)
    return Parts(whole, parts[~parts["unit_code"].isin(codes)].reset_index(drop=True))


def read_series(
    store: Store, parts_of: dict[str, Parts], level: str, periods: Sequence[str] | None = None
) -> pd.DataFrame:
    """The months of units, oldest first: unit_code, period, insured, population (int64 whole people), is_estimated,
    is_simulated.

    `parts_of`: boundary set → `split_parts` for it, of the units wanted. Above communes a month is the sum over the communes
    that reported; a commune made of several is known where all of them reported.
    """
    columns = ["unit_code", "period", "insured", "population", "is_estimated", "is_simulated"]
    frames = [pd.DataFrame(columns=columns)]
    for boundary_set, parts in parts_of.items():
        if len(parts.whole):
            sums = trends.whole_sums(store, boundary_set, level, parts.whole, periods)
            frames.append(sums.assign(is_estimated=False))
        if len(parts.communes):
            sums = trends.shared_sums(store, boundary_set, parts.communes, periods)
            of_unit = parts.communes.groupby("unit_code")["is_estimated"].agg(["any", "size"])
            if level == "commune":
                sums = sums[sums["reported"].to_numpy() == sums["unit_code"].map(of_unit["size"]).to_numpy()]
            frames.append(sums.assign(is_estimated=sums["unit_code"].map(of_unit["any"]).astype(bool)))
    filled = [frame for frame in frames if len(frame)]
    if not filled:
        return frames[0]
    series = pd.concat(filled)[columns].sort_values(["unit_code", "period"], ignore_index=True)
    counts = {name: np.floor(series[name].to_numpy(dtype=float) + 0.5).astype(np.int64) for name in COUNTS}
    return series.assign(**counts)
