"""A reader of the bench knows the month on its screen, whatever else looks like one."""

from bench.reader import Page
from ui.markup import dropdown


def test_the_months_are_those_of_their_own_list():
    sets = dropdown("boundaries", "Ranh giới", [("", [("2019-10", "2019"), ("2025-07", "2025")])], "2019-10")
    periods = dropdown("period", "Tháng", [("2020", [("2020-12", "12"), ("2020-11", "11")])], "2020-11")
    page = Page(markup={"choices": sets + periods})
    assert (page.months(), page.month()) == (["2020-12", "2020-11"], "2020-11")
    without = Page(markup={"choices": sets})
    assert (without.months(), without.month()) == ([], "")
