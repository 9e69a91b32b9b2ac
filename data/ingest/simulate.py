"""The simulation: monthly figures of every commune, 2016-01 … 2026-10, the same rows every time.

Figures live on the oldest boundary set throughout and are carried to each month's own set through the crosswalk, so
that a merged commune continues its parts. They leave this module as `ReportColumns`, the form of a received report, and
go through the same checks and the same builder.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.ingest.apportion import apportion_by_group, apportion_rows
from data.ingest.columns import MISSING, NOT_APPLICABLE, REPORTED, UNKNOWN, ReportColumns
from data.ingest.simulate_gaps import draw_missing
from data.ingest.simulate_groups import draw_first_survey, draw_group_shares, split_uninsured
from data.ingest.simulate_population import (
    draw_unit_sizes,
    estimate_province_years,
    list_months,
    spread_over_months,
    spread_over_units,
)
from data.ingest.simulate_rates import (
    PublishedPoints,
    draw_drops,
    draw_unit_levels,
    lift_ceilings,
    read_published_points,
    solve_insured,
)
from geo.crosswalks import load_crosswalk
from geo.units import boundary_set_of, boundary_sets, load_units, map_order
from indicators.catalogue import load_payer_groups, payer_groups_in_force

SEED = 20_161_017  # the date of decision 1980/QĐ-TTg
FIRST_MONTH, LAST_MONTH = "2016-01", "2026-10"
# Reports of the two last months are still coming in.
LATE_PROVINCES = {"2026-09": 1, "2026-10": 4}


def list_known_groups() -> list[str]:
    """Every payer group of every list, in the law's order."""
    return list(dict.fromkeys(code for entry in load_payer_groups() for code in entry.codes))


def list_map_units(boundary_set: str) -> pd.DataFrame:
    """Communes and districts that stand alone, in map order, with type, province, district and the region of the
    province."""
    units = load_units(boundary_set).set_index("unit_code", drop=False)
    rows = units.loc[map_order(boundary_set, "commune")].reset_index(drop=True)
    is_commune = rows["level"] == "commune"
    rows["district_code"] = rows["parent_code"].where(is_commune, rows["unit_code"])
    rows["region6"] = rows["province_code"].map(units["region6"])
    return rows


@dataclass(frozen=True)
class Latent:
    """Figures on the oldest boundary set: `population` and `insured` by unit and month, `eligible` share by unit and
    group."""

    units: pd.DataFrame
    months: list[str]
    population: NDArray[np.float64]
    insured: NDArray[np.float64]
    group_share: NDArray[np.float64]
    first_survey: NDArray[np.int64]
    province_months: pd.DataFrame
    published: PublishedPoints


def simulate_latent(months: list[str] | None = None, seed: int = SEED) -> Latent:
    """Everything on the oldest boundary set, calibrated, for `months` in order (all where None)."""
    base_set = boundary_sets()[0]
    units = list_map_units(base_set)
    months = months or list_months(FIRST_MONTH, LAST_MONTH)
    size_rng, level_rng, drop_rng, wander_rng, group_rng = np.random.default_rng(seed).spawn(5)
    by_year = estimate_province_years(int(months[-1][:4]))
    province_months = pd.DataFrame(spread_over_months(by_year, months), index=by_year.index, columns=months)
    province = by_year.index.get_indexer(units["province_code"])
    size, growth = draw_unit_sizes(units, size_rng)
    population = spread_over_units(units, province, province_months.to_numpy(), size, growth)
    published = read_published_points(months, province_months)
    level, ceiling = draw_unit_levels(units, level_rng)
    lost = draw_drops(units, months, drop_rng)
    ceilings = lift_ceilings(ceiling, months)
    insured = solve_insured(population, province, list(by_year.index), level, ceilings, lost, published, wander_rng)
    return Latent(
        units=units,
        months=months,
        population=population,
        insured=insured,
        group_share=draw_group_shares(units, list_known_groups(), group_rng),
        first_survey=draw_first_survey(len(units), len(months), group_rng),
        province_months=province_months,
        published=published,
    )


@dataclass(frozen=True)
class Carrier:
    """How figures of the oldest set are added up into another: source row, target row and weight per pair."""

    units: pd.DataFrame
    source: NDArray[np.int64]
    target: NDArray[np.int64]
    weight: NDArray[np.float64]

    def carry(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Add the figures of one month up into the target set."""
        return np.bincount(self.target, weights=values[self.source] * self.weight, minlength=len(self.units))


def make_carrier(latent: Latent, boundary_set: str) -> Carrier:
    """The way from the oldest boundary set to `boundary_set`."""
    base_set = boundary_sets()[0]
    if boundary_set == base_set:
        place = np.arange(len(latent.units))
        return Carrier(latent.units, place, place, np.ones(len(place)))
    crosswalk = load_crosswalk(base_set, boundary_set)
    weight = crosswalk.numerator / crosswalk.denominator
    return Carrier(list_map_units(boundary_set), crosswalk.source, crosswalk.target, weight)


def simulate_months(latent: Latent, source_id: int, seed: int = SEED) -> Iterator[ReportColumns]:
    """One batch per month, in order of time. Each month draws its gaps from a stream of its own."""
    carriers: dict[str, Carrier] = {}
    for number, month in enumerate(latent.months):
        boundary_set = boundary_set_of(month)
        if boundary_set not in carriers:
            carriers[boundary_set] = make_carrier(latent, boundary_set)
        yield make_month(latent, carriers[boundary_set], number, source_id, np.random.default_rng([seed, number]))


def make_month(
    latent: Latent, carrier: Carrier, number: int, source_id: int, rng: np.random.Generator
) -> ReportColumns:
    """One month as a report: whole people that add up to the provinces' populations and to the published insured."""
    month, units = latent.months[number], carrier.units
    population = count_population(latent, carrier, number)
    is_empty = population == 0
    missing = (
        draw_missing(units, population, number in latent.published.exact, LATE_PROVINCES.get(month), rng) & ~is_empty
    )
    insured = count_insured(latent, carrier, number, ~missing)
    groups = payer_groups_in_force(month).codes
    share = np.stack([carrier.carry(latent.population[:, number] * column) for column in latent.group_share.T], axis=1)
    columns = [list_known_groups().index(group) for group in groups]
    eligible = apportion_rows(share[:, columns], population)
    group_insured = eligible - split_uninsured(eligible, population - insured, groups)
    # A unit counts as surveyed once all its parts are.
    not_surveyed = carrier.carry((latent.first_survey > number).astype(float)) > 0
    eligible[not_surveyed] = UNKNOWN
    eligible[missing | is_empty] = UNKNOWN
    group_insured[missing | is_empty] = UNKNOWN
    status = np.where(is_empty, NOT_APPLICABLE, np.where(missing, MISSING, REPORTED)).astype(np.uint8)
    return ReportColumns(
        period=month,
        unit_code=units["unit_code"].to_numpy(dtype=object),
        population=np.where(is_empty, UNKNOWN, population),
        insured=np.where(missing | is_empty, UNKNOWN, insured),
        obs_status=status,
        payer_groups=groups,
        eligible=eligible,
        group_insured=group_insured,
        is_simulated=True,
        source_id=source_id,
        source_row=np.zeros(len(units), dtype=np.int32),
    )


def count_population(latent: Latent, carrier: Carrier, number: int) -> NDArray[np.int64]:
    """Whole residents of a month; each province of the target set has the sum of the provinces it was made of."""
    exact = carrier.carry(latent.population[:, number])
    province, codes = pd.factorize(carrier.units["province_code"], sort=True)
    totals = np.bincount(province, weights=exact, minlength=len(codes))
    whole = apportion_by_group(totals, np.zeros(len(codes), dtype=np.int64), np.array([round(totals.sum())]))
    return apportion_by_group(exact, province.astype(np.int64), whole)


def count_insured(latent: Latent, carrier: Carrier, number: int, reported: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Whole insured people of a month. Over the units that reported they add up to the nation's published figure where
    there is one, and to the interpolated one over all units elsewhere; provinces with a published figure have exactly
    that."""
    exact = carrier.carry(latent.insured[:, number])
    province, codes = pd.factorize(carrier.units["province_code"], sort=True)
    pins = {code: people for (code, at), people in latent.published.provinces.items() if at == number and code in codes}
    is_pinned = np.isin(codes, list(pins))
    # A published figure holds what had been reported.
    counted = reported | ~(is_pinned[province] | (number in latent.published.exact))
    held = np.where(counted, exact, 0.0)
    totals = np.bincount(province, weights=held, minlength=len(codes))
    nation = round(float(latent.published.nation[number]))
    free = apportion_by_group(
        np.where(is_pinned, 0.0, totals), np.zeros(len(codes), dtype=np.int64), np.array([nation - sum(pins.values())])
    )
    whole = np.where(is_pinned, [pins.get(code, 0) for code in codes], free)
    people = apportion_by_group(held, province.astype(np.int64), whole)
    return np.where(counted, people, np.rint(exact).astype(np.int64))
