"""Two months of a place are compared over the communes of which figures came in both, against a plain recomputation."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from test_ui_home import SUMMARY

from data.settings import Settings
from data.store import Store
from indicators.changes import keep_known_in_both
from ui import loaders
from ui.comparison import NO_FIGURES, OTHER_BOUNDARIES, OTHER_THRESHOLD, find_hindrance
from ui.home_facts import load_facts as load_home
from ui.loaders import ranking
from ui.loaders.comparison import load_level_shared, load_shared
from ui.profile.facts import load_facts as load_profile
from ui.takeaway.headless import open_frame

pytestmark = pytest.mark.pages


@pytest.fixture
def snapshot_id(small_settings: Settings, use_store: Callable[[Path], None]) -> str:
    use_store(small_settings.var_directory)
    return loaders.open_store().snapshot_id


def read_communes(store: Store, period: str) -> dict[str, tuple[str, str, int, int]]:
    """Communes with a known rate of a month: province, type, insured, population by code."""
    rows = store.query(
        """
        SELECT u.unit_code, u.province_code, u.type, m.insured, m.population FROM commune_month AS m
        JOIN period AS t USING (period) JOIN unit AS u ON u.boundary_set = t.boundary_set AND u.unit_code = m.unit_code
        WHERE m.period = $period AND m.insured >= 0 AND m.population > 0
        """,
        {"period": period},
    )
    return {code: tuple(rest) for code, *rest in rows.itertuples(index=False)}


def test_a_place_is_compared_over_the_communes_known_in_both_months(small_store: Store, snapshot_id: str):
    now, before = read_communes(small_store, "2020-12"), read_communes(small_store, "2019-12")
    assert now.keys() != before.keys(), "the months must differ in who reported, or this proves nothing"
    shared = now.keys() & before.keys()
    frames = load_level_shared(snapshot_id, "2020-12", "2019-12", "2019-10", "province")
    for unit, level in (("VN", "nation"), ("40", "province"), ("10", "province")):
        codes = [code for code in shared if level == "nation" or now[code][0] == unit]
        sums = load_shared(snapshot_id, "2020-12", "2019-12", "2019-10", unit, level)
        for known, found, frame in zip((now, before), (sums.now, sums.before), frames, strict=True):
            insured, population = (sum(int(known[code][at]) for code in codes) for at in (2, 3))
            met = sum(now[code][1] == "xa" and 100 * known[code][2] >= 85 * known[code][3] for code in codes)
            assert (found.insured, found.population, found.met) == (insured, population, met)
            if level == "province":
                assert (frame.at[unit, "insured"], frame.at[unit, "met"]) == (insured, met)


def test_home_profile_and_ranking_say_the_same_gain(snapshot_id: str):
    for unit in ("40", "01", "38"):
        address = {"unit": unit, "period": "2020-12"}
        home, profile = load_home(open_frame("home", address)), load_profile(open_frame("profile", address))
        facts = ranking.load_facts(snapshot_id, "2020-12", "2019-10", "2019-12", "nation")
        at = facts.place_at(unit)
        gain = facts.measures["improvement"].values
        expected = 100 * float(gain.numerator[at]) / float(gain.denominator[at])
        assert home.year.points() == profile.year.points() == pytest.approx(expected)


def test_what_hinders_a_comparison_is_named():
    silent = replace(SUMMARY, met=0, not_met=0)
    asked = [(SUMMARY, True, True), (SUMMARY, True, False), (SUMMARY, False, True), (silent, True, True)]
    assert [find_hindrance(*each) for each in asked] == ["", OTHER_THRESHOLD, OTHER_BOUNDARIES, NO_FIGURES]


def test_a_unit_known_in_one_month_only_is_unknown_in_both():
    found = keep_known_in_both([5, 5, -1, 0, 7], [10, 10, 10, 10, -1], [4, -1, 4, 1, 6], [9, 9, 9, 9, 9])
    assert [list(column) for column in found] == [
        [5, -1, -1, 0, -1],
        [10, -1, -1, 10, -1],
        [4, -1, -1, 1, -1],
        [9, -1, -1, 9, -1],
    ]
