"""What a changed threshold does to the months of the store, and where the rules of a programme leave a gap."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

import pandas as pd

from data import queries
from data.store import Store
from indicators.met import MET, met_status
from indicators.rule_rows import programmes_from_rows
from indicators.rules import (
    NATION,
    Programme,
    Threshold,
    last_day,
    periods_between,
    threshold_in_force,
)

UNKNOWN_WORD, MET_WORD, NOT_MET_WORD = "unknown", "met", "not_met"


@dataclass(frozen=True)
class MonthChange:
    """A month that is judged by another threshold than before.

    `units` are the communes whose standing changes: unit_code, name, province_code, before, after (`met`, `not_met`,
    `unknown`). `met_before` is None where no threshold was known.
    """

    period: str
    before: Threshold | None
    after: Threshold | None
    met_before: int | None
    met_after: int | None
    units: pd.DataFrame

    @property
    def newly_met(self) -> pd.DataFrame:
        return self.units[self.units["after"] == MET_WORD]

    @property
    def no_longer_met(self) -> pd.DataFrame:
        return self.units[self.units["before"] == MET_WORD]


def compare_months(store: Store, before: Programme, after: Programme, rule: Threshold) -> Iterator[MonthChange]:
    """The months of the store whose threshold of the rule's kind, level and scope differs, oldest first."""
    wanted = {"kind": rule.kind, "level": rule.level, "scope": rule.scope}
    for period in queries.periods(store)["period"]:
        if not after.covers(period):
            continue
        old, new = (threshold_in_force(programme, period, **wanted) for programme in (before, after))
        if judge_of(old) != judge_of(new):
            yield compare_month(store, period, old, new, rule.scope)


def judge_of(rule: Threshold | None) -> tuple[object, ...] | None:
    """The part of a threshold that decides whether a unit meets it."""
    return (rule.value, rule.operator, rule.unit_types) if rule else None


def compare_month(store: Store, period: str, old: Threshold | None, new: Threshold | None, scope: str) -> MonthChange:
    """One month judged by both."""
    units = queries.commune_values(store, period, None if scope == NATION else scope)
    units = units[~units["stands_alone"]]
    standing = {name: judge_units(units, rule) for name, rule in (("before", old), ("after", new))}
    units = units.assign(**standing)
    counts = {
        name: int((units[name] == MET_WORD).sum()) if rule else None for name, rule in (("before", old), ("after", new))
    }
    changed = units[units["before"] != units["after"]]
    columns = ["unit_code", "name", "province_code", "before", "after"]
    return MonthChange(period, old, new, counts["before"], counts["after"], changed[columns].reset_index(drop=True))


def judge_units(units: pd.DataFrame, rule: Threshold | None) -> pd.Series:
    """`met`, `not_met` or `unknown` per unit; units that the rule does not count are unknown to it."""
    status = met_status(units["insured"], units["population"], rule)
    counted = units["type"].isin(rule.unit_types).to_numpy() if rule else status == MET
    words = pd.Series(NOT_MET_WORD, index=units.index).mask(status == MET, MET_WORD).mask(status < 0, UNKNOWN_WORD)
    return words.where(counted, UNKNOWN_WORD)


@dataclass(frozen=True)
class Gap:
    """Months of a programme in which no threshold is known for a kind, level and scope."""

    programme: str
    kind: str
    level: str
    scope: str
    first: str
    last: str


def find_gaps(programme: Programme) -> list[Gap]:
    """The national threshold over the whole programme; every other one between its own first and last day."""
    months = periods_between(programme.from_period, programme.to_period)
    sorts = dict.fromkeys([("basic", "commune", NATION), *(rule.key[:3] for rule in programme.thresholds)])
    gaps = []
    for kind, level, scope in sorts:
        own = [rule for rule in programme.thresholds if rule.key[:3] == (kind, level, scope)]
        known = {month for month in months if any(rule.applies_on(last_day(month)) for rule in own)}
        span = months
        if (kind, level, scope) != ("basic", "commune", NATION):
            span = [month for month in months if known and min(known) <= month <= max(known)]
        for is_known, run in groupby(span, key=known.__contains__):
            if not is_known:
                found = list(run)
                gaps.append(Gap(programme.programme, kind, level, scope, found[0], found[-1]))
    return gaps


def rules_of_store(store: Store) -> dict[str, Programme]:
    """The programmes as the snapshot has them."""
    frames = (queries.programmes(store), queries.thresholds(store), queries.goals(store))
    return programmes_from_rows(*(frame.to_dict("records") for frame in frames))


def differ(programmes: Mapping[str, Programme], others: Mapping[str, Programme]) -> bool:
    """Whether two sets of programmes have other thresholds."""
    return any(set(programmes[code].thresholds) != set(others[code].thresholds) for code in programmes)
