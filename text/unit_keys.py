"""Names of units as people write them, as keys to compare: the type written out, marks kept, habits evened out."""

from __future__ import annotations

import re

from text.names import match_key

TYPES = ("thị trấn", "thị xã", "thành phố", "đặc khu", "phường", "huyện", "quận", "tỉnh", "xã")
_ABBREVIATIONS = {
    "ttr": "thị trấn",
    "tt": "thị trấn",
    "tx": "thị xã",
    "tp": "thành phố",
    "đk": "đặc khu",
    "ph": "phường",
    "p": "phường",
    "h": "huyện",
    "q": "quận",
    "t": "tỉnh",
    "x": "xã",
}
# "P. 4", "P.4", "P 4", "TT Sa Pa"; "TPHCM" is the one that is written together. A single letter without a point may be a
# name of its own: P Rao.
_ABBREVIATED = re.compile(
    rf"({'|'.join(_ABBREVIATIONS)})(?:\s*\.\s*(?=\S)|\s+(?=\d))|(ttr|tt|tx|tp|đk)(?:\s+(?=\S))|(tp)(?=[^\W\d_]{{2}})"
)
_ALIASES = {"hcm": "hồ chí minh", "thành phố hcm": "thành phố hồ chí minh", "tphcm": "thành phố hồ chí minh"}
_ALIAS_KEYS = {match_key(alias): match_key(name) for alias, name in _ALIASES.items()}
_TYPE = re.compile(rf"({'|'.join(match_key(kind) for kind in TYPES)}) (?=\S)")


def unit_key(name: str) -> str:
    """A unit's name for comparison: marks count; their place, case, hyphens, quotes and leading zeros do not."""
    text = name.replace("Ð", "Đ").strip().lower()
    found = _ABBREVIATED.match(text)
    if found:
        text = f"{_ABBREVIATIONS[found.group(found.lastindex)]} {text[found.end() :]}"
    text = re.sub(r"[-–—]", " ", re.sub(r"['’‘`´]", "", text))
    key = match_key(re.sub(r"\b0+(?=\d)", "", text))
    return _ALIAS_KEYS.get(key, key)


def split_type(key: str) -> tuple[str, str]:
    """The type and the bare name of a key; the type is empty where none is written."""
    found = _TYPE.match(key)
    return (found.group(1), key[found.end() :]) if found else ("", key)
