"""Administrative units: lists, one unit, what lies below it, search."""

from collections.abc import Sequence

import pandas as pd

from data.queries.common import AMONG_CODES, WITH_PARENTS, WITH_PROVINCE
from data.store import Store


def units(store: Store, boundary_set: str, level: str | None = None) -> pd.DataFrame:
    """Units of a boundary set in level order; level `commune` gives the commune map (stand-alone districts at its
    end). map_order is -1 for units that are not on it."""
    return store.query(
        """
        SELECT * EXCLUDE (boundary_set, search_key) REPLACE (coalesce(map_order, -1) AS map_order) FROM unit
        WHERE boundary_set = $boundary_set
            AND ($level IS NULL OR level = $level OR ($level = 'commune' AND unit.map_order IS NOT NULL))
        ORDER BY CASE WHEN $level = 'commune' THEN unit.map_order END,
            list_position(['nation', 'province', 'district', 'commune'], level), level_order
        """,
        {"boundary_set": boundary_set, "level": level},
    )


def unit(store: Store, boundary_set: str, unit_code: str) -> pd.DataFrame:
    """One unit with the names of its district and province (None where it has none); no row where the code is
    unknown."""
    return store.query(
        f"""
        SELECT u.*, p.name AS province_name, d.name AS district_name FROM unit AS u
        {WITH_PARENTS}
        WHERE u.boundary_set = $boundary_set AND u.unit_code = $unit_code
        """,
        {"boundary_set": boundary_set, "unit_code": unit_code},
    )


def children(store: Store, boundary_set: str, unit_code: str) -> pd.DataFrame:
    """The units directly below, in Vietnamese order of names: provinces of VN, districts of a province, …"""
    return store.query(
        """
        SELECT * FROM unit WHERE boundary_set = $boundary_set AND parent_code = $unit_code
        ORDER BY short_name COLLATE vi, name COLLATE vi, unit_code
        """,
        {"boundary_set": boundary_set, "unit_code": unit_code},
    )


def search_units(store: Store, boundary_set: str, text_key: str, limit: int = 20) -> pd.DataFrame:
    """Units whose key (text.names.search_key) holds `text_key`: provinces first, then names that begin with it.

    unit_code, level, name, short_name, type, province_code, province_name, district_name. An empty key finds nothing.
    """
    return store.query(
        f"""
        SELECT u.unit_code, u.level, u.name, u.short_name, u.type, u.province_code,
               p.name AS province_name, d.name AS district_name
        FROM unit AS u
        {WITH_PARENTS}
        WHERE u.boundary_set = $boundary_set AND $text_key <> ''
            AND (contains(u.search_key, $text_key) OR u.unit_code = $text_key)
        ORDER BY
            list_position(['nation', 'province', 'district', 'commune'], u.level),
            NOT (u.search_key = $text_key OR ends_with(u.search_key, ' ' || $text_key)),
            NOT (starts_with(u.search_key, $text_key) OR contains(u.search_key, ' ' || $text_key)),
            u.short_name COLLATE vi, u.unit_code
        LIMIT $limit
        """,
        {"boundary_set": boundary_set, "text_key": text_key, "limit": limit},
    )


def search_in_places(store: Store, boundary_set: str, words: Sequence[str], limit: int = 300) -> pd.DataFrame:
    """Units whose own key holds the first of the words and whose names with those above hold all, each as the beginning of
    a word ("quang cu sam son"): the columns of `search_units` and search_key, larger units first."""
    return store.query(
        f"""
        SELECT u.unit_code, u.level, u.name, u.short_name, u.type, u.province_code, p.name AS province_name,
               d.name AS district_name, u.search_key
        FROM unit AS u
        {WITH_PARENTS}
        WHERE u.boundary_set = $boundary_set AND u.level <> 'nation' AND contains(' ' || u.search_key, ' ' || $words[1])
            AND len(list_filter($words::VARCHAR[], lambda word: NOT contains(
                ' ' || concat_ws(' ', u.search_key, d.search_key, p.search_key), ' ' || word))) = 0
        ORDER BY list_position(['province', 'district', 'commune'], u.level), u.short_name COLLATE vi, u.unit_code
        LIMIT $limit
        """,
        {"boundary_set": boundary_set, "words": list(words), "limit": limit},
    )


def search_elsewhere(store: Store, boundary_set: str, text_key: str, limit: int = 60) -> pd.DataFrame:
    """Units of all sets but `boundary_set` whose key holds `text_key`: provinces first, then whole names, then the later
    set. former_set, former_code, former_level, former_name, former_province (None for a province)."""
    return store.query(
        f"""
        WITH u AS (
            SELECT * FROM unit WHERE boundary_set <> $boundary_set AND level <> 'nation' AND $text_key <> ''
                AND (contains(search_key, $text_key) OR unit_code = $text_key)
            ORDER BY list_position(['province', 'district', 'commune'], level),
                NOT (search_key = $text_key OR ends_with(search_key, ' ' || $text_key)), boundary_set DESC, unit_code
            LIMIT $limit
        )
        SELECT u.boundary_set AS former_set, u.unit_code AS former_code, u.level AS former_level, u.name AS former_name,
               p.name AS former_province
        FROM u {WITH_PROVINCE}
        ORDER BY list_position(['province', 'district', 'commune'], u.level),
            NOT (u.search_key = $text_key OR ends_with(u.search_key, ' ' || $text_key)), u.boundary_set DESC, u.unit_code
        """,
        {"boundary_set": boundary_set, "text_key": text_key, "limit": limit},
    )


def units_by_code(store: Store, boundary_set: str, codes: Sequence[str]) -> pd.DataFrame:
    """Some units, in no order: unit_code, level, name, short_name, type, province_code, province_name, district_name,
    search_key."""
    return store.query(
        f"""
        SELECT u.unit_code, u.level, u.name, u.short_name, u.type, u.province_code,
               p.name AS province_name, d.name AS district_name, u.search_key
        FROM unit AS u
        {WITH_PARENTS}
        WHERE u.boundary_set = $boundary_set AND u.{AMONG_CODES}
        """,
        {"boundary_set": boundary_set, "codes": list(codes)},
    )
