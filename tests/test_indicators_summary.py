"""Totals of groups, beside a twin that goes from unit to unit."""

from decimal import Decimal

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indicators.rules import Threshold
from indicators.summary import Districts, Grouping, summarise_units

THRESHOLD = Threshold(Decimal(85), ">=")
DISTRICT_OF_GROUP = np.array([0, 0, 1, 1, 2])

units = st.lists(
    st.tuples(
        st.integers(-1, 120),  # insured
        st.sampled_from([-1, 0, 100, 7]),  # population
        st.booleans(),  # counted
        st.integers(-1, 4),  # district
        st.sampled_from([False, False, False, True]),  # stands alone
    ),
    max_size=40,
)


def summarise(rows, threshold=THRESHOLD):
    columns = [np.array([row[place] for row in rows], dtype=np.int64) for place in range(5)]
    insured, population, counted, district, alone = columns
    province = np.where(district >= 0, DISTRICT_OF_GROUP[district], -1)
    return summarise_units(
        insured,
        population,
        threshold,
        counted=counted.astype(bool),
        groupings=[
            Grouping("province", ("a", "b", "c"), province, DISTRICT_OF_GROUP),
            Grouping("nation", ("VN",), np.where(district >= 0, 0, -1), np.zeros(5, dtype=int)),
        ],
        districts=Districts(district, 5),
        stands_alone=alone.astype(bool),
    )


def plain_total(rows):
    """One group, unit by unit."""
    total = dict.fromkeys(("units", "units_reported", "counted", "met", "not_met", "unknown"), 0)
    insured = population = still = known_units = known_counted = 0
    for n, p, counted, _, alone in rows:
        known = n >= 0 and p > 0
        if known:
            insured, population, known_units = insured + n, population + p, known_units + 1
        if alone:
            continue
        total["units"] += 1
        total["units_reported"] += known
        if counted:
            total["counted"] += 1
            if not known:
                total["unknown"] += 1
            else:
                known_counted += 1
                still += max(0, -(-85 * p // 100) - n)
                total["met" if 100 * n >= 85 * p else "not_met"] += 1
    return total | {
        "insured": insured if known_units else -1,
        "population": population if known_units else -1,
        "uninsured": max(0, population - insured) if known_units else -1,
        "still_to_enrol": still if known_counted else -1,
    }


@given(units)
def test_totals_agree_with_a_walk_from_unit_to_unit(rows):
    inside = [row for row in rows if row[3] >= 0]
    result = summarise(rows)
    for place in range(3):
        group = [row for row in inside if DISTRICT_OF_GROUP[row[3]] == place]
        for name, value in plain_total(group).items():
            assert getattr(result["province"], name)[place] == value, name
    for name, value in plain_total(inside).items():
        assert getattr(result["nation"], name)[0] == value, name


@given(units)
def test_no_unit_and_no_district_is_lost_or_counted_twice(rows):
    result = summarise(rows)
    for level, districts in (("province", [2, 2, 1]), ("nation", [5])):
        total = result[level]
        assert (total.met + total.not_met + total.unknown == total.counted).all()
        states = (
            total.districts_met + total.districts_not_met + total.districts_unknown + total.districts_not_applicable
        )
        assert states.tolist() == districts


def test_a_group_in_which_nobody_reported_is_unknown_and_not_zero():
    result = summarise([(-1, 100, True, 0, False), (90, 100, True, 2, False)])["province"]
    assert result.insured.tolist() == [-1, 90, -1]
    assert result.still_to_enrol.tolist() == [-1, 0, -1]
    assert result.unknown.tolist() == [1, 0, 0]


def test_without_a_threshold_people_are_added_and_nothing_is_judged():
    result = summarise([(90, 100, True, 0, False)], threshold=None)["nation"]
    assert (result.insured[0], result.counted[0]) == (90, 1)
    judged = ("met", "not_met", "unknown", "still_to_enrol", "population_met", "districts_met", "districts_unknown")
    assert {name: int(getattr(result, name)[0]) for name in judged} == dict.fromkeys(judged, -1)


def test_an_island_district_brings_people_and_no_commune():
    result = summarise([(90, 100, True, 0, True), (50, 100, True, 0, False)])["nation"]
    assert (result.insured[0], result.population[0]) == (140, 200)
    assert (result.units[0], result.counted[0], result.not_met[0]) == (1, 1, 1)


def test_people_who_live_in_communes_that_meet_are_counted_beside_the_communes():
    rows = [(90, 100, True, 0, False), (5, 7, True, 0, False), (100, 100, False, 0, False)]
    result = summarise(rows)["nation"]
    assert (result.population_met[0], result.population_counted[0]) == (100, 107)
