"""What a round of evaluation is judged by, read from the store: one level, every unit, with the months behind it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data import queries
from data.conversion import convert_commune_values
from data.queries.evaluation import summary_months
from data.store import Store
from indicators.changes import keep_known_in_both, sum_known_in_both
from indicators.counts import UNKNOWN, both_known
from indicators.evaluation import RoundFigures
from indicators.evaluation_rules import Round
from indicators.exemplars import district_months
from indicators.met import MET, met_status
from indicators.rules import Programme, Threshold, programme_of, threshold_in_force

PARENT = {"province": "province_code", "district": "district_code"}


@dataclass(frozen=True)
class RoundData:
    """One level of a round. `units`: unit_code, name, type, province_code, district_code, is_simulated (any figure at
    either end), in the order of the level. `status`: int8 units x `months`, 1 met, 0 not met, -1 unknown; for districts
    and provinces whether every counted commune met.
    """

    round: Round
    level: str
    boundary_set: str
    threshold: Threshold | None
    units: pd.DataFrame
    figures: RoundFigures
    months: tuple[str, ...]
    status: np.ndarray


def read_round(store: Store, one: Round, level: str, programmes: Mapping[str, Programme]) -> RoundData:
    """The figures of a round on the boundaries of its last month; earlier figures are converted to them.

    Months are those of that boundary set which hold figures: a month that nobody has reported is nobody's gap. KeyError
    where the store does not have the last month.
    """
    periods = queries.periods(store).set_index("period")
    boundary_set = str(periods.at[one.to_period, "boundary_set"])
    inside = (periods.index >= one.from_period) & (periods.index <= one.to_period)
    months = tuple(periods.index[inside & (periods["boundary_set"] == boundary_set)])
    threshold = threshold_in_force(programmes[one.programme], one.to_period)
    rules = [rule_of_month(programmes, month) for month in months]
    units = queries.units(store, boundary_set, level)
    units = units[["unit_code", "name", "type", "province_code", "district_code", "stands_alone"]].reset_index(
        drop=True
    )
    if level == "commune":
        table = queries.commune_months(store, boundary_set, one.from_period, one.to_period)
        found = Months(table, "place", len(units), months)
        insured, population = found.matrix("insured"), found.matrix("population").clip(min=UNKNOWN)
        status = np.column_stack([met_status(insured[:, at], population[:, at], rule) for at, rule in enumerate(rules)])
        simulated = queries.commune_values(store, one.to_period)["is_simulated"].to_numpy()
        reported, expected = both_known(insured, population).sum(axis=1), np.full(len(units), len(months))
        met = counted = np.full(len(units), UNKNOWN)
        types = threshold.unit_types if threshold else tuple(units["type"].unique())
        is_counted = (units["type"].isin(types) & ~units["stands_alone"]).to_numpy()
    else:
        table = summary_months(store, level, boundary_set, one.from_period, one.to_period)
        found = Months(table, "level_order", len(units), months)
        insured, population = found.matrix("insured"), found.matrix("population")
        met, counted = found.matrix("met"), found.matrix("counted")
        status = district_months(met, counted, found.matrix("unknown"))
        met, counted = met[:, -1], counted[:, -1]
        simulated = found.matrix("units_simulated")[:, -1] > 0
        reported = found.matrix("units_reported").clip(min=0).sum(axis=1)
        expected = found.matrix("units").clip(min=0).sum(axis=1)
        is_counted = ~units["stands_alone"].to_numpy(dtype=bool)
    start = read_start(store, one, level, boundary_set, units, months, insured, population)
    ends = (insured[:, -1], population[:, -1], start["insured"].to_numpy(), start["population"].to_numpy())
    shared = keep_known_in_both(*ends) if level == "commune" else read_shared(store, one, level, boundary_set, units)
    figures = RoundFigures(
        insured_start=start["insured"].to_numpy(),
        population_start=start["population"].to_numpy(),
        insured=insured[:, -1],
        population=population[:, -1],
        shared_insured=shared[0],
        shared_population=shared[1],
        shared_insured_start=shared[2],
        shared_population_start=shared[3],
        met=met,
        counted=counted,
        months_reported=reported.astype(np.int64),
        months_expected=expected.astype(np.int64),
        months_met=(status == MET).sum(axis=1).astype(np.int64),
        months_judged=(status >= 0).sum(axis=1).astype(np.int64),
        is_counted=is_counted,
    )
    units["is_simulated"] = simulated | start["is_simulated"].to_numpy()
    return RoundData(one, level, boundary_set, threshold, units, figures, months, status)


def read_shared(
    store: Store, one: Round, level: str, boundary_set: str, units: pd.DataFrame
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """insured and population at the end, then at the start, of every province or district over its communes known at both."""
    end, start = (read_communes(store, period, boundary_set) for period in (one.to_period, one.from_period))
    counts = ["insured", "population"]
    before = start.set_index("unit_code").reindex(end["unit_code"])[counts].fillna(UNKNOWN).astype("int64")
    group = pd.Index(units["unit_code"]).get_indexer(end[PARENT[level]])
    return sum_known_in_both(
        end["insured"], end["population"], before["insured"], before["population"], group, len(units)
    )


def read_communes(store: Store, period: str, boundary_set: str) -> pd.DataFrame:
    """The communes of a month on a boundary set, its own or a newer one."""
    if str(queries.periods(store).set_index("period").at[period, "boundary_set"]) == boundary_set:
        return queries.commune_values(store, period)
    return convert_commune_values(store, period, boundary_set)


class Months:
    """A long table of months as one matrix per column: a row per unit, a column per month; -1 where there is no row."""

    def __init__(self, table: pd.DataFrame, order: str, rows: int, months: tuple[str, ...]) -> None:
        self._table, self._shape = table, (rows, len(months))
        self._row = table[order].to_numpy()
        self._column = pd.Index(months).get_indexer(table["period"])

    def matrix(self, name: str) -> np.ndarray:
        result = np.full(self._shape, UNKNOWN, dtype=np.int64)
        result[self._row, self._column] = self._table[name].to_numpy()
        return result


def rule_of_month(programmes: Mapping[str, Programme], period: str) -> Threshold | None:
    programme = programme_of(programmes, period)
    return threshold_in_force(programme, period) if programme else None


def read_start(
    store: Store,
    one: Round,
    level: str,
    boundary_set: str,
    units: pd.DataFrame,
    months: tuple[str, ...],
    insured: np.ndarray,
    population: np.ndarray,
) -> pd.DataFrame:
    """insured, population (-1 unknown) and is_simulated of every unit at the start; converted where it lies in another
    boundary set."""
    if months and months[0] == one.from_period:
        return pd.DataFrame(
            {"insured": insured[:, 0], "population": population[:, 0], "is_simulated": np.zeros(len(units), dtype=bool)}
        )
    communes = convert_commune_values(store, one.from_period, boundary_set)
    columns = ["insured", "population", "is_simulated"]
    if level == "commune":
        return communes.set_index("unit_code").reindex(units["unit_code"])[columns].reset_index(drop=True)
    known = both_known(communes["insured"].to_numpy(), communes["population"].to_numpy())
    sums = communes[known].groupby(PARENT[level])[columns].sum().reindex(units["unit_code"])
    return pd.DataFrame(
        {
            "insured": sums["insured"].fillna(UNKNOWN).astype("int64").to_numpy(),
            "population": sums["population"].fillna(UNKNOWN).astype("int64").to_numpy(),
            "is_simulated": sums["is_simulated"].fillna(0).to_numpy() > 0,
        }
    )
