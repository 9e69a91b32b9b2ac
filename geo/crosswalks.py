"""Conversion of counts from one boundary set to another: whole people, the same total, unknown stays unknown."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import pairwise
from math import lcm
from pathlib import Path

import numpy as np
import pandas as pd

from geo.units import SETS_DIR, boundary_sets, map_order, read_text_table

CROSSWALKS_DIR = SETS_DIR.parent / "crosswalks"
UNKNOWN = -1
WHOLE = Fraction(1)
"""The share of a unit that goes on undivided, as nearly all do: fractions are multiplied only where it is another."""


@dataclass(frozen=True)
class Crosswalk:
    """Shares of from-units in to-units, exact: share = numerator / denominator, per row, sorted by from, then to.

    ``from_codes`` and ``to_codes`` are the order of the rows of counts (the commune map order of each set). ``source``,
    ``target`` are positions in them. ``estimated`` says of each to-unit whether a share in it was estimated.
    """

    from_codes: pd.Index
    to_codes: pd.Index
    source: np.ndarray
    target: np.ndarray
    numerator: np.ndarray
    denominator: np.ndarray
    estimated: np.ndarray


@cache
def load_crosswalk(from_set: str, to_set: str) -> Crosswalk:
    """Return the crosswalk between two boundary sets; steps in between are multiplied out with exact fractions.

    The same set twice gives the identity. Raises KeyError for an unknown set and ValueError for going back in time:
    merged units cannot be taken apart again.
    """
    known = boundary_sets()
    for name in (from_set, to_set):
        if name not in known:
            raise KeyError(f"unknown boundary set {name!r}; known: {', '.join(known)}")
    path = known[known.index(from_set) : known.index(to_set) + 1]
    if not path:
        raise ValueError(f"counts of {from_set} cannot be taken back to {to_set}")
    codes = map_order(from_set, "commune")
    shares = {code: {code: (WHOLE, False)} for code in codes}
    for step in pairwise(path):
        shares = _compose(shares, _read_shares(CROSSWALKS_DIR / f"{step[0]}__{step[1]}.csv"))
    return build_crosswalk(shares, codes, map_order(to_set, "commune"))


def build_crosswalk(
    shares: dict[str, dict[str, tuple[Fraction, bool]]], from_codes: pd.Index, to_codes: pd.Index
) -> Crosswalk:
    """Return the crosswalk of ``{from_code: {to_code: (share, estimated)}}``.

    Raises ValueError where a from-unit is missing, its shares do not sum to 1, or a to-unit is unknown.
    """
    position = {code: i for i, code in enumerate(to_codes)}
    rows = []
    for i, code in enumerate(from_codes):
        parts = shares.get(code, {})
        if len(parts) == 1 and (only := next(iter(parts.items())))[1][0] is WHOLE and only[0] in position:
            rows.append((i, position[only[0]], 1, 1, only[1][1]))
            continue
        if sum((share for share, _ in parts.values()), Fraction()) != 1:
            raise ValueError(f"the shares of {code} do not sum to 1")
        denominator = lcm(*(share.denominator for share, _ in parts.values()))
        for to_code, (share, estimated) in sorted(parts.items()):
            if to_code not in position:
                raise ValueError(f"{code} goes to {to_code}, which is no unit of the new set")
            rows.append((i, position[to_code], int(share * denominator), denominator, estimated))
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    source, target, numerator, denominator = (column.astype(np.int64) for column in columns[:4])
    estimated = np.zeros(len(to_codes), dtype=bool)
    estimated[target[columns[4].astype(bool)]] = True
    return Crosswalk(from_codes, to_codes, source, target, numerator, denominator, estimated)


def convert_counts(counts: np.ndarray, crosswalk: Crosswalk) -> np.ndarray:
    """Return counts of the from-units as counts of the to-units.

    ``counts`` is int64, -1 for unknown, of shape (from-units,) or (from-units, k), for instance a column per month;
    the result is (to-units,) or (to-units, k). People of a split unit are shared out by the largest remainder (the
    earlier code wins a tie), so that each unit's people arrive to the last person. A to-unit with an unknown part is
    unknown; so is one that no unit leads to. Each count is shared out on its own: rounding can move the parts of a
    total by one person against the total itself. Raises ValueError for another shape or type.
    """
    if counts.dtype != np.int64 or counts.ndim not in (1, 2) or len(counts) != len(crosswalk.from_codes):
        raise ValueError(
            f"expected int64 of ({len(crosswalk.from_codes)},) or (…, k), got {counts.dtype} {counts.shape}"
        )
    if (counts < UNKNOWN).any():
        raise ValueError("counts are people: nothing below -1 (unknown)")
    columns = counts.reshape(len(counts), -1)
    parts = np.maximum(columns, 0)[crosswalk.source]
    parts_of = np.bincount(crosswalk.source, minlength=len(counts))
    split = np.flatnonzero(parts_of[crosswalk.source] > 1)
    if len(split):
        parts[split] = _share_out(parts[split], crosswalk, split)
    converted = _sum_by_target(parts, crosswalk)
    unknown = _sum_by_target((columns == UNKNOWN)[crosswalk.source].astype(np.int64), crosswalk) > 0
    unknown[np.bincount(crosswalk.target, minlength=len(crosswalk.to_codes)) == 0] = True
    converted[unknown] = UNKNOWN
    return converted.reshape(len(crosswalk.to_codes), *counts.shape[1:])


def _sum_by_target(parts: np.ndarray, crosswalk: Crosswalk) -> np.ndarray:
    """Return the sums of the rows (shares, k) by to-unit."""
    totals = np.zeros((len(crosswalk.to_codes), parts.shape[1]), dtype=np.int64)
    order = np.argsort(crosswalk.target, kind="stable")
    targets, starts = np.unique(crosswalk.target[order], return_index=True)
    if len(starts):
        totals[targets] = np.add.reduceat(parts[order], starts, axis=0)
    return totals


def _share_out(whole: np.ndarray, crosswalk: Crosswalk, rows: np.ndarray) -> np.ndarray:
    """Share each split unit's people (rows of shares, k; a unit's rows repeat its count) by largest remainder."""
    # divmod in two steps keeps every product below 2**63 for any count of people and any shipped denominator.
    denominator, numerator = crosswalk.denominator[rows, None], crosswalk.numerator[rows, None]
    turns, rest = np.divmod(whole, denominator)
    given, remainder = np.divmod(rest * numerator, denominator)
    given += turns * numerator
    _, starts, sizes = np.unique(crosswalk.source[rows], return_index=True, return_counts=True)
    left = whole[starts] - np.add.reduceat(given, starts, axis=0)
    # Units by parts by columns, padded with -1, which no remainder is: one sort ranks the parts of all units.
    place = np.arange(len(rows)) - np.repeat(starts, sizes)
    unit = np.repeat(np.arange(len(starts)), sizes)
    padded = np.full((len(starts), sizes.max(), whole.shape[1]), -1, dtype=np.int64)
    padded[unit, place] = remainder
    ranked = np.argsort(np.argsort(-padded, axis=1, kind="stable"), axis=1, kind="stable")
    return given + (ranked < left[:, None, :])[unit, place]


@cache
def main_successors(from_set: str, to_set: str) -> dict[str, str]:
    """The unit of the next set into which most of each unit went; a kept code, then the first code, wins a tie.

    ``to_set`` follows ``from_set`` directly. The dictionary is shared: do not change it.
    """
    table = read_text_table(CROSSWALKS_DIR / f"{from_set}__{to_set}.csv")
    weight, kept = table["weight"].astype(float), table["from_code"] == table["to_code"]
    ordered = table.assign(weight=-weight, moved=~kept).sort_values(["from_code", "weight", "moved", "to_code"])
    first = ordered.drop_duplicates("from_code")
    return dict(zip(first["from_code"], first["to_code"], strict=True))


def _read_shares(path: Path) -> dict[str, dict[str, tuple[Fraction, bool]]]:
    shares: dict[str, dict[str, tuple[Fraction, bool]]] = {}
    table = read_text_table(path)
    columns = (table[name].tolist() for name in ("from_code", "to_code", "weight", "estimated"))
    for from_code, to_code, weight, estimated in zip(*columns, strict=True):
        share = WHOLE if weight == "1" else Fraction(weight)
        shares.setdefault(from_code, {})[to_code] = (share, estimated == "1")
    return shares


def _compose(first: dict, second: dict) -> dict:
    """Return the shares of the first crosswalk carried on through the second."""
    composed = {}
    for code, parts in first.items():
        if len(parts) == 1 and (only := next(iter(parts.items())))[1] == (WHOLE, False):
            composed[code] = second[only[0]]
            continue
        merged: dict[str, tuple[Fraction, bool]] = {}
        for middle, (share, estimated) in parts.items():
            for to_code, (further, also_estimated) in second[middle].items():
                sum_so_far, flag = merged.get(to_code, (Fraction(), False))
                merged[to_code] = (sum_so_far + share * further, flag or estimated or also_estimated)
        composed[code] = merged
    return composed
