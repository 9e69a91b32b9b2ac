"""Command: `python -m data.simulation remove`: the simulated part leaves the store for good; received reports stay."""

import argparse
import sys
from datetime import UTC, datetime

from data.atomic import write_atomically
from data.errors import UserError
from data.ingest.publish import hold_write_lock
from data.ingest.republish import republish
from data.settings import Settings, get_settings
from data.snapshot import add_wait
from data.store import Store, open_undamaged
from text.formats import Formats
from text.words import Words


def count_figures(store: Store) -> tuple[int, int, int]:
    """Monthly figures of units: simulated ones, received ones, and the months that hold any."""
    row = store.query(
        """
        SELECT count(*) FILTER (is_simulated) AS simulated, count(*) FILTER (NOT is_simulated) AS received,
               count(DISTINCT period) AS months
        FROM commune_month
        """
    ).iloc[0]
    return int(row["simulated"]), int(row["received"]), int(row["months"])


def run_remove(settings: Settings, words: Words, wait_seconds: float = 0) -> int:
    """Publish a snapshot without the simulated rows, and see to it that no later one has them."""
    count = Formats("vi").count
    with hold_write_lock(settings, wait_seconds):
        store = open_undamaged(settings)
        simulated, _, months = count_figures(store)
        store.close()
        was_removed = settings.simulation_marker.exists()
        if was_removed and not simulated:
            print(words.say("simulation.none"))
            return 0
        # The mark first: a writer that is stopped here finishes the removal with the next snapshot.
        write_atomically(settings.simulation_marker, f"{datetime.now(UTC):%Y-%m-%d}\n")
        try:
            pointer = republish(settings)
        except BaseException:
            if not was_removed:
                settings.simulation_marker.unlink(missing_ok=True)
            raise
        store = open_undamaged(settings)
        _, received, months_now = count_figures(store)
        store.close()
    print(words.say("simulation.removed", rows=count(simulated), months=count(months - months_now), id=pointer.id))
    print(words.say("simulation.kept", rows=count(received), months=count(months_now)))
    return 0


def main(arguments: list[str] | None = None) -> int:
    """Run a command; returns the exit status (0 done, 1 something a person can put right, 2 a wrong command line)."""
    parser = argparse.ArgumentParser(prog="python -m data.simulation", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    add_wait(commands.add_parser("remove", help="take the simulated part out for good"))
    chosen, words = parser.parse_args(arguments), Words("vi")
    try:
        return run_remove(get_settings(), words, chosen.wait)
    except UserError as problem:
        print(words.say(problem.words_key, **problem.values), file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
