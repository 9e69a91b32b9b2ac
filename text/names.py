"""Names of administrative units: one spelling, search without marks, and the Vietnamese order.

Marks are folded with Unicode decomposition (NFD without combining marks, đ→d).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

# Combining marks that make a letter of the alphabet (breve, circumflex, horn) and those that are tones.
_BREVE, _CIRCUMFLEX, _HORN = "\u0306", "\u0302", "\u031b"
_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng: the order of dictionaries, after no tone

_LETTER_ORDER = {letter: place for place, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}

_NOT_WORD = re.compile(r"[^0-9a-z]+")
_PARTS = re.compile(r"\d+|\D")
_SPACES = re.compile(r"\s+")
_WORDS = re.compile(r"[\s,;.]+")
SHORT_FORMS = {
    "tp": "thanh pho", "tx": "thi xa", "tt": "thi tran", "x": "xa", "p": "phuong", "q": "quan", "h": "huyen", "t": "tinh",
    "hcm": "ho chi minh", "tphcm": "thanh pho ho chi minh", "hn": "ha noi",
}  # fmt: skip
_SHORT_TYPE = re.compile(r"\b(tp|tx|tt|[xpqht])\.")
_NUMBERED = re.compile(r"\b([pq])\s?(\d{1,2})\b")


def normalise_name(name: str) -> str:
    """NFC, one space between words, none at the ends: the spelling that is stored and shown."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", name)).strip()


def upper_first(text: str) -> str:
    """For the start of a sentence: "tháng 12/2020" → "Tháng 12/2020"."""
    return text[:1].upper() + text[1:]


def lower_first(name: str) -> str:
    """A full name for the middle of a sentence: "Tỉnh Sơn La" → "tỉnh Sơn La"; only the type's letter changes."""
    return name[:1].lower() + name[1:]


class _Unmarked(dict[int, str]):
    """What `str.translate` puts for a letter: nothing for a combining mark. Filled as letters are met."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        self[code] = bare = "" if unicodedata.combining(letter) else {"đ": "d", "Đ": "D"}.get(letter, letter)
        return bare


_UNMARKED = _Unmarked()


def fold_accents(text: str) -> str:
    """Without marks: "Đắk Lắk" → "Dak Lak". Case stays."""
    return text if text.isascii() else unicodedata.normalize("NFD", text).translate(_UNMARKED)


def search_key(text: str) -> str:
    """What is compared in a search: small letters and digits without marks, one space between words.

    "Xã Hoà-Bình" and "xa hòa bình" have the same key, so a reader without a Vietnamese keyboard finds both.
    """
    return _NOT_WORD.sub(" ", fold_accents(text).lower()).strip()


def typed_key(text: str) -> str:
    """The key of what somebody typed, with what is usually shortened written out: "TP. HCM", "x. Tân Lập", "p5", "q.1".

    A letter alone is a type only before a point or a number; otherwise it is the beginning of a name.
    """
    folded = fold_accents(text).lower()
    folded = _SHORT_TYPE.sub(lambda found: f" {SHORT_FORMS[found[1]]} ", folded)
    folded = _NUMBERED.sub(lambda found: f" {SHORT_FORMS[found[1]]} {found[2]} ", folded)
    return search_key(" ".join(SHORT_FORMS.get(word, word) if len(word) > 1 else word for word in _WORDS.split(folded)))


def is_one_slip(written: str, meant: str) -> bool:
    """Whether two keys differ by one slip of the finger: a letter too many, too few, another one, or two in the wrong order."""
    if abs(len(written) - len(meant)) > 1 or written == meant:
        return False
    at = 0
    while at < min(len(written), len(meant)) and written[at] == meant[at]:
        at += 1
    left, right = written[at:], meant[at:]
    return (
        left[1:] == right[1:]
        or left[1:] == right
        or left == right[1:]
        or (left[:2] == right[1::-1] and left[2:] == right[2:])
    )


def match_key(name: str) -> str:
    """For joining names of two sources: marks count, their place does not (hoà = hòa), nor do case and spaces.

    Hòa and Hóa stay different, so that two communes of one district do not fall together.
    """
    words = _SPACES.split(unicodedata.normalize("NFD", normalise_name(name)).lower())
    return " ".join(_tone_last(word) for word in words)


@lru_cache(maxsize=8192)
def _tone_last(word: str) -> str:
    """A syllable with its tone mark moved to the end, because both hoà and hòa are in use."""
    letters = "".join(mark for mark in word if mark not in _TONES)
    return unicodedata.normalize("NFC", letters) + "".join(mark for mark in word if mark in _TONES)


CollationKey = tuple[tuple[tuple[int, int], ...], tuple[int, ...], str]


def collation_key(name: str) -> CollationKey:
    """A sort key in the order of the Vietnamese alphabet (a ă â b c d đ e ê …), then by tone, then by spelling.

    The whole name is compared by its letters first, tones decide only between equal letters (as ICU does). Numbers
    sort by their value: Phường 2 before Phường 10. A space sorts before any letter; case does not count.
    """
    letters: list[tuple[int, int]] = []
    tones: list[int] = []
    for part in _PARTS.findall(unicodedata.normalize("NFC", name).lower()):
        if part.isdecimal():
            letters.append((1, int(part)))
            tones.append(0)
            continue
        letter, tone = _split_letter(part)
        place = _LETTER_ORDER.get(letter)
        letters.append((0, ord(letter[0])) if place is None else (2, place))
        tones.append(tone)
    return tuple(letters), tuple(tones), name


@lru_cache(maxsize=512)
def _split_letter(letter: str) -> tuple[str, int]:
    """A letter of the alphabet without its tone, and the tone: ấ → (â, 4)."""
    decomposed = unicodedata.normalize("NFD", letter)
    tone = next((place for place, mark in enumerate(_TONES, start=1) if mark in decomposed), 0)
    return unicodedata.normalize("NFC", "".join(mark for mark in decomposed if mark not in _TONES)), tone


def sort_names(names: Iterable[str]) -> list[str]:
    return sorted(names, key=collation_key)
