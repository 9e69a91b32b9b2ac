"""The map page in a browser: measures, filter, two months with one view, search that zooms, the card."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from map_page import click_unit, headline, read_legend, wait_for_map, wait_for_rest
from playwright.sync_api import Page, expect


def open_page(page: Page, address: str, **choices: str) -> None:
    page.goto(f"{address}/map?{urlencode(choices)}")
    wait_for_map(page)


def test_a_click_shows_the_card_and_a_measure_is_one_press_away_whose_class_filters_map_and_table(
    page: Page, address: str
):
    open_page(page, address, level="province")
    click_unit(page, "2019-10", "province", "38")
    card = page.locator(".bp-card")
    expect(card.locator("h2")).to_have_text("Tỉnh Thanh Hóa")
    expect(card).to_contain_text("/63 trong cả nước")
    assert card.locator("svg.bp-spark").count() == 1
    wait_for_rest(page)
    page.get_by_role("button", name="Thay đổi", exact=True).click()
    expect(headline(page)).to_contain_text("tỉnh tăng")
    wait_for_rest(page)
    counts = read_legend(page)
    assert sum(counts.values()) == 63
    label, count = next((label, count) for label, count in counts.items() if 0 < count < 63)
    page.locator(".coverage-map .legend button.class", has_text=label).first.click()
    expect(page.get_by_text(f"1–{min(count, 50)} trong {count} đơn vị")).to_be_visible()
    assert "classes=" in page.url and "indicator=change" in page.url


def test_people_are_drawn_as_circles_on_plain_land(page: Page, address: str):
    open_page(page, address, indicator="need", level="province")
    painted = page.evaluate(
        """() => {
            const canvas = document.querySelector(".stBidiComponent canvas.circles") ?? findCircles(document);
            function findCircles(root) {
                for (const element of root.querySelectorAll("*")) {
                    if (element.matches?.("canvas.circles")) return element;
                    const inner = element.shadowRoot && findCircles(element.shadowRoot);
                    if (inner) return inner;
                }
            }
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            let seen = 0;
            for (let i = 3; i < data.length; i += 4) seen += data[i] > 0;
            return seen;
        }"""
    )
    assert painted > 2_000
    assert page.locator(".coverage-map .legend .swatch.circle i").count() == 6


def test_two_months_share_legend_zoom_and_time_runs_in_each(page: Page, address: str):
    open_page(page, address, second="2019-12", level="province")
    assert page.locator(".coverage-map.pair .half").count() == 2
    assert page.locator(".coverage-map .legend:visible").count() == 1
    page.locator(".pair .half").first.locator("button.in").click()
    page.wait_for_timeout(600)
    halves = page.locator(".pair .half .stage").all()
    views = [stage.locator(".inset:not([hidden])").count() for stage in halves]
    assert views[0] == views[1] < 7, "both maps left the whole country"
    play = page.locator(".pair .half").first.locator("button.play")
    expect(play).to_be_enabled()
    page.locator(".pair .half").nth(1).locator("button.previous").click()
    page.wait_for_url(re.compile("second=2019-11"))


def test_the_search_finds_an_old_name_marks_and_zooms(page: Page, address: str):
    open_page(page, address, period="2025-07")
    page.get_by_placeholder("Tìm xã, huyện, tỉnh…").fill("tinh ha giang")
    page.get_by_role("button", name=re.compile("Tỉnh Hà Giang: nay thuộc")).click()
    page.wait_for_url(re.compile("zoom=08"))
    expect(page.locator(".bp-card h2")).to_have_text("Tỉnh Tuyên Quang")
    assert page.locator(".bp-card svg.bp-spark").count() == 0, "one month on these boundaries is no line"
    wait_for_rest(page)
    expect(page.locator(".coverage-map .inset:visible").nth(2)).to_be_hidden()  # once the map has zoomed in
