"""Every page opens under the strict content policy: nothing in the console, nothing asked of an outside host."""

import re

import pytest
from playwright.sync_api import Page, expect

from ui.frame import PAGES

WATCH = """
window.refused = []
document.addEventListener("securitypolicyviolation", (event) =>
  window.refused.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile} ${event.sample}`))
"""
# Streamlit looks for its server beneath the page's own address first: /map/_stcore/health.
LOOKING = re.compile(r"/\w+/_stcore/(health|host-config)$")


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_under_the_content_policy_without_a_complaint(page: Page, address: str, name: str):
    said: list[str] = []
    page.on(
        "console", lambda line: said.append(f"{line.text} {line.location['url']}") if line.type == "error" else None
    )
    page.add_init_script(WATCH)
    answer = page.goto(f"{address}/{'' if name == 'home' else name}")
    policy = answer.headers["content-security-policy"]
    assert "unsafe-eval" not in policy.replace("wasm-unsafe-eval", "") and "frame-ancestors 'none'" in policy
    expect(page.locator("h1, .bp-wall").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.refused") == []
    assert [line for line in said if not LOOKING.search(line)] == []


def test_the_language_of_the_page_follows_the_readers_choice(page: Page, address: str):
    page.goto(f"{address}/method")
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_an_address_without_a_page_is_said_in_plain_words(page: Page, address: str):
    answer = page.goto(f"{address}/bandoo")
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text("Không có trang này")
    page.get_by_role("link", name="Về trang Tổng quan").click()
    expect(page.locator("h1").first).to_contain_text("Cả nước")
