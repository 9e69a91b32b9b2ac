"""What goes on in the readers' WebSockets: how many are open, which runs are not answered yet, how long each took.

Streamlit has no hook around a run of a page, but its messages say when one was asked for and when it ended. The counts
tell a stopping process when it may go (ui/drain.py); each run is one line of the log.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from google.protobuf.message import DecodeError
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.util import calc_hash

from data.settings import PROJECT_ROOT, get_settings
from ui.journal import log_event
from ui.loaders.snapshot import last_snapshot_id
from ui.page_list import PAGES

RERUN = b"\x5a"  # how a message of a browser begins that asks for a run (field rerun_script)
MOST_PARSED = 100_000  # bytes; a message with a dropped file is longer, and its page is not looked up
LONGEST_END = 400  # bytes; a message that says that a run ended has some dozens
ENDED = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
# What stands in the bytes of such a message: of sixty short ones a run, one or two are taken apart.
SIGNS = tuple(ForwardMsg(script_finished=status).SerializeToString() for status in ENDED)
TOO_BIG = 1009
FOREIGN = 1008
GOING = 1012
# A reader of the public edition sends no file: what is longer than this is no click of ours.
LONGEST_PUBLIC = 256_000
# In the scope of a connection: that a message to it may carry others to be sent before it, under BEFORE. Sixty messages of a run
# then pass the layers between Streamlit and the socket as one.
UNPACKS, BEFORE = "baophu.unpacks", "baophu.before"


def longest_frame() -> int | None:
    """How long a message of a browser may be, in bytes; None for Streamlit's own limit."""
    return LONGEST_PUBLIC if get_settings().edition == "public" else None


@dataclass
class Sockets:
    """The open connections of this process and the runs that were asked for and not answered."""

    open: int = 0
    running: int = 0
    is_draining: bool = False
    finished: int = 0


SOCKETS = Sockets()


@cache
def pages_by_hash() -> dict[str, str]:
    """Streamlit's name of each page's script, by what it sends: a hash of the path."""
    return {calc_hash(str(Path(PROJECT_ROOT / path).resolve())): name for name, path in PAGES.items()}


def is_same_origin(scope: Scope) -> bool:
    """Whether a page of this very server asks for the connection. Streamlit lets every port of this machine's names in as well,
    and asks an outside host for its own address where the origin is another. A program sends no origin."""
    headers = dict(scope.get("headers", ()))
    origin = headers.get(b"origin")
    return origin is None or urlsplit(origin).netloc.lower() == headers.get(b"host", b"").lower()


class WatchSockets:
    """Count connections and runs, log each run, and refuse what no browser of ours would send."""

    def __init__(self, app: ASGIApp, sockets: Sockets = SOCKETS) -> None:
        self.app, self.sockets = app, sockets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        is_foreign = not is_same_origin(scope)
        if self.sockets.is_draining or is_foreign:
            await receive()
            if is_foreign:
                await send({"type": "websocket.close", "code": FOREIGN})
            else:
                await refuse_connection(scope, send)
            return
        connection = Connection(self.sockets, receive, send)
        self.sockets.open += 1
        try:
            await self.app({**scope, UNPACKS: True}, connection.receive, connection.send)
        finally:
            self.sockets.open -= 1
            connection.end()


async def refuse_connection(scope: Scope, send: Send) -> None:
    """No connection to a process that is about to stop: 503, by which a proxy knows to ask the next one."""
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": GOING})
        return
    await send({"type": "websocket.http.response.start", "status": 503, "headers": [(b"retry-after", b"5")]})
    await send({"type": "websocket.http.response.body", "body": b""})


class Connection:
    """One reader's connection: at most one run is under way, however often it was asked for."""

    def __init__(self, sockets: Sockets, receive: Receive, send: Send) -> None:
        self.sockets, self._receive, self._send = sockets, receive, send
        self.began: float | None = None
        self.page = ""
        self.limit = longest_frame()

    async def receive(self) -> Message:
        message = await self._receive()
        data = message.get("bytes") if message["type"] == "websocket.receive" else None
        if data and self.limit is not None and len(data) > self.limit:
            await self._send({"type": "websocket.close", "code": TOO_BIG})
            log_event("frame_refused", bytes=len(data))
            return {"type": "websocket.disconnect", "code": TOO_BIG}
        if data and data.startswith(RERUN):
            self.begin(data)
        return message

    async def send(self, message: Message) -> None:
        for data in message.pop(BEFORE, ()):
            await self.send_one({"type": "websocket.send", "bytes": data})
        await self.send_one(message)

    async def send_one(self, message: Message) -> None:
        data = message.get("bytes") if message["type"] == "websocket.send" else None
        if data and len(data) < LONGEST_END and self.began is not None:
            self.note_end(data)
        await self._send(message)

    def begin(self, data: bytes) -> None:
        self.page = read_page(data) or self.page
        if self.began is None:
            self.began = time.perf_counter()
            self.sockets.running += 1

    def note_end(self, data: bytes) -> None:
        if not any(sign in data for sign in SIGNS):
            return
        message = ForwardMsg()
        try:
            message.ParseFromString(data)
        except DecodeError:
            return
        if message.WhichOneof("type") == "script_finished" and message.script_finished in ENDED:
            took = time.perf_counter() - (self.began or 0)
            self.end()
            self.sockets.finished += 1
            log_event("run", page=self.page, ms=round(took * 1000), snapshot=last_snapshot_id())

    def end(self) -> None:
        if self.began is not None:
            self.began = None
            self.sockets.running -= 1


def read_page(data: bytes) -> str:
    """The page that a message asks to run; "" where it does not say so or names none of ours."""
    message = BackMsg()
    if len(data) > MOST_PARSED:
        return ""
    try:
        message.ParseFromString(data)
    except DecodeError:
        return ""
    asked = message.rerun_script
    if asked.page_script_hash:
        return pages_by_hash().get(asked.page_script_hash, "")
    return asked.page_name if asked.page_name in PAGES else "" if asked.page_name else "home"
