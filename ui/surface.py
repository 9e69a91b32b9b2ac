"""Where the blocks of a page go: onto the reader's screen, or into a list, for pages that are written as files.

The static edition (`ui/documents/site.py`) says and draws with the functions of the screen, so that the two cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import streamlit as st

_kept: ContextVar[list[str] | None] = ContextVar("kept", default=None)


def is_collecting() -> bool:
    return _kept.get() is not None


def put(markup: str) -> None:
    """Show a block of markup whose values are escaped already, or keep it where `collect` is open."""
    kept = _kept.get()
    if kept is None:
        st.html(markup)
    else:
        kept.append(markup)


@contextmanager
def collect() -> Iterator[list[str]]:
    """Keep the blocks that are drawn inside, in their order, in the place of showing them."""
    blocks: list[str] = []
    token = _kept.set(blocks)
    try:
        yield blocks
    finally:
        _kept.reset(token)
