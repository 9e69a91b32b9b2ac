"""Months of received reports into a snapshot that is being built, a month at a time."""

from dataclasses import replace
from itertools import groupby

import numpy as np
import pandas as pd
import pyarrow as pa

from data.ingest.base_copy import FACT_TABLES
from data.ingest.builder import SnapshotBuilder
from data.ingest.columns import ReportColumns
from data.ingest.received import ReceivedReport, join_columns

MONTHS_AT_ONCE = 12
_HISTORY = "period, unit_code, payer_group, population, eligible, insured, state, source_id, source_row, replaced_by"


def add_reports(builder: SnapshotBuilder, reports: list[ReceivedReport], source_ids: list[int]) -> list[str]:
    """Append the figures of the reports and take over the older ones that they do not replace; returns the months that
    changed. Of two reports about the same unit and month the later in the list counts.

    `older` must be attached to the builder.
    """
    builder.execute("CREATE TEMP TABLE replaced (period VARCHAR, unit_code VARCHAR, source_id INTEGER)")
    numbered = sorted(zip(reports, source_ids, strict=True), key=lambda pair: (pair[0].period, pair[1]))
    by_month = [list(of_month) for _, of_month in groupby(numbered, key=lambda pair: pair[0].period)]
    for start in range(0, len(by_month), MONTHS_AT_ONCE):
        with builder.at_once():
            for of_month in by_month[start : start + MONTHS_AT_ONCE]:
                parts = [number_rows(report.columns, source_id) for report, source_id in of_month]
                add_month(builder, of_month[0][0].period, parts)
    with builder.at_once():
        settle_figures(builder, numbered)
    return [of_month[0][0].period for of_month in by_month]


def settle_figures(builder: SnapshotBuilder, numbered: list[tuple[ReceivedReport, int]]) -> None:
    """What the new months leave to do: rows held back, older figures that were replaced, those that stay."""
    held = [number_rows(report.held, source_id) for report, source_id in numbered if len(report.held)]
    add_held_rows(builder, held, min((source_id for _, source_id in numbered), default=0))
    keep_replaced_figures(builder)
    for table in FACT_TABLES:
        if not builder.kept:
            kept = f"SELECT * FROM older.{table} ANTI JOIN temp.replaced USING (period, unit_code)"
            builder.execute(f"INSERT INTO {table} BY NAME {kept}")
        elif numbered:
            # What was copied from the older snapshot has an older source.
            builder.execute(
                f"""
                DELETE FROM {table} AS t USING temp.replaced AS r
                WHERE t.period = r.period AND t.unit_code = r.unit_code AND t.source_id < ?
                AND t.period IN (SELECT DISTINCT period FROM temp.replaced)
                """,
                [min(source_id for _, source_id in numbered)],
            )
    if "figure_history" not in builder.kept and builder.older_has("figure_history"):
        builder.execute("INSERT INTO figure_history BY NAME SELECT * FROM older.figure_history")
    builder.execute("DROP TABLE temp.replaced")


def number_rows(columns: ReportColumns, source_id: int) -> ReportColumns:
    """The rows with the source of each."""
    return replace(columns, source_id=np.full(len(columns), source_id, dtype=np.int32))


def add_month(builder: SnapshotBuilder, period: str, parts: list[ReportColumns]) -> None:
    """All rows of a month; a unit that stands in several parts counts where it stands last."""
    codes = np.concatenate([part.unit_code for part in parts])
    last = ~pd.Index(codes).duplicated(keep="last")
    begins = np.cumsum([0, *map(len, parts)])
    in_force = [part.take(last[begin : begin + len(part)]) for part, begin in zip(parts, begins, strict=False)]
    in_force = [part for part in in_force if len(part)]
    for _, alike in groupby(sorted(in_force, key=lambda part: part.payer_groups), key=lambda part: part.payer_groups):
        builder.add_report(join_sources(list(alike)))
    sources = {}
    for part in in_force:
        sources |= dict(zip(part.unit_code.tolist(), part.source_id.tolist(), strict=True))
    note_replaced(builder, period, list(sources), list(sources.values()))
    for part, begin in zip(parts, begins, strict=False):
        older = ~last[begin : begin + len(part)]
        if older.any():
            rows = part.take(older)
            add_history(builder, rows, "superseded", [sources[code] for code in rows.unit_code])


def join_sources(parts: list[ReportColumns]) -> ReportColumns:
    return replace(join_columns(parts), source_id=np.concatenate([part.source_id for part in parts]))


def note_replaced(builder: SnapshotBuilder, period: str, codes: list[str], source_ids: list[int]) -> None:
    """Remember which unit and month now has its figure from which source."""
    rows = pa.table(
        {
            "period": pa.array([period] * len(codes)),
            "unit_code": pa.array(codes),
            "source_id": pa.array(source_ids, pa.int32()),
        }
    )
    builder.insert_frame("temp.replaced", rows)


def add_history(builder: SnapshotBuilder, rows: ReportColumns, state: str, replaced_by: list[int] | None) -> None:
    """Rows that are not in force, the unit as a whole and by group."""
    frames = [
        pd.DataFrame(
            {
                "period": rows.period, "unit_code": rows.unit_code, "payer_group": "", "population": rows.population,
                "eligible": -1, "insured": rows.insured, "state": state, "source_id": rows.source_id,
                "source_row": rows.source_row, "replaced_by": replaced_by or -1,
            }
        )
    ]  # fmt: skip
    for place, group in enumerate(rows.payer_groups):
        one = frames[0].assign(
            payer_group=group, population=-1, eligible=rows.eligible[:, place], insured=rows.group_insured[:, place]
        )
        frames.append(one[(one["eligible"] >= 0) | (one["insured"] >= 0)])
    frame = pd.concat(frames, ignore_index=True)
    for column in ("population", "eligible", "insured", "replaced_by"):
        frame[column] = frame[column].astype("Int64").mask(frame[column] < 0)
    builder.insert_frame("figure_history", frame)


def add_held_rows(builder: SnapshotBuilder, held: list[ReportColumns], first_source: int) -> None:
    """Rows that wait for a person: kept in the history, and shown as held back where the unit and month has no received
    figure, so that a simulated one does not stand in its place. `first_source` is the first source of this load."""
    if not held:
        return
    for rows in held:
        add_history(builder, rows, "held_back", None)
    builder.execute(
        f"""
        CREATE TEMP TABLE held AS
        SELECT period, unit_code, max_by(source_id, source_id) AS source_id, max_by(source_row, source_id) AS source_row
        FROM figure_history AS h WHERE state = 'held_back' AND payer_group = '' AND source_id >= {first_source}
        AND NOT EXISTS (SELECT 1 FROM temp.replaced AS r WHERE r.period = h.period AND r.unit_code = h.unit_code)
        AND NOT EXISTS (
            SELECT 1 FROM older.commune_month AS o
            WHERE o.period = h.period AND o.unit_code = h.unit_code AND NOT o.is_simulated AND o.insured IS NOT NULL
        )
        GROUP BY period, unit_code
        """
    )
    builder.execute(
        """
        INSERT INTO commune_month (period, unit_code, obs_status, is_simulated, source_id, source_row)
        SELECT period, unit_code, 'held_back', false, source_id, source_row FROM temp.held
        """
    )
    builder.execute("INSERT INTO temp.replaced SELECT period, unit_code, source_id FROM temp.held")
    builder.execute("DROP TABLE temp.held")


def keep_replaced_figures(builder: SnapshotBuilder) -> None:
    """Received figures of the older snapshot that are replaced now stay readable; simulated ones need not."""
    for table, columns in (
        ("commune_month", "'' AS payer_group, o.population, NULL AS eligible, o.insured, o.source_row"),
        ("group_month", "o.payer_group, NULL AS population, o.eligible, o.insured, NULL AS source_row"),
    ):
        builder.execute(
            f"""
            INSERT INTO figure_history ({_HISTORY})
            SELECT {_HISTORY} FROM (
                SELECT o.period, o.unit_code, {columns}, 'superseded' AS state, o.source_id, r.source_id AS replaced_by
                FROM older.{table} AS o JOIN temp.replaced AS r USING (period, unit_code)
                WHERE NOT o.is_simulated AND o.insured IS NOT NULL
            )
            """
        )
