"""What a unit was before each reform and what became of it: the steps of the crosswalks that lead to it and from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from geo.crosswalks import CROSSWALKS_DIR
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
