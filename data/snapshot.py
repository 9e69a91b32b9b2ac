"""Command: `python -m data.snapshot build | list | publish | rollback | verify | prune | release |
push | pull`."""

import argparse
import re
import sys
import time
from dataclasses import replace

from data.bars import FileBar, StepBar
from data.errors import StoreUnavailable, UserError
from data.ingest.build_snapshot import build_snapshot
from data.queries.evaluation import closed_rounds
from data.settings import Settings, get_settings
from data.snapshot_commands import (
    KEPT_BY_DEFAULT,
    run_list,
    run_prune,
    run_publish,
    run_publish_public,
    run_pull,
    run_push,
    run_release,
    run_rollback,
    run_verify,
)
from data.store import open_current
from text.words import Words

STEPS = ("reference", "calibrate", "months", "summaries", "publish")


def count_kept_work(settings: Settings) -> tuple[int, int]:
    """How many received files and closed rounds of evaluation the current snapshot holds; (0, 0) where there is none that
    can be read."""
    try:
        store = open_current(settings)
    except StoreUnavailable:
        return 0, 0
    files = int(store.query("SELECT count(*) AS files FROM source WHERE kind = 'received_file'").iloc[0, 0])
    rounds = len(closed_rounds(store))
    store.close()
    return files, rounds


def run_build(
    settings: Settings, words: Words, *, empty: bool, discard_reports: bool, with_simulation: bool = False
) -> int:
    """Build the first (or a fresh) snapshot and say how long each step took. Reports that were loaded are not lost
    unasked, and a simulation that was taken out for good comes back only `with_simulation`."""
    files, rounds = count_kept_work(settings)
    if files and not discard_reports:
        raise UserError("STORE-HAS-REPORTS", "store.has_reports", files=files)
    if rounds and not discard_reports:
        raise UserError("STORE-HAS-ROUNDS", "store.has_rounds", rounds=rounds)
    removed = settings.simulation_marker.exists()
    if removed and not with_simulation and not empty:
        print(words.say("simulation.stays_out"))
        empty = True
    begun = time.perf_counter()
    bar = StepBar(words, "store.step")
    try:
        if with_simulation:
            settings.simulation_marker.unlink(missing_ok=True)
        pointer, durations = build_snapshot(settings, empty=empty, on_step=bar.show)
    except BaseException:
        if removed:
            settings.simulation_marker.touch()
        raise
    finally:
        bar.close()
    for step, seconds in durations.items():
        if words.has(f"store.step.{step}"):
            print(
                words.say(
                    "store.step_took", step=words.say(f"store.step.{step}"), seconds=f"{seconds:.1f}".replace(".", ",")
                )
            )
    size = (settings.snapshot_directory / pointer.file).stat().st_size / 1e6
    seconds = f"{time.perf_counter() - begun:.1f}".replace(".", ",")
    print(words.say("store.built", id=pointer.id, seconds=seconds, megabytes=f"{size:.0f}"))
    return 0


def read_month(text: str) -> str:
    """A month as it is written on the command line."""
    if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", text):
        raise argparse.ArgumentTypeError(f"not a month such as 2020-12: {text}")
    return text


def read_count(text: str) -> int:
    """How many snapshots to keep: one at the least."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"not a number above 0: {text}")
    return int(text)


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m data.snapshot", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    build = commands.add_parser("build", help="build and publish a snapshot")
    simulation = build.add_mutually_exclusive_group()
    simulation.add_argument("--empty", action="store_true", help="real parts only, without the simulation")
    simulation.add_argument(
        "--with-simulation", action="store_true", help="with the simulation, though it was taken out for good"
    )
    build.add_argument(
        "--discard-reports", action="store_true", help="build even where loaded reports would be left out"
    )
    commands.add_parser("list", help="every snapshot, newest first")
    publish = commands.add_parser(
        "publish",
        help="make a snapshot the current one, after every check of it; with --edition public: build the public one",
    )
    publish.add_argument("id", nargs="?")
    waiting = publish.add_mutually_exclusive_group()
    waiting.add_argument(
        "--hold", action="store_true", help="public edition: build it, and let it wait until its screens are drawn"
    )
    waiting.add_argument("--held", action="store_true", help="public edition: put the one that waits in force")
    rollback = commands.add_parser("rollback", help="point at an older snapshot")
    rollback.add_argument("id", nargs="?")
    verify = commands.add_parser("verify", help="check the current snapshot, or a named one")
    verify.add_argument("id", nargs="?")
    verify.add_argument("--all", action="store_true", help="every snapshot")
    prune = commands.add_parser("prune", help="remove old snapshots and map files that no snapshot names")
    prune.add_argument("--keep", type=read_count, default=KEPT_BY_DEFAULT, help="how many of the newest stay")
    release = commands.add_parser("release", help="make the figures of a month public")
    release.add_argument("period", type=read_month, help="a month such as 2020-12")
    release.add_argument("--undo", action="store_true", help="make it a draft again")
    push = commands.add_parser("push", help="publish the current snapshot to a place that other machines read")
    push.add_argument("url", help="a shared folder, s3://… or whatever else fsspec can write to")
    push.add_argument("--keep", type=read_count, default=KEPT_BY_DEFAULT, help="how many snapshots stay there")
    push.add_argument("--again", action="store_true", help="upload also what is there already")
    pull = commands.add_parser("pull", help="take what BAOPHU_SOURCE publishes, once")
    pull.add_argument("--check", action="store_true", help="read every file that is here, fetch damaged ones anew")
    pull.add_argument(
        "--hold", action="store_true", help="let it wait until its screens are drawn; pull then puts it in force"
    )
    for command in (publish, rollback, prune, release, push):
        add_wait(command)
    named = ("list", "rollback", "verify", "prune", "push", "pull")
    for command in (publish, *(commands.choices[name] for name in named)):
        command.add_argument(
            "--edition", choices=("internal", "public"), default="internal", help="which edition's snapshots (internal)"
        )
    pull.set_defaults(edition=None)  # what this installation serves
    return parser


def add_wait(command: argparse.ArgumentParser) -> None:
    """The option of every command that writes."""
    command.add_argument(
        "--wait", type=float, default=0, metavar="SECONDS", help="wait for another writer to finish, at most so long"
    )


def run(chosen: argparse.Namespace, settings: Settings, words: Words) -> int:
    """Run the chosen command."""
    settings = replace(settings, edition=getattr(chosen, "edition", "internal") or settings.edition)
    if chosen.command == "build":
        return run_build(
            settings,
            words,
            empty=chosen.empty,
            discard_reports=chosen.discard_reports,
            with_simulation=chosen.with_simulation,
        )
    if chosen.command == "list":
        return run_list(settings, words)
    if chosen.command == "publish":
        if settings.edition == "public" and chosen.id is None:
            return run_publish_public(settings, words, chosen.wait, hold=chosen.hold, held=chosen.held)
        if chosen.hold or chosen.held:
            raise UserError("STORE-HOLD", "snapshot.hold_is_public")
        if chosen.id is None:
            raise UserError("STORE-WHICH", "snapshot.which")
        return run_publish(settings, words, chosen.id, chosen.wait)
    if chosen.command == "rollback":
        return run_rollback(settings, words, chosen.id, chosen.wait)
    if chosen.command == "verify":
        return run_verify(settings, words, chosen.id, every=chosen.all)
    if chosen.command == "prune":
        return run_prune(settings, words, chosen.keep, chosen.wait)
    if chosen.command == "push":
        with FileBar(words) as bar:
            return run_push(
                settings,
                words,
                chosen.url,
                keep=chosen.keep,
                again=chosen.again,
                wait_seconds=chosen.wait,
                on_file=bar.show,
            )
    if chosen.command == "pull":
        with FileBar(words) as bar:
            return run_pull(settings, words, check=chosen.check, hold=chosen.hold, on_file=bar.show)
    return run_release(settings, words, chosen.period, undo=chosen.undo, wait_seconds=chosen.wait)


def main(arguments: list[str] | None = None) -> int:
    """Run a command; returns the exit status (0 done, 1 something a person can put right, 2 a wrong command line)."""
    chosen, words = make_parser().parse_args(arguments), Words("vi")
    try:
        return run(chosen, get_settings(), words)
    except UserError as problem:
        print(words.say(problem.words_key, **problem.values), file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
