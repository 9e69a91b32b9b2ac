"""The emulation page in a real browser: small collectives are paged and explained, and reached by link."""

import re

from map_page import wait_for_rest
from playwright.sync_api import Page, expect


def open_part(page: Page, address: str, query: str = "") -> None:
    page.goto(f"{address}/emulation?{query}")
    page.locator(".bp-caption, .bp-empty").last.wait_for()


def test_parts_are_one_press_away_and_a_commune_on_the_second_page_is_explained_by_link(page: Page, address: str):
    open_part(page, address)
    first = page.locator(".bp-headline").inner_text()
    page.get_by_role("button", name="Khen thưởng").click()
    expect(page.locator(".bp-headline")).to_contain_text("nên xét khen thưởng")
    page.go_back()
    expect(page.locator(".bp-headline")).to_have_text(first)
    wait_for_rest(page)
    page.get_by_role("button", name="Xã", exact=True).click()
    page.get_by_role("button", name="Trang sau").click()
    expect(page).to_have_url(re.compile("page=2"))
    wait_for_rest(page)  # the address changes before the rows do
    row = page.locator(".bp-ranking tbody button").nth(3)
    name = row.inner_text()
    row.click()
    expect(page.locator(".bp-why strong")).to_contain_text(f"{name}: vì sao hạng")
    link = page.url
    page.goto("about:blank")
    page.goto(link)
    expect(page.locator(".bp-why strong")).to_contain_text(f"{name}: vì sao hạng")
