"""Vietnamese as it was written before Unicode: TCVN3 (ABC), VNI and VIQR, read into Unicode (NFC).

Sources: TCVN3 is the lower half of the national standard TCVN 5712:1993 (its letters from A1 to FE, which glibc's
charset TCVN5712-1 has too); capitals with a tone were typed as small letters in a font of capitals. VNI is the table of
VNI Windows fonts (a letter of ASCII followed by a mark). VIQR is RFC 1456.

Text in TCVN3 or VNI reaches us as characters of Latin-1, one per byte, in a cell or in a file of text.
"""

import re
import unicodedata

_TCVN3 = {
    0xA1: "ĂÂÊÔƠƯĐăâêôơưđ",
    0xB5: "àảãáạ",
    0xBB: "ằẳẵắ",
    0xC6: "ặầẩẫấậè",
    0xCE: "ẻẽéẹềểễếệìỉ",
    0xDC: "ĩíịò",
    0xE1: "ỏõóọồổỗốộờở",
    0xEC: "ỡớợùủũúụừửữứựỳỷỹýỵ",
}
TCVN3_LETTERS = {first + place: letter for first, letters in _TCVN3.items() for place, letter in enumerate(letters)}

# Tones in the order of the marks below: sắc, huyền, hỏi, ngã, nặng.
_TONES = "\u0301\u0300\u0309\u0303\u0323"
_CIRCUMFLEX, _BREVE, _HORN = "\u0302", "\u0306", "\u031b"


def _make_vni_letters() -> dict[str, str]:
    """Two characters of VNI → one letter, and the letters that are one character there, small and capital."""
    letters = {"ñ": "đ"}
    bases = [("a", ""), ("e", ""), ("o", ""), ("u", ""), ("y", ""), ("ô", "o" + _HORN), ("ö", "u" + _HORN)]
    for base, composed in bases:
        plain = composed or base
        letters |= {base + mark: plain + tone for mark, tone in zip("ùøûõï", _TONES, strict=True)}
        if composed:
            letters[base] = plain
    for base in "aeo":
        letters[base + "â"] = base + _CIRCUMFLEX
        letters |= {base + mark: base + _CIRCUMFLEX + tone for mark, tone in zip("áàåãä", _TONES, strict=True)}
    letters["aê"] = "a" + _BREVE
    letters |= {"a" + mark: "a" + _BREVE + tone for mark, tone in zip("éèúüë", _TONES, strict=True)}
    letters |= {mark: "i" + tone for mark, tone in zip("íìæóò", _TONES, strict=True)}
    letters["î"] = "y\u0323"
    small = {written: unicodedata.normalize("NFC", letter) for written, letter in letters.items()}
    capital = {written.upper(): letter.upper() for written, letter in small.items()}
    mixed = {written[0].upper() + written[1:]: letter.upper() for written, letter in small.items()}
    return small | mixed | capital


VNI_LETTERS = _make_vni_letters()
_VNI_PAIR = re.compile("|".join(sorted(map(re.escape, VNI_LETTERS), key=len, reverse=True)))

_VIQR_LETTER = re.compile(r"(\\.)|([Dd])[Dd]|([AEIOUYaeiouy])(\(|\^|\+)?(['`?~.])?")
_VIQR_SHAPES = {"(": _BREVE, "^": _CIRCUMFLEX, "+": _HORN}
_VIQR_TONES = dict(zip("'`?~.", _TONES, strict=True))
_VIQR_WEARERS = {"(": "Aa", "^": "AEOaeo", "+": "OUou"}


def decode_tcvn3(text: str) -> str:
    """Latin-1 characters as letters of TCVN3."""
    return text.translate(TCVN3_LETTERS)


def decode_vni(text: str) -> str:
    """Latin-1 characters as letters of VNI Windows."""
    return _VNI_PAIR.sub(lambda found: VNI_LETTERS[found.group()], text)


def decode_viqr(text: str) -> str:
    """ASCII with marks after the letters, as in "Xa~ Hu+ng DDa.o"."""
    return unicodedata.normalize("NFC", _VIQR_LETTER.sub(_read_viqr, text))


def _read_viqr(found: re.Match[str]) -> str:
    escaped, crossed, letter, shape, tone = found.groups()
    if escaped:
        return escaped[1]
    if crossed:
        return "Đ" if crossed == "D" else "đ"
    if shape and letter not in _VIQR_WEARERS[shape]:
        return found.group()
    return letter + _VIQR_SHAPES.get(shape, "") + _VIQR_TONES.get(tone, "")


def encode_tcvn3(text: str) -> str:
    """Letters as TCVN3 writes them, as Latin-1 characters; capitals with a tone become small, as in its fonts."""
    bytes_of = {letter: chr(code) for code, letter in TCVN3_LETTERS.items()}
    composed = unicodedata.normalize("NFC", text)
    return "".join(bytes_of.get(letter) or bytes_of.get(letter.lower(), letter) for letter in composed)


def encode_vni(text: str) -> str:
    """Letters as VNI Windows writes them, as Latin-1 characters."""
    pairs = {letter: written for written, letter in VNI_LETTERS.items()}
    return "".join(pairs.get(letter, letter) for letter in unicodedata.normalize("NFC", text))


def encode_viqr(text: str) -> str:
    """Letters as RFC 1456 writes them; a full stop or question mark after a vowel is escaped."""
    shapes = {mark: written for written, mark in _VIQR_SHAPES.items()}
    tones = {mark: written for written, mark in _VIQR_TONES.items()}
    written: list[str] = []
    for letter in unicodedata.normalize("NFC", text):
        if letter in "đĐ":
            written.append("dd" if letter == "đ" else "DD")
            continue
        parts = unicodedata.normalize("NFD", letter)
        marks = sorted(parts[1:], key=lambda mark: mark in tones)
        follows_vowel = bool(written) and written[-1][-1] in "aeiouyAEIOUY(^+"
        escape = "\\" if parts in ("'", "`", "?", "~", ".", "(", "^", "+") and follows_vowel else ""
        written.append(escape + parts[0] + "".join((shapes | tones)[mark] for mark in marks))
    return "".join(written)
