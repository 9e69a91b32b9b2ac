"""Markup of our own with native buttons and drop-downs, whose presses come back to Python.

Streamlit's drop-down and grid carry English words that cannot be replaced ("options available", "Dismiss"); native ones
speak the reader's language, work on a phone, and cost a tenth of the message.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from html import escape

from ui.own_component import own_component
from ui.surface import is_collecting, put


def draw_markup(key: str, markup: str, on_act: Callable[[], None]) -> None:
    """Show markup whose values are escaped already. `on_act` is called when something in it was pressed or chosen:
    trigger `acted` then holds `kind` (its data-act) and `value`.
    """
    if is_collecting():
        put(markup)
    else:
        own_component("markup")(key=key, data=markup, on_acted_change=on_act)


def button(
    act: str,
    value: str,
    label: str,
    *,
    name: str = "",
    key: str = "",
    is_disabled: bool = False,
    pressed: bool | None = None,
) -> str:
    """A button that reports (act, value). `name` is what a screen reader says where the label is a sign; `key` keeps
    the keyboard on it when the markup is drawn anew; `pressed` makes it a switch.
    """
    more = f' aria-label="{escape(name)}" title="{escape(name)}"' if name else ""
    more += "" if pressed is None else f' aria-pressed="{"true" if pressed else "false"}"'
    more += " disabled" if is_disabled else ""
    data = f'data-act="{act}" data-value="{escape(value)}" data-key="{escape(key or f"{act}-{value}")}"'
    return f'<button type="button" {data}{more}>{escape(label)}</button>'


def dropdown(act: str, name: str, groups: Iterable[tuple[str, Sequence[tuple[str, str]]]], current: str) -> str:
    """A drop-down that reports (act, value). `groups`: heading ("" for none) and its (value, label) pairs."""
    body = ""
    for heading, options in groups:
        items = "".join(
            f'<option value="{escape(value)}"{" selected" if value == current else ""}>{escape(label)}</option>'
            for value, label in options
        )
        body += f'<optgroup label="{escape(heading)}">{items}</optgroup>' if heading else items
    return f'<select data-act="{act}" data-key="{act}" aria-label="{escape(name)}">{body}</select>'
