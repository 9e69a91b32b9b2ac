"""The second start of ./run: until a page is answered, and until a first reader sees the map."""

from __future__ import annotations

import time
from pathlib import Path

from bench.browser import VIEWPORT, open_browser
from bench.servers import Servers, wait_for
from bench.visits import open_visit
from bench.ways import OURS, Way, choose_step

ROOT = Path(__file__).resolve().parents[1]
LIMIT = 60


async def measure_start(logs: Path, port: int) -> dict[str, float | None] | None:
    """Seconds from `./run` to the first answered page, then milliseconds until its first reader sees the map.

    None where ./run has made no environment yet: that would be a first start.
    """
    if not (ROOT / ".venv" / "stamp").is_file():
        return None
    with Servers(logs) as servers:
        began = time.perf_counter()
        child = servers.start(["./run", "--port", str(port)], ROOT)
        address = f"http://127.0.0.1:{port}/"
        wait_for(address, child, LIMIT)
        answered = time.perf_counter() - began
        async with open_browser() as browser:
            context = await browser.new_context(viewport={"width": VIEWPORT[0], "height": VIEWPORT[1]})
            visit = await open_visit(context, Way("app", "the home page", address, OURS, choose_step), LIMIT)
    return {"answered_seconds": answered, "first_visit_ms": visit.painted_ms}
