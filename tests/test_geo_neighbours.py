from itertools import combinations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.arcs import cut_edges
from geo.neighbours import FILE_NAME, list_neighbours, neighbours_of, write_neighbours
from geo.units import SETS_DIR, boundary_sets, load_units, read_text_table


def test_units_that_touch_in_a_corner_only_are_no_neighbours():
    # a b
    # c d, where a is wider than c: a touches d along a piece, b touches c nowhere.
    squares = [shapely.box(0, 2, 3, 4), shapely.box(3, 2, 6, 4), shapely.box(0, 0, 2, 2), shapely.box(2, 0, 6, 2)]
    squares[0] = shapely.Polygon([(0, 2), (2, 2), (3, 2), (3, 4), (0, 4)])
    squares[3] = shapely.Polygon([(2, 0), (6, 0), (6, 2), (3, 2), (2, 2)])
    table = list_neighbours(cut_edges(np.array(squares), (0.0, 0.0), 1.0), pd.Index(list("abcd")))
    assert dict(zip(table["unit_code"], table["neighbours"], strict=True)) == {
        "a": "b c d",
        "b": "d a",
        "c": "a d",
        "d": "b c a",
    }


@pytest.mark.parametrize("boundary_set", boundary_sets())
def test_every_unit_below_the_nation_is_listed_once_and_its_neighbours_list_it_back(boundary_set):
    table = read_text_table(SETS_DIR / boundary_set / FILE_NAME)
    near = {code: set(row.split()) for code, row in zip(table["unit_code"], table["neighbours"], strict=True)}
    units = load_units(boundary_set)
    assert sorted(table["unit_code"]) == sorted(units.loc[units["level"] != "nation", "unit_code"])
    assert all(code in near[other] for code, row in near.items() for other in row)
    level = units.set_index("unit_code")["level"]
    own = table[table["unit_code"].str.len() == 2]
    assert all(level[other] == "province" for row in own["neighbours"] for other in row.split())


def test_neighbouring_provinces_are_those_whose_outlines_share_a_line():
    frame = gpd.read_parquet(SETS_DIR / "2025-07" / "provinces.parquet").set_index("unit_code")
    for a, b in combinations(frame.index, 2):
        shared = frame.geometry[a].intersection(frame.geometry[b]).length
        assert (b in neighbours_of("2025-07", a)) == (shared > 0), (a, b)


def test_the_provinces_around_thanh_hoa_and_the_islands():
    assert set(neighbours_of("2019-10", "38")) == {"14", "17", "37", "40"}
    assert neighbours_of("2019-10", "755") == ()
    with pytest.raises(KeyError):
        neighbours_of("2019-10", "99999")


def test_the_shipped_file_is_what_the_outlines_give(tmp_path):
    folder = tmp_path / "2025-07"
    folder.mkdir()
    (folder / "communes.parquet").symlink_to(SETS_DIR / "2025-07" / "communes.parquet")
    write_neighbours(tmp_path, "2025-07")
    assert (folder / FILE_NAME).read_bytes() == (SETS_DIR / "2025-07" / FILE_NAME).read_bytes()
