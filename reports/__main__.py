"""Commands that write documents and data to take away:
``python -m reports open-data | site | brief | briefs | evaluation | slides | workbook``.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from tqdm import tqdm

from data.errors import UserError
from data.settings import get_settings
from data.store import get_store
from reports.open_data import write_open_data
from text.words import Words
from ui.documents import brief_commands, site
from ui.documents.commands import add_commands, run_command


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 done, 1 where there is something a person must put right (said in Vietnamese)."""
    parser = argparse.ArgumentParser(prog="python -m reports", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    open_data = commands.add_parser("open-data", help="public tables as Parquet and CSV, outlines as GeoJSON")
    open_data.add_argument(
        "--into", type=Path, help="folder (default: `open` in the data directory, which the app serves)"
    )
    open_data.set_defaults(run=run_open_data)
    brief_commands.add_commands(commands)
    site.add_commands(commands)
    add_commands(commands)
    parser.set_defaults(run=run_command)
    options = parser.parse_args(arguments)
    words = Words("vi")
    try:
        return options.run(options, words)
    except UserError as error:
        print(words.say(error.words_key, **error.values), file=sys.stderr)
        return 1


def run_open_data(options: argparse.Namespace, words: Words) -> int:
    settings = replace(get_settings(), edition="public")
    with tqdm(desc=words.say("files.open_data"), unit=words.say("files.unit"), file=sys.stderr) as progress:

        def step(name: str) -> None:
            progress.set_postfix_str(name)
            progress.update()

        folder = write_open_data(
            get_store(settings), options.into or settings.open_directory, settings.open_licence, on_step=step
        )
    print(words.say("files.written", folder=folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
