"""The search box finds units as they are called and as they were called, whatever stands in the columns of an answer."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.settings import Settings
from ui import loaders
from ui.loaders import units


@pytest.fixture(autouse=True)
def snapshot_id(use_store: Callable[[Path], None], small_settings: Settings) -> str:
    use_store(small_settings.var_directory)
    return loaders.open_store().snapshot_id


def test_a_search_that_finds_only_former_provinces_has_no_province_to_name(
    snapshot_id: str, monkeypatch: pytest.MonkeyPatch
):
    """Such a column is not text but NaN, and adding it to names was an error on every page."""
    found = pd.DataFrame(
        {"unit_code": ["31"], "name": ["Thành phố Hải Phòng"], "district_name": [np.nan], "province_name": [np.nan],
         "former_name": ["Tỉnh Hải Dương"], "former_province": [np.nan], "kind": ["former"]}
    )  # fmt: skip
    monkeypatch.setattr(units, "search_former_names", lambda *arguments: found)
    row = loaders.search_former(snapshot_id, "2025-07", "only former provinces").iloc[0]
    assert (row["label"], row["former"]) == ("Thành phố Hải Phòng", "Tỉnh Hải Dương")


@pytest.mark.parametrize("text", ["ha tay", "hai duong", "zzz", "xa tan lap", "thanh ho", "tinh ha"])
@pytest.mark.parametrize("boundary_set", ["2019-10", "2025-07"])
def test_every_found_unit_has_its_name_with_the_names_above_it(snapshot_id: str, boundary_set: str, text: str):
    for found in (
        loaders.search_units(snapshot_id, boundary_set, text),
        loaders.search_former(snapshot_id, boundary_set, text),
    ):
        for row in found.itertuples():
            assert row.label.startswith(row.name) and "nan" not in row.label.split(", ")


def test_an_old_province_typed_without_marks_leads_to_the_province_of_today(snapshot_id: str):
    row = loaders.search_former(snapshot_id, "2025-07", "hai duong").iloc[0]
    assert (row["label"], row["former"]) == ("Thành phố Hải Phòng", "Tỉnh Hải Dương")


@pytest.mark.parametrize(
    ("boundary_set", "typed", "first"),
    [
        ("2019-10", "quang cu sam son", "Phường Quảng Cư, Thành phố Sầm Sơn, Tỉnh Thanh Hóa"),
        ("2019-10", "hoang quang, thanh hoa", "Xã Hoằng Quang, Thành phố Thanh Hóa, Tỉnh Thanh Hóa"),
        ("2019-10", "ba dinh ha noi", "Quận Ba Đình, Thành phố Hà Nội"),
        ("2019-10", "TP. HCM", "Thành phố Hồ Chí Minh"),
        ("2019-10", "phuong 5 quan 3", "Phường 05, Quận 3, Thành phố Hồ Chí Minh"),
        ("2019-10", "q1", "Quận 1, Thành phố Hồ Chí Minh"),
        ("2019-10", "phu hoi hue", "Phường Phú Hội, Thành phố Huế, Tỉnh Thừa Thiên Huế"),
        ("2025-07", "ba dinh ha noi", "Phường Ba Đình, Thành phố Hà Nội"),
    ],
)
def test_a_name_is_found_with_the_place_above_it_and_shortened_types(
    snapshot_id: str, boundary_set: str, typed: str, first: str
):
    assert loaders.search_units(snapshot_id, boundary_set, typed)["label"].iloc[0] == first


def test_an_old_name_is_found_with_its_old_province(snapshot_id: str):
    row = loaders.search_former(snapshot_id, "2025-07", "xa hoang quang thanh hoa").iloc[0]
    assert (row["label"], row["former"]) == ("Phường Nguyệt Viên, Tỉnh Thanh Hóa", "Xã Hoằng Quang, Tỉnh Thanh Hóa")


def test_words_of_a_name_are_not_taken_for_a_place(snapshot_id: str):
    """ "Hoằng Quang" is no Hoàng Quế in Quảng Ninh."""
    assert loaders.search_units(snapshot_id, "2025-07", "hoang quang").empty


@pytest.mark.parametrize(
    ("boundary_set", "typed", "kind", "label"),
    [
        ("2025-07", "huyen con dao", "former", "Thành phố Hồ Chí Minh"),
        ("2019-10", "dac khu con dao", "later", "Huyện Côn Đảo, Tỉnh Bà Rịa - Vũng Tàu"),
        ("2019-10", "phuong ba dinh ha noi", "later", "Phường Trúc Bạch, Quận Ba Đình, Thành phố Hà Nội"),
        ("2019-10", "thanh pho thu duc", "within", "Thành phố Hồ Chí Minh"),
    ],
)
def test_a_name_of_another_time_says_whether_it_came_before_or_after(
    snapshot_id: str, boundary_set: str, typed: str, kind: str, label: str
):
    """On the boundaries of 2019 Phường Ba Đình of today was said to be "nay" a part of the wards it was made of."""
    found = loaders.search_former(snapshot_id, boundary_set, typed)
    assert (kind, label) in set(zip(found["kind"], found["label"], strict=True))


def test_a_district_that_is_still_there_does_not_lead_to_the_province_around_it(snapshot_id: str):
    found = loaders.search_former(snapshot_id, "2019-10", "huyen hoang hoa")
    assert [name for name in found["former"] if name.startswith("Huyện Hoằng Hóa")] == []
    assert loaders.search_former(snapshot_id, "2025-07", "huyen hoang hoa")["label"].tolist() == ["Tỉnh Thanh Hóa"]


@pytest.mark.parametrize("typed", ["xa hoang phuu", "hoag phu", "xã haong phú", "Hoằng Phj"])
def test_one_slip_of_the_finger_finds_what_is_nearly_the_same(snapshot_id: str, typed: str):
    assert loaders.search_units(snapshot_id, "2025-07", typed).empty
    assert "Xã Hoằng Phú, Tỉnh Thanh Hóa" in loaders.search_near(snapshot_id, "2025-07", typed)["label"].tolist()


def test_a_short_or_strange_text_is_near_nothing(snapshot_id: str):
    for typed in ("", "zz", "hue", "xin chao ban"):
        assert loaders.search_near(snapshot_id, "2025-07", typed).empty
