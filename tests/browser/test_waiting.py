"""While a run is under way the page fades as a whole, if at all: each block by itself cost a slow machine its frames."""

import re

from map_page import headline, wait_for_rest
from playwright.sync_api import Page, expect

FADING = """() => [...document.querySelectorAll('[data-testid="stElementContainer"]')]
  .filter((block) => block.getAnimations().length || getComputedStyle(block).opacity !== "1").length"""
APP = '[data-testid="stApp"]'


def test_a_page_says_that_it_waits_once_it_has_waited(page: Page, address: str):
    page.goto(f"{address}/ranking?period=2020-11")
    headline(page).wait_for()
    wait_for_rest(page)
    whole = page.locator(".stMainBlockContainer")
    # The watch has seen the page at rest before the clock stands still.
    expect(page.locator("[data-testid=stMain]")).to_have_attribute("aria-busy", "false")
    page.clock.install()
    page.evaluate(f"document.querySelector('{APP}').dataset.testScriptState = 'running'")
    page.clock.run_for(500)
    assert page.evaluate(FADING) == 0
    expect(whole).to_have_css("opacity", "1")
    page.clock.run_for(200)
    expect(whole).to_have_css("opacity", "0.5")
    expect(page.locator("[data-testid=stMain]")).to_have_attribute("aria-busy", "true")
    page.evaluate(f"document.querySelector('{APP}').dataset.testScriptState = 'notRunning'")
    expect(whole).to_have_css("opacity", "1")
    page.clock.resume()
    page.get_by_role("link", name="Hồ sơ", exact=True).first.click()
    expect(page).to_have_url(re.compile("/profile"))
    assert page.evaluate(FADING) == 0
