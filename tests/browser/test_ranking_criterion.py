"""Ranking and criterion switch in a real browser: a click on a dot, a typed threshold."""

from map_page import headline, read_legend, wait_for_map, wait_for_rest
from playwright.sync_api import Page, expect


def open_page(page: Page, address: str, path: str) -> None:
    page.goto(address + path)
    page.locator(".bp-caption").wait_for()
    wait_for_rest(page)


def test_a_province_opens_from_a_ranking_and_a_dot_marks_its_commune(page: Page, address: str):
    open_page(page, address, "/ranking")
    page.locator(".bp-ranks").get_by_role("button", name="Điện Biên").first.click()
    page.wait_for_url("**unit=11*")
    expect(headline(page)).to_contain_text("Điện Biên hạng ")
    dots = page.locator(".bp-dots circle[data-value]")
    expect(dots).to_have_count(130)
    code = dots.nth(40).get_attribute("data-value")
    dots.nth(40).dispatch_event("click")
    page.wait_for_url(f"**selected={code}*")
    marked = page.locator(".bp-marked")
    expect(marked).to_contain_text("người;")
    marked.get_by_role("button", name="Bỏ chọn").click()
    expect(marked).to_have_count(0)
    assert "selected" not in page.url


def test_scope_pin_and_plot_stand_in_the_address(page: Page, address: str):
    open_page(page, address, "/ranking")
    page.get_by_label("Tỉnh của tôi").select_option(label="Thanh Hóa")
    page.wait_for_url("**pin=38*")
    page.get_by_label("Xếp trong").select_option(label="Vùng Bắc Trung Bộ")
    page.wait_for_url("**scope=region.r7_btb*")
    page.get_by_role("button", name="Theo dân số").click()
    page.wait_for_url("**plot=funnel*")
    expect(headline(page)).to_contain_text("/6 về bao phủ")
    page.reload()
    expect(headline(page)).to_contain_text("/6 về bao phủ")


def test_a_typed_threshold_is_read_in_vietnamese_writing_and_the_map_follows(page: Page, address: str):
    open_page(page, address, "/criterion")
    wait_for_map(page)
    field = page.get_by_label("Ngưỡng tự nhập, phần trăm")
    field.fill("trên 92,5")
    field.press("Enter")
    page.wait_for_url("**value=92.5*")
    expect(headline(page)).to_contain_text("Với ngưỡng trên 92,5%")
    wait_for_map(page)
    legend = read_legend(page)
    changed = page.locator(".bp-figure .bp-value strong").first.inner_text()
    assert legend["không còn đạt"] == int(changed.replace(".", "")) > 0 and legend["đạt thêm"] == 0
    page.get_by_label("Áp ngưỡng").select_option(label="từ 70%: xã nông thôn mới")
    page.wait_for_url("**rule=basic-VN-70-ge*")
    expect(headline(page)).to_contain_text("xã đạt: ")
    assert "value" not in page.url
