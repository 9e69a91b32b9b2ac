"""What every reader is owed at every kind of address: one visit each, looked at on a telephone, a laptop and a wall.

Nothing refused by the content policy and no line of error; nothing wider than the screen, nothing cut; no serious finding
of axe, light and dark; no English word of the framework. At 200 % and at 400 % the page scrolls
one way only, nothing is cut by its own box, and what is pressed is large enough for a finger.
"""

import os
import re

import pytest
from axe import find_serious
from english import find_english
from map_page import SCREENS, turn_screen, wait_for_rest
from playwright.sync_api import Page

# 1280 pixels at 200 % and at 400 %.
ZOOMED = [(640, 450), (320, 256)]
WHOLE_AT = 1440  # the width at which the page is looked at from top to bottom
# What the reader's device prefers, by width. Whole where it is dark: there Streamlit's own colours are not ours by themselves.
PREFERRED = {360: "light", WHOLE_AT: "dark", 1920: "light"}
if os.environ.get("BAOPHU_APPEARANCE") == "other":  # the other half, for whoever changes colours
    PREFERRED = {360: "dark", WHOLE_AT: "light", 1920: "dark"}
# The ground of the page; the wall is light in both, for projectors.
GROUNDS = {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 24, 30)"}
# What WCAG 2.2 counts as a target of its own: no link inside a sentence, and nothing that lies in a larger one.
SMALL_TARGETS = """() => {
  const found = []
  const look = (root) => root.querySelectorAll("*").forEach((element) => {
    if (element.shadowRoot) look(element.shadowRoot)
    if (!element.matches("a[href], button, select, summary, input, textarea, [role=button]")) return
    const box = (element.closest("label") ?? element).getBoundingClientRect()
    const style = getComputedStyle(element)
    const inSentence = element.matches("a") && style.display === "inline"
    if (!box.width || !box.height || style.visibility === "hidden" || inSentence) return
    if (element.closest("svg, .js-plotly-plot") || box.right < 0 || box.bottom < 0) return
    if (box.width >= 23.9 && box.height >= 23.9) return
    found.push(`${Math.round(box.width)}×${Math.round(box.height)} ${element.outerHTML.slice(0, 90)}`)
  })
  look(document)
  return found
}"""
# Text that is cut off by its own box.
CLIPPED = """() => {
  const found = []
  const look = (root) => root.querySelectorAll("*").forEach((element) => {
    if (element.shadowRoot) look(element.shadowRoot)
    const style = getComputedStyle(element)
    if (element.matches("svg *, .spoken, canvas, input, select, textarea, .stage *, thead, thead *")) return
    if (!["hidden", "clip"].includes(style.overflowX) || !element.innerText?.trim() || !element.clientWidth) return
    if (element.clientWidth <= 1 || element.scrollWidth <= element.clientWidth + 2) return // one pixel: for screen readers
    found.push(`${element.scrollWidth} in ${element.clientWidth}: ${element.className} ${element.innerText.slice(0, 60)}`)
  })
  look(document)
  return found
}"""
# Every page, and every part of one that is drawn from other markup.
PATHS = (
    "/", "/map?indicator=need&level=district&selected=380&second=2019-12", "/ranking?unit=38", "/profile?unit=38",
    "/profile?unit=38&part=trend", "/profile?unit=14818&part=origins", "/trends?period=2019-06&unit=38",
    "/roadmap?unit=38&period=2019-06&enrol=500", "/criterion", "/emulation", "/emulation?section=recognition",
    "/emulation?section=library", "/emulation?section=log", "/meeting?screen=behind", "/quality", "/check", "/method",
)  # fmt: skip
WATCH = """
window.refused = []
document.addEventListener("securitypolicyviolation", (event) =>
  window.refused.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile} ${event.sample}`))
"""
# Streamlit looks for its server beneath the page's own address first: /map/_stcore/health.
LOOKING = re.compile(r"/\w+/_stcore/(health|host-config)$")
# What lies beyond the right edge, but where a table is scrolled by itself.
CUT = """() => [...document.querySelectorAll("h1, h2, button, select, .bp-title, .bp-figure, .bp-value")]
  .filter(e => e.checkVisibility() && !e.closest(".bp-scroll, [tabindex='0'][role='region'], svg"))
  .filter(e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 120))"""
GROUND = "getComputedStyle(document.querySelector('.stApp')).backgroundColor"
INSIDE = "(() => { const m = document.querySelector('.stMain'); return m.scrollWidth - m.clientWidth })()"


@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_whole_accessible_light_or_dark_and_vietnamese_on_every_screen(page: Page, address: str, path: str):
    said: list[str] = []
    page.on(
        "console", lambda line: said.append(f"{line.text} {line.location['url']}") if line.type == "error" else None
    )
    page.add_init_script(WATCH)
    page.emulate_media(color_scheme=PREFERRED[SCREENS[0][0]])
    page.set_viewport_size({"width": SCREENS[0][0], "height": SCREENS[0][1]})
    answer = page.goto(address + path)
    policy = answer.headers["content-security-policy"]
    assert "unsafe-eval" not in policy.replace("wasm-unsafe-eval", "") and "frame-ancestors 'none'" in policy
    page.locator("h1, .bp-wall").first.wait_for()  # meeting mode has a title of its own
    wait_for_rest(page)
    found = {}
    for width, height in SCREENS:
        page.emulate_media(color_scheme=PREFERRED[width])
        turn_screen(page, width, height)
        wait_for_ground(page, path, PREFERRED[width])
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(INSIDE) <= 0, f"at {width}"
        assert page.evaluate(CUT) == [], f"at {width}"
        if width > SCREENS[0][0]:  # on a telephone the switch of the menu says "Menu", in Vietnamese too
            assert find_english(page) == set()
        # What lies below the window is in a box that scrolls, and axe judges no contrast there: once it all is in sight.
        if width == WHOLE_AT:
            turn_screen(page, width, page.evaluate("document.querySelector('.stMain').scrollHeight"))
        if serious := find_serious(page):
            found[width] = serious
    assert found == {}
    for width, height in ZOOMED:
        turn_screen(page, width, height)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(CLIPPED) == [], f"at {width}"
        assert page.evaluate(SMALL_TARGETS) == [], f"at {width}"
    assert page.evaluate("window.refused") == []
    assert [line for line in said if not LOOKING.search(line)] == []


def wait_for_ground(page: Page, path: str, appearance: str) -> None:
    """The page is truly light or dark, also behind what scrolls."""
    ground = GROUNDS["light" if path.startswith("/meeting") else appearance]
    for _ in range(40):  # the script of the page hears of the preference with the next frame
        if page.evaluate(GROUND) == ground:
            return
        page.wait_for_timeout(50)
    assert page.evaluate(GROUND) == ground, appearance


WIDE = "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent)"


@pytest.mark.parametrize("path", ["/", "/profile?unit=14818&part=origins"])
def test_letters_of_twice_the_size_cut_no_figure_and_rows_read_as_blocks_are_whole(page: Page, address: str, path: str):
    """As a reader's browser is set: everything grows but the screen."""
    page.set_viewport_size({"width": 360, "height": 780})
    page.goto(address + path)
    page.locator(".bp-value").first.wait_for()
    wait_for_rest(page)
    if "origins" in path:
        page.locator(".bp-stacked").first.wait_for()
        assert page.eval_on_selector_all(".bp-stacked", WIDE) == []
    page.add_style_tag(content="html { font-size: 200% !important }")
    for width, height in ((360, 780), (1280, 720)):
        turn_screen(page, width, height)
        assert page.evaluate(CUT) == [], f"at {width}"
        assert page.eval_on_selector_all(".bp-figure", WIDE) == [], f"at {width}"
