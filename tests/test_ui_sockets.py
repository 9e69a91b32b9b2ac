"""Runs are counted from the messages that travel, and a stopping process waits for those under way."""

import asyncio
import json
import logging

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.util import calc_hash

from data.settings import PROJECT_ROOT
from ui import drain
from ui.sockets import GOING, LONGEST_PUBLIC, TOO_BIG, Sockets, WatchSockets, read_page


def ask(page: str = "") -> bytes:
    message = BackMsg()
    message.rerun_script.query_string = "unit=38"
    message.rerun_script.page_name = page
    return message.SerializeToString()


def ended(status: int = ForwardMsg.FINISHED_SUCCESSFULLY) -> bytes:
    message = ForwardMsg(hash="a")
    message.script_finished = status
    return message.SerializeToString()


def play(sockets: Sockets, *script: bytes | str) -> tuple[list[int], list[dict]]:
    """Let an app receive (bytes that begin as a question) and send (the others); returns how many runs were under way after
    each step, and what was sent to the browser."""
    waiting = [item for item in script if isinstance(item, bytes) and item.startswith(b"\x5a")]
    counts, sent = [], []

    async def receive() -> dict:
        return {"type": "websocket.receive", "bytes": waiting.pop(0)}

    async def send(message: dict) -> None:
        sent.append(message)

    async def app(_scope: dict, receive, send) -> None:
        for item in script:
            if isinstance(item, bytes) and item.startswith(b"\x5a"):
                await receive()
            else:
                await send({"type": "websocket.send", "bytes": item})
            counts.append(sockets.running)

    asyncio.run(WatchSockets(app, sockets)({"type": "websocket"}, receive, send))
    return counts, sent


def test_a_run_is_under_way_from_the_question_to_the_end(caplog: pytest.LogCaptureFixture):
    sockets = Sockets()
    early = ended(ForwardMsg.FINISHED_EARLY_FOR_RERUN)
    with caplog.at_level(logging.INFO, "baophu"):
        counts, _ = play(sockets, ask("ranking"), b"x" * 500, ask("ranking"), early, ended(), ended())
    assert counts == [1, 1, 1, 1, 0, 0]
    assert sockets.open == 0 and sockets.finished == 1
    (said,) = [record.fields for record in caplog.records if record.getMessage() == "run"]
    assert said["page"] == "ranking" and said["ms"] >= 0 and "38" not in json.dumps(said | {"ms": 0})


def test_a_reader_who_goes_leaves_no_run_behind():
    sockets = Sockets()
    assert play(sockets, ask())[0] == [1]
    assert sockets.running == 0


def test_the_page_is_known_by_its_name_or_its_script():
    assert read_page(ask()) == "home" and read_page(ask("profile")) == "profile" and read_page(ask("../x")) == ""
    message = BackMsg()
    message.rerun_script.page_script_hash = calc_hash(str(PROJECT_ROOT / "pages" / "trends.py"))
    assert read_page(message.SerializeToString()) == "trends"
    assert read_page(b"\x5a\xff\xff") == ""


def test_a_stopping_process_takes_no_new_connection():
    assert play(Sockets(is_draining=True), ask()) == ([], [{"type": "websocket.close", "code": GOING}])


def test_a_proxy_is_told_by_503_that_a_process_stops_and_asks_the_next():
    sent: list[dict] = []

    async def receive() -> dict:
        return {"type": "websocket.connect"}

    async def send(message: dict) -> None:
        sent.append(message)

    scope = {"type": "websocket", "extensions": {"websocket.http.response": {}}}
    asyncio.run(WatchSockets(None, Sockets(is_draining=True))(scope, receive, send))
    assert sent[0]["status"] == 503 and sent[1]["type"] == "websocket.http.response.body"


def test_a_stopping_process_waits_for_the_runs_under_way_and_no_longer_than_it_may(monkeypatch: pytest.MonkeyPatch):
    sockets = Sockets(running=1)
    monkeypatch.setattr(drain, "SOCKETS", sockets)

    async def wait(answer_after: float | None) -> float:
        loop = asyncio.get_running_loop()
        if answer_after is not None:
            loop.call_later(answer_after, setattr, sockets, "running", 0)
        began = loop.time()
        await drain.wait_for_runs()
        return loop.time() - began

    assert 0.25 <= asyncio.run(wait(0.3)) < 3
    sockets.running = 1
    monkeypatch.setattr(drain, "most_seconds", lambda: 0.2)
    assert 0.2 <= asyncio.run(wait(None)) < 3


def test_the_public_edition_closes_a_connection_that_sends_what_no_reader_would(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("ui.sockets.longest_frame", lambda: LONGEST_PUBLIC)
    _, sent = play(Sockets(), ask("x" * LONGEST_PUBLIC))
    assert sent == [{"type": "websocket.close", "code": TOO_BIG}]
