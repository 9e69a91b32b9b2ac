"""The national commune map in a real browser: every unit accounted for, each in the colour of its class."""

import csv
import re
import shutil
from fractions import Fraction

import duckdb
import pytest
from chromium import find_chromium
from map_page import map_order, open_map, read_legend
from playwright.sync_api import Page, expect

from data.settings import PROJECT_ROOT, Settings
from data.store import parse_pointer

COMMUNES = 11_160
# The colours of the screen from low to high, and the edges between them at a threshold of 85 %; over 100 stands apart.
COLOURS = ["#8c2d04", "#cc4c02", "#ec8a2f", "#fcd08a", "#a9d3e6", "#3f8fbf", "#0b4a7d"]
EDGES = [60, 70, 80, 85, 90]
NO_DATA = {"#d9d9d9", "#bdbdbd", "#efefef"}  # grey, its hatching, and the grey of what does not apply
LABELS = ["dưới 60%", "60 – <70", "70 – <80", "80 – <85", "85 – <90", "90 – 100", "trên 100%"]


def classify_plainly(rate: Fraction | None) -> int | None:
    """The class of a rate in percent: its place among the edges, each of which belongs to the class above it."""
    if rate is None:
        return None
    return 6 if rate > 100 else sum(rate >= edge for edge in EDGES)


@pytest.fixture(scope="module")
def rates(whole_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Fraction | None]:
    """Commune -> its rate of 2020-12 in percent, None where unknown: the rows of the store, by one plain SELECT."""
    pointer = parse_pointer(whole_settings.pointer_file.read_text("utf-8"))
    copy = tmp_path_factory.mktemp("rows") / pointer.file
    shutil.copyfile(whole_settings.snapshot_directory / pointer.file, copy)
    with duckdb.connect(str(copy), read_only=True) as connection:
        rows = connection.execute(
            "SELECT unit_code, population, insured FROM commune_month WHERE period = '2020-12'"
        ).fetchall()
    known = {unit: Fraction(100 * insured, people) for unit, people, insured in rows if insured is not None and people}
    return {unit: known.get(unit) for unit in map_order("2019-10", "commune")}


def read_painted(page: Page) -> dict:
    return page.evaluate("count => readPaintedUnits(count)", len(map_order("2019-10", "commune")))


def count_hidden(page: Page) -> int:
    """What the note under the map says of units that cover no pixel."""
    note = page.locator(".coverage-map .note").inner_text()
    found = re.search(r"([\d.]+) đơn vị quá nhỏ", note)
    return int(found.group(1).replace(".", "")) if found else 0


def test_every_commune_of_december_2020_is_painted_or_named_as_too_small(national: Page):
    found, units = read_painted(national), map_order("2019-10", "commune")
    assert len(found["owners"]) + count_hidden(national) == len(units)
    assert len(found["painted"]) > 10_500
    # The soft edge of a coast may fade an islet narrower than half a pixel.
    assert len(found["owners"]) - len(found["painted"]) < 10
    # The archipelagos have boxes of their own: no commune of Trường Sa may be among the hidden.
    with (PROJECT_ROOT / "geo" / "sets" / "2019-10" / "units.csv").open(encoding="utf-8") as file:
        islands = [row["unit_code"] for row in csv.DictReader(file) if row["parent_code"] == "576"]
    assert islands and {units.index(code) + 1 for code in [*islands, "498"]} <= set(found["painted"])


def test_the_legend_counts_every_commune_once(national: Page, rates: dict[str, Fraction | None]):
    legend = read_legend(national)
    assert sum(legend.values()) == COMMUNES
    communes = [rate for code, rate in rates.items() if len(code) == 5]
    assert len(communes) == COMMUNES
    for place, label in enumerate(LABELS):
        assert legend[label] == sum(classify_plainly(rate) == place for rate in communes), label
    assert legend["chưa có dữ liệu"] == communes.count(None)


def test_each_unit_has_the_colour_of_its_class_on_both_sides_of_the_threshold(
    national: Page, rates: dict[str, Fraction | None]
):
    units, inside = map_order("2019-10", "commune"), read_painted(national)["inside"]
    checked = {}
    for number, colours in inside.items():
        code = units[int(number) - 1]
        place = classify_plainly(rates[code])
        right = NO_DATA if place is None else {COLOURS[place]}
        pure = {colour for colour in colours if colour in {*COLOURS, *NO_DATA}}  # others are soft edges
        assert pure <= right, f"{code} at {rates[code]} shows {colours}"
        if pure:
            checked[code] = rates[code]
    assert len(checked) > 2_500
    known = [rate for rate in checked.values() if rate is not None]
    below, met = max(rate for rate in known if rate < 85), min(rate for rate in known if rate >= 85)
    assert met - below < Fraction(1, 10), "there is a commune close to the line on either side"
    assert {classify_plainly(rate) for rate in known} == set(range(7))


def test_the_map_is_painted_without_webgl_as_well_and_in_the_pixels_of_the_screen(
    playwright_session, address: str, visited: list[str]
):
    from conftest import CHROMIUM_FLAGS, assert_no_outside_host, open_context

    already = len(visited)
    browser = playwright_session.chromium.launch(
        executable_path=find_chromium(), args=[*CHROMIUM_FLAGS, "--disable-3d-apis"]
    )
    try:
        context = open_context(browser, visited, device_scale_factor=2, viewport={"width": 900, "height": 800})
        page = context.new_page()
        open_map(page, address)
        canvas = page.locator(".coverage-map .main canvas.fill")
        assert canvas.evaluate("c => c.width / c.getBoundingClientRect().width") == pytest.approx(2, abs=0.01)
        assert page.evaluate("document.createElement('canvas').getContext('webgl2')") is None
        assert len(read_painted(page)["painted"]) > 10_500
        assert sum(read_legend(page).values()) == COMMUNES
    finally:
        browser.close()
    assert_no_outside_host(visited[already:], address)


def test_a_missing_outline_file_is_said_on_the_map_and_the_table_stays(page: Page, address: str):
    page.route("**/app/static/outlines/*.commune.*", lambda route: route.abort())
    page.goto(address)
    page.get_by_text("Chưa tải được ranh giới").wait_for()
    expect(page.locator("[aria-label^='Bảng số liệu'] tbody tr")).to_have_count(50)
