"""Two months of a place are compared over the communes of which figures came in both, against a plain recomputation."""

import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from test_ui_home import SUMMARY

from data.closing import find_round, read_programmes
from data.round_figures import read_round
from data.settings import Settings
from data.store import Store
from indicators.changes import keep_known_in_both, sum_known_in_both
from indicators.evaluation import measure
from indicators.evaluation_rules import load_rules
from text.formats import Formats
from ui import loaders
from ui.comparison import NO_FIGURES, OTHER_BOUNDARIES, OTHER_THRESHOLD, compare_unit, find_hindrance
from ui.home_facts import load_facts as load_home
from ui.layers import LayerKey
from ui.loaders import ranking
from ui.loaders.comparison import keep_shared, load_level_shared, load_shared
from ui.loaders.layers import layer_months, load_layer
from ui.profile.facts import load_facts as load_profile
from ui.sums import summarise_frame, to_summary
from ui.takeaway.headless import open_frame
from ui.unit_card import say_change as say_card_change

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


def test_a_commune_is_compared_as_the_nation_of_that_one_commune_would_be(snapshot_id: str):
    months = ("2020-12", "2019-12")
    now, before = keep_shared(*(loaders.load_communes(snapshot_id, month, "2019-10") for month in months))
    threshold = loaders.threshold_at(snapshot_id, months[0])
    chosen = [*now["unit_code"].iloc[::997], *now.loc[now["stands_alone"], "unit_code"]]
    assert len(chosen) > 12
    for code in chosen:
        is_it = (now["unit_code"] == code).to_numpy()
        alone = [to_summary(summarise_frame(frame[is_it], threshold, "nation").iloc[0]) for frame in (now, before)]
        found = load_shared(snapshot_id, *months, "2019-10", code, "commune")
        assert found is not None
        for own, expected in zip((found.now, found.before), alone, strict=True):
            of_districts = {name: getattr(own, name) for name in vars(own) if name.startswith("districts_")}
            assert own == replace(expected, **of_districts) and own.districts_counted == 0
    assert load_shared(snapshot_id, *months, "2019-10", "99999", "commune") is None


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


def test_the_card_the_map_and_the_need_bar_stand_on_the_communes_known_in_both(small_store: Store, snapshot_id: str):
    now, before = read_communes(small_store, "2020-12"), read_communes(small_store, "2019-12")
    codes = [code for code in now.keys() & before.keys() if now[code][0] == "40"]
    n, p, n0, p0 = (sum(int(month[code][at]) for code in codes) for month in (now, before) for at in (2, 3))
    frame = open_frame("home", {"unit": "40", "period": "2020-12"})
    found = compare_unit(frame, "40", "province", "2019-12", None)
    assert found.people() == n - n0 and found.points() == pytest.approx(100 * (n / p - n0 / p0))
    key = LayerKey("change", 12, "2016-2020", "2019-10", "province", "2020-12", "2020-12")
    layer = load_layer(snapshot_id, key)
    at = layer.units["unit_code"].tolist().index("40")
    assert layer.values[at] == pytest.approx(found.points())
    said = say_card_change(frame, "40", "province", None)
    if len(codes) < found.sums.now.units:
        assert Formats("vi").count(len(codes)) in said
    facts = load_home(open_frame("home", {"unit": "40", "period": "2020-12"}))
    assert facts.start.before.units_reported == facts.start.now.units_reported


def test_play_shows_the_same_change_as_the_month_at_rest(snapshot_id: str):
    for level in ("province", "district", "commune"):
        body = gzip.decompress(layer_months(snapshot_id, "2019-10", level, "2016-2020", "change", "12"))
        size = int.from_bytes(body[:4], "little")
        header = json.loads(body[4 : 4 + size])
        classes = np.frombuffer(body[4 + size :], dtype=np.uint8).reshape(header["unit_count"], -1)
        key = LayerKey("change", 12, "2016-2020", "2019-10", level, "2020-12", "2020-12")
        column = classes[:, header["periods"].index("2020-12")]
        assert column.tolist() == load_layer(snapshot_id, key).classes.tolist() and len(set(column.tolist())) > 1


def test_an_evaluation_measures_improvement_over_the_communes_known_at_both_ends(small_store: Store):
    programmes = read_programmes(small_store)
    data = read_round(small_store, find_round(small_store, programmes, "final", 2020), "province", programmes)
    ends = [read_communes(small_store, month) for month in (data.round.to_period, data.round.from_period)]
    values = measure(data.figures, "province", data.threshold, load_rules())["improvement"]
    partial = 0
    for at, code in enumerate(data.units["unit_code"]):
        inside = [unit for unit in ends[0].keys() & ends[1].keys() if ends[0][unit][0] == code]
        n, p, n0, p0 = (sum(int(month[unit][column]) for unit in inside) for month in ends for column in (2, 3))
        assert [int(column[at]) for column in data.figures.shared()] == [n, p, n0, p0]
        assert Fraction(int(values.numerator[at]), int(values.denominator[at])) == Fraction(n, p) - Fraction(n0, p0)
        partial += n < data.figures.insured[at]
    assert partial, "some province must have a commune that came or went, or this proves nothing"


def test_known_in_both_is_added_up_by_group():
    found = sum_known_in_both([5, 5, -1, 7], [9, 9, 9, 9], [4, -1, 4, 6], [8, 8, 8, 8], [0, 0, 1, -1], 2)
    assert [list(column) for column in found] == [[5, -1], [9, -1], [4, -1], [8, -1]]
