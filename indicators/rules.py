"""Programmes, thresholds and goals: which rule is in force for a unit and a period.

The rules are dated, sourced entries in `programmes/*.toml`. Publishing copies them into the snapshot (`indicators.rule_rows`), so
that an old one keeps its rules. A rule is in force for a period when it is in force on the period's last day.
"""

from __future__ import annotations

import calendar
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

NATION = "VN"
OPERATORS = (">=", ">")
KINDS = ("basic", "advanced", "model")
MEASURES = ("coverage", "communes_met", "districts_met")
CONFIDENCES = ("high", "medium", "low")
RECEIVED = "received"  # of a list that an office sent in: nobody has judged it
MAX_DECIMALS = 4  # keeps 100·10^4·N far inside 64 bits for any number of people

_FOLDER = Path(__file__).parent / "programmes"


class RuleError(ValueError):
    """A rule file or rule row that contradicts itself; the message names the entry."""


@dataclass(frozen=True)
class Threshold:
    """A percentage that a unit has to reach, from a date on, with its legal source.

    `effective_to` is the last day in force (None: still in force). `measured_from` is earlier than `effective_from`
    where a programme measures its progress by a rule before the rule became law. `scope` is `VN`, the code of a
    province or district with a rule of its own, or the code of a group of communes.
    """

    value: Decimal
    operator: str
    level: str = "commune"
    effective_from: date = date.min
    effective_to: date | None = None
    legal_basis: str = ""
    source: str = ""
    confidence: str = "high"
    scope: str = NATION
    kind: str = "basic"
    unit_types: tuple[str, ...] = ("xa",)
    measured_from: date | None = None
    date_precision: str = "day"
    criterion: str = ""
    wording: str = ""
    scope_name: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        _check_rule(self.value, self.operator, self.confidence)
        if self.kind not in KINDS:
            raise RuleError(f"kind {self.kind!r} is none of {KINDS}")
        if self.effective_to is not None and self.effective_to < self.effective_from:
            raise RuleError(f"{self.legal_basis}: ends {self.effective_to} before it begins {self.effective_from}")
        if self.measured_from is not None and self.measured_from >= self.effective_from:
            raise RuleError(f"{self.legal_basis}: measured_from must lie before effective_from")

    @property
    def key(self) -> tuple[str, str, str, date]:
        """What no two thresholds of a programme share."""
        return self.kind, self.level, self.scope, self.effective_from

    @property
    def applies_from(self) -> date:
        """First day on which progress is measured by this threshold."""
        return self.measured_from or self.effective_from

    def applies_on(self, day: date) -> bool:
        return self.applies_from <= day and (self.effective_to is None or day <= self.effective_to)

    def is_law_on(self, day: date) -> bool:
        """False in the months that are measured by the rule before it became law (the screen says so)."""
        return self.applies_on(day) and self.effective_from <= day


@dataclass(frozen=True)
class Goal:
    """What the nation (or a unit) is to reach by a date. `main` marks the one that the headline is held against."""

    measure: str
    value: Decimal
    operator: str
    deadline: date
    main: bool = True
    scope: str = NATION
    legal_basis: str = ""
    source: str = ""
    confidence: str = "high"
    wording: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        _check_rule(self.value, self.operator, self.confidence)
        if self.measure not in MEASURES:
            raise RuleError(f"measure {self.measure!r} is none of {MEASURES}")


@dataclass(frozen=True)
class Programme:
    """One programme with its rules. `left_out` lists rules that are known of but not used: (legal basis, reason)."""

    programme: str
    from_period: str
    to_period: str
    thresholds: tuple[Threshold, ...] = ()
    goals: tuple[Goal, ...] = ()
    commune_groups: tuple[tuple[str, str], ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()

    def covers(self, period: str) -> bool:
        return self.from_period <= period <= self.to_period


def _check_rule(value: Decimal, operator: str, confidence: str) -> None:
    if not isinstance(value, Decimal) or not value.is_finite() or not 0 < value <= 100:
        raise RuleError(f"a percentage is a Decimal above 0 and at most 100, not {value!r}")
    if -int(value.as_tuple().exponent) > MAX_DECIMALS:
        raise RuleError(f"{value} has more than {MAX_DECIMALS} decimals")
    if operator not in OPERATORS:
        raise RuleError(f"operator {operator!r} is none of {OPERATORS}")
    if confidence not in (*CONFIDENCES, RECEIVED):
        raise RuleError(f"confidence {confidence!r} is none of {CONFIDENCES}")


def last_day(period: str) -> date:
    """The last day of a month written `2020-12`; ValueError for anything else."""
    if len(period) != 7 or period[4] != "-":
        raise ValueError(f"a period is written like 2020-12, not {period!r}")
    year, month = int(period[:4]), int(period[5:])
    return date(year, month, calendar.monthrange(year, month)[1])


def load_programmes(extra: Path | None = None) -> dict[str, Programme]:
    """All programmes of `programmes/*.toml`, by code, in order of time. RuleError where a file contradicts itself.

    `extra` is a directory of files `<programme>.toml` that are laid over them (see `lay_over`); it may not exist.
    """
    programmes = _load_own_programmes()
    if extra is None:
        return programmes
    unknown = sorted({path.stem for path in extra.glob("*.toml")} - set(programmes))
    if unknown:
        raise RuleError(f"{extra}: there is no programme {', '.join(unknown)}")
    return {code: lay_over(programme, extra / f"{code}.toml") for code, programme in programmes.items()}


@lru_cache(maxsize=1)
def _load_own_programmes() -> dict[str, Programme]:
    return {programme.programme: programme for programme in map(read_programme, sorted(_FOLDER.glob("*.toml")))}


def lay_over(programme: Programme, path: Path) -> Programme:
    """The programme with the entries of a file that an operator keeps; the programme itself where there is none.

    `[[threshold]]` adds a threshold, or takes the place of the one of the same kind, level, scope and first day.
    `[[end]]` (kind, level, scope, effective_from, effective_to) ends an earlier one. RuleError where two then overlap,
    where the file is no TOML, or where an entry ends nothing.
    """
    if not path.is_file():
        return programme
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
        entered = [read_threshold(entry) for entry in raw.get("threshold", [])]
        ends = {(end["kind"], end["level"], end["scope"], end["effective_from"]): end for end in raw.get("end", [])}
    except (ValueError, TypeError, KeyError, ArithmeticError) as problem:
        raise RuleError(f"{path.name}: {problem}") from problem
    thresholds = {rule.key: rule for rule in (*programme.thresholds, *entered)}
    for key, end in ends.items():
        if key not in thresholds:
            raise RuleError(f"{path.name}: no threshold {key} that could end")
        thresholds[key] = replace(thresholds[key], effective_to=end["effective_to"])
    changed = replace(programme, thresholds=tuple(thresholds.values()))
    _check_overlaps(changed)
    return changed


def read_programme(path: Path) -> Programme:
    """One programme file. Numbers are read as Decimal, so that 95.15 is exactly 95.15."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    programme = Programme(
        programme=raw["programme"],
        from_period=raw["from_period"],
        to_period=raw["to_period"],
        thresholds=tuple(read_threshold(entry) for entry in raw.get("threshold", [])),
        goals=tuple(read_goal(entry) for entry in raw.get("goal", [])),
        commune_groups=tuple((group["code"], group["wording"]) for group in raw.get("commune_group", [])),
        left_out=tuple((entry["legal_basis"], entry["reason"]) for entry in raw.get("left_out", [])),
    )
    _check_overlaps(programme)
    return programme


def read_threshold(entry: Mapping[str, Any]) -> Threshold:
    """Of the fields by name; `value` as a number or as text."""
    return Threshold(**{**entry, "value": Decimal(entry["value"]), "unit_types": tuple(entry["unit_types"])})


def read_goal(entry: Mapping[str, Any]) -> Goal:
    """Of the fields by name; `value` as a number or as text."""
    return Goal(**{**entry, "value": Decimal(entry["value"])})


def _check_overlaps(programme: Programme) -> None:
    """Two thresholds of one kind, level and scope may not apply on one day: the answer would hang on file order."""
    for place, first in enumerate(programme.thresholds):
        for second in programme.thresholds[place + 1 :]:
            same = (first.kind, first.level, first.scope) == (second.kind, second.level, second.scope)
            if (
                same
                and first.applies_from <= (second.effective_to or date.max)
                and (second.applies_from <= (first.effective_to or date.max))
            ):
                raise RuleError(f"{programme.programme}: {first.legal_basis} and {second.legal_basis} overlap")


def threshold_in_force(
    programme: Programme, period: str, *, kind: str = "basic", level: str = "commune", scope: str = NATION
) -> Threshold | None:
    """The threshold by which `programme` measures `period`; None where its value is unknown.

    A scope without a rule of its own follows the national one. ValueError if the period lies outside the programme.
    """
    if not programme.covers(period):
        raise ValueError(f"{period} lies outside programme {programme.programme}")
    day = last_day(period)
    for wanted in dict.fromkeys((scope, NATION)):
        for rule in programme.thresholds:
            if (rule.kind, rule.level, rule.scope) == (kind, level, wanted) and rule.applies_on(day):
                return rule
    return None


def map_threshold(programme: Programme, period: str) -> tuple[Threshold | None, bool]:
    """The national threshold whose classes the map draws, and whether it is in force.

    Where no value is known, the last national one keeps the classes (so that colours do not jump), but without the
    meaning "met": (threshold, False). (None, False) where there never was one.
    """
    threshold = threshold_in_force(programme, period)
    if threshold is not None:
        return threshold, True
    day = last_day(period)
    earlier = [
        rule
        for rule in programme.thresholds
        if (rule.kind, rule.level, rule.scope) == ("basic", "commune", NATION) and rule.applies_from <= day
    ]
    return (max(earlier, key=lambda rule: rule.applies_from) if earlier else None), False


def threshold_changes(programme: Programme) -> list[tuple[str, Threshold | None, Threshold | None]]:
    """The months in which the national threshold of a programme changes: (first period of the new one, old, new)."""
    changes = []
    before = threshold_in_force(programme, programme.from_period)
    for period in periods_between(programme.from_period, programme.to_period)[1:]:
        now = threshold_in_force(programme, period)
        if now != before:
            changes.append((period, before, now))
        before = now
    return changes


def periods_between(first: str, last: str) -> list[str]:
    """Every month from `first` to `last`, both included; empty where `last` lies before."""
    start, end = (int(period[:4]) * 12 + int(period[5:]) - 1 for period in (first, last))
    return [f"{month // 12:04d}-{month % 12 + 1:02d}" for month in range(start, end + 1)]


def goal(programme: Programme, measure: str, period: str, *, scope: str = NATION) -> Goal | None:
    """The main goal that `period` works towards: the one with the next deadline on or after its last day, else None."""
    day = last_day(period)
    ahead = [
        entry
        for entry in programme.goals
        if entry.main and (entry.measure, entry.scope) == (measure, scope) and entry.deadline >= day
    ]
    return min(ahead, key=lambda entry: entry.deadline, default=None)


def programme_of(programmes: Mapping[str, Programme], period: str) -> Programme | None:
    """The programme whose span holds the period."""
    return next((programme for programme in programmes.values() if programme.covers(period)), None)
