"""The log: one JSON object a line, for a machine to read. What happened, with which snapshot, how long it took.

Nothing in it is about a person: no address of a reader's machine, no cookie, no query, no search text, no file name.
Lines of uvicorn and Streamlit that would name a reader's machine are left out; their warnings come in the same form.
"""

from __future__ import annotations

import json
import logging
import sys
import time
import traceback
from datetime import UTC, datetime
from typing import IO

from starlette.types import ASGIApp, Message, Receive, Scope, Send

EVENTS = "baophu"
# uvicorn tells of every connection with the address it came from; what matters of it is told by ui/sockets.py.
QUIET = {"uvicorn": logging.WARNING, "uvicorn.error": logging.WARNING, "uvicorn.access": logging.ERROR}

TOLD = frozenset({"take", "open", "embed", "layers"})  # first parts of addresses whose answers take work or are copies


def log_event(event: str, **fields: object) -> None:
    """Write one event; `fields` are plain values, without anything about a person."""
    logging.getLogger(EVENTS).info(event, extra={"fields": fields})


class JsonLines(logging.Formatter):
    """A record as one JSON object: at, level, event, and its fields."""

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
        }
        if record.name != EVENTS:
            said["logger"] = record.name
        said |= getattr(record, "fields", {})
        if record.exc_info:
            said["trace"] = "".join(traceback.format_exception(*record.exc_info))
        return json.dumps(said, ensure_ascii=False, default=str)


def start_journal(stream: IO[str] | None = None) -> None:
    """From now on every logger of this process writes in this form to `stream` (standard output)."""
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.captureWarnings(True)  # those of packages are lines like any other
    logging.getLogger(EVENTS).setLevel(logging.INFO)
    for name, logger in list(logging.Logger.manager.loggerDict.items()):
        # Streamlit and uvicorn give their loggers handlers of their own.
        if isinstance(logger, logging.Logger) and name.split(".")[0] in ("streamlit", "uvicorn"):
            logger.handlers[:], logger.propagate = [], True
    for name, level in QUIET.items():
        logging.getLogger(name).setLevel(level)


class LogRequests:
    """One line for each page and file that was asked for (scripts, typefaces and outlines are not told), and for every
    failure: the first part of the address only, its status and how long it took."""

    def __init__(self, app: ASGIApp, pages: frozenset[str]) -> None:
        self.app, self.pages = app, pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status = time.perf_counter(), 0

        async def send_noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_noted)
        finally:
            part = scope["path"].split("/")[1][:20]
            if scope["path"] in self.pages or part in TOLD or status >= 500:
                known = part if scope["path"] in self.pages or part in TOLD else "other"
                log_event(
                    "request", part=known or "home", status=status, ms=round((time.perf_counter() - began) * 1000)
                )
