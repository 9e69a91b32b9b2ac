"""Totals of a period for every province, district, region and the nation at once: add counts, then compare once.

Publishing calls `summarise_units` once per period (about 130 periods × 11,160 communes); it never loops over units.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from indicators.counts import UNKNOWN, as_counts, both_known
from indicators.met import MET, NOT_APPLICABLE, NOT_MET, PercentRule, district_status, met_status, still_to_enrol


@dataclass(frozen=True)
class Grouping:
    """Into which group each unit falls. `of_unit`: group number per unit, -1 outside every group.

    `of_district`: group number per district (numbered as in `Districts.of_unit`), where districts are to be counted.
    """

    level: str
    codes: tuple[str, ...]
    of_unit: np.ndarray
    of_district: np.ndarray | None = None


@dataclass(frozen=True)
class Districts:
    """The districts of a boundary set: `of_unit` is each unit's district number (-1: none), `count` their number."""

    of_unit: np.ndarray
    count: int


@dataclass(frozen=True)
class UnitSummary:
    """One int64 array per figure, one entry per group in the order of `Grouping.codes`; -1 is unknown everywhere.

    units, units_reported          communes, and those with a known rate (stand-alone districts are in neither)
    insured, population            people, added over the units with a known rate only (stand-alone districts included)
    uninsured                      population − insured, never below 0
    counted                        communes that the programme counts (xã); `met + not_met + unknown` adds up to it
    met, not_met, unknown          -1 where no threshold is in force
    population_counted, population_met   people of the counted communes with a known rate; of those that meet
    still_to_enrol                 to bring every counted commune with a known rate to the threshold
    districts_met, districts_not_met, districts_unknown, districts_not_applicable   -1 without districts or threshold
    """

    units: np.ndarray
    units_reported: np.ndarray
    insured: np.ndarray
    population: np.ndarray
    uninsured: np.ndarray
    counted: np.ndarray
    met: np.ndarray
    not_met: np.ndarray
    unknown: np.ndarray
    population_counted: np.ndarray
    population_met: np.ndarray
    still_to_enrol: np.ndarray
    districts_met: np.ndarray
    districts_not_met: np.ndarray
    districts_unknown: np.ndarray
    districts_not_applicable: np.ndarray

    def as_columns(self) -> dict[str, np.ndarray]:
        return {field.name: getattr(self, field.name) for field in fields(self)}


def summarise_units(
    insured: Any,
    population: Any,
    threshold: PercentRule | None,
    *,
    counted: Any,
    groupings: Iterable[Grouping],
    districts: Districts | None = None,
    stands_alone: Any = None,
) -> dict[str, UnitSummary]:
    """Totals per level of `groupings`. All arguments are columns of one period, one entry per unit, in one order.

    `insured`, `population` int64 with -1 unknown; `counted` bool: the units whose type the programme counts;
    `stands_alone` bool: districts without communes, which bring people to the sums and no unit to the counts.
    """
    n, p = as_counts(insured), as_counts(population)
    known = both_known(n, p)
    alone = np.zeros(n.shape, dtype=bool) if stands_alone is None else np.asarray(stands_alone, dtype=bool)
    in_programme = np.asarray(counted, dtype=bool) & ~alone
    status = met_status(n, p, threshold)
    missing_people = still_to_enrol(n, p, threshold)
    of_districts = None
    if districts is not None and threshold is not None:
        of_districts = district_status(status, in_programme, districts.of_unit, districts.count)

    columns = _UnitColumns(n, p, known, alone, in_programme, status, missing_people, threshold is not None)
    return {
        grouping.level: _summarise_groups(columns, grouping, _count_districts(of_districts, grouping))
        for grouping in groupings
    }


@dataclass(frozen=True)
class _UnitColumns:
    """What `summarise_units` knows of every unit before anything is added up."""

    insured: np.ndarray
    population: np.ndarray
    known: np.ndarray
    alone: np.ndarray
    in_programme: np.ndarray
    status: np.ndarray
    still_to_enrol: np.ndarray
    judged: bool


def _summarise_groups(unit: _UnitColumns, grouping: Grouping, districts: dict[str, np.ndarray]) -> UnitSummary:
    size, index = len(grouping.codes), np.asarray(grouping.of_unit)
    inside = index >= 0

    def units_where(mask: np.ndarray) -> np.ndarray:
        return np.bincount(index[mask & inside], minlength=size).astype(np.int64)

    def people_where(values: np.ndarray, mask: np.ndarray) -> np.ndarray:
        total = np.zeros(size, dtype=np.int64)
        chosen = mask & inside
        np.add.at(total, index[chosen], values[chosen])  # whole numbers; bincount's weights would be floats
        return np.where(units_where(mask) > 0, total, UNKNOWN)

    def if_judged(values: np.ndarray) -> np.ndarray:
        return values if unit.judged else np.full(size, UNKNOWN, dtype=np.int64)

    counted_known = unit.in_programme & unit.known
    insured = people_where(unit.insured, unit.known)
    population = people_where(unit.population, unit.known)
    population_counted = people_where(unit.population, counted_known)
    in_met_units = people_where(np.where(unit.status == MET, unit.population, 0), counted_known)
    return UnitSummary(
        units=units_where(~unit.alone),
        units_reported=units_where(~unit.alone & unit.known),
        insured=insured,
        population=population,
        uninsured=np.where(population >= 0, np.maximum(population - insured, 0), UNKNOWN),
        counted=units_where(unit.in_programme),
        met=if_judged(units_where(unit.in_programme & (unit.status == MET))),
        not_met=if_judged(units_where(unit.in_programme & (unit.status == NOT_MET))),
        unknown=if_judged(units_where(unit.in_programme & (unit.status == UNKNOWN))),
        population_counted=population_counted,
        population_met=if_judged(in_met_units),
        still_to_enrol=if_judged(people_where(unit.still_to_enrol, counted_known)),
        **districts,
    )


_DISTRICT_FIGURES = {
    "districts_met": MET,
    "districts_not_met": NOT_MET,
    "districts_unknown": UNKNOWN,
    "districts_not_applicable": NOT_APPLICABLE,
}


def _count_districts(status: np.ndarray | None, grouping: Grouping) -> dict[str, np.ndarray]:
    size = len(grouping.codes)
    if status is None or grouping.of_district is None:
        return {name: np.full(size, UNKNOWN, dtype=np.int64) for name in _DISTRICT_FIGURES}
    index = np.asarray(grouping.of_district)
    return {
        name: np.bincount(index[(index >= 0) & (status == wanted)], minlength=size).astype(np.int64)
        for name, wanted in _DISTRICT_FIGURES.items()
    }
