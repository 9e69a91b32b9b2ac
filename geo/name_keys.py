"""Names of units as three keys, from strict to loose: with type and marks, without type, without marks and habits."""

from __future__ import annotations

import re

from text.names import match_key, search_key

TYPES = ("thị trấn", "thị xã", "thành phố", "đặc khu", "phường", "huyện", "quận", "tỉnh", "xã")
_ABBREVIATIONS = {
    "tt": "thị trấn",
    "ttr": "thị trấn",
    "tx": "thị xã",
    "tp": "thành phố",
    "đk": "đặc khu",
    "p": "phường",
    "ph": "phường",
    "h": "huyện",
    "q": "quận",
    "t": "tỉnh",
    "x": "xã",
}
_ABBREVIATED = re.compile(r"(ttr|tt|tx|tp|đk|ph|p|h|q|t|x)(?:\s*\.\s*|\s+)(?=\S)", re.IGNORECASE)
_TYPE = re.compile(rf"({'|'.join(match_key(kind) for kind in TYPES)}) (?=\S)")
_FARM = re.compile(r"\b(?:nông trường|n\s*\.?\s*t)\b\.?", re.IGNORECASE)
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5"}
_CITY = re.compile(r"\s(?:tp)?hcm$", re.IGNORECASE)


def full_key(name: str) -> str:
    """The type written out, marks kept, their place, case, hyphens and leading zeros evened out."""
    text = re.sub(r"[-–—]", " ", name.replace("Ð", "Đ").strip())
    found = _ABBREVIATED.match(text)
    if found:
        text = f"{_ABBREVIATIONS[found.group(1).lower()]} {text[found.end() :]}"
    text = _FARM.sub("nông trường ", text)
    text = re.sub(r"['’‘`´]", "", re.sub(r"\b0+(?=\d)", "", text))
    return match_key(_CITY.sub(" hồ chí minh", f" {text}"))


def split_key(key: str) -> tuple[str, str]:
    """The type and the rest of a full key; the type is empty where none is written."""
    found = _TYPE.match(key)
    return (found.group(1), key[found.end() :]) if found else ("", key)


def bare_key(name: str) -> str:
    """The full key without its type."""
    return split_key(full_key(name))[1]


def loose_key(name: str) -> str:
    """Letters and digits only: no type, marks or spaces, y as i, roman numbers as digits ("Hòa Tú II" = "Hoà Tú 2")."""
    words = search_key(bare_key(name)).split()
    words = words[:1] + [_ROMAN.get(word, word) for word in words[1:]]
    return "".join(words).replace("y", "i")
