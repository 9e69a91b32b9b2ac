"""What is measured: the definitions of the indicators and the payer groups of the law, from `definitions/*.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from indicators.rules import last_day

UNITS = ("percent", "people")

_FOLDER = Path(__file__).parent / "definitions"
_PAYER_GROUPS = "payer_groups.toml"
_SETTINGS = ("ranking.toml", "evaluation.toml")


@dataclass(frozen=True)
class Indicator:
    """A figure: numerator ÷ denominator (empty for a number of people), and which direction is good.

    Its words are `indicator.<indicator>.name`, `.short`, `.numerator` and `.denominator`.
    """

    indicator: str
    numerator: str
    denominator: str
    unit: str
    higher_is_better: bool
    levels: tuple[str, ...]
    legal_basis: str
    source: str


@dataclass(frozen=True)
class PayerGroup:
    """A payer group of one list; `word` is its key in the section `payer_group` of the language files."""

    code: str
    word: str


@dataclass(frozen=True)
class PayerGroupList:
    """The groups of the law from a date on, in the law's order."""

    list: str
    effective_from: date
    groups: tuple[PayerGroup, ...]
    legal_basis: str
    confidence: str
    source: str
    note: str

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(group.code for group in self.groups)


@dataclass(frozen=True)
class GroupMapping:
    """How a group reads in a later list. kind `joins`, or `not_separable`: unknown there, never 0."""

    from_list: str
    to_list: str
    from_code: str
    to_code: str
    kind: str
    confidence: str
    note: str


@cache
def load_indicators() -> dict[str, Indicator]:
    """All indicators by code. ValueError for a file with an unknown unit or a name that is not its code."""
    found = {}
    for path in sorted(_FOLDER.glob("*.toml")):
        if path.name in (_PAYER_GROUPS, *_SETTINGS):
            continue
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        entry = Indicator(**{**raw, "levels": tuple(raw["levels"])})
        if entry.unit not in UNITS or entry.indicator != path.stem:
            raise ValueError(f"{path.name}: unit {entry.unit!r}, indicator {entry.indicator!r}")
        found[entry.indicator] = entry
    return found


@cache
def load_payer_groups() -> tuple[PayerGroupList, ...]:
    """The lists of payer groups in order of time."""
    lists = [
        PayerGroupList(**{**raw, "groups": tuple(PayerGroup(**group) for group in raw["groups"])})
        for raw in _read_payer_groups()["list"]
    ]
    return tuple(sorted(lists, key=lambda entry: entry.effective_from))


@cache
def load_group_mappings() -> tuple[GroupMapping, ...]:
    return tuple(GroupMapping(**raw) for raw in _read_payer_groups()["mapping"])


def _read_payer_groups() -> dict:
    return tomllib.loads((_FOLDER / _PAYER_GROUPS).read_text(encoding="utf-8"))


def payer_groups_in_force(period: str) -> PayerGroupList:
    """The list in force on the period's last day. ValueError before the first list."""
    day = last_day(period)
    begun = [entry for entry in load_payer_groups() if entry.effective_from <= day]
    if not begun:
        raise ValueError(f"no list of payer groups is known for {period}")
    return begun[-1]


def map_groups(people: dict[str, int], from_list: str, to_list: str) -> dict[str, int]:
    """People by group of one list, as groups of a later list; the total stays, and -1 (unknown) makes its sum unknown.

    A group that the older list does not tell apart is -1. ValueError for an unknown list or a step back in time,
    where people would have to be divided.
    """
    order = [entry.list for entry in load_payer_groups()]
    start, end = order.index(from_list), order.index(to_list)
    if start > end:
        raise ValueError(f"payer groups are not mapped back from {from_list} to {to_list}")
    for earlier, later in zip(order[start:end], order[start + 1 : end + 1], strict=True):
        people = _join_groups(people, earlier, later)
    hidden = {
        entry.to_code: -1
        for entry in load_group_mappings()
        if entry.kind == "not_separable"
        and start < order.index(entry.to_list) <= end
        and entry.to_code in groups_of(to_list)
    }
    return hidden | people


def groups_of(name: str) -> tuple[str, ...]:
    """The codes of a list by its name."""
    return next(entry.codes for entry in load_payer_groups() if entry.list == name)


def _join_groups(people: dict[str, int], earlier: str, later: str) -> dict[str, int]:
    new_codes = {
        entry.from_code: entry.to_code
        for entry in load_group_mappings()
        if (entry.from_list, entry.to_list, entry.kind) == (earlier, later, "joins")
    }
    joined: dict[str, int] = {}
    for code, count in people.items():
        target = new_codes.get(code, code)
        joined[target] = _add(joined[target], count) if target in joined else count
    return joined


def _add(first: int, second: int) -> int:
    return -1 if -1 in (first, second) else first + second
