"""The map, way against way: rounds in turn (A B C D E, A B C D E, …), so that a disturbance falls on all alike."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping

from playwright.async_api import Browser, Page

from bench import motion
from bench.browser import VIEWPORT, box_of, heap_bytes, new_page, open_browser
from bench.progress import say
from bench.servers import Servers
from bench.visits import change_period, measure_round, open_visit, summarise_rounds
from bench.ways import PERIODS, Way, move_slider, press_step

LIMIT, SLOW_LIMIT = 30, 75  # seconds after which a visit is given up
ROUNDS_SECONDS = 330  # no round begins later than this; the medians then are over fewer
SIZE = {"width": VIEWPORT[0], "height": VIEWPORT[1]}


async def measure_map(
    ways: Mapping[str, Way], empty_address: str, servers: Servers, first_port: int, rounds: int
) -> dict[str, object]:
    """All measures of the map by section.

    `plain`, `empty_page_heap_bytes`, `local`, `pressed`, `slow_processor`, `slow_line`, `motion`, `without_webgl`.
    """
    result: dict[str, object] = {}
    async with open_browser() as browser:
        await warm_up(browser, ways)
        result["plain"] = await measure_rounds(browser, ways, rounds)
        result["empty_page_heap_bytes"] = await measure_empty_page(browser, empty_address)
        result["local"] = await measure_local_change(browser, ways["app"], rounds)
        result["pressed"] = await measure_local_change(browser, ways["app"], rounds, press_step)
        say("slow processor (4×)")
        result["slow_processor"] = await measure_once(browser, ways, processor_slowed=4)
        say("slow line (4 Mbit/s, 60 ms)")
        result["slow_line"] = await measure_once(browser, behind_slow_lines(ways, servers, first_port))
        result["motion"] = await measure_motion(browser, ways)
    async with open_browser(without_webgl=True) as browser:
        say("without WebGL")
        result["without_webgl"] = await measure_without_webgl(browser, ways)
    return result


async def warm_up(browser: Browser, ways: Mapping[str, Way]) -> None:
    """One visit that does not count: every server has loaded its files and filled its caches."""
    for way in ways.values():
        context = await browser.new_context(viewport=SIZE)
        visit = await open_visit(context, way, SLOW_LIMIT)
        if visit.box is None:
            raise RuntimeError(f"{way.title}: no map was painted at {way.address}")
        await change_period(visit, way, PERIODS[1], SLOW_LIMIT)
        await context.close()


async def measure_rounds(browser: Browser, ways: Mapping[str, Way], rounds: int) -> dict[str, dict]:
    """`rounds` rounds of all ways in turn; each visit has a browser profile of its own, so the first is cold."""
    taken: dict[str, list[dict]] = {key: [] for key in ways}
    ends = time.monotonic() + ROUNDS_SECONDS
    for number in range(rounds):
        began = time.monotonic()
        if began > ends:
            say(f"the machine is too busy: stopped after {number} rounds")
            break
        for key, way in ways.items():
            context = await browser.new_context(viewport=SIZE)
            taken[key].append(await measure_round(context, way, LIMIT, count_bytes=number == 0))
            await context.close()
        say(f"round {number + 1} of {rounds}: {time.monotonic() - began:.0f} s")
    return {key: summarise_rounds(one) for key, one in taken.items()}


async def measure_once(browser: Browser, ways: Mapping[str, Way], processor_slowed: int = 1) -> dict[str, dict]:
    """One round under hard conditions; naive pages take so long there that one has to do."""
    result = {}
    for key, way in ways.items():
        context = await browser.new_context(viewport=SIZE)
        result[key] = summarise_rounds([await measure_round(context, way, SLOW_LIMIT, processor_slowed)])
        await context.close()
    return result


def behind_slow_lines(ways: Mapping[str, Way], servers: Servers, first_port: int) -> dict[str, Way]:
    """The same ways, each behind a slow line of its own."""
    slow = {}
    for place, (key, way) in enumerate(ways.items()):
        host, _, path = way.address.removeprefix("http://").partition("/")
        slow[key] = way.at(f"{servers.start_slow_line(int(host.split(':')[1]), first_port + place)}/{path}")
    return slow


async def measure_empty_page(browser: Browser, address: str) -> int:
    """Heap of the same Streamlit page without a map."""
    context = await browser.new_context(viewport=SIZE)
    page, session, _screen = await new_page(context)
    await page.goto(address)
    await page.get_by_text(PERIODS[1], exact=True).wait_for()
    await page.wait_for_timeout(1500)
    heap = await heap_bytes(session)
    await context.close()
    return heap


async def measure_local_change(
    browser: Browser, app: Way, rounds: int, choose: Callable[[Page, str], Awaitable[None]] = move_slider
) -> dict[str, object]:
    """A change on the app's own slider or by its button: painted by the browser alone, before Python has answered."""
    way = Way("local", "the app, answered by the map", app.address, app.selector, choose, local=True)
    context = await browser.new_context(viewport=SIZE)
    visit = await open_visit(context, way, LIMIT)
    changes = [await change_period(visit, way, PERIODS[(number + 1) % 4], LIMIT) for number in range(2 * rounds)]
    await context.close()
    return summarise_rounds([{"cold_ms": None, "warm_ms": None, "heap_bytes": None, "bytes": None, "changes": changes}])


async def measure_motion(browser: Browser, ways: Mapping[str, Way]) -> dict[str, object]:
    """Frames a second of slider, zoom and pan on the bare page filled by the map, and the delay of the hover box."""
    say("motion")
    bare = ways["bare"]
    sizes = {
        "1440x900": ((1440, 900), 1, 1),
        "1920x1080": ((1920, 1080), 1, 1),
        "360x640@2, processor slowed 4x": ((360, 640), 2, 4),
    }
    result: dict[str, object] = {
        "slider": {
            name: await motion.measure_slider(browser, bare.filled(size[1]), size, ratio, slowed)
            for name, (size, ratio, slowed) in sizes.items()
        },
        "slider in the app, 1440x900": await motion.measure_slider(browser, ways["app"], (1440, 900)),
        "zoom and pan, 1920x1080": await motion.measure_zoom_and_pan(browser, bare.filled(1080), (1920, 1080)),
    }
    hovers = {}
    for key, tip in (("naive", ".hoverlayer"), ("by_address", ".hoverlayer"), ("map_only", ".tip"), ("bare", ".tip")):
        context = await browser.new_context(viewport=SIZE)
        visit = await open_visit(context, ways[key], LIMIT)
        await visit.session.send("Page.stopScreencast")
        hovers[key] = await motion.measure_hover(visit.page, ways[key], tip)
        await context.close()
    return result | {"hover": hovers}


async def measure_without_webgl(browser: Browser, ways: Mapping[str, Way]) -> dict[str, dict]:
    """Which ways still paint where the browser has no WebGL, as on many meeting-room machines."""
    result = {}
    for key, way in ways.items():
        context = await browser.new_context(viewport=SIZE)
        visit = await open_visit(context, way, 12)
        box = await box_of(visit.page, way.selector)
        result[key] = {
            "painted": visit.box is not None,
            "painted_ms": visit.painted_ms,
            "map_element_present": box is not None,
        }
        await context.close()
    return result
