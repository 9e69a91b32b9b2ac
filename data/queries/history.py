"""Every figure that was ever received for a unit and month: the one in force and those that it replaced."""

import pandas as pd

from data.store import Store


def figure_versions(store: Store, unit_code: str, period: str) -> pd.DataFrame:
    """The figures of a unit and month, the one in force first, then newest first.

    state (in_force, superseded, held_back), population, insured (NaN unknown), obs_status, is_simulated, file_name,
    sha256, address (`report.xlsx!Xa!E8`; None for the simulation), loaded_at, loaded_by, replaced_by (file name).
    A snapshot of an older schema has no history: then only the figure in force.
    """
    has_history = len(store.query("SELECT 1 FROM duckdb_tables() WHERE table_name = 'figure_history'")) > 0
    older = (
        """
        UNION ALL
        SELECT state, population, insured, NULL, false, source_id, source_row, replaced_by FROM figure_history
        WHERE unit_code = $unit_code AND period = $period AND payer_group = ''
        """
        if has_history
        else ""
    )
    audit = "load_audit" if has_history else "(SELECT NULL::VARCHAR sha256, NULL loaded_at, NULL loaded_by LIMIT 0)"
    return store.query(
        f"""
        WITH versions AS (
            SELECT 'in_force' AS state, population, insured, obs_status, is_simulated, source_id, source_row,
                   NULL AS replaced_by
            FROM commune_month WHERE unit_code = $unit_code AND period = $period
            {older}
        )
        SELECT v.state, v.population::BIGINT AS population, v.insured::BIGINT AS insured, v.obs_status, v.is_simulated,
               s.name AS file_name, s.sha256,
               s.name || '!' || s.sheet || '!' || c.column_letter || v.source_row AS address,
               a.loaded_at, a.loaded_by, n.name AS replaced_by
        FROM versions AS v
        JOIN source AS s ON s.source_id = v.source_id
        LEFT JOIN source_column AS c ON c.source_id = v.source_id AND c.data_element = 'insured' AND c.payer_group = ''
        LEFT JOIN (
            SELECT sha256, min(loaded_at) AS loaded_at, min(loaded_by) AS loaded_by FROM {audit} AS x GROUP BY sha256
        ) AS a ON a.sha256 = s.sha256
        LEFT JOIN source AS n ON n.source_id = v.replaced_by
        ORDER BY v.state <> 'in_force', v.source_id DESC
        """,
        {"unit_code": unit_code, "period": period},
    )
