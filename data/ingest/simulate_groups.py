"""Payer groups of the simulation: who is eligible where, and in which group the uninsured are."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.ingest.apportion import apportion_rows

# Share of residents by group. Sums need not be 1; they are scaled.
XA_MOUNTAIN = {
    "employer_employee": 5,
    "si_agency": 3,
    "state_budget": 61,
    "subsidised": 15,
    "household": 16,
    "employer_defence": 0.4,
}
XA_PLAIN = {
    "employer_employee": 14,
    "si_agency": 4,
    "state_budget": 20,
    "subsidised": 22,
    "household": 40,
    "employer_defence": 0.5,
}
URBAN = {
    "employer_employee": 28,
    "si_agency": 6,
    "state_budget": 14,
    "subsidised": 20,
    "household": 32,
    "employer_defence": 1.2,
}
# How much likelier somebody of the group is to be without a card (odds).
UNINSURED_ODDS = {
    "employer_employee": 0.8,
    "si_agency": 0.1,
    "state_budget": 0.25,
    "subsidised": 1.6,
    "household": 6.0,
    "employer_defence": 0.3,
}
NEVER_SURVEYED, SURVEYED_LATER = 0.04, 0.14


def draw_group_shares(units: pd.DataFrame, groups: list[str], rng: np.random.Generator) -> NDArray[np.float64]:
    """Share of residents by unit and group; rows add up to 1."""
    tables = [pd.Series(table).reindex(groups).to_numpy(dtype=float) for table in (XA_MOUNTAIN, XA_PLAIN, URBAN)]
    urban = units["type"].isin(["phuong", "thi_tran"]).to_numpy()
    mountain = units["region6"].isin(["r6_tdmnpb", "r6_tn"]).to_numpy()
    kind = np.where(urban, 2, np.where(mountain, 0, 1))
    shares = np.stack(tables)[kind] * np.exp(rng.normal(0, 0.25, (len(units), len(groups))))
    return shares / shares.sum(axis=1, keepdims=True)


def draw_first_survey(units: int, months: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """The month from which a commune's groups are known; `months` where they never are."""
    luck = rng.random(units)
    later = rng.integers(1, max(months, 2), units)
    return np.where(luck < NEVER_SURVEYED, months, np.where(luck < NEVER_SURVEYED + SURVEYED_LATER, later, 0))


def split_uninsured(
    eligible: NDArray[np.int64], uninsured: NDArray[np.int64], groups: tuple[str, ...]
) -> NDArray[np.int64]:
    """Uninsured people by group: whole, never more than are eligible, rows add up to `uninsured`.

    Where a unit has more cards than residents (`uninsured` below 0), the household group carries the surplus as a
    negative number.
    """
    odds = np.array([UNINSURED_ODDS[group] for group in groups])
    short = np.maximum(uninsured, 0).astype(float)
    people = eligible.astype(float)
    total = people.sum(axis=1)
    # Everyone in a group is without a card with odds k·odds[g]; k is found so that the row adds up.
    low, high = np.zeros(len(total)), np.full(len(total), 1e4)
    for _ in range(24):
        middle = np.sqrt((low + 1e-9) * high)
        scaled = middle[:, None] * odds[None, :]
        enough = (people * scaled / (1.0 + scaled)).sum(axis=1) >= short
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    scaled = high[:, None] * odds[None, :]
    result = apportion_rows(people * scaled / (1.0 + scaled), short.astype(np.int64))
    excess = np.maximum(result - eligible, 0)
    result -= excess
    left = excess.sum(axis=1)
    for column in np.argsort(-odds):
        room = np.minimum(left, eligible[:, column] - result[:, column])
        result[:, column] += room
        left -= room
    result[:, groups.index("household")] += np.minimum(uninsured, 0)
    return result
