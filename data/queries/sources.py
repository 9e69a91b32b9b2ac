"""Where figures come from: reports, files, cells, rejections, value files."""

import pandas as pd

from data.store import Store

# Tables whose rows name a row of a received file, beside commune_month.
TABLES_OF_RECORDS = (
    "group_survey", "unit_population", "target", "ntm_recognition", "custom_group", "plan_item", "plan_month", "activity",
    "initiative", "award", "responsibility",
)  # fmt: skip


def reports_received(store: Store, period: str) -> pd.DataFrame:
    """Per province: province_code, name, units_expected, units_reported, units_simulated, has_reported. "58/63 tỉnh
    đã nộp"."""
    return store.query(
        """
        SELECT r.province_code, u.name, r.units_expected, r.units_reported, r.units_simulated,
               r.units_reported > 0 AS has_reported
        FROM report_received AS r
        JOIN period AS t USING (period)
        JOIN unit AS u ON u.boundary_set = t.boundary_set AND u.unit_code = r.province_code
        WHERE r.period = $period ORDER BY u.level_order
        """,
        {"period": period},
    )


# What stands behind the figures of a commune, `commune_month AS f`.
SOURCE_COLUMNS = """
    coalesce(c.data_element, 'insured') AS data_element, coalesce(c.payer_group, '') AS payer_group, s.kind,
    s.name AS file_name, s.sha256, s.sheet, c.column_letter || f.source_row AS cell,
    s.name || '!' || s.sheet || '!' || c.column_letter || f.source_row AS address, f.is_simulated, f.obs_status
"""
SOURCE_TABLES = """
    FROM commune_month AS f JOIN source AS s USING (source_id) LEFT JOIN source_column AS c USING (source_id)
"""
SOURCE_ORDER = "list_position(['population', 'insured'], c.data_element) NULLS LAST, c.data_element, c.payer_group"


def source_of(store: Store, unit_code: str, period: str) -> pd.DataFrame:
    """Where the figures of a unit and month came from: one row per data element (population, insured, insured by group
    …).

    data_element, payer_group (empty for totals), kind (received_file or simulation), file_name, sha256, sheet, cell
    (`B8`), address (`report.xlsx!Xa!B8`; None for the simulation), is_simulated, obs_status.
    """
    return store.query(
        f"""
        SELECT {SOURCE_COLUMNS} {SOURCE_TABLES}
        WHERE f.period = $period AND f.unit_code = $unit_code ORDER BY {SOURCE_ORDER}
        """,
        {"unit_code": unit_code, "period": period},
    )


def insured_sources(store: Store, period: str) -> pd.DataFrame:
    """Where the insured people of every commune and stand-alone district of a month came from, with the columns of `source_of`
    that say it: unit_code, file_name, sheet, cell, is_simulated, obs_status. All of them cost what two cost alone."""
    return store.query(
        f"""
        SELECT f.unit_code, s.name AS file_name, s.sheet, c.column_letter || f.source_row AS cell, f.is_simulated, f.obs_status
        {SOURCE_TABLES}
        WHERE f.period = $period AND coalesce(c.data_element, 'insured') = 'insured' AND coalesce(c.payer_group, '') = ''
        ORDER BY f.unit_code
        """,
        {"period": period},
    )


def survey_cells_of(store: Store, unit_code: str, period: str) -> pd.DataFrame:
    """The cells of the survey by payer group that stand behind a unit's eligible people, with the columns of
    `source_of`; empty where its groups were not surveyed."""
    if store.query("SELECT 1 FROM duckdb_tables() WHERE table_name = 'group_survey'").empty:
        return source_of(store, "", period)  # a snapshot of an older schema
    return store.query(
        """
        SELECT c.data_element, c.payer_group, s.kind, s.name AS file_name, s.sha256, s.sheet,
               c.column_letter || g.source_row AS cell,
               s.name || '!' || s.sheet || '!' || c.column_letter || g.source_row AS address,
               false AS is_simulated, 'reported' AS obs_status
        FROM group_survey AS g
        JOIN source AS s USING (source_id)
        JOIN source_column AS c ON c.source_id = g.source_id AND c.payer_group = g.payer_group
        WHERE g.period = $period AND g.unit_code = $unit_code
        AND CASE c.data_element WHEN 'eligible' THEN g.eligible WHEN 'insured' THEN g.insured ELSE g.uninsured END
            IS NOT NULL
        ORDER BY c.payer_group, c.data_element
        """,
        {"unit_code": unit_code, "period": period},
    )


def sources_of_place(store: Store, unit_code: str, period: str) -> pd.DataFrame:
    """What the sum of a place (nation, province, district) in a month is made of, received files first: kind, file_name,
    sha256, sheet, units (that reported, districts that stand alone included) and insured (their people)."""
    return store.query(
        """
        SELECT s.kind, s.name AS file_name, s.sha256, s.sheet, count(*) AS units, sum(f.insured)::BIGINT AS insured
        FROM commune_month AS f
        JOIN period AS t USING (period)
        JOIN unit AS u ON u.boundary_set = t.boundary_set AND u.unit_code = f.unit_code
        JOIN source AS s USING (source_id)
        WHERE f.period = $period AND f.obs_status = 'reported'
        AND ($unit_code = 'VN' OR $unit_code IN (u.province_code, u.district_code, u.unit_code))
        GROUP BY s.source_id, s.kind, s.name, s.sha256, s.sheet
        ORDER BY s.kind = 'simulation', s.name, s.sheet
        """,
        {"unit_code": unit_code, "period": period},
    )


def cells_of_insured(store: Store, period: str) -> pd.DataFrame:
    """The cell that each unit's insured people of a month came from: unit_code, address (`report.xlsx!Xa!B8`); units
    with simulated figures are left out."""
    return store.query(
        """
        SELECT f.unit_code, s.name || '!' || s.sheet || '!' || c.column_letter || f.source_row AS address
        FROM commune_month AS f
        JOIN source AS s USING (source_id)
        JOIN source_column AS c ON c.source_id = f.source_id AND c.data_element = 'insured'
        WHERE f.period = $period ORDER BY f.unit_code
        """,
        {"period": period},
    )


def files_received(store: Store) -> pd.DataFrame:
    """The received files, newest first: name, sha256, sheet, template, province_code, period, and how many rows of each the
    store still rests on, figures and records of every kind (0 where a later file replaced it)."""
    records = "\n".join(
        f"UNION SELECT source_id, source_row FROM {table} WHERE source_id IS NOT NULL" for table in TABLES_OF_RECORDS
    )
    return store.query(
        f"""
        WITH used AS (
            SELECT source_id, source_row FROM commune_month JOIN source USING (source_id) WHERE kind = 'received_file'
            {records}
        )
        SELECT s.name, s.sha256, s.sheet, s.template, s.province_code, s.period,
               (SELECT count(*) FROM used WHERE used.source_id = s.source_id) AS rows
        FROM source AS s WHERE s.kind = 'received_file' ORDER BY s.source_id DESC
        """
    )


def rejections(store: Store, period: str | None = None) -> pd.DataFrame:
    """What was refused or marked in received files: file_name, sheet, cell, severity, rule_id, unit_code, period,
    value, message."""
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
