"""The screens that most readers ask for, drawn by the server itself while nobody waits for it.

After a start and after every publish nothing is kept (ui/kept_parts.py), and on a news day everybody comes at once. So a server
of the public edition reads its own pages: as a session of Streamlit without a browser, one address after the other, two thirds
of the time at most, and only while no run of a reader is under way. Nothing is drawn that a reader would not be shown.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import anyio.to_thread
from streamlit import runtime
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.session_manager import SessionClient

from data.errors import StoreUnavailable
from data.settings import get_settings
from ui import loaders
from ui.journal import log_event
from ui.kept_parts import KEPT
from ui.light_runs import Together
from ui.loaders.snapshot import last_snapshot_id
from ui.page_list import PAGES
from ui.sockets import SOCKETS, Sockets
from ui.view import NATION, Catalogue, View, write_params

FIRST_AFTER = 15.0  # seconds after the start: other servers of the machine may still be starting
LOOK_AFTER = 5.0  # seconds between two looks whether another snapshot is in force
PAUSE = 0.1  # seconds between two looks whether readers' runs are over
LONGEST = 30.0  # seconds after which a screen is given up
MONTHS = 12  # the last so many, for the whole nation
NATION_PAGES = ("home", "ranking", "profile", "map", "trends", "roadmap")
PLACE_PAGES = ("home", "profile", "ranking", "map", "roadmap", "trends")
LEVEL_PAGES = ("home", "map")  # where the level of the nation's units can be chosen


@dataclass
class Progress:
    """How many of the first screens of the snapshot in force are drawn, as `/readyz` says."""

    drawn: int = 0
    of: int = 0


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
    """For every snapshot that comes in force, once."""
    drawn = ""
    await asyncio.sleep(FIRST_AFTER)
    while True:
        await asyncio.sleep(LOOK_AFTER)
        try:
            found = await anyio.to_thread.run_sync(lambda: loaders.open_store().pointer.id)
            if found != drawn and runtime.exists() and not SOCKETS.is_draining:
                drawn = found
                began = time.perf_counter()
                addresses = await anyio.to_thread.run_sync(lambda: list(list_addresses()))
                own = last_snapshot_id()
                count = await draw_all(addresses, lambda: last_snapshot_id() == own)  # noqa: B023  called in this round only
                ms = round((time.perf_counter() - began) * 1000)
                log_event("first_screens", count=count, ms=ms, **KEPT.describe())
        except StoreUnavailable:
            continue  # the pages say what to do


async def draw_all(
    addresses: Sequence[tuple[str, str]], is_in_force: Callable[[], bool], sockets: Sockets = SOCKETS
) -> int:
    """Draw one screen after the other in one session, until another snapshot is in force; how many."""
    client, count = Nobody(), 0
    PROGRESS.drawn, PROGRESS.of = 0, len(addresses)
    session = runtime.get_instance().connect_session(client=client, user_info={})
    try:
        for page, query in addresses:
            while sockets.running:
                await asyncio.sleep(PAUSE)
            if not is_in_force():
                break
            if sockets.is_draining:
                break
            began = time.perf_counter()
            client.ended.clear()
            runtime.get_instance().handle_backmsg(session, ask(page, query), client=client)
            await asyncio.wait_for(client.ended.wait(), LONGEST)
            count += 1
            PROGRESS.drawn = count
            await asyncio.sleep((time.perf_counter() - began) / 2)
    except TimeoutError:
        log_event("first_screen_given_up", page=page)
    finally:
        runtime.get_instance().close_session(session)
    return count


def ask(page: str, query: str) -> BackMsg:
    """What a browser sends that opens this address."""
    message = BackMsg()
    message.rerun_script.query_string = query
    message.rerun_script.page_name = "" if page == "home" else Path(PAGES[page]).stem
    message.rerun_script.widget_states.SetInParent()
    return message


def list_addresses() -> Iterator[tuple[str, str]]:
    """(page, query) of the screens, the likeliest first: the nation and every province, those with most communes first, at the
    month where the app opens, at the one before, and at that of a year before; then the nation's further months."""
    snapshot_id = loaders.open_store().snapshot_id
    catalogue = loaders.load_catalogue(snapshot_id)
    programme, period = catalogue.default_programme, catalogue.default_period
    months = [month for month in catalogue.programmes[programme] if month <= period][-MONTHS - 1 :][::-1]
    if not months:
        return
    seen: set[tuple[str, str]] = set()

    def address(page: str, month: str, **choices: str) -> Iterator[tuple[str, str]]:
        found = page, urlencode(write_params(View(programme, month, **choices), catalogue))
        if found not in seen:
            seen.add(found)
            yield found

    for month in dict.fromkeys((months[0], *months[1:2], *months[MONTHS:])):
        for page in NATION_PAGES:
            yield from address(page, month)
        for page in LEVEL_PAGES:
            for level in ("province", "district"):
                if level in catalogue.unit_levels[catalogue.boundary_of[month]].values():
                    yield from address(page, month, level=level)
        for code in list_provinces(snapshot_id, catalogue, catalogue.boundary_of[month]):
            for page in PLACE_PAGES:
                yield from address(page, month, unit=code)
    for month in months:
        for page in NATION_PAGES:
            yield from address(page, month)


def list_provinces(snapshot_id: str, catalogue: Catalogue, boundary_set: str) -> list[str]:
    """The provinces of a boundary set, those with most communes first."""
    parents = catalogue.unit_parents[boundary_set]
    weight = {code: 0 for code, parent in parents.items() if parent == NATION}
    for row in loaders.load_units(snapshot_id, boundary_set).itertuples(index=False):
        if row.level == "commune" and row.province_code in weight:
            weight[row.province_code] += 1
    return sorted(weight, key=lambda code: -weight[code])
