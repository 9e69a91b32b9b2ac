"""What the home page says: each sentence from counts, no figure that looks better than it is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.settings import Settings
from indicators.rules import Goal, Threshold
from text.formats import Formats
from text.words import Words
from ui import home_page, loaders
from ui.comparison import NOTHING, OTHER_THRESHOLD, Comparison
from ui.home import HomeFacts, HomeWords
from ui.loaders.comparison import SharedSums
from ui.sums import PlaceSummary
from ui.takeaway.headless import open_frame

SUMMARY = PlaceSummary(
    population=1_000_000,
    insured=902_000,
    uninsured=98_000,
    units=120,
    units_reported=118,
    units_simulated=0,
    counted=100,
    met=70,
    not_met=28,
    unknown=2,
    population_counted=800_000,
    population_met=600_000,
    still_to_enrol=12_345,
    districts_met=3,
    districts_not_met=6,
    districts_unknown=1,
    districts_not_applicable=2,
)
NATION_GOAL = Goal("coverage", Decimal(90), ">", date(2020, 12, 31))
COMMUNES_GOAL = Goal("communes_met", Decimal(100), ">=", date(2020, 12, 31))
THRESHOLD = Threshold(Decimal(85), ">=", legal_basis="1980/QĐ-TTg")
FACTS = HomeFacts(
    place="Cả nước",
    is_nation=True,
    period="2020-12",
    earlier="2019-12",
    programme="2016-2020",
    now=SUMMARY,
    year=NOTHING,
    start=None,
    threshold=THRESHOLD,
    goals={"coverage": NATION_GOAL, "communes_met": COMMUNES_GOAL},
    published="",
    last_published="",
)


def words_of(facts: HomeFacts, lang: str = "vi") -> HomeWords:
    return HomeWords(facts, Words(lang), Formats(lang))


def test_the_headline_names_rate_goal_communes_and_people():
    assert words_of(FACTS).headline() == (
        "Cả nước bao phủ 90,2%, vượt mục tiêu trên 90%; còn 28 xã chưa đạt 85%, thiếu 12.345 người"
    )


def test_exactly_ninety_is_not_past_a_goal_of_above_ninety():
    facts = replace(FACTS, now=replace(SUMMARY, insured=900_000))
    assert "chưa đạt mục tiêu trên 90%" in words_of(facts).headline()


def test_a_rate_a_hair_below_the_goal_is_written_finer():
    facts = replace(
        FACTS, now=replace(SUMMARY, insured=899_999), goals={"coverage": replace(NATION_GOAL, operator=">=")}
    )
    headline = words_of(facts).headline()
    assert "89,99%" in headline and "chưa đạt" in headline


def test_without_a_threshold_nothing_is_called_met():
    facts = replace(FACTS, threshold=None, programme="2026-2030")
    said = words_of(facts)
    assert said.headline().endswith("chưa có ngưỡng cấp xã của giai đoạn 2026–2030")
    assert [figure.label for figure in said.figures()] == ["Bao phủ BHYT cả nước"]


def test_without_figures_the_page_says_so_and_draws_no_figure():
    facts = replace(FACTS, now=None)
    assert words_of(facts).headline() == "Cả nước: chưa có số liệu tháng 12/2020"
    assert words_of(facts).figures() == []


def test_communes_without_figures_stay_in_the_denominator_and_are_named():
    figure = words_of(FACTS).figures()[1]
    assert (figure.value, figure.unit) == ("70", "/ 100 xã = 70,0%")
    assert "2 xã chưa có số liệu" in figure.note


def test_one_missing_commune_never_looks_like_all_of_them():
    facts = replace(FACTS, now=replace(SUMMARY, counted=8930, met=8929, not_met=1, unknown=0))
    assert words_of(facts).figures()[1].unit == "/ 8.930 xã = 99,99%"


def test_districts_that_are_not_applicable_are_out_of_the_denominator():
    figure = words_of(FACTS).figures()[2]
    assert (figure.value, figure.unit) == ("3", "/ 10 huyện = 30,0%")


def test_a_set_without_districts_has_three_figures():
    none = replace(SUMMARY, districts_met=-1, districts_not_met=-1, districts_unknown=-1, districts_not_applicable=-1)
    assert len(words_of(replace(FACTS, now=none)).figures()) == 3


def test_changes_carry_sign_unit_and_the_month_they_are_held_against():
    before = replace(SUMMARY, insured=888_000, met=60, districts_met=4, still_to_enrol=20_000)
    sums = SharedSums(SUMMARY, before)
    figures = words_of(replace(FACTS, year=Comparison(sums, sums), start=sums)).figures()
    assert [(f.change, f.direction) for f in figures] == [
        ("+1,4 điểm % so với 12/2019", 1),
        ("+10 xã so với 12/2019 · mục tiêu 100%", 1),
        ("−1 huyện so với 12/2019 · mục tiêu 100%", -1),
        ("−7.655 người so với 12/2019", -1),
    ]
    assert figures[3].bar_pct == pytest.approx(100 * 7655 / 20000)


def test_where_only_the_threshold_moved_coverage_is_still_compared():
    sums = SharedSums(SUMMARY, replace(SUMMARY, insured=888_000))
    figures = words_of(replace(FACTS, year=Comparison(sums, why_judged=OTHER_THRESHOLD))).figures()
    assert figures[0].change == "+1,4 điểm % so với 12/2019"
    assert figures[1].change == "không so với 12/2019: khi đó ngưỡng khác"


def test_a_change_says_over_how_many_communes_it_stands_and_is_of_those_only():
    now = replace(SUMMARY, insured=800_000, population=900_000, met=65, units=100, units_reported=97)
    sums = SharedSums(now, replace(now, insured=790_000, met=64))
    figures = words_of(replace(FACTS, year=Comparison(sums, sums))).figures()
    assert figures[0].value == "90,2%" and figures[0].change == "+1,1 điểm % so với 12/2019"
    assert "tăng, giảm tính trên 97/100 đơn vị cấp xã có số liệu cả hai tháng" in figures[0].note
    assert figures[1].value == str(SUMMARY.met) and figures[1].change.startswith("+1 xã")


def test_simulated_figures_are_marked_and_real_ones_are_not():
    assert {figure.mark for figure in words_of(FACTS).figures()} == {""}
    simulated = replace(FACTS, now=replace(SUMMARY, units_simulated=1))
    assert {figure.mark for figure in words_of(simulated).figures()} == {"mô phỏng"}


def test_a_goal_without_a_legal_text_says_so():
    facts = replace(FACTS, goals={"coverage": replace(NATION_GOAL, value=Decimal(95), confidence="low")})
    assert "chưa có văn bản" in words_of(facts).figures()[0].unit


def test_a_province_is_held_against_its_own_target():
    facts = replace(FACTS, place="Tỉnh Lạng Sơn", is_nation=False)
    figure = words_of(facts).figures()[0]
    assert figure.label == "Bao phủ BHYT tỉnh Lạng Sơn" and figure.unit.startswith("chỉ tiêu năm 2020")


def test_over_one_hundred_per_cent_is_written_and_the_bar_stays_inside():
    facts = replace(FACTS, now=replace(SUMMARY, insured=1_100_000))
    figure = words_of(facts).figures()[0]
    assert (figure.value, figure.bar_pct) == ("110,0%", 100.0)


def test_provinces_with_simulated_figures_are_never_said_to_have_reported(
    monkeypatch: pytest.MonkeyPatch, use_store: Callable[[Path], None], small_settings: Settings
):
    use_store(small_settings.var_directory)
    load = loaders.load_reports

    def lacking(snapshot_id: str, period: str, simulated: int) -> pd.DataFrame:
        known = load(snapshot_id, period)
        return known.assign(has_reported=np.arange(len(known)) > 0, units_simulated=simulated)

    for simulated, said in ((5, "62/63 tỉnh, thành phố có số liệu"), (0, "62/63 tỉnh, thành phố đã nộp")):
        monkeypatch.setattr(loaders, "load_reports", lambda snapshot, period, n=simulated: lacking(snapshot, period, n))
        banners: list[str] = []
        monkeypatch.setattr(home_page.parts, "banner", lambda markup, words, link=None, to=banners: to.append(markup))
        home_page.say_partial(open_frame("home", {"period": "2020-12"}))
        assert [banner.partition(" tháng")[0] for banner in banners] == [said]
