"""What Streamlit does anew in each run, and message by message, that a server of these pages can do once.

Half of the time of a run whose screen is kept (ui/kept_parts.py) went to that: twelve page objects made from their files, the
theme read from two hundred options, and sixty messages each with a call to the event loop, a turn of it, and a write to the
socket. Here the pages and the theme are made once, and messages travel together: the readers are sent the same bytes in the same
order. `install` is called by the server alone; `tests/test_ui_light_runs.py` holds its work against Streamlit's own.
"""

from __future__ import annotations

import copy
import inspect
import threading
from collections.abc import Sequence
from contextlib import suppress
from functools import cache, lru_cache, wraps
from pathlib import Path
from typing import Any

from starlette.websockets import WebSocketDisconnect
from streamlit.commands.navigation import _navigation
from streamlit.navigation import page as navigation_page
from streamlit.navigation.page import Page, _create_page
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.runtime_util import serialize_forward_msg
from streamlit.runtime.scriptrunner import script_runner
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_run_context import get_script_run_ctx
from streamlit.runtime.session_manager import SessionClientDisconnectedError
from streamlit.web.server.starlette import starlette_websocket
from streamlit.web.server.starlette.starlette_websocket import StarletteSessionClient

from ui.page_list import PAGES
from ui.sockets import BEFORE, UNPACKS

_lock = threading.Lock()
_installed = threading.Event()
MOST_WAITING = starlette_websocket.WEBSOCKET_MAX_SEND_QUEUE_SIZE


class Together(tuple[ForwardMsg, ...]):
    """Messages that travel as one; where Streamlit asks what kind of message it is, it is none of its own."""

    __slots__ = ()

    def WhichOneof(self, _group: str) -> str:
        return "together"


def install() -> None:
    """Once per process, before its first session. Raises where this Streamlit has not what is replaced."""
    with _lock:
        if _installed.is_set():
            return
        check_streamlit()
        script_runner._mpa_v1 = run_page
        navigation_page.calc_hash = lru_cache(256)(navigation_page.calc_hash)  # of twelve names, forty times a run
        app_session._populate_theme_msg = copy_theme(app_session._populate_theme_msg)
        AppSession._enqueue_forward_msg = enqueue_together(AppSession._enqueue_forward_msg)
        AppSession.flush_browser_queue = flush_together(AppSession.flush_browser_queue)
        StarletteSessionClient.write_forward_msg = write_together
        StarletteSessionClient._sender = send_together
        _installed.set()


def check_streamlit() -> None:
    wanted = {
        navigation_page.calc_hash: ["s"],
        script_runner._mpa_v1: ["main_script_path"],
        app_session._populate_theme_msg: ["msg", "section"],
        AppSession._enqueue_forward_msg: ["self", "msg"],
        AppSession.flush_browser_queue: ["self"],
        StarletteSessionClient.write_forward_msg: ["self", "msg"],
        StarletteSessionClient._sender: ["self"],
    }
    for function, names in wanted.items():
        if list(inspect.signature(function).parameters) != names:
            raise RuntimeError(f"this Streamlit has another {function.__qualname__}: see ui/light_runs.py")


def travels_together(enqueue: Any) -> bool:
    """Whether messages given to a run's `enqueue` may be given as `Together`: those of a server's own runs."""
    return _installed.is_set() and type(getattr(enqueue, "__self__", None)) is ScriptRunner


@cache
def list_pages(main_script_path: str) -> tuple[Page, ...]:
    """The pages of the folder `pages`, made as Streamlit makes them in every run."""
    main = Path(main_script_path).resolve()
    others = (main.parent / path for name, path in PAGES.items() if name != "home")
    found = sorted((path for path in others if path.is_file()), key=script_runner.page_sort_key)
    return (_create_page(main, default=True), *map(_create_page, found))


def find_page(name: str) -> Page | str:
    """What `st.page_link` takes for a page (PAGES): on a server its object. A path is looked for on the disk anew by each of a
    menu's links."""
    context = get_script_run_ctx(suppress_warning=True) if _installed.is_set() else None
    if context is None:
        return PAGES[name]
    return _pages_by_path(context.main_script_path).get(Path(PAGES[name]).name, PAGES[name])


@cache
def _pages_by_path(main_script_path: str) -> dict[str, Page]:
    return {Path(str(page._page)).name: page for page in list_pages(main_script_path)}


def run_page(main_script_path: str) -> None:
    """Streamlit's `_mpa_v1`: the page that the address names. A run marks its pages, so each has copies of its own."""
    _navigation([copy.copy(page) for page in list_pages(main_script_path)], position="hidden", expanded=False).run()


def copy_theme(populate: Any) -> Any:
    """Streamlit's `_populate_theme_msg` for options that do not change while the process runs."""

    @cache
    def made(section: str) -> CustomThemeConfig:
        theme = CustomThemeConfig()
        populate(theme, section)
        return theme

    @wraps(populate)
    def copied(msg: CustomThemeConfig, section: str = "theme") -> None:
        if made(section).ByteSize():
            msg.CopyFrom(made(section))

    return copied


def enqueue_together(enqueue: Any) -> Any:
    @wraps(enqueue)
    def enqueue_all(self: AppSession, msg: ForwardMsg | Together) -> None:
        if not isinstance(msg, Together):
            enqueue(self, msg)
            return
        for one in msg[:-1]:
            self._browser_queue.enqueue(one)
        if msg:
            enqueue(self, msg[-1])

    return enqueue_all


def flush_together(flush: Any) -> Any:
    @wraps(flush)
    def flush_all(self: AppSession) -> Sequence[ForwardMsg | Together]:
        found = flush(self)
        return [Together(found)] if len(found) > 1 else found

    return flush_all


def write_together(self: StarletteSessionClient, msg: ForwardMsg | Together) -> None:
    """Streamlit's `write_forward_msg`; a browser that does not read is given up at as many messages."""
    if self._closed.is_set():
        raise SessionClientDisconnectedError
    frames = [serialize_forward_msg(one) for one in (msg if isinstance(msg, Together) else (msg,))]
    waiting = getattr(self, "waiting", 0)
    if waiting and waiting + len(frames) > MOST_WAITING:
        self._closed.set()
        raise SessionClientDisconnectedError
    self.waiting = waiting + len(frames)  # type: ignore[attr-defined]
    self._send_queue.put_nowait(frames)  # type: ignore[arg-type]


async def send_together(self: StarletteSessionClient) -> None:
    """Streamlit's `_sender`: what was written together goes to the socket in one turn of the loop, and so in one write."""
    try:
        with suppress(WebSocketDisconnect):
            while True:
                frames: Any = await self._send_queue.get()
                if self._websocket.scope.get(UNPACKS):
                    await self._websocket.send({"type": "websocket.send", "bytes": frames[-1], BEFORE: frames[:-1]})
                else:
                    for frame in frames:
                        await self._websocket.send_bytes(frame)
                self.waiting -= len(frames)  # type: ignore[attr-defined]
    except Exception:
        starlette_websocket._LOGGER.exception("Error sending websocket payload")
    finally:
        self._closed.set()
