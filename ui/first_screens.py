"""The screens that most readers ask for, drawn by the server itself while nobody waits for it.

After a start and after every publish nothing is kept (ui/kept_parts.py), and on a news day everybody comes at once. So a server
of the public edition reads its own pages: as a session of Streamlit without a browser, one address after the other, two thirds
of the time at most, and only while no run of a reader is under way. Nothing is drawn that a reader would not be shown. Where the
screens stand in a book already (ui/screens.py), it reads one of each kind: what a press does is in no book.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import anyio.to_thread
from streamlit import runtime
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.session_manager import SessionClient

from data.errors import StoreUnavailable
from data.settings import get_settings
from ui import loaders
from ui.book import take_book
from ui.journal import log_event
from ui.kept_parts import KEPT
from ui.light_runs import Together
from ui.loaders.snapshot import last_snapshot_id
from ui.page_list import PAGES
from ui.screen_list import Address, list_addresses, list_kinds
from ui.sockets import SOCKETS, Sockets

FIRST_AFTER = 15.0  # seconds after the start: other servers of the machine may still be starting
LOOK_AFTER = 5.0  # seconds between two looks whether another snapshot is in force
PAUSE = 0.1  # seconds between two looks whether readers' runs are over
LONGEST = 30.0  # seconds after which a screen is given up


@dataclass
class Progress:
    """How many of the first screens of the snapshot in force are drawn, and whether the others stand in a book (`/readyz`)."""

    drawn: int = 0
    of: int = 0
    has_book: bool = False


PROGRESS = Progress()


class Nobody(SessionClient):
    """Takes the messages of a session and keeps only that a run has ended."""

    client_context = None

    def __init__(self) -> None:
        self.ended = asyncio.Event()

    def write_forward_msg(self, message: ForwardMsg | Together) -> None:
        for one in message if isinstance(message, Together) else (message,):
            if one.WhichOneof("type") == "script_finished" and one.script_finished in (
                ForwardMsg.FINISHED_SUCCESSFULLY,
                ForwardMsg.FINISHED_WITH_COMPILE_ERROR,
            ):
                self.ended.set()


@asynccontextmanager
async def draw_first_screens() -> AsyncIterator[None]:
    """Draw them behind the readers while the block lasts; the internal edition has few readers, who see what is theirs."""
    drawing = asyncio.create_task(keep_drawing()) if get_settings().edition == "public" else None
    try:
        yield
    finally:
        if drawing is not None:
            drawing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await drawing


async def keep_drawing() -> None:
    """For every snapshot that comes in force, once; and look whether a book of it has come."""
    drawn = ""
    PROGRESS.has_book = await anyio.to_thread.run_sync(take_book)
    await asyncio.sleep(FIRST_AFTER)
    while True:
        await asyncio.sleep(LOOK_AFTER)
        try:
            PROGRESS.has_book = await anyio.to_thread.run_sync(take_book)
            found = await anyio.to_thread.run_sync(lambda: loaders.open_store().pointer.id)
            if found != drawn and runtime.exists() and not SOCKETS.is_draining:
                drawn = found
                began = time.perf_counter()
                addresses = await anyio.to_thread.run_sync(list_wanted)
                own, had_book = last_snapshot_id(), PROGRESS.has_book
                count = await draw_all(addresses, lambda: last_snapshot_id() == own and take_book() == had_book)  # noqa: B023
                ms = round((time.perf_counter() - began) * 1000)
                log_event("first_screens", count=count, ms=ms, book=PROGRESS.has_book, **KEPT.describe())
        except StoreUnavailable:
            continue  # the pages say what to do


def list_wanted() -> list[Address]:
    return list(list_kinds() if PROGRESS.has_book else list_addresses())


async def draw_all(addresses: Sequence[Address], is_in_force: Callable[[], bool], sockets: Sockets = SOCKETS) -> int:
    """Draw one screen after the other in one session, until another snapshot is in force; how many."""
    count = 0
    PROGRESS.drawn, PROGRESS.of = 0, len(addresses)
    async with open_screens(Nobody()) as draw:
        for page, query in addresses:
            while sockets.running:
                await asyncio.sleep(PAUSE)
            if not is_in_force() or sockets.is_draining:
                break
            began = time.perf_counter()
            try:
                await draw(page, query)
            except TimeoutError:
                log_event("first_screen_given_up", page=page)
                break
            count += 1
            PROGRESS.drawn = count
            await asyncio.sleep((time.perf_counter() - began) / 2)
    return count


@asynccontextmanager
async def open_screens(client: Nobody) -> AsyncIterator[Callable[[str, str], Awaitable[None]]]:
    """A session without a browser: awaiting `draw(page, query)` opens a page in it, and raises TimeoutError after LONGEST."""
    session = runtime.get_instance().connect_session(client=client, user_info={})

    async def draw(page: str, query: str) -> None:
        client.ended.clear()
        runtime.get_instance().handle_backmsg(session, ask(page, query), client=client)
        await asyncio.wait_for(client.ended.wait(), LONGEST)

    try:
        yield draw
    finally:
        runtime.get_instance().close_session(session)


def ask(page: str, query: str) -> BackMsg:
    """What a browser sends that opens this address."""
    message = BackMsg()
    message.rerun_script.query_string = query
    message.rerun_script.page_name = "" if page == "home" else Path(PAGES[page]).stem
    message.rerun_script.widget_states.SetInParent()
    return message
