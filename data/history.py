"""Command: `python -m data.history UNIT PERIOD`: the figure of a unit and month, and every one it replaced."""

import argparse
import sys
from collections.abc import Iterator
from datetime import datetime

import pandas as pd

from data.errors import UserError
from data.queries.history import figure_versions
from data.settings import get_settings
from data.store import open_current
from text.formats import Formats
from text.words import Words


def write_versions(versions: pd.DataFrame, words: Words) -> Iterator[str]:
    """One line per figure: state, people, cell, when and by whom it was loaded."""
    numbers = Formats(words.lang)

    def count(value: object) -> str:
        return numbers.missing if pd.isna(value) else numbers.count(int(value))

    for row in versions.itertuples():
        origin = words.say("ingest.history.simulated") if row.is_simulated else row.address
        loaded = ""
        if not pd.isna(row.loaded_at):
            # By the clock of this machine.
            at = numbers.time(datetime.fromisoformat(row.loaded_at).astimezone())
            loaded = words.say("ingest.history.loaded", at=at, by=row.loaded_by)
        replaced = "" if pd.isna(row.replaced_by) else words.say("ingest.history.replaced", file=row.replaced_by)
        yield words.say(
            "ingest.history.line",
            state=words.say(f"ingest.history.{row.state}"),
            population=count(row.population),
            insured=count(row.insured),
            origin=origin,
            loaded=loaded,
            replaced=replaced,
        ).rstrip()


def main(arguments: list[str] | None = None) -> int:
    """Print the history; returns 1 where there is no such unit and month."""
    parser = argparse.ArgumentParser(prog="python -m data.history", description=__doc__)
    parser.add_argument("unit", help="code of the unit, such as 00715")
    parser.add_argument("period", help="month, such as 2020-12")
    chosen = parser.parse_args(arguments)
    words = Words("vi")
    try:
        store = open_current(get_settings())
    except UserError as problem:
        print(words.say(problem.words_key, **problem.values), file=sys.stderr)
        return 1
    try:
        versions = figure_versions(store, chosen.unit, chosen.period)
    finally:
        store.close()
    if versions.empty:
        print(words.say("ingest.history.none", unit=chosen.unit, period=chosen.period))
        return 1
    for line in write_versions(versions, words):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
