"""Which book of screens drawn ahead (ui/screens.py) belongs to what is in force, and taking it up."""

from __future__ import annotations

import dataclasses
import json
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

from data.errors import StoreUnavailable
from data.screen_book import SUFFIX, open_book
from data.settings import PROJECT_ROOT, Settings, get_settings
from ui import loaders
from ui.kept_parts import KEPT

# What a screen is made by: the code and its words, and what it is made of.
ROOMS = ("ui", "pages", "charts", "indicators", "data", "text", "geo", "reports")
KINDS = {".py", ".toml", ".css", ".js", ".sql"}
PACKAGES = ("streamlit", "plotly", "pandas", "baophu-coverage-map")
# Settings that say where things lie or how much a process may take, and nothing of what is shown.
OF_PROCESS = {
    "var_directory", "chosen_cache", "memory_limit", "threads", "max_query_seconds", "drain_seconds", "source_url",
    "source_seconds", "is_held", "postgres_dsn", "lake_dsn", "lake_path", "history_python",
}  # fmt: skip


def find_folder(settings: Settings) -> Path:
    return settings.store_directory / "screens"


def find_path(settings: Settings) -> Path:
    """Where the book of what is in force lies, or would. Raises StoreUnavailable."""
    return find_folder(settings) / f"{name_book(loaders.open_store().snapshot_id, settings)}{SUFFIX}"


def name_book(snapshot_id: str, settings: Settings) -> str:
    """Changes with everything that could change a screen."""
    shown = {key: str(value) for key, value in dataclasses.asdict(settings).items() if key not in OF_PROCESS}
    said = json.dumps([snapshot_id, loaders.outlines_stamp(), shown, hash_code()], sort_keys=True)
    return blake2b(said.encode(), digest_size=8).hexdigest()


@cache
def hash_code() -> str:
    found = blake2b(" ".join(version(package) for package in PACKAGES).encode())
    paths = [PROJECT_ROOT / "app.py"]
    for room in ROOMS:
        paths += sorted(path for path in (PROJECT_ROOT / room).rglob("*") if path.suffix in KINDS)
    for path in paths:
        found.update(str(path.relative_to(PROJECT_ROOT)).encode())
        found.update(path.read_bytes())
    return found.hexdigest()


def take_book() -> bool:
    """Let this server send from the book of what is in force; whether there is one."""
    settings = get_settings()
    if settings.edition != "public":
        return False
    with suppress(StoreUnavailable):
        path = find_path(settings)
        if KEPT.book is None or KEPT.book.path != path:
            KEPT.book = open_book(path) or KEPT.book
        return KEPT.book is not None and KEPT.book.path == path
    return False
