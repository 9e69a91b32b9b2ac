"""Every page in a browser whose reader prefers dark: nothing wider than the screen, no serious finding of axe, still light."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from map_page import wait_for_rest
from playwright.sync_api import Page

SCREENS = [(360, 780), (1440, 900), (1920, 1080)]
SERIOUS = {"serious", "critical"}
PATHS = (
    "/", "/map", "/ranking", "/profile?unit=38", "/profile?unit=14818&part=trend", "/trends", "/roadmap?unit=38",
    "/criterion", "/emulation", "/meeting", "/quality", "/check", "/method",
)  # fmt: skip
GROUND = "getComputedStyle(document.querySelector('.stApp')).backgroundColor"


@pytest.mark.parametrize("path", PATHS)
def test_a_page_stays_light_whole_and_accessible_where_the_reader_prefers_dark(page: Page, address: str, path: str):
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": SCREENS[0][0], "height": SCREENS[0][1]})
    page.goto(address + path)
    page.locator("h1").first.wait_for()  # meeting mode has a title of its own
    found = {}
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(500)
        wait_for_rest(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for violation in Axe().run(page).response["violations"]:
            if violation["impact"] in SERIOUS:
                found[width, violation["id"]] = [node["html"][:200] for node in violation["nodes"]]
    assert found == {}
    assert page.evaluate(GROUND) == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme").startswith("light")
