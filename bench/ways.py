"""The ways of drawing the national commune map that are held against one another, and how each is driven."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from playwright.async_api import Page

# The first opens. Going back would be answered from Streamlit's message cache, so every change is to a new month.
PERIODS = ("2020-12", "2016-12", "2018-12", "2017-12")
PLOTLY, OURS = ".js-plotly-plot", ".coverage-map .main"
SLIDER = "input.slider"

# The slider's own events, as a hand gives them; a year has twelve steps and the last is 2020-12.
MOVE_SLIDER = """(slider, back) => {
  slider.value = Number(slider.max) - back;
  window.clickedAt = performance.timeOrigin + performance.now();
  slider.dispatchEvent(new Event('input'));
  slider.dispatchEvent(new Event('change'));
}"""

LEAVE_TO_PYTHON = "addEventListener('bp-chosen', event => event.stopImmediatePropagation(), true)"


@dataclass(frozen=True)
class Way:
    """One way: where it is served, where its map stands, and how a reader changes the period.

    `choose` leaves the time of the click (or of the slider's event) in `window.clickedAt`. `local` is True where the
    change is answered in the browser alone.
    """

    key: str
    title: str
    address: str
    selector: str
    choose: Callable[[Page, str], Awaitable[None]]
    local: bool = False

    def at(self, address: str) -> Way:
        return replace(self, address=address)

    def filled(self, height: int) -> Way:
        """The bare page with a map as high as the window."""
        return self.at(f"{self.address.partition('?')[0]}?message=map_high_{height}.bin")


async def choose_radio(page: Page, period: str) -> None:
    """The rivals and our minimal page have the same two radio buttons."""
    await page.get_by_text(period, exact=True).click()


async def choose_step(page: Page, period: str) -> None:
    """The app's button for the month before, whichever that is, answered by Python alone: the map is not told of the press."""
    await page.evaluate(LEAVE_TO_PYTHON)
    await press_step(page, period)


async def press_step(page: Page, period: str) -> None:
    """The same button as a reader presses it: the map answers from the months it has, and Python after it."""
    await page.locator(".bp-period button").first.click()


async def move_slider(page: Page, period: str) -> None:
    """The map's own slider; needs the value file, which comes after the first paint."""
    slider = page.locator(f"{SLIDER}:not([disabled])").first
    await slider.wait_for(state="attached", timeout=15000)
    await slider.evaluate(MOVE_SLIDER, 12 * (int(PERIODS[0][:4]) - int(period[:4])))


def list_ways(naive: str, by_address: str, map_only: str, app: str, bare: str) -> dict[str, Way]:
    """The five ways by key, in the order in which the rounds take them."""
    ways = (
        Way("naive", "px.choropleth_map, GeoJSON inside the figure", naive, PLOTLY, choose_radio),
        Way("by_address", "go.Choroplethmap, outlines by address", by_address, PLOTLY, choose_radio),
        Way("map_only", "our map, minimal Streamlit page", map_only, OURS, choose_radio),
        Way("app", "our map, the real home page", app, OURS, choose_step),
        Way(
            "bare",
            "our map, no Streamlit (change by the slider)",
            f"{bare}?message=map_{PERIODS[0]}.bin",
            OURS,
            move_slider,
            local=True,
        ),
    )
    return {way.key: way for way in ways}
