"""What every reader is owed: Vietnamese alone, rules of accessibility, nothing fetched from outside."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from map_page import headline, open_map, wait_for_map, wait_for_rest
from playwright.sync_api import Page, expect

WORDS_ON_SCREEN = (Path(__file__).parent / "words_on_screen.js").read_text("utf-8")
# English of the framework and its libraries. Names that sources carry in English (Open Development Mekong) are longer.


def join_lines(words: str) -> str:
    return "|".join(words.strip().splitlines())


WHOLE = """
Apply|Browse|Browse files|Cancel|Clear|Clear all|Close|Collapse|Connecting|Copy|Copy link|Deploy|Dismiss|Done|Download
Expand|Fullscreen|View fullscreen|Help|Hide|Link|Loading|Menu|More|Next|No results|No options|Open|Options|Page|Pan
Previous|Print|Record|Remove|Rerun|Reset|Reset axes|Running|Save|Search|Select|Select all|Settings|Show|Stop|Submit
Toggle|Upload|Value|Zoom|Zoom in|Zoom out|Close sidebar|Open sidebar|Autoscale|Always rerun|Clear cache
"""
PARTS = r"""
press enter|to apply|no results|choose an option|choose options|drag and drop|skip to main|main menu|options? available
streamlit|download plot|click to|double-click|please wait|is running|connection error|page not found|view fullscreen
\bselected\b|\d of \d+\b|\bsort\b|\brequired\b|\binvalid\b|help for|keyboard shortcut
"""
ENGLISH = re.compile(f"^({join_lines(WHOLE)})[.:…]*$|{join_lines(PARTS)}", re.IGNORECASE)
SCREENS = [(360, 780), (1440, 900), (1920, 1080)]
SERIOUS = {"serious", "critical"}


def find_english(page: Page) -> set[tuple[str, str]]:
    return {
        (found["said"], found["where"]) for found in page.evaluate(WORDS_ON_SCREEN) if ENGLISH.search(found["said"])
    }


def test_no_english_word_of_the_framework_remains_on_the_home_page(national: Page):
    assert find_english(national) == set()


def test_no_english_word_of_the_framework_remains_on_the_method_page(page: Page, address: str):
    page.goto(f"{address}/method")
    headline(page).wait_for()
    wait_for_rest(page)
    assert find_english(page) == set()


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


@pytest.mark.parametrize("path", ["/", "/method"])
def test_no_serious_finding_and_nothing_wider_than_a_telephone_a_laptop_and_a_wall(page: Page, address: str, path: str):
    page.set_viewport_size({"width": SCREENS[0][0], "height": SCREENS[0][1]})
    page.goto(address + path)
    headline(page).wait_for()
    if path == "/":
        wait_for_map(page)
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
