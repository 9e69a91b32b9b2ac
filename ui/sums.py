"""Sums of places: one row of the published sums as a small object, and the same sums for a month on other boundaries."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from indicators.rates import coverage_pct
from indicators.rules import Threshold
from indicators.summary import Districts, Grouping, summarise_units
from ui.view import NATION

COUNTED_WITHOUT_RULE = ("xa",)


@dataclass(frozen=True)
class PlaceSummary:
    """The sums of one place in one month (table unit_summary); -1 where a count is unknown or has no meaning."""

    population: int
    insured: int
    uninsured: int
    units: int
    units_reported: int
    units_simulated: int
    counted: int
    met: int
    not_met: int
    unknown: int
    population_counted: int
    population_met: int
    still_to_enrol: int
    districts_met: int
    districts_not_met: int
    districts_unknown: int
    districts_not_applicable: int

    @property
    def judged(self) -> int:
        """Communes held against the threshold: those counted, of which figures came."""
        return max(self.met, 0) + max(self.not_met, 0)

    @property
    def districts_counted(self) -> int:
        """Districts in the denominator; 0 where districts do not exist or nothing is judged."""
        return sum(max(count, 0) for count in (self.districts_met, self.districts_not_met, self.districts_unknown))


def to_summary(row: pd.Series) -> PlaceSummary:
    return PlaceSummary(**{field.name: int(row[field.name]) for field in fields(PlaceSummary)})


def to_summaries(frame: pd.DataFrame) -> list[PlaceSummary]:
    """Every row of a frame of sums."""
    counts = (frame[field.name].tolist() for field in fields(PlaceSummary))
    return [PlaceSummary(*each) for each in zip(*counts, strict=True)]


def summarise_frame(frame: pd.DataFrame, threshold: Threshold | None, level: str) -> pd.DataFrame:
    """The sums of every unit of a level, added up from a frame of communes (`conversion.convert_commune_values`).

    Columns: those of PlaceSummary and unit_code; counts are -1 where unknown.
    """
    counted = frame["type"].isin(threshold.unit_types if threshold else COUNTED_WITHOUT_RULE)
    if level == "nation":
        codes, index = [NATION], np.zeros(len(frame), dtype=np.int64)
    else:
        codes, index = number_codes(frame["unit_code" if level == "commune" else f"{level}_code"])
    # A commune holds no district: of those it has none, and not the one in which it lies.
    districts, of_district = (None, None) if level == "commune" else group_districts(frame, index)
    summary = summarise_units(
        frame["insured"],
        frame["population"],
        threshold,
        counted=counted,
        groupings=[Grouping(level, tuple(codes), index, of_district)],
        districts=districts,
        stands_alone=frame["stands_alone"],
    )[level]
    simulated = np.bincount(index[frame["is_simulated"]], minlength=len(codes))
    return pd.DataFrame(summary.as_columns() | {"unit_code": pd.Index(codes, dtype=str), "units_simulated": simulated})


def number_codes(column: pd.Series) -> tuple[list[str], np.ndarray]:
    """The codes of a column in their order, and which of them each entry is; -1 where it has none."""
    of_entry, codes = pd.factorize(column, sort=True)
    return list(codes), of_entry


def group_districts(frame: pd.DataFrame, index: np.ndarray) -> tuple[Districts | None, np.ndarray | None]:
    """The districts of a frame and into which group each falls (`index`: group per unit); None where there are none."""
    codes, of_unit = number_codes(frame["district_code"])
    if codes and codes[0] == "":
        codes, of_unit = codes[1:], np.maximum(of_unit - 1, -1)
    if not codes:
        return None, None
    of_district = np.full(len(codes), -1)
    of_district[of_unit[of_unit >= 0]] = index[of_unit >= 0]
    return Districts(of_unit, len(codes)), of_district


def share_met_pct(counts: pd.DataFrame) -> np.ndarray:
    """The share of communes that meet, in percent, from sums per month (met, counted, population; -1 unknown); NaN for a month of
    which nothing is known: that nobody reported is a gap in the line, and not that no commune meets."""
    is_known = (counts["population"] > 0).to_numpy()
    return np.where(is_known, coverage_pct(counts["met"], counts["counted"]), np.nan)


def add_trend(frame: pd.DataFrame) -> pd.DataFrame:
    """period, coverage_pct, communes_met_pct (NaN unknown) and is_simulated, from sums of one or more units per period."""
    names = ["population", "insured", "met", "counted"]
    if frame["period"].is_unique:  # one unit a month: nothing to add up
        order = np.argsort(frame["period"].to_numpy(dtype=object))
        values = {name: np.maximum(frame[name].to_numpy(dtype=np.int64)[order], -1) for name in names}
        simulated = frame["units_simulated"].to_numpy()[order]
        counts = pd.DataFrame(
            values | {"simulated": simulated}, index=pd.Index(frame["period"].iloc[order], name="period")
        )
    else:
        known = frame[names].where(lambda counts: counts >= 0)
        sums = known.assign(period=frame["period"], simulated=frame["units_simulated"]).groupby("period")
        counts = sums.sum(min_count=1).fillna(-1).astype("int64")
    return pd.DataFrame(
        {
            "period": counts.index,
            "coverage_pct": coverage_pct(counts["insured"], counts["population"]),
            "communes_met_pct": share_met_pct(counts),
            "is_simulated": counts["simulated"].to_numpy() > 0,
        }
    )
