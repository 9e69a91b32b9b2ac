"""Command: `python -m data.postgres load MAPPING.toml [--period 2020-12] [--dry-run] …` and `… mapping` for an example.

Figures that an office keeps in a table of PostgreSQL become a snapshot by the same door as workbooks: the rows of a month
and province are written as one CSV file of the monthly layout, and that file is received, checked, archived and loaded.
Every figure can so be followed to the row of a file that stays as it was, whatever becomes of the table.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.errors import UserError
from data.ingest.__main__ import main as load_reports
from data.settings import PROJECT_ROOT, Settings, get_settings
from data.workbook_layouts import load_layouts
from text.words import Words

ENGINE = PROJECT_ROOT / "data" / "history_engine.py"
EXAMPLE = PROJECT_ROOT / "data" / "postgres_mapping.toml"
LAYOUT = "monthly_report"
REQUIRED = ("period", "province_code", "unit_code", "unit_name", "population", "insured")
KEYS = frozenset(("schema", "table", "columns"))
REFUSED_STATUS = 2


@dataclass(frozen=True)
class Mapping:
    """Which table, and which of its columns holds which data element; payer groups by their code."""

    schema: str
    table: str
    columns: dict[str, str]
    groups: dict[str, str]

    @property
    def label(self) -> str:
        """The beginning of the files' names: it stands in every address of a figure."""
        return re.sub(r"[^0-9A-Za-z_.-]", "_", f"postgres_{self.schema}.{self.table}")


def read_mapping(path: Path) -> Mapping:
    """Read a mapping. Raises UserError naming what is wrong with it."""

    def refuse(detail: str) -> UserError:
        return UserError("HISTORY-MAPPING", "history.mapping", file=path.name, detail=detail)

    try:
        fields = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise refuse(str(problem)) from problem
    if unknown := set(fields) - KEYS:
        raise refuse(f"{sorted(unknown)[0]} = ?")
    columns = dict(fields.get("columns") or {})
    groups = columns.pop("group_insured", {})
    if missing := [name for name in REQUIRED if name not in columns]:
        raise refuse(f"[columns] {missing[0]} = ?")
    if unknown := set(columns) - set(REQUIRED):
        raise refuse(f"[columns] {sorted(unknown)[0]} = ?")
    known = set(headings_of_groups())
    if not isinstance(groups, dict) or (unknown := set(groups) - known):
        raise refuse(f"[columns.group_insured]: {', '.join(sorted(known))}")
    texts = [fields.get("schema", "public"), fields.get("table"), *columns.values(), *groups.values()]
    if not all(isinstance(text, str) and text for text in texts):
        raise refuse('schema, table, [columns]: "…"')
    return Mapping(texts[0], texts[1], columns, groups)


def headings_of_groups() -> dict[str, str]:
    """The heading of each payer group in the monthly layout."""
    layout = next(layout for layout in load_layouts() if layout.template == LAYOUT)
    return {
        column.payer_group: column.title
        for column in layout.columns
        if column.element == "group_insured" and column.payer_group
    }


def make_request(mapping: Mapping, settings: Settings, periods: list[str], folder: Path) -> dict[str, Any]:
    """What the engine is asked: columns by element, and the headings under which the layout finds them again."""
    layout = next(layout for layout in load_layouts() if layout.template == LAYOUT)
    first = {column.element: column.title for column in layout.columns if not column.payer_group}
    headings = {
        element: first[element].split(" / ")[0] for element in ("unit_code", "unit_name", "population", "insured")
    }
    by_group = headings_of_groups()
    return {
        "dsn": settings.postgres_dsn,
        "schema": mapping.schema,
        "table": mapping.table,
        "columns": mapping.columns | {f"group:{group}": column for group, column in mapping.groups.items()},
        "headings": headings | {f"group:{group}": by_group[group] for group in mapping.groups},
        "title": layout.title,
        "label": mapping.label,
        "periods": periods,
        "folder": str(folder),
    }


def ask_engine(request: dict[str, Any], settings: Settings) -> dict[str, Any]:
    """Run the engine in its own environment. Raises UserError with what it refused."""
    if not settings.history_python.is_file():
        raise UserError("HISTORY-NO-ENVIRONMENT", "history.no_environment", path=settings.history_python)
    done = subprocess.run(
        [str(settings.history_python), "-I", str(ENGINE)],
        input=json.dumps(request),
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        answer = json.loads(done.stdout)
    except ValueError as problem:
        detail = (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[-1]
        raise UserError("HISTORY-ENGINE", "history.refused.engine", detail=detail) from problem
    if "refused" in answer:
        raise UserError("HISTORY-REFUSED", f"history.refused.{answer['refused']}", **answer["values"])
    return answer["done"]


def run_load(chosen: argparse.Namespace, settings: Settings, words: Words) -> int:
    """Read the table and load what it holds; the exit status is that of a load."""
    if not settings.postgres_dsn:
        raise UserError("HISTORY-NO-ADDRESS", "history.no_address")
    mapping = read_mapping(chosen.mapping)
    with tempfile.TemporaryDirectory(prefix="baophu-") as folder:
        answer = ask_engine(make_request(mapping, settings, chosen.period or [], Path(folder)), settings)
        print(words.say("history.read", table=f"{mapping.schema}.{mapping.table}", files=len(answer["files"])))
        return load_written(Path(folder), chosen) if answer["files"] else 0


def load_written(folder: Path, chosen: argparse.Namespace) -> int:
    """Receive the files that the engine wrote, as any other."""
    passed = ["--wait", str(chosen.wait)]
    passed += ["--dry-run"] if chosen.dry_run else []
    for option, value in (("--by", chosen.by), ("--report", chosen.report), ("--json", chosen.json)):
        passed += [option, str(value)] if value else []
    return load_reports([str(folder), *passed])


def add_load_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--period", type=read_period, action="append", help="only this month; may stand more than once"
    )
    command.add_argument("--dry-run", action="store_true", help="read and check, keep nothing")
    command.add_argument("--wait", type=float, default=0, metavar="SECONDS", help="wait where another load is running")
    command.add_argument("--by", help="who answers for this load")
    command.add_argument("--report", type=Path, help="write the report as XLSX too")
    command.add_argument("--json", type=Path, help="write the report as JSON too")


def read_period(text: str) -> str:
    if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", text):
        raise argparse.ArgumentTypeError(f"not a month such as 2020-12: {text}")
    return text


def main(arguments: list[str] | None = None) -> int:
    """Returns what `python -m data.ingest` returns; 2 where the table could not be read."""
    words = Words("vi")
    parser = argparse.ArgumentParser(prog="python -m data.postgres", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("mapping", help="an example of a mapping, to write to a file and change")
    load = commands.add_parser("load", help="load the months of a table")
    load.add_argument("mapping", type=Path, help="which table, and which of its columns holds what (TOML)")
    add_load_options(load)
    chosen = parser.parse_args(arguments)
    if chosen.command == "mapping":
        print(EXAMPLE.read_text("utf-8"), end="")
        return 0
    try:
        return run_load(chosen, get_settings(), words)
    except UserError as problem:
        print(words.say(problem.words_key, **problem.values), file=sys.stderr)
        return REFUSED_STATUS


if __name__ == "__main__":
    sys.exit(main())
