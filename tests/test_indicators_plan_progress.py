"""Plan against actual: exact people, unknown stays unknown."""

from indicators.plan_progress import month_before, track_plan

PLANNED = {("a", "2020-12"): 10, ("b", "2020-12"): 5, ("a", "2021-01"): 10, ("b", "2021-01"): 5}


def test_months_hold_planned_and_gained_people_and_their_sums():
    insured = {("a", "2020-11"): 100, ("b", "2020-11"): 50, ("a", "2020-12"): 112, ("b", "2020-12"): 49}
    insured |= {("a", "2021-01"): 120, ("b", "2021-01"): 60}
    first, second = track_plan(PLANNED, insured)
    assert (first.month, first.planned, first.gained) == ("2020-12", 15, 11)
    assert (second.planned_sum, second.gained, second.gained_sum) == (30, 19, 30)


def test_a_unit_without_a_figure_leaves_the_month_unknown_and_not_the_sum_after_it():
    insured = {("a", "2020-11"): 100, ("b", "2020-11"): 50, ("a", "2020-12"): 112}
    insured |= {("a", "2021-01"): 120, ("b", "2021-01"): 60}
    first, second = track_plan(PLANNED, insured)
    assert first.gained is None and first.gained_sum is None
    assert second.gained is None and second.gained_sum == 30


def test_no_plan_has_no_months():
    assert track_plan({}, {}) == []


def test_the_month_before_january_is_december():
    assert [month_before("2021-01"), month_before("2020-12")] == ["2020-12", "2020-11"]
