"""What was drawn is kept, and sent again to the next reader who asks for the same.

The address is the truth (ui/frame.py): on one snapshot, two equal Views of a page show the same screen. So the messages that
drew a part of it, and the boxes and buttons it registered, are kept under what decides it, and a second reader costs about
a tenth of the first (docs/operations.md). What a reader typed stands in no address: a part in which any box holds something
is drawn for that reader alone, and never kept.

This is the only place that touches Streamlit's run of a script from the inside: it notes messages and widgets on their way, and
gives them back through the same two calls. `tests/test_ui_kept_parts.py` holds kept and drawn screens against each other.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from streamlit.cursor import Cursor, get_container_cursor
from streamlit.delta_generator_singletons import context_dg_stack
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.RootContainer_pb2 import RootContainer
from streamlit.runtime.forward_msg_cache import create_reference_msg
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext, get_script_run_ctx
from streamlit.runtime.state import SafeSessionState
from streamlit.runtime.state.common import WidgetMetadata, user_key_from_element_id
from streamlit.runtime.state.widgets import register_widget_from_metadata

from ui.light_runs import Together, travels_together

KEPT_BYTES = 240 * 2**20  # the screens drawn ahead are half of it (docs/operations.md)
LARGEST_SHARE = 16  # a part larger than this share of the whole is not kept
DRAWERS = 2  # as many as can be of use: one in Python, one that waits for a query
WAIT = 0.2  # seconds after which a waiting reader looks whether it is still wanted
# What holds a press, and no more: buttons, and components of ours, which never hold a state (in theirs Streamlit leaves the
# press before this one).
PRESSES = frozenset({"trigger_value", "json_trigger_value", "string_trigger_value", "json_value"})
HAS_TURN = "has_turn"  # attribute of a run's context while it draws
ROOTS = (RootContainer.MAIN, RootContainer.EVENT)


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


class NotedState(SafeSessionState):
    """The session's state, as one part registers its boxes in it; `outer` where that part stands in a larger one."""

    def __init__(self, state: SafeSessionState, notes: Notes) -> None:
        for name in ("_state", "_lock", "_yield_callback"):
            object.__setattr__(self, name, object.__getattribute__(state, name))
        outer = state.notes() if isinstance(state, NotedState) else ()
        object.__setattr__(self, "_notes", (notes, *outer))

    def notes(self) -> tuple[Notes, ...]:
        """Of the part that is drawn and of the larger ones in which it stands, innermost first."""
        return object.__getattribute__(self, "_notes")

    def register_widget(self, metadata: WidgetMetadata[Any], user_key: str | None) -> Any:
        result = super().register_widget(metadata, user_key)
        is_own = holds_own(metadata, result)
        for notes in self.notes():
            notes.boxes.append(metadata)
            notes.is_own |= is_own
        return result


def holds_own(box: WidgetMetadata[Any], result: Any) -> bool:
    """Whether a box holds anything but what it holds for everybody at first, or its browser must be told what it holds. What
    was pressed is no matter: callbacks write it into the address before the page is drawn."""
    if result.value_changed:
        return True
    return box.value_type not in PRESSES and result.value != box.deserializer(None)


class KeptParts:
    """The parts drawn last, up to so many bytes. A message that stands in several parts is held once."""

    def __init__(self, most: int = KEPT_BYTES) -> None:
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
        """Forget what belongs to another: parts of an older snapshot would hold its catalogue in memory."""
        if owner != self._owner:
            self.clear()
            self._owner = owner

    def get(self, key: Hashable) -> Part | None:
        with self._lock:
            if key in self._parts:
                self._parts.move_to_end(key)
            return self._parts.get(key)

    def put(self, key: Hashable, notes: Notes, advanced: tuple[int, ...]) -> None:
        if sum(message.ByteSize() for message in notes.messages) > self._most // LARGEST_SHARE:
            return
        with self._lock:
            if key in self._parts:
                return
            messages = tuple(self._share(message) for message in notes.messages)
            self._parts[key] = Part(messages, tuple(notes.boxes), advanced)
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


KEPT = KeptParts()


def draw_kept(key: Hashable, draw: Callable[[], None], kept: KeptParts = KEPT) -> None:
    """Draw a part of a page, or send again what was drawn under `key`, which must name everything that decides what is shown
    (the place on the page is added to it).

    `draw` must leave nothing behind but what stands on the page: it returns nothing, and what it registers reads no variable
    of one session (its callbacks take the session's state when they are called). A part may be made of parts: they are drawn
    in its turn. Were each to queue by itself, with many readers everybody's last part would come late.
    """
    context = get_script_run_ctx(suppress_warning=True)
    if context is None:
        draw()
        return
    key = (key, find_place())
    part = kept.get(key)
    if part is not None and send_again(context, part):
        return
    if getattr(context, HAS_TURN, False):
        draw_noted(context, key, draw, kept)
        return
    # Only DRAWERS draw at a time: on one processor a tenth drawing makes the other nine later and none sooner. Who asks for
    # what is being drawn waits for that, which on a news day or after a publish is most of them.
    later = kept.wait(key, part, context.yield_check)
    if later is not None and send_again(context, later):
        return
    setattr(context, HAS_TURN, True)
    try:
        draw_noted(context, key, draw, kept)
    finally:
        setattr(context, HAS_TURN, False)
        if later is None:
            kept.finish(key)


def draw_noted(context: ScriptRunContext, key: Hashable, draw: Callable[[], None], kept: KeptParts) -> None:
    """Draw, and keep what passed on its way to the browser."""
    notes = Notes()
    before = count_places()
    outer, state = context.__dict__.get("enqueue"), context.session_state
    enqueue = context.enqueue

    def noted(message: ForwardMsg) -> None:
        enqueue(message)  # gives the message its hash; may send a reference in its place
        notes.messages.append(message)

    context.enqueue, context.session_state = noted, NotedState(state, notes)  # type: ignore[method-assign]
    try:
        draw()
    finally:
        del context.enqueue
        if outer is not None:
            context.enqueue = outer  # type: ignore[method-assign]
        context.session_state = state
    if not notes.is_own:
        kept.put(key, notes, tuple(after - start for after, start in zip(count_places(), before, strict=True)))


def list_cursors() -> list[Cursor]:
    """Where the next elements go: in the page, in its events, and in the column or container that is open."""
    cursors = [get_container_cursor(root) for root in ROOTS]
    inner = context_dg_stack.get()[-1]._cursor
    found = [cursor for cursor in cursors if cursor is not None]
    return found if inner is None or inner in found else [*found, inner]


def count_places() -> list[int]:
    """How many elements stand so far in each of the places of `list_cursors`."""
    return [cursor.index for cursor in list_cursors()]


def find_place() -> tuple[tuple[int, ...], ...]:
    """Where on the page the next element goes: what was drawn elsewhere names other places in its messages."""
    return tuple(tuple(cursor.delta_path) for cursor in list_cursors())


def send_again(context: ScriptRunContext, part: Part) -> bool:
    """Send a kept part to this reader; False, and nothing sent, where one of its boxes holds what this reader put there."""
    for box in part.boxes:
        if holds_own(box, register_widget_from_metadata(box, context)):
            return False
    shared = context.shared
    for box in part.boxes:
        shared.widget_ids_this_run.check_and_add(box.id)
        if user_key := user_key_from_element_id(box.id):
            shared.widget_user_keys_this_run.check_and_add(user_key)
    for cursor, places in zip(list_cursors(), part.advanced, strict=True):
        for _ in range(places):
            cursor.lock_element()
    state = context.session_state
    for notes in state.notes() if isinstance(state, NotedState) else ():
        notes.messages.extend(message for message, _ in part.messages)
    known = context.cached_message_hashes
    sent = Together(
        reference if reference is not None and message.hash in known else message
        for message, reference in part.messages
    )
    if travels_together(context._enqueue):
        context._enqueue(sent)  # type: ignore[arg-type]
    else:
        for message in sent:
            context._enqueue(message)
    return True
