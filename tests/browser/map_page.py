"""What the tests do on a page with the map: open it, wait for its picture, read its words."""

from __future__ import annotations

import csv
from urllib.parse import urlencode

from playwright.sync_api import Locator, Page

from data.settings import PROJECT_ROOT

SETTLED = 400  # ms after which the map has drawn its soft edges
SCREENS = [(360, 780), (1440, 900), (1920, 1080)]  # a telephone, a laptop, a wall
# The page's size and the places of its drawings, as words: the same twice in a row is a page that stands still.
SHAPE = """() => [document.documentElement.scrollHeight, ...[...document.querySelectorAll("canvas, .js-plotly-plot")]
  .map(e => { const b = e.getBoundingClientRect(); return [b.x, b.y, b.width, b.height].map(Math.round).join() })].join(" ")"""


def open_map(page: Page, address: str, **choices: str) -> None:
    """Open the home page and wait until the map is painted."""
    page.goto(f"{address}/?{urlencode(choices)}" if choices else f"{address}/")
    wait_for_map(page)


def wait_for_map(page: Page) -> None:
    page.locator(".coverage-map .stage:not(.loading) canvas.fill").first.wait_for()
    page.locator(".coverage-map .note:not(:empty)").first.wait_for()
    wait_for_rest(page)
    page.wait_for_timeout(SETTLED)


def wait_for_rest(page: Page) -> None:
    """Wait until Streamlit has no run under way."""
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()


def turn_screen(page: Page, width: int, height: int) -> None:
    """Another size of screen; returns when the page has been drawn for it and stands still."""
    page.set_viewport_size({"width": width, "height": height})
    wait_for_rest(page)
    wait_for_stillness(page, f"{width}×{height}")


def wait_for_stillness(page: Page, at: str) -> None:
    shape = None
    for _ in range(40):
        page.wait_for_timeout(120)
        before, shape = shape, page.evaluate(SHAPE)
        if shape == before:
            return
    raise AssertionError(f"the page does not come to rest at {at}")


def headline(page: Page) -> Locator:
    return page.locator("h1.bp-headline")


def read_legend(page: Page) -> dict[str, int]:
    """Units per class, by the words of the legend; read at once, since the map may draw its legend anew."""
    page.locator(".coverage-map .legend button.class .count").first.wait_for()
    entries = page.locator(".coverage-map .legend button.class").evaluate_all(
        "found => found.map(e => [e.querySelector('.label').innerText, e.querySelector('.count').innerText])"
    )
    return {label: int(count.replace(".", "")) for label, count in entries}


def map_order(boundary_set: str, level: str) -> list[str]:
    """Codes in the order of the map's unit numbers: the units of the level by code, on the commune map followed by the
    districts that stand alone."""
    with (PROJECT_ROOT / "geo" / "sets" / boundary_set / "units.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    order = sorted(row["unit_code"] for row in rows if row["level"] == level)
    if level == "commune":
        order += sorted(row["unit_code"] for row in rows if row["level"] == "district" and row["stands_alone"] == "1")
    return order


def click_unit(page: Page, boundary_set: str, level: str, code: str) -> None:
    """Click in the middle of a unit on the map."""
    page.locator(".coverage-map .stage").scroll_into_view_if_needed()
    place = page.evaluate("number => findUnit(number)", map_order(boundary_set, level).index(code) + 1)
    page.mouse.click(place["x"], place["y"])
