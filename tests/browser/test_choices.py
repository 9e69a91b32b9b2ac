"""What a reader can do: click, search, step, play, filter; and every choice stands in the address."""

import itertools
import re

from map_page import (
    click_unit,
    headline,
    map_order,
    open_map,
    read_legend,
    wait_for_map,
    wait_for_rest,
)
from playwright.sync_api import BrowserContext, Locator, Page, expect


def subtitle(page: Page) -> Locator:
    return page.locator(".bp-subtitle").first


def units_table(page: Page) -> Locator:
    return page.locator("[aria-label^='Bảng số liệu']")


def test_a_click_on_a_province_opens_its_communes_and_the_breadcrumb_leads_back(page: Page, address: str):
    open_map(page, address, level="province")
    before = headline(page).inner_text()
    click_unit(page, "2019-10", "province", "38")
    page.wait_for_url(f"{address}/?unit=38")
    expect(headline(page)).to_contain_text("Tỉnh Thanh Hóa")
    wait_for_map(page)
    assert sum(read_legend(page).values()) == 635
    crumbs = page.locator("nav.bp-crumbs")
    expect(crumbs).to_contain_text("Tỉnh Thanh Hóa")
    crumbs.get_by_role("button", name="Cả nước").click()
    page.wait_for_url(f"{address}/")
    expect(headline(page)).to_have_text(before)


def test_a_followed_link_opens_the_same_view_whose_card_leads_to_the_profile(
    page: Page, address: str, reader: BrowserContext
):
    choices = {"unit": "38", "period": "2019-06", "measure": "met", "selected": "14875"}
    open_map(page, address, **choices)
    page.locator(".bp-card").wait_for()
    other = reader.new_page()
    try:
        other.goto(page.url)
        wait_for_map(other)
        for block in ("h1.bp-headline", ".bp-figures", ".bp-card", ".bp-caption", ".coverage-map .legend"):
            assert other.locator(block).first.inner_text() == page.locator(block).first.inner_text()
        assert "tháng 6/2019" in subtitle(other).inner_text()
    finally:
        other.close()
    page.get_by_role("link", name="Hồ sơ").last.click()
    page.wait_for_url(re.compile(r"/profile\?.*unit=14875"))
    headline(page).wait_for()
    expect(page.locator(".bp-tabs").first).to_be_visible()


def test_the_month_before_and_after_are_one_click_away_and_the_back_button_leads_to_the_view_before(
    page: Page, address: str
):
    open_map(page, address, unit="38")
    frame = page.locator(".st-key-choices")
    expect(page.locator(".coverage-map button.play")).to_be_enabled()
    shown = page.locator(".coverage-map output.period")
    # In one turn of the browser's loop: no answer of the server can have come.
    press = "(button, shown) => { button.click(); return shown.innerText }"
    said = frame.locator("[data-key=earlier]").evaluate(press, shown.element_handle())
    assert said == "tháng 11/2020", "the map is there at the press"
    page.wait_for_url("**period=2020-11*")
    expect(subtitle(page)).to_contain_text("tháng 11/2020")
    page.go_back()
    page.wait_for_url(f"{address}/?unit=38")
    expect(subtitle(page)).to_contain_text("tháng 12/2020")
    expect(shown).to_have_text("tháng 12/2020")
    expect(headline(page)).to_contain_text("Tỉnh Thanh Hóa")
    page.go_forward()
    expect(subtitle(page)).to_contain_text("tháng 11/2020")
    frame.locator("[data-key=earlier]").click()
    page.wait_for_url("**period=2020-10*")
    expect(subtitle(page)).to_contain_text("tháng 10/2020")
    frame.locator("[data-key=later]").click()
    page.wait_for_url("**period=2020-11*")
    expect(subtitle(page)).to_contain_text("tháng 11/2020")


def find_covered(page: Page, steps: int) -> list[str]:
    """Controls that the line at the foot of a telephone covers when the keyboard comes to them (WCAG 2.4.11)."""
    look = """() => {
        const strip = document.querySelector(".bp-strip"), at = document.activeElement;
        const control = at.shadowRoot?.activeElement ?? at, place = control.getBoundingClientRect();
        const isScreen = control.querySelector(".bp-strip") !== null, isOwn = strip.contains(control);
        const isUnder = place.bottom > strip.getBoundingClientRect().top + 1;
        return !isScreen && !isOwn && isUnder ? control.outerHTML.slice(0, 90) : "";
    }"""
    covered = []
    for _ in range(steps):
        page.keyboard.press("Tab")
        covered += filter(None, [page.evaluate(look)])
    return covered


def test_a_search_finds_nothing_a_commune_that_it_marks_and_without_marks_a_province(page: Page, address: str):
    open_map(page, address)
    box = page.get_by_label("Tên xã, huyện hoặc tỉnh")
    box.fill("<b>zzzz</b>")
    page.get_by_text("Không có đơn vị nào khớp với “<b>zzzz</b>”").wait_for()
    box.fill("lung cu")
    box.press("Enter")  # to the first of several, and another opens it
    expect(page.locator(".st-key-found button").first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**unit=02*selected=00715*")
    expect(page.locator(".bp-card")).to_contain_text("Xã Lũng Cú")
    wait_for_rest(page)
    strip, wide = page.locator(".bp-strip"), page.viewport_size
    expect(strip).to_be_hidden()
    page.set_viewport_size({"width": 360, "height": 740})  # there the card lies screens below
    expect(strip).to_be_in_viewport()
    expect(strip).to_contain_text("Xã Lũng Cú")
    assert find_covered(page, 60) == []
    page.set_viewport_size(wide)
    box.fill("thanh hoa")
    page.get_by_role("button", name="Tỉnh Thanh Hóa", exact=True).click()
    page.wait_for_url("**unit=38*")
    expect(headline(page)).to_contain_text("Tỉnh Thanh Hóa")
    wait_for_rest(page)
    box.fill("song tu tay")
    box.press("Enter")  # the only unit of that name
    page.wait_for_url("**unit=56*")


def test_play_runs_without_asking_the_server_and_the_page_follows_when_it_stops(
    page: Page, address: str, visited: list[str]
):
    messages: list[str] = []

    def watch(socket) -> None:
        socket.on("framesent", lambda _: messages.append("sent"))
        socket.on("framereceived", lambda _: messages.append("received"))

    page.on("websocket", watch)
    open_map(page, address, period="2018-01")
    play, shown = page.locator(".coverage-map button.play"), page.locator(".coverage-map output.period")
    expect(play).to_be_enabled()
    page.wait_for_timeout(500)
    before, quiet = headline(page).inner_text(), (len(visited), len(messages))
    play.click()
    expect(shown).not_to_have_text("tháng 01/2018")
    # Some way on, and not yet at the end: which month is seen depends on when the browser is asked.
    expect(shown).to_have_text(re.compile(r"tháng (0[4-9]|1[0-2])/2018|tháng \d\d/2019"), timeout=10_000)
    assert (len(visited), len(messages)) == quiet, "play asks nothing of the server"
    assert headline(page).inner_text() == before
    play.click()
    page.wait_for_url(lambda url: "period=2018-01" not in url)
    month = page.url.partition("period=")[2][:7]
    assert month >= "2018-04"
    year, number = month.split("-")
    expect(shown).to_have_text(f"tháng {number}/{year}")
    expect(subtitle(page)).to_contain_text(f"tháng {int(number)}/{year}")
    expect(headline(page)).not_to_have_text(before)
    wait_for_rest(page)
    page.wait_for_timeout(300)
    there = page.evaluate("count => readPaintedUnits(count)", len(map_order("2019-10", "commune")))
    open_map(page, address, period=month)
    again = page.evaluate("count => readPaintedUnits(count)", len(map_order("2019-10", "commune")))
    assert there["inside"] == again["inside"], "the picture that play left is the picture of that month"


def test_play_stops_at_the_end_of_the_boundary_set_and_says_so_and_the_slider_leads_to_its_beginning(
    page: Page, address: str
):
    open_map(page, address, period="2020-11")
    expect(page.locator(".coverage-map button.play")).to_be_enabled()
    page.locator(".coverage-map button.play").click()
    expect(page.locator(".coverage-map .note")).to_contain_text("Hết chuỗi tháng của bộ ranh giới này.")
    expect(page.locator(".coverage-map button.play")).to_have_text("Chạy")
    expect(subtitle(page)).to_contain_text("tháng 12/2020")
    wait_for_rest(page)
    page.locator(".coverage-map input.slider").focus()
    page.keyboard.press("Home")
    page.wait_for_url("**period=2016-01*")
    expect(subtitle(page)).to_contain_text("tháng 1/2016")


def test_the_legends_filter_and_met_or_not_met_reach_the_map_the_table_and_the_address(page: Page, address: str):
    open_map(page, address)
    entry = page.locator(".coverage-map .legend button.class").first
    count = read_legend(page)["dưới 60%"]
    entry.click()
    page.wait_for_url("**classes=0*")
    expect(units_table(page).locator("tbody tr")).to_have_count(min(count, 50))
    expect(page.locator(".bp-pager").last).to_contain_text(f"trong {count} đơn vị")
    expect(entry).to_have_attribute("aria-pressed", "true")
    # By the people, not by the rate as written: 3.203 of 5.341 is below 60% and is written 60,0%.
    people = units_table(page).locator("tbody tr td:nth-child(3)").all_inner_texts()
    parts = [[int(number.replace(".", "")) for number in re.findall(r"[\d.]+", said)] for said in people]
    assert all(100 * insured < 60 * population for insured, population in parts)
    painted = page.evaluate("count => readPaintedUnits(count)", len(map_order("2019-10", "commune")))["inside"]
    colours = {colour for found in painted.values() for colour in found}
    assert "#8c2d04" in colours and "#3f8fbf" not in colours, "the other classes are dimmed"
    entry.click()
    page.wait_for_url(f"{address}/")
    wait_for_rest(page)
    page.locator(".coverage-map button.recolour").click()
    page.wait_for_url("**measure=met*")
    legend = read_legend(page)
    assert list(legend)[:2] == ["chưa đạt", "đạt (từ 85%)"] and sum(legend.values()) == 11_160
    page.wait_for_timeout(400)
    painted = page.evaluate("count => readPaintedUnits(count)", len(map_order("2019-10", "commune")))["inside"]
    colours = {colour for found in painted.values() for colour in found}
    assert {"#d9822b", "#0b4a7d"} <= colours and "#3f8fbf" not in colours


def test_hover_names_the_unit_and_its_figure_and_a_row_of_the_table_opens_its_province(page: Page, address: str):
    open_map(page, address, level="province")
    page.locator(".coverage-map .stage").scroll_into_view_if_needed()
    number = map_order("2019-10", "province").index("38") + 1
    place = page.evaluate("number => findUnit(number)", number)
    page.mouse.move(place["x"], place["y"])
    tip = page.locator(".coverage-map .tip")
    expect(tip).to_contain_text("Tỉnh Thanh Hóa")
    rate = headline(page).inner_text()
    assert rate
    row = units_table(page).locator("tr", has_text="Tỉnh Thanh Hóa").locator("td").nth(0).inner_text()
    assert row[:2] in tip.inner_text(), "the same whole percent as in the table"
    units_table(page).get_by_role("button", name="Tỉnh Sơn La").click()
    page.wait_for_url("**unit=14*")
    expect(headline(page)).to_contain_text("Tỉnh Sơn La")


def test_nonsense_in_the_address_shows_the_default_and_a_sentence(page: Page, address: str):
    open_map(page, address, unit="99", period="2020-13")
    expect(page.locator(".bp-banner").filter(has_text="“99”")).to_be_visible()
    expect(page.locator(".bp-banner").filter(has_text="“2020-13”")).to_be_visible()
    expect(headline(page)).to_contain_text("Cả nước")
    assert sum(read_legend(page).values()) == 11_160


def test_a_pressed_control_stays_where_it_is_when_a_notice_above_it_goes(page: Page, address: str):
    """A province has not sent July 2025, and all have sent June: the notice of that goes. The head of the page is on the screen,
    so there is nothing to scroll to; the room of the notice stays until the reader scrolls."""
    page.set_viewport_size({"width": 1440, "height": 1900})
    open_map(page, address, programme="2021-2025", period="2025-07")
    notices = page.locator(".st-key-banners .bp-banner")
    expect(notices).to_have_count(2)
    pressed = page.get_by_role("button", name="Tháng trước").last
    before = pressed.bounding_box()["y"]
    pressed.click()
    expect(notices).to_have_count(1)
    wait_for_map(page)
    assert abs(pressed.bounding_box()["y"] - before) < 1
    page.mouse.move(300, 300)
    page.mouse.wheel(0, 200)
    expect(page.locator(".st-key-banners")).to_have_css("padding-bottom", "0px")
    assert abs(pressed.bounding_box()["y"] - before + 200) < 1
    page.set_viewport_size({"width": 360, "height": 780})
    open_map(page, address, programme="2021-2025", period="2025-07")
    pressed.scroll_into_view_if_needed()
    before = pressed.bounding_box()["y"]
    pressed.click()
    expect(notices).to_have_count(1)
    wait_for_map(page)
    assert abs(pressed.bounding_box()["y"] - before) < 1


def test_pages_of_the_menu_do_not_overlap_on_a_telephone(page: Page, address: str):
    page.set_viewport_size({"width": 360, "height": 780})
    page.goto(f"{address}/method?lang=en")
    language = page.locator(".st-key-language")
    expect(language).to_be_visible()
    wait_for_rest(page)
    row = page.locator("label.bp-switch-pages").bounding_box()
    other = language.bounding_box()
    assert abs(other["x"] + other["width"] - 344) < 1 and other["y"] < row["y"] + row["height"], "one row, edge to edge"
    page.locator("label.bp-switch-pages").click()
    links = page.locator(".st-key-pages a")
    expect(links.first).to_be_visible()
    boxes = [link.bounding_box() for link in links.all()]
    assert len(boxes) >= 7
    assert all(one["y"] + one["height"] <= other["y"] for one, other in itertools.pairwise(boxes))
