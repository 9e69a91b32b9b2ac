"""Every question that the screens ask of the store: one function per question, a DataFrame out, parameters bound.

Conventions: `period` is text like `2020-12`; codes are text; counts are int64 with -1 for unknown (never 0, never NaN);
shares and rates are not computed here (SQL sums, indicators divides). An unknown unit or period gives an empty frame.
`scope` is a province code (2 digits), a district code (3 digits), or None or `VN` for the nation.
"""

import pandas as pd

from data.store import Store

NATION = "VN"
SUMMARY_COUNTS = (
    "population insured uninsured population_all units units_reported units_simulated counted met not_met unknown "
    "population_counted population_met still_to_enrol districts_met districts_not_met districts_unknown districts_not_applicable"
).split()
_COUNTS = ", ".join(f"coalesce(s.{column}, -1)::BIGINT AS {column}" for column in SUMMARY_COUNTS)
# Percentages of rules leave as text without needless zeros, so that they stay exact: 85, 95.15.
_EXACT = "rtrim(rtrim(value::VARCHAR, '0'), '.') AS value"
_IN_SCOPE = "($scope IS NULL OR $scope = 'VN' OR u.province_code = $scope OR u.district_code = $scope OR u.unit_code = $scope)"


# What there is ---------------------------------------------------------------------------------------------------------


def snapshot_info(store: Store) -> dict[str, object]:
    """id, made_at, fallback_from (None or the damaged snapshot's id), first_period, last_period (None where there are no
    figures), rows, simulated_rows, real_rows."""
    row = store.query(
        """
        SELECT min(period) AS first_period, max(period) AS last_period, count(*) AS row_count,
               count(*) FILTER (is_simulated) AS simulated_rows
        FROM commune_month
        """
    ).iloc[0]
    total, simulated = int(row["row_count"]), int(row["simulated_rows"])
    return {
        "id": store.pointer.id,
        "made_at": store.pointer.made_at,
        "fallback_from": store.fallback_from,
        "first_period": row["first_period"] if total else None,
        "last_period": row["last_period"] if total else None,
        "rows": total,
        "simulated_rows": simulated,
        "real_rows": total - simulated,
    }


def programmes(store: Store) -> pd.DataFrame:
    """Programmes in order of time: rows of `indicators.rules.programmes_from_rows`."""
    return store.query("SELECT * FROM programme ORDER BY from_period")


def thresholds(store: Store) -> pd.DataFrame:
    """Every threshold with its rule_id and legal source."""
    return store.query(f"SELECT * REPLACE ({_EXACT}) FROM rule ORDER BY programme, level, kind, scope, effective_from")


def goals(store: Store) -> pd.DataFrame:
    """Every goal of every programme."""
    return store.query(f"SELECT * REPLACE ({_EXACT}) FROM goal ORDER BY programme, measure, main DESC, deadline, goal.value")


def periods(store: Store, programme: str | None = None) -> pd.DataFrame:
    """period, boundary_set, programme, state; the months that hold figures, oldest first."""
    return store.query(
        "SELECT * FROM period WHERE $programme IS NULL OR programme = $programme ORDER BY period", {"programme": programme}
    )


def boundary_sets(store: Store) -> pd.DataFrame:
    """boundary_set, commune_count, district_count, province_count; oldest first."""
    return store.query("SELECT * FROM boundary_set ORDER BY position")


def regions(store: Store, scheme: str | None = None) -> pd.DataFrame:
    """region_code, scheme (region6, region7, region6_2025), name, name_en."""
    return store.query("SELECT * FROM region WHERE $scheme IS NULL OR scheme = $scheme ORDER BY scheme", {"scheme": scheme})


def payer_groups(store: Store, period: str) -> pd.DataFrame:
    """The groups of the list in force in a month, in the law's order: payer_group, word, legal_basis."""
    return store.query(
        """
        SELECT list, payer_group, position, word, legal_basis, source FROM payer_group
        WHERE from_period <= $period AND (to_period IS NULL OR to_period >= $period) ORDER BY position
        """,
        {"period": period},
    )


# Units -----------------------------------------------------------------------------------------------------------------


def units(store: Store, boundary_set: str, level: str | None = None) -> pd.DataFrame:
    """Units of a boundary set in level order; level `commune` gives the commune map (stand-alone districts at its
    end). map_order is -1 for units that are not on it."""
    return store.query(
        """
        SELECT * EXCLUDE (boundary_set, search_key) REPLACE (coalesce(map_order, -1) AS map_order) FROM unit
        WHERE boundary_set = $boundary_set AND ($level IS NULL OR level = $level OR ($level = 'commune' AND map_order IS NOT NULL))
        ORDER BY CASE WHEN $level = 'commune' THEN unit.map_order END, list_position(['nation', 'province', 'district', 'commune'], level), level_order
        """,
        {"boundary_set": boundary_set, "level": level},
    )


def unit(store: Store, boundary_set: str, unit_code: str) -> pd.DataFrame:
    """One unit with the names of its district and province (None where it has none); no row where the code is unknown."""
    return store.query(
        """
        SELECT u.*, p.name AS province_name, d.name AS district_name FROM unit AS u
        LEFT JOIN unit AS p ON p.boundary_set = u.boundary_set AND p.unit_code = u.province_code AND u.level <> 'province'
        LEFT JOIN unit AS d ON d.boundary_set = u.boundary_set AND d.unit_code = u.district_code AND u.level <> 'district'
        WHERE u.boundary_set = $boundary_set AND u.unit_code = $unit_code
        """,
        {"boundary_set": boundary_set, "unit_code": unit_code},
    )


def children(store: Store, boundary_set: str, unit_code: str) -> pd.DataFrame:
    """The units directly below, in Vietnamese order of names: provinces of VN, districts or communes of a province, …"""
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
        """
        SELECT u.unit_code, u.level, u.name, u.short_name, u.type, u.province_code, p.name AS province_name, d.name AS district_name
        FROM unit AS u
        LEFT JOIN unit AS p ON p.boundary_set = u.boundary_set AND p.unit_code = u.province_code AND u.level <> 'province'
        LEFT JOIN unit AS d ON d.boundary_set = u.boundary_set AND d.unit_code = u.district_code AND u.level <> 'district'
        WHERE u.boundary_set = $boundary_set AND $text_key <> '' AND (contains(u.search_key, $text_key) OR u.unit_code = $text_key)
        ORDER BY
            list_position(['nation', 'province', 'district', 'commune'], u.level),
            NOT (u.search_key = $text_key OR ends_with(u.search_key, ' ' || $text_key)),
            NOT (starts_with(u.search_key, $text_key) OR contains(u.search_key, ' ' || $text_key)),
            u.short_name COLLATE vi, u.unit_code
        LIMIT $limit
        """,
        {"boundary_set": boundary_set, "text_key": text_key, "limit": limit},
    )


# Figures ---------------------------------------------------------------------------------------------------------------


def summary_at(store: Store, period: str, level: str, scope: str | None = None) -> pd.DataFrame:
    """`unit_summary` of every unit of a level (nation, region, province, district) in a month, inside `scope`, in level order.

    Columns: unit_code, name, rule_id, boundary_set and SUMMARY_COUNTS.
    """
    return store.query(
        f"""
        SELECT s.unit_code, coalesce(u.name, r.name) AS name, u.short_name, u.province_code, u.region6, u.region7, r.scheme,
               s.rule_id, t.boundary_set, {_COUNTS}
        FROM unit_summary AS s
        JOIN period AS t USING (period)
        LEFT JOIN unit AS u ON u.boundary_set = t.boundary_set AND u.unit_code = s.unit_code
        LEFT JOIN region AS r ON s.level = 'region' AND r.region_code = s.unit_code
        WHERE s.period = $period AND s.level = $level AND ($level = 'region' OR {_IN_SCOPE})
        ORDER BY u.level_order, r.scheme, s.unit_code
        """,
        {"period": period, "level": level, "scope": scope},
    )


def summary_series(store: Store, unit_code: str, from_period: str, to_period: str) -> pd.DataFrame:
    """`unit_summary` of one unit over the months, oldest first, with boundary_set and programme.

    A province's code can outlive a reform that changes its land: compare `boundary_set` before joining two points.
    """
    return store.query(
        f"""
        SELECT s.period, t.boundary_set, t.programme, s.rule_id, {_COUNTS}
        FROM unit_summary AS s JOIN period AS t USING (period)
        WHERE s.unit_code = $unit_code AND s.period BETWEEN $from_period AND $to_period ORDER BY s.period
        """,
        {"unit_code": unit_code, "from_period": from_period, "to_period": to_period},
    )


def commune_values(store: Store, period: str, scope: str | None = None) -> pd.DataFrame:
    """The commune map of a month in map order, inside `scope`: one row per unit, also where nothing came.

    unit_code, name, short_name, type, province_code, district_code, stands_alone, map_order, population, insured (-1 unknown),
    obs_status, is_simulated.
    """
    return store.query(
        f"""
        SELECT u.unit_code, u.name, u.short_name, u.type, u.province_code, u.district_code, u.stands_alone, u.map_order,
               coalesce(f.population, -1)::BIGINT AS population, coalesce(f.insured, -1)::BIGINT AS insured,
               coalesce(f.obs_status, 'missing') AS obs_status, coalesce(f.is_simulated, false) AS is_simulated
        FROM period AS t
        JOIN unit AS u ON u.boundary_set = t.boundary_set AND u.map_order IS NOT NULL
        LEFT JOIN (SELECT * FROM commune_month WHERE period = $period) AS f ON f.unit_code = u.unit_code
        WHERE t.period = $period AND {_IN_SCOPE}
        ORDER BY u.map_order
        """,
        {"period": period, "scope": scope},
    )


def level_values(store: Store, period: str, level: str, scope: str | None = None) -> pd.DataFrame:
    """The same for level `province` or `district`, in the order of the level's files: sums over the communes that reported.

    unit_code, name, short_name, type, province_code, level_order, population, insured, population_all, units, units_reported,
    units_simulated, counted, met, not_met, unknown, still_to_enrol.
    """
    return store.query(
        f"""
        SELECT u.unit_code, u.name, u.short_name, u.type, u.province_code, u.level_order, {_COUNTS}
        FROM period AS t
        JOIN unit AS u ON u.boundary_set = t.boundary_set AND u.level = $level
        LEFT JOIN unit_summary AS s ON s.period = t.period AND s.level = $level AND s.unit_code = u.unit_code
        WHERE t.period = $period AND {_IN_SCOPE}
        ORDER BY u.level_order
        """,
        {"period": period, "level": level, "scope": scope},
    )


def commune_series(store: Store, unit_code: str, from_period: str, to_period: str) -> pd.DataFrame:
    """Monthly figures of one commune or stand-alone district: period, boundary_set, population, insured, obs_status, is_simulated."""
    return store.query(
        """
        SELECT f.period, t.boundary_set, coalesce(f.population, -1)::BIGINT AS population,
               coalesce(f.insured, -1)::BIGINT AS insured, f.obs_status, f.is_simulated
        FROM commune_month AS f JOIN period AS t USING (period)
        WHERE f.unit_code = $unit_code AND f.period BETWEEN $from_period AND $to_period ORDER BY f.period
        """,
        {"unit_code": unit_code, "from_period": from_period, "to_period": to_period},
    )


def group_gaps(store: Store, period: str, scope: str | None = None) -> pd.DataFrame:
    """Eligible, insured and uninsured by payer group over the communes of `scope` that surveyed their groups, in the law's order.

    payer_group, word, eligible, insured, uninsured (never below 0 per commune), units_surveyed, units (all in scope). A group
    that no commune surveyed has eligible -1.
    """
    return store.query(
        f"""
        WITH scoped AS (
            SELECT u.unit_code FROM period AS t JOIN unit AS u ON u.boundary_set = t.boundary_set AND u.map_order IS NOT NULL
            WHERE t.period = $period AND {_IN_SCOPE}
        ), sums AS (
            SELECT g.payer_group, sum(g.eligible) AS eligible, sum(g.insured) AS insured,
                   sum(greatest(g.eligible - g.insured, 0)) AS uninsured, count(*) AS units_surveyed
            FROM group_month AS g JOIN scoped USING (unit_code)
            WHERE g.period = $period AND g.eligible IS NOT NULL AND g.insured IS NOT NULL
            GROUP BY g.payer_group
        )
        SELECT l.payer_group, l.word, coalesce(sums.eligible, -1)::BIGINT AS eligible, coalesce(sums.insured, -1)::BIGINT AS insured,
               coalesce(sums.uninsured, -1)::BIGINT AS uninsured, coalesce(sums.units_surveyed, 0)::BIGINT AS units_surveyed,
               (SELECT count(*) FROM scoped) AS units
        FROM payer_group AS l LEFT JOIN sums USING (payer_group)
        WHERE l.from_period <= $period AND (l.to_period IS NULL OR l.to_period >= $period)
        ORDER BY l.position
        """,
        {"period": period, "scope": scope},
    )


def changes_since(store: Store, period: str, earlier: str, scope: str | None = None) -> pd.DataFrame:
    """Communes of `scope` at two months of one boundary set, in map order.

    unit_code, name, type, province_code, population, insured, population_before, insured_before (-1 unknown). Empty where the two
    months lie in different boundary sets: convert the earlier one first (data.conversion).
    """
    return store.query(
        f"""
        SELECT u.unit_code, u.name, u.type, u.province_code, u.map_order,
               coalesce(n.population, -1)::BIGINT AS population, coalesce(n.insured, -1)::BIGINT AS insured,
               coalesce(b.population, -1)::BIGINT AS population_before, coalesce(b.insured, -1)::BIGINT AS insured_before
        FROM period AS t
        JOIN period AS e ON e.period = $earlier AND e.boundary_set = t.boundary_set
        JOIN unit AS u ON u.boundary_set = t.boundary_set AND u.map_order IS NOT NULL
        LEFT JOIN (SELECT * FROM commune_month WHERE period = $period) AS n ON n.unit_code = u.unit_code
        LEFT JOIN (SELECT * FROM commune_month WHERE period = $earlier) AS b ON b.unit_code = u.unit_code
        WHERE t.period = $period AND {_IN_SCOPE}
        ORDER BY u.map_order
        """,
        {"period": period, "earlier": earlier, "scope": scope},
    )


# Where figures come from -----------------------------------------------------------------------------------------------


def reports_received(store: Store, period: str) -> pd.DataFrame:
    """Per province: province_code, name, units_expected, units_reported, units_simulated, has_reported. "58/63 tỉnh đã nộp"."""
    return store.query(
        """
        SELECT r.province_code, u.name, r.units_expected, r.units_reported, r.units_simulated, r.units_reported > 0 AS has_reported
        FROM report_received AS r
        JOIN period AS t USING (period)
        JOIN unit AS u ON u.boundary_set = t.boundary_set AND u.unit_code = r.province_code
        WHERE r.period = $period ORDER BY u.level_order
        """,
        {"period": period},
    )


def source_of(store: Store, unit_code: str, period: str) -> pd.DataFrame:
    """Where the figures of a unit and month came from: one row per data element (population, insured, insured by group …).

    data_element, payer_group (empty for totals), kind (received_file or simulation), file_name, sha256, sheet, cell (`B8`),
    address (`report.xlsx!Xa!B8`; None for the simulation), is_simulated.
    """
    return store.query(
        """
        SELECT coalesce(c.data_element, 'insured') AS data_element, coalesce(c.payer_group, '') AS payer_group, s.kind,
               s.name AS file_name, s.sha256, s.sheet, c.column_letter || f.source_row AS cell,
               s.name || '!' || s.sheet || '!' || c.column_letter || f.source_row AS address, f.is_simulated
        FROM commune_month AS f
        JOIN source AS s USING (source_id)
        LEFT JOIN source_column AS c USING (source_id)
        WHERE f.period = $period AND f.unit_code = $unit_code
        ORDER BY list_position(['population', 'insured'], c.data_element) NULLS LAST, c.data_element, c.payer_group
        """,
        {"unit_code": unit_code, "period": period},
    )


def rejections(store: Store, period: str | None = None) -> pd.DataFrame:
    """What was refused or marked in received files: file_name, sheet, cell, severity, rule_id, unit_code, period, value, message."""
    return store.query(
        """
        SELECT s.name AS file_name, s.sheet, r.cell, r.severity, r.rule_id, r.unit_code, r.period, r.value, r.message
        FROM rejection AS r JOIN source AS s USING (source_id)
        WHERE $period IS NULL OR r.period = $period ORDER BY s.source_id, r.severity, r.cell
        """,
        {"period": period},
    )


def value_file(store: Store, boundary_set: str, level: str, programme: str) -> pd.DataFrame:
    """file_name, first_period, last_period of the map classes over time; no row where there are no figures."""
    return store.query(
        """
        SELECT file_name, first_period, last_period FROM value_file
        WHERE boundary_set = $boundary_set AND level = $level AND programme = $programme
        """,
        {"boundary_set": boundary_set, "level": level, "programme": programme},
    )


# Published figures -----------------------------------------------------------------------------------------------------


def published_series(store: Store, unit_code: str = NATION) -> pd.DataFrame:
    """Coverage as published: period, as_of, insured (-1 unknown), coverage_pct (NaN unknown), is_estimate, wording, source …"""
    return store.query(
        """
        SELECT unit_code, period, as_of, coalesce(insured, -1)::BIGINT AS insured, coverage_pct::DOUBLE AS coverage_pct,
               is_estimate, wording, confidence, source
        FROM published_coverage WHERE unit_code = $unit_code ORDER BY period
        """,
        {"unit_code": unit_code},
    )


def published_communes(store: Store, unit_code: str | None = None) -> pd.DataFrame:
    """Single communes as newspapers published them; `unit_code` None gives all."""
    return store.query(
        """
        SELECT * REPLACE (coverage_pct::DOUBLE AS coverage_pct) FROM published_commune_coverage
        WHERE $unit_code IS NULL OR unit_code = $unit_code ORDER BY province_code, commune, as_of
        """,
        {"unit_code": unit_code},
    )


def targets(store: Store, unit_code: str = NATION, year: int | None = None) -> pd.DataFrame:
    """What a unit is to reach: year, value (text, exact), operator, decision, in_force, wording, confidence, source."""
    return store.query(
        """
        SELECT unit_code, year, rtrim(rtrim(value::VARCHAR, '0'), '.') AS value, operator, decision, in_force, wording, confidence, source
        FROM target WHERE unit_code = $unit_code AND ($year IS NULL OR year = $year) ORDER BY year, in_force DESC, target.value DESC
        """,
        {"unit_code": unit_code, "year": year},
    )


def populations(store: Store, unit_code: str = NATION) -> pd.DataFrame:
    """Average population of the year by series (vintage): series, year, population, is_estimated, source."""
    return store.query(
        "SELECT * FROM population_year WHERE unit_code = $unit_code ORDER BY series, year", {"unit_code": unit_code}
    )


def ntm_progress(store: Store) -> pd.DataFrame:
    """Communes recognised as new rural communes, nation, as published; counts -1 where unknown."""
    return store.query(
        """
        SELECT as_of, coalesce(communes_total, -1) AS communes_total, coalesce(communes_recognised, -1) AS communes_recognised,
               pct_wording, is_plan, note, confidence, source
        FROM ntm_progress ORDER BY as_of
        """
    )


def reform_events(store: Store) -> pd.DataFrame:
    """What changed units, offices or rules: happened_on, event_vi, event, confidence, source."""
    return store.query("SELECT * FROM reform_event ORDER BY happened_on")


def emulation_clusters(store: Store, year: int) -> pd.DataFrame:
    """Members of the emulation clusters known for a year: cluster, province_code, is_lead, note, source."""
    return store.query(
        "SELECT * FROM emulation_cluster WHERE $year BETWEEN from_year AND to_year ORDER BY cluster, province_code", {"year": year}
    )
