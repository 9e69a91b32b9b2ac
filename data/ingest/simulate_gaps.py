"""Which reports of the simulation are missing: single late communes, whole districts, whole provinces."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

SINGLE_LATE = (0.003, 0.012)
DISTRICTS_LATE = 3
PROVINCE_LATE_CHANCE = 0.3
# In a month whose national total was published nearly everybody had reported: only a few of the smallest communes lack.
LACKING_IN_PUBLISHED_MONTHS, SMALLEST = 3, 150


def draw_missing(
    units: pd.DataFrame,
    population: NDArray[np.int64],
    is_published: bool,
    late_provinces: int | None,
    rng: np.random.Generator,
) -> NDArray[np.bool_]:
    """Which units of a month have not reported. `late_provinces` sets how many whole provinces are late (None: by
    chance)."""
    missing = np.zeros(len(units), dtype=bool)
    if is_published:
        candidates = np.flatnonzero((population > 0) & (units["type"] == "xa").to_numpy())
        smallest = candidates[np.argsort(population[candidates], kind="stable")[:SMALLEST]]
        lacking = min(LACKING_IN_PUBLISHED_MONTHS, len(units) // 500)
        missing[rng.choice(smallest, min(lacking, len(smallest)), replace=False)] = True
        return missing
    missing |= rng.random(len(units)) < rng.uniform(*SINGLE_LATE)
    district, names = pd.factorize(units["district_code"])
    if len(names) > 100 and (units["level"] == "commune").any():
        missing |= np.isin(district, rng.choice(len(names), rng.integers(0, DISTRICTS_LATE + 1), replace=False))
    province, codes = pd.factorize(units["province_code"])
    late = late_provinces if late_provinces is not None else int(rng.random() < PROVINCE_LATE_CHANCE)
    if len(codes) > 2 * late:
        missing |= np.isin(province, rng.choice(len(codes), late, replace=False))
    return missing
