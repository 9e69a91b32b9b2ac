"""One set of figures and outlines for every way of drawing, laid into a folder that all of them are served from.

The figures come from the store in force, the outlines are the shipped ones simplified as our own files are, so that no
way has less or more to draw than another.
"""

from __future__ import annotations

import json
import shutil
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bench.ways import PERIODS
from charts import palette
from charts.coverage_map.installed import SCRIPT, find_installed
from charts.coverage_map.message import pack_message
from charts.coverage_map.wheel_backend import bundle_modules
from data import queries
from data.settings import get_settings
from data.store import Store
from geo.outlines import CRS, NATION_TOLERANCE
from geo.units import map_order, order_hash
from indicators.classes import ClassEdges, class_edges, classify
from indicators.rates import coverage_pct
from indicators.rules import load_programmes, map_threshold
from text.formats import Formats
from text.words import Words
from ui.map import MapFrame, build_header

ROOT = Path(__file__).resolve().parents[1]
BOUNDARY_SET, PROGRAMME, LEVEL = "2019-10", "2016-2020", "commune"
HEIGHT = 760  # CSS pixels of every map
FILLED_HEIGHTS = (640, 900, 1080)  # of the bare page where movement is measured on a map as large as the window
DECIMALS = 4  # of a degree: 11 m, finer than our files' 20 m


def make_site(folder: Path, store: Store) -> dict[str, int]:
    """Fill `folder` with the rivals' scripts, their figures and outlines, and our files; sizes in bytes by file.

    Raises:
        RuntimeError: the installed map is not the one of this folder.
        FileNotFoundError: the outlines or our arc files have not been built.
        LookupError: the store has no figures for the two months.
    """
    check_installed_map()
    static = folder / "static"
    static.mkdir(parents=True)
    for script in (ROOT / "bench" / "rivals").glob("*.py"):
        shutil.copy(script, folder)
    # Every way is served under the app's own settings: with the usual ones an answer waits while garbage is collected.
    shutil.copytree(ROOT / ".streamlit", folder / ".streamlit")
    shutil.copytree(ROOT / "static" / "fonts", static / "fonts")
    frames = {period: load_month(store, period) for period in PERIODS}
    edges = class_edges(map_threshold(load_programmes()[PROGRAMME], PERIODS[0])[0])
    write_rates(folder, frames, edges)
    write_outlines(static / "communes.geojson", frames[PERIODS[0]]["unit_code"])
    write_our_files(folder, store, frames, edges)
    write_bare_page(folder)
    return {
        path.name: path.stat().st_size
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix in (".geojson", ".gz", ".bin")
    }


def load_month(store: Store, period: str) -> pd.DataFrame:
    """The units of the national commune map in map order, with population and insured (-1 unknown)."""
    frame = queries.commune_values(store, period)
    if frame.empty:
        raise LookupError(f"the store has no figures for {period}; build one with: python -m data.snapshot build")
    return frame


def write_rates(folder: Path, frames: dict[str, pd.DataFrame], edges: ClassEdges) -> None:
    """rates.parquet: unit_code, name, period, rate (percent or NaN), class_code (0…k−1, k without figures).

    palette.json: k+1 colours.
    """
    colours = [*palette.class_colours(edges), palette.ABSENCE[255]]
    parts = []
    for period, frame in frames.items():
        insured, population = frame["insured"].to_numpy(), frame["population"].to_numpy()
        classes = classify(insured, population, edges)
        parts.append(
            frame[["unit_code", "name"]].assign(
                period=period,
                rate=np.round(coverage_pct(insured, population), 2),
                class_code=np.minimum(classes, len(colours) - 1),
            )
        )
    pd.concat(parts).to_parquet(folder / "rates.parquet")
    (folder / "palette.json").write_text(json.dumps(colours))


def write_outlines(path: Path, codes: pd.Series) -> None:
    """GeoJSON of all units in map order: `id` is the place in it, `properties.unit_code` the code."""
    outlines = (
        gpd.read_parquet(ROOT / "geo" / "sets" / BOUNDARY_SET / "communes.parquet")
        .set_index("unit_code")
        .loc[list(codes)]
    )
    metres = outlines.to_crs(CRS)
    simple = gpd.GeoSeries(shapely.coverage_simplify(metres.geometry.to_numpy(), NATION_TOLERANCE), crs=CRS).to_crs(
        4326
    )
    rounded = shapely.transform(simple.to_numpy(), lambda points: np.round(points, DECIMALS))
    features = [
        f'{{"type":"Feature","id":{place},"properties":{{"unit_code":"{code}"}},"geometry":{geometry}}}'
        for place, (code, geometry) in enumerate(zip(codes, shapely.to_geojson(rounded), strict=True))
    ]
    path.write_text('{"type":"FeatureCollection","features":[' + ",".join(features) + "]}")


def write_our_files(folder: Path, store: Store, frames: dict[str, pd.DataFrame], edges: ClassEdges) -> None:
    """Our outlines, names and value file under static/, and per month what Python sends (map_<period>.bin)."""
    static = folder / "static"
    manifest = json.loads((ROOT / "static" / "outlines" / "manifest.json").read_text())[BOUNDARY_SET]
    shutil.copytree(ROOT / "static" / "outlines", static / "outlines")
    found = queries.value_file(store, BOUNDARY_SET, LEVEL, PROGRAMME)
    values = None
    if not found.empty:
        values = f"/app/static/{found['file_name'].iloc[0]}"
        shutil.copy(get_settings().value_directory / found["file_name"].iloc[0], static)
    words, formats = Words("vi"), Formats("vi")
    for period, frame in frames.items():
        shown = MapFrame(
            boundary_set=BOUNDARY_SET,
            level=LEVEL,
            period=period,
            scope="VN",
            order_hash=order_hash(map_order(BOUNDARY_SET, LEVEL)),
            classes=classify(frame["insured"].to_numpy(), frame["population"].to_numpy(), edges),
            edges=edges,
            legend="classes",
            files={
                "outlines": f"/app/static/outlines/{manifest[LEVEL]}",
                "scope_outlines": None,
                "background": None,
                "names": f"/app/static/outlines/{manifest['names']}",
                "values": values,
                "rest": None,
            },
            sentence=period,
        )
        header = build_header(shown, words, formats)
        (folder / f"map_{period}.bin").write_bytes(pack_message(header | {"height": HEIGHT}, shown.classes))
        if period == PERIODS[0]:
            for height in FILLED_HEIGHTS:
                (folder / f"map_high_{height}.bin").write_bytes(
                    pack_message(header | {"height": height}, shown.classes)
                )


def check_installed_map() -> None:
    """Refuse to measure an installed map that is older than its sources.

    Raises:
        RuntimeError: the package is absent or differs from charts/coverage_map.
    """
    try:
        installed = find_installed(SCRIPT).read_text("utf-8")
    except (PackageNotFoundError, FileNotFoundError) as problem:
        raise RuntimeError("the map is not installed; ./run installs it") from problem
    if installed != bundle_modules(ROOT / "charts" / "coverage_map" / "assets", "index.js"):
        raise RuntimeError("the installed map is not the one in charts/coverage_map; ./run installs it anew")


def write_bare_page(folder: Path) -> None:
    """A folder for a plain file server, in which our files stand under the addresses that the app has for them."""
    bare = folder / "bare"
    bare.mkdir()
    component = ROOT / "charts" / "coverage_map"
    page = (component / "demo" / "index.html").read_text("utf-8")
    (bare / "index.html").write_text(page.replace("../assets/", "./assets/"), "utf-8")
    shutil.copytree(component / "assets", bare / "assets")
    (bare / "app").mkdir()
    (bare / "app" / "static").symlink_to(folder / "static", target_is_directory=True)
    for message in folder.glob("map_*.bin"):
        shutil.copy(message, bare)
