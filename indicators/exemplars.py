"""Exemplars of the movement: who improved most for where they began, who held the line, who came back fast.

A status matrix has a row per unit and a column per month, int8: 1 met, 0 not met, -1 unknown.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from indicators.met import MET, NOT_MET
from indicators.ranking import Fractions, sort_keys

NONE = -1


@dataclass(frozen=True)
class Recoveries:
    """Per unit the last time it fell under the line and came back: the column of the first month below, and of the
    first month met again; -1 where it never did.
    """

    fell: np.ndarray
    returned: np.ndarray

    @property
    def months(self) -> np.ndarray:
        """Months below the line; -1 where there was no recovery."""
        return np.where(self.returned >= 0, self.returned - self.fell, NONE)


def list_improvers(net: Fractions, eligible: np.ndarray, most: int) -> list[int]:
    """The units with the greatest improvement net of distance, best first; only such as are above 0.

    Those tied with the last one named are named too: nobody is left out by the order of a list.
    """
    keys = sort_keys(net)
    chosen = sorted(
        (at for at in np.flatnonzero(net.known & eligible) if keys[at] > 0), key=lambda at: keys[at], reverse=True
    )
    if len(chosen) <= most:
        return [int(at) for at in chosen]
    last = keys[chosen[most - 1]]
    return [int(at) for at in chosen if keys[at] >= last]


def find_steady(status: np.ndarray) -> np.ndarray:
    """Units that met the line in every month; one unknown month is not a met one. False where there are no months."""
    matrix = np.asarray(status)
    if matrix.shape[1] == 0:
        return np.zeros(matrix.shape[0], dtype=bool)
    return (matrix == MET).all(axis=1)


def find_recoveries(status: np.ndarray, most_months: int) -> Recoveries:
    """The last fall under the line and return within `most_months`, of units that met the line ever since.

    A fall is a month below right after a month met. Every month until the return must be known: a return in an unknown
    month cannot be dated. After it the unit must not have been below again, and must be met at the end.
    """
    matrix = np.asarray(status)
    rows, columns = matrix.shape
    fell, returned = np.full(rows, NONE, dtype=np.int64), np.full(rows, NONE, dtype=np.int64)
    open_since = np.full(rows, NONE, dtype=np.int64)
    for month in range(1, columns):
        before, now = matrix[:, month - 1], matrix[:, month]
        begins = (before == MET) & (now == NOT_MET)
        # Whoever falls again has not recovered.
        fell[begins], returned[begins] = NONE, NONE
        open_since[begins] = month
        comes_back = (open_since >= 0) & (now == MET)
        quick = comes_back & (month - open_since <= most_months)
        fell[quick], returned[quick] = open_since[quick], month
        open_since[comes_back | ((open_since >= 0) & (now != NOT_MET))] = NONE
        below = (now == NOT_MET) & (open_since < 0)
        fell[below], returned[below] = NONE, NONE
    if columns:
        lost = matrix[:, -1] != MET
        fell[lost], returned[lost] = NONE, NONE
    return Recoveries(fell, returned)


def district_months(met: np.ndarray, counted: np.ndarray, unknown: np.ndarray) -> np.ndarray:
    """The status matrix of districts or provinces from counts of communes: met where every counted commune is, not met
    where one fails, unknown where none fails and one is unknown, or none is counted, or nothing is judged (-1).
    """
    judged = (met >= 0) & (counted > 0)
    failed = judged & (counted - met - np.maximum(unknown, 0) > 0)
    whole = judged & (met == counted)
    return np.where(failed, NOT_MET, np.where(whole, MET, NONE)).astype(np.int8)
