"""Two habits of Streamlit that are mended on an answer's way out (a third, its files' size, in small_assets.py):

- `<html lang="en">` and the title are hard-coded: screen readers would read Vietnamese with English rules.
- Content-hashed files under /app/static carry no cache header.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl

import anyio
import anyio.to_thread
import brotli
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.error_pages import language_of
from ui.first_load import mend_html
from ui.first_look import FirstLook, find_first_look
from ui.page_list import MEETING
from ui.small_assets import IMMUTABLE

HASHED = re.compile(r"^/app/static/outlines/.+\.[0-9a-f]{8,}\.|^/app/static/fonts/.+\.woff2$")
FOUND = (200, 206, 304)  # an answer that says "not there" is never kept: the file may come with the next import


BROTLI_QUALITY = 4  # made anew for each visit: 2 ms for 60 kB
ASKED_OF_THE_FILE = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")
SAID_OF_THE_FILE = (b"content-length", b"etag", b"last-modified", b"accept-ranges")
LONGEST_WAIT = 0.5  # seconds that the page waits for its first look; one that comes later is there for the next reader


async def look_first(scope: Scope) -> FirstLook | None:
    """The first look of the home page at this address; None where there is none, or none yet."""
    params = dict(parse_qsl(scope["query_string"].decode("latin-1")))
    with anyio.move_on_after(LONGEST_WAIT):
        return await anyio.to_thread.run_sync(lambda: find_first_look(params), abandon_on_cancel=True)
    return None


async def settle(start: Message, body: bytes, asked: Mapping[bytes, bytes]) -> bytes:
    """The body as it is sent, small, or nothing where the browser has it already; `start` says which. The file's own date and
    tag know nothing of what was written into it."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'.encode()
    kept = [(k, v) for k, v in start["headers"] if k not in SAID_OF_THE_FILE]
    start["headers"] = [*kept, (b"etag", tag), (b"vary", b"Accept-Encoding")]
    if tag in asked.get(b"if-none-match", b""):
        start["status"] = 304
        return b""
    if b"br" in asked.get(b"accept-encoding", b""):
        body = await anyio.to_thread.run_sync(lambda: brotli.compress(body, quality=BROTLI_QUALITY))
        start["headers"].append((b"content-encoding", b"br"))
    start["headers"].append((b"content-length", str(len(body)).encode()))
    return body


class MendPage:
    """Make the one HTML page Vietnamese, and mark content-hashed files as immutable."""

    def __init__(self, app: ASGIApp, pages: frozenset[str]) -> None:
        self.app, self.pages = app, pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        if b"text/html" in headers.get(b"accept", b"") and scope["path"] in self.pages:
            # The page must arrive whole and uncompressed to be mended; it is 6 kB.
            scope = scope | {"headers": [(k, v) for k, v in scope["headers"] if k not in ASKED_OF_THE_FILE]}
        hashed = bool(HASHED.match(scope["path"]))
        start: Message | None = None
        page = bytearray()

        async def send_mended(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                kind = dict(message["headers"]).get(b"content-type", b"")
                if kind.startswith(b"text/html") and message["status"] == 200 and scope["path"] in self.pages:
                    start = message
                    return
                if hashed and message["status"] in FOUND:
                    message["headers"] = [*message["headers"], (b"cache-control", IMMUTABLE.encode())]
            elif start is not None and message["type"] == "http.response.body":
                page.extend(message.get("body", b""))
                if message.get("more_body"):
                    return
                is_home = scope["path"] == "/"
                body = mend_html(
                    bytes(page),
                    lang=language_of(scope),
                    has_map=is_home,
                    is_wall=scope["path"] == f"/{MEETING}",
                    is_first_view=is_home and not scope["query_string"],
                    look=await look_first(scope) if is_home else None,
                )
                message = {"type": "http.response.body", "body": await settle(start, body, headers)}
                await send(start)
            await send(message)

        await self.app(scope, receive, send_mended)
