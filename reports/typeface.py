"""What the typeface of documents can show, and what stands in for the rest.

PDF/UA refuses a whole document for one sign without a glyph: an arrow in a sentence of ours, an emoji in the name of somebody's
initiative. So every text is brought to the letters there are before it is set.
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

FONT_FILES = tuple(sorted(Path(__file__).with_name("fonts").glob("*.ttf")))
STANDS_IN = {
    "→": "–",
    "←": "–",
    "↔": "–",
    "▲": "+",
    "▼": "−",
    "△": "+",
    "▽": "−",
    "✓": "x",
    "✔": "x",
    "☑": "x",
    "■": "•",
    "●": "•",
}
UNKNOWN_SIGN = "?"
_CONTROLS = frozenset(map(ord, "\n\t"))


@cache
def known_letters() -> frozenset[int]:
    """The code points that every weight has."""
    return frozenset.intersection(*(read_letters(path.read_bytes()) for path in FONT_FILES))


def read_letters(font: bytes) -> frozenset[int]:
    """The code points of a TrueType file: its Unicode table of format 4 (letters of 16 bits, all that the file has)."""
    tables = struct.unpack(">H", font[4:6])[0]
    entries = (struct.unpack(">4sIII", font[12 + 16 * at : 28 + 16 * at]) for at in range(tables))
    start = next(offset for name, _, offset, _ in entries if name == b"cmap")
    count = struct.unpack(">H", font[start + 2 : start + 4])[0]
    records = (struct.unpack(">HHI", font[start + 4 + 8 * at : start + 12 + 8 * at]) for at in range(count))
    table = start + next(offset for platform, encoding, offset in records if (platform, encoding) == (3, 1))
    segments = struct.unpack(">H", font[table + 6 : table + 8])[0] // 2
    ends = struct.unpack(f">{segments}H", font[table + 14 : table + 14 + 2 * segments])
    starts = struct.unpack(f">{segments}H", font[table + 16 + 2 * segments : table + 16 + 4 * segments])
    return frozenset(code for low, high in zip(starts, ends, strict=True) for code in range(low, high + 1)) - {0xFFFF}


def fit_text(text: str) -> str:
    """The same text in composed letters (NFC); a sign that the typeface lacks is replaced by one that stands for it."""
    composed, known = unicodedata.normalize("NFC", text), known_letters()
    if set(map(ord, set(composed))) - _CONTROLS <= known:
        return composed
    return "".join(fit_letter(letter, known) for letter in composed)


def fit_letter(letter: str, known: frozenset[int]) -> str:
    if ord(letter) in known or ord(letter) in _CONTROLS:
        return letter
    if letter in STANDS_IN:
        return STANDS_IN[letter]
    if unicodedata.category(letter) in ("Cc", "Cf", "Mn"):
        return ""
    plain = unicodedata.normalize("NFKC", letter)
    return plain if all(ord(one) in known for one in plain) else UNKNOWN_SIGN


def fit_content(content: Any) -> Any:
    """A document's content with every text fitted, also those of mappings and lists inside it."""
    if isinstance(content, str):
        return fit_text(content)
    if isinstance(content, Mapping):
        return {name: fit_content(value) for name, value in content.items()}
    if isinstance(content, (list, tuple)):
        return [fit_content(value) for value in content]
    return content
