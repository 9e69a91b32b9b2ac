"""What a reader presses while the connection is cut is answered once it is back, with nothing pressed twice."""

import re
from collections.abc import Iterator

import pytest
from map_page import headline, wait_for_rest
from playwright.sync_api import BrowserContext, Page, WebSocketRoute, expect

APP = '[data-testid="stApp"]'


class Line:
    """The line between a page and its server, which can be cut and mended."""

    def __init__(self, page: Page) -> None:
        self.is_cut = False
        self.taken: list[WebSocketRoute] = []
        self.page = page
        page.route_web_socket(re.compile("/_stcore/stream"), self.take)

    def take(self, route: WebSocketRoute) -> None:
        if self.is_cut:
            route.close(code=1001)
            return
        route.connect_to_server()
        self.taken.append(route)

    def cut(self) -> None:
        self.is_cut = True
        self.taken[-1].close(code=1001)
        self.page.locator(f"{APP}:not([data-test-connection-state='CONNECTED'])").wait_for()

    def mend(self) -> None:
        self.is_cut = False
        self.page.locator(f"{APP}[data-test-connection-state='CONNECTED']").wait_for()


@pytest.fixture
def line(reader: BrowserContext, address: str) -> Iterator[Line]:
    page = reader.new_page()
    line = Line(page)
    page.goto(f"{address}/ranking?period=2020-11&unit=01")
    headline(page).wait_for()
    wait_for_rest(page)
    yield line
    page.close()


def test_what_is_pressed_while_the_line_is_cut_is_answered_when_it_is_back(line: Line, address: str):
    page = line.page
    line.cut()
    page.get_by_role("combobox", name="Kỳ", exact=True).select_option("2020-10")
    page.wait_for_timeout(400)
    expect(page).to_have_url(f"{address}/ranking?period=2020-11&unit=01")
    line.mend()
    expect(page).to_have_url(f"{address}/ranking?period=2020-10&unit=01")
    wait_for_rest(page)
    line.cut()
    page.get_by_role("button", name="Tháng sau").click()
    page.wait_for_timeout(400)
    line.mend()
    expect(page).to_have_url(f"{address}/ranking?period=2020-11&unit=01")
    wait_for_rest(page)
    line.cut()
    page.get_by_role("link", name="Hồ sơ", exact=True).first.click()
    page.wait_for_timeout(400)
    assert "/ranking" in page.url
    line.mend()
    expect(page).to_have_url(re.compile(r"/profile\?.*unit=01"))
    expect(headline(page)).to_contain_text("Hà Nội")


def test_a_link_pressed_on_a_line_that_stays_cut_is_followed_by_the_browser(line: Line):
    line.cut()
    with line.page.expect_navigation(url=re.compile(r"/profile\?.*unit=01")):
        line.page.get_by_role("link", name="Hồ sơ", exact=True).first.click()
