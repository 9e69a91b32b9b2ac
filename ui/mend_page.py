"""Two habits of Streamlit that are mended on an answer's way out (a third, its files' size, in small_assets.py):

- `<html lang="en">` and the title are hard-coded: screen readers would read Vietnamese with English rules.
- Content-hashed files under /app/static carry no cache header.
"""

from __future__ import annotations

import re

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.error_pages import language_of
from ui.first_load import mend_html
from ui.small_assets import IMMUTABLE

HASHED = re.compile(r"^/app/static/outlines/.+\.[0-9a-f]{8,}\.|^/app/static/fonts/.+\.woff2$")
FOUND = (200, 206, 304)  # an answer that says "not there" is never kept: the file may come with the next import


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
            # The page must arrive uncompressed to be mended; it is 6 kB.
            scope = scope | {"headers": [(k, v) for k, v in scope["headers"] if k != b"accept-encoding"]}
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
                body = mend_html(
                    bytes(page),
                    lang=language_of(scope),
                    has_map=scope["path"] == "/",
                    is_first_view=scope["path"] == "/" and not scope["query_string"],
                )
                start["headers"] = [(k, v) for k, v in start["headers"] if k not in (b"content-length", b"etag")]
                start["headers"].append((b"content-length", str(len(body)).encode()))
                await send(start)
                message = {"type": "http.response.body", "body": body}
            await send(message)

        await self.app(scope, receive, send_mended)
