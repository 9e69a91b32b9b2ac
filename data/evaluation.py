"""Command: `python -m data.evaluation close | list | show | reopen`: rounds of the emulation movement."""

import argparse
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from data.closing import add_closing, find_round, freeze_round, mark_reopened, read_programmes
from data.errors import UserError
from data.ingest.publish import hold_write_lock
from data.ingest.republish import republish
from data.queries.evaluation import closed_rounds, frozen_rows
from data.settings import Settings, get_settings
from data.snapshot import add_wait
from data.store import Store, open_undamaged
from indicators.evaluation_rules import LEVELS, ROUNDS
from text.formats import Formats
from text.words import Words


def run_close(settings: Settings, words: Words, chosen: argparse.Namespace) -> int:
    """Freeze the figures and places of a round in a new snapshot."""
    count = Formats("vi").count
    by = read_line("--by", chosen.by)
    with hold_write_lock(settings, chosen.wait):
        store = open_undamaged(settings)
        try:
            one = find_round(store, read_programmes(store), chosen.round, chosen.year)
            header, rows = freeze_round(
                store, one, chosen.cluster.strip(), by=by, note=chosen.note, allow_simulated=chosen.allow_simulated
            )
        finally:
            store.close()
        pointer = republish(settings, change=lambda builder: add_closing(builder, header, rows))
    row = header.iloc[0]
    print(words.say("evaluation.closed", id=row["round_id"], closing=row["closing"], by=by, snapshot=pointer.id))
    for level in LEVELS:
        of_level = rows[rows["level"] == level]
        ranked = int((of_level["reason"] == "").sum())
        name = words.say(f"level.{level}")
        print("  " + words.say("evaluation.frozen", level=name, units=count(len(of_level)), ranked=count(ranked)))
    if row["units_simulated"]:
        print("  " + words.say("evaluation.rehearsal", units=count(row["units_simulated"])))
    return 0


def run_list(settings: Settings, words: Words) -> int:
    """Every closing, the newest first; those that were reopened with the reason."""
    store = open_undamaged(settings)
    rounds = closed_rounds(store)
    store.close()
    if rounds.empty:
        print(words.say("evaluation.none"))
        return 0
    for row in rounds.itertuples():
        print(say_round(row, words))
    return 0


def say_round(row: object, words: Words) -> str:
    formats = Formats("vi")
    said = words.say(
        "evaluation.row",
        id=row.round_id,
        closing=row.closing,
        name=words.say(f"evaluation.round_{row.round}", year=row.year),
        scope=row.cluster or words.say("level.nation"),
        by=row.closed_by,
        when=formats.time(datetime.fromisoformat(row.closed_at)),
    )
    if row.units_simulated:
        said += " " + words.say("evaluation.rehearsal", units=formats.count(row.units_simulated))
    if isinstance(row.reopened_at, str):
        when = formats.time(datetime.fromisoformat(row.reopened_at))
        said += " " + words.say("evaluation.reopened", when=when, by=row.reopened_by, reason=row.reopen_reason)
    return said


def find_closing(store: Store, round_id: str, closing: int | None = None) -> object:
    """The row of a closing: the numbered one, or the last. Raises UserError naming those that there are."""
    rounds = closed_rounds(store)
    own = rounds[(rounds["round_id"] == round_id) & (True if closing is None else rounds["closing"] == closing)]
    if own.empty:
        known = ", ".join(dict.fromkeys(rounds["round_id"])) or "–"
        raise UserError("EVALUATION-UNKNOWN", "evaluation.unknown", id=round_id, known=known)
    return next(own.sort_values("closing", ascending=False).itertuples())


def run_show(settings: Settings, words: Words, chosen: argparse.Namespace) -> int:
    """The places that were frozen; the whole as CSV with --csv."""
    store = open_undamaged(settings)
    try:
        row = find_closing(store, chosen.id, chosen.closing)
        print(say_round(row, words))
        rows = frozen_rows(store, row.round_id, row.closing, chosen.level)
        units = store.query(
            "SELECT unit_code, name FROM unit WHERE boundary_set = $boundary_set", {"boundary_set": row.boundary_set}
        ).set_index("unit_code")["name"]
    finally:
        store.close()
    rows.insert(1, "name", rows["unit_code"].map(units))
    rows = rows.sort_values(["place", "unit_code"], key=lambda column: column.where(column != -1, 10**9))
    if chosen.csv:
        # The mark at the beginning tells Excel that the file is UTF-8.
        rows.to_csv(chosen.csv, index=False, encoding="utf-8-sig")
        print(words.say("evaluation.written", file=chosen.csv, rows=Formats("vi").count(len(rows))))
        return 0
    formats = Formats("vi")
    for one in rows[rows["place"] > 0].head(chosen.first).itertuples():
        print(
            f"  {formats.rank(one.place, one.of_units, tied=one.is_tied):>9}  {one.unit_code}  {one.name}  {one.score}"
        )
    return 0


def run_reopen(settings: Settings, words: Words, chosen: argparse.Namespace) -> int:
    """Reopen a closed round with a reason; what was frozen stays on record."""
    by, reason = read_line("--by", chosen.by), read_line("--reason", chosen.reason)
    with hold_write_lock(settings, chosen.wait):
        store = open_undamaged(settings)
        try:
            row = find_closing(store, chosen.id)
        finally:
            store.close()
        if isinstance(row.reopened_at, str):
            raise UserError("EVALUATION-OPEN", "evaluation.open_already", id=row.round_id)
        pointer = republish(
            settings, change=lambda builder: mark_reopened(builder, row.round_id, row.closing, by, reason)
        )
    print(words.say("evaluation.now_open", id=row.round_id, closing=row.closing, snapshot=pointer.id))
    return 0


def read_line(name: str, text: str) -> str:
    """Words on one line; nobody closes or reopens a round without a name."""
    if not text.strip() or not text.isprintable():
        raise UserError("EVALUATION-VALUE", "evaluation.no_text", name=name)
    return text.strip()


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m data.evaluation", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    close = commands.add_parser("close", help="freeze the figures and places of a round")
    close.add_argument("--round", required=True, choices=ROUNDS)
    close.add_argument("--year", required=True, type=int, help="the year it ends in")
    close.add_argument("--cluster", default="", help="one emulation cluster by its name; the whole country without it")
    close.add_argument("--by", required=True, metavar="NAME", help="who answers for it")
    close.add_argument("--note", default="", help="such as the number of the minutes")
    close.add_argument("--allow-simulated", action="store_true", help="a rehearsal on simulated figures, marked as one")
    commands.add_parser("list", help="every closing, the newest first")
    show = commands.add_parser("show", help="the places that were frozen")
    show.add_argument("id", help="such as final-2020")
    show.add_argument("--closing", type=int, help="an earlier closing of a round that was reopened")
    show.add_argument("--level", default="province", choices=LEVELS)
    show.add_argument("--first", type=int, default=20, help="how many rows to print")
    show.add_argument("--csv", type=Path, metavar="FILE", help="write every row instead")
    reopen = commands.add_parser("reopen", help="reopen a closed round; what was frozen stays on record")
    reopen.add_argument("id")
    reopen.add_argument("--by", required=True, metavar="NAME")
    reopen.add_argument("--reason", required=True)
    for command in (close, reopen):
        add_wait(command)
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run a command; returns the exit status (0 done, 1 something a person can put right, 2 a wrong command line)."""
    chosen = make_parser().parse_args(arguments)
    settings, words = get_settings(), Words("vi")
    commands: dict[str, Callable[[], int]] = {
        "close": lambda: run_close(settings, words, chosen),
        "list": lambda: run_list(settings, words),
        "show": lambda: run_show(settings, words, chosen),
        "reopen": lambda: run_reopen(settings, words, chosen),
    }
    try:
        return commands[chosen.command]()
    except UserError as problem:
        print(words.say(problem.words_key, **problem.values), file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
