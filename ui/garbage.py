"""When this process looks for garbage that Python's counting of references leaves: seldom under load, and when nobody asks.

A look at everything holds the interpreter for a third of a second, and by Python's own rule a crowd of 200 had ten of them a
minute (4.8 of 67 seconds went to garbage, 1.9 since). What readers who left leave behind is found within the next lull.
"""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from ui.sockets import SOCKETS, Sockets

THRESHOLDS = (10_000, 20, 5)  # of gc.set_threshold
LOOK = 3  # seconds between looks whether anybody asks
SELDOM = 30  # seconds between two collections in lulls


@asynccontextmanager
async def collecting_in_lulls(sockets: Sockets = SOCKETS) -> AsyncIterator[None]:
    """From now on; what the start left behind is taken for lasting."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
    looking = asyncio.create_task(collect_in_lulls(sockets))
    try:
        yield
    finally:
        looking.cancel()
        with suppress(asyncio.CancelledError):
            await looking


async def collect_in_lulls(sockets: Sockets) -> None:
    """Collect where runs have ended since the last time, none is under way, and none has ended since the last look."""
    collected = seen = sockets.finished
    last = time.monotonic()
    while True:
        await asyncio.sleep(LOOK)
        is_lull = sockets.running == 0 and sockets.finished == seen
        if is_lull and seen != collected and time.monotonic() - last >= SELDOM:
            gc.collect()
            collected, last = seen, time.monotonic()
        seen = sockets.finished
