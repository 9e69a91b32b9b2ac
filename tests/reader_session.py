"""A reader without a browser: Streamlit's own messages over a WebSocket, as the page's scripts send them. For tests with real
servers, where a Chromium for each reader would be too much."""

from __future__ import annotations

import http.client
import re
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

ENDED = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
NEW_PLACE = re.compile(r"baophu_place=([0-9a-f]{32})")


class RunFailed(AssertionError):
    """A run that ended with a failure, or a page that is not there."""


class Reader:
    """One reader of the server at `url`: takes a page, keeps its connection, and asks again where that was cut."""

    def __init__(self, url: str, source: str = "127.0.0.1") -> None:
        self.url, self.place, self.source = url.rstrip("/"), "", source
        self._connection: ClientConnection | None = None

    def cookies(self) -> dict[str, str]:
        return {"Cookie": f"baophu_place={self.place}"} if self.place else {}

    def get(
        self, path: str, method: str = "GET", headers: Mapping[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        """(status, headers by small letters, body); cookies are kept as a browser keeps them."""
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(
            parts.hostname or "", parts.port, timeout=30, source_address=(self.source, 0)
        )
        with closing(connection):
            connection.request(method, path, headers=self.cookies() | dict(headers or {}))
            answer = connection.getresponse()
            found: dict[str, str] = {}
            for name, value in answer.getheaders():  # one that comes twice shows
                found[name.lower()] = f"{found[name.lower()]}, {value}" if name.lower() in found else value
            if given := NEW_PLACE.search(found.get("set-cookie", "")):
                self.place = given[1]
            return answer.status, found, answer.read()

    def open(self, page: str = "", query: str = "") -> bytes:
        """Open a page as a browser does, the HTML first; what the run sent."""
        status, _, _ = self.get(f"/{page}?{query}", headers={"Accept": "text/html"})
        if status != 200:
            raise RunFailed(f"/{page}?{query} answers {status}")
        self.close()
        return self.ask(page, query)

    def ask(self, page: str = "", query: str = "", within: float = 30) -> bytes:
        """Run a page; all bytes of its elements. Connects where there is no connection, once more where it was cut."""
        ends = time.monotonic() + within
        while True:
            try:
                if self._connection is None:
                    self._connection = self._connect()
                return self._run(self._connection, page, query, ends)
            except (OSError, WebSocketException, EOFError):
                self.close()
                if time.monotonic() >= ends:
                    raise
                time.sleep(0.1)

    def _connect(self) -> ClientConnection:
        parts = urlsplit(self.url)
        return connect(
            f"ws://{parts.netloc}/_stcore/stream",
            origin=self.url,
            subprotocols=["streamlit"],
            additional_headers=self.cookies(),
            max_size=None,
            open_timeout=10,
            source_address=(self.source, 0),
            legacy=True,
        )

    @staticmethod
    def _run(connection: ClientConnection, page: str, query: str, ends: float) -> bytes:
        message = BackMsg()
        message.rerun_script.query_string = query
        message.rerun_script.page_name = page
        connection.send(message.SerializeToString())
        sent = bytearray()
        while True:
            # a run that is late is a failure that says so, not a wait for ever
            data = connection.recv(timeout=max(0.1, ends - time.monotonic()))
            answer = ForwardMsg()
            answer.ParseFromString(data)
            kind = answer.WhichOneof("type")
            if kind == "page_not_found":
                raise RunFailed(f"there is no page {page!r}")
            if kind == "delta":
                if answer.delta.new_element.HasField("exception"):
                    raise RunFailed(answer.delta.new_element.exception.message)
                sent += data
            if kind == "script_finished":
                if answer.script_finished in ENDED:
                    return bytes(sent)
                if answer.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    raise RunFailed(f"{page!r} ended with {answer.script_finished}")

    def close(self) -> None:
        if self._connection is not None:
            with suppress(Exception):
                self._connection.close()
            self._connection = None
