import unicodedata

import pytest

from geo import units

COUNTS = {
    "2019-10": {"province": 63, "district": 713, "commune": 11_160},
    "2025-01": {"province": 63, "district": 696, "commune": 10_035},
    "2025-07": {"province": 34, "district": 0, "commune": 3_321},
}
LENGTHS = {"nation": 2, "province": 2, "district": 3, "commune": 5}


@pytest.fixture(params=sorted(COUNTS))
def boundary_set(request):
    return request.param


def test_the_three_boundary_sets_are_shipped_oldest_first():
    assert units.boundary_sets() == ("2019-10", "2025-01", "2025-07")


def test_each_set_has_the_official_number_of_units(boundary_set):
    levels = units.load_units(boundary_set)["level"]
    assert {level: int((levels == level).sum()) for level in COUNTS[boundary_set]} == COUNTS[boundary_set]
    assert (levels == "nation").sum() == 1


def test_the_programme_of_2016_counts_8930_xa():
    types = units.load_units("2019-10").query("level == 'commune'")["type"].value_counts()
    assert types.to_dict() == {"xa": 8_930, "phuong": 1_620, "thi_tran": 610}


def test_codes_are_text_of_fixed_length_with_leading_zeros(boundary_set):
    frame = units.load_units(boundary_set)
    assert frame["unit_code"].map(type).eq(str).all()
    assert frame["unit_code"].is_unique
    assert (frame["unit_code"].str.len() == frame["level"].map(LENGTHS)).all()
    assert frame.query("level != 'nation'")["unit_code"].str.fullmatch(r"\d+").all()
    assert "01" in set(frame["unit_code"])


def test_nothing_is_missing_but_empty_text(boundary_set):
    frame = units.load_units(boundary_set)
    assert tuple(frame.columns) == units.UNIT_COLUMNS
    assert not frame.isna().any().any()
    assert (frame[["name", "short_name"]] != "").all().all()


def test_every_parent_exists_one_level_up(boundary_set):
    frame = units.load_units(boundary_set).set_index("unit_code")
    above = {
        "province": "nation",
        "district": "province",
        "commune": "district" if boundary_set < "2025-07" else "province",
    }
    for level, parent_level in above.items():
        rows = frame[frame["level"] == level]
        assert (frame.loc[rows["parent_code"], "level"] == parent_level).all()
    communes = frame[frame["level"] == "commune"]
    assert (
        frame.loc[communes["parent_code"], "province_code"].to_numpy() == communes["province_code"].to_numpy()
    ).all()


def test_names_are_nfc_with_the_full_type_and_single_spaces(boundary_set):
    names = units.load_units(boundary_set).query("level != 'nation'")["name"]
    assert names.map(lambda name: unicodedata.is_normalized("NFC", name)).all()
    assert names.str.fullmatch(r"(Tỉnh|Thành phố|Quận|Huyện|Thị xã|Xã|Phường|Thị trấn|Đặc khu)( \S+)+").all()


def test_a_numbered_unit_keeps_its_type_in_the_short_name():
    frame = units.load_units("2019-10").set_index("unit_code")
    assert frame.loc["26506", "short_name"] == "Phường 1"
    assert frame.loc["14", "short_name"] == "Sơn La"
    assert frame.loc["760", "short_name"] == "Quận 1"


def test_the_type_of_a_unit_belongs_to_its_boundary_set():
    before, after = (units.load_units(name).set_index("unit_code") for name in ("2019-10", "2025-01"))
    assert (before.loc["46", "name"], before.loc["46", "type"]) == ("Tỉnh Thừa Thiên Huế", "tinh")
    assert (after.loc["46", "name"], after.loc["46", "type"]) == ("Thành phố Huế", "thanh_pho_tw")


def test_island_districts_without_communes_stand_alone_where_they_had_none():
    def alone(name):
        return units.load_units(name).query("stands_alone == '1'")["unit_code"].tolist()

    assert alone("2019-10") == ["318", "471", "498", "755"]
    assert alone("2025-01") == ["318", "471", "498", "536", "755"]
    assert alone("2025-07") == []


def test_the_archipelagos_are_listed_under_their_vietnamese_names():
    for name in ("2019-10", "2025-01"):
        frame = units.load_units(name).set_index("unit_code")
        assert (frame.loc["498", "name"], frame.loc["498", "province_code"]) == ("Huyện Hoàng Sa", "48")
        assert (frame.loc["576", "name"], frame.loc["576", "province_code"]) == ("Huyện Trường Sa", "56")
        assert frame.query("parent_code == '576'")["name"].tolist() == [
            "Thị trấn Trường Sa",
            "Xã Song Tử Tây",
            "Xã Sinh Tồn",
        ]
    islands = units.load_units("2025-07").query("type == 'dac_khu'").set_index("short_name")["province_code"]
    assert islands["Hoàng Sa"] == "48" and islands["Trường Sa"] == "56"


def test_every_province_has_its_regions():
    known = set(units.load_regions()["region_code"])
    for name in ("2019-10", "2025-01"):
        provinces = units.load_units(name).query("level == 'province'")
        assert provinces["region6"].nunique() == 6 and provinces["region7"].nunique() == 7
        assert set(provinces["region6"]) | set(provinces["region7"]) <= known
    newest = units.load_units("2025-07").query("level == 'province'")
    assert newest["region6"].nunique() == 6 and set(newest["region6"]) <= known
    assert (newest["region7"] == "").all()


def test_a_month_uses_the_set_of_its_time():
    expected = {
        "2016-01": "2019-10",
        "2020-12": "2019-10",
        "2021-01": "2025-01",
        "2025-06": "2025-01",
        "2025-07": "2025-07",
        "2031-05": "2025-07",
    }
    assert {period: units.boundary_set_of(period) for period in expected} == expected


def test_a_month_before_the_first_set_and_text_that_is_no_month_are_refused():
    with pytest.raises(KeyError):
        units.boundary_set_of("2015-12")
    with pytest.raises(ValueError):
        units.boundary_set_of("2020-13")


def test_the_commune_map_ends_with_the_districts_that_stand_alone():
    order = units.map_order("2025-01", "commune")
    assert len(order) == 10_040 and list(order[-5:]) == ["318", "471", "498", "536", "755"]
    assert order[:-5].is_monotonic_increasing and order[0] == "00001"
    assert len(units.map_order("2025-07", "district")) == 0


def test_the_order_hash_sees_every_swap():
    order = list(units.map_order("2025-07", "commune"))
    swapped = [order[1], order[0], *order[2:]]
    assert units.order_hash(order) == units.order_hash(units.map_order("2025-07", "commune"))
    assert units.order_hash(order) != units.order_hash(swapped) != units.order_hash(order[:-1])


def test_a_caller_may_change_its_frame_without_changing_the_next_ones():
    frame = units.load_units("2025-07")
    frame["name"] = "x"
    frame.loc[0, "level"] = "x"
    assert units.load_units("2025-07").loc[0, "name"] == "Cả nước"
    assert units.load_units("2025-07").loc[0, "level"] == "nation"


def test_an_unknown_set_or_level_is_refused():
    with pytest.raises(KeyError):
        units.load_units("2030-01")
    with pytest.raises(KeyError):
        units.map_order("2025-07", "hamlet")
