"""``python -m reports brief`` and ``briefs``: the one-page brief of one place, or of every place of a level."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tqdm import tqdm

from data.settings import get_settings
from reports.files import write_whole
from text.words import LANGUAGES, Words
from ui.documents.brief import make_brief
from ui.documents.brief_files import Order, list_places, open_place, silence_streamlit, write_briefs
from ui.view import ANY_PLACE, NATION


def add_commands(commands: argparse._SubParsersAction) -> None:
    one = commands.add_parser("brief", help="the one-page brief (PDF) of a place")
    one.add_argument("--unit", default=NATION, help="code of a nation (VN), region, province, district or commune")
    one.add_argument("--period", default="", help="month, such as 2020-12 (default: where the app opens)")
    one.add_argument("--lang", choices=LANGUAGES, default=LANGUAGES[0])
    one.add_argument("--into", type=Path, help="file (default: in `documents` of the data directory)")
    one.set_defaults(run=run_brief)
    many = commands.add_parser("briefs", help="the briefs of every place of a level, on all processors")
    many.add_argument("--period", required=True, help="month, such as 2020-12")
    many.add_argument("--level", choices=ANY_PLACE, default="province")
    many.add_argument("--lang", choices=LANGUAGES, default=LANGUAGES[0])
    many.add_argument("--into", type=Path, help="folder (default: `documents` in the data directory)")
    many.set_defaults(run=run_briefs)


def run_brief(options: argparse.Namespace, words: Words) -> int:
    silence_streamlit()
    page = open_place(options.unit, options.period, options.lang)
    order = Order(page.view.period, options.lang, default_folder())
    path = options.into or order.path(page.view.unit)
    write_whole(path, make_brief(page))
    print(words.say("files.written", folder=path))
    return 0


def run_briefs(options: argparse.Namespace, words: Words) -> int:
    """Every place of the level; those that could not be set are named at the end, and make the status 1."""
    silence_streamlit()
    order = Order(options.period, options.lang, options.into or default_folder())
    units = list_places(options.level, options.period)
    outcomes = tqdm(
        write_briefs(units, order),
        total=len(units),
        desc=words.say("brief.progress"),
        unit=words.say("files.unit"),
        file=sys.stderr,
    )
    failed = sorted((outcome for outcome in outcomes if outcome.problem), key=lambda outcome: outcome.unit)
    for outcome in failed:
        print(words.say("brief.not_written", unit=outcome.unit, problem=outcome.problem), file=sys.stderr)
    written = len(units) - len(failed)
    print(words.say("brief.written", count=written, total=len(units), folder=order.into))
    return 1 if failed else 0


def default_folder() -> Path:
    return get_settings().var_directory / "documents"
