"""The part of a server that keeps up with its source: one thread, in a process that was told BAOPHU_SOURCE."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

from data.errors import StoreUnavailable, UserError
from data.replica import Pulled, pull_for_ever
from data.settings import get_settings
from ui import loaders, reader
from ui.claims import ANYBODY
from ui.warm_up import warm_pages

log = logging.getLogger("baophu")


class Follower:
    """What the source said last. `problem` is the code of what is wrong now; None while all is well."""

    def __init__(self) -> None:
        self.asked_at: str | None = None
        self.problem: str | None = None

    def note_pulled(self, pulled: Pulled) -> None:
        self._note(None)
        if pulled.switched:
            fields = {"snapshot": pulled.snapshot_id, "files": pulled.files, "bytes": pulled.bytes}
            log.info("source_pulled", extra={"fields": fields})
            with suppress(StoreUnavailable), reader.acting(ANYBODY):
                loaders.warm_up()  # so that no reader waits for what every first page needs
                warm_pages()

    def note_problem(self, problem: UserError) -> None:
        was = self.problem
        self._note(problem.code)
        if was != problem.code:  # said once, not at every question
            log.warning("source_failed", extra={"fields": {"code": problem.code, "detail": str(problem)}})

    def _note(self, problem: str | None) -> None:
        self.asked_at = datetime.now(UTC).isoformat(timespec="seconds")
        self.problem = problem

    def describe(self) -> dict[str, str | None]:
        """For /readyz."""
        return {"asked_at": self.asked_at, "problem": self.problem}


follower = Follower()


@contextmanager
def follow_source() -> Iterator[None]:
    """Keep up with the source while the server runs; nothing at all where this installation has none."""
    settings = get_settings()
    if not settings.source_url:
        yield
        return
    stop = threading.Event()
    thread = threading.Thread(
        target=pull_for_ever,
        args=(settings, stop, follower.note_pulled, follower.note_problem),
        name="baophu-source",
        daemon=True,  # a fetch under way leaves a partial file at the worst, which the next one removes
    )
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=1)
