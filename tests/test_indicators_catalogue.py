"""The definitions of the indicators, and the payer groups of the law over time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.catalogue import groups_of, load_indicators, load_payer_groups, map_groups, payer_groups_in_force
from text.words import Words


def test_every_indicator_says_its_direction_and_has_its_words_in_both_languages():
    for lang in ("vi", "en"):
        words = Words(lang)
        for indicator in load_indicators().values():
            assert isinstance(indicator.higher_is_better, bool)
            for part in ("name", "short", "numerator", "denominator"):
                assert words.say(f"indicator.{indicator.indicator}.{part}")


@pytest.mark.parametrize(
    ("period", "count"), [("2016-01", 5), ("2018-11", 5), ("2018-12", 6), ("2025-06", 6), ("2025-07", 5)]
)
def test_the_number_of_payer_groups_follows_the_law(period, count):
    assert len(payer_groups_in_force(period).codes) == count


def test_before_the_first_list_no_groups_are_known():
    with pytest.raises(ValueError, match="2014-12"):
        payer_groups_in_force("2014-12")


def test_every_group_has_a_word():
    for entry in load_payer_groups():
        for group in entry.groups:
            assert Words("vi").has(f"payer_group.{group.word}")


@given(st.fixed_dictionaries({code: st.integers(0, 10**6) for code in groups_of("2018")}))
def test_nobody_is_lost_or_counted_twice_when_groups_merge(people):
    mapped = map_groups(people, "2018", "2025")
    assert set(mapped) == set(groups_of("2025"))
    assert sum(mapped.values()) == sum(people.values())


def test_a_group_that_the_older_list_does_not_tell_apart_is_unknown():
    people = dict.fromkeys(groups_of("2015"), 3)
    assert map_groups(people, "2015", "2018")["employer_defence"] == -1
    assert map_groups(people, "2015", "2025") == people


def test_an_unknown_part_makes_the_merged_group_unknown():
    assert map_groups({"employer_employee": 5, "employer_defence": -1}, "2018", "2025") == {"employer_employee": -1}


def test_groups_are_never_mapped_back_in_time():
    with pytest.raises(ValueError, match="back"):
        map_groups({"household": 1}, "2025", "2018")
