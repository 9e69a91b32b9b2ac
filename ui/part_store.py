"""Where drawn parts of pages are kept (ui/kept_parts.py draws them and sends them again): those of this process, up to so many
bytes, and behind them the book of those drawn ahead (ui/screens.py)."""

from __future__ import annotations

import json
import struct
import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from itertools import accumulate, count, pairwise
from typing import Any

from google.protobuf.message import DecodeError
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_cache import create_reference_msg
from streamlit.runtime.state.common import WidgetMetadata, user_key_from_element_id

from data.screen_book import ScreenBook

KEPT_BYTES = 240 * 2**20  # docs/operations.md says what a process takes
LARGEST_SHARE = 16  # a part larger than this share of the whole is not kept
DRAWERS = 2  # as many as can be of use: one in Python, one that waits for a query
WAIT = 0.2  # seconds after which a waiting reader looks whether it is still wanted


@dataclass(frozen=True)
class Part:
    """A drawn part of a page: its messages, each with the reference that stands for it where the browser has it already; the
    boxes and buttons it registered; and how far it moved on in each of the places of `list_cursors`."""

    messages: tuple[tuple[ForwardMsg, ForwardMsg | None], ...]
    boxes: tuple[WidgetMetadata[Any], ...]
    advanced: tuple[int, ...]


@dataclass
class Notes:
    """What passed while a part was drawn. `is_own`: a box held what its reader had put there."""

    messages: list[ForwardMsg] = field(default_factory=list)
    boxes: list[WidgetMetadata[Any]] = field(default_factory=list)
    is_own: bool = False


class KeptParts:
    """The parts drawn last, up to so many bytes. A message that stands in several parts is held once."""

    def __init__(self, most: int = KEPT_BYTES) -> None:
        self.book: ScreenBook | None = None
        # Called with the name and the contents of what was drawn here, where a book is being written.
        self.on_drawn: Callable[[bytes, bytes], None] | None = None
        self._boxes: dict[tuple[Hashable, str], WidgetMetadata[Any]] = {}
        self._most, self._size = most, 0
        self._parts: OrderedDict[Hashable, Part] = OrderedDict()
        self._shared: dict[Hashable, list[Any]] = {}  # -> [message, reference, in how many parts]
        self._lock = threading.Lock()
        self._owner: Hashable = None
        self._turns = threading.Condition()
        self._drawn_now: set[Hashable] = set()
        self._waiting: dict[int, Hashable] = {}  # in the order in which they came
        self._numbers = count()

    def belong_to(self, owner: Hashable) -> None:
        """Forget what belongs to another: parts of an older snapshot would hold its catalogue in memory. A book may stay: its
        screens stand under names that say the snapshot."""
        if owner != self._owner:
            self.clear()
            self._owner = owner

    def get(self, key: Hashable) -> Part | None:
        """What this process keeps."""
        with self._lock:
            if key in self._parts:
                self._parts.move_to_end(key)
            return self._parts.get(key)

    def find(self, key: Hashable, owner: Hashable) -> Part | None:
        """What this process keeps, or else what stands in the book, which it keeps from then on. `owner` tells boxes apart that
        Streamlit gives one id: those of a page in a language do the same, whatever it shows."""
        if (found := self.get(key)) is not None or (book := self.book) is None:
            return found
        # One read and one unpacking: each lets go of the interpreter, which on a busy server is slow to come back.
        packed = book.get(name_of_key(key))
        if packed is None:
            return None
        try:
            names, messages, advanced = unpack_part(packed)
        except (zlib.error, ValueError, KeyError, struct.error, DecodeError):
            return None  # damaged: drawn, as without a book
        boxes = [self._find_box(owner, box) for box in names]
        if None in boxes:
            return None  # a box that this process has not drawn yet: what it does is no matter of the book
        self._keep(key, messages, [box for box in boxes if box is not None], advanced)
        return self.get(key)

    def put(self, key: Hashable, notes: Notes, advanced: tuple[int, ...], owner: Hashable = "") -> None:
        """Keep what was drawn."""
        for box in notes.boxes:
            self._boxes[owner, box.id] = box
            if box.callbacks is None and box.presenter is None:
                self._boxes[owner, user_key_from_element_id(box.id) or box.id] = box
        self._keep(key, notes.messages, notes.boxes, advanced)
        if self.on_drawn is not None:
            self.on_drawn(name_of_key(key), pack_part([box.id for box in notes.boxes], notes.messages, advanced))

    def _find_box(self, owner: Hashable, name: str) -> WidgetMetadata[Any] | None:
        """A box as this process has drawn it under this owner. Streamlit puts what a chart shows into its id: such a one is known
        by the key we gave it."""
        if (found := self._boxes.get((owner, name))) is not None:
            return found
        alike = self._boxes.get((owner, user_key_from_element_id(name) or name))
        return None if alike is None else replace(alike, id=name)

    def _keep(
        self,
        key: Hashable,
        drawn: Sequence[ForwardMsg],
        boxes: Sequence[WidgetMetadata[Any]],
        advanced: tuple[int, ...],
    ) -> None:
        if sum(message.ByteSize() for message in drawn) > self._most // LARGEST_SHARE:
            return
        with self._lock:
            if key in self._parts:
                return
            messages = tuple(self._share(message) for message in drawn)
            self._parts[key] = Part(messages, tuple(boxes), advanced)
            while self._size > self._most:
                self._release(self._parts.popitem(last=False)[1])

    def wait(self, key: Hashable, known: Part | None, check: Callable[[], None]) -> Part | None:
        """Wait for one's turn to draw `key`, first come first served: None where it has come (`finish` ends it), or the part
        where another reader has drawn it meanwhile (another than `known`). `check` is called while waiting, and raises where
        this reader has asked for something else."""
        with self._turns:
            number = next(self._numbers)
            self._waiting[number] = key
            try:
                while True:
                    found = self.get(key)
                    if found is not None and found is not known:
                        return found
                    if self._may_begin(number):
                        self._drawn_now.add(key)
                        return None
                    self._turns.wait(WAIT)
                    check()
            finally:
                del self._waiting[number]
                self._turns.notify_all()

    def finish(self, key: Hashable) -> None:
        with self._turns:
            self._drawn_now.discard(key)
            self._turns.notify_all()

    def _may_begin(self, number: int) -> bool:
        if len(self._drawn_now) >= DRAWERS:
            return False
        free = (waiting for waiting, key in self._waiting.items() if key not in self._drawn_now)
        return next(free, None) == number

    def clear(self) -> None:
        with self._lock:
            self._parts.clear()
            self._shared.clear()
            self._boxes.clear()
            self._size = 0

    def describe(self) -> dict[str, int]:
        with self._lock:
            return {"parts": len(self._parts), "messages": len(self._shared), "bytes": self._size}

    def _share(self, message: ForwardMsg) -> tuple[ForwardMsg, ForwardMsg | None]:
        name = name_of(message)
        if name not in self._shared:
            reference = create_reference_msg(message) if message.metadata.cacheable else None
            self._shared[name] = [message, reference, 0]
            self._size += message.ByteSize()
        held = self._shared[name]
        held[2] += 1
        return held[0], held[1]

    def _release(self, part: Part) -> None:
        for message, _ in part.messages:
            held = self._shared[name_of(message)]
            held[2] -= 1
            if not held[2]:
                del self._shared[name_of(message)]
                self._size -= message.ByteSize()


def name_of(message: ForwardMsg) -> Hashable:
    """What tells messages apart: Streamlit's hash is of the content without the place where it belongs."""
    return message.hash, message.metadata.SerializeToString(deterministic=True)


def name_of_key(key: Hashable) -> bytes:
    """The name in a book: of plain values (text, numbers, tuples of them), which read alike in every process."""
    return blake2b(repr(key).encode(), digest_size=16).digest()


def pack_part(boxes: Sequence[str], messages: Sequence[ForwardMsg], advanced: Sequence[int]) -> bytes:
    """A part as it stands in a book: a head that says boxes, places and the length of each message, then the messages."""
    drawn = [message.SerializeToString(deterministic=True) for message in messages]
    head = json.dumps({"boxes": list(boxes), "advanced": list(advanced), "sizes": list(map(len, drawn))}).encode()
    return zlib.compress(b"".join((struct.pack("<I", len(head)), head, *drawn)))


def unpack_part(packed: bytes) -> tuple[list[str], list[ForwardMsg], tuple[int, ...]]:
    """Ids of the boxes, messages, and how far the part moved on in each place."""
    data = memoryview(zlib.decompress(packed))
    (length,) = struct.unpack_from("<I", data)
    head = json.loads(bytes(data[4 : 4 + length]))
    ends = list(accumulate(head["sizes"], initial=4 + length))
    messages = [ForwardMsg.FromString(bytes(data[start:end])) for start, end in pairwise(ends)]
    return head["boxes"], messages, tuple(head["advanced"])
