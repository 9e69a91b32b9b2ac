"""The profile in a real browser: from a province to its closest commune, to what that became."""

import re

from map_page import headline, wait_for_map, wait_for_rest
from playwright.sync_api import Page, expect


def open_profile(page: Page, address: str, choices: str) -> None:
    page.goto(f"{address}/profile?{choices}")
    headline(page).wait_for()
    wait_for_rest(page)


def test_from_a_province_to_its_closest_commune_and_to_what_that_became(page: Page, address: str):
    open_profile(page, address, "unit=38")
    wait_for_map(page)
    first = page.locator(".st-key-closest table button").first
    name = first.inner_text().split(",")[0]
    first.click()
    page.wait_for_url(re.compile(r"unit=\d{5}"))
    expect(headline(page)).to_contain_text(name, timeout=30_000)  # the first commune of a process reads its past
    page.get_by_role("button", name="Xã của tôi về đâu?").click()
    heirs = page.locator('.st-key-origins button[data-value^="2025-07:"]')
    heirs.first.wait_for(timeout=30_000)
    code = heirs.first.get_attribute("data-value").partition(":")[2]
    heirs.first.click()
    page.wait_for_url(re.compile(rf"programme=2026-2030.*unit={code}|unit={code}.*programme=2026-2030"))
    expect(page.locator(".bp-choices")).not_to_contain_text("Huyện")
