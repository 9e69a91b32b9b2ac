"""Small components of ours whose script is a file of `ui/browser/`.

Given as text, Streamlit sends the script anew with each element of each run and runs it as a `blob:`, which the content
policy would have to allow (ui/security.py). A file of a registered folder is asked for by its address, once. The folder
is registered here, since these are no installed distribution as the map is.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

OWNER = "baophu-ui"
FOLDER = "browser"
ROOT = Path(__file__).resolve().parent


def own_component(name: str) -> Callable[..., object]:
    """The component of `ui/browser/<name>.js`."""
    register_own()
    return _mount(name)


def register_own() -> None:
    """Tell this process's Streamlit of the folder, once: at the start of the server, or at the first page of a test."""
    manager = get_bidi_component_manager()
    if manager.get_component_asset_root(f"{OWNER}.markup") is None:
        names = sorted(path.stem for path in (ROOT / FOLDER).glob("*.js"))
        components = [ComponentConfig(name=name, asset_dir=FOLDER) for name in names]
        manager.register_from_manifest(ComponentManifest(OWNER, "1", components), ROOT)


@cache
def _mount(name: str) -> Callable[..., object]:
    return st.components.v2.component(f"{OWNER}.{name}", js=f"{name}.js", isolate_styles=False)
