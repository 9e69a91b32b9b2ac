"""Runs cost less and send the same: each thing that is done once, or together, is held against Streamlit's own way."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from screen import HOME, PAGES, open_page
from starlette.websockets import WebSocket
from streamlit.commands import navigation
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.scriptrunner import script_runner
from streamlit.runtime.session_manager import SessionClientDisconnectedError

from data.settings import Settings
from ui import light_runs
from ui.kept_parts import KEPT
from ui.light_runs import Together
from ui.sockets import Sockets, WatchSockets


def test_this_streamlit_has_what_is_replaced(monkeypatch: pytest.MonkeyPatch):
    light_runs.check_streamlit()
    monkeypatch.setattr(script_runner, "_mpa_v1", lambda path, more: None)
    with pytest.raises(RuntimeError, match="light_runs"):
        light_runs.check_streamlit()


def test_the_pages_are_those_that_streamlit_finds(
    use_store: Callable[[Path], None], small_settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    use_store(small_settings.var_directory)
    seen, build = [], navigation._navigation

    def noted(pages: list, **how: object):
        seen.append(([(page._page, page.url_path, page.title, page._default) for page in pages], how))
        return build(pages, **how)

    monkeypatch.setattr(navigation, "_navigation", noted)  # Streamlit's own imports it in each run
    monkeypatch.setattr(light_runs, "_navigation", noted)
    method = next(page for page in PAGES if page.stem == "method")
    own, links = [open_page(page).headline() for page in (HOME, method)], list_links()
    monkeypatch.setattr(script_runner, "_mpa_v1", light_runs.run_page)
    assert [open_page(page).headline() for page in (HOME, method)] == own
    monkeypatch.setattr(light_runs, "_installed", SimpleNamespace(is_set=lambda: True))
    assert type(light_runs.find_page("map")) is str and list_links() == links and len(links) > 8
    assert len(seen) == 6 and len(seen[0][0]) == len(PAGES) and all(one == seen[0] for one in seen)


def list_links() -> list[bytes]:
    """The menu's links as they are sent."""
    KEPT.clear()
    return [link.proto.SerializeToString(deterministic=True) for link in open_page(HOME).app.get("page_link")]


@pytest.mark.parametrize("section", ["theme", "theme.light", "theme.dark.sidebar"])
def test_the_theme_is_the_same(section: str):
    populate = getattr(app_session._populate_theme_msg, "__wrapped__", app_session._populate_theme_msg)
    copied, expected = light_runs.copy_theme(populate), CustomThemeConfig()
    populate(expected, section)
    for _ in range(2):
        made = CustomThemeConfig()
        copied(made, section)
        assert made == expected


def list_messages() -> list[ForwardMsg]:
    """An element twice at one place, of which the browser needs the last, and what is no element."""
    messages = [ForwardMsg(ref_hash="known"), ForwardMsg(), ForwardMsg(), ForwardMsg(script_finished=0)]
    for at, text in ((1, "first"), (2, "second")):
        messages[at].metadata.delta_path.extend([0, 1])
        messages[at].delta.new_element.html.body = text
    return messages


def test_messages_together_are_queued_and_sent_as_one_after_the_other():
    one_by_one, together, told = ForwardMsgQueue(), ForwardMsgQueue(), []
    for message in list_messages():
        one_by_one.enqueue(message)
    session = SimpleNamespace(_browser_queue=together)

    def enqueue(session: SimpleNamespace, message: ForwardMsg) -> None:
        session._browser_queue.enqueue(message)
        told.append(message)

    light_runs.enqueue_together(enqueue)(session, Together(list_messages()))
    assert len(told) == 1
    expected = one_by_one.flush()
    (sent,) = light_runs.flush_together(lambda self: self._browser_queue.flush())(session)
    assert list(sent) == expected and len(expected) == 3
    for unpacks in (False, True):
        assert asyncio.run(send([sent, ForwardMsg(ref_hash="alone")], unpacks)) == [
            one.SerializeToString() for one in (*expected, ForwardMsg(ref_hash="alone"))
        ]


def test_a_browser_that_does_not_read_is_given_up():
    async def write_much() -> int:
        client = make_client()
        with pytest.raises(SessionClientDisconnectedError):
            for _ in range(1000):
                light_runs.write_together(client, Together(list_messages()))
        assert client._closed.is_set()
        return client._send_queue.qsize()

    assert asyncio.run(write_much()) == light_runs.MOST_WAITING // len(list_messages())


async def send(messages: list, unpacks: bool = False) -> list[bytes]:
    """What a browser is sent: through the layer of this app that unpacks (ui/sockets.py), or straight."""
    sent: list[bytes] = []

    async def receive() -> dict:
        return {"type": "websocket.connect"}

    async def note(message: dict) -> None:
        if message["type"] == "websocket.send":
            sent.append(message["bytes"])

    async def serve(scope: dict, receive: Any, send: Any) -> None:
        websocket = WebSocket(scope, receive, send)
        await websocket.accept()
        client = make_client(websocket)
        sending = asyncio.create_task(light_runs.send_together(client))
        for message in messages:
            light_runs.write_together(client, message)
        await asyncio.sleep(0.01)
        assert client.waiting == 0
        sending.cancel()

    await (WatchSockets(serve, Sockets()) if unpacks else serve)({"type": "websocket"}, receive, note)
    return sent


def make_client(websocket: WebSocket | None = None) -> SimpleNamespace:
    return SimpleNamespace(_closed=asyncio.Event(), _send_queue=asyncio.Queue(500), _websocket=websocket)
