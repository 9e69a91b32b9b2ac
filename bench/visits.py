"""Visits to one page: time to painted, time and bytes of a change, heap."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from playwright.async_api import BrowserContext, CDPSession, Page, TimeoutError

from bench.browser import Box, Screen, box_of, heap_bytes, main_thread_ms, new_page, painted_at
from bench.ways import PERIODS, Way

QUIET = 1.5  # seconds without movement after which a map counts as settled


@dataclass
class Visit:
    """An open page whose map has settled; `painted_ms` is None where it never did."""

    page: Page
    session: CDPSession
    screen: Screen
    box: Box | None
    painted_ms: float | None


async def open_visit(context: BrowserContext, way: Way, limit: float, processor_slowed: int = 1) -> Visit:
    """Open the page in a fresh tab; the clock starts with the navigation."""
    page, session, screen = await new_page(context, processor_slowed)
    await session.send("Performance.enable")
    await page.goto(way.address, wait_until="commit", timeout=limit * 1000)
    box = await screen.settle(lambda: box_of(page, way.selector), QUIET, limit)
    began = await page.evaluate("performance.timeOrigin")
    painted = painted_at(screen.frames, None, box, began) if box else None
    return Visit(page, session, screen, box, painted - began if painted else None)


async def change_period(visit: Visit, way: Way, period: str, limit: float) -> dict[str, float | None]:
    """Choose another period; the clock starts with the click (or the slider's input) in the page."""
    if visit.box is None:
        return {"change_ms": None, "main_thread_ms": None}
    before, shown = visit.screen.picture(visit.box), len(visit.screen.frames)
    worked = await main_thread_ms(visit.session)
    try:
        await way.choose(visit.page, period)
    except TimeoutError:
        return {"change_ms": None, "main_thread_ms": None}
    box = await visit.screen.settle(fixed(visit.box), QUIET, limit, before)
    if box is None:
        return {"change_ms": None, "main_thread_ms": None}
    clicked = await visit.page.evaluate("window.clickedAt")
    painted = painted_at(visit.screen.frames[shown:], before, box, clicked)
    return {
        "change_ms": painted - clicked if painted else None,
        "main_thread_ms": await main_thread_ms(visit.session) - worked,
    }


def fixed(box: Box):
    async def find() -> Box:
        return box

    return find


async def count_bytes_of_change(visit: Visit, way: Way, period: str, limit: float) -> dict[str, int] | None:
    """Bytes over the wire of one change: WebSocket messages (not compressed by Streamlit), HTTP with headers."""
    if visit.box is None:
        return None
    counted = {"websocket_received": 0, "websocket_sent": 0, "http": 0}

    def note(name: str):
        def add(event: dict) -> None:
            payload, binary = event["response"]["payloadData"], event["response"]["opcode"] == 2
            counted[name] += len(payload) * 3 // 4 - payload.count("=") if binary else len(payload.encode())

        return add

    visit.session.on("Network.webSocketFrameReceived", note("websocket_received"))
    visit.session.on("Network.webSocketFrameSent", note("websocket_sent"))
    visit.session.on(
        "Network.loadingFinished", lambda event: counted.update(http=counted["http"] + int(event["encodedDataLength"]))
    )
    await visit.session.send("Network.enable")
    before = visit.screen.picture(visit.box)
    try:
        await way.choose(visit.page, period)
    except TimeoutError:
        return None
    await visit.screen.settle(fixed(visit.box), QUIET, limit, before)
    await visit.session.send("Network.disable")
    return {**counted, "total": sum(counted.values())}


async def measure_round(
    context: BrowserContext, way: Way, limit: float, processor_slowed: int = 1, count_bytes: bool = False
) -> dict[str, object]:
    """One round of one way: first visit (the browser's cache is empty), second visit, heap, two changes."""
    cold = await open_visit(context, way, limit, processor_slowed)
    await cold.page.close()
    warm = await open_visit(context, way, limit, processor_slowed)
    heap = await heap_bytes(warm.session)
    changes = [await change_period(warm, way, period, limit) for period in PERIODS[1:3]]
    sent = await count_bytes_of_change(warm, way, PERIODS[3], limit) if count_bytes else None
    await warm.page.close()
    return {
        "cold_ms": cold.painted_ms,
        "warm_ms": warm.painted_ms,
        "heap_bytes": heap,
        "changes": changes,
        "bytes": sent,
    }


def median(values: list[float | None]) -> float | None:
    """The median; None where a single run never painted (a median over the lucky ones would flatter)."""
    return float(np.median(values)) if values and None not in values else None


def summarise_rounds(rounds: list[dict]) -> dict[str, object]:
    """Medians of a way's rounds, and every single run beside them."""
    changes = [change for one in rounds for change in one["changes"]]
    counted = [one["bytes"] for one in rounds if one["bytes"]]
    return {
        "cold_ms": median([one["cold_ms"] for one in rounds]),
        "warm_ms": median([one["warm_ms"] for one in rounds]),
        "change_ms": median([change["change_ms"] for change in changes]),
        "main_thread_ms": median([change["main_thread_ms"] for change in changes]),
        "heap_bytes": median([one["heap_bytes"] for one in rounds]),
        "change_bytes": median([one["total"] for one in counted]) if counted else None,
        "runs": rounds,
    }
