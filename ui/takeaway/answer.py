"""One file for one address: looked up, made, kept for the next reader who asks the same of the same snapshot."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from data.errors import UserError
from data.settings import get_settings
from reports.table_files import name_file
from ui.frame import Frame
from ui.takeaway.headless import open_frame
from ui.takeaway.offers import MEDIA_TYPES, Offer
from ui.takeaway.registry import find_offer
from ui.view import NOT_YOURS, write_params

KEPT_BYTES = 48 * 2**20
_PROCESS = secrets.token_hex(4)  # another process may run other code: what it made is not what this one would


@dataclass(frozen=True)
class Taken:
    """A file: its bytes, what they are, its name, and a tag that changes when they may."""

    body: bytes
    media_type: str
    file_name: str
    tag: str


class NotYours(UserError):
    """The file would hold a draft of others than the reader's own place."""

    def __init__(self, month: str) -> None:
        super().__init__("TAKE-NOT-YOURS", "sign_in.not_yours", month=month)


class Kept:
    """The files made last, by tag, up to so many bytes."""

    def __init__(self, most: int) -> None:
        self._most, self._size = most, 0
        self._files: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, tag: str) -> bytes | None:
        with self._lock:
            if tag in self._files:
                self._files.move_to_end(tag)
            return self._files.get(tag)

    def put(self, tag: str, body: bytes) -> None:
        with self._lock:
            if tag in self._files or len(body) > self._most // 4:
                return
            self._files[tag] = body
            self._size += len(body)
            while self._size > self._most:
                self._size -= len(self._files.popitem(last=False)[1])


_kept = Kept(KEPT_BYTES)


def split_name(file: str) -> tuple[str, str]:
    """`units.excel.csv` is the file `units` with the ending `excel.csv`."""
    what, _, ending = file.partition(".")
    return what, ending


def is_offered(page: str, file: str) -> bool:
    what, ending = split_name(file)
    offer = find_offer(page, what)
    return offer is not None and ending in offer.endings


def tag_of(frame: Frame, *what: str) -> str:
    """A tag of what is made from a Frame: what the reader chose, not how it was written, and of a table every page; what was
    refused is said in the file."""
    chosen = [*sorted(write_params(replace(frame.view, page=1), frame.catalogue).items()), *map(str, frame.notices)]
    key = (frame.snapshot_id, get_settings().edition, *what, _PROCESS, chosen)
    return hashlib.sha256(repr(key).encode()).hexdigest()[:24]


def take(page: str, file: str, params: Mapping[str, str], known_tag: str = "") -> Taken:
    """The file of an address that `is_offered`. Its body is empty where the asker has it already (`known_tag`).
    StoreUnavailable and NothingToTake say why there is none."""
    what, ending = split_name(file)
    offer: Offer | None = find_offer(page, what)
    if offer is None or ending not in offer.endings:
        raise KeyError(f"{page}/{file}")
    frame = open_frame(page, params)
    for notice in frame.notices:
        if (
            notice.key == NOT_YOURS
        ):  # a page shows another month and says so; a file of another month would be a wrong file
            raise NotYours(month=frame.formats.month(notice.values["value"]))
    today = date.today()
    tag = tag_of(frame, page, file, today.isoformat())
    name = name_file(offer.name(frame), frame.view.unit, frame.view.period, today, ending, frame.view.lang)
    if offer.is_blank:
        name = f"BHYT_{offer.name(frame)}.{ending}"
    body = b""
    if tag != known_tag:
        body = _kept.get(tag) or offer.make(frame, ending)
        _kept.put(tag, body)
    return Taken(body, MEDIA_TYPES[ending], name, tag)
