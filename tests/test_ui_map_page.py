"""The map page: every measure is classed and counted as a plain recomputation does, and what cannot be drawn is said."""

import gzip
import json
import re
import struct
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from map_message import labels, read_maps
from screen import open_page, table_rows

from data import queries
from data.settings import PROJECT_ROOT, Settings
from data.store import Store
from text.words import Words
from ui import loaders
from ui.layers import INDICATORS, months_before
from ui.loaders import layers

MAP = PROJECT_ROOT / "pages" / "map.py"
VI = Words("vi")
NO_DATA, NOT_APPLICABLE = 255, 254


@pytest.fixture(autouse=True)
def on_the_small_store(use_store: Callable[[Path], None], small_settings: Settings) -> None:
    use_store(small_settings.var_directory)


def test_months_are_counted_back_over_the_year():
    assert [months_before("2020-03", back) for back in (0, 2, 3, 15)] == ["2020-03", "2020-01", "2019-12", "2018-12"]


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("indicator", INDICATORS)
def test_every_measure_opens_with_a_sentence_a_map_and_its_rows(indicator: str, lang: str):
    screen = open_page(MAP, lang=lang, indicator=indicator, level="district")
    header, classes = read_maps(screen)[0]
    assert screen.headline() and header["legend"] == indicator
    known = [code for entry in header["legends"][indicator] for code in entry["codes"]]
    assert set(np.unique(classes)) <= set(known) and len(known) == len(set(known))
    title = Words(lang).say("map_page.table_title", level=Words(lang).say("level.district_title").lower())
    assert len(table_rows(screen, title)) == 50


def rate(row) -> Fraction | None:
    return None if row.insured < 0 or row.population <= 0 else Fraction(100 * row.insured, row.population)


def test_change_by_commune_is_that_of_exact_fractions(small_store: Store):
    _, classes = read_maps(open_page(MAP, indicator="change"))[0]
    now = queries.commune_values(small_store, "2020-12")
    before = {row.unit_code: rate(row) for row in queries.commune_values(small_store, "2019-12").itertuples()}
    for row, found in zip(now.itertuples(), classes, strict=True):
        if row.obs_status == "not_applicable":
            assert found == NOT_APPLICABLE
            continue
        values = (rate(row), before[row.unit_code])
        right = NO_DATA if None in values else sum(values[0] - values[1] >= e for e in (-5, -3, -1, 0, 1, 3, 5))
        assert found == right, row.unit_code


def test_people_are_circles_whose_size_grows_with_the_class(small_store: Store):
    header, classes = read_maps(open_page(MAP, indicator="need", level="province"))[0]
    circles = [entry for entry in header["legends"]["need"] if "radius" in entry]
    radii = [entry["radius"] for entry in circles]
    assert radii[0] == 0 and radii == sorted(radii) and len(set(radii)) == len(radii)
    assert all("radius" not in entry for entry in header["legends"]["need"] if entry["codes"][0] >= 252)
    need = queries.level_values(small_store, "2020-12", "province")["still_to_enrol"]
    edges = (1, 10_000, 25_000, 50_000, 100_000)
    assert classes.tolist() == [sum(people >= edge for edge in edges) for people in need]


def test_the_share_of_communes_is_drawn_by_district_and_leaves_out_those_without_communes(small_store: Store):
    screen = open_page(MAP, indicator="share")
    assert VI.say("map_page.share_above_communes") in screen.text
    header, classes = read_maps(screen)[0]
    rows = queries.level_values(small_store, "2020-12", "district")
    right = [
        NOT_APPLICABLE
        if row.counted == 0
        else sum(Fraction(100 * row.met, row.counted) >= e for e in (40, 60, 80, 100))
        for row in rows.itertuples()
        if row.counted >= 0
    ]
    assert header["level"] == "district"
    assert [c for c, counted in zip(classes.tolist(), rows["counted"], strict=True) if counted >= 0] == right


def test_two_months_stand_side_by_side_with_one_legend():
    screen = open_page(MAP, second="2019-12")
    (first, _), (second, classes) = read_maps(screen)
    assert (first["period"], second["period"]) == ("2020-12", "2019-12")
    assert labels(first) == labels(second)
    assert len(classes) == 11_164


def test_a_second_month_of_other_boundaries_is_drawn_on_its_own_and_says_whose_classes_it_has():
    screen = open_page(MAP, second="2025-07")
    (first, _), (second, classes) = read_maps(screen)
    assert (second["boundary_set"], len(classes)) == ("2025-07", 3_321)
    assert first["order_hash"] != second["order_hash"]
    assert "Ngưỡng hai kỳ khác nhau" in screen.text and "ranh giới của kỳ đó" in screen.text


def test_an_earlier_second_month_is_carried_to_the_boundaries_of_the_screen():
    screen = open_page(MAP, period="2025-07", second="2025-06")
    (first, _), (second, _) = read_maps(screen)
    assert first["order_hash"] == second["order_hash"]
    assert "được quy đổi sang ranh giới đang xem" in screen.text


def test_a_level_or_place_that_the_second_month_has_not_is_said():
    assert "Không còn cấp huyện" in open_page(MAP, level="district", second="2025-07").text
    screen = open_page(MAP, unit="380", second="2025-07")
    assert VI.say("map_page.second_other_place", second="tháng 7/2025") in screen.text
    assert len(read_maps(screen)) == 1


@pytest.mark.parametrize("indicator", ["met", "share", "need", "distance"])
def test_without_a_threshold_coverage_is_drawn_and_the_reason_said(indicator: str):
    screen = open_page(MAP, period="2026-02", indicator=indicator)
    assert VI.say("map_page.not_without_threshold") in screen.text
    assert read_maps(screen)[0][0]["legend"] == "coverage"


def test_change_says_when_there_is_no_month_to_compare_with():
    screen = open_page(MAP, period="2020-11", indicator="change")
    assert screen.headline() == "Không có số liệu tháng 11/2019 để so sánh"
    assert set(read_maps(screen)[0][1]) == {NO_DATA, NOT_APPLICABLE}


def test_a_class_of_the_legend_filters_the_table_by_the_measure_on_the_map():
    screen = open_page(MAP, indicator="change", level="province", classes="4")
    _, classes = read_maps(screen)[0]
    rows = table_rows(screen, "Bảng số liệu: tỉnh")
    assert 0 < len(rows) == int(np.sum(classes == 4)) < 63
    assert all(row[1].startswith(("+0,", "0,0", "+1,0")) for row in rows)


def test_the_table_sorts_by_the_measure():
    rows = table_rows(open_page(MAP, indicator="change", level="province", sort="value"), "Bảng số liệu: tỉnh")
    values = [float(row[1].split()[0].replace(",", ".").replace("−", "-")) for row in rows]
    assert values == sorted(values)


def test_the_card_of_a_commune_has_people_distance_change_rank_months_and_source():
    screen = open_page(MAP, unit="38", selected="14818")
    assert "profile?unit=14818&amp;part=origins" in "".join(screen.markup), "where the commune went is one press away"
    card = next(block for block in screen.sentences if "hạng" in block)
    for said in ("/8 trong thị xã Bỉm Sơn", "so với ngưỡng 85%", "so với 12/2019", "Tỷ lệ theo tháng", "mô phỏng"):
        assert said in card
    assert "<svg" in next(block for block in screen.markup if "hạng" in block)


def test_a_zoomed_unit_is_brought_into_view():
    header, _ = read_maps(open_page(MAP, selected="14818", zoom="14818"))[0]
    assert header["focus"] == [header["selected"]]
    assert read_maps(open_page(MAP, selected="14818"))[0][0]["focus"] == []


@pytest.mark.parametrize("level", ["province", "district", "commune"])
@pytest.mark.parametrize("indicator", ["coverage", "change", "distance", "need"])
def test_classes_of_all_months_agree_with_those_of_the_month_on_the_screen(indicator: str, level: str):
    snapshot = loaders.open_store().snapshot_id
    raw = gzip.decompress(layers.layer_months(snapshot, "2019-10", level, "2016-2020", indicator, "12"))
    (length,) = struct.unpack_from("<I", raw)
    header = json.loads(raw[4 : 4 + length])
    table = np.frombuffer(raw, np.uint8, offset=4 + length).reshape(header["unit_count"], len(header["periods"]))
    assert header["periods"] == (["2020-12"] if indicator == "change" else ["2019-12", "2020-11", "2020-12"])
    shown, classes = read_maps(open_page(MAP, indicator=indicator, level=level))[0]
    assert shown["order_hash"] == header["order_hash"]
    assert (table[:, -1] == classes).all()


def test_an_address_of_figures_that_are_not_there_is_refused():
    snapshot = loaders.open_store().snapshot_id
    asked = {
        "boundary_set": "2019-10",
        "level": "commune",
        "programme": "2016-2020",
        "indicator": "change",
        "span": "12",
    }
    for change in (
        {"indicator": "x"},
        {"span": "13"},
        {"level": "region"},
        {"boundary_set": "1975"},
        {"indicator": "share"},
    ):
        assert layers.layer_months(**(asked | change), snapshot=snapshot) is None
        assert layers.layer_rest(**(asked | change), snapshot=snapshot, period="2020-12") is None
    assert layers.layer_months(**asked, snapshot="0" * 12) is None


def test_hover_has_the_change_in_hundredths_of_a_point():
    snapshot = loaders.open_store().snapshot_id
    body = layers.layer_rest(
        snapshot=snapshot, boundary_set="2019-10", level="province", programme="2016-2020",
        indicator="change", span="12", period="2020-12",
    )  # fmt: skip
    (length,) = struct.unpack_from("<I", body)
    count = json.loads(body[4 : 4 + length])["unit_count"]
    extra = np.frombuffer(body, "<i4", offset=4 + length + count * 6)
    assert len(extra) == 63 and (np.abs(extra) < 2_000).all() and (extra != 0).any()


def test_the_quadrants_hold_every_unit_that_is_short_once_and_filter_the_table(small_store: Store):
    screen = open_page(MAP, quadrant="low_many", unit="38")
    block = next(said for said in screen.sentences if "thấp và đông người: thiếu" in said)
    counts = [int(found.replace(".", "")) for found in re.findall(r"([\d.]+) (?:thấp|khá hơn)", block)]
    rows = queries.commune_values(small_store, "2020-12", "38")
    short = sum(r.type == "xa" and rate(r) is not None and rate(r) < 85 for r in rows.itertuples())
    assert len(counts) == 4 and sum(counts) == short
    shown = table_rows(screen, "Bảng số liệu: xã")
    assert len(shown) == min(counts[0], 50)
    assert all(float(row[1].rstrip("%").replace(",", ".")) < 80 for row in shown)
    assert screen.has("plotly_chart")


def test_a_marked_unit_is_ringed_among_the_dots_and_said_beside_them(small_store: Store):
    rows = queries.commune_values(small_store, "2020-12", "38")
    code = next(r.unit_code for r in rows.itertuples() if r.type == "xa" and rate(r) is not None and rate(r) < 85)
    screen = open_page(MAP, unit="38", selected=code)
    said = next(block for block in screen.markup if "Đang đánh dấu" in block)
    layer, dot = map(int, re.findall(r"nth-of-type\((\d+)\)", said))
    traces = json.loads(screen.app.get("plotly_chart")[0].proto.spec)["data"]
    assert [trace for trace in traces if trace["customdata"]][layer - 1]["customdata"][dot - 1] == code
    assert rows.set_index("unit_code")["name"][code] in said
    met = next(r.unit_code for r in rows.itertuples() if r.type == "xa" and rate(r) is not None and rate(r) >= 85)
    assert not [block for block in open_page(MAP, unit="38", selected=met).markup if "Đang đánh dấu" in block]


def test_without_a_threshold_there_is_no_priority_view():
    assert not open_page(MAP, period="2026-02").has("plotly_chart")
