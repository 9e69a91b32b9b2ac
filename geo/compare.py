"""How much area one set of outlines gives to the right unit, against another: the same unit, district, province."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from geo.import_fields import choose_fields
from geo.import_fit import join_parts, repair, to_plane
from geo.import_match import UnitFinder, match_outlines
from geo.import_outlines import load_plane
from geo.import_read import ImportProblem, read_layer
from geo.import_store import find_folder
from geo.units import SETS_DIR, boundary_sets, load_units, map_order

# The column of the list of units that says which unit of each level a commune lies in.
PARENT_COLUMNS = {"province": "province_code", "district": "parent_code", "commune": "unit_code"}


def share_right(boundary_set: str, truth: pd.Series, found: pd.Series, columns: Sequence[str]) -> dict[str, float]:
    """Share of the area common to both that `found` gives to the same unit as `truth`, or to one of the same parent.

    Both are outlines of communes by code, in one plane in metres. `columns` are of the list of units: `unit_code` for
    the commune itself, `parent_code` for its district, `province_code`.
    """
    units = load_units(boundary_set).set_index("unit_code", drop=False)
    tree = shapely.STRtree(found.to_numpy())
    left, right = tree.query(truth.to_numpy(), predicate="intersects")
    overlap = shapely.intersection(truth.to_numpy()[left], found.to_numpy()[right])
    area = shapely.area(overlap)
    true_codes, found_codes = truth.index[left], found.index[right]
    return {
        column: float(
            area[units.loc[true_codes, column].to_numpy() == units.loc[found_codes, column].to_numpy()].sum()
            / area.sum()
        )
        for column in columns
    }


def compare_outlines(first: str, second: str, boundary_set: str, into: Path) -> dict[str, float]:
    """Level → share of the common area that is in the right unit. `first` is taken for the truth.

    Each is a file, "shipped" or "in-use". Raises ImportProblem where one cannot be read, or they share no ground.
    """
    if boundary_set not in boundary_sets():
        raise ImportProblem("unknown_set", name=boundary_set, known=", ".join(boundary_sets()))
    truth, found = (_load_communes(name, boundary_set, into) for name in (first, second))
    levels = [level for level in PARENT_COLUMNS if len(map_order(boundary_set, level))]
    west, south, east, north = shapely.total_bounds(truth.to_numpy())
    if not shapely.intersects(shapely.box(west, south, east, north), found.to_numpy()).any():
        raise ImportProblem("no_common_ground")
    shares = share_right(boundary_set, truth, found, [PARENT_COLUMNS[level] for level in levels])
    return {level: shares[PARENT_COLUMNS[level]] for level in levels}


def _load_communes(name: str, boundary_set: str, into: Path) -> pd.Series:
    if name == "shipped":
        return load_plane(SETS_DIR / boundary_set, "commune")
    if name == "in-use":
        return load_plane(find_folder(into, boundary_set), "commune")
    layer = read_layer(Path(name))
    plane = to_plane(repair(layer.geometry))
    kept = ~shapely.is_empty(plane)
    derived = load_plane(SETS_DIR / boundary_set, "commune")
    districts = derived
    if len(map_order(boundary_set, "district")):
        districts = load_plane(SETS_DIR / boundary_set, "district")
    finder = UnitFinder(boundary_set, "commune", derived, districts)
    texts = layer.texts[kept].reset_index(drop=True)
    fields = choose_fields(texts, finder, None, (), Path(name).name)
    matches = match_outlines(
        finder,
        texts[fields.code].tolist() if fields.code else None,
        texts[list(fields.names)] if fields.names else None,
        shapely.point_on_surface(plane[kept]),
    )
    if not matches.is_matched.any():
        raise ImportProblem("few_matched", found=0, count=len(texts), report="–")
    return join_parts(np.array(matches.code)[matches.is_matched], plane[kept][matches.is_matched])
