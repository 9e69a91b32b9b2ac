"""The Frame of a page without a page: for files made outside a session, by the server and by commands."""

from __future__ import annotations

from collections.abc import Mapping

from text.formats import Formats
from text.words import Words
from ui import loaders
from ui.frame import Frame
from ui.takeaway.registry import PAGES
from ui.view import COMPARING, parse_view


def open_frame(page: str, params: Mapping[str, str]) -> Frame:
    """What `frame.begin` gives the page at an address with this query: nonsense falls back, and its `notices` say how.
    KeyError for a page without files, StoreUnavailable where there is no store."""
    own = PAGES[page]
    store = loaders.open_store()
    catalogue = loaders.load_catalogue(store.snapshot_id)
    view, notices = parse_view(params, catalogue, own.choices, own.place_levels, compares=page in COMPARING)
    words, formats = Words(view.lang), Formats(view.lang)
    return Frame(store.snapshot_id, view, catalogue, words, formats, own.choices, own.place_levels, page, notices)
