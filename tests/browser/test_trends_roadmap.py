"""Trends and roadmap in a real browser: units compared, a province opened, a what-if typed, the plan taken away."""

import re
from pathlib import Path

import openpyxl
from map_page import wait_for_rest
from playwright.sync_api import Page, expect


def open_page(page: Page, address: str, path: str) -> None:
    page.goto(address + path)
    page.locator(".bp-caption").wait_for()


def test_a_small_line_opens_its_province_and_units_are_added_and_taken_away(page: Page, address: str):
    open_page(page, address, "/trends?period=2019-06")
    expect(page.locator(".bp-cell")).to_have_count(63)
    page.get_by_role("button", name="Theo tên").click()
    page.wait_for_url("**order=name*")
    expect(page.locator(".bp-cell b").first).to_have_text("An Giang")
    page.locator(".bp-cell").filter(has_text="Điện Biên").click()
    page.wait_for_url("**unit=11*")
    expect(page.locator("h1")).to_contain_text("Tỉnh Điện Biên bao phủ")
    page.go_back()
    page.wait_for_url(lambda url: "unit=" not in url and "order=name" in url)
    expect(page.locator(".bp-cell")).to_have_count(63)
    wait_for_rest(page)
    page.get_by_label("Tên đơn vị thêm vào so sánh").press_sequentially("thanh hoa", delay=20)
    page.locator(".st-key-found_unit").get_by_role("button", name="Tỉnh Thanh Hóa", exact=True).click()
    page.wait_for_url("**units=VN.38*")
    expect(page.locator(".bp-chip")).to_have_count(2)
    page.get_by_role("button", name="Bỏ Cả nước khỏi phần so sánh").click()
    page.wait_for_url("**units=38*")
    expect(page.locator(".bp-chip")).to_have_count(1)


def test_the_roadmap_reckons_what_is_typed_and_gives_the_plan_away(page: Page, address: str, tmp_path: Path):
    open_page(page, address, "/roadmap?unit=38&period=2019-06")
    field = page.get_by_label("Số người thêm")
    field.fill("500")
    field.press("Enter")
    page.wait_for_url("**enrol=500*")
    expect(page.get_by_text("Thêm 500 người thì bao phủ của tỉnh Thanh Hóa")).to_be_visible()
    # Whoever types and then presses the button beside the field leaves the field by that press: two reports at once.
    field.click()
    field.fill("700")
    page.get_by_role("button", name="Tính", exact=True).click()
    page.wait_for_url("**enrol=700*")
    expect(page.get_by_text("Thêm 700 người thì bao phủ của tỉnh Thanh Hóa")).to_be_visible()
    page.get_by_label("Mức").select_option("90")
    page.wait_for_url("**at=90*")
    expect(page.locator("h1")).to_contain_text("tỷ lệ xã đạt từ 90%")
    link = page.get_by_role("link", name="Tải về kế hoạch (nạp lại được), dạng Excel (XLSX)")
    expect(link).to_have_attribute("href", re.compile("at=90"))  # it stands below the sentence and is drawn after it
    with page.expect_download() as download:
        link.click()
    download.value.save_as(tmp_path / "plan.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "plan.xlsx").worksheets[0]
    people = sum(row[5] for row in sheet.iter_rows(min_row=5, values_only=True))
    assert f"{people:,}".replace(",", ".") == page.locator(".bp-value strong").first.inner_text()
