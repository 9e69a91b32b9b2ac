"""Which rule is in force when, and where it comes from."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pandas as pd
import pytest

from indicators import rule_rows, rules
from indicators.rules import Threshold

PROGRAMMES = rules.load_programmes()


def value_in_force(programme: str, period: str, **wanted: str) -> Decimal | None:
    threshold = rules.threshold_in_force(PROGRAMMES[programme], period, **wanted)
    return threshold and threshold.value


@pytest.mark.parametrize(
    ("programme", "period", "value"),
    [
        ("2010-2015", "2013-01", None),
        ("2010-2015", "2013-02", 70),
        ("2016-2020", "2016-01", 85),
        ("2016-2020", "2020-12", 85),
        ("2021-2025", "2022-02", 85),
        ("2021-2025", "2022-03", 90),
        ("2026-2030", "2026-01", 90),
        ("2026-2030", "2026-02", None),
    ],
)
def test_the_threshold_of_a_month_is_the_one_of_its_last_day(programme, period, value):
    assert value_in_force(programme, period) == value


def test_eleven_months_of_2016_are_measured_by_a_rule_that_was_not_yet_law():
    threshold = rules.threshold_in_force(PROGRAMMES["2016-2020"], "2016-05")
    assert not threshold.is_law_on(date(2016, 5, 31))
    assert threshold.is_law_on(date(2016, 12, 31))


def test_a_province_with_a_rule_of_its_own_keeps_to_it_and_others_follow_the_nation():
    ca_mau = rules.threshold_in_force(PROGRAMMES["2021-2025"], "2024-06", scope="96")
    assert (ca_mau.value, ca_mau.operator) == (93, ">")
    assert value_in_force("2021-2025", "2023-06", scope="96") == 90
    assert value_in_force("2021-2025", "2024-06", scope="01") == 90
    assert value_in_force("2010-2015", "2013-12", scope="201") == 85


def test_advanced_and_model_communes_have_thresholds_of_their_own():
    assert value_in_force("2016-2020", "2017-12", kind="model") is None
    assert value_in_force("2016-2020", "2018-01", kind="model") == 95
    assert value_in_force("2021-2025", "2022-03", kind="advanced") == 95


def test_a_month_outside_the_programme_is_an_error_and_not_an_unknown_threshold():
    with pytest.raises(ValueError, match="2021-01"):
        rules.threshold_in_force(PROGRAMMES["2016-2020"], "2021-01")


def test_the_goals_keep_the_operator_of_their_wording():
    coverage = rules.goal(PROGRAMMES["2016-2020"], "coverage", "2018-06")
    assert (coverage.value, coverage.operator, coverage.deadline) == (90, ">", date(2020, 12, 31))
    assert rules.goal(PROGRAMMES["2016-2020"], "districts_met", "2018-06").value == 100


@pytest.mark.parametrize(
    ("period", "value"),
    [("2021-06", "92.6"), ("2022-12", "92.6"), ("2023-01", "93.2"), ("2024-12", "94.1"), ("2025-07", "95.15")],
)
def test_a_month_works_towards_the_next_yearly_goal_exactly_as_written(period, value):
    assert rules.goal(PROGRAMMES["2021-2025"], "coverage", period).value == Decimal(value)


def test_the_goal_without_a_sourced_number_is_marked_and_none_follows_it():
    goal = rules.goal(PROGRAMMES["2026-2030"], "coverage", "2026-10")
    assert (goal.value, goal.confidence) == (95, "low")
    assert rules.goal(PROGRAMMES["2026-2030"], "coverage", "2027-01") is None


def test_every_rule_names_its_legal_basis_its_wording_and_its_source():
    for programme in PROGRAMMES.values():
        for rule in (*programme.thresholds, *programme.goals):
            assert rule.legal_basis
            assert rule.wording
            assert rule.source


def test_the_map_keeps_the_last_classes_without_meaning_where_no_threshold_is_known():
    threshold, in_force = rules.map_threshold(PROGRAMMES["2026-2030"], "2026-10")
    assert (threshold.value, in_force) == (90, False)
    assert rules.map_threshold(PROGRAMMES["2010-2015"], "2012-12") == (None, False)


def test_threshold_changes_are_found_in_the_month_they_happen():
    changes = [(period, old, new) for period, old, new in rules.threshold_changes(PROGRAMMES["2021-2025"])]
    assert [(period, old.value, new.value) for period, old, new in changes] == [("2022-03", 85, 90)]
    assert rules.threshold_changes(PROGRAMMES["2016-2020"]) == []
    assert [(period, new) for period, _, new in rules.threshold_changes(PROGRAMMES["2026-2030"])] == [("2026-02", None)]


def test_programmes_follow_each_other_without_gap_or_overlap():
    months = [
        month for entry in PROGRAMMES.values() for month in rules.periods_between(entry.from_period, entry.to_period)
    ]
    assert months == rules.periods_between("2010-01", "2030-12")
    assert rules.programme_of(PROGRAMMES, "2021-01").programme == "2021-2025"
    assert rules.programme_of(PROGRAMMES, "2031-01") is None


def test_rules_survive_the_way_through_the_store_as_tables():
    entries = PROGRAMMES.values()
    tables = [
        pd.DataFrame(rows).to_dict("records")
        for rows in (rule_rows.programme_rows(entries), rule_rows.threshold_rows(entries), rule_rows.goal_rows(entries))
    ]
    assert rule_rows.programmes_from_rows(*tables) == PROGRAMMES


def test_two_thresholds_for_one_day_are_refused(tmp_path):
    entry = """
[[threshold]]
value = {value}
operator = ">="
level = "commune"
kind = "basic"
scope = "VN"
unit_types = ["xa"]
effective_from = {start}
legal_basis = "{value}"
"""
    head = 'programme = "x"\nfrom_period = "2020-01"\nto_period = "2020-12"\n'
    path = tmp_path / "x.toml"
    path.write_text(head + entry.format(value=85, start="2019-01-01") + entry.format(value=90, start="2020-06-01"))
    with pytest.raises(rules.RuleError, match="overlap"):
        rules.read_programme(path)


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": Decimal(0)},
        {"value": Decimal("100.1")},
        {"value": Decimal("NaN")},
        {"value": 85.0},
        {"value": Decimal("85.00001")},
        {"operator": "<"},
        {"confidence": "sure"},
        {"kind": "golden"},
        {"effective_to": date(2019, 12, 31)},
        {"measured_from": date(2020, 1, 2)},
    ],
)
def test_a_rule_that_contradicts_itself_is_refused(wrong):
    sound = Threshold(Decimal(85), ">=", effective_from=date(2020, 1, 1))
    with pytest.raises(rules.RuleError):
        replace(sound, **wrong)


@pytest.mark.parametrize("period", ["2020", "2020-13", "2020-1", "12/2020"])
def test_a_period_is_a_year_and_a_month_and_nothing_else(period):
    with pytest.raises(ValueError):
        rules.last_day(period)
