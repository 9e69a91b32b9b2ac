"""Without a mouse: past the menu, search → unit → table → download, and the map; the keyboard is always seen, never lost."""

import re

from map_page import open_map, wait_for_map, wait_for_rest
from playwright.sync_api import Page, expect

from charts import palette

MOST_STOPS = 160
# The element that has the keyboard, also inside the map; and how it shows: a ring on itself or on the label around it.
FOCUSED = """() => {
  let element = document.activeElement
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement
  const ring = [element, element.parentElement, element.parentElement?.parentElement].filter(Boolean).map(getComputedStyle)
    .find((style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2)
  const box = element.getBoundingClientRect()
  return {
    tag: element.tagName, key: element.dataset?.key ?? "", href: element.getAttribute("href") ?? "", id: element.id,
    says: (element.getAttribute("aria-label") ?? element.innerText ?? "").trim().slice(0, 60), css: String(element.className),
    ring: ring ? ring.outlineColor : "", seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight
      && box.right > 0 && box.left < innerWidth,
  }
}"""


def contrast_of(ring: str) -> float:
    red, green, blue = map(int, re.findall(r"\d+", ring)[:3])
    return palette.contrast(f"#{red:02x}{green:02x}{blue:02x}", palette.LIGHT.ground)


def focused(page: Page) -> dict:
    return page.evaluate(FOCUSED)


def tab_to(page: Page, wanted) -> dict:
    """Press Tab until the stop is wanted; every stop on the way can be seen and shows that it has the keyboard."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = focused(page)
        assert stop["tag"] != "BODY", "the keyboard left the page"
        # The page scrolls to a stop in its own time.
        if not stop["seen"]:
            page.wait_for_timeout(250)
            stop = focused(page)
        assert stop["seen"], stop
        assert stop["ring"] and contrast_of(stop["ring"]) >= 3, stop
        if wanted(stop):
            return stop
    raise AssertionError("the stop was not found")


def test_the_menu_with_every_page_stays_on_one_row_and_the_first_stop_leads_past_it(page: Page, address: str):
    page.goto(f"{address}/method")
    page.locator("h1").wait_for()
    wait_for_rest(page)
    for drawn in (
        ".st-key-pages a >> nth=6",
        ".st-key-meeting a",
        ".st-key-language button >> nth=0",
        ".st-key-search input",
    ):
        expect(page.locator(drawn)).to_be_visible(timeout=30_000)
    for width in (1281, 1366, 1920, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(300)
        middles = page.eval_on_selector_all(
            ".st-key-menu a:not(.bp-skip), .st-key-menu button, .st-key-menu .bp-switch",
            "all => all.filter(e => e.offsetParent)"
            ".map(e => { const b = e.getBoundingClientRect(); return b.top + b.height / 2 })",
        )
        assert len(middles) >= 8 and max(middles) - min(middles) < 4, f"at {width}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    # The one stop before it is the page itself, which arrow keys scroll.
    stops = [tab_to(page, lambda stop: True) for _ in range(2)]
    assert "Bỏ qua thanh chọn trang, tới nội dung" in [stop["says"] for stop in stops]
    if stops[0]["tag"] == "A":
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert focused(page)["tag"] == "H1"


def test_from_the_search_to_a_unit_its_table_and_a_file_without_a_mouse(page: Page, address: str):
    open_map(page, address)
    tab_to(page, lambda stop: stop["tag"] == "INPUT" and stop["says"].startswith("Tên xã"))
    page.keyboard.type("thanh hoa", delay=30)
    page.locator(".st-key-found button").first.wait_for()
    wait_for_rest(page)
    tab_to(page, lambda stop: "Tỉnh Thanh Hóa" in stop["says"])
    page.keyboard.press("Enter")
    page.wait_for_url("**unit=38*")
    wait_for_map(page)
    expect(page.locator("h1:focus")).to_be_visible()
    expect(page.locator("h1").first).to_contain_text("Thanh Hóa")
    row = tab_to(page, lambda stop: stop["key"].startswith("unit-"))
    page.keyboard.press("Enter")
    page.wait_for_url("**selected=*")
    wait_for_rest(page)
    page.wait_for_timeout(300)
    assert focused(page)["key"] == row["key"], "the row is drawn anew and keeps the keyboard"
    tab_to(page, lambda stop: "take/home/units.xlsx" in stop["href"])
    with page.expect_download() as taken:
        page.keyboard.press("Enter")
    assert re.match(r"BHYT_xa_38_2020-12_.*\.xlsx", taken.value.suggested_filename)


def test_the_map_says_the_unit_under_the_cross_zooms_and_opens_it(page: Page, address: str):
    open_map(page, address, level="province")
    drawing = page.locator(".coverage-map .main")
    spoken = page.locator(".coverage-map .spoken")
    drawing.focus()
    names = set()
    for keys in (["ArrowDown"] * 2, ["ArrowDown"] * 2, ["ArrowDown"] * 2, ["+"]):
        before = page.evaluate("findUnit(1)")
        for key in keys:
            page.keyboard.press(key)
        page.wait_for_timeout(900)
        names.add(spoken.inner_text())
    # It glides there, for as long as a busy machine takes for its frames.
    for _ in range(50):
        if page.evaluate("findUnit(1)") != before:
            break
        page.wait_for_timeout(100)
    assert page.evaluate("findUnit(1)") != before, "+ zooms"
    said = {name for name in names if re.match(r"(Tỉnh|Thành phố) .+, .*%", name)}
    assert len(said) >= 2, names
    page.keyboard.press("Enter")
    page.wait_for_url("**unit=*")
