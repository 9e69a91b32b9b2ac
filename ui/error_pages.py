"""What a reader sees where there is no page: one plain sentence in their language, a code, and the way back.

Streamlit answers every unknown address with its own page and 200, and then an English dialogue. Requests of programs
(no `text/html` among what they accept) keep the short answers that they get.
"""

from __future__ import annotations

import logging
import secrets
from html import escape
from urllib.parse import parse_qs

from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from text.words import DEFAULT_LANGUAGE, LANGUAGES, Words
from ui import appearance, style
from ui.security import EMBED

SAID = {400: "bad_request", 404: "not_found", 405: "not_found", 414: "too_long", 431: "too_long", 500: "failed"}
SAID |= {503: "busy"}
LONGEST_QUERY = 4_000  # characters; the longest address of a page of ours has some hundreds
LONGEST_HEADERS = 16_000
RETRY_SECONDS = "5"
PLAIN = 1_000  # characters of a plain sentence that a route of ours gave; it is kept


def language_of(scope: Scope) -> str:
    """The language that an address asks for."""
    asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("lang", [DEFAULT_LANGUAGE])[0]
    return asked if asked in LANGUAGES else DEFAULT_LANGUAGE


def wants_page(scope: Scope) -> bool:
    """Whether a person in a browser asked, and not a script or a program."""
    return b"text/html" in dict(scope["headers"]).get(b"accept", b"")


def error_page(status: int, lang: str, sentence: str = "", code: str = "", *, is_framed: bool = False) -> Response:
    """The page of an error; `sentence` replaces the usual one, `code` is what the log names it by. `is_framed`: it stands in a
    frame on another website, where no other page of ours may stand."""
    words, kind = Words(lang), SAID.get(status, "failed")
    heading = words.say(f"server.{kind}_title")
    told = sentence or words.say(f"server.{kind}")
    tail = f"<p><small>{escape(words.say('error.code', code=code))}</small></p>" if code else ""
    target = ' target="_blank" rel="noopener"' if is_framed else ""
    home = f'<p><a href="/{"?lang=en" if lang == "en" else ""}"{target}>{escape(words.say("server.home"))}</a></p>'
    body = plain_page(heading, f"<p>{escape(told)}</p>{tail}{home}", lang)
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": RETRY_SECONDS} if status == 503 else {})
    return HTMLResponse(body, status, headers)


def plain_page(heading: str, body: str, lang: str) -> str:
    """A whole page of one heading and a few lines of markup, without a file of its own, light or dark as every page."""
    words = Words(lang)
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(heading)} · {escape(words.say('app.title'))}</title>"
        f"<script>{appearance.script()}</script>"
        f"<style>{style.variables()}body{{margin:12vh auto;max-width:36rem;padding:0 1rem;"
        "font:18px/1.5 'Be Vietnam Pro',system-ui,sans-serif}"
        "html{background:var(--ground);color:var(--ink)}h1{font-size:1.6rem}a{color:var(--accent)}"
        "a.way{display:inline-block;padding:.5rem 1.2rem;border-radius:4px;background:var(--accent);"
        "color:var(--ground);text-decoration:none}</style></head>"
        f"<body><main><h1>{escape(heading)}</h1>{body}</main></body></html>"
    )


class SayErrors:
    """Answer unknown addresses, refusals and failures in plain words. `pages` are the addresses that have a page."""

    def __init__(self, app: ASGIApp, pages: frozenset[str]) -> None:
        self.app, self.pages = app, pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if (status := find_excess(scope)) is not None:
            await say(status, scope)(scope, receive, send)
            return
        begun = False
        kept: list[Message] = []

        async def send_told(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                status = self.judge(scope, message)
                if status is not None:
                    kept.append(message | {"status": status})
                    return
            elif kept:
                kept.append(message)
                if not message.get("more_body"):
                    await say(kept[0]["status"], scope, read_sentence(kept))(scope, receive, send)
                return
            await send(message)

        try:
            await self.app(scope, receive, send_told)
        except Exception:
            code = f"WEB-{secrets.token_hex(3).upper()}"
            logging.getLogger(__name__).exception("%s", code)
            if begun and not kept:
                raise
            await say(500, scope, code=code)(scope, receive, send)

    def judge(self, scope: Scope, start: Message) -> int | None:
        """The status of the page to answer with instead; None where the answer stands."""
        kind = dict(start["headers"]).get(b"content-type", b"")
        is_ours = scope["path"] in self.pages or scope["path"].startswith(EMBED)
        if start["status"] == 200 and kind.startswith(b"text/html") and not is_ours:
            return 404
        return start["status"] if start["status"] in SAID and wants_page(scope) else None


def find_excess(scope: Scope) -> int | None:
    """The status for a request that is larger than any of ours."""
    if len(scope["query_string"]) > LONGEST_QUERY:
        return 414
    total = sum(len(name) + len(value) for name, value in scope["headers"])
    return 431 if total > LONGEST_HEADERS else None


def read_sentence(messages: list[Message]) -> str:
    """The plain sentence that a route of ours gave with its refusal, for the page to say."""
    if not dict(messages[0]["headers"]).get(b"content-type", b"").startswith(b"text/plain"):
        return ""
    body = b"".join(message.get("body", b"") for message in messages[1:]).decode("utf-8", "replace").strip()
    return body if body.endswith(".") and len(body) <= PLAIN else ""


def say(status: int, scope: Scope, sentence: str = "", code: str = "") -> Response:
    if wants_page(scope):
        return error_page(status, language_of(scope), sentence, code, is_framed=scope["path"].startswith(EMBED))
    return PlainTextResponse(code, status)
