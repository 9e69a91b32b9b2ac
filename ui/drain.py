"""How the process stops: it takes no new reader, lets runs under way be answered, and then closes.

On SIGTERM uvicorn would close every connection at once, also of a reader whose answer is a tenth of a second away.
`/readyz` says `draining` from then on, new pages and connections get 503 (a proxy asks the next replica), and when no run
is under way, or after `drain_seconds`, uvicorn's own end follows. A second SIGTERM, and Ctrl+C, end it at once.
"""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from types import FrameType

from starlette.types import ASGIApp, Receive, Scope, Send

from data.settings import get_settings
from ui.error_pages import say
from ui.journal import log_event
from ui.sockets import SOCKETS

POLL_SECONDS = 0.05
_tasks: set[asyncio.Task[None]] = set()


def drain_on_term() -> None:
    """Take over SIGTERM from uvicorn, whose handler is called once the runs are answered."""
    if threading.current_thread() is not threading.main_thread():
        return  # a server in a thread (tests) is stopped by whoever started it
    stop = signal.getsignal(signal.SIGTERM)
    loop = asyncio.get_running_loop()
    if not callable(stop):
        return

    def begin_drain(number: int, stack: FrameType | None) -> None:
        if SOCKETS.is_draining:
            stop(number, stack)
            return
        SOCKETS.is_draining = True
        loop.call_soon_threadsafe(start_drain)

    def start_drain() -> None:
        task = loop.create_task(wait_for_runs())
        _tasks.add(task)
        task.add_done_callback(lambda _: stop(signal.SIGTERM, None))

    signal.signal(signal.SIGTERM, begin_drain)


def most_seconds() -> float:
    return get_settings().drain_seconds


async def wait_for_runs() -> None:
    """Until every run is answered, at most `drain_seconds`."""
    began, running = time.monotonic(), SOCKETS.running
    while SOCKETS.running and time.monotonic() - began < most_seconds():
        await asyncio.sleep(POLL_SECONDS)
    log_event(
        "drained",
        runs=running,
        unfinished=SOCKETS.running,
        open=SOCKETS.open,
        ms=round((time.monotonic() - began) * 1000),
    )


class RefuseWhileDraining:
    """No new reader for a process that is about to stop: a proxy asks the next replica, a browser alone is told to wait.
    Files, and what open pages still ask for, are answered to the end."""

    def __init__(self, app: ASGIApp, pages: frozenset[str]) -> None:
        self.app, self.pages = app, pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and SOCKETS.is_draining and scope["path"] in self.pages:
            await say(503, scope)(scope, receive, send)
            return
        await self.app(scope, receive, send)
