"""What was drawn is kept, and sent again to the next reader who asks for the same.

The address is the truth (ui/frame.py): on one snapshot, two equal Views of a page show the same screen. So the messages that
drew a part of it, and the boxes and buttons it registered, are kept under what decides it, and a second reader costs about
a tenth of the first (docs/operations.md). What a reader typed stands in no address: a part in which any box holds something
is drawn for that reader alone, and never kept.

This is the only place that touches Streamlit's run of a script from the inside: it notes messages and widgets on their way, and
gives them back through the same two calls. `tests/test_ui_kept_parts.py` holds kept and drawn screens against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from copy import deepcopy
from typing import Any

from streamlit.cursor import Cursor, get_container_cursor
from streamlit.delta_generator_singletons import context_dg_stack
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.RootContainer_pb2 import RootContainer
from streamlit.runtime.forward_msg_cache import populate_hash_if_needed
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext, get_script_run_ctx
from streamlit.runtime.state import SafeSessionState
from streamlit.runtime.state.common import WidgetMetadata, user_key_from_element_id
from streamlit.runtime.state.widgets import register_widget_from_metadata

from ui.light_runs import Together, travels_together
from ui.part_store import KeptParts, Notes, Part

# What holds a press, and no more: buttons, and components of ours, which never hold a state (in theirs Streamlit leaves the
# press before this one).
PRESSES = frozenset({"trigger_value", "json_trigger_value", "string_trigger_value", "json_value"})
HAS_TURN = "has_turn"  # attribute of a run's context while it draws
# A copy of a message with what is one reader's only, or None where there is nothing of that kind in it.
Fill = Callable[[ForwardMsg], ForwardMsg | None]
ROOTS = (RootContainer.MAIN, RootContainer.EVENT)


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


KEPT = KeptParts()


def draw_kept(
    key: Hashable, draw: Callable[[], None], kept: KeptParts = KEPT, *, owner: Hashable = "", fill: Fill | None = None
) -> None:
    """Draw a part of a page, or send again what was drawn under `key`, which must name everything that decides what is shown
    (the place on the page is added to it). `owner` names what its boxes and buttons belong to: under one owner, those of one
    id do the same. `fill` writes into single messages what is this reader's only and not decided by `key` (the address in the
    links of a menu), drawn or kept.

    `draw` must leave nothing behind but what stands on the page: it returns nothing, and what it registers reads no variable
    of one session (its callbacks take the session's state when they are called). A part may be made of parts: they are drawn
    in its turn. Were each to queue by itself, with many readers everybody's last part would come late.
    """
    context = get_script_run_ctx(suppress_warning=True)
    if context is None:
        draw()
        return
    key = (key, find_place())
    part = kept.find(key, owner)
    if part is not None and send_again(context, part, fill):
        return
    if getattr(context, HAS_TURN, False):
        draw_noted(context, key, draw, kept, owner, fill)
        return
    # Only DRAWERS draw at a time: on one processor a tenth drawing makes the other nine later and none sooner. Who asks for
    # what is being drawn waits for that, which on a news day or after a publish is most of them.
    later = kept.wait(key, part, context.yield_check)
    if later is not None and send_again(context, later, fill):
        return
    setattr(context, HAS_TURN, True)
    try:
        draw_noted(context, key, draw, kept, owner, fill)
    finally:
        setattr(context, HAS_TURN, False)
        if later is None:
            kept.finish(key)


def draw_noted(
    context: ScriptRunContext,
    key: Hashable,
    draw: Callable[[], None],
    kept: KeptParts,
    owner: Hashable,
    fill: Fill | None = None,
) -> None:
    """Draw, and keep what passed on its way to the browser."""
    notes = Notes()
    before = count_places()
    outer, state = context.__dict__.get("enqueue"), context.session_state
    enqueue = context.enqueue

    def noted(message: ForwardMsg) -> None:
        filled = fill(message) if fill is not None else None
        enqueue(filled or message)  # gives the message its hash; may send a reference in its place
        if filled is not None:
            message.metadata.CopyFrom(filled.metadata)
            populate_hash_if_needed(message)
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
        kept.put(key, notes, tuple(after - start for after, start in zip(count_places(), before, strict=True)), owner)


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


def know_press(context: ScriptRunContext, box: WidgetMetadata[Any]) -> bool:
    """Tell the session what a press in this box does, and that nothing is pressed where it has not had the box before. That is
    all that Streamlit's own registration leaves behind of a box that holds nothing but presses; what it hands back, nobody
    asks for here. False where the box may hold more."""
    if box.value_type not in PRESSES:
        return False
    noted = context.session_state
    state = object.__getattribute__(noted, "_state")
    user_key = user_key_from_element_id(box.id)
    with object.__getattribute__(noted, "_lock"):
        state._set_widget_metadata(box)
        if user_key:
            state._set_key_widget_mapping(box.id, user_key)
        if box.id not in state._old_state and box.id not in state._new_widget_state.states:
            state._new_widget_state.set_from_value(box.id, deepcopy(box.deserializer(None)))
    for notes in noted.notes() if isinstance(noted, NotedState) else ():
        notes.boxes.append(box)
    return True


def send_again(context: ScriptRunContext, part: Part, fill: Fill | None = None) -> bool:
    """Send a kept part to this reader; False, and nothing sent, where one of its boxes holds what this reader put there."""
    for box in part.boxes:
        if not know_press(context, box) and holds_own(box, register_widget_from_metadata(box, context)):
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
        (fill_kept(message, fill) if fill is not None else None)
        or (reference if reference is not None and message.hash in known else message)
        for message, reference in part.messages
    )
    if travels_together(context._enqueue):
        context._enqueue(sent)  # type: ignore[arg-type]
    else:
        for message in sent:
            context._enqueue(message)
    return True


def fill_kept(message: ForwardMsg, fill: Fill) -> ForwardMsg | None:
    """A kept message with what is this reader's only; None where it says the same to everybody."""
    filled = fill(message)
    if filled is not None:
        filled.ClearField("hash")
        populate_hash_if_needed(filled)
    return filled
