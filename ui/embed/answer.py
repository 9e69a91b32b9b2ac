"""One figure for one address under /embed/: looked up, written as HTML, kept for the next reader of the same snapshot."""

from __future__ import annotations

from collections.abc import Mapping

from data.settings import get_settings
from ui.embed.page import write_page
from ui.takeaway.answer import Kept, Taken, tag_of
from ui.takeaway.headless import open_frame
from ui.takeaway.offers import NothingToTake
from ui.takeaway.registry import find_offer

MEDIA_TYPE = "text/html; charset=utf-8"
_kept = Kept(16 * 2**20)


def is_offered(page: str, what: str) -> bool:
    """Whether this edition lets anybody frame anything, and has this figure."""
    offer = find_offer(page, what) if get_settings().framed_by else None
    return offer is not None and offer.build is not None


def embed(page: str, what: str, params: Mapping[str, str], known_tag: str = "") -> Taken:
    """The page of a figure that `is_offered`; its body is empty where the asker has it already (`known_tag`).
    StoreUnavailable and NothingToTake say why there is none."""
    offer = find_offer(page, what)
    if offer is None or offer.build is None:
        raise KeyError(f"{page}/{what}")
    frame = open_frame(page, params)
    tag = tag_of(frame, page, what, "embed")
    body = b""
    if tag != known_tag:
        body = _kept.get(tag) or b""
        if not body:
            figure = offer.build(frame)
            if figure is None:
                raise NothingToTake
            body = write_page(frame, what, figure).encode()
        _kept.put(tag, body)
    return Taken(body, MEDIA_TYPE, "", tag)
