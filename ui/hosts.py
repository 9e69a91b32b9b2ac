"""Under which names this server may be asked.

A page of another website can let its own name point to this machine (DNS rebinding): the reader's browser then takes our
answers for that website's own and hands them to its scripts. What such a question cannot hide is the name it was asked by,
so a name that is not ours gets no answer: neither a page, nor a file, nor a connection.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.auth_util import get_origin_from_redirect_uri

from data.settings import Settings, get_settings
from text.words import Words
from ui import reader
from ui.error_pages import language_of, plain_page, wants_page
from ui.journal import log_event
from ui.listening import is_this_machine

ANY = ("*",)
# Whoever watches over the process asks by whatever name or number it has; the answers hold no figure.
WATCHED = frozenset({"/healthz", "/readyz", "/_stcore/health"})
FOREIGN = 1008  # how a WebSocket is closed that may not be
MISDIRECTED = 421


def find_hosts(settings: Settings) -> tuple[str, ...]:
    """The names that this server answers to besides those of its own machine: those of the settings; else, where readers sign
    in, the one they come back to from the provider; of the internal edition otherwise none; of the public one that of its
    public address, and without one any."""
    if settings.hosts:
        return settings.hosts
    if settings.edition == "internal":
        return name_of(get_origin_from_redirect_uri() or "") if reader.is_set_up() else ()
    return name_of(settings.site_url) or ANY


def name_of(address: str) -> tuple[str, ...]:
    """The name in an address such as https://bhyt.example.vn/site/; () where it has none."""
    name = urlsplit(address).hostname
    return (f"[{name}]" if ":" in name else name,) if name else ()


def read_name(host: bytes) -> str:
    """The name or number in a header `Host`, in small letters, without its port and a last dot."""
    text = host.decode("latin-1").strip().lower()
    if text.startswith("["):
        return text.partition("]")[0] + "]"
    return text.partition(":")[0].removesuffix(".")


def is_ours(scope: Scope, hosts: tuple[str, ...]) -> bool:
    """Whether a question was asked by one of `hosts` or a name of this very machine. Every `Host` that it carries must be."""
    names = [read_name(value) for key, value in scope.get("headers", ()) if key == b"host"]
    return hosts == ANY or (bool(names) and all(is_among(name, hosts) for name in names))


def is_among(name: str, hosts: tuple[str, ...]) -> bool:
    if is_this_machine(name.strip("[]")):
        return True
    return any(host in ("*", name) or (host.startswith("*.") and name.endswith(host[1:])) for host in hosts)


def tell_open_hosts() -> None:
    """One line in the log where a server answers to any name without anybody having said so."""
    settings = get_settings()
    if find_hosts(settings) == ANY and not settings.hosts:
        log_event("any_host", advice="set BAOPHU_HOSTS to the names under which readers ask this server")


class AllowHosts:
    """Refuse questions and connections by names that are not this server's. `hosts` are found at the first question where
    none are given, when what readers sign in with is known."""

    def __init__(self, app: ASGIApp, hosts: tuple[str, ...] | None = None) -> None:
        self.app, self.hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.hosts is None and scope["type"] in ("http", "websocket"):
            self.hosts = find_hosts(get_settings())
        if scope["type"] == "http":
            if scope["path"] not in WATCHED and not is_ours(scope, self.hosts or ()):
                await refuse(scope)(scope, receive, send)
                return
        elif scope["type"] == "websocket" and not is_ours(scope, self.hosts or ()):
            await receive()
            await send({"type": "websocket.close", "code": FOREIGN})
            return
        await self.app(scope, receive, send)


def refuse(scope: Scope) -> Response:
    """A plain sentence, without a link: another page under this name would be refused as well."""
    log_event("host_refused")
    lang = language_of(scope)
    words = Words(lang)
    told = words.say("server.wrong_host")
    headers = {"Cache-Control": "no-store"}
    if not wants_page(scope):
        return PlainTextResponse(told, MISDIRECTED, headers)
    return HTMLResponse(plain_page(words.say("server.wrong_host_title"), f"<p>{told}</p>", lang), MISDIRECTED, headers)
