"""Garbage is looked for when nobody asks, once for each time that somebody has."""

import asyncio
import gc

import pytest

from ui import garbage
from ui.sockets import Sockets


def test_a_lull_after_runs_is_used_once_and_a_run_under_way_is_left_alone(monkeypatch: pytest.MonkeyPatch):
    collected: list[int] = []
    monkeypatch.setattr(garbage.gc, "collect", lambda: collected.append(sockets.finished))
    monkeypatch.setattr(garbage.gc, "freeze", lambda: None)
    monkeypatch.setattr(garbage, "LOOK", 0.01)
    monkeypatch.setattr(garbage, "SELDOM", 0)
    sockets, before = Sockets(), gc.get_threshold()

    async def live() -> None:
        async with garbage.collecting_in_lulls(sockets):
            assert gc.get_threshold() == garbage.THRESHOLDS
            await asyncio.sleep(0.05)
            assert collected == [0], "nobody has asked since the start"
            sockets.finished, sockets.running = 1, 1
            await asyncio.sleep(0.05)
            assert collected == [0]
            sockets.running = 0
            await asyncio.sleep(0.1)
            assert collected == [0, 1]

    try:
        asyncio.run(live())
    finally:
        gc.set_threshold(*before)
