"""Files to take away and figures to embed: made for the query of their address, few at a time; plain words for none."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from data.errors import StoreUnavailable, UserError
from text.words import LANGUAGES, Words

if TYPE_CHECKING:
    from ui.takeaway.answer import Taken

MAKERS = 2  # made at one time: each keeps a core busy, and pages come first
MOST_WAITING = 24
EMBED_KEPT = "public, max-age=60, stale-while-revalidate=600"


@cache
def makers() -> anyio.CapacityLimiter:
    return anyio.CapacityLimiter(MAKERS)


async def answer_take(request: Request) -> Response:
    """A file to take away. It may change with the next snapshot under the same address, so a browser asks anew each time; what it
    holds already is not sent again."""
    from ui.takeaway import answer  # every page's module with its charts: loaded by the start

    page, file = request.path_params["page"], request.path_params["file"]
    if not answer.is_offered(page, file):
        return say_no_file(read_params(request), 404, "takeaway.unknown")
    made = await make(request, lambda params, known: answer.take(page, file, params, known))
    if isinstance(made, Response):
        return made
    name = {"Content-Disposition": f"attachment; filename={quote(made.file_name)}"}
    return send_made(request, made, "private, no-cache", name)


async def answer_embed(request: Request) -> Response:
    """A map or chart to stand in a frame on other websites. It may be kept for a minute, and be shown while it is asked for anew:
    a website with many readers asks once."""
    from ui.embed import answer

    page, _, what = request.path_params["path"].partition("/")
    if not answer.is_offered(page, what):
        return say_no_file(read_params(request), 404, "embed.unknown")
    made = await make(request, lambda params, known: answer.embed(page, what, params, known), nothing="embed.nothing")
    return made if isinstance(made, Response) else send_made(request, made, EMBED_KEPT)


async def make(request: Request, work: Callable[[dict[str, str], str], Taken], nothing: str = "") -> Taken | Response:
    """What `work(params, known tag)` makes, in a thread, or the answer that says why there is none: in the words of the error,
    or in those of `nothing` where this View has no such thing."""
    from ui.takeaway.answer import NotYours

    params = read_params(request)
    if makers().statistics().tasks_waiting >= MOST_WAITING:
        return say_no_file(params, 503, "takeaway.busy")
    try:
        return await anyio.to_thread.run_sync(lambda: work(params, known_tag(request)), limiter=makers())
    except StoreUnavailable as error:
        return say_no_file(params, 503, error.words_key, **error.values)
    except NotYours as error:
        return say_no_file(params, 403, error.words_key, **error.values)
    except UserError as error:
        return say_no_file(params, 404, nothing or error.words_key, **error.values)
    except Exception:  # a bug: said in one sentence, with a code that stands in the log beside the trace
        code = f"TAKE-{secrets.token_hex(3).upper()}"
        logging.getLogger(__name__).exception("%s %s", code, request.url.path)
        return say_no_file(params, 500, "takeaway.failed", code=code)


def send_made(request: Request, made: Taken, keep: str, more: dict[str, str] | None = None) -> Response:
    """`made`: body, tag and media type; nothing but the tag where the browser holds it already."""
    headers = {"Cache-Control": keep, "ETag": f'"{made.tag}"'}
    if made.tag == known_tag(request):
        return Response(status_code=304, headers=headers)
    return Response(made.body, media_type=made.media_type, headers=headers | (more or {}))


def read_params(request: Request) -> dict[str, str]:
    return dict(parse_qsl(request.url.query))


def known_tag(request: Request) -> str:
    return request.headers.get("if-none-match", "").strip('W/"')


def say_no_file(params: dict[str, str], status: int, key: str, **values: object) -> Response:
    """Why there is no file, in the reader's language, as plain text."""
    lang = params.get("lang", "vi")
    words = Words(lang if lang in LANGUAGES else "vi")
    said = re.sub(r"<[^>]+>", "", words.say(key, **values))
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": "5"} if status == 503 else {})
    return PlainTextResponse(f"{words.say('app.title')}\n\n{said}\n", status_code=status, headers=headers)
