"""Addresses of the outlines that the browser fetches; they never pass through Python."""

from __future__ import annotations

import json
from pathlib import Path

import streamlit as st

from data.settings import get_settings

OUTLINES = Path(__file__).resolve().parents[2] / "static" / "outlines"


@st.cache_resource(show_spinner=False)
def outline_manifest() -> dict:
    """`static/outlines/manifest.json`; empty where it is missing, so that the page can say so."""
    path = OUTLINES / "manifest.json"
    return json.loads(path.read_text("utf-8")) if path.is_file() else {}


@st.cache_resource(show_spinner=False, max_entries=2)
def _imported_outlines(path: Path, changed: int) -> dict:
    return json.loads(path.read_text("utf-8"))


def outlines_of(boundary_set: str) -> dict:
    """The manifest's entry of a boundary set: imported outlines (with their `source`) if there are any, else shipped ones.

    An import is noticed at once: the manifest in the data directory is read again when it has changed.
    """
    path = get_settings().store_directory / "outlines" / "manifest.json"
    imported = _imported_outlines(path, path.stat().st_mtime_ns) if path.is_file() else {}
    return imported.get(boundary_set) or outline_manifest().get(boundary_set, {})


def outlines_stamp() -> int:
    """Changes with every import of outlines; 0 where none were imported."""
    path = get_settings().store_directory / "outlines" / "manifest.json"
    return path.stat().st_mtime_ns if path.is_file() else 0


def find_outline_file(name: str) -> Path | None:
    """An arc or name file: of the data directory, or shipped. Names say the content, so either is right."""
    folders = (get_settings().store_directory / "outlines", OUTLINES)
    return next((folder / name for folder in folders if (folder / name).is_file()), None)


def first_outlines() -> list[str]:
    """Outline files of the default view, relative to static/, for the page to ask for at once."""
    entry = outlines_of("2019-10")
    return [f"outlines/{entry['commune']}"] if entry else []
