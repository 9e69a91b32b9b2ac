"""Which writing a text is in: Unicode, Windows-1258, TCVN3, VNI or VIQR; refused where that cannot be decided.

A writing is recognised by common words of Vietnamese reports, with their marks, that appear once it is read that way.
"""

import codecs
import re
import unicodedata
from collections.abc import Callable, Iterable
from contextlib import suppress

from data.ingest.legacy_text import decode_tcvn3, decode_viqr, decode_vni
from text.names import match_key

FEWEST_WORDS = 2
CLEAR_LEAD = 2  # times as many words as the next best reading

_COMMON = (
    "xã phường thị trấn huyện quận tỉnh thành phố đơn vị dân số người tổng cộng mã tỷ lệ bảo hiểm hộ gia đình "
    "ngân sách nhà nước chỉ tiêu báo cáo tháng năm ghi chú còn phải phát triển đóng hỗ trợ lao động của các "
    "nhóm đối tượng thẻ giao thực hiện nội dung ngày được đã và thuộc đặc khu đạt kế hoạch phú bình tân"
)
_WORDS = frozenset(match_key(word) for word in _COMMON.split() if not word.isascii())
_TOKEN = re.compile(r"[^\s\d.,;:()/\[\]\"“”%–\-]+")
_VIETNAMESE = frozenset("aăâbcdđeêghiklmnoôơpqrstuưvxyfjwz")
_MARKS = frozenset("\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323")
# Signs that Unicode text of offices holds without being any letter.
_HARMLESS = frozenset("\u00a0\u202f\u2009–—…“”‘’‚„•·°²³½¼¾≥≤×÷±→«»§\ufeff\u200b\u200e−″′№₫™®©")
_COUNT_LIMIT = 20_000


class UndecidableEncoding(ValueError):
    """The text can be read in more than one way, or in none."""


def count_words(text: str) -> int:
    """How many common Vietnamese words with marks a text has."""
    return sum(match_key(token) in _WORDS for token in _TOKEN.findall(text[:_COUNT_LIMIT].lower()))


def is_vietnamese(text: str) -> bool:
    """Whether every letter is one of Vietnamese and every other sign an ordinary one."""
    for letter in set(unicodedata.normalize("NFD", text)):
        if letter in _HARMLESS or letter in _MARKS or letter.isascii():
            continue
        if letter.lower() not in _VIETNAMESE:
            return False
    return True


def choose_decoder(texts: Iterable[str]) -> Callable[[str], str] | None:
    """How the cells of a workbook are to be read; None where they are Unicode already.

    Raises UndecidableEncoding where letters are left that no reading explains.
    """
    joined = " ".join(texts)
    if joined.isascii():
        return decode_viqr if count_words(decode_viqr(joined)) >= FEWEST_WORDS else None
    if is_vietnamese(joined):
        return None
    as_it_stands = count_words(joined)
    words = {decoder: count_words(decoder(joined)) for decoder in (decode_tcvn3, decode_vni)}
    best, other = sorted(words, key=lambda decoder: words[decoder], reverse=True)
    if words[best] >= FEWEST_WORDS and words[best] >= CLEAR_LEAD * max(words[other], as_it_stands, 1):
        return best
    if as_it_stands >= FEWEST_WORDS and as_it_stands >= CLEAR_LEAD * words[best]:
        return None
    if words[best] >= FEWEST_WORDS and as_it_stands >= FEWEST_WORDS and words[best] >= CLEAR_LEAD * words[other]:
        return lambda text: text if is_vietnamese(text) and count_words(text) else best(text)
    if count_letters_outside(joined) == 0:
        return None
    raise UndecidableEncoding


def count_letters_outside(text: str) -> int:
    """Letters of Latin-1 that are not Vietnamese: the trace of an old writing. Other scripts are no such trace."""
    return sum("\u00a1" <= letter <= "\u00ff" and not is_vietnamese(letter) for letter in text)


def decode_bytes(content: bytes) -> str:
    """A file of text as Unicode (NFC). Raises UndecidableEncoding."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if content.startswith(mark):
            return _decode_strictly(content[len(mark) :], encoding)
    if b"\x00" in content:
        odd, even = content[1::2].count(0), content[::2].count(0)
        return _decode_strictly(content, "utf-16-le" if odd > even else "utf-16-be")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_eight_bits(content)
    decoder = choose_decoder([text])
    return unicodedata.normalize("NFC", decoder(text) if decoder else text)


def _decode_strictly(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as problem:
        raise UndecidableEncoding from problem
    if "\x00" in text:
        raise UndecidableEncoding
    decoder = choose_decoder([text])
    return unicodedata.normalize("NFC", decoder(text) if decoder else text)


def _decode_eight_bits(content: bytes) -> str:
    """One byte per letter: the reading with clearly the most Vietnamese words."""
    latin = content.decode("latin-1")
    readings = {"tcvn3": decode_tcvn3(latin), "vni": decode_vni(latin)}
    with suppress(UnicodeDecodeError):
        readings["cp1258"] = content.decode("cp1258")
    words = {name: count_words(text) for name, text in readings.items()}
    best, *others = sorted(words, key=lambda name: words[name], reverse=True)
    if words[best] < FEWEST_WORDS or any(words[best] < CLEAR_LEAD * words[name] for name in others):
        raise UndecidableEncoding
    return unicodedata.normalize("NFC", readings[best])
