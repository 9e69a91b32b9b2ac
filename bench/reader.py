"""One reader of the app, as its browser speaks to the server: HTML, then a WebSocket with Streamlit's own messages.

No picture is drawn, so one process plays hundreds of readers; what is sent and asked for is what the browser sends and asks
for: the boxes' values, the presses of our markup and of the map, the hashes of messages it still has, and the map's figures
for hover by their address. A broken line is taken up again with the id of its session, as the browser does.
"""

from __future__ import annotations

import asyncio
import html
import json
import re
import struct
import time
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

import aiohttp
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

# How the browser names the presses of a component (frontend/lib/src/components/widgets/BidiComponent).
PRESSES = "$$STREAMLIT_INTERNAL_KEY_{}__events"
LONGEST_ANSWER = 30  # seconds after which an answer counts as lost
REACHES = 3  # times a reader whose line broke tries to take it up again
PAUSE = 0.4  # seconds before each of them
HEADLINE = re.compile(r'<h1 class="bp-headline"[^>]*>(.*?)</h1>', re.S)
FAILED = re.compile(r'class="bp-banner bp-error"[^>]*>(.*?)</div>', re.S)
CHOSEN = re.compile(r'<option value="([^"]*)" selected>')
MONTHS = re.compile(r'<select data-act="period".*?</select>', re.S)
PLACE = re.compile(r'<strong aria-current="page">(.*?)</strong>')


class Wrong(Exception):
    """An answer that is not what was asked for."""


@dataclass
class Page:
    """What stands on a reader's screen, as far as a reader needs it to go on."""

    headline: str = ""
    failure: str = ""
    components: dict[str, str] = field(default_factory=dict)  # key -> Streamlit's id
    markup: dict[str, str] = field(default_factory=dict)  # key -> markup of ui/markup.py
    boxes: dict[str, str] = field(default_factory=dict)  # id of a text box -> what stands in it
    buttons: dict[str, str] = field(default_factory=dict)  # key -> id
    links: dict[str, tuple[str, str]] = field(default_factory=dict)  # script of a page -> its hash and query
    map_header: dict = field(default_factory=dict)
    is_finished: bool = False

    def place(self) -> str:
        found = PLACE.search(self.markup.get("choices", ""))
        return html.unescape(found[1]) if found else ""

    def months(self) -> list[str]:
        """The months that can be chosen, newest first."""
        return re.findall(r'<option value="(\d{4}-\d{2})"', self._months())

    def month(self) -> str:
        """The month that is chosen; "" where none can be."""
        found = CHOSEN.search(self._months())
        return found[1] if found else ""

    def _months(self) -> str:
        """The drop-down of the months: that of the boundary sets has names that look like months."""
        found = MONTHS.search(self.markup.get("choices", ""))
        return found[0] if found else ""


@dataclass
class Answer:
    """One run: how long from the question to the end of the answer, its bytes and messages."""

    seconds: float
    bytes: int
    messages: int


class Reader:
    """A session. `open` first, then `press`, `pick`, `follow`, `type_text`; each returns its Answer or raises Wrong."""

    def __init__(self, address: str, source: str = "") -> None:
        """`source` is the address of this machine that the reader comes from (a proxy counts by it)."""
        self.address = address
        connector = aiohttp.TCPConnector(limit=4, local_addr=(source, 0) if source else None)
        self._web = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.CookieJar(unsafe=True),
            timeout=aiohttp.ClientTimeout(total=LONGEST_ANSWER),
            headers={"Accept-Encoding": "gzip, br", "User-Agent": "bench"},
        )
        self._line: aiohttp.ClientWebSocketResponse | None = None
        self.page = Page()
        self.query, self.script = "", ""
        self.session_id = ""
        self.broken = 0  # times the line had to be taken up again
        self._held: dict[str, int] = {}  # hash of a message -> run in which it was last used
        self._cached: dict[str, ForwardMsg] = {}
        self._runs, self._age = 0, 2
        self._fetched: set[str] = set()
        self._path = ""

    async def open(self, path: str = "", query: str = "") -> Answer:
        """The page as a browser opens it: HTML, the two questions of Streamlit's client, the line, the first run."""
        self._path, self.query = path, query
        await self._get(f"/{path}" + (f"?{query}" if query else ""), {"Accept": "text/html"})
        for name in ("health", "host-config"):
            await self._get(f"/_stcore/{name}")
        await self._connect()
        return await self._ask(path)

    async def press(self, key: str, kind: str, value: str) -> Answer:
        """A button or a choice in markup of ours."""
        return await self._trigger(key, "acted", {"kind": kind, "value": value})

    async def pick(self, unit: str) -> Answer:
        """A click on a unit of the map."""
        header = self.page.map_header
        said = {"unit": unit, "index": 0, "level": header["level"], "boundary_set": header["boundary_set"]}
        return await self._trigger("map", "picked", said)

    async def follow(self, script: str) -> Answer:
        """A link of the menu."""
        self.script, self.query = self.page.links[script]
        return await self._ask(boxes=False)

    async def type_text(self, text: str) -> Answer:
        """Letters in the search box."""
        for name in self.page.boxes:
            if name.endswith("-search_text"):
                self.page.boxes[name] = text
        return await self._ask()

    async def press_button(self, key: str) -> Answer:
        """A button of Streamlit's own."""
        message = self._message()
        state = message.rerun_script.widget_states.widgets.add()
        state.id, state.trigger_value = self.page.buttons[key], True
        return await self._run(message)

    async def close(self) -> None:
        if self._line is not None:
            await self._line.close()
        await self._web.close()

    async def _get(self, path: str, headers: dict[str, str] | None = None, may_be_gone: bool = False) -> None:
        async with self._web.get(self.address + path, headers=headers) as answer:
            await answer.read()
            if answer.status != 200 and not (may_be_gone and answer.status == 404):
                raise Wrong(f"{path.split('?')[0]} answered {answer.status}")

    async def _connect(self) -> None:
        protocols = ["streamlit", "PLACEHOLDER_AUTH_TOKEN", *([self.session_id] if self.session_id else [])]
        self._line = await self._web.ws_connect(
            self.address.replace("http", "ws", 1) + "/_stcore/stream",
            protocols=protocols,
            origin=self.address,
            max_msg_size=0,
            compress=0,
        )

    async def _trigger(self, key: str, event: str, value: object) -> Answer:
        message = self._message()
        state = message.rerun_script.widget_states.widgets.add()
        state.id = PRESSES.format(self.page.components[key])
        state.json_trigger_value = json.dumps([{"event": event, "value": value}])
        return await self._run(message)

    async def _ask(self, page_name: str = "", boxes: bool = True) -> Answer:
        message = self._message(boxes)
        message.rerun_script.page_name = page_name
        return await self._run(message)

    def _message(self, boxes: bool = True) -> BackMsg:
        """The question as far as every one says the same: address, page, values of boxes, what the browser still holds."""
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string, asked.page_script_hash = self.query, self.script
        asked.context_info.locale, asked.context_info.timezone = "vi-VN", "Asia/Ho_Chi_Minh"
        asked.widget_states.SetInParent()
        if boxes:
            for name, text in self.page.boxes.items():
                state = asked.widget_states.widgets.add()
                state.id, state.string_value = name, text
        asked.cached_message_hashes.extend(self._held)
        return message

    async def _run(self, message: BackMsg) -> Answer:
        """Ask and read to the end of the run, then fetch what the map asks for by address."""
        began = time.perf_counter()
        data = message.SerializeToString()
        for attempt in range(REACHES + 1):
            try:
                assert self._line is not None
                await self._line.send_bytes(data)
                size, count = await asyncio.wait_for(self._read_answer(), LONGEST_ANSWER)
                break
            except (aiohttp.ClientError, ConnectionError) as problem:
                if attempt == REACHES:
                    raise Wrong(f"the line broke: {type(problem).__name__}") from problem
                await self._take_up_again()
        taken = time.perf_counter() - began
        if self.page.failure:
            raise Wrong(f"the page says: {self.page.failure}")
        if not self.page.headline:
            raise Wrong("no headline")
        await self._fetch_figures()
        return Answer(taken, size, count)

    async def _take_up_again(self) -> None:
        self.broken += 1
        for attempt in range(10):
            await asyncio.sleep(PAUSE)
            try:
                await self._connect()
                return
            except (aiohttp.ClientError, ConnectionError):
                if attempt == 9:
                    raise Wrong("the line could not be taken up again") from None

    async def _read_answer(self) -> tuple[int, int]:
        """(bytes, messages) up to the end of the run. Raises ConnectionError where the line breaks."""
        assert self._line is not None
        size = count = 0
        page = Page()
        started = False
        while True:
            received = await self._line.receive()
            if received.type is not aiohttp.WSMsgType.BINARY:
                raise ConnectionError(f"closed with {self._line.close_code}")
            size, count = size + len(received.data), count + 1
            message = ForwardMsg()
            message.ParseFromString(received.data)
            kind = message.WhichOneof("type")
            if kind == "new_session":
                started, page = True, Page()
                self.session_id = message.new_session.initialize.session_id
                self._age = message.new_session.config.max_cached_message_age
            elif kind == "navigation":
                self.script = message.navigation.page_script_hash
            elif kind == "page_info_changed":
                self.query = message.page_info_changed.query_string
            elif kind == "script_finished" and started:
                if message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    continue
                if message.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY:
                    raise Wrong(f"the run ended with {message.script_finished}")
                break
            elif kind == "session_event":
                raise Wrong("the server reports an error of the session")
            elif kind == "ref_hash":
                if message.ref_hash not in self._cached:
                    raise Wrong("the answer refers to a message that the browser no longer has")
                self._held[message.ref_hash] = self._runs
                self._note(page, self._cached[message.ref_hash])
            elif kind == "delta":
                if message.metadata.cacheable:
                    self._held[message.hash], self._cached[message.hash] = self._runs, message
                self._note(page, message)
        self._forget_old()
        self.page = page
        return size, count

    def _forget_old(self) -> None:
        """What Streamlit's client drops after some runs without use."""
        self._runs += 1
        for name in [name for name, used in self._held.items() if self._runs - used > self._age]:
            del self._held[name], self._cached[name]

    def _note(self, page: Page, message: ForwardMsg) -> None:
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "html":
            body = element.html.body
            if '<h1 class="bp-headline"' in body and (found := HEADLINE.search(body)):
                page.headline = html.unescape(found[1])
            elif found := FAILED.search(body):
                page.failure = found[1]
        elif kind == "bidi_component":
            name = element.bidi_component.id
            key = name.rsplit("-", 1)[1]
            page.components[key] = name
            if element.bidi_component.WhichOneof("data") == "json":
                if key == "choices":
                    page.markup[key] = json.loads(element.bidi_component.json)
                else:
                    page.markup[key] = element.bidi_component.json
            elif key == "map":
                (length,) = struct.unpack_from("<I", element.bidi_component.bytes)
                page.map_header = json.loads(element.bidi_component.bytes[4 : 4 + length])
        elif kind == "text_input":
            box = element.text_input
            # A box keeps what was typed in it until the page says otherwise.
            page.boxes[box.id] = box.value if box.set_value else self.page.boxes.get(box.id, "")
        elif kind == "button":
            page.buttons[element.button.id.rsplit("-", 1)[1]] = element.button.id
        elif kind == "page_link":
            if not element.page_link.disabled:
                page.links[element.page_link.page] = (
                    element.page_link.page_script_hash,
                    element.page_link.query_string,
                )
        elif kind == "exception":
            page.failure = element.exception.message

    async def _fetch_figures(self) -> None:
        """The map's figures for hover and its classes over time; each once, as the browser keeps them."""
        header = self.page.map_header
        wanted = [header["rest"].format(period=header["period"])] if header.get("rest") else []
        wanted += [header["values"]] if header.get("values") else []
        for address in wanted:
            if address not in self._fetched:
                # Figures of a snapshot that was replaced while the page was drawn may be gone: the next answer names new ones.
                await self._get(address, may_be_gone=True)
                self._fetched.add(address)

    def params(self) -> dict[str, str]:
        return dict(parse_qsl(self.query))
