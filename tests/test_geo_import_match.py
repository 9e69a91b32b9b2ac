"""Outlines find their units by code and by name inside the named place; what merely resembles is a suggestion."""

import re
from pathlib import Path

import pandas as pd
import pytest
import shapely

from geo.import_fields import Fields, choose_fields
from geo.import_fit import to_plane
from geo.import_match import Matches, UnitFinder, match_outlines, normalise_code
from geo.import_outlines import load_plane
from geo.import_read import ImportProblem, read_layer
from geo.name_keys import bare_key, full_key, loose_key
from geo.units import SETS_DIR, load_units

PROVINCES = load_units("2019-10").query("level == 'province'").set_index("unit_code")["name"]
REAL = Path(__file__).parents[2] / "shared" / "boundaries"
needs_real_files = pytest.mark.skipif(not REAL.exists(), reason="needs the real outlines of ../shared")


@pytest.fixture(scope="module")
def provinces() -> UnitFinder:
    outlines = load_plane(SETS_DIR / "2019-10", "province")
    return UnitFinder("2019-10", "province", outlines, outlines)


@pytest.fixture(scope="module")
def communes() -> UnitFinder:
    folder = SETS_DIR / "2019-10"
    return UnitFinder("2019-10", "commune", load_plane(folder, "commune"), load_plane(folder, "district"))


def find_named(finder: UnitFinder, name: str) -> list[str]:
    return [code for code, own in finder.units["name"].to_dict().items() if own == name and code in finder.codes]


def match(
    finder: UnitFinder, rows: list[tuple], codes: list[str] | None = None, at: list[str] | None = None
) -> Matches:
    """Match names (or codes) of outlines that lie where the units `at` do."""
    points = shapely.point_on_surface(finder.outlines[at].to_numpy())
    return match_outlines(finder, codes, pd.DataFrame(rows) if rows else None, points)


@pytest.mark.parametrize(
    "written", ["Thị trấn Sa Pa", "TT. Sa Pa", "TT Sa Pa", "tt.sa pa", "THỊ TRẤN SA PA", "Thi\u0323 trấn Sa Pa"]
)
def test_a_type_may_be_abbreviated(written: str):
    assert full_key(written) == full_key("Thị trấn Sa Pa")


def test_a_name_that_begins_with_a_letter_of_its_own_keeps_it():
    assert full_key("Thị trấn P Rao") != full_key("Phường Rao")
    assert bare_key("P Rao") == bare_key("Thị trấn P Rao")
    written_so = {"TP. Hồ Chí Minh"}  # its short name is an abbreviation, and means one
    for boundary_set in ("2019-10", "2025-01", "2025-07"):
        for name in set(load_units(boundary_set)["short_name"]) - written_so:
            assert not re.match(r"(ttr|tt|tx|tp|đk|ph|p|h|q|t|x)(\.| +\d)|(ttr|tt|tx|tp|đk) ", name.lower()), name


def test_keys_grow_looser_in_steps():
    assert full_key("Xã Hoà Tú II") == full_key("xã Hòa Tú II") != full_key("Xã Hóa Tú II")
    assert bare_key("P. 04") == bare_key("Phường 4") == "4"
    assert loose_key("Xã Hòa Tú II") == loose_key("Hoà Tú 2") and loose_key("Lý Sơn") == loose_key("Lí Sơn")


def test_codes_win_and_lost_zeros_are_restored(provinces: UnitFinder):
    found = match(provinces, [("Sơn La",), ("Sơn La",)], codes=["1", "14"], at=["01", "14"])
    assert found.code == ["01", "14"] and found.how == ["code", "code"]
    assert normalise_code("7", {"00007"}) == "00007" and normalise_code("7.5", {"00007"}) == ""


def test_a_code_of_a_unit_at_the_other_end_of_the_country_is_not_taken(provinces: UnitFinder):
    found = match(provinces, [], codes=["01", "79"], at=["01", "01"])
    assert found.code == ["01", ""] and found.how[1] == "code_far_away"


def test_names_are_taken_inside_the_named_province_only(communes: UnitFinder):
    tan_lap = find_named(communes, "Xã Tân Lập")
    assert len(tan_lap) > 10
    rows = [(communes.units.at[communes.units.at[c, "province_code"], "name"],
             communes.units.at[communes.units.at[c, "parent_code"], "name"], "Tân Lập") for c in tan_lap]  # fmt: skip
    assert match(communes, rows, at=tan_lap).code == tan_lap


def test_a_name_far_from_its_unit_an_unknown_one_and_none_are_told_apart(communes: UnitFinder):
    rows = [
        ("Lào Cai", "Sa Pa", "Bản Hồ"),
        ("Atlantis", "", "Bản Hồ"),
        ("Lào Cai", "Sa Pa", "Qwerty"),
        ("Lào Cai", "Sa Pa", ""),
    ]
    [code] = find_named(communes, "Xã Bản Hồ")
    found = match(communes, [*rows, rows[0]], at=[code, code, code, code, "27001"])
    assert found.code == [code, "", "", "", ""]
    assert found.how == ["name", "unknown_place", "unknown_name", "no_name", "far_away"]


def test_a_like_name_is_a_suggestion_and_never_taken(communes: UnitFinder):
    [code] = find_named(communes, "Xã Bản Hồ")
    found = match(communes, [("Lào Cai", "Sa Pa", "Bản Hồz")], at=[code])
    assert found.code == [""] and found.suggestion == [code]


def test_a_person_may_decide(communes: UnitFinder):
    points = shapely.point_on_surface(communes.outlines[["00001"]].to_numpy())
    found = match_outlines(communes, None, pd.DataFrame([("?",)]), points, decided=["00001"])
    assert found.code == ["00001"] and found.how == ["decided"]


def test_names_with_markup_or_formulas_are_only_names(provinces: UnitFinder):
    rows = [("<script>alert(1)</script>",), ("=cmd|' /C calc'!A0",), ("'; DROP TABLE units; --",), ("x" * 100_000,)]
    assert match(provinces, rows, at=["01"] * 4).code == [""] * 4


def test_fields_are_found_by_their_values(provinces: UnitFinder):
    texts = pd.DataFrame(
        {"id": [str(i) for i in range(63)], "ma": PROVINCES.index, "ten": PROVINCES.to_numpy(), "n": "1"}
    )
    assert choose_fields(texts, provinces, None, (), "f") == Fields("ma", ("ten",))
    assert choose_fields(texts, provinces, None, ("ten",), "f") == Fields(None, ("ten",))
    for wrong in ({"code": "mã"}, {"names": ("tên",)}, {"names": ("id", "ten")}):
        with pytest.raises(ImportProblem):
            choose_fields(texts, provinces, wrong.get("code"), wrong.get("names", ()), "f")
    with pytest.raises(ImportProblem, match="no_fields"):
        choose_fields(texts[["n"]], provinces, None, (), "f")


@needs_real_files
def test_a_real_file_with_names_matches_nearly_whole(communes: UnitFinder):
    layer = read_layer(REAL / "communes_2009_named.gpkg")
    part = slice(None, None, 8)
    plane = to_plane(shapely.point_on_surface(shapely.make_valid(layer.geometry[part])))
    found = match_outlines(communes, None, layer.texts[["TINH", "HUYEN", "XA"]].iloc[part], plane)
    assert found.is_matched.mean() >= 0.995
