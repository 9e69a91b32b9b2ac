"""Reads outlines from a file that somebody else made: GeoPackage, Shapefile (zipped too), GeoJSON, GeoParquet."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet
import pyogrio
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError, ProjError

from text.formats import Formats

PARQUET = (".parquet", ".geoparquet", ".pq")
# What GDAL may take the file for, whatever its name says: nothing that leads to other files or addresses.
_DRIVERS = {
    ".gpkg": "GPKG",
    ".shp": "ESRI Shapefile",
    ".geojson": "GeoJSON",
    ".json": "GeoJSON",
    ".zip": "ESRI Shapefile",
}
# What a file of that name begins with. Looked at before GDAL does, which would follow what other formats lead to.
_BEGINNINGS = {"GPKG": b"SQLite format 3\0", "ESRI Shapefile": b"\0\0\x27\x0a", "GeoJSON": b"{"}
# The outlines of all communes are 10 to 300 MB and 11,000 rows.
_MOST_BYTES = 4 << 30
_MOST_ROWS = 200_000
_BOX = (100.0, 4.0, 120.0, 25.0)  # West, south, east, north of all that can be an outline of Viet Nam.


class ImportProblem(Exception):
    """What is wrong with a file or a choice, and what to do: a key of text/*.toml under `geo` and its values."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(f"{key} {values}")
        self.words_key = f"geo.problem.{key}"
        self.values = values


@dataclass(frozen=True)
class Layer:
    """Polygons in degrees (EPSG:4326), valid or not, and the texts beside them; `rows` is each one's place in the file."""

    texts: pd.DataFrame
    geometry: np.ndarray
    rows: np.ndarray


def read_layer(path: Path, layer: str | None = None, crs: str | None = None, encoding: str | None = None) -> Layer:
    """Read one layer; raises ImportProblem in every case where it cannot be used.

    `crs` is what the coordinates are in where the file does not say it.
    """
    if not path.is_file():
        raise ImportProblem("missing_file", file=path)
    suffix = path.suffix.lower()
    if suffix not in (*PARQUET, *_DRIVERS):
        raise ImportProblem("unknown_format", file=path.name)
    if path.stat().st_size > _MOST_BYTES:
        raise ImportProblem("too_large", file=path.name)
    try:
        frame = _read_parquet(path) if suffix in PARQUET else _read_vector(path, layer, encoding)
    except ImportProblem:
        raise
    except Exception as error:  # GDAL, Arrow and zip each have their own; all mean that the file is not readable.
        raise ImportProblem("unreadable", file=path.name, reason=_first_line(error)) from error
    if not isinstance(frame, gpd.GeoDataFrame):
        raise ImportProblem("no_geometry", file=path.name)
    if frame.empty:
        raise ImportProblem("empty", file=path.name)
    return _to_layer(_in_degrees(frame, crs, path.name), path.name)


def _read_parquet(path: Path) -> gpd.GeoDataFrame:
    if pyarrow.parquet.ParquetFile(path).metadata.num_rows > _MOST_ROWS:
        raise ImportProblem("too_many_rows", file=path.name, most=Formats("vi").count(_MOST_ROWS))
    try:
        return gpd.read_parquet(path)
    except ValueError as error:
        if "geo metadata" in str(error).lower():
            raise ImportProblem("no_geometry", file=path.name) from error
        raise


def _read_vector(path: Path, layer: str | None, encoding: str | None) -> gpd.GeoDataFrame | pd.DataFrame:
    source: str | Path = path
    if path.suffix.lower() == ".zip":
        member = _find_shapefile(path, layer)
        with zipfile.ZipFile(path) as archive, archive.open(member) as file:
            _check_beginning(file.read(64), "ESRI Shapefile", path)
        source, layer = f"/vsizip/{{{path.resolve()}}}/{member}", None
        has_encoding = _has_member(path, member, ".cpg")
    else:
        with path.open("rb") as file:
            _check_beginning(file.read(64), _DRIVERS[path.suffix.lower()], path)
        has_encoding = path.suffix.lower() != ".shp" or path.with_suffix(".cpg").exists()
    layers = [name for name, _ in pyogrio.list_layers(source)]
    if not layers:
        raise ImportProblem("empty", file=path.name)
    if layer is None and len(layers) > 1:
        raise ImportProblem("many_layers", file=path.name, layers=", ".join(map(str, layers)))
    if layer is not None and layer not in layers:
        raise ImportProblem("no_layer", file=path.name, layer=layer, layers=", ".join(map(str, layers)))
    info = pyogrio.read_info(source, layer=layer)
    if info["driver"] != _DRIVERS[path.suffix.lower()]:
        raise ImportProblem("unknown_format", file=path.name)
    if not info["geometry_type"] or not info["features"]:
        raise ImportProblem("empty" if info["geometry_type"] else "no_geometry", file=path.name)
    if info["features"] > _MOST_ROWS:
        raise ImportProblem("too_many_rows", file=path.name, most=Formats("vi").count(_MOST_ROWS))
    # A Shapefile without .cpg says nothing of its letters; Vietnamese ones of today are UTF-8.
    return pyogrio.read_dataframe(source, layer=layer, encoding=encoding or (None if has_encoding else "UTF-8"))


def _check_beginning(beginning: bytes, driver: str, path: Path) -> None:
    if not beginning.removeprefix(b"\xef\xbb\xbf").lstrip(b" \r\n\t").startswith(_BEGINNINGS[driver]):
        raise ImportProblem("unknown_format", file=path.name)


def _find_shapefile(path: Path, wanted: str | None) -> str:
    if not zipfile.is_zipfile(path):
        raise ImportProblem("unreadable", file=path.name, reason="zip")
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
    if any(member.flag_bits & 1 for member in members):
        raise ImportProblem("password", file=path.name)
    if sum(member.file_size for member in members) > _MOST_BYTES:
        raise ImportProblem("too_large", file=path.name)
    found = [
        member.filename
        for member in members
        if member.filename.lower().endswith(".shp") and not member.filename.startswith("__MACOSX/")
    ]
    if wanted is not None:
        found = [name for name in found if Path(name).stem == wanted] or found
    if not found:
        raise ImportProblem("no_shapefile", file=path.name)
    if len(found) > 1:
        raise ImportProblem("many_layers", file=path.name, layers=", ".join(Path(name).stem for name in found))
    if ".." in Path(found[0]).parts or Path(found[0]).is_absolute():
        raise ImportProblem("unreadable", file=path.name, reason=found[0])
    return found[0]


def _has_member(path: Path, member: str, suffix: str) -> bool:
    with zipfile.ZipFile(path) as archive:
        return str(Path(member).with_suffix(suffix)).lower() in {name.lower() for name in archive.namelist()}


def _in_degrees(frame: gpd.GeoDataFrame, crs: str | None, name: str) -> gpd.GeoDataFrame:
    if frame.crs is None:
        if crs is None:
            raise ImportProblem("no_crs", file=name)
        try:
            frame = frame.set_crs(CRS.from_user_input(crs))
        except CRSError as error:
            raise ImportProblem("wrong_crs", crs=crs) from error
    try:
        return frame.to_crs("EPSG:4326")
    except ProjError as error:
        raise ImportProblem("wrong_crs", crs=frame.crs.name) from error


def _to_layer(frame: gpd.GeoDataFrame, name: str) -> Layer:
    rows = np.arange(1, len(frame) + 1)
    geometry = shapely.force_2d(frame.geometry.to_numpy())
    filled = ~(shapely.is_missing(geometry) | shapely.is_empty(geometry))
    areal = np.isin(shapely.get_type_id(geometry), (3, 6, 7))
    if not filled.any():
        raise ImportProblem("empty", file=name)
    if not areal[filled].any():
        raise ImportProblem("not_polygons", file=name)
    kept = filled & areal
    finite = np.isfinite(shapely.bounds(geometry)).all(axis=1)
    middle = np.where(kept & finite)[0]
    if not len(middle):
        raise ImportProblem("wrong_place", file=name)
    west, south, east, north = np.median(shapely.bounds(geometry[middle]), axis=0)
    if not (_BOX[0] <= west and east <= _BOX[2] and _BOX[1] <= south and north <= _BOX[3]):
        raise ImportProblem("wrong_place", file=name)
    texts = frame.drop(columns=frame.geometry.name).iloc[middle].reset_index(drop=True)
    return Layer(texts.apply(to_text), geometry[middle], rows[middle])


def to_text(column: pd.Series) -> pd.Series:
    """A column as text: "" for nothing, 808.0 as "808"."""
    if pd.api.types.is_float_dtype(column):
        whole = column.notna() & (column % 1 == 0)
        text = column.astype(object).where(~whole, column.where(whole, 0).astype("int64"))
        return text.where(column.notna(), "").map(str).astype(object)
    return pd.Series(
        ["" if pd.isna(value) else str(value).strip() for value in column], index=column.index, dtype=object
    )


def require_fields(texts: pd.DataFrame, fields: Sequence[str], file: str) -> None:
    """Raises ImportProblem naming the fields that are there where one is not."""
    for field in fields:
        if field not in texts.columns:
            raise ImportProblem("no_field", file=file, field=field, fields=", ".join(map(str, texts.columns)))


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
