"""Signing in to the internal edition, outside of any page: who may have an answer at all, the way to the provider and back.

Streamlit's own routes (/auth/login, /oauth2callback, /auth/logout) talk with the OpenID provider and keep the identity in a
signed cookie; a page reads it as `st.user`. Around them stands `AskWho`, which reads the same cookie for every other address:
without a reader who may see something nothing is answered but a plain page that says what to do. What it adds to Streamlit's
way: the address that was asked for is opened after the sign-in, refusals are said in plain words, cookies are `Secure` behind
HTTPS and end when the sign-in does, and no answer that depends on the reader may be kept by anybody else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import escape
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.auth_util import encode_provider_token, get_cookie_with_chunks, get_origin_from_redirect_uri
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from data.settings import get_settings
from text.words import Words
from ui import reader
from ui.claims import ANYBODY, NO_PROVINCE, NO_ROLE, NOBODY, SIGNED_IN, Reader
from ui.error_pages import language_of, plain_page, say, wants_page
from ui.journal import log_event

PROVIDER = "default"
ASKED = "baophu_asked"  # the cookie that remembers what was asked for before the sign-in
ASKED_SECONDS = 900
LONGEST_ASKED = 1_500
SIGN_IN, SIGNED_OUT, FAILED = "/sign-in", "/sign-in/out", "/sign-in/failed"
LOGIN, CALLBACK, LOGOUT = "/auth/login", "/oauth2callback", "/auth/logout"
WAYS = frozenset({SIGN_IN, SIGNED_OUT, FAILED, LOGIN, CALLBACK, LOGOUT})
# What holds no figure and no name: whether the process lives, the scripts, typefaces and outlines, and the page's connection,
# whose runs ask for themselves (`ui.frame.begin`).
FREE = frozenset({"/healthz", "/readyz", "/favicon.png", "/_stcore/health", "/_stcore/host-config", "/_stcore/stream"})
FREE_BELOW = ("/static/", "/app/static/", "/_stcore/bidi-components/")
ALL_ONLY = ("/_stcore/metrics", "/_stcore/agent")
_COOKIE_NAME = re.compile(rb"^(_streamlit_user(?:_tokens)?(?:_\d+)?)=([^;]*)")
_MAX_AGE = re.compile(r"(?i)max-age=(\d+)")


def read_claims(cookies: Mapping[str, str]) -> dict:
    """What the signed cookie says of the person; {} where there is none, or none of ours."""
    secret = get_cookie_secret()

    def read_one(name: str) -> bytes | None:
        value = cookies.get(name)
        return decode_signed_value(secret, name, value.encode("latin-1")) if value else None

    try:
        found = json.loads(get_cookie_with_chunks(read_one, USER_COOKIE_NAME) or b"{}")
    except (ValueError, TypeError):
        return {}
    if not isinstance(found, dict) or found.get("origin") != get_origin_from_redirect_uri():
        return {}
    return found


def who_asks(scope: Scope) -> Reader:
    """The reader whom the cookie of a request names."""
    claims = read_claims(Request(scope).cookies)
    return reader.judge(claims) if claims else NOBODY


def is_https() -> bool:
    return (get_origin_from_redirect_uri() or "").startswith("https://")


def is_free(path: str) -> bool:
    return path in FREE or path.startswith(FREE_BELOW)


class AskWho:
    """Answer only readers who may see something; `pages` are the addresses that have a page."""

    def __init__(self, app: ASGIApp, pages: frozenset[str]) -> None:
        self.app, self.pages = app, pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        if not reader.is_on():
            if path in WAYS:  # nobody signs in here, whatever a file of settings says
                await say(404, scope)(scope, receive, send)
                return
            with reader.acting(ANYBODY):
                await self.app(scope, receive, send)
            return
        if path in WAYS:
            await self.lead(path, scope, receive, send)
            return
        if is_free(path):
            with reader.acting(NOBODY):
                await self.app(scope, receive, mend_cookies(send))
            return
        asks = who_asks(scope)
        if asks.state != SIGNED_IN or (path.startswith(ALL_ONLY) and not (asks.audience and asks.audience.sees_all)):
            await refuse(asks, scope)(scope, receive, send)
            return
        with reader.acting(asks):
            await self.app(scope, receive, keep_private(send))

    async def lead(self, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        """The addresses of signing in and out."""
        if path == SIGN_IN:
            await begin(scope, self.pages)(scope, receive, send)
        elif path in (SIGNED_OUT, FAILED):
            what = "out" if path == SIGNED_OUT else "failed"
            await sign_in_page(what, scope, 200)(scope, receive, send)
        else:
            if path == LOGOUT and (asks := who_asks(scope)).mark:
                reader.ended.add(asks.mark)
                log_event("signed_out")
            with reader.acting(NOBODY):
                await self.app(scope, receive, Way(path, scope, send, self.pages).send)


class Way:
    """The answer of one of Streamlit's routes on its way to the browser: where it leads, and in which words it fails."""

    def __init__(self, path: str, scope: Scope, send: Send, pages: frozenset[str]) -> None:
        self.path, self.scope, self._send, self.pages = path, scope, mend_cookies(send), pages
        self._replaced = False

    async def send(self, message: Message) -> None:
        if self._replaced:
            return
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["Cache-Control"] = "no-store"
            if message["status"] >= 400:  # the provider does not answer, or its settings are wrong
                self._replaced = True
                log_event("sign_in", outcome="failed")
                await sign_in_page("failed", self.scope, 502)(self.scope, _nothing, self._send)
                return
            if self.path == CALLBACK:
                self.lead_back(message, headers)
            elif self.path == LOGOUT:
                headers["Clear-Site-Data"] = '"cache"'
                if headers.get("location") == "/":  # the provider has no way out of its own
                    headers["location"] = SIGNED_OUT
            elif headers.get("location") == "/":  # a way in that was left open too long
                headers["location"] = SIGN_IN
        await self._send(message)

    def lead_back(self, message: Message, headers: MutableHeaders) -> None:
        """From the provider to the address asked for; to a page with a reason where nobody was signed in."""
        query = parse_qs(self.scope["query_string"].decode("latin-1"))
        if gives_identity(message):
            asked = read_asked(Request(self.scope).cookies.get(ASKED, ""), self.pages)
            headers["location"] = asked or "/"
            headers.append("set-cookie", f"{ASKED}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")
            log_event("sign_in", outcome="done")
        elif query.keys() & {"state", "error", "code"}:
            headers["location"] = FAILED
            log_event("sign_in", outcome="refused" if "error" in query else "failed")
        else:  # the provider sends whoever signed out there
            headers["location"] = SIGNED_OUT


async def _nothing() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


def gives_identity(message: Message) -> bool:
    """Whether an answer sets the cookie of the identity, and does not take it away."""
    for name, value in message["headers"]:
        found = _COOKIE_NAME.match(value) if name.lower() == b"set-cookie" else None
        if found and found[1] == USER_COOKIE_NAME.encode() and found[2].strip(b'"'):
            return True
    return False


def begin(scope: Scope, pages: frozenset[str]) -> Response:
    """Send a reader to the provider, and remember in a cookie of a quarter of an hour what they asked for."""
    asked = read_asked(parse_qs(scope["query_string"].decode("latin-1")).get("next", [""])[0], pages)
    answer = RedirectResponse(f"{LOGIN}?{urlencode({'provider': encode_provider_token(PROVIDER)})}", 302)
    answer.headers["Cache-Control"] = "no-store"
    answer.set_cookie(
        ASKED, quote(asked or "/", safe=""), max_age=ASKED_SECONDS, httponly=True, samesite="lax", secure=is_https()
    )
    return answer


def read_asked(text: str, pages: frozenset[str]) -> str:
    """An address of ours to go back to; "" for any other, so that no link leads elsewhere by way of the sign-in."""
    asked = unquote(text) if text.startswith("%2F") else text
    if not asked.startswith("/") or asked.startswith("//") or len(asked) > LONGEST_ASKED:
        return ""
    if not asked.isascii() or not asked.isprintable() or "\\" in asked or " " in asked:
        return ""
    parts = urlsplit(asked)
    ours = parts.path in pages or re.fullmatch(r"/take/[a-z_]+/[a-z_.]+", parts.path)
    return asked if ours and not parts.netloc and not parts.scheme else ""


def mend_cookies(send: Send) -> Send:
    """Cookies go over encrypted lines only where there is one, and the identity ends with the sign-in."""
    longest = get_settings().sign_in_hours * 3600

    async def send_mended(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [
                (name, mend_cookie(value, longest) if name.lower() == b"set-cookie" else value)
                for name, value in message["headers"]
            ]
        await send(message)

    return send_mended


def mend_cookie(value: bytes, longest: int) -> bytes:
    text = value.decode("latin-1")
    if _COOKIE_NAME.match(value):
        text = _MAX_AGE.sub(lambda found: f"Max-Age={min(int(found[1]), longest)}", text)
    if is_https() and not re.search(r"(?i);\s*secure", text):
        text += "; Secure"
    return text.encode("latin-1")


def keep_private(send: Send) -> Send:
    """Nothing that was answered to a signed-in reader may be given to another from a store on the way or in the browser."""
    cookies = mend_cookies(send)

    async def send_private(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if "no-store" not in headers.get("cache-control", ""):
                headers["Cache-Control"] = "private, no-cache"
            headers.add_vary_header("Cookie")
            if "access-control-allow-origin" in headers:
                del headers["access-control-allow-origin"]
        await cookies(message)

    return send_private


def refuse(asks: Reader, scope: Scope) -> Response:
    """Why nothing is answered: a page for a person in a browser, a sentence for a program."""
    status = 403 if asks.state in (NO_ROLE, NO_PROVINCE, SIGNED_IN) else 401
    what = "no_role" if asks.state == SIGNED_IN else asks.state
    if wants_page(scope):
        return sign_in_page(what, scope, status, asks.name)
    words = Words(language_of(scope))
    text = f"{words.say('app.title')}\n\n{words.say(f'sign_in.{what}', name=asks.name or '?')}\n"
    return PlainTextResponse(text, status, {"Cache-Control": "no-store"})


def sign_in_page(what: str, scope: Scope, status: int, name: str = "") -> Response:
    """A plain page without any script: what is the matter, and the way to the provider."""
    lang = language_of(scope)
    words = Words(lang)
    asked = scope["path"] + (f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else "")
    asked = "" if scope["path"] in WAYS else asked
    english = "?lang=en" if lang == "en" else ""
    if what in (NO_ROLE, NO_PROVINCE):
        link, label = LOGOUT, words.say("sign_in.other_account")
    else:
        link, label = f"{SIGN_IN}?{urlencode({'next': asked or f'/{english}'})}", words.say("sign_in.link")
    said = escape(words.say(f"sign_in.{what}", name=name or words.say("sign_in.this_account")))
    body = f'<p>{said}</p><p><a class="way" href="{escape(link)}">{escape(label)}</a></p>'
    return HTMLResponse(
        plain_page(words.say(f"sign_in.{what}_title"), body, lang), status, {"Cache-Control": "no-store"}
    )
