"""Keys, clicker and finger: what they are pressed on is reported to Python as an act of the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import streamlit as st


@st.cache_resource
def mount_keys():
    """The component, registered once per process; it draws nothing."""
    return st.components.v2.component(
        "baophu_keys", js=Path(__file__).with_name("keys.js").read_text("utf-8"), isolate_styles=False
    )


def listen_to_keys(key: str, places: Mapping[str, str], on_act: Callable[[], None]) -> None:
    """`places`: where `back`, `on`, `first` and `last` lead. Trigger `acted` then holds kind `screen` and the value."""
    mount_keys()(key=key, data={"kind": "screen", "places": dict(places)}, on_acted_change=on_act)
