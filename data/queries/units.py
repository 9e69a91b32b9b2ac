"""Administrative units: lists, one unit, what lies below it, search."""

import pandas as pd

from data.queries.common import WITH_PARENTS
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


def search_former_names(store: Store, boundary_set: str, text_key: str, limit: int = 20) -> pd.DataFrame:
    """Units of `boundary_set` that continue, or were before, a unit of another set whose key holds `text_key`.

    unit_code, level, name, short_name, type, province_code, province_name, district_name of the unit of `boundary_set`;
    former_name, former_province (names in the other set), former_set. A commune leads to the communes that hold most of
    it (two at most), a district or province to the province that does. Units whose own name holds the text are left out:
    `search_units` finds them.
    """
    return store.query(
        f"""
        WITH RECURSIVE found AS (
            SELECT u.boundary_set AS former_set, u.unit_code AS former_code, u.level AS former_level,
                   u.name AS former_name, p.name AS former_province
            FROM unit AS u
            {WITH_PARENTS}
            WHERE u.boundary_set <> $boundary_set AND u.level <> 'nation' AND $text_key <> ''
                AND (contains(u.search_key, $text_key) OR u.unit_code = $text_key)
            ORDER BY list_position(['province', 'district', 'commune'], u.level),
                NOT (u.search_key = $text_key OR ends_with(u.search_key, ' ' || $text_key)), u.boundary_set DESC, u.unit_code
            LIMIT 60
        ), steps AS (
            SELECT from_set AS a, from_code AS a_code, to_set AS b, to_code AS b_code, weight::DOUBLE AS weight
            FROM crosswalk
            UNION ALL SELECT to_set, to_code, from_set, from_code, weight::DOUBLE FROM crosswalk
        ), walk AS (
            SELECT f.*, f.former_set AS at_set, c.unit_code AS code, 1.0::DOUBLE AS weight
            FROM found AS f
            JOIN unit AS c ON c.boundary_set = f.former_set AND c.map_order IS NOT NULL
                AND (c.unit_code = f.former_code OR (f.former_level <> 'commune'
                    AND (c.province_code = f.former_code OR c.district_code = f.former_code)))
            UNION ALL
            SELECT w.* EXCLUDE (at_set, code, weight), s.b, s.b_code, w.weight * s.weight
            FROM walk AS w JOIN steps AS s ON s.a = w.at_set AND s.a_code = w.code
            WHERE (w.at_set < $boundary_set AND s.b > w.at_set AND s.b <= $boundary_set)
                OR (w.at_set > $boundary_set AND s.b < w.at_set AND s.b >= $boundary_set)
        ), reached AS (
            SELECT w.former_set, w.former_code, w.former_level, w.former_name, w.former_province,
                   CASE WHEN w.former_level = 'commune' THEN w.code ELSE t.province_code END AS unit_code,
                   sum(w.weight) AS part
            FROM walk AS w JOIN unit AS t ON t.boundary_set = $boundary_set AND t.unit_code = w.code
            WHERE w.at_set = $boundary_set GROUP BY ALL
        ), ranked AS (
            SELECT *, row_number() OVER (PARTITION BY former_set, former_code ORDER BY part DESC, unit_code) AS place
            FROM reached
        )
        SELECT u.unit_code, u.level, u.name, u.short_name, u.type, u.province_code, p.name AS province_name,
               d.name AS district_name, r.former_name, r.former_province, r.former_set
        FROM ranked AS r
        JOIN unit AS u ON u.boundary_set = $boundary_set AND u.unit_code = r.unit_code
        {WITH_PARENTS}
        WHERE r.place <= (CASE WHEN r.former_level = 'commune' THEN 2 ELSE 1 END)
            AND NOT contains(u.search_key, $text_key)
        QUALIFY row_number() OVER (PARTITION BY u.unit_code, r.former_name ORDER BY r.former_set DESC) = 1
        ORDER BY list_position(['province', 'district', 'commune'], r.former_level), r.former_set DESC, r.former_code,
            r.place
        LIMIT $limit
        """,
        {"boundary_set": boundary_set, "text_key": text_key, "limit": limit},
    )
