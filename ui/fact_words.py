"""What data/facts write of a figure (source, wording, decision) in the reader's language.

The files are in English where their makers wrote English; a note is said by the word of its own text, `fact_note.<plain
letters>` in text/*/facts.toml. What has no word is shown as it was written: names, laws, addresses, quotations.
"""

from __future__ import annotations

import re

from text.names import search_key
from text.words import Words


def say_fact(text: object, words: Words) -> str:
    """A note in the reader's language; "" for none."""
    if not isinstance(text, str):
        return ""
    key = note_key(text)
    return words.say(key) if words.has(key) else text


def note_key(text: str) -> str:
    return "fact_note." + re.sub(r"[^0-9a-z]+", "_", search_key(text)).strip("_")
