"""What the server answers besides Streamlit itself: health, the map's figures, open data; and what stands around every answer."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime

import anyio.to_thread
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from data.errors import StoreUnavailable
from data.settings import get_settings
from data.version import VERSION, revision
from data.visibility import split_id
from reports.open_data import find_open_file
from ui import light_runs, loaders, own_values, reader, replica
from ui.claims import ANYBODY
from ui.drain import RefuseWhileDraining, drain_on_term
from ui.error_pages import SayErrors
from ui.first_screens import PROGRESS, draw_first_screens
from ui.garbage import collecting_in_lulls
from ui.heads import limit_heads
from ui.hosts import AllowHosts, tell_open_hosts
from ui.journal import LogRequests, log_event, start_journal
from ui.loaders import layers
from ui.made_files import answer_embed, answer_take, read_params, say_no_file
from ui.mend_page import MendPage
from ui.own_component import register_own
from ui.page_list import PAGES
from ui.security import EMBED, SecureAnswers
from ui.sign_in import AskWho
from ui.small_assets import ServeSmallAssets
from ui.sockets import SOCKETS, WatchSockets

IMMUTABLE = b"public, max-age=31536000, immutable"
# The addresses that have a page: any other that Streamlit would answer with its own is said not to exist.
PAGE_PATHS = frozenset("/" if name == "home" else f"/{name}" for name in PAGES)


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[dict[str, object]]:
    """Load what the first page needs, then keep it out of every later garbage collection.

    Streamlit's collection after each run was most of the time under load (docs/operations.md), and the first visitor
    would wait for the catalogue. A store that cannot be read is no reason not to start: the page says what to do.
    """
    from ui import home_page  # noqa: F401  plotly and its charts, a second that no visitor should wait for
    from ui.takeaway import registry  # noqa: F401  half a second more: every page names its files
    from ui.warm_up import warm_pages_behind

    start_journal()
    limit_heads()
    register_own()
    light_runs.install()
    began = time.perf_counter()
    with suppress(StoreUnavailable), reader.acting(ANYBODY):
        await anyio.to_thread.run_sync(loaders.warm_up)
    drain_on_term()
    ready = round((time.perf_counter() - began) * 1000)
    log_event("started", version=VERSION, revision=revision(), edition=get_settings().edition, ms=ready)
    tell_open_hosts()
    warm_pages_behind()
    with replica.follow_source():
        async with collecting_in_lulls(), draw_first_screens():
            yield {}
    log_event("stopped", runs=SOCKETS.finished)


def routes() -> list[Route]:
    return [
        Route("/healthz", answer_health),
        Route("/readyz", answer_ready),
        Route("/values/{name}", answer_values),
        Route("/app/static/outlines/{name}", answer_outlines),
        Route("/open/v1/{snapshot}/{name}", answer_open_data),
        Route("/take/{page}/{file}", answer_take),
        # Everything under /embed/: what anybody may frame is never a page that another route answers.
        Route(EMBED + "{path:path}", answer_embed),
        Route("/rest/{snapshot}/{boundary_set}/{level}/{programme}/{period}", answer_rest),
        Route("/layers/{snapshot}/{boundary_set}/{level}/{programme}/{indicator}/{span}", answer_layer_months),
        Route("/layers/{snapshot}/{boundary_set}/{level}/{programme}/{indicator}/{span}/{period}", answer_layer_rest),
    ]


def middleware() -> list[Middleware]:
    return [
        Middleware(LogRequests, pages=PAGE_PATHS),
        Middleware(SecureAnswers),
        Middleware(AllowHosts),
        Middleware(RefuseWhileDraining, pages=PAGE_PATHS),
        Middleware(AskWho, pages=PAGE_PATHS),
        Middleware(SayErrors, pages=PAGE_PATHS),
        Middleware(ServeSmallAssets),
        Middleware(MendPage, pages=PAGE_PATHS),
        Middleware(WatchSockets),
    ]


async def answer_health(_request: Request) -> Response:
    """The process lives."""
    return JSONResponse({"status": "ok"})


async def answer_ready(_request: Request) -> Response:
    """The process has a store it can read, checked against its sum when it was opened, and takes readers.
    A source that is down is said, and no reason not to be ready."""
    if SOCKETS.is_draining:
        return JSONResponse({"status": "draining"}, status_code=503)
    source = {"source": replica.follower.describe()} if get_settings().source_url else {}
    try:
        with reader.acting(ANYBODY):
            store = await anyio.to_thread.run_sync(loaders.open_store)
    except StoreUnavailable as error:
        return JSONResponse({"status": "no store", "code": error.code} | source, status_code=503)
    made = datetime.fromisoformat(store.pointer.made_at)
    return JSONResponse(
        {
            "status": "ready",
            "snapshot": store.snapshot_id,
            "verified": True,  # opening compares the sum of the whole file
            "fallback_from": store.fallback_from,
            "made_at": store.pointer.made_at,
            "age_seconds": round((datetime.now(UTC) - made).total_seconds()),
            "edition": get_settings().edition,
            "version": VERSION,
            "first_screens": asdict(PROGRESS),
        }
        | source
    )


async def answer_values(request: Request) -> Response:
    """A value file of the map: classes of every unit over time, under a content-hashed name."""
    name = request.path_params["name"]
    if not re.fullmatch(r"[0-9a-f]{8,64}\.bin\.gz", name):
        return Response(status_code=404)
    path = get_settings().value_directory / name
    if not path.is_file():
        return Response(status_code=404)
    if not reader.audience().sees_all:
        return await answer_own_values(request, name)
    return FileResponse(path, media_type="application/gzip", headers={"Cache-Control": IMMUTABLE.decode()})


async def answer_own_values(request: Request, name: str) -> Response:
    """The same without what the reader may not see; another reader of the same browser asks anew."""
    try:
        body = await anyio.to_thread.run_sync(lambda: own_values.reduce_values(loaders.open_store().snapshot_id, name))
    except StoreUnavailable as error:
        return JSONResponse({"code": error.code}, status_code=503)
    headers = {"Cache-Control": "private, no-cache", "ETag": f'"{hashlib.sha256(body).hexdigest()[:24]}"'}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/gzip", headers=headers)


async def answer_outlines(request: Request) -> Response:
    """An arc or name file of the map; imported ones lie in the data directory (`python -m geo import`). Their names say
    their content (`MendPage` marks them immutable); the manifest's does not, so it is asked for anew each time."""
    name = request.path_params["name"]
    path = loaders.find_outline_file(name) if re.fullmatch(r"manifest\.json|[0-9a-z.-]+\.gz", name) else None
    if path is None:
        return Response(status_code=404)
    if name == "manifest.json":
        return FileResponse(path, media_type="application/json", headers={"Cache-Control": "no-cache"})
    return FileResponse(path, media_type="application/gzip")


async def answer_open_data(request: Request) -> Response:
    """A file of the open data, of a snapshot (kept for ever) or of `latest` (asked for anew each time)."""
    snapshot, name = request.path_params["snapshot"], request.path_params["name"]
    path = find_open_file(get_settings().open_directory, snapshot, name)
    if path is None:
        return Response(status_code=404)
    cache = b"no-cache" if snapshot == "latest" else IMMUTABLE
    # A script of any site may read what anybody may read.
    headers = {"Cache-Control": cache.decode(), "Access-Control-Allow-Origin": "*"}
    return FileResponse(path, filename=name, headers=headers)


async def answer_rest(request: Request) -> Response:
    """Rates and people still to enrol of every unit for the period at rest, for the map's hover."""
    return await answer_figures(request, loaders.rest_figures)


async def answer_layer_rest(request: Request) -> Response:
    """The same with the figure of one of the map's other measures."""
    return await answer_figures(request, layers.layer_rest)


async def answer_layer_months(request: Request) -> Response:
    """The classes of one of the map's other measures over all months: worked out at the first question, then kept."""
    return await answer_figures(request, layers.layer_months)


async def answer_figures(request: Request, read: Callable[..., bytes | None]) -> Response:
    # Before what is kept is looked up: an answer kept for others is under the address that others know the snapshot by.
    if split_id(request.path_params["snapshot"])[1] != reader.audience():
        return say_no_file(read_params(request), 403, "sign_in.not_here")
    try:
        body = await anyio.to_thread.run_sync(lambda: read(**request.path_params))
    except StoreUnavailable as error:
        return JSONResponse({"code": error.code}, status_code=503)
    if body is None:
        return Response(status_code=404)
    return Response(body, media_type="application/octet-stream", headers={"Cache-Control": IMMUTABLE.decode()})
