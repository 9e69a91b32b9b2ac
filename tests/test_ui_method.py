"""The method page is written from the definitions: every indicator, rule, goal, target, setting and licence stands on it."""

import re
import tomllib
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from screen import Screen, read_page

from data.queries import goals, targets, thresholds
from data.settings import PROJECT_ROOT, Settings
from data.store import Store
from indicators import arrival, pace, trend_marker
from indicators.catalogue import load_indicators, load_payer_groups
from indicators.rules import load_programmes
from indicators.settings import list_settings
from text.formats import Formats
from text.words import Words
from ui import method_tables
from ui.method_page import SECTIONS
from ui.operators import split_sentences

METHOD = PROJECT_ROOT / "pages" / "method.py"
DEFINITIONS = PROJECT_ROOT / "indicators" / "definitions"
VI, FORMATS = Words("vi"), Formats("vi")


@pytest.fixture(autouse=True)
def on_the_small_store(use_store: Callable[[Path], None], small_settings: Settings) -> None:
    use_store(small_settings.var_directory)


@pytest.fixture
def screen() -> Screen:
    return read_page(METHOD)


def leaves(raw: object) -> Iterator[object]:
    if isinstance(raw, dict):
        for value in raw.values():
            yield from leaves(value)
    elif isinstance(raw, list):
        for value in raw:
            yield from leaves(value)
    else:
        yield raw


def test_every_indicator_stands_there_with_its_law_and_source(screen: Screen):
    assert load_indicators()
    for code, entry in load_indicators().items():
        assert VI.say(f"indicator.{code}.name") in screen.text and VI.say(f"indicator.{code}.numerator") in screen.text
        assert entry.legal_basis in screen.text and entry.source in screen.text


def test_every_threshold_and_goal_of_the_snapshot_stands_there_of_every_kind_and_scope(
    screen: Screen, small_store: Store
):
    rules, wanted = thresholds(small_store), goals(small_store)
    assert set(rules["kind"]) > {"basic"} and set(rules["scope"]) > {"VN"}, "the test sees more than the main rule"
    for rule in [*rules.itertuples(), *wanted.itertuples()]:
        assert FORMATS.rule(Decimal(rule.value), rule.operator) in screen.text
        assert rule.legal_basis in screen.text and rule.source in screen.text
    for rule in rules.itertuples():
        assert FORMATS.day(rule.effective_from) in screen.text
        assert VI.say(f"method.rules_kind_{rule.kind}") in screen.text and (rule.scope_name or "") in screen.text


def test_a_text_that_is_known_but_not_used_is_named_with_its_reason_in_both_languages(screen: Screen):
    for programme in load_programmes().values():
        for basis, _ in programme.left_out:
            for words in (VI, Words("en")):
                assert words.has(method_tables.reason_key(basis)), f"{basis} has no reason in {words.lang}"
            assert basis in screen.text and VI.say(method_tables.reason_key(basis)) in screen.text


def test_every_decision_with_targets_is_named(screen: Screen, small_store: Store):
    decisions = set(targets(small_store, "VN")["decision"]) | set(targets(small_store, "20")["decision"])
    assert len(decisions) > 2
    assert not [decision for decision in decisions if decision not in screen.text]


def test_every_setting_has_words_in_both_languages_and_stands_there_with_its_value(screen: Screen):
    table = next(block for block in screen.markup if VI.say("method.setting.ranking_noise_ranks") in block)
    rows = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row) for row in table.split("<tr")]
    for setting in list_settings():
        name = method_tables.name_setting(setting, VI)
        assert not re.search(r"[a-z]\.[a-z]|_", name), f"{setting.key} has no word"
        assert method_tables.name_setting(setting, Words("en")) != setting.key
        assert [name, method_tables.write_setting(setting, VI, FORMATS)] in [row[-2:] for row in rows]


@pytest.mark.parametrize("name", ["ranking", "evaluation"])
def test_no_value_of_the_files_is_forgotten(name: str):
    """A plain walk over the file; names of levels and of entries are said as words."""
    listed = " ".join(setting.value + " " + setting.key for setting in list_settings())
    raw = tomllib.loads((DEFINITIONS / f"{name}.toml").read_text("utf-8"))
    for value in leaves(raw):
        said = str(value).lower() if isinstance(value, bool) else str(value)
        assert said in listed or said in ("province", "district", "commune"), said


def test_the_numbers_in_the_rules_of_pace_are_those_of_the_code(screen: Screen):
    said = {
        "now_rule": (f"{pace.QUARTERS} quý", f"dưới {pace.MIN_POINTS} quý"),
        "marker_rule": (f"{trend_marker.LEVEL_PERCENT}%", trend_marker.TEST, f"{pace.QUARTERS} quý"),
        "arrival_rule": (FORMATS.count(arrival.FUTURES), f"{arrival.LOW}% sớm", f"{100 - arrival.HIGH}% muộn"),
    }
    for key, pieces in said.items():
        assert VI.say(f"pace.{key}") in screen.text
        assert not [piece for piece in pieces if piece not in VI.say(f"pace.{key}")]


def test_payer_groups_boundary_sets_and_licences_are_listed(screen: Screen):
    for entry in load_payer_groups():
        assert entry.legal_basis in screen.text and FORMATS.day(entry.effective_from) in screen.text
    for counts in ("63 713 11.160", "63 696 10.035", "34 0 3.321"):
        assert counts in screen.text
    assert "CC BY-SA 4.0" in screen.text and "geoBoundaries; Open Development Mekong" in screen.text


def test_imported_outlines_are_named_with_their_own_licence(monkeypatch: pytest.MonkeyPatch):
    own = {"attribution": "Cục Đo đạc", "licence": "nội bộ", "approximate": False}
    head, rows = method_tables.outline_rows({"2019-10": (own, True)}, VI)
    assert rows == [["Ranh giới 10/2019", "đường do đơn vị vận hành nạp", "Cục Đo đạc", "nội bộ", "theo tệp đã nạp"]]
    assert len(head) == len(rows[0])


def test_every_section_is_an_anchor_of_the_contents(screen: Screen):
    contents = next(block for block in screen.markup if "method-contents" in block)
    for name in SECTIONS:
        assert f'href="#{name}"' in contents
        assert any(f'id="{name}"' in block for block in screen.markup)


def test_the_simulated_part_is_counted_and_an_empty_store_has_none(
    screen: Screen, use_store: Callable[[Path], None], empty_settings: Settings
):
    assert re.search(r"([\d.]+) mô phỏng, 0 nhận từ báo cáo", screen.text)
    use_store(empty_settings.var_directory)
    empty = read_page(METHOD)
    assert VI.say("method.rows_none") in empty.text and VI.say("method.simulated") not in empty.text


def test_open_data_are_offered_only_where_they_have_been_written(
    screen: Screen, use_store: Callable[[Path], None], own_settings: Settings, small_store: Store, monkeypatch
):
    assert split_sentences(VI.say("method.open_none"))[0] in screen.text and "/open/v1/latest/" not in screen.text
    folder = own_settings.open_directory / "v1" / "abc"
    folder.mkdir(parents=True)
    (own_settings.open_directory / "v1" / "latest.json").write_text('{"snapshot": "abc"}')
    (folder / "datapackage.json").write_text('{"resources": [{"path": "sums_by_month.csv"}]}')
    use_store(own_settings.var_directory)
    assert "/open/v1/latest/sums_by_month.csv" in read_page(METHOD, unit="38").text


def test_a_legal_text_is_not_named_twice_and_no_file_of_the_program_is_a_source(screen: Screen):
    plan, issuer = "Kế hoạch 4794/KH-BHXH", "Bảo hiểm xã hội Việt Nam"
    assert method_tables.join_source(plan, f"4794/KH-BHXH ({issuer})") == f"{plan} ({issuer})"
    assert method_tables.join_source("1980/QĐ-TTg", "https://a.vn (b)") == "1980/QĐ-TTg (https://a.vn (b))"
    assert method_tables.join_source(plan, "") == method_tables.join_source(plan, plan) == plan
    assert ".toml" not in screen.text.partition(VI.say("operator.detail"))[0]
