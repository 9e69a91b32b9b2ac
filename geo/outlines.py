"""Arc files: what the map of the screen fetches by address instead of polygons (docs/data_flow.md, "geo").

One simplified coverage of communes per boundary set gives every file of that set: districts and provinces are the same
borders with the inner ones left out, so that lines of all levels lie on each other, and the files of neighbouring
provinces fit.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from geo.arcs import Edges, compress, cut_edges, dissolve, encode_arcs, link_arcs, set_levels
from geo.units import order_hash, read_text_table

# Metres, one zone for the whole country: at most 1 % of scale at Trường Sa, and shapes stay true.
CRS = "EPSG:32648"
# Tolerances in metres of the simplification, and of one grid for all files, so that they can be drawn in one view.
NATION_TOLERANCE, PROVINCE_TOLERANCE, STEP = 400.0, 150.0, 40.0
# Tried in turn where a unit would lose its whole area.
SHARES_OF_TOLERANCE = (1.0, 0.8, 0.6, 0.45, 0.3, 0.0)
NATION = "VN"

# Longitude and latitude of the boxes drawn beside the national map: west, south, east, north.
ARCHIPELAGOS = {"hoang_sa": (111.0, 15.6, 113.0, 17.3), "truong_sa": (109.4, 6.9, 117.9, 11.8)}
CITIES = {
    "ha_noi": (105.68, 20.90, 105.98, 21.15),
    "hai_phong": (106.55, 20.73, 106.85, 20.98),
    "da_nang": (108.06, 15.95, 108.34, 16.18),
    "ho_chi_minh": (106.54, 10.68, 106.84, 10.93),
    "can_tho": (105.58, 9.93, 105.86, 10.16),
}


@dataclass(frozen=True)
class UnitOrder:
    """The units of one level in map order, and for each its district and province as a number (-1: none)."""

    codes: np.ndarray
    district: np.ndarray
    province: np.ndarray


def order_units(units: pd.DataFrame) -> tuple[UnitOrder, pd.Index, pd.Index]:
    """The commune map's order of a units table, then the district codes and the province codes in theirs."""
    provinces = pd.Index(units.loc[units.level == "province", "unit_code"].sort_values())
    districts = pd.Index(units.loc[units.level == "district", "unit_code"].sort_values())
    communes = units[units.level == "commune"].sort_values("unit_code")
    alone = units[units.stands_alone == "1"].sort_values("unit_code")
    drawn = pd.concat([communes, alone.assign(parent_code=alone.unit_code)])
    order = UnitOrder(
        drawn.unit_code.to_numpy(),
        districts.get_indexer(drawn.parent_code),
        provinces.get_indexer(drawn.province_code),
    )
    return order, districts, provinces


def write_arc_files(sets_dir: Path, out_dir: Path) -> dict[str, Any]:
    """Write the arc files and names of every boundary set under `sets_dir` that has outlines, and `manifest.json`.

    Files are named after the hash of their content; files of an earlier build are removed. Returns the manifest:
    `{boundary_set: {"order_hash": {level: hash}, "names": file, "province": file, "district": file or absent,
    "commune": file, "scopes": {province code: file}}}`.
    Raises ValueError where there are no outlines: the files of an earlier build must not vanish by a wrong path.
    """
    folders = sorted(path.parent for path in sets_dir.glob("*/communes.parquet"))
    if not folders:
        raise ValueError(f"no boundary set with outlines (communes.parquet) under {sets_dir}")
    out_dir.mkdir(parents=True, exist_ok=True)
    manifest: dict[str, Any] = {}
    kept = set()
    for folder in folders:
        manifest[folder.name], files = build_boundary_set(folder)
        for name, packed in files.items():
            (out_dir / name).write_bytes(packed)
        kept |= files.keys()
    for path in [*out_dir.glob("*.arc.gz"), *out_dir.glob("*.json.gz")]:
        if path.name not in kept:
            path.unlink()
    (out_dir / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    return manifest


def build_boundary_set(folder: Path) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Build one boundary set: its manifest entry, and the packed files by name.

    Raises ValueError when a unit of the commune map has no outline, or its outline has no area on the grid.
    """
    boundary_set = folder.name
    units = read_text_table(folder / "units.csv")
    order, districts, provinces = order_units(units)
    coverage = _load_coverage(folder, order.codes)
    points = shapely.get_coordinates(shapely.point_on_surface(coverage))
    origin = np.floor(shapely.total_bounds(coverage)[:2] / 1000) * 1000
    source = tomllib.loads((folder / "SOURCE.toml").read_text("utf-8"))
    about = {
        "boundary_set": boundary_set,
        "approximate": bool(source.get("approximate", False)),
        "attribution": source.get("attribution", ""),
        "projection": {"crs": CRS, "origin": origin.tolist(), "step": STEP},
    }
    entry: dict[str, Any] = {"order_hash": {}, "scopes": {}}
    files: dict[str, bytes] = {}

    def keep(stem: str, suffix: str, data: bytes) -> str:
        packed, digest = compress(data)
        files[f"{stem}.{digest}.{suffix}.gz"] = packed
        return f"{stem}.{digest}.{suffix}.gz"

    entry["names"] = keep(f"{boundary_set}.names", "json", pack_names(boundary_set, units, order, districts, provinces))

    fine = simplify_edges(coverage, order, origin, PROVINCE_TOLERANCE)
    communes = about | _unit_header("commune", pd.Index(order.codes))
    scopes = {}
    for number, code in enumerate(provinces):
        inside = np.r_[False, order.province == number]
        edges = dissolve(fine, np.where(inside, np.arange(len(inside)), 0))
        members = np.flatnonzero(inside[1:])
        _require_outlines(edges, members, order.codes)
        data = _encode(edges, members, points, communes | {"scope": code} | _frame(edges, origin))
        entry["scopes"][code] = keep(f"{boundary_set}.commune.{code}", "arc", data)
        scopes[code] = {"file": entry["scopes"][code], "box": _box(edges)}

    coarse = simplify_edges(coverage, order, origin, NATION_TOLERANCE)
    national = about | {"scope": NATION} | _frame(coarse, origin)
    for level, codes, parent in (
        ("province", provinces, order.province),
        ("district", districts, order.district),
        ("commune", pd.Index(order.codes), None),
    ):
        if len(codes) == 0:
            continue
        header = national | _unit_header(level, codes)
        everything = np.arange(len(codes))
        if parent is None:
            # No points: circles of communes are drawn inside one province, from its own file.
            edges, with_point, places = coarse, everything[:0], points
            header["scopes"] = scopes
        else:
            edges = dissolve(coarse, np.r_[0, parent + 1])
            with_point, places = everything, _merged_points(coverage, parent, len(codes))
        _require_outlines(edges, everything, codes)
        entry[level] = keep(f"{boundary_set}.{level}", "arc", _encode(edges, with_point, places, header))
        entry["order_hash"][level] = header["order_hash"]
    return entry, files


def pack_names(
    boundary_set: str, units: pd.DataFrame, order: UnitOrder, districts: pd.Index, provinces: pd.Index
) -> bytes:
    """Names for hover and search as JSON columns in map order, with the district and province index of each unit."""
    rows = units.set_index("unit_code")
    of_district = units[units.level == "district"].set_index("unit_code").province_code.reindex(districts)

    def columns(codes: Any) -> dict[str, Any]:
        return {"codes": list(codes), "names": rows.name.reindex(codes).tolist()}

    content = {
        "boundary_set": boundary_set,
        "commune": columns(order.codes)
        | {
            "order_hash": order_hash(order.codes),
            "district": order.district.tolist(),
            "province": order.province.tolist(),
        },
        "district": columns(districts) | {"province": provinces.get_indexer(of_district).tolist()},
        "province": columns(provinces),
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _load_coverage(folder: Path, codes: np.ndarray) -> np.ndarray:
    """Outlines in map order, in metres; districts that stand alone may come from the districts' file."""
    frames = [gpd.read_parquet(folder / name) for name in ("communes.parquet", "districts.parquet")
              if (folder / name).exists()]  # fmt: skip
    outlines = pd.concat([frame.to_crs(CRS).set_index("unit_code").geometry for frame in frames])
    missing = pd.Index(codes).difference(outlines.index)
    if len(missing):
        raise ValueError(f"{folder.name}: {len(missing)} units without outline: {', '.join(missing[:10])}")
    coverage = outlines[~outlines.index.duplicated()].reindex(codes).to_numpy()
    if not shapely.coverage_is_valid(coverage):
        coverage = shapely.coverage_clean(coverage)
    return coverage


def simplify_edges(coverage: np.ndarray, order: UnitOrder, origin: np.ndarray, tolerance: float) -> Edges:
    """The borders of a simplified coverage: as coarse as asked for, or the coarsest of which every unit is left.

    A ward of 8 hectares can lose all of its area to a tolerance of 400 m; its neighbours' borders would not show it.
    """
    for share in SHARES_OF_TOLERANCE:
        simplified = shapely.coverage_simplify(coverage, tolerance * share)
        edges = cut_edges(simplified, origin, STEP)
        if not len(_find_lost(edges, np.arange(len(coverage)))):
            break
    return set_levels(edges, order.district, order.province)


def _merged_points(coverage: np.ndarray, parent: np.ndarray, count: int) -> np.ndarray:
    merged = [shapely.coverage_union_all(coverage[parent == number]) for number in range(count)]
    return shapely.get_coordinates(shapely.point_on_surface(merged))


def _require_outlines(edges: Edges, members: np.ndarray, codes: Any) -> None:
    lost = _find_lost(edges, members)
    if len(lost):
        raise ValueError(f"{len(lost)} units have no area on the grid: {', '.join(np.asarray(codes)[lost][:10])}")


def _find_lost(edges: Edges, members: np.ndarray) -> np.ndarray:
    """The units (indices) that no edge bounds."""
    return np.setdiff1d(members + 1, np.union1d(edges.left, edges.right)) - 1


def _encode(edges: Edges, members: np.ndarray, points: np.ndarray, header: dict[str, Any]) -> bytes:
    grid = np.rint((points[members] - header["projection"]["origin"]) / STEP).astype(np.int64)
    return encode_arcs(link_arcs(edges), members, grid, header)


def _unit_header(level: str, codes: pd.Index) -> dict[str, Any]:
    return {"level": level, "unit_count": len(codes), "order_hash": order_hash(codes)}


def _box(edges: Edges, rows: np.ndarray | slice = slice(None)) -> list[int]:
    """[west, south, east, north] of both ends of the edges (the first ends, then the second) on the grid."""
    x, y = np.r_[edges.x0, edges.x1][rows], np.r_[edges.y0, edges.y1][rows]
    return [int(x.min()), int(y.min()), int(x.max()), int(y.max())]


def _frame(edges: Edges, origin: np.ndarray) -> dict[str, Any]:
    """What the map shows at first (without the archipelagos, unless there is nothing else), and the boxes beside it.

    All on the grid, as [west, south, east, north]; only boxes that hold an outline of this file.
    """
    to_metres = Transformer.from_crs("EPSG:4326", CRS, always_xy=True)
    x, y = np.r_[edges.x0, edges.x1], np.r_[edges.y0, edges.y1]
    away = np.zeros(len(x), bool)
    insets = []
    for key, bounds in (ARCHIPELAGOS | CITIES).items():
        metres = np.array(to_metres.transform_bounds(*bounds))
        west, south, east, north = np.rint((metres - np.tile(origin, 2)) / STEP).astype(int).tolist()
        here = (x >= west) & (x <= east) & (y >= south) & (y <= north)
        if not here.any():
            continue
        insets.append({"key": key, "box": [west, south, east, north], "archipelago": key in ARCHIPELAGOS})
        if key in ARCHIPELAGOS:
            away |= here
    return {"frame": _box(edges, ~away if not away.all() else slice(None)), "insets": insets}
