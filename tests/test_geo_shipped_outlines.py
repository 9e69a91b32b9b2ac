import tomllib
from functools import cache

import geopandas as gpd
import pytest
import shapely

from geo import units
from geo.build import NARROW_GAP_DEGREES

LEVELS = [
    (boundary_set, level)
    for boundary_set in ("2019-10", "2025-01", "2025-07")
    for level in ("province", "district", "commune")
    if (boundary_set, level) != ("2025-07", "district")
]


@cache
def outlines(boundary_set, level):
    return gpd.read_parquet(units.SETS_DIR / boundary_set / f"{level}s.parquet")


@pytest.mark.parametrize(("boundary_set", "level"), LEVELS)
def test_every_unit_has_an_outline_in_the_order_of_its_level(boundary_set, level):
    frame = outlines(boundary_set, level)
    assert list(frame.columns) == ["unit_code", "geometry"]
    assert frame.crs.to_epsg() == 4326
    assert frame["unit_code"].tolist() == units.map_order(boundary_set, level).tolist()
    geometry = frame.geometry.to_numpy()
    assert shapely.is_valid(geometry).all()
    assert (shapely.area(geometry) > 0).all()
    assert set(shapely.get_type_id(geometry)) <= {3, 6}


def test_districts_are_gone_in_the_newest_set():
    assert not (units.SETS_DIR / "2025-07" / "districts.parquet").exists()


@pytest.mark.parametrize(("boundary_set", "level"), LEVELS)
def test_neighbours_share_their_edges_without_gaps_or_overlaps(boundary_set, level):
    geometry = outlines(boundary_set, level).geometry.to_numpy()
    assert shapely.coverage_is_valid(geometry, gap_width=NARROW_GAP_DEGREES)


def test_a_moved_corner_would_be_noticed():
    geometry = outlines("2025-07", "province").geometry.to_numpy().copy()
    geometry[0] = shapely.transform(geometry[0], lambda corners: corners + 1e-5)
    assert not shapely.coverage_is_valid(geometry)


@pytest.mark.parametrize(("boundary_set", "level"), [pair for pair in LEVELS if pair[1] != "commune"])
def test_provinces_and_districts_are_exact_unions_of_their_communes(boundary_set, level):
    frame = units.load_units(boundary_set).set_index("unit_code")
    communes = outlines(boundary_set, "commune")
    rows = frame.loc[communes["unit_code"]]
    column = "province_code" if level == "province" else "parent_code"
    parents = rows[column].where(rows["stands_alone"] != "1", rows.index if level == "district" else rows[column])
    whole = outlines(boundary_set, level).set_index("unit_code").geometry
    united = communes.set_geometry("geometry").dissolve(by=parents.to_numpy(), method="coverage").geometry
    assert united.index.tolist() == whole.index.tolist()
    assert shapely.equals(united.to_numpy(), whole.to_numpy()).all()


@pytest.mark.parametrize(
    ("boundary_set", "hoang_sa", "truong_sa"),
    [
        ("2019-10", "498", ["22736", "22737", "22739"]),
        ("2025-01", "498", ["22736", "22737", "22739"]),
        ("2025-07", "20333", ["22736"]),
    ],
)
def test_hoang_sa_and_truong_sa_are_drawn_in_da_nang_and_khanh_hoa(boundary_set, hoang_sa, truong_sa):
    frame = units.load_units(boundary_set).set_index("unit_code")
    communes = outlines(boundary_set, "commune").set_index("unit_code").geometry
    provinces = outlines(boundary_set, "province").set_index("unit_code").geometry
    for codes, province, box, parts in (
        ([hoang_sa], "48", shapely.box(111, 15.5, 113, 17.3), 46),
        (truong_sa, "56", shapely.box(109, 6.5, 118, 12), 143),
    ):
        assert (frame.loc[codes, "province_code"] == province).all()
        islands = shapely.union_all(communes[codes].to_numpy())
        assert shapely.covers(box, islands)
        assert shapely.get_num_geometries(islands) == parts
        assert shapely.covers(provinces[province], islands)
    names = frame.loc[[hoang_sa, truong_sa[0]], "short_name"].tolist()
    assert names == ["Hoàng Sa", "Trường Sa"]


def test_the_communes_of_truong_sa_hold_their_own_islands():
    communes = outlines("2019-10", "commune").set_index("unit_code").geometry
    nearest = {"22736": (111.92, 8.645), "22737": (114.33, 11.43), "22739": (114.33, 9.887)}
    for code, position in nearest.items():
        distances = {other: communes[other].distance(shapely.Point(position)) for other in nearest}
        assert min(distances, key=distances.get) == code


def test_the_nation_has_its_size():
    degrees_to_km2 = 111.32 * 0.9613 * 110.574
    for boundary_set in units.boundary_sets():
        area = shapely.area(outlines(boundary_set, "province").geometry.to_numpy()).sum() * degrees_to_km2
        assert area == pytest.approx(336_000, rel=0.01)


def test_each_set_names_its_licence_and_says_that_it_is_approximate():
    for boundary_set in units.boundary_sets():
        source = tomllib.loads((units.SETS_DIR / boundary_set / "SOURCE.toml").read_text(encoding="utf-8"))
        assert source["licence"] == "CC BY-SA 4.0"
        assert "geoBoundaries" in source["attribution"] and "Open Development Mekong" in source["attribution"]
        assert source["share_alike"] is True and source["approximate"] is True
        assert source["changes"]
