"""Another threshold on the screen: counts equal a recomputation, typed values in the reader's writing, months without a rule."""

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from screen import open_page, table_rows

from data.settings import PROJECT_ROOT, Settings
from data.store import Store
from geo.units import load_units
from indicators.rules import load_programmes
from text.formats import Formats
from text.words import Words
from ui.criterion import default_rule, list_rules

PAGE = PROJECT_ROOT / "pages" / "criterion.py"
VI = Words("vi")
COUNT = Formats("vi").count


@pytest.fixture(autouse=True)
def on_the_small_store(use_store: Callable[[Path], None], small_settings: Settings) -> None:
    use_store(small_settings.var_directory)


def changes_twin(store: Store, before: str, after: str, is_above: bool) -> tuple[int, int, int]:
    """(communes that change, of them in Thanh Hóa, residents of those that change), by decimals over the raw rows."""
    units = {row["unit_code"]: row for row in load_units("2019-10").to_dict("records")}
    changed, inside, people = 0, 0, 0
    rows = store.query("SELECT unit_code, insured, population FROM commune_month WHERE period = '2020-12'")
    for code, insured, population in rows.itertuples(index=False):
        if units[code]["type"] != "xa" or pd.isna(insured) or pd.isna(population) or population <= 0:
            continue
        rate = Decimal(100 * int(insured)) / Decimal(int(population))
        met = rate >= Decimal(before), rate > Decimal(after) if is_above else rate >= Decimal(after)
        if met[0] != met[1]:
            changed += 1
            inside += units[code]["province_code"] == "38"
            people += int(population)
    return changed, inside, people


def test_the_figures_equal_a_recomputation_over_the_raw_rows(small_store: Store):
    changed, inside, people = changes_twin(small_store, "85", "92.6", is_above=True)
    screen = open_page(PAGE, value="92,6", op="gt")
    assert screen.headline().startswith(f"Với ngưỡng trên 92,6%, {COUNT(changed)} xã không còn đạt")
    assert screen.figure(VI.say("criterion.figure_changed")).startswith(COUNT(changed))
    assert screen.figure(VI.say("criterion.figure_people")).startswith(COUNT(people))
    rows = table_rows(screen, VI.say("criterion.groups_title_province"))
    assert next(row for row in rows if row[0] == "Thanh Hóa")[5] == COUNT(inside)
    assert sum(int(row[5].replace(".", "")) for row in rows) == changed and len(rows) == 63
    assert open_page(PAGE, value="92.6", op="gt", unit="38").headline().count(COUNT(inside))


def test_the_list_stands_by_people_and_the_map_has_the_classes_of_change(small_store: Store):
    screen = open_page(PAGE)
    residents = [int(row[1].replace(".", "")) for row in table_rows(screen, VI.say("criterion.list_label"))]
    assert len(residents) == 50 and residents == sorted(residents, reverse=True)
    assert screen.has_map()


def test_a_lower_threshold_adds_communes_and_the_same_one_changes_none():
    assert "xã đạt: " in open_page(PAGE, value="70").headline()
    same = open_page(PAGE, value="85")
    assert "không xã nào đổi tình trạng" in same.headline() and VI.say("criterion.list_empty") in same.text


def test_a_value_that_is_no_percentage_is_said_and_the_known_rule_stays():
    screen = open_page(PAGE, value="abc")
    assert "“abc” không phải một tỷ lệ từ 0 đến 100" in screen.text
    assert screen.headline() == open_page(PAGE).headline()
    assert not [block for block in open_page(PAGE, value="<img src=x>").markup if "<img" in block]


def test_a_month_without_a_threshold_is_held_against_the_last_one_known():
    screen = open_page(PAGE, period="2026-02")
    assert "Kỳ này chưa có ngưỡng; trang so ngưỡng gần nhất (từ 90%)" in screen.text
    assert VI.say("caption.no_threshold") in screen.text and screen.has_map()
    assert len(table_rows(screen, VI.say("criterion.groups_title_province"))) == 34
    assert open_page(PAGE, period="2026-02", unit="38").headline(), "no districts, no table of districts"


def test_every_commune_rule_of_every_programme_can_be_chosen():
    rules = list_rules(load_programmes())
    known = {
        (known.rule.kind, known.rule.scope, str(known.rule.value), known.rule.operator) for known in rules.values()
    }
    assert {("basic", "VN", "85", ">="), ("basic", "VN", "90", ">="), ("model", "VN", "95", ">=")} <= known
    assert {("advanced", "VN", "95", ">="), ("basic", "96", "93", ">"), ("basic", "VN", "70", ">=")} <= known
    markup = next(block for block in open_page(PAGE).markup if 'data-act="rule"' in block)
    assert set(rules) == set(re.findall(r'<option value="([^"]+-g[et])"', markup))
    own = next(code for code, known in rules.items() if known.rule.scope == "96" and known.rule.kind == "basic")
    assert open_page(PAGE, rule=own).headline().startswith("Với ngưỡng trên 93%")


def test_the_rule_offered_first_is_the_next_stricter_one():
    rules = list_rules(load_programmes())
    by_value = {known.rule.value: known.rule for known in rules.values() if known.rule.scope == "VN"}
    assert default_rule(rules, by_value[Decimal(85)]).rule.value == 90
    assert default_rule(rules, by_value[Decimal(90)]).rule.value == 95
    assert default_rule(rules, by_value[Decimal(95)]).rule.value < 95


def test_a_province_with_a_bar_of_its_own_is_named():
    said = "Tỉnh Cà Mau đặt ngưỡng riêng trên 93%."
    assert said in open_page(PAGE, period="2025-06", unit="96").text
    assert said not in open_page(PAGE, period="2025-06").text


def test_the_legend_filters_the_list_by_a_choice_of_its_own():
    rows = table_rows(open_page(PAGE, only="2"), VI.say("criterion.list_label"))
    assert {row[4] for row in rows} == {VI.say("criterion.class_stays_met")}
    everything = table_rows(open_page(PAGE, classes="2"), VI.say("criterion.list_label"))
    assert {row[4] for row in everything} == {VI.say("criterion.class_lost")}, "classes of the coverage map mean others"
    assert VI.say("error.address_choice", value="1e9") in open_page(PAGE, only="1e9").text
