"""What the map component is told."""

from decimal import Decimal

import numpy as np

from charts import palette
from indicators.classes import CARRIED, NO_DATA, NOT_APPLICABLE, class_edges
from indicators.rules import Threshold
from text.formats import Formats
from text.words import Words
from ui.map import MapFrame, build_header, build_legends

EDGES = class_edges(Threshold(Decimal(85), ">="))
FILES = dict.fromkeys(("outlines", "scope_outlines", "background", "names", "values", "rest"))


def frame(classes=(0, 3, 4, 6, NO_DATA), edges=EDGES, **more) -> MapFrame:
    given = {
        "boundary_set": "2019-10",
        "level": "commune",
        "period": "2020-12",
        "scope": "VN",
        "order_hash": "0" * 16,
        "classes": np.array(classes, dtype=np.uint8),
        "edges": edges,
        "legend": "classes",
        "files": FILES,
        "sentence": "",
    }
    return MapFrame(**(given | more))


def legends(shown: MapFrame, lang: str = "vi"):
    return build_legends(shown, Words(lang), Formats(lang))


def test_the_legend_has_the_threshold_as_its_edge_and_every_class_once():
    entries = legends(frame())["classes"]
    assert [entry["label"] for entry in entries] == [
        "dưới 60%", "60 – <70", "70 – <80", "80 – <85", "85 – <90", "90 – 100", "trên 100%",
        "chưa có dữ liệu", "chưa công khai", "số của kỳ trước", "không áp dụng",
    ]  # fmt: skip
    assert [entry["label"] for entry in entries if entry.get("edge")] == ["85 – <90"]
    codes = [code for entry in entries for code in entry["codes"]]
    assert len(codes) == len(set(codes))


def test_met_and_not_met_split_exactly_at_the_threshold():
    not_met, met, *_ = legends(frame())["met"]
    assert (not_met["codes"], met["codes"]) == ([0, 1, 2, 3], [4, 5, 6])
    assert (not_met["colour"], met["colour"]) == (palette.NOT_MET, palette.MET)


def test_a_district_map_does_not_say_met_of_a_rate():
    assert [entry["label"] for entry in legends(frame(level="district"))["met"]][:2] == ["dưới 85%", "từ 85%"]
    assert legends(frame())["met"][1]["label"].startswith("đạt")


def test_without_a_threshold_there_is_no_met_map_and_no_blue():
    shown = frame(edges=class_edges(Threshold(Decimal(90), ">="), in_force=False))
    assert set(legends(shown)) == {"classes"}
    assert not {palette.MET} & {entry["colour"] for entry in legends(shown)["classes"]}


def test_each_kind_of_absence_has_its_own_entry_and_shows_where_it_occurs():
    entries = legends(frame(classes=(NO_DATA, NOT_APPLICABLE, CARRIED)))["classes"][-4:]
    assert [entry["label"] for entry in entries] == [
        "chưa có dữ liệu",
        "chưa công khai",
        "số của kỳ trước",
        "không áp dụng",
    ]
    assert [entry.get("optional", False) for entry in entries] == [False, True, True, True]


def test_the_header_has_every_word_the_component_asks_for():
    words = build_header(frame(), Words("vi"), Formats("vi"))["words"]
    assert words["insets"]["hoang_sa"] == "QĐ. Hoàng Sa" and words["insets"]["truong_sa"] == "QĐ. Trường Sa"
    assert {"missing", "enough", "no_data", "play", "pause", "no_outlines", "end"} <= words.keys()


def test_a_converted_period_says_why_time_does_not_run():
    words = build_header(frame(is_converted=True), Words("vi"), Formats("vi"))["words"]
    assert words["no_values"] == Words("vi").say("map.no_values_converted")
