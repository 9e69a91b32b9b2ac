"""Turning shares into whole people that add up to a given total (largest remainders)."""

import numpy as np
from numpy.typing import NDArray


def apportion_by_group(
    shares: NDArray[np.float64], group: NDArray[np.int64], totals: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Whole numbers in proportion to `shares` that add up to `totals[g]` inside each group `g`.

    `group` is the group of each share, 0..len(totals)-1. A group whose shares are all 0 gets nothing, and its total
    must be 0. Ties go to the earlier entry. No share of 0 ever receives anybody.
    """
    sums = np.bincount(group, weights=shares, minlength=len(totals))
    if np.any((sums <= 0) & (totals > 0)):
        raise ValueError("people without a unit to live in: a group has a total but no shares")
    factor = np.divide(totals, sums, out=np.zeros(len(totals)), where=sums > 0)
    exact = shares * factor[group]
    # A hair less than exact, so that rounding errors of the floats can only leave people over, never be one short.
    whole = np.maximum(np.floor(exact - 1e-9), 0).astype(np.int64)
    remainder = np.where(shares > 0, exact - whole, -1.0)
    left = totals - np.bincount(group, weights=whole, minlength=len(totals)).astype(np.int64)
    order = np.lexsort((-remainder, group))
    starts = np.searchsorted(group[order], np.arange(len(totals)))
    place = np.arange(len(order)) - starts[group[order]]
    whole[order] += place < left[group[order]]
    return whole


def apportion_rows(shares: NDArray[np.float64], totals: NDArray[np.int64]) -> NDArray[np.int64]:
    """The same for each row of a table: row i adds up to `totals[i]`. Rows of zeros put their total into the last
    column."""
    sums = shares.sum(axis=1)
    factor = np.divide(totals, sums, out=np.zeros(len(totals)), where=sums > 0)
    exact = shares * factor[:, None]
    whole = np.floor(exact).astype(np.int64)
    left = totals - whole.sum(axis=1)
    rank = np.argsort(np.argsort(whole - exact, axis=1, kind="stable"), axis=1, kind="stable")
    whole += (rank < left[:, None]) & (shares > 0)
    whole[:, -1] += totals - whole.sum(axis=1)
    return whole
