"""Scripts, styles and typefaces in their smallest form, as a browser that has them need not fetch them again.

Streamlit sends its own files uncompressed (4 MB before the first word) and without a word on how long they keep; the files
of components with no word that would let a browser ask whether they changed, so that every visit fetches them anew.
"""

from __future__ import annotations

import hashlib
import os
import re
import threading
from contextlib import suppress
from functools import cache
from pathlib import Path

import anyio.to_thread
import brotli
from starlette.responses import FileResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager

from data.settings import get_settings
from ui.first_load import ASSETS

IMMUTABLE = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"  # kept, and used again when the server says that it is still so
COMPONENTS = "/_stcore/bidi-components/"
FONTS = Path(__file__).resolve().parent.parent / "static" / "fonts"
# Streamlit fetches two typefaces at every start (540 kB): its own, which the app never shows, and 4,000 icons, of which
# Streamlit uses those in the subset.
SMALLER_FONTS = {
    "SourceSansVF-Upright": FONTS / "be-vietnam-pro-latin-400-normal.woff2",
    "MaterialSymbols-Rounded": FONTS / "material-symbols-subset.woff2",
}
HASHED = re.compile(r"\.[0-9a-f]{12}\.(?:js|css)$")
COMPRESSIBLE = {".js": "text/javascript", ".css": "text/css"}
BROTLI_QUALITY = 9  # 11 is 3 % smaller and twenty times slower; a first visitor would wait for it


class ServeSmallAssets:
    """Answer scripts and styles of Streamlit and of components with brotli, each compressed once, and Streamlit's
    typefaces with smaller ones."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "GET":
            answer = await find_answer(scope["path"], dict(scope["headers"]))
            if answer is not None:
                await answer(scope, receive, send)
                return
        await self.app(scope, receive, send)


async def find_answer(path: str, headers: dict[bytes, bytes]) -> Response | None:
    """The answer for a file that is sent small; None for all else, and for a browser that reads no brotli."""
    if font := SMALLER_FONTS.get(Path(path).name.split(".")[0]):
        return FileResponse(font, headers={"Cache-Control": IMMUTABLE})
    media_type = COMPRESSIBLE.get(Path(path).suffix)
    source = find_source(path) if media_type and b"br" in headers.get(b"accept-encoding", b"") else None
    if source is None:
        return None
    body, tag = await anyio.to_thread.run_sync(lambda: compress_once(source, source.stat().st_mtime_ns))
    # Streamlit's own files and the map's have their content in their names; our small components' have not.
    is_named_so = HASHED.search(path) or not path.startswith(COMPONENTS)
    said = {"Cache-Control": IMMUTABLE if is_named_so else ASK_AGAIN}
    said |= {"Vary": "Accept-Encoding", "ETag": f'"{tag}"'}
    if f'"{tag}"'.encode() in headers.get(b"if-none-match", b""):
        return Response(status_code=304, headers=said)
    return Response(body, media_type=media_type, headers=said | {"Content-Encoding": "br"})


def find_source(path: str) -> Path | None:
    """The file behind the address of a script or style of Streamlit or of a component; None where there is none such."""
    if path.startswith("/static/"):
        root, rest = ASSETS, path.lstrip("/")
    elif path.startswith(COMPONENTS):
        name, _, rest = path.removeprefix(COMPONENTS).partition("/")
        found = get_bidi_component_manager().get_component_asset_root(name)
        if found is None:
            return None
        root = found.resolve()
    else:
        return None
    if "\0" in rest:
        return None
    source = (root / rest).resolve()
    return source if source.is_relative_to(root) and source.is_file() else None


@cache
def compress_once(source: Path, _changed: int) -> tuple[bytes, str]:
    """The file's brotli form and a tag of its content; from the cache directory where an earlier start has made it. A
    process that may not write there keeps it for itself (2 MB for all of them)."""
    plain = source.read_bytes()
    tag = hashlib.sha256(plain + bytes([BROTLI_QUALITY])).hexdigest()[:24]
    kept = get_settings().cache_directory / "compressed" / f"{tag}.br"
    with suppress(OSError):
        return kept.read_bytes(), tag
    body = brotli.compress(plain, quality=BROTLI_QUALITY)
    part = kept.with_suffix(f".{os.getpid()}-{threading.get_ident()}.part")  # replicas may share the directory
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(body)
        part.replace(kept)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return body, tag
