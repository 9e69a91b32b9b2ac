"""Another threshold on the same figures: every unit and every sum beside a slow, plain twin."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators import reclassify as rc
from indicators.classes import NO_DATA, NOT_APPLICABLE
from indicators.rules import Threshold

COUNT = st.integers(-1, 60)
UNITS = st.lists(st.tuples(COUNT, COUNT, st.booleans(), st.integers(-1, 2)), min_size=1, max_size=40)
RULES = st.builds(Threshold, st.decimals(Decimal("1"), Decimal("100"), places=2), st.sampled_from([">=", ">"]))


def meets(n: int, p: int, rule: Threshold) -> bool | None:
    if n < 0 or p <= 0:
        return None
    rate, line = Fraction(100 * n, p), Fraction(rule.value)
    return rate > line if rule.operator == ">" else rate >= line


def missing(n: int, p: int, rule: Threshold) -> int:
    """By trial: the fewest who must join."""
    return next(more for more in range(200) if meets(n + more, p, rule))


@given(UNITS, RULES, RULES)
def test_every_unit_and_sum_equals_the_twin(units, before, after):
    n, p, counted, group = (list(column) for column in zip(*units, strict=True))
    codes = rc.reclassify(n, p, before, after, counted)
    names = {
        (True, False): rc.LOST,
        (False, False): rc.STAYS_UNMET,
        (True, True): rc.STAYS_MET,
        (False, True): rc.GAINED,
    }
    twin = [
        NOT_APPLICABLE if not c else names.get((meets(a, b, before), meets(a, b, after)), NO_DATA)
        for a, b, c, _ in units
    ]
    assert codes.tolist() == twin
    sums = rc.sum_changes(n, p, before, after, counted, group, 3)
    for place in range(3):
        inside = [(a, b) for a, b, c, g in units if c and g == place]
        known = [unit for unit in inside if meets(*unit, before) is not None]
        old = [unit for unit in known if meets(*unit, before)]
        new = [unit for unit in known if meets(*unit, after)]
        changed = [unit for unit in known if meets(*unit, before) != meets(*unit, after)]
        assert sums.counted[place] == len(inside) and sums.unknown[place] == len(inside) - len(known)
        assert (sums.met_before[place], sums.met_after[place]) == (len(old), len(new))
        assert sums.changed[place] == len(changed)
        assert sums.met_after[place] - sums.met_before[place] == sums.gained[place] - sums.lost[place]
        assert sums.people_changed[place] == sum(b for _, b in changed)
        assert sums.need_before[place] == sum(missing(*unit, before) for unit in known)
        assert sums.need_after[place] == sum(missing(*unit, after) for unit in known)


def test_the_operator_alone_moves_the_unit_that_lies_on_the_line():
    at_least, above = Threshold(Decimal(90), ">="), Threshold(Decimal(90), ">")
    assert rc.reclassify([90, 91], [100, 100], at_least, above).tolist() == [rc.LOST, rc.STAYS_MET]
    assert rc.reclassify([90], [100], above, at_least).tolist() == [rc.GAINED]


@pytest.mark.parametrize("rules", [(None, Threshold(Decimal(90), ">=")), (Threshold(Decimal(90), ">="), None)])
def test_without_one_of_the_rules_nothing_is_known_to_change(rules):
    assert rc.reclassify([90, 10], [100, 100], *rules).tolist() == [NO_DATA, NO_DATA]
    sums = rc.sum_changes([90, 10], [100, 100], *rules, [True, True], np.zeros(2, int), 1)
    assert sums.changed.tolist() == [0] and sums.unknown.tolist() == [2]
    assert -1 in (sums.need_before.item(), sums.need_after.item())
