"""The commands that write documents without a browser or a server: ``python -m reports evaluation | slides | workbook …``.

A command is a list of addresses; each file is made as the server makes it, and has the same name.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tqdm import tqdm

from data.errors import UserError
from data.settings import get_settings
from text.names import search_key
from text.words import LANGUAGES, Words
from ui import loaders
from ui.emulation import code_of_round, read_view
from ui.frame import Frame
from ui.loaders.emulation import load_rounds
from ui.loaders.groups import say_scope
from ui.takeaway.answer import take
from ui.takeaway.headless import open_frame
from ui.takeaway.offers import NothingToTake

Address = Mapping[str, str]


def add_commands(commands: argparse._SubParsersAction) -> None:
    evaluation = commands.add_parser("evaluation", help="evaluation reports (PDF) of a round")
    evaluation.add_argument("--round", default="", help="final, mid-term, or a year (default: the last that is over)")
    evaluation.add_argument("--programme", default="", help="2016-2020, … (default: the one that has the round)")
    scope = evaluation.add_mutually_exclusive_group()
    scope.add_argument("--cluster", help="name of an emulation cluster, as the page writes it")
    scope.add_argument("--province", help="code or name of a province")
    scope.add_argument("--all", action="store_true", help="the nation, every cluster and every province")
    add_common(evaluation)
    evaluation.set_defaults(list_files=list_evaluations, file=("emulation", "report.pdf"))
    slides = commands.add_parser("slides", help="the meeting script as a presentation (PPTX)")
    slides.add_argument("--unit", default="VN", help="VN, or the code of a province or district for the last slide")
    slides.add_argument("--period", default="", help="2020-12, … (default: where the app opens)")
    slides.add_argument("--since", default="", help="the month it is compared with (default: the one before)")
    add_common(slides)
    slides.set_defaults(list_files=list_decks, file=("meeting", "slides.pptx"))
    workbook = commands.add_parser("workbook", help="the workbook of a whole place (XLSX), as its profile offers it")
    workbook.add_argument("--unit", default="VN", help="VN, or the code of a region, province or district")
    workbook.add_argument("--period", default="", help="2020-12, … (default: where the app opens)")
    add_common(workbook)
    workbook.set_defaults(list_files=list_workbooks, file=("profile", "workbook.xlsx"))


def add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--lang", choices=LANGUAGES, default="vi")
    parser.add_argument("--into", type=Path, help="folder (default: `documents` in the data directory)")


def run_command(options: argparse.Namespace, words: Words) -> int:
    """Write the files of a command; 0 where all were written, 1 where one has nothing to hold."""
    # Outside of a page Streamlit warns at every cached function that there is no browser.
    logging.getLogger("streamlit").setLevel(logging.ERROR)
    page, file = options.file
    into = options.into or get_settings().var_directory / "documents"
    addresses = [{**address, "lang": options.lang} for address in options.list_files(options)]
    missing = 0
    for path, error in write_files(page, file, addresses, into, words):
        if error is not None:
            missing += 1
            print(words.say(error.words_key, **error.values), file=sys.stderr)
        elif len(addresses) == 1:
            print(path)
    if missing < len(addresses):
        print(words.say("files.written", folder=into))
    return 1 if missing else 0


def write_files(
    page: str, file: str, addresses: Sequence[Address], into: Path, words: Words
) -> Iterator[tuple[Path, NothingToTake | None]]:
    """Make the files, as many at once as there are processors, with a bar; in the order of the addresses."""
    into.mkdir(parents=True, exist_ok=True)

    def write(address: Address) -> tuple[Path, NothingToTake | None]:
        try:
            taken = take(page, file, address)
        except NothingToTake as error:
            return into, error
        path = into / taken.file_name
        path.write_bytes(taken.body)
        return path, None

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        made = pool.map(write, addresses)
        yield from tqdm(made, total=len(addresses), unit=words.say("files.unit"), disable=len(addresses) == 1)


# Slides and workbooks


def list_decks(options: argparse.Namespace) -> list[Address]:
    return list_one("meeting", {name: getattr(options, name) for name in ("unit", "period", "since")})


def list_workbooks(options: argparse.Namespace) -> list[Address]:
    return list_one("profile", {name: getattr(options, name) for name in ("unit", "period")})


def list_one(page: str, asked: Address) -> list[Address]:
    """One address. UserError where a part of it is not in the store: a command does not fall back as a page does."""
    address = {name: value for name, value in asked.items() if value}
    notices = open_frame(page, address).notices
    if notices:
        raise UserError("REPORT-ADDRESS", notices[0].key, **dict(notices[0].values))
    return [address]


# Evaluation reports


def list_evaluations(options: argparse.Namespace) -> list[Address]:
    """The addresses of the reports asked for. UserError where there is no such round, cluster or province."""
    base = find_round(options.programme, options.round)
    page = open_frame("emulation", base)
    shown = read_view(page)
    if shown is None:
        return [base]
    if options.province:
        return [base | {"unit": find_province(page, shown.boundary_set, options.province)}]
    clusters = {say_scope(one, page.words): one.code for one in shown.scopes.values() if one.kind == "cluster"}
    if options.cluster:
        return [base | {"group": find_named(options.cluster, clusters, "evaluation_report.no_such_cluster")}]
    if not options.all:
        return [base]
    provinces = shown.scopes["nation"].members
    return [
        base,
        *(base | {"group": code} for code in clusters.values()),
        *(base | {"unit": code} for code in provinces),
    ]


def find_round(programme: str, name: str) -> dict[str, str]:
    """The address of a round: `final`, `mid-term`, `2019`, or as a closing is called (`final-2020`)."""
    store = loaders.open_store()
    catalogue = loaders.load_catalogue(store.snapshot_id)
    programmes = (
        [programme] if programme else sorted(catalogue.programmes, key=lambda one: one != catalogue.default_programme)
    )
    wanted = name.replace("-", "_").removeprefix("yearly_")
    known: list[str] = []
    for one in programmes:
        for found in load_rounds(store.snapshot_id, one) if one in catalogue.programmes else ():
            code = code_of_round(found)
            known.append(code.replace("_", "-"))
            if wanted in (code, f"{code}_{found.year}"):
                return {"programme": one, "round": code, "period": found.to_period}
    if name:
        raise UserError("REPORT-NO-ROUND", "evaluation_report.no_such_round", name=name, known=", ".join(known) or "–")
    return {"programme": programmes[0]}


def find_province(page: Frame, boundary_set: str, name: str) -> str:
    """A province by its code or name, with or without its type and marks."""
    units = loaders.load_units(page.snapshot_id, boundary_set)
    provinces = units[units["level"] == "province"]
    if name in provinces.index:
        return name
    names = {row.name: row.unit_code for row in provinces.itertuples(index=False)}
    names |= {row.short_name: row.unit_code for row in provinces.itertuples(index=False)}
    return find_named(name, names, "evaluation_report.no_such_province")


def find_named(name: str, codes: Mapping[str, str], key: str) -> str:
    """The code of a name, marks and case left aside. UserError with the names that there are."""
    by_key: dict[str, str] = {search_key(one): code for one, code in codes.items()}
    found = by_key.get(search_key(name))
    if found is None:
        raise UserError("REPORT-NO-PLACE", key, name=name, known="; ".join(codes) or "–")
    return found
