"""Meeting mode in a real browser: keys, buttons and a clicker lead through the script, and nothing is stolen from a box."""

from playwright.sync_api import Page, expect

AT = ".wall-foot nav span"


def open_meeting(page: Page, address: str, query: str = "") -> None:
    page.goto(f"{address}/meeting{query}")
    expect(page.locator(AT)).to_contain_text("/6", timeout=30_000)


def press(page: Page, key: str, leads_to: str) -> None:
    page.keyboard.press(key)
    expect(page.locator(AT)).to_contain_text(leads_to, timeout=15_000)


def test_keys_lead_through_the_script_and_escape_leaves(page: Page, address: str):
    page.set_viewport_size({"width": 1920, "height": 1080})
    open_meeting(page, address, "?screen=behind")
    expect(page.locator(AT)).to_contain_text("4/6")
    for key, place in (("ArrowRight", "5/6"), ("PageUp", "4/6"), (" ", "5/6"), ("Home", "1/6"), ("PageDown", "2/6")):
        press(page, key, place)
    assert "screen=map" in page.url
    sizes = page.eval_on_selector_all(
        ".wall-screen *, .wall-foot *",
        "all => all.filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))"
        ".map(e => parseFloat(getComputedStyle(e).fontSize))",
    )
    assert min(sizes) >= 24, "read from the last row"
    assert 72 <= page.eval_on_selector(".wall-title", "e => parseFloat(getComputedStyle(e).fontSize)") <= 120
    assert page.evaluate("document.querySelector('.stMain').scrollHeight <= innerHeight"), (
        "one screen, nothing below it"
    )
    # A map that was clicked has the keyboard; the speaker goes on all the same.
    page.locator(".stage .main").click(position={"x": 5, "y": 5})
    press(page, "ArrowRight", "3/6")
    # A box keeps its keys.
    page.evaluate("() => { const box = document.createElement('input'); document.body.append(box); box.focus() }")
    for key in ("ArrowRight", "PageDown", " ", "End"):
        page.keyboard.press(key)
    page.wait_for_timeout(500)
    expect(page.locator(AT)).to_contain_text("3/6")
    page.evaluate("document.body.lastElementChild.remove()")
    press(page, "End", "6/6")
    page.keyboard.press("Escape")
    expect(page.locator(".st-key-menu")).to_be_visible(timeout=15_000)
    assert "screen=" not in page.url


def test_the_wall_is_light_before_its_first_word_and_the_page_behind_it_is_dark_again(page: Page, address: str):
    """A reader's device prefers dark: a projector must not flash dark while the app starts."""
    ground = "getComputedStyle(document.body).backgroundColor"
    page.emulate_media(color_scheme="dark")
    page.route("**/static/js/**", lambda route: route.abort())  # nothing of the app is ever drawn
    page.goto(f"{address}/meeting")
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    page.goto(f"{address}/method")
    assert page.evaluate(ground) == "rgb(20, 24, 30)"
    page.unroute("**/static/js/**")
    open_meeting(page, address)
    page.keyboard.press("Escape")
    expect(page.locator(".st-key-menu")).to_be_visible(timeout=15_000)
    for _ in range(40):  # the sheet of the page comes with its menu, or in the next frame
        if page.evaluate(ground) == "rgb(20, 24, 30)":
            break
        page.wait_for_timeout(50)
    assert page.evaluate(ground) == "rgb(20, 24, 30)"


def test_buttons_and_a_sweep_move_on_a_phone_and_nothing_is_wider_than_it(page: Page, address: str):
    page.set_viewport_size({"width": 360, "height": 780})
    open_meeting(page, address, "?screen=ranking")
    page.get_by_role("button", name="Màn hình sau").click()
    expect(page.locator(AT)).to_contain_text("4/6", timeout=15_000)
    page.evaluate(
        """() => {
            const at = (x) => new Touch({ identifier: 1, target: document.body, clientX: x, clientY: 300 })
            const tell = (name, all, x) => document.body.dispatchEvent(
                new TouchEvent(name, { bubbles: true, touches: all ? [at(x)] : [], changedTouches: [at(x)] }))
            tell("touchstart", true, 60); tell("touchend", false, 300)
        }"""
    )
    expect(page.locator(AT)).to_contain_text("3/6", timeout=15_000)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
