"""Arc files: shared borders, once each, with the right units on either side."""

import gzip
import hashlib
import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.arcs import COAST, COMMUNE, DISTRICT, PROVINCE, cut_edges, dissolve, link_arcs, pack_varints, set_levels
from geo.outlines import CRS, NATION_TOLERANCE, STEP, UnitOrder, order_units, simplify_edges, write_arc_files
from geo.units import SETS_DIR, boundary_sets, map_order, order_hash

SHIPPED = Path(__file__).parents[1] / "static" / "outlines"


def read_varints(data: bytes) -> list[int]:
    """Plain twin of the JavaScript reader."""
    values, value, shift = [], 0, 0
    for byte in data:
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            values.append(value)
            value, shift = 0, 0
    return values


def unzigzag(values: list[int]) -> np.ndarray:
    return np.array([(value >> 1) ^ -(value & 1) for value in values], dtype=np.int64)


def read_arc_file(path: Path) -> tuple[dict, dict]:
    data = gzip.decompress(path.read_bytes())
    assert data[:4] == b"BPA1"
    length = int.from_bytes(data[4:8], "little")
    header = json.loads(data[8 : 8 + length])
    streams, at = {}, 8 + length
    for name, size in header["streams"].items():
        streams[name] = read_varints(data[at : at + size])
        at += size
    assert at == len(data)
    return header, streams


def areas_from_arcs(arcs, unit_count: int) -> np.ndarray:
    """Twice the signed area that each unit's arcs enclose: a shoelace over every arc, added left and taken right."""
    twice = np.zeros(unit_count + 1, np.int64)
    for i in range(len(arcs.left)):
        x, y = (values[arcs.offset[i] : arcs.offset[i + 1]] for values in (arcs.x, arcs.y))
        shoelace = int((x[:-1] * y[1:] - x[1:] * y[:-1]).sum())
        twice[arcs.left[i]] += shoelace
        twice[arcs.right[i]] -= shoelace
    return twice[1:]


@pytest.fixture(scope="module")
def squares() -> np.ndarray:
    """Four squares in a row, the second with a unit inside and a hole, and an island that belongs to the first."""
    a, b, c, d = (shapely.box(x, 0, x + 1000, 1000) for x in (0, 1000, 2000, 3000))
    inner = shapely.box(1200, 200, 1400, 400)
    hole = shapely.box(1600, 600, 1800, 800)
    return np.array([shapely.union(a, shapely.box(0, 2000, 100, 2100)), b - inner - hole, c, d, inner], dtype=object)


def test_arcs_enclose_exactly_the_area_of_each_unit(squares):
    arcs = link_arcs(cut_edges(squares, (0, 0), 1))
    assert areas_from_arcs(arcs, 5).tolist() == (2 * shapely.area(squares)).astype(int).tolist()


def test_each_border_is_stored_once_and_as_one_line(squares):
    arcs = link_arcs(cut_edges(squares, (0, 0), 1))
    between = sorted(zip(arcs.left.tolist(), arcs.right.tolist(), strict=True))
    # Outside: a on land and island, b north, south and at the hole, c north and south, d; then the borders inside.
    assert between == [(0, 1), (0, 1), (0, 2), (0, 2), (0, 2), (0, 3), (0, 3), (0, 4), (1, 2), (2, 3), (2, 5), (3, 4)]


def test_levels_say_the_highest_border_that_a_line_is(squares):
    district, province = np.array([0, 1, 2, 2, 1]), np.array([0, 0, 1, 1, 0])
    edges = set_levels(cut_edges(squares, (0, 0), 1), district, province)
    arcs = link_arcs(edges)
    pairs = zip(arcs.left.tolist(), arcs.right.tolist(), strict=True)
    level = dict(zip(pairs, arcs.level.tolist(), strict=True))
    assert level[(0, 1)] == COAST
    assert level[(1, 2)] == DISTRICT
    assert level[(2, 3)] == PROVINCE
    assert level[(3, 4)] == COMMUNE
    assert arcs.level.tolist() == sorted(arcs.level.tolist())


def test_dissolving_keeps_the_outer_borders_and_their_area(squares):
    edges = cut_edges(squares, (0, 0), 1)
    number = np.array([0, 1, 1, 2, 2, 1])
    merged = areas_from_arcs(link_arcs(dissolve(edges, number)), 2)
    area = shapely.area(squares)
    assert merged.tolist() == [2 * int(area[[0, 1, 4]].sum()), 2 * int(area[[2, 3]].sum())]


def test_a_spike_that_the_grid_flattens_leaves_no_edge():
    needle = shapely.Polygon([(0, 0), (100, 0), (100, 100), (50.4, 100), (50.2, 140), (50, 100), (0, 100)])
    edges = cut_edges(np.array([needle], dtype=object), (0, 0), 1)
    assert edges.y1.max() == 100
    assert areas_from_arcs(link_arcs(edges), 1).tolist() == [20000]


@given(st.lists(st.integers(0, 2**35 - 1)))
def test_varints_read_back_as_written(values):
    assert read_varints(pack_varints(np.array(values, dtype=np.int64))) == values


def test_varints_refuse_what_they_cannot_hold():
    with pytest.raises(ValueError, match="varint"):
        pack_varints(np.array([-1]))


@pytest.fixture(scope="module")
def small_set(tmp_path_factory) -> Path:
    """A boundary set of two provinces, three districts, one of them standing alone at sea."""
    sets = tmp_path_factory.mktemp("sets")
    folder = sets / "2000-01"
    folder.mkdir()
    units = [
        ("VN", "nation", "Cả nước", "", "", "0"),
        ("01", "province", "Tỉnh A", "VN", "01", "0"),
        ("02", "province", "Tỉnh B", "VN", "02", "0"),
        ("001", "district", "Huyện Một", "01", "01", "0"),
        ("002", "district", "Huyện Hai", "02", "02", "0"),
        ("003", "district", "Huyện Đảo", "02", "02", "1"),
        ("00001", "commune", "Xã Đông", "001", "01", "0"),
        ("00002", "commune", "Xã Tây", "001", "01", "0"),
        ("00003", "commune", "Phường Nam", "002", "02", "0"),
    ]
    columns = ["unit_code", "level", "name", "parent_code", "province_code", "stands_alone"]
    pd.DataFrame(units, columns=columns).to_csv(folder / "units.csv", index=False)
    (folder / "SOURCE.toml").write_text('attribution = "Người vẽ"\napproximate = true\n', encoding="utf-8")
    shapes = [shapely.box(105 + 0.1 * i, 20, 105.1 + 0.1 * i, 20.1) for i in range(3)] + [
        shapely.box(112, 16, 112.1, 16.1)
    ]
    # Rows in another order than the map's: the order must come from the codes.
    gpd.GeoDataFrame(
        {"unit_code": ["00003", "00001", "00002"]}, geometry=[shapes[2], shapes[0], shapes[1]], crs=4326
    ).to_parquet(folder / "communes.parquet")
    gpd.GeoDataFrame({"unit_code": ["003"]}, geometry=[shapes[3]], crs=4326).to_parquet(folder / "districts.parquet")
    return sets


def test_a_small_set_yields_all_its_files(small_set, tmp_path):
    manifest = write_arc_files(small_set, tmp_path)
    entry = manifest["2000-01"]
    assert json.loads((tmp_path / "manifest.json").read_text()) == manifest
    assert sorted(entry["scopes"]) == ["01", "02"]
    named = {entry["names"], entry["province"], entry["district"], entry["commune"], *entry["scopes"].values()}
    assert {path.name for path in tmp_path.iterdir()} == named | {"manifest.json"}
    header, streams = read_arc_file(tmp_path / entry["commune"])
    assert header["unit_count"] == 4
    assert header["order_hash"] == entry["order_hash"]["commune"] == order_hash(["00001", "00002", "00003", "003"])
    assert header["approximate"] is True and header["attribution"] == "Người vẽ"
    assert [inset["key"] for inset in header["insets"]] == ["hoang_sa"]
    assert header["frame"][2] * STEP < 40_000, "the first view leaves the archipelago to its box"
    assert streams["units"] == [], "the communes' points are in the files of their provinces"
    _, districts = read_arc_file(tmp_path / entry["district"])
    assert np.cumsum(districts["units"]).tolist() == [0, 1, 2] and len(districts["point_x"]) == 3


def test_a_province_file_numbers_units_as_the_national_map_does(small_set, tmp_path):
    entry = write_arc_files(small_set, tmp_path)["2000-01"]
    header, streams = read_arc_file(tmp_path / entry["scopes"]["02"])
    left = np.cumsum(unzigzag(streams["left"]))
    right = left + streams["right"]
    assert np.cumsum(streams["units"]).tolist() == [2, 3]
    assert set(np.r_[left, right].tolist()) == {0, 3, 4}
    assert header["scope"] == "02" and header["unit_count"] == 4
    assert header["arc_counts"][PROVINCE] == 1, "the border with the neighbour stays a province border"


def test_names_follow_the_map_order(small_set, tmp_path):
    entry = write_arc_files(small_set, tmp_path)["2000-01"]
    names = json.loads(gzip.decompress((tmp_path / entry["names"]).read_bytes()))
    assert names["commune"]["names"] == ["Xã Đông", "Xã Tây", "Phường Nam", "Huyện Đảo"]
    assert [names["district"]["names"][i] for i in names["commune"]["district"]] == [
        "Huyện Một",
        "Huyện Một",
        "Huyện Hai",
        "Huyện Đảo",
    ]
    assert names["commune"]["province"] == [0, 0, 1, 1]
    assert names["district"]["province"] == [0, 1, 1]


def test_files_are_named_after_their_content_and_built_alike_every_time(small_set, tmp_path):
    first = write_arc_files(small_set, tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    (tmp_path / "2000-01.commune.0123456789ab.arc.gz").write_bytes(b"old")
    assert write_arc_files(small_set, tmp_path) == first
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    name = first["2000-01"]["commune"]
    assert hashlib.sha256(gzip.decompress(before[name])).hexdigest().startswith(name.split(".")[2])


def test_a_unit_without_outline_stops_the_build_and_is_named(small_set, tmp_path):
    folder = tmp_path / "2000-01"
    folder.mkdir()
    for name in ("units.csv", "SOURCE.toml", "communes.parquet"):
        (folder / name).write_bytes((small_set / "2000-01" / name).read_bytes())
    with pytest.raises(ValueError, match="1 units without outline: 003"):
        write_arc_files(tmp_path, tmp_path / "out")


def test_a_ward_that_would_lose_all_its_area_is_drawn_less_coarsely():
    """Of four corners 400 m leave three, two of which the grid makes one: 11326 of a real file was lost so."""
    south, corner, east, west = (0, 0), (280, 30), (20, 300), (0, 300)
    ward = shapely.Polygon([south, corner, east, west])
    around = [
        shapely.Polygon([south, west, (0, 5000), (-5000, 5000), (-5000, -5000), (0, -5000)]),
        shapely.Polygon([west, east, (5000, 300), (5000, 5000), (0, 5000)]),
        shapely.Polygon([south, (0, -5000), (5000, -5000), (5000, 300), east, corner]),
    ]
    coverage, none = np.array([ward, *around], dtype=object), np.zeros(4, dtype=int)
    assert shapely.coverage_is_valid(coverage)
    lost = cut_edges(shapely.coverage_simplify(coverage, NATION_TOLERANCE), (0, 0), STEP)
    assert 1 not in lost.left and 1 not in lost.right
    drawn = simplify_edges(coverage, UnitOrder(np.arange(4), none, none), np.zeros(2), NATION_TOLERANCE)
    assert set(np.r_[drawn.left, drawn.right].tolist()) == {0, 1, 2, 3, 4}


def test_a_folder_without_outlines_is_an_error_and_deletes_nothing(small_set, tmp_path):
    write_arc_files(small_set, tmp_path / "out")
    before = sorted(path.name for path in (tmp_path / "out").iterdir())
    with pytest.raises(ValueError, match="no boundary set"):
        write_arc_files(tmp_path / "empty", tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == before


@pytest.mark.parametrize("boundary_set", boundary_sets())
def test_the_shipped_files_hold_every_unit_of_the_map_order(boundary_set):
    entry = json.loads((SHIPPED / "manifest.json").read_text())[boundary_set]
    for level in ("province", "district", "commune"):
        codes = map_order(boundary_set, level)
        if codes.empty:
            assert level not in entry
            continue
        header, streams = read_arc_file(SHIPPED / entry[level])
        left = np.cumsum(unzigzag(streams["left"]))
        units = set(np.r_[left, left + streams["right"]].tolist()) - {0}
        assert units == set(range(1, len(codes) + 1))
        assert header["order_hash"] == entry["order_hash"][level] == order_hash(codes)
        assert {"hoang_sa", "truong_sa"} <= {inset["key"] for inset in header["insets"]}
        west, south, east, north = header["frame"]
        assert (east - west) * STEP < 850_000 and (north - south) * STEP > 1_600_000, (
            "the mainland, and no island far out"
        )
    files = {entry["names"], *entry["scopes"].values()}
    assert len(entry["scopes"]) == len(map_order(boundary_set, "province"))
    assert all((SHIPPED / name).exists() for name in files)


def test_the_map_order_is_that_of_geo_units():
    units = pd.read_csv(SETS_DIR / "2025-01" / "units.csv", dtype=str, keep_default_na=False)
    order, _, _ = order_units(units)
    assert order.codes.tolist() == map_order("2025-01", "commune").tolist()


def test_simplified_areas_stay_close_to_the_outlines_they_come_from():
    outlines = gpd.read_parquet(SETS_DIR / "2025-07" / "communes.parquet").to_crs(CRS).set_index("unit_code")
    true = outlines.area.reindex(map_order("2025-07", "commune")).to_numpy()
    entry = json.loads((SHIPPED / "manifest.json").read_text())["2025-07"]
    _, streams = read_arc_file(SHIPPED / entry["commune"])
    left = np.cumsum(unzigzag(streams["left"]))
    length = np.array(streams["length"]) + 2
    offset = np.r_[0, np.cumsum(length)]
    heads = offset[:-1]
    xy = []
    for name in ("x", "y"):
        steps = unzigzag(streams[name])
        start = np.cumsum(steps[heads])
        steps[heads] = np.diff(start, prepend=0)
        total = np.cumsum(steps)
        # Each arc counts from its own first point: take away what ran up before it.
        xy.append(total - np.repeat(total[heads] - start, length))
    x, y = xy
    cross = np.r_[x[:-1] * y[1:] - x[1:] * y[:-1], 0]
    cross[offset[1:] - 1] = 0
    shoelace = np.add.reduceat(cross, heads)
    twice = np.zeros(len(true) + 1)
    np.add.at(twice, left, shoelace)
    np.add.at(twice, left + streams["right"], -shoelace)
    drawn = twice[1:] / 2 * STEP**2
    assert (drawn > 0).all()
    assert abs(drawn.sum() / true.sum() - 1) < 0.002
    large = true > 5e6
    assert np.median(abs(drawn[large] / true[large] - 1)) < 0.02
