"""Populations of the simulation: real provinces by year, spread over months and over simulated communes."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.ingest.apportion import apportion_by_group
from data.ingest.facts import read_facts

FIRST_YEAR, LAST_REAL_PROVINCE_YEAR, LAST_REAL_NATION_YEAR = 2015, 2020, 2023
# Garrison and island units whose size has nothing to do with that of their province: residents, constant over the
# years.
FIXED_POPULATION = {"318": 910, "471": 90, "498": 0, "755": 8500, "22736": 75, "22737": 60, "22739": 60}
TYPE_SIZE = {"phuong": 9500.0, "thi_tran": 7500.0}
COMMUNE_SIZE = {
    "r6_dbsh": 7500.0,
    "r6_dbscl": 10500.0,
    "r6_dnb": 9500.0,
    "r6_btbdhmt": 5500.0,
    "r6_tn": 7000.0,
    "r6_tdmnpb": 4000.0,
}


def list_months(first: str, last: str) -> list[str]:
    """Months as text, both ends included: `2016-01` … `2026-10`."""
    return [str(month) for month in pd.period_range(first, last, freq="M")]


def estimate_province_years(last_year: int) -> pd.DataFrame:
    """Residents by province (rows, sorted codes) and year from 2015 (columns); whole people.

    2015 and 2016: the provinces' old series scaled to the nation's revised one. 2017-2020: published (revised after the
    census of 2019). 2021-2023: 2020 grown by the published nation. Later: the nation's last growth goes on. Only
    2017-2020 are real.
    """
    facts = read_facts("population_year")
    facts["population"] = facts["population"].astype("int64")
    facts["year"] = facts["year"].astype("int64")
    nation = facts[facts["series"] == "nso_nation"].set_index("year")["population"]
    provinces = facts[facts["unit_code"] != "VN"]
    old = provinces[provinces["series"] == "gso_old"].pivot(index="unit_code", columns="year", values="population")
    revised = provinces[provinces["series"] == "gso_revised"].pivot(
        index="unit_code", columns="year", values="population"
    )
    years: dict[int, NDArray[np.int64]] = {}
    one_group = np.zeros(len(revised), dtype=np.int64)

    def scale(shares: NDArray[np.int64], total: int) -> NDArray[np.int64]:
        return apportion_by_group(shares.astype(float), one_group, np.array([total]))

    for year in range(FIRST_YEAR, last_year + 1):
        if year in revised.columns:
            years[year] = revised[year].to_numpy()
        elif year < LAST_REAL_PROVINCE_YEAR:
            years[year] = scale(old[year].reindex(revised.index).to_numpy(), int(nation[year]))
        elif year <= LAST_REAL_NATION_YEAR:
            years[year] = scale(years[year - 1], int(nation[year]))
        else:
            growth = nation[LAST_REAL_NATION_YEAR] / nation[LAST_REAL_NATION_YEAR - 1]
            years[year] = scale(years[year - 1], round(int(years[year - 1].sum()) * growth))
    return pd.DataFrame(years, index=revised.index)


def spread_over_months(by_year: pd.DataFrame, months: list[str]) -> NDArray[np.int64]:
    """Residents by province and month: December has the year's figure, the months between lie on a straight line."""
    columns = []
    for month in months:
        year, number = int(month[:4]), int(month[5:])
        before, after = by_year[year - 1].to_numpy(), by_year[year].to_numpy()
        columns.append(np.rint(before + (after - before) * (number / 12)).astype(np.int64))
    return np.stack(columns, axis=1)


def draw_unit_sizes(units: pd.DataFrame, rng: np.random.Generator) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Size of each unit inside its province (any scale), and its growth per year beside its neighbours'.

    `units` has type, region6 and district_code. Neighbours in a district resemble each other.
    """
    xa = units["region6"].map(COMMUNE_SIZE).to_numpy()
    size = units["type"].map(TYPE_SIZE).fillna(pd.Series(xa, index=units.index)).to_numpy(dtype=float)
    district, names = pd.factorize(units["district_code"])
    size = size * np.exp(rng.normal(0, 0.17, len(names)))[district] * np.exp(rng.normal(0, 0.36, len(units)))
    growth = rng.normal(0, 0.004, len(units)) + np.where(units["type"] == "phuong", 0.004, 0.0)
    return size, growth


def spread_over_units(
    units: pd.DataFrame,
    province: NDArray[np.int64],
    province_months: NDArray[np.int64],
    size: NDArray[np.float64],
    growth: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Residents by unit and month, not yet whole people; each province adds up to its row of `province_months`."""
    fixed = units["unit_code"].map(FIXED_POPULATION).to_numpy(dtype=float)
    is_fixed = ~np.isnan(fixed)
    months = province_months.shape[1]
    weight = size[:, None] * np.exp(growth[:, None] * (np.arange(months) / 12)[None, :])
    weight[is_fixed] = 0
    sums = np.zeros(province_months.shape)
    taken = np.zeros(len(province_months))
    np.add.at(sums, province, weight)
    np.add.at(taken, province[is_fixed], fixed[is_fixed])
    population = weight * ((province_months - taken[:, None]) / sums)[province]
    population[is_fixed] = fixed[is_fixed][:, None]
    return population
