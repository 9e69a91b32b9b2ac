"""Coverage rates of the simulation: plausible for every commune, and calibrated to what was published.

A commune's rate is the sigmoid of national level + what its province, its district and itself add; level and provinces
are then solved so that the nation and the provinces with a published figure have the people that were published.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.ingest.facts import read_facts

BEFORE_FIRST_MONTH = "2015-12"
# People who join per month once the last published figure is passed.
GROWTH_AFTER_LAST_FACT = 55_000
LAPSE_EVENTS_PER_MONTH = 8
# Points of percent between a province's published rate and the same people on the population used here.
LARGEST_RATE_GAP = 5.0
# Until 2020 many communes hardly get beyond a ceiling of their own; it lifts to 2025, as the nation nears 95 %.
STALLED = 0.36
LOWEST_CEILING, CEILING_LIFTS = 0.90, ("2020-12", "2025-12")
ZONE_CUT_MONTH = "2021-07"  # QĐ 861/QĐ-TTg: communes leave regions II and III, free cards stop


@dataclass(frozen=True)
class PublishedPoints:
    """What calibration holds on to: `nation` persons per month (every month), `exact` months with a published figure,
    `provinces` persons by (province code, month)."""

    nation: NDArray[np.float64]
    exact: frozenset[int]
    provinces: dict[tuple[str, int], int]


def read_published_points(months: list[str], province_population: pd.DataFrame) -> PublishedPoints:
    """Published persons for the months; between two published figures of the nation a straight line.

    A province that published a rate only has that rate of `province_population` (rows: province, columns: month). A
    province whose published persons and rate imply another population altogether is left out (LARGEST_RATE_GAP).
    """
    facts = read_facts("published_coverage")
    place = {month: number for number, month in enumerate(months)}
    axis = [str(month) for month in pd.period_range(BEFORE_FIRST_MONTH, months[-1], freq="M")]
    nation = facts[(facts["unit_code"] == "VN") & (facts["insured"] != "") & facts["period"].isin(axis)].sort_values(
        "period"
    )
    known = [axis.index(period) for period in nation["period"]]
    persons = nation["insured"].astype("int64").to_numpy(dtype=float)
    line = np.interp(np.arange(len(axis)), known, persons)
    after = np.maximum(np.arange(len(axis)) - known[-1], 0)
    line = np.rint(line + after * GROWTH_AFTER_LAST_FACT)
    provinces: dict[tuple[str, int], int] = {}
    for fact in facts[(facts["unit_code"] != "VN") & facts["period"].isin(months)].itertuples():
        residents = int(province_population.loc[fact.unit_code, fact.period])
        people = int(fact.insured) if fact.insured else round(residents * float(fact.coverage_pct) / 100)
        if not fact.coverage_pct or abs(100 * people / residents - float(fact.coverage_pct)) <= LARGEST_RATE_GAP:
            provinces[fact.unit_code, place[fact.period]] = people
    exact = frozenset(place[period] for period in nation["period"] if period in place)
    return PublishedPoints(line[[axis.index(month) for month in months]], exact, provinces)


def draw_unit_levels(units: pd.DataFrame, rng: np.random.Generator) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What each unit adds to the national level (logit scale), and its ceiling: up to 1, or a little above for the few
    over 100 %.

    Provinces follow their targets of 546/QĐ-TTg (the mountains high, because the state budget pays there); districts
    vary inside a province and communes inside a district.
    """
    targets = read_facts("targets")
    targets = targets[targets["decision"].str.startswith("546/") & (targets["year"] == "2022")].set_index("unit_code")[
        "value"
    ]
    share = (targets.astype(float) / 100).clip(upper=0.985)
    level = np.log(share / (1 - share))
    level = level - level["VN"]
    province = units["province_code"].map(level).fillna(0.0).to_numpy(dtype=float)
    district, names = pd.factorize(units["district_code"])
    urban = units["type"].isin(["phuong", "thi_tran"]).to_numpy()
    added = 2.4 * province + rng.normal(0, 0.45, len(names))[district] + rng.normal(0, 0.7, len(units)) + 0.9 * urban
    poor = np.clip(province / 0.6, 0, 1)  # where the state budget pays for nearly everybody the ceiling is near 100 %
    lowest = LOWEST_CEILING + (0.98 - LOWEST_CEILING) * np.maximum(poor, 0.35 * urban)
    ceiling = lowest + (1.0 - lowest) * rng.random(len(units))
    # In some districts self-paying households hardly join: their communes stall under the threshold of 85 %.
    stalls = (0.5 * rng.random(len(names))[district] + 0.5 * rng.random(len(units)) < STALLED) & ~urban & (poor < 0.5)
    ceiling = np.where(stalls, rng.uniform(0.76, 0.88, len(units)), ceiling)
    over = rng.random(len(units)) < 0.008
    return np.where(over, added + 3.0, added), np.where(over, rng.uniform(1.005, 1.06, len(units)), ceiling)


def lift_ceilings(ceiling: NDArray[np.float64], months: list[str]) -> NDArray[np.float64]:
    """The ceiling by unit and month: its own until 2020, then closing nine tenths of its distance to 1 by 2025."""
    axis = np.array([int(month[:4]) * 12 + int(month[5:]) for month in months])
    first, last = (int(month[:4]) * 12 + int(month[5:]) for month in CEILING_LIFTS)
    done = 0.9 * np.clip((axis - first) / (last - first), 0, 1)
    return np.where(ceiling[:, None] > 1, ceiling[:, None], ceiling[:, None] + (1 - ceiling[:, None]) * done[None, :])


def draw_drops(units: pd.DataFrame, months: list[str], rng: np.random.Generator) -> NDArray[np.float32]:
    """Share of the insured lost per unit and month: household cards that lapse together, and free cards that stop (QĐ
    861)."""
    lost = np.zeros((len(units), len(months)), dtype=np.float32)
    events = LAPSE_EVENTS_PER_MONTH * len(months) * len(units) // 11_000
    recovery = np.array([1.0, 0.8, 0.55, 0.3, 0.1], dtype=np.float32)
    who, when = rng.integers(0, len(units), events), rng.integers(0, len(months), events)
    depth = rng.uniform(0.04, 0.16, events).astype(np.float32)
    for step, share in enumerate(recovery):
        inside = when + step < len(months)
        np.maximum.at(lost, (who[inside], when[inside] + step), depth[inside] * share)
    if ZONE_CUT_MONTH in months:
        first = months.index(ZONE_CUT_MONTH)
        hit = units["region6"].isin(["r6_tdmnpb", "r6_tn"]).to_numpy() & (rng.random(len(units)) < 0.35)
        cut = np.where(hit, rng.uniform(0.02, 0.16, len(units)), 0.0).astype(np.float32)
        shape = np.interp(np.arange(len(months)), [first - 1, first, first + 8, first + 26], [0, 0.7, 1, 0]).astype(
            np.float32
        )
        lost = np.maximum(lost, cut[:, None] * shape[None, :])
    return lost


def solve_insured(
    population: NDArray[np.float64],
    province: NDArray[np.int64],
    province_codes: list[str],
    level: NDArray[np.float64],
    ceilings: NDArray[np.float64],
    lost: NDArray[np.float32],
    published: PublishedPoints,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Insured people per unit and month, not yet whole; nation and pinned provinces agree with `published`."""
    months = population.shape[1]
    # Units wander a little from month to month, and all move closer together as coverage grows.
    wander = np.cumsum(rng.normal(0, 0.035, (len(level), months)).astype(np.float32), axis=1)
    spread = np.linspace(1.25, 1.0, months)
    wanted = level[:, None] * spread[None, :] + wander
    shift = np.zeros(months)
    province_shift = np.zeros((len(province_codes), months))
    place = {code: number for number, code in enumerate(province_codes)}
    pinned: dict[int, list[tuple[int, int]]] = {}
    for (code, month), people in published.provinces.items():
        pinned.setdefault(place[code], []).append((month, people))

    def people_insured(rows: NDArray[np.int64] | slice, extra: NDArray[np.float64]) -> NDArray[np.float64]:
        rate = ceilings[rows] / (1.0 + np.exp(-(wanted[rows] + extra)))
        return population[rows] * rate * (1.0 - lost[rows])

    def solve(
        rows: NDArray[np.int64] | slice,
        columns: NDArray[np.int64],
        goal: NDArray[np.float64],
        start: NDArray[np.float64],
        base: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        low, high = start - 6.0, start + 6.0
        part, gap = population[rows][:, columns], wanted[rows][:, columns] + base
        keep, top = 1.0 - lost[rows][:, columns], ceilings[rows][:, columns]
        for _ in range(26):
            middle = (low + high) / 2
            total = (part * keep * top / (1.0 + np.exp(-(gap + middle)))).sum(axis=0)
            low, high = np.where(total < goal, middle, low), np.where(total < goal, high, middle)
        return (low + high) / 2

    everyone = slice(None)
    all_months = np.arange(months)
    for _ in range(2):
        shift = solve(everyone, all_months, published.nation, np.zeros(months), province_shift[province])
        for number, points in pinned.items():
            rows = np.flatnonzero(province == number)
            points.sort()
            at = np.array([month for month, _ in points])
            goal = np.array([people for _, people in points], dtype=float)
            found = solve(rows, at, goal, np.zeros(len(at)), shift[at][None, :])
            province_shift[number] = np.interp(all_months, at, found)
    shift = solve(everyone, all_months, published.nation, np.zeros(months), province_shift[province])
    return people_insured(everyone, shift[None, :] + province_shift[province])
