"""A place to drop one file. Streamlit's own uploader is English ("Drag and drop", "Browse files") and fails axe."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from ui.own_component import own_component

LARGEST = 5_000_000  # bytes; a province's monthly workbook has 20–200 kB


def draw_drop(key: str, words: tuple[str, str, str], kinds: str, done: int, on_drop: Callable[[], None]) -> None:
    """Draw the place with its `words` (what to do, which files, what is going on while it waits); `kinds` are the
    endings offered in the browser's own dialogue; `done` counts the files taken so far, and ends the waiting. Trigger
    `dropped` then holds name, size and content (base64, None where the file is larger than LARGEST).
    """
    label, hint, busy = map(escape, words)
    markup = (
        f'<label class="bp-drop" data-most="{LARGEST}" data-done="{done}"><input type="file" accept="{escape(kinds)}">'
        f'<strong>{label}</strong><span>{hint}</span><em role="status">{busy}</em></label>'
    )
    own_component("drop_file")(key=key, data=markup, on_dropped_change=on_drop)
