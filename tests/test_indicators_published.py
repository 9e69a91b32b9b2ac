"""The population that a published rate implies."""

from decimal import Decimal

import pytest

from indicators.published import implied_population


def test_the_published_figures_of_2020_imply_a_smaller_population_than_the_revised_one():
    assert implied_population(87_970_000, Decimal("90.85")) == 96_829_939


@pytest.mark.parametrize(("insured", "pct"), [(-1, Decimal(90)), (10, None), (10, float("nan")), (10, 0)])
def test_an_unknown_part_implies_nothing(insured: int, pct):
    assert implied_population(insured, pct) == -1
