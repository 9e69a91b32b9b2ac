"""Command: `python -m data.ingest FILE_OR_FOLDER … [--dry-run] [--period 2020-12] [--by NAME] [--report FILE]`, and
`python -m data.ingest template [NAME [FILE]]` for empty workbooks to fill in."""

import argparse
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

from xlsxwriter.exceptions import FileCreateError

from data.bars import StepBar
from data.errors import UserError
from data.ingest.inbox import clear_inbox, list_inbox
from data.ingest.load import list_passed_over, load_files
from data.ingest.load_report import load_to_json
from data.ingest.report_console import write_report
from data.ingest.report_workbook import write_report_workbook
from data.ingest.rule_words import describe_problem
from data.settings import get_settings
from data.template_workbook import write_template_workbook
from data.visibility import Audience
from data.workbook_layouts import load_layouts
from text.formats import Formats
from text.words import Words

REFUSED_STATUS = 2
MOST_PASSED_OVER = 10


def read_period(text: str) -> str:
    """A month as it is written on the command line."""
    if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", text):
        raise argparse.ArgumentTypeError(f"not a month such as 2020-12: {text}")
    return text


def run_template(arguments: list[str], words: Words) -> int:
    """Write an empty workbook of a layout, or list the layouts."""
    parser = argparse.ArgumentParser(prog="python -m data.ingest template")
    layouts = {layout.template: layout for layout in load_layouts()}
    parser.add_argument("name", nargs="?", choices=sorted(layouts))
    parser.add_argument("file", nargs="?", type=Path, help="where to; NAME.xlsx where it is left out")
    chosen = parser.parse_args(arguments)
    if chosen.name is None:
        for layout in layouts.values():
            print(f"{layout.template:24} {layout.title}")
        return 0
    path = chosen.file or Path(f"{chosen.name}.xlsx")
    if not write_file(path, lambda: write_template_workbook(layouts[chosen.name], path, words), words):
        return 1
    print(words.say("ingest.template_written", file=path))
    return 0


def write_file(path: Path, write: Callable[[], object], words: Words) -> bool:
    """Write a file beside the load; says so where that cannot be done (no right to the folder, the file open elsewhere): what was
    loaded is loaded all the same."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write()
    except (OSError, FileCreateError):
        print(words.say("ingest.not_written", file=path), file=sys.stderr)
        return False
    return True


def main(arguments: list[str] | None = None) -> int:
    """Load files; returns 0 all accepted, 1 some rows or cells refused or held back, 2 a file was refused."""
    given = sys.argv[1:] if arguments is None else arguments
    words = Words("vi")
    if given[:1] == ["template"]:
        return run_template(given[1:], words)
    parser = argparse.ArgumentParser(prog="python -m data.ingest", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help="workbooks, or folders of workbooks")
    parser.add_argument("--inbox", action="store_true", help="load what was handed in on the page that checks files")
    parser.add_argument(
        "--period", type=read_period, help="month of the report, such as 2020-12, where the title does not say it"
    )
    parser.add_argument(
        "--template", choices=[layout.template for layout in load_layouts()], help="read as this layout"
    )
    parser.add_argument("--dry-run", action="store_true", help="read and check, keep nothing")
    parser.add_argument(
        "--seen-by", default="", metavar="CODE", help="with --dry-run: compare only with what this province may see"
    )
    parser.add_argument("--wait", type=float, default=0, metavar="SECONDS", help="wait where another load is running")
    parser.add_argument("--by", help="who answers for this load; the name of the login where it is left out")
    parser.add_argument("--report", type=Path, help="write the report as XLSX too")
    parser.add_argument("--json", type=Path, help="write the report as JSON too")
    chosen = parser.parse_args(given)
    settings = get_settings()
    # Where handing in is allowed, every load reads what was handed in.
    waits = list_inbox(settings) if chosen.inbox or (settings.dropbox_allowed and not chosen.dry_run) else []
    if not chosen.files and not chosen.inbox:
        parser.error("name files or folders, or give --inbox")
    bar = StepBar(words, "ingest.step")
    try:
        result = load_files(
            [*chosen.files, *waits],
            settings,
            period=chosen.period,
            template=chosen.template,
            by=chosen.by,
            dry_run=chosen.dry_run,
            seen_by=Audience(chosen.seen_by),
            wait_seconds=chosen.wait,
            on_step=bar.show,
        )
    except UserError as problem:
        bar.close()
        print(describe_problem(problem, words), file=sys.stderr)
        return REFUSED_STATUS
    bar.close()
    if not chosen.dry_run:
        clear_inbox(waits, result, settings)
    for line in write_report(result, words):
        print(line)
    if passed_over := list_passed_over(chosen.files):
        names = ", ".join(path.name for path in passed_over[:MOST_PASSED_OVER])
        more = "…" if len(passed_over) > MOST_PASSED_OVER else ""
        count = Formats(words.lang).count(len(passed_over))
        print(words.say("ingest.passed_over", count=count, names=names + more))
    written = True
    if chosen.report:
        written = write_file(chosen.report, lambda: write_report_workbook(result, chosen.report, words), words)
    if chosen.json:
        said = json.dumps(load_to_json(result, words), ensure_ascii=False)
        written &= write_file(chosen.json, lambda: chosen.json.write_text(said, encoding="utf-8"), words)
    return result.exit_status if written else result.exit_status or 1


if __name__ == "__main__":
    sys.exit(main())
