"""Keys, clicker and finger: what they are pressed on is reported to Python as an act of the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ui.own_component import own_component


def listen_to_keys(key: str, places: Mapping[str, str], on_act: Callable[[], None]) -> None:
    """`places`: where `back`, `on`, `first` and `last` lead. Trigger `acted` then holds kind `screen` and the value."""
    own_component("keys")(key=key, data={"kind": "screen", "places": dict(places)}, on_acted_change=on_act)
