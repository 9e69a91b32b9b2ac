"""What a unit was before each reform and what became of it: the steps of the crosswalks that lead to it and from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import pairwise

import pandas as pd

from geo.crosswalks import CROSSWALKS_DIR, Crosswalk, build_crosswalk
from geo.units import boundary_sets, read_text_table


@dataclass(frozen=True)
class Step:
    """A share of one unit that went into another at one reform. `weight` is decimal text, as the crosswalk writes it;
    kind: same, renamed, merged, split, moved; `estimated`: the share was derived and is not in a resolution.
    """

    from_set: str
    to_set: str
    from_code: str
    to_code: str
    weight: str
    kind: str
    estimated: bool
    source: str


def trace_back(boundary_set: str, unit_code: str, sets: Sequence[str] | None = None) -> list[Step]:
    """Every step that leads to a unit, newest reform first; within a reform by the unit led to, largest share first."""
    known = list(sets or boundary_sets())
    found: list[Step] = []
    wanted = {unit_code}
    for before, after in reversed(list(pairwise(known[: known.index(boundary_set) + 1]))):
        steps = [step for code in sorted(wanted) for step in _by_target(before, after).get(code, ())]
        found += sorted(steps, key=lambda step: (step.to_code, -float(step.weight), step.from_code))
        wanted = {step.from_code for step in steps}
    return found


def trace_forward(boundary_set: str, unit_code: str, sets: Sequence[str] | None = None) -> list[Step]:
    """Every step that leads from a unit on, oldest reform first; within a reform by the unit left, largest share first."""
    known = list(sets or boundary_sets())
    found: list[Step] = []
    wanted = {unit_code}
    for before, after in pairwise(known[known.index(boundary_set) :]):
        steps = [step for code in sorted(wanted) for step in _by_source(before, after).get(code, ())]
        found += sorted(steps, key=lambda step: (step.from_code, -float(step.weight), step.to_code))
        wanted = {step.to_code for step in steps}
    return found


def part_of_crosswalk(from_set: str, to_set: str, unit_code: str) -> Crosswalk:
    """The rows of `crosswalks.load_crosswalk` that concern the people of one unit of ``to_set``: all its parts, and every
    unit that these went into (so that people are shared out just as in the whole crosswalk).
    """
    parts = sorted({step.from_code for step in trace_back(to_set, unit_code) if step.from_set == from_set})
    shares = {code: shares_of(from_set, to_set, code) for code in parts}
    targets = sorted({code for heirs in shares.values() for code in heirs})
    return build_crosswalk(shares, pd.Index(parts, dtype=str), pd.Index(targets, dtype=str))


def shares_of(from_set: str, to_set: str, unit_code: str) -> dict[str, tuple[Fraction, bool]]:
    """{unit of ``to_set``: (exact share of the unit's people, whether it is estimated)}; steps are multiplied out."""
    known = list(boundary_sets())
    shares = {unit_code: (Fraction(1), False)}
    for before, after in pairwise(known[known.index(from_set) : known.index(to_set) + 1]):
        further: dict[str, tuple[Fraction, bool]] = {}
        for code, (share, estimated) in shares.items():
            for step in _by_source(before, after).get(code, ()):
                so_far, flag = further.get(step.to_code, (Fraction(), False))
                flag = flag or estimated or step.estimated
                further[step.to_code] = (so_far + share * Fraction(step.weight), flag)
        shares = further
    return shares


def same_land(boundary_set: str, later_set: str, unit_code: str) -> str | None:
    """The unit of a later set that has exactly the people of this one; None where it was split, merged or shared."""
    heirs = list(shares_of(boundary_set, later_set, unit_code))
    if len(heirs) != 1:
        return None
    parts = {step.from_code for step in trace_back(later_set, heirs[0]) if step.from_set == boundary_set}
    return heirs[0] if parts == {unit_code} else None


def _by_source(from_set: str, to_set: str) -> dict[str, list[Step]]:
    return _index(from_set, to_set, "from_code")


def _by_target(from_set: str, to_set: str) -> dict[str, list[Step]]:
    return _index(from_set, to_set, "to_code")


@cache
def _index(from_set: str, to_set: str, column: str) -> dict[str, list[Step]]:
    index: dict[str, list[Step]] = {}
    for step in _read_steps(from_set, to_set):
        index.setdefault(getattr(step, column), []).append(step)
    return index


def _read_steps(from_set: str, to_set: str) -> Iterable[Step]:
    table = read_text_table(CROSSWALKS_DIR / f"{from_set}__{to_set}.csv")
    for row in table.itertuples(index=False):
        estimated = row.estimated == "1"
        yield Step(from_set, to_set, row.from_code, row.to_code, row.weight, row.kind, estimated, row.source)
