"""Groups of units held against each other: people and communes added up, then divided, and their places with ties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from indicators.counts import UNKNOWN, as_counts, both_known
from indicators.ranking import Ranks, competition_ranks, rates


@dataclass(frozen=True)
class GroupSums:
    """One entry per group, int64, -1 where nothing is known. `known` of `members` have figures: all sums are over those.

    `met` of `counted`: communes. `still_to_enrol`: people until every counted commune meets. `by_coverage` and `by_share`
    rank the groups whose members are all known: a sum without its weakest member would stand too high.
    """

    members: np.ndarray
    known: np.ndarray
    insured: np.ndarray
    population: np.ndarray
    met: np.ndarray
    counted: np.ndarray
    still_to_enrol: np.ndarray
    by_coverage: Ranks
    by_share: Ranks


def sum_groups(
    groups: Sequence[np.ndarray], insured: Any, population: Any, met: Any, counted: Any, still_to_enrol: Any
) -> GroupSums:
    """`groups`: the places of each group's units in the counts (int64, -1 unknown). A unit without a rate is left out of
    every sum of its group."""
    has_rate = both_known(as_counts(insured), as_counts(population))
    known = np.array([int(has_rate[places].sum()) for places in groups], dtype=np.int64)
    members = np.array([len(places) for places in groups], dtype=np.int64)

    def add(counts: Any) -> np.ndarray:
        column = as_counts(counts)
        return np.array([add_known(column[places[has_rate[places]]]) for places in groups], dtype=np.int64)

    n, p, m, c = add(insured), add(population), add(met), add(counted)
    whole = (known == members) & (members > 0)
    return GroupSums(
        members,
        known,
        n,
        p,
        m,
        c,
        add(still_to_enrol),
        competition_ranks(rates(n, p), whole),
        competition_ranks(rates(m, c), whole),
    )


def add_known(counts: np.ndarray) -> int:
    """The sum; -1 where there is nothing to add or one of the counts is unknown."""
    return UNKNOWN if not len(counts) or (counts < 0).any() else int(counts.sum())
