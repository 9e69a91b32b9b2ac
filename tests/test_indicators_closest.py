"""How near a unit is to its line, against slow plain twins that add or take one person at a time."""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indicators.closest import AT_RISK_PERCENT, count_near, is_at_risk, people_to_lose, sort_by_standing
from indicators.met import MET, met_status


@dataclass(frozen=True)
class Rule:
    value: Decimal
    operator: str


RULES = st.builds(
    Rule,
    value=st.sampled_from([Decimal("85"), Decimal("90"), Decimal("95.15"), Decimal("33.3333"), Decimal("100")]),
    operator=st.sampled_from([">=", ">"]),
)
UNITS = st.lists(st.tuples(st.integers(-1, 400), st.integers(-1, 300), st.booleans(), st.booleans()), max_size=25)


def meets(n: int, p: int, rule: Rule) -> bool:
    left, right = Decimal(100 * int(n)), rule.value * int(p)
    return left > right if rule.operator == ">" else left >= right


def lose_one_by_one(n: int, p: int, rule: Rule) -> int:
    if n < 0 or p <= 0:
        return -1
    lost = 0
    while n - lost >= 0 and meets(n - lost, p, rule):
        lost += 1
    return lost


@given(n=st.integers(-1, 400), p=st.integers(-1, 300), rule=RULES)
def test_the_people_to_lose_are_the_fewest_whose_loss_makes_a_unit_fall(n: int, p: int, rule: Rule):
    assert people_to_lose([n], [p], rule).item() == lose_one_by_one(n, p, rule)


@given(n=st.integers(0, 10**8), p=st.integers(1, 10**8), rule=RULES)
def test_one_person_fewer_would_not_be_enough(n: int, p: int, rule: Rule):
    lost = people_to_lose([n], [p], rule).item()
    assert (lost == 0) == (met_status([n], [p], rule).item() != MET)
    if lost and n - lost >= 0:
        assert not meets(n - lost, p, rule) and meets(n - lost + 1, p, rule)


@given(units=UNITS, rule=st.none() | RULES)
def test_every_counted_unit_stands_in_one_list_and_each_list_in_its_order(units: list, rule: Rule | None):
    n, p, counted, recognised = (list(column) for column in zip(*units, strict=True)) if units else ([], [], [], [])
    n, p = np.array(n, dtype=np.int64), np.array(p, dtype=np.int64)
    found = sort_by_standing(n, p, rule, counted=counted, recognised=recognised)
    known = {at for at in range(len(n)) if n[at] >= 0 and p[at] > 0}
    assert set(found.unknown) == set(range(len(n))) - known
    expected_met = {at for at in known if rule and counted[at] and meets(n[at], p[at], rule)}
    assert set(found.met) == expected_met
    assert set(found.below) == ({at for at in known if counted[at]} - expected_met if rule else set())
    assert set(found.fallen) == {at for at in found.below if recognised[at]}
    assert set(found.over) == {at for at in known if n[at] > p[at]}
    at_risk = {at for at in expected_met if 100 * lose_one_by_one(n[at], p[at], rule) <= AT_RISK_PERCENT * p[at]}
    assert set(found.at_risk) == at_risk
    for places, key in ((found.below, found.missing), (found.met, found.loss), (found.at_risk, found.loss)):
        assert list(key[places]) == sorted(key[places])
    assert count_near(found, 10) == sum(found.missing[at] < 10 for at in found.below)


def test_the_commune_one_person_short_stands_first_and_the_one_at_the_line_falls_with_one():
    rule = Rule(Decimal(85), ">=")
    found = sort_by_standing(
        [849, 850, 700, 1001], [1000] * 4, rule, counted=[True] * 4, recognised=[True] + [False] * 3
    )
    assert list(found.below) == [0, 2] and list(found.missing[found.below]) == [1, 150]
    assert list(found.met) == [1, 3] and found.loss[1] == 1
    assert list(found.at_risk) == [1] and list(found.fallen) == [0] and list(found.over) == [3]


def test_a_unit_is_at_risk_up_to_one_percent_of_its_residents_and_no_further():
    rule = Rule(Decimal(85), ">=")
    assert list(is_at_risk([859, 860, 849], [1000] * 3, rule)) == [True, False, False]
