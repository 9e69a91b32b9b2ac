"""How near a unit stands to its threshold, in people: whole numbers only (DEFINITIONS "closest to the line").

Below the line: the fewest people who must still join (`met.still_to_enrol`). Above it: the fewest whose loss would make
the unit fall. Lists are sorted by those numbers; equal ones keep the order they came in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from indicators.changes import exceeds_population
from indicators.counts import UNKNOWN, as_counts, both_known, percent_terms, products
from indicators.met import MET, NOT_MET, PercentRule, met_status, still_to_enrol

# "Just above": the loss of at most one insured resident in a hundred would make the unit fall.
AT_RISK_PERCENT = 1
# "Close below": fewer people missing than one collaborator of the district enrols in a month or two.
NEAR_PEOPLE = 100


def people_to_lose(insured: Any, population: Any, rule: PercentRule | None) -> np.ndarray:
    """Per unit int64: the fewest insured people whose loss makes a unit that meets the rule fall below it; 0 where it
    is below already; -1 unknown. ≥: N − ceil(θ·P/100) + 1;  >: N − floor(θ·P/100). Population is held constant.
    """
    n, p = np.broadcast_arrays(as_counts(insured), as_counts(population))
    if rule is None:
        return np.full(n.shape, UNKNOWN, dtype=np.int64)
    _, b = percent_terms(rule.value)
    _, right = products(n, p, rule.value)
    spare = n - right // b if rule.operator == ">" else n + 1 - -(-right // b)
    return np.where(both_known(n, p), np.maximum(spare, 0), UNKNOWN).astype(np.int64)


def is_at_risk(insured: Any, population: Any, rule: PercentRule | None) -> np.ndarray:
    """Where a unit meets the rule but would fall with the loss of at most AT_RISK_PERCENT of its residents."""
    loss, p = people_to_lose(insured, population, rule), as_counts(population)
    return (loss > 0) & (100 * loss <= AT_RISK_PERCENT * p)


@dataclass(frozen=True)
class Standing:
    """Units by status: positions in the columns given, each list in the order in which it is read.

    met: closest to falling first · below: fewest people missing first · at_risk: those of `met` that one percent of
    their residents would make fall · fallen: recognised by decision, below the line now · over: more insured than
    residents, largest excess first · unknown: no rate. `loss` and `missing` are columns over all units (-1 unknown).
    """

    met: np.ndarray
    below: np.ndarray
    at_risk: np.ndarray
    fallen: np.ndarray
    over: np.ndarray
    unknown: np.ndarray
    missing: np.ndarray
    loss: np.ndarray


def sort_by_standing(
    insured: Any, population: Any, rule: PercentRule | None, *, counted: Any, recognised: Any
) -> Standing:
    """Sort the units of one month into the lists of a profile.

    `counted` bool: units that the programme counts; the others are never met or below, but may be over or unknown.
    `recognised` bool: units with a decision in force that recognises them. Without a rule nothing is met or below.
    """
    n, p = as_counts(insured), as_counts(population)
    status = np.where(np.asarray(counted, dtype=bool), met_status(n, p, rule), UNKNOWN)
    missing, loss = still_to_enrol(n, p, rule), people_to_lose(n, p, rule)

    def sorted_by(mask: np.ndarray, key: np.ndarray) -> np.ndarray:
        places = np.flatnonzero(mask)
        return places[np.argsort(key[places], kind="stable")]

    return Standing(
        met=sorted_by(status == MET, loss),
        below=sorted_by(status == NOT_MET, missing),
        at_risk=sorted_by((status == MET) & is_at_risk(n, p, rule), loss),
        fallen=sorted_by((status == NOT_MET) & np.asarray(recognised, dtype=bool), missing),
        over=sorted_by(exceeds_population(n, p), p - n),
        unknown=np.flatnonzero(~both_known(n, p)),
        missing=missing,
        loss=loss,
    )


def count_near(standing: Standing, people: int = NEAR_PEOPLE) -> int:
    """How many of the units below the line miss fewer than `people`."""
    return int((standing.missing[standing.below] < people).sum())
