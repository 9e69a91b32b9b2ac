"""How much room words take on a slide, measured letter by letter.

Arial itself cannot be shipped, and a computer without it sets the slide in what it has. So words are measured in our own
typeface and given a little more: as much as DejaVu Sans takes, the widest that stands in for Arial (LibreOffice on a Linux
without its metric twin).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from PIL import ImageFont

from reports.typeface import FONT_FILES

WIDER = 1.14  # DejaVu Sans Bold to Be Vietnam Pro Bold, over the words of a deck in both languages
PADDING = 1.3  # of the type's size: the margins of a cell, and the space that keeps a number from the word after it
LONGEST = 32.0  # of the type's size: a sentence that is longer breaks
_MEASURED_AT = 200
_FIGURE = re.compile(r"\d")


def measure(text: str, *, is_bold: bool = False) -> float:
    """The width of one line, in sizes of its type. Figures count as their widest: elsewhere they are all of one width."""
    return WIDER * _font(is_bold).getlength(_FIGURE.sub("0", text)) / _MEASURED_AT


@cache
def _font(is_bold: bool) -> ImageFont.FreeTypeFont:
    regular, _, bold = FONT_FILES
    return ImageFont.truetype(str(bold if is_bold else regular), _MEASURED_AT, layout_engine=ImageFont.Layout.BASIC)


def measure_heading(text: str) -> float:
    """The width in which a heading, which is bold, stands on at most two lines, no word broken."""
    words = text.split()
    breaks = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(len(words))]
    return min((max(measure(line, is_bold=True) for line in lines) for lines in breaks), default=0.0)


def measure_columns(
    head: Sequence[str], rows: Sequence[Sequence[str]], marked: int | None = None
) -> tuple[list[float], list[float]]:
    """What every column needs so that no word is broken, and what it takes with its headings on two lines and its cells on
    one, both in sizes of the type and with their padding. `marked` is the row set in bold."""
    needed, wanted = [], []
    for column, heading in enumerate(head):
        cells = [(row[column], at == marked) for at, row in enumerate(rows)]
        words = [(word, True) for word in heading.split()]
        words += [(word, is_bold) for text, is_bold in cells for word in text.split()]
        longest = max((measure(word, is_bold=is_bold) for word, is_bold in words), default=0.0)
        whole = max((min(measure(text, is_bold=is_bold), LONGEST) for text, is_bold in cells), default=0.0)
        needed.append(longest + PADDING)
        wanted.append(max(longest, whole, measure_heading(heading)) + PADDING)
    return needed, wanted


def share_width(needed: Sequence[float], wanted: Sequence[float], width: float) -> list[float]:
    """The columns' widths, together `width`. Where there is enough, all get what they want and as much again of what is left;
    where there is not, each gives up of what it wants beyond its need."""
    spare = width - sum(wanted)
    if spare >= 0:
        return [one * width / sum(wanted) for one in wanted]
    room = [much - least for least, much in zip(needed, wanted, strict=True)]
    if sum(room) + spare < 0:  # not even the longest words fit
        return [one * width / sum(needed) for one in needed]
    return [much + spare * more / sum(room) for much, more in zip(wanted, room, strict=True)]
