"""What an audience finds in each table: views of the same names as the tables, laid before them (`data.audience_store`).

The rule is `data.visibility`; here it stands as SQL, a table at a time. `own_unit`, `own_code` and `own_source` are small tables
of the units and files of the audience's province. Codes and periods that stand in the text are checked by their shape.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from data.visibility import Kind, kind_of

OWN_UNIT = "(boundary_set, unit_code) IN (FROM own_unit)"
OWN_CODE = "unit_code IN (FROM own_code)"
OWN_SOURCE = "source_id IN (FROM own_source)"
# A file of another office keeps its place among the files (so that "three files" stays three) and loses its name.
MASKED_SOURCE = """
    SELECT s.* REPLACE (
        CASE WHEN o.source_id IS NULL THEN '' ELSE s.name END AS name,
        CASE WHEN o.source_id IS NULL THEN 'source-' || s.source_id ELSE s.sha256 END AS sha256,
        CASE WHEN o.source_id IS NOT NULL THEN s.sheet END AS sheet,
        CASE WHEN o.source_id IS NOT NULL THEN s.template END AS template,
        CASE WHEN o.source_id IS NOT NULL THEN s.province_code END AS province_code,
        CASE WHEN o.source_id IS NOT NULL THEN s.period END AS period,
        CASE WHEN o.source_id IS NOT NULL THEN s.note END AS note
    ) FROM {main}source AS s LEFT JOIN own_source AS o ON o.source_id = s.source_id
"""
# By which column a row of an office's table is that office's; all others by their unit.
OFFICE_KEYS = {
    "source_column": OWN_SOURCE,
    "record_history": OWN_SOURCE,
    "rejection": f"{OWN_CODE} OR (unit_code IS NULL AND {OWN_SOURCE})",
    "load_audit": "sha256 IN (SELECT sha256 FROM {main}source WHERE source_id IN (FROM own_source))",
    "figure_history": OWN_CODE,
}
_PERIOD = re.compile(r"\d{4}-\d{2}", re.ASCII)


def closed_for_all(schema: str) -> str:
    """The condition on `evaluation_round AS r` that a round counts for everybody: closed on real figures of months that are all
    released, and not opened again."""
    return f"""
        units_simulated = 0 AND reopened_at IS NULL AND NOT EXISTS (
            SELECT 1 FROM {schema}.period AS t WHERE t.state = 'draft' AND t.period BETWEEN r.from_period AND r.to_period
        )
    """


# The tables that `data.audience_store` fills, with their columns.
OWN_TABLES = {
    "own_unit": ("boundary_set", "unit_code"),
    "own_code": ("unit_code",),
    "own_source": ("source_id",),
    "own_draft": ("period", "unit_code"),
    "others_held": ("period", "unit_code"),
}


def own_statements(main: str) -> dict[str, str]:
    """Questions that fill the other tables once `own_unit` is there. `own_draft`: the audience's own units in months that are
    drafts; `others_held`: what other offices hold back in released months."""
    own_month = f"SELECT t.period, o.unit_code FROM {main}period AS t JOIN own_unit AS o USING (boundary_set)"
    return {
        "own_code": "SELECT DISTINCT unit_code FROM own_unit",
        "own_source": f"""
            SELECT source_id FROM {main}source
            WHERE kind = 'simulation' OR province_code IN (SELECT unit_code FROM own_unit)
        """,
        "own_draft": f"{own_month} WHERE t.state = 'draft'",
        "others_held": f"""
            SELECT period, unit_code FROM {main}commune_month
            WHERE obs_status = 'held_back' AND (period, unit_code) NOT IN ({own_month})
        """,
    }


def restrict_tables(main: str, tables: Sequence[str], drafts: Sequence[str], *, any_held: bool) -> dict[str, str]:
    """Table -> what an audience that sees one province finds in it. `main` is the qualified schema of the tables with its dot;
    tables that everybody sees as they are have no entry. Where nothing is a draft and nothing held back by others
    (`any_held`), the tables of figures are theirs as they are."""
    if not all(_PERIOD.fullmatch(period) for period in drafts):
        raise ValueError("not a period")
    is_draft = f"period IN ({', '.join(repr(period) for period in drafts)})"
    released = f"NOT ({is_draft})" if drafts else "true"
    own_draft = "(period, unit_code) IN (FROM own_draft)"
    not_held = "(period, unit_code) NOT IN (FROM others_held)" if any_held else "true"

    def figures(table: str, condition: str = "true", own: str = own_draft) -> str:
        drawn = f"SELECT * FROM {main}{table} WHERE {released} AND {condition}"
        return f"{drawn} UNION ALL SELECT * FROM {main}{table} WHERE {is_draft} AND {own}" if drafts else drawn

    closed = closed_for_all(main.rstrip("."))
    special = {
        "commune_month": figures("commune_month", not_held),
        # The rows of a report that is held back never come here; what stands here was surveyed by itself.
        "group_month": figures("group_month"),
        # The sums of a draft: of the own province and its districts, never of the nation or a region.
        "unit_summary": figures("unit_summary", own=f"level IN ('province', 'district') AND {own_draft}"),
        "report_received": figures("report_received", own="(period, province_code) IN (FROM own_draft)"),
        "unit_population": f"SELECT * FROM {main}unit_population WHERE {released} OR {OWN_UNIT}",
        "source": MASKED_SOURCE.format(main=main),
        "target": f"""
            SELECT * REPLACE (
                CASE WHEN source_id IS NULL OR {OWN_CODE} THEN source ELSE decision END AS source,
                CASE WHEN source_id IS NULL OR {OWN_CODE} THEN wording END AS wording
            ) FROM {main}target
        """,
        "ntm_recognition": f"""
            SELECT * REPLACE (CASE WHEN {OWN_UNIT} THEN note END AS note) FROM {main}ntm_recognition
        """,
        "custom_group": f"""
            SELECT * REPLACE (CASE WHEN {OWN_SOURCE} THEN note END AS note) FROM {main}custom_group
            WHERE scheme <> 'own' OR {OWN_SOURCE}
        """,
        # Of another office what was decided, under the name in the list of units: what was written may name a person.
        "award": f"""
            SELECT * FROM {main}award WHERE {OWN_UNIT}
            UNION ALL
            SELECT a.* REPLACE (u.name AS recipient, false AS proposed_to_dg)
            FROM {main}award AS a JOIN {main}unit AS u USING (boundary_set, unit_code)
            WHERE a.level <> 'person' AND a.decision IS NOT NULL
                AND (a.boundary_set, a.unit_code) NOT IN (FROM own_unit)
            QUALIFY row_number() OVER (PARTITION BY u.name, a.unit_code, a.year, a.round, a.form ORDER BY a.decided_on) = 1
        """,
        "evaluation_round": f"""
            SELECT * REPLACE ('' AS closed_by, NULL AS note, '' AS snapshot_id, NULL AS reopened_by, NULL AS reopen_reason)
            FROM {main}evaluation_round AS r WHERE {closed}
        """,
        "evaluation_row": f"""
            SELECT * FROM {main}evaluation_row
            WHERE (round_id, closing) IN (SELECT (round_id, closing) FROM {main}evaluation_round AS r WHERE {closed})
        """,
    }
    if not drafts and not any_held:
        special = {table: select for table, select in special.items() if kind_of(table) is not Kind.FIGURE}
    found = {}
    for table in tables:
        if table in special:
            found[table] = special[table]
        elif kind_of(table) not in (Kind.SHARED, Kind.FIGURE):
            condition = OFFICE_KEYS.get(table, OWN_UNIT).format(main=main)
            found[table] = f"SELECT * FROM {main}{table} WHERE {condition}"
    return found
