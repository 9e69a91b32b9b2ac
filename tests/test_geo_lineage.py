from fractions import Fraction

import numpy as np
import pytest

from geo.crosswalks import convert_counts, load_crosswalk
from geo.lineage import part_of_crosswalk, same_land, trace_back, trace_forward
from geo.units import map_order

SPLIT = "00253"  # Ngô Thì Nhậm, split in 2020 between two wards, which were united in 2025


def test_a_split_ward_is_followed_through_both_reforms_with_its_shares():
    steps = trace_forward("2019-10", SPLIT)
    first = [step for step in steps if step.to_set == "2025-01"]
    assert {step.to_code for step in first} == {"00241", "00247"}
    assert sum(Fraction(step.weight) for step in first) == 1
    assert first[0].to_code == "00247" and all(step.kind == "split" for step in first)
    later = [step for step in steps if step.to_set == "2025-07"]
    assert {step.from_code for step in later} == {"00241", "00247"}


@pytest.mark.parametrize("boundary_set", ["2025-01", "2025-07"])
def test_whatever_leads_to_a_unit_leads_forward_to_it_again(boundary_set):
    for code in map_order(boundary_set, "commune")[::400]:
        back = trace_back(boundary_set, code)
        assert back, code
        for step in back:
            assert step in trace_forward(step.from_set, step.from_code)


def test_a_part_of_a_crosswalk_shares_people_out_as_the_whole_one_does():
    whole = load_crosswalk("2025-01", "2025-07")
    people = np.random.default_rng(7).integers(0, 30_000, len(whole.from_codes))
    converted = convert_counts(people, whole)
    split = whole.to_codes[np.flatnonzero(whole.estimated)][::60]
    for code in [*split, *whole.to_codes[::400]]:
        part = part_of_crosswalk("2025-01", "2025-07", code)
        mine = people[whole.from_codes.get_indexer(part.from_codes)]
        at = part.to_codes.get_loc(code)
        assert convert_counts(mine, part)[at] == converted[whole.to_codes.get_loc(code)]
        assert part.estimated[at] == whole.estimated[whole.to_codes.get_loc(code)]


def test_the_same_land_is_found_only_where_nothing_came_or_went():
    assert same_land("2019-10", "2025-01", "14812") == "14812"
    assert same_land("2019-10", "2025-01", SPLIT) is None
    assert same_land("2019-10", "2025-01", "14821") is None, "14827 joined it"


def test_the_newest_set_leads_nowhere_and_the_oldest_comes_from_nowhere():
    assert trace_forward("2025-07", "00097") == []
    assert trace_back("2019-10", "00001") == []
