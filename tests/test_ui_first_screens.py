"""The server reads its own pages while nobody waits, at addresses that a reader would come to."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qsl

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from data.settings import Settings
from ui import first_screens
from ui.sockets import Sockets, read_page
from ui.takeaway.headless import open_frame


def test_the_addresses_are_those_a_reader_would_come_to(use_store: Callable[[Path], None], small_settings: Settings):
    use_store(small_settings.var_directory)
    addresses = list(first_screens.list_addresses())
    assert len(addresses) == len(set(addresses)) and addresses[0] == ("home", "")
    frames = [open_frame(page, dict(parse_qsl(query))) for page, query in addresses]
    assert not [frame.notices for frame in frames if frame.notices]
    places = {frame.view.unit for frame in frames}
    assert len(places) == 64 and {frame.view.period for frame in frames} >= {"2020-12", "2020-11"}
    asked = [first_screens.ask(page, query).SerializeToString() for page, query in addresses]
    assert [read_page(message) for message in asked] == [page for page, _ in addresses]


def test_screens_are_drawn_one_by_one_between_readers_and_the_session_goes(monkeypatch: pytest.MonkeyPatch):
    sockets, seen = Sockets(running=1), []

    class Runtime:
        def connect_session(self, client: first_screens.Nobody, user_info: dict) -> str:
            assert user_info == {}
            return "nobody's"

        def handle_backmsg(self, session: str, message: BackMsg, client: first_screens.Nobody) -> None:
            assert not sockets.running, "a reader waits"
            seen.append((session, message.rerun_script.query_string))
            if message.rerun_script.query_string != "never=ends":
                ended = ForwardMsg(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY)
                asyncio.get_running_loop().call_later(0.01, client.write_forward_msg, ended)

        def close_session(self, session: str) -> None:
            seen.append((session, "closed"))

    monkeypatch.setattr(first_screens, "runtime", SimpleNamespace(get_instance=Runtime))
    monkeypatch.setattr(first_screens, "LONGEST", 0.2)

    async def draw() -> int:
        asyncio.get_running_loop().call_later(0.15, setattr, sockets, "running", 0)
        return await first_screens.draw_all(
            [("home", "unit=38"), ("home", "never=ends"), ("map", "")], lambda: True, sockets
        )

    assert asyncio.run(draw()) == 1
    assert [query for _, query in seen] == ["unit=38", "never=ends", "closed"]
    assert (first_screens.PROGRESS.drawn, first_screens.PROGRESS.of) == (1, 3)
    seen.clear()  # another snapshot comes in force after the first screen
    screens = [("home", "unit=38"), ("map", "")]
    assert asyncio.run(first_screens.draw_all(screens, lambda: len(seen) < 1, sockets)) == 1
    assert [query for _, query in seen] == ["unit=38", "closed"]
