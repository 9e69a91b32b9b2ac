"""Command: `python -m data.ingest FILE_OR_FOLDER … [--period 2020-12]`."""

import argparse
import re
import sys
from pathlib import Path

from data.errors import UserError
from data.ingest.load import LoadResult, load_files
from data.ingest.rule_words import describe_finding, describe_problem
from data.settings import get_settings
from text.formats import Formats
from text.words import Words

REFUSED_STATUS = 2


def print_report(result: LoadResult, words: Words) -> None:
    """What became of each file, with every cell that was refused, held back or marked."""
    numbers = Formats("vi")
    for part in result.accepted:
        key = "ingest.file_held" if any(one.severity != "mark" for one in part.rejections) else "ingest.file_accepted"
        print(
            words.say(
                key,
                file=part.path.name,
                rows=numbers.count(part.row_count),
                people=numbers.count(part.people),
                period=part.period,
                rejected=numbers.count(len(part.rejections)),
            )
        )
        for found in part.rejections:
            address, message = part.address_of(found.cell), describe_finding(found, words)
            print(words.say("ingest.finding", address=address, value=found.value, message=message))
    for name in result.already_loaded:
        print(words.say("ingest.already_loaded", file=name))
    for refused in result.refused:
        print(describe_problem(refused.problem, words))
    if result.pointer is None:
        print(words.say("ingest.nothing_published"))
    else:
        print(words.say("ingest.published", id=result.pointer.id))


def read_period(text: str) -> str:
    """A month as it is written on the command line."""
    if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", text):
        raise argparse.ArgumentTypeError(f"not a month such as 2020-12: {text}")
    return text


def main(arguments: list[str] | None = None) -> int:
    """Load files; returns 0 all accepted, 1 some held back, 2 something refused."""
    parser = argparse.ArgumentParser(prog="python -m data.ingest", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, help="workbooks, or folders of workbooks")
    parser.add_argument(
        "--period", type=read_period, help="month of the report, such as 2020-12, where the title does not say it"
    )
    chosen = parser.parse_args(arguments)
    words = Words("vi")
    try:
        result = load_files(chosen.files, get_settings(), period=chosen.period)
    except UserError as problem:
        print(words.say(problem.words_key, **problem.values), file=sys.stderr)
        return REFUSED_STATUS
    print_report(result, words)
    return result.exit_status


if __name__ == "__main__":
    sys.exit(main())
