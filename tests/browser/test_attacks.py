"""A store in which every name is an attack, in a real browser: nothing runs, nothing is asked of a foreign host."""

from collections.abc import Iterator

import pytest
from conftest import assert_no_outside_host
from hostile_store import MARK, make_hostile
from kept_stores import KeptStores
from map_page import wait_for_map, wait_for_rest
from playwright.sync_api import Page
from test_ui_server import serve

from data.settings import Settings

PATHS = (
    "/?unit=24", "/map?unit=24&indicator=need", "/ranking", "/profile?unit=24", "/profile?unit=24&part=people",
    "/profile?unit=24&part=communes", "/profile?unit=24&part=sources", "/trends?unit=24", "/roadmap?unit=24",
    "/criterion?unit=24", "/emulation?period=2020-12", "/emulation?section=library", "/emulation?section=log",
    "/meeting?screen=ranking", "/quality", "/check",
)  # fmt: skip
WATCH = """
window.refused = []
document.addEventListener("securitypolicyviolation",
  (event) => window.refused.push(`${event.effectiveDirective} ${event.blockedURI}`))
"""


@pytest.fixture(scope="module")
def hostile_address(kept_stores: KeptStores, records_settings: Settings) -> Iterator[str]:
    settings = kept_stores.copy("hostile", lambda settings: make_hostile(records_settings, settings.var_directory))
    with serve(settings.var_directory) as running:
        yield f"http://127.0.0.1:{running.port}"


def test_nothing_runs_on_any_page(reader, hostile_address: str, visited: list[str]):
    """One tab for all pages: what ran on one would be seen on the next."""
    already, said = len(visited), []
    tab: Page = reader.new_page()
    tab.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    tab.add_init_script(WATCH)
    for path in PATHS:
        tab.goto(hostile_address + path)
        tab.locator("h1").first.wait_for()
        wait_for_rest(tab)
        tab.wait_for_timeout(250)
        assert tab.evaluate(f"[window.{MARK} ?? null, window.refused]") == [None, []], path
        assert not tab.locator("iframe, [onerror], [onload], [onfocus], [srcdoc]").count(), path
    tab.goto(f"{hostile_address}/?level=province")
    wait_for_map(tab)
    box = tab.locator(".coverage-map .main").bounding_box()
    for part in (0.3, 0.45, 0.6):
        tab.mouse.move(box["x"] + box["width"] * 0.35, box["y"] + box["height"] * part)
    tab.get_by_label("Tên xã, huyện hoặc tỉnh").fill("thanh")
    tab.locator(".st-key-found button").first.wait_for()
    assert MARK in tab.locator(".st-key-found").inner_text()
    assert not tab.locator(".st-key-found :is(a, img, iframe)").count()
    assert tab.evaluate(f"[window.{MARK} ?? null, window.refused]") == [None, []]
    assert said == []
    tab.close()
    assert_no_outside_host(visited[already:], hostile_address)
