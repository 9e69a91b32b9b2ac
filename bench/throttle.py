"""Give processes that this run started a share of a core each, as if each stood on a small machine of its own."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

PERIOD = 0.05  # seconds; a question waits no longer than this for its server's turn


@contextmanager
def held_back(pids: Sequence[int], share: float) -> Iterator[None]:
    """Within the block each process runs `share` of the time, one after the other, and stands still otherwise.

    At most `1 / share` processes: their turns do not overlap, so that they do not wait for one another's core.
    """
    if not 0 < share * len(pids) <= 1:
        raise ValueError(f"{len(pids)} turns of {share:.0%} do not fit one after the other")
    done = threading.Event()

    def give_turns() -> None:
        rest = PERIOD * (1 - share * len(pids))
        while not done.is_set():
            for pid in pids:
                os.kill(pid, signal.SIGCONT)
                done.wait(PERIOD * share)
                os.kill(pid, signal.SIGSTOP)
            if rest > 0:
                done.wait(rest)

    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    turning = threading.Thread(target=give_turns, daemon=True)
    turning.start()
    try:
        yield
    finally:
        done.set()
        turning.join()
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
