"""What one file is: who makes it, in which forms, under which name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from data.errors import UserError
from ui.frame import Frame
from ui.view import PLACE_LEVELS, Choice

if TYPE_CHECKING:
    from ui.documents.figures import TakenFigure

TABLE = ("xlsx", "excel.csv", "csv")
FIGURE = ("png", "svg")
PDF = ("pdf",)
SLIDES = ("pptx",)
WORKBOOK = ("xlsx",)
MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "excel.csv": "text/csv; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "png": "image/png",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


class NothingToTake(UserError):
    """The View has nothing for this file: no figures, no threshold, another level. The sentence says why."""

    def __init__(self, words_key: str = "takeaway.nothing", **values: object) -> None:
        super().__init__("TAKE-NOTHING", words_key, **values)


@dataclass(frozen=True)
class Offer:
    """One file. `make` gets the page's Frame and one of `endings`, and returns the file (NothingToTake where the View has
    none); `stem` is what it is called in its file name, in plain letters (`BHYT_<stem>_38_2020-12_2026-11-23.xlsx`). `build`
    gives a map or chart with its words, for a frame on another website; None for other files.
    `is_internal`: the public edition does not know it. `is_blank`: a form to fill in, whose name has neither month nor day.
    """

    make: Callable[[Frame, str], bytes]
    endings: Sequence[str]
    stem: str | Callable[[Frame], str]
    is_internal: bool = False
    build: Callable[[Frame], TakenFigure | None] | None = None
    is_blank: bool = False

    def name(self, page: Frame) -> str:
        return self.stem if isinstance(self.stem, str) else self.stem(page)


@dataclass(frozen=True)
class PageOffers:
    """The files of one page by name, and what the page adds to the address (as it tells `frame.show`)."""

    offers: dict[str, Offer]
    choices: Sequence[Choice] = field(default=())
    place_levels: Sequence[str] = PLACE_LEVELS
