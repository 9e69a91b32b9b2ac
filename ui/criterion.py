"""The facts of the criterion page: which rule takes the place of which, and what becomes of every commune. Nothing is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from indicators.met import still_to_enrol
from indicators.reclassify import CHANGED, Reclassified, reclassify, sum_changes
from indicators.rules import NATION, Programme, Threshold
from ui.sums import COUNTED_WITHOUT_RULE

OPERATOR_CODES = {"ge": ">=", "gt": ">"}


@dataclass(frozen=True)
class KnownRule:
    """A commune threshold of a programme. `code` stands in the address: basic-VN-90-ge."""

    code: str
    programme: str
    rule: Threshold


@dataclass(frozen=True)
class CriterionFacts:
    """`before` is the rule of the month, or, where none is in force, the last one known (`is_in_force` False); `after` takes its
    place. `units`: the communes of the place with `change` (indicators.reclassify), `counted`, `need` (people to enrol under
    `after`, -1 unknown) and `label`; `total` has one group; `groups`: code per group of `by_group`.
    """

    period: str
    before: Threshold
    is_in_force: bool
    after: Threshold
    units: pd.DataFrame
    total: Reclassified
    group_codes: tuple[str, ...]
    by_group: Reclassified

    @property
    def has_figures(self) -> bool:
        return bool((self.total.counted - self.total.unknown)[0] > 0)

    @property
    def changed(self) -> pd.DataFrame:
        return self.units[self.units["change"].isin(CHANGED)]


def list_rules(programmes: Mapping[str, Programme]) -> dict[str, KnownRule]:
    """Every commune threshold that any programme knows, once each, by code; in the order of the programmes."""
    found: dict[str, KnownRule] = {}
    for programme in programmes.values():
        for rule in programme.thresholds:
            if rule.level == "commune":
                code = code_of(rule)
                found.setdefault(code, KnownRule(code, programme.programme, rule))
    return found


def code_of(rule: Threshold) -> str:
    operator = "gt" if rule.operator == ">" else "ge"
    return f"{rule.kind}-{rule.scope}-{rule.value.normalize():f}-{operator}"


def default_rule(rules: Mapping[str, KnownRule], before: Threshold) -> KnownRule:
    """The next stricter national rule for communes in general, else the next stricter of another kind, else the nearest lower."""
    national = [known for known in rules.values() if known.rule.scope == NATION]
    stricter = [known for known in national if known.rule.value > before.value]
    basic = [known for known in stricter if known.rule.kind == "basic"]
    if basic or stricter:
        return min(basic or stricter, key=lambda known: known.rule.value)
    lower = [known for known in national if known.rule.value < before.value] or national
    return max(lower, key=lambda known: known.rule.value)


def build_facts(
    units: pd.DataFrame,
    period: str,
    before: Threshold,
    after: Threshold,
    *,
    is_in_force: bool,
    labels: pd.Series,
    group_column: str,
) -> CriterionFacts:
    """`units`: communes of the place as `loaders.load_communes` gives them; `group_column`: province_code or district_code."""
    types = before.unit_types or COUNTED_WITHOUT_RULE
    counted = (units["type"].isin(types) & ~units["stands_alone"].astype(bool)).to_numpy()
    n, p = units["insured"].to_numpy(), units["population"].to_numpy()
    codes = tuple(sorted(set(units.loc[counted, group_column].dropna()) - {""}))
    index = pd.Index(codes, dtype=str).get_indexer(units[group_column].fillna(""))
    return CriterionFacts(
        period,
        before,
        is_in_force,
        after,
        units.assign(
            change=reclassify(n, p, before, after, counted),
            counted=counted,
            need=still_to_enrol(n, p, after),
            label=labels.reindex(units["unit_code"]).to_numpy(),
        ),
        sum_changes(n, p, before, after, counted, np.zeros(len(units), dtype=int), 1),
        codes,
        sum_changes(n, p, before, after, counted, index, len(codes)),
    )
