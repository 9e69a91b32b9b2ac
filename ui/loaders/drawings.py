"""Finished drawings that cost more than the rest of their page."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

from ui.loaders.snapshot import cached

T = TypeVar("T")


def keep_drawing(snapshot_id: str, name: str, shown: tuple[Hashable, ...], make: Callable[[], T]) -> T:
    """What `make` draws, kept under `name` and all that decides it on a snapshot (`shown`)."""
    return _keep(snapshot_id, name, shown, make)


@cached
def _keep(snapshot_id: str, name: str, shown: tuple[Hashable, ...], _make: Callable[[], T]) -> T:
    return _make()
