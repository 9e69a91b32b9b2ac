"""Names of units as three keys, from strict to loose: with type and marks, without type, without marks and habits."""

from __future__ import annotations

import re
from functools import lru_cache

from text.names import search_key
from text.unit_keys import split_type, unit_key

_FARM = re.compile(r"\b(?:nông trường|n\s*\.?\s*t)\b\.?", re.IGNORECASE)
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5"}


@lru_cache(1 << 16)
def full_key(name: str) -> str:
    """The key of `text.unit_keys`, with state farms written out ("NT Phong Hải")."""
    return unit_key(_FARM.sub("nông trường ", name))


@lru_cache(1 << 16)
def bare_key(name: str) -> str:
    """The full key without its type."""
    return split_type(full_key(name))[1]


@lru_cache(1 << 16)
def loose_key(name: str) -> str:
    """Letters and digits only: no type, marks or spaces, y as i, roman numbers as digits ("Hòa Tú II" = "Hoà Tú 2")."""
    words = search_key(bare_key(name)).split()
    words = words[:1] + [_ROMAN.get(word, word) for word in words[1:]]
    return "".join(words).replace("y", "i")
