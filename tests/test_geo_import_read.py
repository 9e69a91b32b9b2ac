"""Files of outlines that somebody else made: every kind is read, and every wrong one is refused by a sentence."""

import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.import_fit import repair
from geo.import_read import ImportProblem, read_layer
from text.words import Words

HA_NOI = shapely.box(105.7, 20.9, 105.9, 21.1)
HUE = shapely.box(107.4, 16.3, 107.6, 16.5)


def made_frame(crs: str = "EPSG:4326") -> gpd.GeoDataFrame:
    frame = gpd.GeoDataFrame(
        {"ma": ["01", "46"], "ten": ["Hà Nội", "<b>Huế</b>"]}, geometry=[HA_NOI, HUE], crs="EPSG:4326"
    )
    return frame.to_crs(crs)


def write_shapefile(folder: Path, frame: gpd.GeoDataFrame) -> Path:
    folder.mkdir()
    frame.to_file(folder / "xa.shp", encoding="UTF-8")
    return folder / "xa.shp"


def write_zip(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def problem_of(path: Path, **options: str) -> str:
    """The key of the problem; its sentence must exist in both languages."""
    with pytest.raises(ImportProblem) as caught:
        read_layer(path, **options)
    for language in ("vi", "en"):
        assert Words(language).say(caught.value.words_key, **caught.value.values)
    return caught.value.words_key.removeprefix("geo.problem.")


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3405", "EPSG:9210", "EPSG:32648"])  # VN-2000 in metres and degrees
@pytest.mark.parametrize("kind", ["gpkg", "geojson", "parquet", "shp", "zip"])
def test_every_kind_of_file_gives_the_same_outlines_in_any_coordinates(tmp_path: Path, kind: str, crs: str):
    frame = made_frame("EPSG:4326" if kind == "geojson" else crs)
    path = tmp_path / f"xa.{kind}"
    if kind == "parquet":
        frame.to_parquet(path)
    elif kind in ("shp", "zip"):
        path = write_shapefile(tmp_path / "shp", frame)
        if kind == "zip":
            members = {f"thư mục/{file.name}": file.read_bytes() for file in path.parent.iterdir()}
            path = write_zip(tmp_path / "xa.zip", members)
    else:
        frame.to_file(path)
    layer = read_layer(path)
    assert layer.texts["ten"].tolist() == ["Hà Nội", "<b>Huế</b>"] and layer.texts["ma"].tolist() == ["01", "46"]
    shares = shapely.area(shapely.intersection(layer.geometry, [HA_NOI, HUE])) / shapely.area([HA_NOI, HUE])
    assert (shares > 0.98).all()  # VN-2000's datum is two hundred metres from WGS 84


def test_broken_geometry_is_repaired_and_what_has_no_area_is_left_out(tmp_path: Path):
    bow_tie = shapely.Polygon([(105, 20), (106, 21), (106, 20), (105, 21)])
    frame = gpd.GeoDataFrame(
        {"ten": ["A", "B", "C"]}, geometry=[bow_tie, None, shapely.Point(105, 20)], crs="EPSG:4326"
    )
    frame.to_file(tmp_path / "x.geojson")
    layer = read_layer(tmp_path / "x.geojson")
    assert layer.rows.tolist() == [1] and layer.texts["ten"].tolist() == ["A"]
    repaired = repair(layer.geometry)
    assert shapely.is_valid(repaired).all() and repaired[0].area == pytest.approx(0.5)


def test_a_repair_that_leaves_lines_keeps_the_area_only():
    spike = shapely.Polygon([(0, 0), (2, 0), (2, 2), (0, 2), (0, 0), (0, -3), (0, 0)])
    assert [part.geom_type for part in repair(np.array([spike]))] == ["Polygon"]


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.xlsx", b"PK", "unknown_format"),
        ("a.gpkg", b"<OGRVRTDataSource><OGRVRTLayer name='x'/></OGRVRTDataSource>", "unknown_format"),
        ("a.geojson", b"<html>", "unknown_format"),
        ("a.geojson", b'{"type": "FeatureCollection", "features": [', "unreadable"),
        ("a.geojson", b'{"type": "Topology", "objects": {}, "arcs": []}', "unknown_format"),
        ("a.gpkg", b"SQLite format 3\0" + bytes(200), "unreadable"),
        ("a.parquet", b"PAR1xxxxPAR1", "unreadable"),
        ("a.zip", b"not a zip", "unreadable"),
        ("a.shp", b"\0\0\x27\x0a" + bytes(96), "unreadable"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, name: str, content: bytes, problem: str):
    (tmp_path / name).write_bytes(content)
    found = problem_of(tmp_path / name)
    assert found == problem or {found, problem} == {"unreadable", "unknown_format"}


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path):
    assert problem_of(tmp_path / "không có.gpkg") == "missing_file"
    assert problem_of(tmp_path) == "missing_file"


def test_tricks_with_zip_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    shapefile = write_shapefile(tmp_path / "shp", made_frame()).read_bytes()
    assert problem_of(write_zip(tmp_path / "none.zip", {"readme.txt": b"x"})) == "no_shapefile"
    assert problem_of(write_zip(tmp_path / "up.zip", {"../../etc/xa.shp": shapefile})) == "unreadable"
    assert problem_of(write_zip(tmp_path / "root.zip", {"/etc/xa.shp": shapefile})) == "unreadable"
    assert problem_of(write_zip(tmp_path / "two.zip", {"a.shp": shapefile, "b.shp": shapefile})) == "many_layers"
    vrt = b"<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
    assert problem_of(write_zip(tmp_path / "vrt.zip", {"a.shp": vrt})) == "unknown_format"
    locked = bytearray(write_zip(tmp_path / "locked.zip", {"a.shp": shapefile}).read_bytes())
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "locked.zip").write_bytes(locked)
    assert problem_of(tmp_path / "locked.zip") == "password"
    monkeypatch.setattr("geo.import_read._MOST_BYTES", 1_000_000)
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.shp", bytes(2_000_000))
    assert problem_of(tmp_path / "bomb.zip") == "too_large"


def test_too_many_features_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("geo.import_read._MOST_ROWS", 1)
    made_frame().to_file(tmp_path / "x.gpkg")
    made_frame().to_parquet(tmp_path / "x.parquet")
    assert problem_of(tmp_path / "x.gpkg") == problem_of(tmp_path / "x.parquet") == "too_many_rows"


def test_layers_and_coordinates_must_be_clear(tmp_path: Path):
    made_frame().to_file(tmp_path / "x.gpkg", layer="xa")
    made_frame().to_file(tmp_path / "x.gpkg", layer="tinh")
    assert problem_of(tmp_path / "x.gpkg") == "many_layers"
    assert problem_of(tmp_path / "x.gpkg", layer="huyen") == "no_layer"
    assert len(read_layer(tmp_path / "x.gpkg", layer="xa").rows) == 2
    made_frame("EPSG:32648").set_crs(None, allow_override=True).to_parquet(tmp_path / "bare.parquet")
    assert problem_of(tmp_path / "bare.parquet") == "no_crs"
    assert problem_of(tmp_path / "bare.parquet", crs="EPSG:x") == "wrong_crs"
    assert problem_of(tmp_path / "bare.parquet", crs="EPSG:4326") == "wrong_place"
    assert len(read_layer(tmp_path / "bare.parquet", crs="EPSG:32648").rows) == 2


def test_points_an_empty_layer_and_a_table_are_refused(tmp_path: Path):
    points = made_frame().assign(geometry=[shapely.Point(105, 20), shapely.Point(106, 20)])
    points.to_file(tmp_path / "points.gpkg")
    assert problem_of(tmp_path / "points.gpkg") == "not_polygons"
    made_frame().iloc[:0].to_parquet(tmp_path / "empty.parquet")
    assert problem_of(tmp_path / "empty.parquet") == "empty"
    made_frame().drop(columns="geometry").to_parquet(tmp_path / "table.parquet")
    assert problem_of(tmp_path / "table.parquet") == "no_geometry"
