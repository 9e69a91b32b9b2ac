"""Command: `python -m data.snapshot build [--empty] | list | rollback [ID]`."""

import argparse
import sys
import time

from tqdm import tqdm

from data.errors import UserError
from data.ingest.build_snapshot import build_snapshot
from data.ingest.publish import hold_write_lock, write_atomically
from data.settings import Settings, get_settings
from data.store import StoreUnavailable, list_snapshots, open_current, open_snapshot, parse_pointer
from text.words import Words

STEPS = ("reference", "calibrate", "months", "summaries", "publish")


class StepBar:
    """A progress bar over the steps of a build; months count one by one."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._bar: tqdm | None = None
        self._step = ""

    def show(self, step: str, done: int, total: int) -> None:
        if step != self._step:
            self.close()
            self._step = step
            self._bar = tqdm(total=total, desc=self._words.say(f"store.step.{step}"), file=sys.stderr, leave=False)
        if self._bar is not None:
            self._bar.update(done - self._bar.n)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None


def count_received_files(settings: Settings) -> int:
    """How many received files the current snapshot holds; 0 where there is none that can be read."""
    try:
        store = open_current(settings)
    except StoreUnavailable:
        return 0
    found = int(store.query("SELECT count(*) AS files FROM source WHERE kind = 'received_file'").iloc[0, 0])
    store.close()
    return found


def run_build(settings: Settings, words: Words, *, empty: bool, discard_reports: bool) -> int:
    """Build the first (or a fresh) snapshot and say how long each step took. Reports that were loaded are not lost
    unasked."""
    files = count_received_files(settings)
    if files and not discard_reports:
        raise UserError("STORE-HAS-REPORTS", "store.has_reports", files=files)
    begun = time.perf_counter()
    bar = StepBar(words)
    try:
        pointer, durations = build_snapshot(settings, empty=empty, on_step=bar.show)
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


def run_list(settings: Settings, words: Words) -> int:
    """Every snapshot, newest first; the one in use is marked."""
    found = list_snapshots(settings.snapshot_directory)
    if not found:
        print(words.say("store.none", directory=settings.snapshot_directory))
        return 1
    try:
        current = parse_pointer(settings.pointer_file.read_text(encoding="utf-8")).id
    except (OSError, ValueError):
        current = ""
    for pointer in found:
        mark = "*" if pointer.id == current else " "
        print(f"{mark} {pointer.id}  {pointer.made_at}  {pointer.file}")
    return 0


def run_rollback(settings: Settings, words: Words, wanted: str | None) -> int:
    """Point at an older snapshot: the named one, or the newest one made before the present."""
    found = list_snapshots(settings.snapshot_directory)
    with hold_write_lock(settings):
        current = open_current(settings).pointer
        older = [
            pointer for pointer in found if (pointer.id == wanted if wanted else pointer.made_at < current.made_at)
        ]
        if not older:
            raise StoreUnavailable("STORE-NO-OLDER", "store.no_older", id=wanted or current.id)
        open_snapshot(older[0], settings).close()
        write_atomically(settings.pointer_file, older[0].to_json())
    print(words.say("store.rolled_back", id=older[0].id, made_at=older[0].made_at))
    return 0


def main(arguments: list[str] | None = None) -> int:
    """Run a command; returns the exit status (0 done, 1 something a person can put right)."""
    parser = argparse.ArgumentParser(prog="python -m data.snapshot", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    build = commands.add_parser("build", help="build and publish a snapshot")
    build.add_argument("--empty", action="store_true", help="real parts only, without the simulation")
    build.add_argument(
        "--discard-reports", action="store_true", help="build even where loaded reports would be left out"
    )
    commands.add_parser("list", help="every snapshot, newest first")
    commands.add_parser("rollback", help="point at an older snapshot").add_argument("id", nargs="?")
    chosen = parser.parse_args(arguments)
    settings, words = get_settings(), Words("vi")
    try:
        if chosen.command == "build":
            return run_build(settings, words, empty=chosen.empty, discard_reports=chosen.discard_reports)
        if chosen.command == "list":
            return run_list(settings, words)
        return run_rollback(settings, words, chosen.id)
    except UserError as problem:
        print(words.say(problem.words_key, **problem.values), file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
