"""Units of the open snapshot: names, search, and what a place was before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from data import queries
from data.former_names import search_former_names
from text.names import collation_key, is_one_slip, search_key, typed_key
from ui.catalogue import province_of
from ui.loaders.snapshot import cached_for_all, load_catalogue, store_of
from ui.view import NATION

SEARCH_LIMIT = 12
FORMER_LIMIT = 8
MANY_FORMER = 60
MIN_NEAR = 5  # letters: of shorter names many are one letter from another
TYPE = re.compile(r"^(tinh|thanh pho|quan|huyen|thi xa) ")
NUMBER_ALONE = re.compile(r"\b(phuong|xa|ap|khu) (\d)\b")
LONGEST_PROVINCE = 5  # words behind a name that may be its province's, and one


@cached_for_all
def load_units(snapshot_id: str, boundary_set: str) -> pd.DataFrame:
    """Units of a set by unit_code: level, name, short_name, type, province_code, district_code, stands_alone,
    map_order.
    """
    return queries.units(store_of(snapshot_id), boundary_set).set_index("unit_code", drop=False)


@cached_for_all
def provinces_by_name(snapshot_id: str, boundary_set: str) -> list[tuple[str, str]]:
    """(unit_code, short name) of every province in the order of the alphabet."""
    units = load_units(snapshot_id, boundary_set)
    provinces = units[units["level"] == "province"]
    return sorted(
        zip(provinces["unit_code"], provinces["short_name"], strict=True), key=lambda one: collation_key(one[1])
    )


def find_province(snapshot_id: str, code: str) -> str | None:
    """A province in which a commune or district lies, of whichever boundary set knows it; None for all others."""
    for boundary_set, levels in load_catalogue(snapshot_id).unit_levels.items():
        if levels.get(code) in ("district", "commune"):
            return province_of(code, boundary_set, load_catalogue(snapshot_id))
    return None


def unit_label(snapshot_id: str, boundary_set: str, code: str, nation: str) -> str:
    """The full name of a unit; `nation` is the word for the whole country."""
    return nation if code == NATION else str(load_units(snapshot_id, boundary_set).at[code, "name"])


@cached_for_all
def load_regions(snapshot_id: str) -> pd.DataFrame:
    """Regions by region_code: scheme, name, name_en, source."""
    return queries.regions(store_of(snapshot_id)).set_index("region_code")


def region_label(snapshot_id: str, code: str, lang: str) -> str:
    """The name of a region in the reader's language."""
    row = load_regions(snapshot_id).loc[code]
    return str(row["name_en"] if lang == "en" and isinstance(row["name_en"], str) and row["name_en"] else row["name"])


def unit_parents_label(snapshot_id: str, boundary_set: str, code: str) -> str:
    """ "huyện Mộc Châu, tỉnh Sơn La": the names above a unit, nearest first; empty for a province."""
    frame = load_units(snapshot_id, boundary_set)
    row = frame.loc[code]
    above = [
        row[column]
        for column in ("district_code", "province_code")
        if isinstance(row[column], str) and row[column] not in ("", code)
    ]
    return ", ".join(frame.at[parent, "name"] for parent in above if parent in frame.index)


@cached_for_all
def search_units(snapshot_id: str, boundary_set: str, text: str) -> pd.DataFrame:
    """Units whose name holds the text, marks or not: unit_code, label with the names above. Where none does, those whose name
    and the names above hold all its words: "quang cu sam son", "hoang quang, thanh hoa".
    """
    store, key = store_of(snapshot_id), typed_key(text)
    for written in dict.fromkeys((key, NUMBER_ALONE.sub(r"\1 0\2", key))):  # Phường 5 is "Phường 05" in some lists
        found = queries.search_units(store, boundary_set, written, SEARCH_LIMIT)
        words = written.split()
        if found.empty and len(words) > 1:
            found = queries.search_in_places(store, boundary_set, words)
            own = [count_own_words(words, row) for row in found.itertuples()]
            # The more of the words stand in the unit's own name, the likelier it is meant; ties as they came.
            found = found.iloc[sorted(np.flatnonzero(own), key=lambda at: -own[at])[:SEARCH_LIMIT]]
        if len(found):
            break
    return label_found(found)


def count_own_words(words: Sequence[str], row: Any) -> int:
    """How many of the first words are a unit's own name, where the rest names a place above it; 0 where it does not."""
    above = [search_key(name) for name in (row.district_name, row.province_name) if isinstance(name, str)]
    for count in range(len(words) - 1, 0, -1):
        name, rest = " ".join(words[:count]), " ".join(words[count:])
        is_own = f" {name} " in f" {row.search_key} "
        # One word alone is the beginning or end of many names: it must be all of one ("huế", not "quảng").
        is_above = any(TYPE.sub("", place) == rest or place == rest for place in above)
        if is_own and (is_above or (len(words) - count > 1 and f" {rest}" in " ".join(["", *above]))):
            return count
    return 0


@cached_for_all
def search_near(snapshot_id: str, boundary_set: str, text: str) -> pd.DataFrame:
    """Units whose name, with its type or without, is one slip of the finger from the text, for a search that found nothing:
    unit_code, label. Larger units first."""
    key = typed_key(text)
    keys = name_keys(snapshot_id, boundary_set) if len(key) >= MIN_NEAR else []
    near = [code for code, *names in keys if any(is_one_slip(key, name) for name in names)][:SEARCH_LIMIT]
    found = queries.units_by_code(store_of(snapshot_id), boundary_set, near).set_index("unit_code", drop=False)
    return label_found(found.loc[near].reset_index(drop=True))


@cached_for_all
def name_keys(snapshot_id: str, boundary_set: str) -> list[tuple[str, str, str]]:
    """(unit_code, key of the name, key of the short name) of every unit but the nation, larger ones first."""
    units = load_units(snapshot_id, boundary_set)
    columns = (units[column].astype(object) for column in ("unit_code", "name", "short_name"))
    return [
        (code, search_key(name), search_key(short))
        for code, name, short in zip(*columns, strict=True)
        if code != NATION
    ]


@cached_for_all
def search_former(snapshot_id: str, boundary_set: str, text: str) -> pd.DataFrame:
    """Units that were called so in another boundary set: unit_code, label, former (the other name with its province), kind
    (`former_names.list_kinds`), each unit once."""
    rows = find_former(snapshot_id, boundary_set, typed_key(text).split())
    # Not as columns: where only provinces are found, none has a province above it, and the column is no text.
    former = [
        f"{name}, {province}" if isinstance(province, str) else name
        for name, province in zip(rows["former_name"], rows["former_province"], strict=True)
    ]
    return label_found(rows).assign(former=former).drop_duplicates("unit_code")


def find_former(snapshot_id: str, boundary_set: str, words: Sequence[str]) -> pd.DataFrame:
    """By the whole text, or by its first words with the others in the name of the former province."""
    store = store_of(snapshot_id)
    rows = search_former_names(store, boundary_set, " ".join(words), FORMER_LIMIT)
    for cut in range(len(words) - 1, max(len(words) - LONGEST_PROVINCE, 0), -1):
        if len(rows):
            break
        found = search_former_names(store, boundary_set, " ".join(words[:cut]), MANY_FORMER)
        place = " ".join(words[cut:])
        inside = [isinstance(name, str) and place in search_key(name) for name in found["former_province"]]
        rows = found[inside].head(FORMER_LIMIT) if len(found) else rows
    return rows


def label_found(found: pd.DataFrame) -> pd.DataFrame:
    """The frame of a search with `label`: the name with the names above it."""
    columns = (found[column] for column in ("name", "district_name", "province_name"))
    label = [", ".join(name for name in names if isinstance(name, str)) for names in zip(*columns, strict=True)]
    return found.assign(label=pd.Series(label, index=found.index, dtype=str))


@cached_for_all
def place_labels(snapshot_id: str, boundary_set: str, level: str, is_nation: bool) -> pd.Series:
    """The label of each unit of a map level by unit_code: its name, with the names above it that are not on the screen."""
    frame = load_units(snapshot_id, boundary_set)
    name = frame["name"]
    chosen = frame["map_order"].notna() if level == "commune" else frame["level"] == level
    columns = ["district_code", "province_code"] if is_nation else ["district_code"]
    label = name.copy()
    for column in columns:
        above = frame[column].map(name).where(frame[column] != frame["unit_code"])
        if level != "province":
            label = label.where(above.isna(), label + ", " + above)
    return label[chosen]


def stands_alone(snapshot_id: str, boundary_set: str, unit: str) -> bool:
    """Whether a unit is a district without communes, which the commune map shows as itself."""
    return bool(load_units(snapshot_id, boundary_set).at[unit, "stands_alone"])


def predecessors(snapshot_id: str, boundary_set: str, unit: str) -> dict[str, set[str]]:
    """Which units a place is the sum of, and in which boundary sets: {unit code: {boundary sets}}."""
    catalogue = load_catalogue(snapshot_id)
    parts: dict[str, set[str]] = {}
    for name in catalogue.boundaries_for:
        if unit == NATION or name == boundary_set:
            parts.setdefault(unit, set()).add(name)
        elif boundary_set in catalogue.boundaries_for[name] and catalogue.unit_levels[boundary_set][unit] == "province":
            old = [code for (last, code), new in catalogue.successors.items() if new == unit and last == boundary_set]
            for code in old or [unit]:
                parts.setdefault(code, set()).add(name)
        elif catalogue.unit_levels[name].get(unit) == catalogue.unit_levels[boundary_set][unit] and "2025-07" not in (
            name,
            boundary_set,
        ):
            parts.setdefault(unit, set()).add(name)
    return parts
