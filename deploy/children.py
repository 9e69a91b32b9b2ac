"""Processes that are started, kept alive and ended together."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from data.settings import PROJECT_ROOT

LIVED_WELL = 30.0  # seconds; who lived so long and dies is started at once, others after a pause that grows
LONGEST_PAUSE = 30.0
PR_SET_PDEATHSIG = 1


def say(sentence: str) -> None:
    """One line as ./run writes it."""
    print(f"[{time.strftime('%H:%M:%S')}] {sentence}", flush=True)


def stop_on_signals() -> threading.Event:
    """Set by Ctrl+C and SIGTERM; the same signal a second time ends this process, and with it its children."""
    stop = threading.Event()

    def note(number: int, _frame: object) -> None:
        if stop.is_set():
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
        stop.set()

    signal.signal(signal.SIGTERM, note)
    signal.signal(signal.SIGINT, note)
    return stop


def die_with_parent() -> None:
    """In the child: the system ends it when this process is gone, however it went."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Child:
    """One process; `log` takes what it writes (ours where there is none)."""

    def __init__(
        self, name: str, command: Sequence[str], more: Mapping[str, str] | None = None, log: Path | None = None
    ) -> None:
        self.name, self.command, self.log = name, list(command), log
        self.more = dict(more or {})
        self.process: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0
        self.pause = 0.0
        self.restarts = 0

    def start(self) -> None:
        output = self.log.open("ab") if self.log else None
        try:
            # A session of its own: Ctrl+C in a terminal is told to this process only, which ends its children in order.
            self.process = subprocess.Popen(
                self.command,
                cwd=PROJECT_ROOT,
                env=os.environ | self.more,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=die_with_parent,
            )
        finally:
            if output is not None:
                output.close()
        self.started_at = time.monotonic()

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def pid(self) -> int:
        return self.process.pid if self.process else 0

    def keep_alive(self) -> bool:
        """Start it anew where it died, and say so; True where that was done now."""
        if self.is_alive or self.process is None:
            return False
        now = time.monotonic()
        if self.pause == 0.0:
            self.pause = (
                now if now - self.started_at >= LIVED_WELL else now + min(2.0**self.restarts / 2, LONGEST_PAUSE)
            )
            say(f"{self.name} ended ({describe_end(self.process.returncode)}); it is started again")
        if now < self.pause:
            return False
        self.restarts = 0 if now - self.started_at >= LIVED_WELL else self.restarts + 1
        self.pause = 0.0
        self.start()
        return True

    def send(self, number: signal.Signals) -> None:
        if self.is_alive and self.process is not None:
            self.process.send_signal(number)

    def stop(self, number: signal.Signals, seconds: float) -> None:
        """Ask it to end, and end it where it has not after `seconds`."""
        if self.process is None:
            return
        self.send(number)
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            say(f"{self.name} did not end in {seconds:.0f} s and is ended")
            self.process.kill()
            self.process.wait()


def describe_end(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit status {code}"
