"""What every reader is owed while working: Vietnamese alone, the reader's language, nothing fetched from outside.

What holds for a page as it opens, on every screen, is in test_every_page.py.
"""

from english import find_english
from map_page import open_map, wait_for_rest
from playwright.sync_api import Page


def test_no_english_word_of_the_framework_appears_while_working(page: Page, address: str, visited: list[str]):
    """In turn on one page: nobody found, somebody found, the trend's chart, another month."""
    open_map(page, address)
    assert page.evaluate("document.documentElement.lang") == "vi"
    assert page.title() == "Bao phủ BHYT"
    box = page.get_by_label("Tên xã, huyện hoặc tỉnh")
    box.wait_for()
    before = find_english(page)
    for text in ("zzzz", "thanh"):
        box.fill(text)
        page.wait_for_timeout(700)
        assert find_english(page) - before == set(), f"after searching {text}"
    box.fill("")
    assert page.locator(".js-plotly-plot").count() == 0, "the chart rests as a picture until someone reaches for it"
    page.locator(".bp-rest").hover()
    page.locator(".js-plotly-plot").hover()
    page.locator(".hoverlayer text").first.wait_for()
    assert find_english(page) - before == set(), "on the trend"
    page.locator(".bp-period select").select_option("2019-06")
    page.wait_for_url("**period=2019-06*")
    wait_for_rest(page)
    assert find_english(page) - before == set(), "after choosing a month"
    assert len(visited) > 50, (
        "what the pages ask for is written down (conftest.py looks at all of it when the run ends)"
    )
