"""Command: `python -m data.ducklake append FILE_OR_FOLDER … [--by NAME]` and `python -m data.ducklake load`.

For an office with many loaders: each of them reads and checks reports on its own machine and appends the rows that pass to
one DuckLake (PostgreSQL as catalogue, Parquet in a shared folder), several at once. The machine that publishes builds its
snapshot from there: the last version of every unit and month is written as the files that `data.postgres` writes, and
received by the same door as a workbook. Nothing in the lake is ever changed or removed, so every version stays.
"""

import argparse
import getpass
import sys
import tempfile
from pathlib import Path
from uuid import uuid4

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from data.errors import UserError
from data.ingest.load import load_files
from data.ingest.received import ReceivedReport
from data.ingest.report_console import write_report
from data.ingest.rule_words import describe_problem
from data.ingest.unit_names import get_unit_names
from data.postgres import (
    REFUSED_STATUS,
    Mapping,
    add_load_options,
    ask_engine,
    headings_of_groups,
    load_written,
    make_request,
)
from data.settings import Settings, get_settings
from geo.units import boundary_set_of
from text.words import Words

ELEMENTS = ("period", "province_code", "unit_code", "unit_name", "population", "insured")
NOTE = "Ghi chú"  # a column that the layout knows and does not read: where the row came from


def require_lake(settings: Settings) -> dict[str, object]:
    """Where the lake is. Raises UserError where the settings do not say it."""
    if not settings.lake_dsn or not settings.lake_path:
        raise UserError("HISTORY-NO-LAKE", "history.no_lake")
    return {"dsn": settings.lake_dsn, "data_path": settings.lake_path.rstrip("/") + "/"}


def list_rows(reports: list[ReceivedReport], by: str) -> pa.Table:
    """The rows of a load for the lake; NULL is unknown."""
    load_id, parts = uuid4().hex, []
    for report in reports:
        columns, names = report.columns, get_unit_names(boundary_set_of(report.period))
        codes = [str(code) for code in columns.unit_code]
        rows = len(codes)

        def people(values: np.ndarray) -> pa.Array:
            return pa.array(values.astype(np.int32), mask=values < 0)

        unknown = np.full(rows, -1, dtype=np.int64)
        by_group = {
            group: columns.group_insured[:, columns.payer_groups.index(group)]
            if group in columns.payer_groups
            else unknown
            for group in headings_of_groups()
        }
        parts.append(
            pa.table(
                {
                    "load_id": [load_id] * rows,
                    "loaded_by": [by] * rows,
                    "sha256": [report.sha256] * rows,
                    "origin": [f"{report.address_of(str(row))} {report.sha256[:16]}" for row in columns.source_row],
                    "period": [report.period] * rows,
                    "province_code": [names.units[code].province_code for code in codes],
                    "unit_code": codes,
                    "unit_name": [names.units[code].name for code in codes],
                    "population": people(columns.population),
                    "insured": people(columns.insured),
                    **{group: people(values) for group, values in by_group.items()},
                }
            )
        )
    return pa.concat_tables(parts)


def run_append(chosen: argparse.Namespace, settings: Settings, words: Words) -> int:
    """Check reports and append what passes; the exit status is that of a load. Rows held back wait for a person and do not
    go in."""
    lake = require_lake(settings)
    result = load_files(chosen.files, settings, by=chosen.by, dry_run=True)
    for line in write_report(result, words):
        print(line)
    reports = [part for part in result.accepted if isinstance(part, ReceivedReport) and len(part.columns)]
    if reports and not chosen.dry_run:
        with tempfile.TemporaryDirectory(prefix="baophu-") as folder:
            rows = Path(folder) / "rows.parquet"
            pq.write_table(list_rows(reports, chosen.by or getpass.getuser()), rows)
            answer = ask_engine(lake | {"rows": str(rows)}, settings)
        print(words.say("history.appended", rows=answer["rows"], files=answer["files"]))
    return result.exit_status


def run_load(chosen: argparse.Namespace, settings: Settings, words: Words) -> int:
    """Build a snapshot from the lake; months that have not changed are known by their files and cost nothing."""
    lake = require_lake(settings)
    groups = {group: group for group in headings_of_groups()}
    mapping = Mapping("main", "report_row", {element: element for element in ELEMENTS}, groups)
    with tempfile.TemporaryDirectory(prefix="baophu-") as folder:
        request = make_request(mapping, settings, chosen.period or [], Path(folder)) | lake
        request["columns"] |= {"origin": "origin"}
        request["headings"] |= {"origin": NOTE}
        request["label"] = "ducklake"
        answer = ask_engine(request, settings)
        print(words.say("history.read", table="DuckLake", files=len(answer["files"])))
        return load_written(Path(folder), chosen) if answer["files"] else 0


def main(arguments: list[str] | None = None) -> int:
    """Returns what `python -m data.ingest` returns; 2 where the lake could not be used."""
    words = Words("vi")
    parser = argparse.ArgumentParser(prog="python -m data.ducklake", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    append = commands.add_parser("append", help="check reports and append what passes to the lake")
    append.add_argument("files", nargs="+", type=Path, help="workbooks, or folders of workbooks")
    append.add_argument("--by", help="who answers for this load; the name of the login where it is left out")
    append.add_argument("--dry-run", action="store_true", help="read and check, append nothing")
    add_load_options(commands.add_parser("load", help="build a snapshot from the lake"))
    chosen = parser.parse_args(arguments)
    try:
        return (run_append if chosen.command == "append" else run_load)(chosen, get_settings(), words)
    except UserError as problem:
        print(describe_problem(problem, words), file=sys.stderr)
        return REFUSED_STATUS


if __name__ == "__main__":
    sys.exit(main())
