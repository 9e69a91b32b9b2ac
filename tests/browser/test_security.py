"""The page speaks the language that was chosen, and an address without a page says so."""

from playwright.sync_api import Page, expect


def test_the_language_of_the_page_follows_the_readers_choice(page: Page, address: str):
    page.goto(address)
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    page.get_by_role("button", name="English").click()
    page.wait_for_url("**lang=en*")
    expect(page.locator("h1.bp-headline")).to_contain_text("The nation")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_an_address_without_a_page_is_said_in_plain_words(page: Page, address: str):
    answer = page.goto(f"{address}/bandoo")
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text("Không có trang này")
    page.get_by_role("link", name="Về trang Tổng quan").click()
    expect(page.locator("h1").first).to_contain_text("Cả nước")
