"""What every reader is owed while working: Vietnamese alone, the reader's language, nothing fetched from outside.

What holds for a page as it opens, on every screen, is in test_every_page.py.
"""

from english import find_english
from map_page import headline, open_map, wait_for_rest
from playwright.sync_api import Page, expect


def test_no_english_word_of_the_framework_appears_while_searching(national: Page):
    before = find_english(national)
    box = national.get_by_label("Tên xã, huyện hoặc tỉnh")
    box.wait_for()
    found = find_english(national)
    for text in ("zzzz", "thanh"):
        box.fill(text)
        national.wait_for_timeout(700)
        found |= find_english(national)
    box.fill("")
    assert found - before == set()


def test_no_english_word_of_the_framework_appears_while_choosing(page: Page, address: str):
    open_map(page, address)
    before = find_english(page)
    page.locator(".bp-period select").select_option("2019-06")
    page.wait_for_url("**period=2019-06*")
    wait_for_rest(page)
    assert find_english(page) - before == set()


def test_no_english_word_of_the_framework_appears_on_the_trend(national: Page):
    before = find_english(national)
    assert national.locator(".js-plotly-plot").count() == 0, "the chart rests as a picture until someone reaches for it"
    national.locator(".bp-rest").hover()
    national.locator(".js-plotly-plot").hover()
    national.locator(".hoverlayer text").first.wait_for()
    assert find_english(national) - before == set()


def test_the_browser_is_told_that_the_page_is_vietnamese(national: Page):
    assert national.evaluate("document.documentElement.lang") == "vi"
    assert national.title() == "Bao phủ BHYT"


def test_the_language_button_changes_every_word_and_the_address(page: Page, address: str):
    open_map(page, address)
    page.get_by_role("button", name="English").click()
    page.wait_for_url("**lang=en*")
    expect(headline(page)).to_contain_text("The nation")


def test_the_whole_run_asked_nothing_of_an_outside_host(address: str, visited: list[str], page: Page):
    from conftest import assert_no_outside_host

    open_map(page, address)
    assert len(visited) > 50
    assert_no_outside_host(visited, address)
