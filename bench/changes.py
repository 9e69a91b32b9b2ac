"""What a change costs the server: every page, switching the month and the place, and typing in the search box.

Pages run in this process as Streamlit runs them (AppTest), in one session per page, after the server's own warm-up. Each
change is one nobody has asked for yet, so that no answer lies in a cache; going back over them gives the cached ones.
"""

from __future__ import annotations

import functools
import html
import logging
import statistics
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from bench.inputs import ROOT
from bench.reader import HEADLINE
from ui import loaders
from ui.kept_parts import KEPT
from ui.warm_up import warm_pages

PAGES = ("home", *sorted(path.stem for path in (ROOT / "pages").glob("[a-z]*.py")))
MONTHS = [f"{year}-{month:02d}" for year in (2020, 2019, 2018) for month in (11, 9, 7, 5, 3, 1)][:12]
PROVINCES = ("38", "40", "01", "79", "11", "24", "96", "89", "66", "30", "48", "20")
COMMUNES = ("14818", "14980", "16717", "00271", "27457", "03127", "07255", "31999", "30292", "24133", "10507", "20194")
LETTERS = ("th", "tha", "than", "thanh", "thanh h", "thanh ho", "ha n", "ha no", "ha noi", "xa t", "xa ta", "xa tan")
WITHOUT_MONTHS = frozenset({"method", "check"})
WITHOUT_PLACES = frozenset({"method", "check", "emulation"})


def measure_changes() -> dict[str, dict[str, float]]:
    """`page, what` -> median_ms and p95_ms of the wall, cpu_ms (median), again_ms (median once cached), count."""
    # AppTest looks through every installed package for components before each run; the server does it once.
    manifest_scanner.scan_component_manifests = functools.cache(manifest_scanner.scan_component_manifests)
    logging.getLogger("streamlit").setLevel(logging.ERROR)
    loaders.warm_up()
    warm_pages()
    found: dict[str, dict[str, float]] = {}
    for page in PAGES:
        app = open_page(page)
        if page not in WITHOUT_MONTHS:
            found[f"{page}, month"] = time_all(app, [{"period": month} for month in MONTHS])
        if page not in WITHOUT_PLACES:
            found[f"{page}, province"] = time_all(app, [{"unit": code} for code in PROVINCES])
        if page == "profile":
            found[f"{page}, commune"] = time_all(app, [{"unit": code} for code in COMMUNES])
    for page in ("home", "ranking", "trends"):
        found[f"{page}, typing in the search"] = time_typing(open_page(page))
    return found


def open_page(page: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    if page != "home":
        app.switch_page(f"pages/{page}.py")
    return run(app)


def open_alone(page: str, query: str) -> str:
    """The headline of a page at an address, drawn for one reader in this process."""
    KEPT.clear()
    manifest_scanner.scan_component_manifests = functools.cache(manifest_scanner.scan_component_manifests)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    if page != "app":
        app.switch_page(f"pages/{page}.py")
    for name, value in parse_qsl(query):
        app.query_params[name] = value
    run(app)
    found = (HEADLINE.search(element.proto.body) for element in app.get("html"))
    return next(html.unescape(match[1]) for match in found if match)


def run(app: AppTest) -> AppTest:
    app.run()
    if app.exception:
        raise RuntimeError(app.exception[0].message)
    return app


def time_all(app: AppTest, addresses: Iterable[Mapping[str, str]]) -> dict[str, float]:
    def change(address: Mapping[str, str]) -> Callable[[], Any]:
        def changed() -> None:
            app.query_params.clear()
            for name, value in address.items():
                app.query_params[name] = value
            run(app)

        return changed

    changes = [change(address) for address in addresses]
    return summarise([clock(one) for one in changes], [clock(one) for one in changes])


def time_typing(app: AppTest) -> dict[str, float]:
    def typed(text: str) -> Callable[[], Any]:
        def wrote() -> None:
            app.text_input(key="search_text").set_value(text)
            run(app)

        return wrote

    return summarise([clock(typed(text)) for text in LETTERS], [clock(typed(text)) for text in LETTERS])


def clock(call: Callable[[], Any]) -> tuple[float, float]:
    """(wall, processor) of one call in ms."""
    wall, processor = time.perf_counter(), time.process_time()
    call()
    return 1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - processor)


def summarise(first: list[tuple[float, float]], again: list[tuple[float, float]]) -> dict[str, float]:
    walls = sorted(wall for wall, _ in first)
    return {
        "median_ms": statistics.median(walls),
        "p95_ms": walls[-1 - len(walls) // 20],
        "cpu_ms": statistics.median(processor for _, processor in first),
        "again_ms": statistics.median(wall for wall, _ in again),
        "count": len(first),
    }
