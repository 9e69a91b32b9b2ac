"""The public edition: another file, made from the snapshot in force, that holds only what everybody may know.

It has a folder and a pointer of its own (`Settings.store_directory`), and the app of that edition opens no other. Every table is
named here with the rows and columns that are carried over; a table that is not named stays empty, so that one added to the
schema is not published by itself. Sums, reports received and map files are computed anew from what is left.

Left out: months that are drafts, rows held back, what was refused, older versions of figures, file names, sheets and cells, who
loaded, reported, is in charge or was proposed, notes, plans, the log of activities, initiatives, and rehearsals of an
evaluation. Small numbers of people not insured by payer group: `indicators/suppression.py`, with the sums above them.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from data.atomic import write_atomically
from data.errors import UserError
from data.ingest.add_records import add_records, apply_records
from data.ingest.add_reports import add_reports
from data.ingest.builder import SnapshotBuilder
from data.ingest.load import copy_sources
from data.ingest.matrices import SetLayout, read_layout
from data.ingest.month_tables import count_column
from data.ingest.publish import compute_derived_tables, hold_write_lock, publish_snapshot
from data.queries.audience import closed_for_all
from data.settings import Settings
from data.store import Pointer, open_snapshot, open_undamaged, parse_pointer
from geo.units import boundary_set_of, boundary_sets, map_order
from indicators.suppression import GroupTable, Hidden, find_uncovered, hide_small_cells

RECEIVED, SIMULATED = 1, 2
_RELEASED = "(SELECT period FROM whole.period WHERE state = 'released')"
_DRAFT = "(SELECT period FROM whole.period WHERE state = 'draft')"
_SOURCE = f"CASE WHEN is_simulated THEN {SIMULATED} ELSE {RECEIVED} END AS source_id"
_RECORD = f"{RECEIVED} AS source_id, 0 AS source_row"
_CLOSED = closed_for_all("whole")
SELECTS = {
    "period": "SELECT * FROM whole.period WHERE state = 'released'",
    "source": f"""
        SELECT {RECEIVED} AS source_id, 'received_file' AS kind, '' AS name, NULL::VARCHAR AS sha256, NULL::VARCHAR AS sheet,
               NULL::VARCHAR AS template, NULL::VARCHAR AS province_code, NULL::VARCHAR AS period, false AS is_simulated,
               NULL::VARCHAR AS note
        UNION ALL BY NAME
        SELECT {SIMULATED} AS source_id, 'simulation' AS kind, '' AS name, true AS is_simulated
    """,
    "commune_month": f"""
        SELECT * REPLACE ({_SOURCE}, NULL::INTEGER AS source_row) FROM whole.commune_month
        WHERE period IN {_RELEASED} AND obs_status <> 'held_back'
    """,
    "unit_population": f"SELECT * REPLACE ({_RECORD}) FROM whole.unit_population WHERE period NOT IN {_DRAFT}",
    "target": f"SELECT * REPLACE (decision AS source, NULL AS wording, {_RECORD}) FROM whole.target WHERE source_id IS NOT NULL",
    "ntm_recognition": f"SELECT * REPLACE (NULL AS note, {_RECORD}) FROM whole.ntm_recognition",
    "custom_group": f"SELECT * REPLACE (NULL AS note, {_RECORD}) FROM whole.custom_group WHERE scheme <> 'own'",
    # A unit's award that was decided; its name is that of the list of units, since what was written may name a person.
    "award": f"""
        SELECT a.* REPLACE (u.name AS recipient, false AS proposed_to_dg, {_RECORD})
        FROM whole.award AS a JOIN whole.unit AS u USING (boundary_set, unit_code)
        WHERE a.level <> 'person' AND a.decision IS NOT NULL
        QUALIFY row_number() OVER (PARTITION BY u.name, a.unit_code, a.year, a.round, a.form ORDER BY a.decided_on) = 1
    """,
    "evaluation_round": f"""
        SELECT * REPLACE ('' AS closed_by, NULL AS note, '' AS snapshot_id, NULL AS reopened_by, NULL AS reopen_reason)
        FROM whole.evaluation_round AS r WHERE {_CLOSED}
    """,
    "evaluation_row": f"""
        SELECT * FROM whole.evaluation_row
        WHERE (round_id, closing) IN (SELECT (round_id, closing) FROM whole.evaluation_round AS r WHERE {_CLOSED})
    """,
}


def publish_public(settings: Settings, wait_seconds: float = 0, *, hold: bool = False) -> Pointer:
    """Build the public edition of the snapshot in force and make it the one that is served, or with `hold` the one that waits for
    `publish_held`. Raises UserError where a small number could still be worked out: then nothing is published."""
    internal = replace(settings, edition="internal")
    public = replace(settings, edition="public")
    store = open_undamaged(internal)
    store.close()
    with hold_write_lock(public, wait_seconds):
        if internal.simulation_marker.exists():
            public.simulation_marker.touch()
        with SnapshotBuilder(public) as builder:
            builder.insert_reference_tables()
            builder.attach_reduced(internal.snapshot_directory / store.pointer.file, SELECTS)
            totals = [reduce_groups(builder, boundary_set, settings.small_cell) for boundary_set in boundary_sets()]
            copy_sources(builder)
            add_reports(builder, [], [])
            add_records(builder, [], [])
            apply_records(builder)
            builder.detach_reduced()
            compute_derived_tables(builder, public)
            for frame in totals:
                if len(frame):
                    builder.insert_frame("group_total", frame)
            copy_outlines(internal, public)
            pointer = publish_snapshot(builder, replace(public, is_held=hold))
        if hold:
            write_held(public, pointer, store.snapshot_id)
        return pointer


def write_held(public: Settings, pointer: Pointer, made_of: str) -> None:
    """Note which internal snapshot the waiting one was made of: what was withdrawn since then must not come out with it."""
    fields = json.loads(pointer.to_json()) | {"made_of": made_of}
    write_atomically(
        replace(public, is_held=True).pointer_file, json.dumps(fields, ensure_ascii=False, indent=1) + "\n"
    )


def publish_held(settings: Settings, wait_seconds: float = 0) -> Pointer | None:
    """Put the waiting public edition in force, checked whole. None where none waits, or where the one that waits was made of an
    internal snapshot that is no longer in force, since a month may have become a draft again: it then waits no longer."""
    internal, public = replace(settings, edition="internal"), replace(settings, edition="public")
    held = replace(public, is_held=True)
    with hold_write_lock(public, wait_seconds):
        try:
            text = held.pointer_file.read_text(encoding="utf-8")
            pointer, made_of = parse_pointer(text), str(json.loads(text)["made_of"])
        except (OSError, ValueError, KeyError):
            held.pointer_file.unlink(missing_ok=True)
            return None
        store = open_undamaged(internal)
        store.close()
        if made_of != store.snapshot_id:
            held.pointer_file.unlink()
            return None
        open_snapshot(pointer, public).close()
        write_atomically(public.pointer_file, pointer.to_json())
        held.pointer_file.unlink()
    return pointer


def copy_outlines(internal: Settings, public: Settings) -> None:
    """Official outlines that were imported come along; their notes and reports of what did not match do not."""
    source = internal.outline_directory
    if not (source / "manifest.json").is_file():
        return
    target = public.outline_directory
    target.mkdir(parents=True, exist_ok=True)
    files = [path for path in source.glob("*.gz") if path.is_file()]
    for path in [*files, source / "manifest.json"]:  # the manifest last: it names the others
        part = target / f".{path.name}.partial"
        shutil.copyfile(path, part)
        part.replace(target / path.name)


def reduce_groups(builder: SnapshotBuilder, boundary_set: str, limit: int) -> pd.DataFrame:
    """Fill `older.group_month` with what may be shown of the months of a boundary set; returns the rows of `group_total`."""
    periods = builder.execute(
        f"SELECT DISTINCT period FROM whole.group_month WHERE period IN {_RELEASED} ORDER BY period"
    ).fetchall()
    own = [period for (period,) in periods if boundary_set_of(period) == boundary_set]
    if not own:
        return pd.DataFrame()
    layout, codes = read_layout(boundary_set), map_order(boundary_set, "commune")
    tree = Tree(layout)
    frames = []
    for period in own:
        rows = builder.execute(
            """
            SELECT unit_code, payer_group, coalesce(eligible, -1) AS eligible, coalesce(insured, -1) AS insured, is_simulated
            FROM whole.group_month WHERE period = ?
            """,
            [period],
        ).df()
        table, groups, place = read_table(rows, codes, tree)
        hidden = hide_small_cells(table, limit)
        if uncovered := find_uncovered(table, hidden, limit):
            raise UserError("STORE-NOT-COVERED", "snapshot.not_covered", period=period, count=len(uncovered))
        shown = (table.known & ~hidden.leaves)[place]
        eligible = np.where(shown, rows["eligible"], -1)
        insured = np.where(shown | (rows["eligible"] < 0), rows["insured"], -1)
        kept = pa.table(
            {
                "period": pa.array([period] * len(rows)),
                "unit_code": pa.array(rows["unit_code"], pa.string()),
                "payer_group": pa.array(rows["payer_group"], pa.string()),
                "eligible": count_column(eligible),
                "insured": count_column(insured),
                "is_simulated": pa.array(rows["is_simulated"]),
                "source_id": pa.array(np.where(rows["is_simulated"], SIMULATED, RECEIVED).astype(np.int32)),
            }
        )
        builder.insert_frame("older.group_month", kept)
        frames.append(total_rows(period, groups, table, hidden, tree))
    return pd.concat(frames, ignore_index=True)


class Tree:
    """The units above the communes of a boundary set: `level` and `unit_code` of each node, below before above."""

    def __init__(self, layout: SetLayout) -> None:
        districts, provinces = len(layout.districts), len(layout.provinces)
        nation = districts + provinces
        in_province = districts + layout.province
        has_district = (layout.district >= 0) & ~layout.stands_alone
        self.leaf_parent = np.where(has_district, layout.district, in_province).astype(np.int64)
        self.node_parent = np.concatenate(
            [districts + layout.district_province, np.full(provinces, nation), [-1]]
        ).astype(np.int64)
        self.level = ["district"] * districts + ["province"] * provinces + ["nation"]
        self.unit_code = [*layout.districts, *layout.provinces, "VN"]


def read_table(
    rows: pd.DataFrame, codes: pd.Index, tree: Tree
) -> tuple[GroupTable, list[str], tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """The groups of one month as a table, its columns, and where in it each row stands."""
    groups = sorted(rows["payer_group"].unique())
    place = codes.get_indexer(rows["unit_code"]), pd.Index(groups).get_indexer(rows["payer_group"])
    counts = {}
    for name in ("eligible", "insured"):
        counts[name] = np.full((len(codes), len(groups)), -1, dtype=np.int64)
        counts[name][place] = rows[name]
    return GroupTable(counts["eligible"], counts["insured"], tree.leaf_parent, tree.node_parent), groups, place


def total_rows(period: str, groups: list[str], table: GroupTable, hidden: Hidden, tree: Tree) -> pd.DataFrame:
    """The rows of `group_total` of one month: every unit above the communes in which any commune surveyed its groups."""
    known = table.known
    sums = {
        "eligible": table.add_up(np.where(known, table.eligible, 0)),
        "insured": table.add_up(np.where(known, table.insured, 0)),
        "uninsured": table.add_up(table.uninsured),
    }
    units = table.add_up(known.astype(np.int64))
    node, group = np.nonzero(units)
    frame = pd.DataFrame(
        {
            "period": period,
            "level": np.array(tree.level, dtype=object)[node],
            "unit_code": np.array(tree.unit_code, dtype=object)[node],
            "payer_group": np.array(groups, dtype=object)[group],
            "units_surveyed": units[node, group],
        }
    )
    is_hidden = hidden.nodes[node, group]
    for name, values in sums.items():
        frame[name] = pd.Series(values[node, group], dtype="Int64").mask(is_hidden)
    return frame
