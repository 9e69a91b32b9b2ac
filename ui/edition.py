"""What only the internal edition has: a page of the public one says so plainly, instead of showing nothing.

The public edition reads another file, which does not hold these things (data/ingest/public_edition.py); what is decided here
is only what a reader is told.
"""

from __future__ import annotations

from data.settings import get_settings
from ui import parts
from ui.frame import Frame


def is_public() -> bool:
    return get_settings().edition == "public"


def say_not_public(page: Frame, what: str) -> bool:
    """Say that `what` (a word of text/*/public.toml) is not public, where this is the public edition; whether it was said."""
    if is_public():
        parts.prose(page.words.say(f"public.{what}"))
    return is_public()
