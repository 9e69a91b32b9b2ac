"""Drive Chromium and watch what it shows.

"Painted" means the same for every way of drawing: the first frame on the screen (Chromium's screencast) in which at
least nine of ten pixels that differ between the picture before and the settled picture after have their settled
colour. Only the map's box without its right fifth counts. A frame is compared at half size; a pixel differs where a
channel is more than 40 of 255 away.
"""

from __future__ import annotations

import asyncio
import base64
import io
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import numpy as np
from PIL import Image
from playwright.async_api import Browser, BrowserContext, CDPSession, Page, async_playwright

from bench.machine import find_chromium

ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run",
    "--disable-extensions", "--disable-sync", "--disable-default-apps", "--force-color-profile=srgb",
)  # fmt: skip
VIEWPORT = (1440, 1200)  # high enough for the maps of all ways to be on the screen
TOLERANCE = 40
PAINTED_SHARE = 0.9
SAME_SHARE = 0.0005  # of the box: a cursor or a spinner is not a change of the map
DRAWN_SHARE = 0.02  # of the box; the country covers at least twice as much, a white box or a waiting sentence less
BUSY = "[data-test-script-state=running], [data-test-script-state=rerunRequested]"  # Streamlit has not finished
# The time of the last click, on the clock that the frames carry.
NOTE_CLICKS = "addEventListener('click', e => { window.clickedAt = performance.timeOrigin + e.timeStamp }, true)"

Box = tuple[int, int, int, int]  # left, top, right, bottom in CSS pixels


@asynccontextmanager
async def open_browser(without_webgl: bool = False) -> AsyncIterator[Browser]:
    """A Chromium without a graphics card; `without_webgl` also takes away the drawing interfaces that stand on one."""
    extra = ("--disable-3d-apis",) if without_webgl else ("--enable-unsafe-swiftshader",)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_chromium(), args=[*ARGUMENTS, *extra])
        try:
            yield browser
        finally:
            await browser.close()


@dataclass
class Screen:
    """The frames that Chromium has shown since `start`, with the time of each in milliseconds since 1970."""

    page: Page
    session: CDPSession
    width: int
    height: int
    frames: list[tuple[float, str]] = field(default_factory=list)

    async def start(self) -> None:
        self.session.on("Page.screencastFrame", self.keep)
        await self.session.send(
            "Page.startScreencast",
            {
                "format": "jpeg",
                "quality": 90,
                "maxWidth": self.width // 2,
                "maxHeight": self.height // 2,
                "everyNthFrame": 1,
            },
        )

    def keep(self, event: dict) -> None:
        self.frames.append((event["metadata"]["timestamp"] * 1000, event["data"]))
        self.acknowledging = asyncio.ensure_future(self.acknowledge(event["sessionId"]))

    async def acknowledge(self, number: int) -> None:
        try:
            await self.session.send("Page.screencastFrameAck", {"sessionId": number})
        except Exception as error:
            if "closed" not in str(error):
                raise

    async def settle(
        self,
        find_box: Callable[[], Awaitable[Box | None]],
        quiet: float,
        limit: float,
        before: np.ndarray | None = None,
    ) -> Box | None:
        """Wait until the map stands in its box, differs from `before`, and nothing has moved for `quiet` seconds.

        Returns the box, or None if that had not come after `limit` seconds.
        """
        loop = asyncio.get_running_loop()
        deadline, seen, moved_at, box, last = loop.time() + limit, -1, loop.time(), None, None
        while loop.time() < deadline:
            await asyncio.sleep(0.1)
            if box is None:
                box = await find_box()
            if box is None or not self.frames:
                continue
            if len(self.frames) != seen:
                seen = len(self.frames)
                picture = self.picture(box)
                if last is None or last.shape != picture.shape or differs(last, picture).mean() > SAME_SHARE:
                    moved_at, last = loop.time(), picture
            if loop.time() - moved_at < quiet or drawn_share(last) < DRAWN_SHARE:
                continue
            if before is not None and differs(before, last).mean() <= SAME_SHARE:
                continue
            # What came later may have pushed the map down; a page that waits for Python greys the old map meanwhile.
            placed = await find_box()
            if placed == box and not await self.page.locator(BUSY).count():
                return box
            seen, moved_at = (seen, loop.time()) if placed == box else (-1, loop.time())
            box, last = placed, last if placed == box else None
        return None

    def picture(self, box: Box) -> np.ndarray:
        """The last frame, cut to the box."""
        return decode(self.frames[-1][1], box)


def decode(frame: str, box: Box | None) -> np.ndarray:
    """A frame as int16 rows × columns × 3, at half the size of the page, cut to the box."""
    image = Image.open(io.BytesIO(base64.b64decode(frame))).convert("RGB")
    if box is not None:
        image = image.crop(tuple(edge // 2 for edge in box))
    return np.asarray(image, dtype=np.int16)


def differs(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return (np.abs(one - other) > TOLERANCE).any(axis=2)


def drawn_share(picture: np.ndarray) -> float:
    """The part of the pixels that are not (nearly) white."""
    return float((picture < 255 - TOLERANCE).any(axis=2).mean())


def painted_at(frames: list[tuple[float, str]], before: np.ndarray | None, box: Box, since: float) -> float | None:
    """The time of the first painted frame from `since` on (see the module's first lines); None where nothing changed.

    before: the picture that stood there, None for a blank white page.
    """
    later = [frame for frame in frames if frame[0] >= since - 20]
    if not later:
        return None
    after = decode(later[-1][1], box)
    start = np.full_like(after, 255) if before is None else before
    moving = differs(start, after)
    if not moving.any():
        return None
    # One by one: a page that greys while it waits goes away from the end state before it comes to it.
    for time, frame in later:
        picture = decode(frame, box)
        if picture.shape == after.shape and not differs(picture, after)[moving].mean() > 1 - PAINTED_SHARE:
            return time
    return None


async def box_of(page: Page, selector: str) -> Box | None:
    """The visible part of an element without its right fifth (where colour keys stand), or None where there is none."""
    found = await page.locator(selector).first.bounding_box() if await page.locator(selector).count() else None
    if not found or not page.viewport_size:
        return None
    right = min(found["x"] + found["width"] * 0.8, page.viewport_size["width"])
    bottom = min(found["y"] + found["height"], page.viewport_size["height"])
    left, top = max(found["x"], 0), max(found["y"], 0)
    return (int(left), int(top), int(right), int(bottom)) if right - left > 40 and bottom - top > 40 else None


async def new_page(context: BrowserContext, processor_slowed: int = 1) -> tuple[Page, CDPSession, Screen]:
    """A page whose screen is watched."""
    page = await context.new_page()
    await page.add_init_script(NOTE_CLICKS)
    session = await context.new_cdp_session(page)
    if processor_slowed > 1:
        await session.send("Emulation.setCPUThrottlingRate", {"rate": processor_slowed})
    size = page.viewport_size or {"width": VIEWPORT[0], "height": VIEWPORT[1]}
    screen = Screen(page, session, size["width"], size["height"])
    await screen.start()
    return page, session, screen


async def main_thread_ms(session: CDPSession) -> float:
    """Time the page's main thread has worked since the page began, in milliseconds."""
    metrics = (await session.send("Performance.getMetrics"))["metrics"]
    return next(m["value"] for m in metrics if m["name"] == "TaskDuration") * 1000


async def heap_bytes(session: CDPSession) -> int:
    """JavaScript heap after a collection, typed arrays and the page's workers included."""
    await session.send("HeapProfiler.collectGarbage")
    pages = [await session.send("Runtime.getHeapUsage"), *await worker_heaps(session)]
    return sum(int(used["usedSize"] + used.get("backingStorageSize", 0)) for used in pages)


async def worker_heaps(session: CDPSession) -> list[dict]:
    """`Runtime.getHeapUsage` of every worker of the page; MapLibre keeps its outlines in one."""
    workers: list[str] = []
    answers: dict[int, asyncio.Future[dict]] = {}

    def note_worker(event: dict) -> None:
        if event["targetInfo"]["type"] == "worker":
            workers.append(event["sessionId"])

    def note_answer(event: dict) -> None:
        answer = json.loads(event["message"])
        if answer.get("id") in answers:
            answers[answer["id"]].set_result(answer.get("result", {}))

    async def ask(worker: str, method: str) -> dict:
        number = len(answers) + 1
        answers[number] = asyncio.get_running_loop().create_future()
        message = json.dumps({"id": number, "method": method})
        await session.send("Target.sendMessageToTarget", {"sessionId": worker, "message": message})
        return await asyncio.wait_for(answers[number], 10)

    session.on("Target.attachedToTarget", note_worker)
    session.on("Target.receivedMessageFromTarget", note_answer)
    await session.send("Target.setAutoAttach", {"autoAttach": True, "waitForDebuggerOnStart": False, "flatten": False})
    await asyncio.sleep(0.2)
    used = []
    for worker in workers:
        await ask(worker, "HeapProfiler.collectGarbage")
        used.append(await ask(worker, "Runtime.getHeapUsage"))
    await session.send("Target.setAutoAttach", {"autoAttach": False, "waitForDebuggerOnStart": False, "flatten": False})
    session.remove_listener("Target.attachedToTarget", note_worker)
    session.remove_listener("Target.receivedMessageFromTarget", note_answer)
    return used
