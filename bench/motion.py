"""What moves: frames a second while the period slider, the wheel and the hand move the map; delay of the hover box.

Frames are those that the compositor has drawn (Chromium's own trace), not callbacks of the page.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

import numpy as np
from playwright.async_api import Browser, Page

from bench.browser import box_of, new_page
from bench.visits import QUIET
from bench.ways import Way

SECONDS = 2.5  # each movement is watched so long
MOUSE_EVERY = 0.008  # seconds: as a mouse sends its moves, whole pixels, without waiting for what each one does
WHEEL = 12  # pixels of one event, as a trackpad sends them
ZOOM_SECONDS = 2.0  # in for three fifths of the time, out again for two
CONTROL = 2  # Chromium's number of the key
TRACE = "disabled-by-default-devtools.timeline.frame"

# One month further in every frame, through the slider's own event, as a hand or "play" does it.
DRIVE_SLIDER = """(slider, seconds) => new Promise(done => {
  let steps = 0, script = 0;
  const began = performance.now(), months = Number(slider.max) + 1;
  const frame = () => {
    const start = performance.now();
    if (start - began > seconds * 1000) {
      slider.dispatchEvent(new Event('change'));
      done({steps, script_ms: script / steps});
      return;
    }
    slider.value = steps++ % months;
    slider.dispatchEvent(new Event('input'));
    script += performance.now() - start;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
})"""

# From each movement of the pointer to the frame in which the hover box has changed.
WATCH_HOVER = """tip => {
  let at = null, frame = 0, from = 0;
  window.hovers = [];
  const tick = () => { frame++; requestAnimationFrame(tick); };
  requestAnimationFrame(tick);
  addEventListener('pointermove', e => { at = e.timeStamp; from = frame; }, true);
  const channel = new MessageChannel();
  channel.port1.onmessage = () => {
    if (at !== null) window.hovers.push([performance.now() - at, frame - from]);
    at = null;
  };
  let waiting = false;
  new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; channel.port2.postMessage(0); });
  }).observe(tip, {attributes: true, childList: true, characterData: true, subtree: true});
}"""


async def frames_drawn(browser: Browser, move: Callable[[], Awaitable[Any]]) -> tuple[float, Any]:
    """Frames a second that were drawn while `move` ran, and what it returned."""
    session = await browser.new_browser_cdp_session()
    events: list[dict] = []
    ended = asyncio.Event()
    session.on("Tracing.dataCollected", lambda part: events.extend(part["value"]))
    session.on("Tracing.tracingComplete", lambda _: ended.set())
    await session.send(
        "Tracing.start",
        {"traceConfig": {"includedCategories": [TRACE], "excludedCategories": ["*"]}, "transferMode": "ReportEvents"},
    )
    began = asyncio.get_running_loop().time()
    result = await move()
    seconds = asyncio.get_running_loop().time() - began
    await session.send("Tracing.end")
    await asyncio.wait_for(ended.wait(), 20)
    await session.detach()
    drawn = Counter(event["args"].get("layerTreeId") for event in events if event["name"] == "DrawFrame")
    return max(drawn.values(), default=0) / seconds, result


async def open_still_page(
    browser: Browser, way: Way, size: tuple[int, int], ratio: int = 1, processor_slowed: int = 1
) -> tuple[Page, Any]:
    """A settled page of a size, its screen no longer recorded (recording would cost frames)."""
    context = await browser.new_context(viewport={"width": size[0], "height": size[1]}, device_scale_factor=ratio)
    page, session, screen = await new_page(context)
    await page.goto(way.address, wait_until="commit")
    await screen.settle(lambda: box_of(page, way.selector), QUIET, 30)
    await page.locator("input.slider:not([disabled])").first.wait_for(timeout=15000)
    await session.send("Page.stopScreencast")
    if processor_slowed > 1:
        await session.send("Emulation.setCPUThrottlingRate", {"rate": processor_slowed})
    return page, context


async def measure_slider(
    browser: Browser, way: Way, size: tuple[int, int], ratio: int = 1, processor_slowed: int = 1
) -> dict[str, float]:
    """Frames a second while the period moves one month a frame, and the script's time in each."""
    page, context = await open_still_page(browser, way, size, ratio, processor_slowed)
    slider = page.locator("input.slider").first
    frames, driven = await frames_drawn(browser, lambda: slider.evaluate(DRIVE_SLIDER, SECONDS))
    await context.close()
    return {
        "frames_per_second": frames,
        "months_per_second": driven["steps"] / SECONDS,
        "script_ms_per_frame": driven["script_ms"],
    }


async def measure_zoom_and_pan(browser: Browser, way: Way, size: tuple[int, int]) -> dict[str, float]:
    """Frames a second while the wheel zooms and while the hand drags; real input events, redraws at rest included."""
    page, context = await open_still_page(browser, way, size)
    box = await page.locator(way.selector).first.bounding_box()
    x, y = box["x"] + box["width"] * 0.45, box["y"] + min(box["height"], size[1]) * 0.3
    session = await context.new_cdp_session(page)

    async def keep_sending(event: Callable[[float], dict[str, Any]]) -> None:
        clock = asyncio.get_running_loop().time
        began, sent = clock(), []
        while (passed := clock() - began) < SECONDS:
            sent.append(asyncio.ensure_future(session.send("Input.dispatchMouseEvent", event(passed))))
            await asyncio.sleep(MOUSE_EVERY)
        await asyncio.gather(*sent)

    async def turn_wheel() -> None:
        await page.mouse.move(x, y)
        await keep_sending(
            lambda passed: {
                "type": "mouseWheel", "x": round(x), "y": round(y), "deltaX": 0, "modifiers": CONTROL,
                "deltaY": -WHEEL if passed % ZOOM_SECONDS < ZOOM_SECONDS * 0.6 else WHEEL,
            }
        )  # fmt: skip

    async def drag() -> None:
        await page.mouse.move(x, y)
        await page.mouse.down()
        await keep_sending(
            lambda passed: {
                "type": "mouseMoved", "button": "left", "buttons": 1,
                "x": round(x + 200 * np.sin(4 * passed)), "y": round(y + 150 * np.sin(5 * passed)),
            }
        )  # fmt: skip
        await page.mouse.up()

    zoom, _ = await frames_drawn(browser, turn_wheel)
    pan, _ = await frames_drawn(browser, drag)
    await context.close()
    return {"zoom_frames_per_second": zoom, "pan_frames_per_second": pan}


async def measure_hover(page: Page, way: Way, tip: str) -> dict[str, float] | None:
    """Delay of the hover box over forty moves of the pointer; None where no box came."""
    if not await page.locator(tip).count():
        return None
    await page.locator(tip).first.evaluate(WATCH_HOVER)
    box = await page.locator(way.selector).first.bounding_box()
    height = min(box["height"], page.viewport_size["height"] - box["y"])
    for step in range(40):
        await page.mouse.move(
            box["x"] + box["width"] * (0.30 + 0.15 * (step % 8) / 8), box["y"] + height * (0.12 + 0.25 * step / 40)
        )
        await asyncio.sleep(0.06)
    hovers = np.array(await page.evaluate("window.hovers"))
    if len(hovers) == 0:
        return None
    return {
        "answers": len(hovers),
        "median_ms": float(np.median(hovers[:, 0])),
        "p95_ms": float(np.percentile(hovers[:, 0], 95)),
        "p95_frames": float(np.percentile(hovers[:, 1], 95)),
    }
