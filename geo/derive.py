"""Derives the outlines of every boundary set: districts, cells of communes inside them, unions by crosswalk.

The districts are outlines of 2018; within each, a commune is given the part nearest to its position. So borders of
provinces and districts are near the true ones, and those of communes are approximate. Measured against real outlines
(tests/test_geo_quality.py): 99.6 % of the area is in the right province and 98.6 % in the right district; in the right
commune are 75 % (2019-10), 78 % (2025-01) and 86 % (2025-07). One point per commune in the place of an ellipse of
points gave 72, 75 and 84 %. Of ellipses of 4 to 8 points at 0.4 to 0.7 of the half size, more points than the six used
gave 0.2 % more area for a fifth more corners, and all others less.
"""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from geo.crosswalk_lists import CROSSWALKS_DIR, fold_name
from geo.district_shapes import clean_districts, match_districts, read_district_shapes
from geo.partition import partition_by_seeds, partition_by_shares, partition_equally
from geo.positions import TO_METRES, box_centres, place_communes, place_new_communes
from geo.sources import UNITS_2025, fetch_package, read_admin_units
from geo.units import load_units, read_text_table

GAP_METRES = 800.0


@dataclass(frozen=True)
class Districts:
    """The cleaned district areas (plane, metres) and the districts of 2019 that share each of them."""

    areas: list[shapely.Geometry]
    members: list[list[str]]


def derive_districts(cache_dir: Path) -> Districts:
    """Return the 708 district areas with their codes of 2019."""
    shapes = read_district_shapes(cache_dir)
    units = load_units("2019-10")
    district_of = units.set_index("unit_code")["parent_code"]
    legacy = read_admin_units(fetch_package(UNITS_2025, cache_dir), "admin_units_legacy")
    places = box_centres(legacy).reset_index()
    is_commune = places["unit_code"].str.len() == 5
    places["district"] = places["unit_code"].map(district_of).where(is_commune, places["unit_code"])
    districts = units[units["level"] == "district"][["unit_code", "short_name"]]
    districts = districts.assign(name_key=districts["short_name"].map(fold_name))
    codes = match_districts(shapes, places.dropna(subset="district"), districts)
    plane = shapely.transform(shapes["geometry"].to_numpy(), lambda degrees: degrees * TO_METRES)
    areas = clean_districts(plane, GAP_METRES)
    return Districts(list(areas), [codes[shape_id] for shape_id in shapes["shape_id"]])


def derive_cells(districts: Districts, cache_dir: Path) -> pd.DataFrame:
    """Return the smallest pieces: before (2019-10 code), after (2025-01 code), geometry (plane, metres).

    Each district is parted by the positions of the communes of 2025 that its communes of 2019 became; a commune of
    2025 that took in several is then parted equally among them, for they have no positions of their own.
    """
    legacy = read_admin_units(fetch_package(UNITS_2025, cache_dir), "admin_units_legacy")
    places = place_communes(legacy)
    units = load_units("2019-10")
    children = units[units["level"] == "commune"].groupby("parent_code")["unit_code"].apply(list).to_dict()
    shares = read_shares("2019-10", "2025-01")
    main = {code: main_successor(code, parts) for code, parts in shares.items()}
    new = {to for parts in shares.values() for to in parts} - set(main.values())
    pieces = []
    for area, members in zip(districts.areas, districts.members, strict=True):
        # A district without communes is its own unit.
        inside = sorted(code for district in members for code in children.get(district, [district]))
        after = sorted({main[code] for code in inside} | {to for code in inside for to in shares[code] if to in new})
        if inside[0] in places.index and after == ["536"]:
            pieces += [(unit, "536", cell) for unit, cell in zip(inside, _part(area, inside, places), strict=True)]
            continue
        for code, cell in zip(after, _part(area, after, places), strict=True):
            before = [unit for unit in inside if main[unit] == code]
            if not before:
                before = [max(inside, key=lambda unit: (shares[unit].get(code, 0), unit))]
            pieces += [
                (unit, code, part) for unit, part in zip(before, partition_equally(cell, len(before)), strict=True)
            ]
    return pd.DataFrame(pieces, columns=["before", "after", "geometry"])


def _part(area: shapely.Geometry, codes: list[str], places: pd.DataFrame) -> list[shapely.Geometry]:
    known = places.reindex(codes)
    return partition_by_seeds(area, known[["x", "y"]].to_numpy(), known[["half_width", "half_height"]].to_numpy())


def derive_cells_2025_07(cells: pd.DataFrame, cache_dir: Path) -> pd.DataFrame:
    """Return pieces of the communes of 2025-07: unit_code, geometry (plane, metres).

    A commune of 2025-01 that was split is cut towards its successors' positions, by the crosswalk's shares.
    """
    shares = read_shares("2025-01", "2025-07")
    places = place_new_communes(read_admin_units(fetch_package(UNITS_2025, cache_dir), "admin_units"))
    before = dissolve(cells["after"], cells["geometry"])
    pieces = []
    for code, area in before.items():
        targets = sorted(shares[code])
        parts = [area]
        if len(targets) > 1:
            weights = [float(shares[code][to]) for to in targets]
            parts = partition_by_shares(area, places.loc[targets].to_numpy(), weights)
        pieces += list(zip(targets, parts, strict=True))
    return pd.DataFrame(pieces, columns=["unit_code", "geometry"])


def read_shares(from_set: str, to_set: str) -> dict[str, dict[str, Fraction]]:
    """Return from_code -> {to_code: share} of a shipped crosswalk."""
    shares: dict[str, dict[str, Fraction]] = {}
    for row in read_text_table(CROSSWALKS_DIR / f"{from_set}__{to_set}.csv").itertuples():
        shares.setdefault(row.from_code, {})[row.to_code] = Fraction(row.weight)
    return shares


def main_successor(code: str, parts: dict[str, Fraction]) -> str:
    """Return the successor with most of the unit's people; the one that kept the code if shares are equal."""
    return max(parts, key=lambda to: (parts[to], to == code, to))


def dissolve(codes: pd.Series, geometries: pd.Series) -> pd.Series:
    """Return the union of the pieces of each unit, by code in ascending order; the pieces must be a coverage."""
    groups = pd.Series(np.asarray(geometries), index=np.asarray(codes)).groupby(level=0, sort=True)
    return groups.apply(lambda parts: parts.iloc[0] if len(parts) == 1 else shapely.union_all(parts.to_numpy()))
