"""The page speaks the language that was chosen and stays light or dark as was chosen; an address without a page says so."""

from playwright.sync_api import Page, expect

LIGHT, DARK = "rgb(255, 255, 255)", "rgb(20, 24, 30)"


def expect_ground(page: Page, of: str, colour: str) -> None:
    expect(page.locator(of)).to_have_css("background-color", colour)


def test_the_language_and_the_appearance_of_the_page_follow_the_readers_choice(page: Page, address: str):
    page.goto(address)
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    page.get_by_role("button", name="English").click()
    page.wait_for_url("**lang=en*")
    expect(page.locator("h1.bp-headline")).to_contain_text("The nation")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect_ground(page, ".stApp", LIGHT)
    page.locator(".bp-switch-more").click()
    choice = page.get_by_label("Appearance")
    expect(choice).to_have_value("")
    try:
        choice.select_option("dark")
        expect_ground(page, ".stApp", DARK)
        # While Streamlit's script is still on its way: no page flashes white.
        page.route("**/static/js/index.*.js", lambda route: None)
        page.reload(wait_until="commit")
        expect_ground(page, "html", DARK)
        expect(page.locator(".stApp")).to_have_count(0)
        page.unroute_all()
        page.reload()
        expect(page.locator("html")).to_have_attribute("lang", "en")
        page.get_by_role("link", name="Ranking").click()
        page.wait_for_url("**/ranking**")
        page.locator(".bp-switch-more").click()
        expect(choice).to_have_value("dark")
        page.emulate_media(media="print")
        expect_ground(page, ".stApp", LIGHT)  # nobody prints a black page
    finally:
        page.emulate_media(media="screen")
        page.evaluate("localStorage.clear()")  # the next test's reader is the same


def test_an_address_without_a_page_is_said_in_plain_words(page: Page, address: str):
    answer = page.goto(f"{address}/bandoo")
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text("Không có trang này")
    page.emulate_media(color_scheme="dark")
    expect_ground(page, "html", DARK)
    page.get_by_role("link", name="Về trang Tổng quan").click()
    expect(page.locator("h1").first).to_contain_text("Cả nước")
