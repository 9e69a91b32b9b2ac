"""Headers that tell a browser what a page of ours may do: run its own scripts, ask its own server, and nothing else.

Found by running every page in Chromium with the policy on (tests/browser/test_security.py keeps it so):
- scripts: files of this server and two inline ones, Streamlit's line and ours on the appearance, by their hashes.
  No `unsafe-eval`, no `unsafe-inline`, no `blob:`
  (our components are files too, see ui/own_component.py). `wasm-unsafe-eval` lets Streamlit's protobuf count in 64 bits;
  it runs no text as a script.
- styles: Streamlit writes style elements and attributes as it draws, and so does our markup; a hash cannot name them.
- fonts: Streamlit's style sheet holds one of its own as `data:`.
- images: Plotly makes the picture of a chart in the page (`data:`, `blob:`).
- `connect-src`: some browsers do not count a WebSocket as `'self'`, so the host that was asked is named as well.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from functools import cache

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from data.settings import get_settings
from ui.appearance import script_hash
from ui.first_load import ASSETS

EMBED = "/embed/"
FORBIDDEN_DEVICES = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "geolocation", "gyroscope",
    "magnetometer", "microphone", "midi", "payment", "publickey-credentials-get", "screen-wake-lock", "usb",
    "xr-spatial-tracking",
)  # fmt: skip
_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(:\d{1,5})?|\[[0-9a-fA-F:.]{2,45}\](:\d{1,5})?")
_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.S)


@cache
def inline_script_hashes() -> tuple[str, ...]:
    """The hash of every script that stands in Streamlit's page itself, as a policy names them."""
    scripts = _INLINE_SCRIPT.findall((ASSETS / "index.html").read_text("utf-8"))
    digests = [hashlib.sha256(script.encode()).digest() for script in scripts]
    return tuple(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


def content_policy(host: str = "", framed_by: Sequence[str] = ()) -> str:
    """The content security policy of a page that was asked of `host`, and that the origins `framed_by` may frame."""
    sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    rules = {
        "default-src": "'none'",
        "script-src": " ".join(("'self'", "'wasm-unsafe-eval'", *inline_script_hashes(), script_hash())),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": f"'self'{sockets}",
        "worker-src": "'self'",
        "manifest-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": " ".join(framed_by) or "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def security_headers(host: str = "", framed_by: Sequence[str] = ()) -> dict[str, str]:
    """What every answer carries."""
    headers = {
        "Content-Security-Policy": content_policy(host, framed_by),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": ", ".join(f"{name}=()" for name in FORBIDDEN_DEVICES),
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    # Browsers that do not know frame-ancestors know this one; it cannot name an origin.
    return headers if framed_by else headers | {"X-Frame-Options": "DENY"}


def framed_by(path: str) -> tuple[str, ...]:
    """The origins that may frame what is answered under an address: single figures only, of the public edition only."""
    return get_settings().framed_by if path.startswith(EMBED) else ()


class SecureAnswers:
    """Put the security headers on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
        headers = security_headers(host, framed_by(scope["path"]))

        async def send_secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(headers)
            await send(message)

        await self.app(scope, receive, send_secured)
