"""The map without Streamlit: the same modules on a bare page, with invented values (charts/coverage_map/demo)."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest
from chromium import find_chromium
from playwright.sync_api import Browser, Page

from charts.coverage_map.demo.write_demo import main as write_demo

READY = "() => window.coverageMap?.names && window.coverageMap.player.values"


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def bare_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("bare-page")
    write_demo(folder)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@contextmanager
def open_bare(chromium: Browser, address: str) -> Iterator[Page]:
    """The page, drawn; no script of it may fail until it is closed."""
    failures: list[str] = []
    page = chromium.new_page(viewport={"width": 1200, "height": 1000})
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.goto(address)
    page.wait_for_function(READY)
    yield page
    page.close()
    assert failures == []


@pytest.fixture
def bare_page(chromium: Browser, bare_address: str) -> Iterator[Page]:
    with open_bare(chromium, bare_address) as page:
        yield page


@pytest.fixture(scope="module")
def untouched(chromium: Browser, bare_address: str) -> Iterator[Page]:
    """The page loaded once for looks that leave what it shows as it is."""
    with open_bare(chromium, bare_address) as page:
        yield page


def send_again(page: Page, change: str) -> None:
    """Give the map the page's message once more, with `change` done to its header `h`."""
    page.evaluate(
        """async (change) => {
          const { loadBytes } = await import("./assets/load.js");
          const { splitMessage } = await import("./assets/values.js");
          const [header, classes] = splitMessage(await loadBytes("data/commune.bin"));
          new Function("h", change)(header);
          coverageMap.update(header, classes);
        }""",
        change,
    )


def test_every_commune_is_painted_or_counted_as_too_small(untouched: Page):
    painted, hidden, units = untouched.evaluate(
        """() => {
          const cells = coverageMap.panes().flatMap((pane) => [...new Set(pane.cells)]);
          const seen = new Set(cells.filter((unit) => unit > 0 && unit <= coverageMap.outlines.header.unit_count));
          const words = coverageMap.note.textContent.match(/^[\\d.]+/)[0].replaceAll(".", "");
          return [seen.size, Number(words), coverageMap.outlines.header.unit_count];
        }"""
    )
    assert painted + hidden == units
    assert painted > 10_000


def test_a_pixel_has_the_colour_of_its_units_class(untouched: Page):
    wrong = untouched.evaluate(
        """() => {
          const { pane, classes, plainLook } = coverageMap;
          pane.paint(coverageMap.paint, coverageMap.stripes); // without the soft edges of a map at rest
          const data = new Uint32Array(pane.fillContext.getImageData(0, 0, pane.width, pane.height).data.buffer);
          let wrong = 0;
          for (let i = pane.width; i < data.length - pane.width; i += 7) {
            const unit = pane.cells[i];
            const inner = [1, -1, pane.width, -pane.width].every((step) => pane.cells[i + step] === unit);
            if (!unit || !inner || classes[unit - 1] > 6) continue;
            if (data[i] !== plainLook[classes[unit - 1]]) wrong++;
          }
          return wrong;
        }"""
    )
    assert wrong == 0


def test_new_data_draws_the_borders_anew_only_where_they_changed(bare_page):
    bare_page.evaluate(
        """() => {
          window.strokes = 0;
          const { pane } = coverageMap, stroke = pane.strokeBorders.bind(pane);
          pane.strokeBorders = (...given) => (strokes++, stroke(...given));
        }"""
    )
    send_again(bare_page, "h.period = '2019-06'")
    assert bare_page.evaluate("() => strokes") == 0, "another month leaves the borders as they are"
    send_again(bare_page, "h.selected = 6")
    send_again(bare_page, "h.selected = null")
    assert bare_page.evaluate("() => strokes") == 2, "a unit is marked, and no longer"


def test_play_asks_the_server_for_nothing_and_stops_where_the_threshold_changes(bare_page):
    send_again(bare_page, "h.stops = {'2021-03': 'Ngưỡng đổi.'}; h.rest = null; h.months_per_second = 60")
    asked: list[str] = []
    bare_page.on("request", lambda request: asked.append(request.url))
    bare_page.locator(".play").click()
    bare_page.wait_for_function("() => !coverageMap.player.playing")
    assert bare_page.locator(".period").inner_text() == "tháng 03/2021"
    assert bare_page.locator(".note").inner_text().startswith("Ngưỡng đổi.")
    bare_page.wait_for_function("() => sent.length")
    assert bare_page.evaluate("() => sent") == [["rested", "2021-03"]]
    assert asked == []


def test_a_month_is_painted_once_and_the_host_hears_of_it_after_the_frame(bare_page):
    paints, told, period = bare_page.evaluate(
        """() => {
          const { pane, timeline } = coverageMap
          const paint = pane.paint
          let paints = 0
          pane.paint = (...given) => (paints++, paint.apply(pane, given))
          timeline.slider.value = 3
          for (const name of ["input", "change"]) timeline.slider.dispatchEvent(new Event(name))
          return [paints, sent.length, coverageMap.period]
        }"""
    )
    assert (paints, told) == (1, 0)
    bare_page.wait_for_function("() => sent.length")
    assert bare_page.evaluate("() => sent") == [["rested", period]]


def test_past_the_last_month_the_host_is_asked_for_the_next_boundary_set(bare_page):
    send_again(bare_page, "h.next_period = '2027-01'")
    bare_page.evaluate("() => coverageMap.player.show(131)")
    bare_page.locator(".next").click()
    assert bare_page.evaluate("() => sent") == [["rested", "2027-01"]]


def test_a_click_in_an_inset_picks_its_unit_and_keeps_the_fill(bare_page):
    box = bare_page.locator(".inset", has_text="Hà Nội").bounding_box()
    before = bare_page.evaluate("() => coverageMap.classes.join()")
    bare_page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["width"] / 2.4)
    bare_page.wait_for_function("() => sent.length")
    [[name, value]] = bare_page.evaluate("() => sent")
    assert name == "picked" and value["unit"].startswith("00") and value["level"] == "commune"
    assert "thành phố Hà Nội" in bare_page.locator(".spoken").inner_text()
    assert bare_page.evaluate("() => coverageMap.classes.join()") == before


def test_a_plain_wheel_scrolls_the_page_and_ctrl_zooms_the_map(bare_page):
    bare_page.set_viewport_size({"width": 1200, "height": 500})
    bare_page.wait_for_timeout(200)
    box = bare_page.locator(".main").bounding_box()
    bare_page.mouse.move(box["x"] + 300, box["y"] + 200)
    bare_page.mouse.wheel(0, 120)
    bare_page.wait_for_function("() => scrollY > 0")
    assert not bare_page.evaluate("() => coverageMap.camera.zoomed")
    bare_page.keyboard.down("Control")
    bare_page.mouse.wheel(0, -300)
    bare_page.keyboard.up("Control")
    bare_page.wait_for_function("() => coverageMap.camera.zoomed && !coverageMap.camera.moving")
    # A hand on a slow machine moves the picture by whole pixels, which are copied; others would be mixed in every frame.
    moved = bare_page.evaluate(
        """() => {
          const { pane, paint } = coverageMap
          const { scale, x, y } = pane.view
          pane.isQuick = false
          pane.move({ scale, x: x - 10.4 / scale, y: y - 7.6 / scale }, paint, null)
          return pane.fillCanvas.style.transform
        }"""
    )
    assert moved == "translate(10px, -8px) scale(1)"


def test_a_close_view_is_drawn_from_the_provinces_own_files(bare_page):
    with bare_page.expect_response(lambda response: ".commune.0" in response.url):
        send_again(bare_page, "h.focus = [5]; h.selected = 5")
    bare_page.wait_for_function("() => coverageMap.pane.scene.files[0].header.scope !== 'VN'")
    assert bare_page.evaluate("() => new Set(coverageMap.pane.cells).has(6)")


SIZE = "() => `${coverageMap.pane.width} ${coverageMap.pane.height}`"
IN_SIGHT = """() => {
  const { camera: { view }, pane } = coverageMap;
  return [view.x, view.y - pane.height / view.scale, view.x + pane.width / view.scale, view.y];
}"""


def test_what_was_zoomed_to_stays_in_sight_at_every_width_and_the_whole_country_stays_whole(bare_page):
    send_again(bare_page, "h.focus = [5]")
    bare_page.wait_for_function("() => coverageMap.camera.zoomed")
    chosen, size = bare_page.evaluate(IN_SIGHT), bare_page.evaluate(SIZE)
    for width in (700, 1000, 1200):
        before = bare_page.evaluate("() => coverageMap.pane.width")
        bare_page.set_viewport_size({"width": width, "height": 1000})
        bare_page.wait_for_function("before => coverageMap.pane.width !== before", arg=before)
        west, south, east, north = bare_page.evaluate(IN_SIGHT)
        assert west <= chosen[0] + 1 and south <= chosen[1] + 1 and east >= chosen[2] - 1 and north >= chosen[3] - 1
        assert bare_page.evaluate("() => new Set(coverageMap.pane.cells).has(6)")
    bare_page.wait_for_function(f"size => ({SIZE})() === size", arg=size)
    assert bare_page.evaluate(IN_SIGHT) == pytest.approx(chosen, abs=1), "nothing creeps away over several widths"
    bare_page.evaluate("() => coverageMap.camera.reset()")
    bare_page.set_viewport_size({"width": 900, "height": 1000})
    bare_page.wait_for_function("() => coverageMap.pane.width < 1000")
    assert not bare_page.evaluate("() => coverageMap.camera.zoomed")


def test_a_map_that_is_hidden_while_its_files_come_is_drawn_when_it_is_shown(chromium: Browser, bare_address: str):
    """As in meeting mode, whose screens may be left before their map is there."""
    failures: list[str] = []
    page = chromium.new_page(viewport={"width": 900, "height": 900})
    page.on("pageerror", lambda error: failures.append(error.stack))
    page.add_init_script("document.addEventListener('DOMContentLoaded', () => document.body.style.display = 'none')")
    page.goto(bare_address)
    page.wait_for_function(READY)
    assert failures == [] and page.evaluate("() => coverageMap.pane.cells === undefined")
    page.evaluate("() => document.body.style.display = ''")
    page.wait_for_function("() => coverageMap.pane.cells && new Set(coverageMap.pane.cells).size > 9_000")
    page.close()
    assert failures == []


def test_missing_foreign_or_unfitting_outlines_and_values_are_said_and_a_right_message_mends_the_map(bare_page):
    for change, words in (
        ("h.outlines = 'outlines/none.arc.gz'", "Chưa tải được ranh giới"),
        ("h.outlines = 'index.html'", "Chưa tải được ranh giới"),
        ("h.order_hash = 'ffff'", "không khớp"),
    ):
        send_again(bare_page, change)
        bare_page.wait_for_function(
            "() => !coverageMap.message.hidden && !coverageMap.stage.classList.contains('loading')"
        )
        assert words in bare_page.locator(".message").inner_text(), change
        assert bare_page.locator(".play").is_disabled(), change
        assert bare_page.evaluate("() => coverageMap.unitUnder(300, 100)") == -1, change
        send_again(bare_page, "")
        bare_page.wait_for_function("() => coverageMap.message.hidden && !document.querySelector('.play').disabled")
    send_again(bare_page, "h.values = 'data/none.gz'")
    bare_page.wait_for_function("() => coverageMap.note.textContent.includes('chuỗi số liệu')")
    assert bare_page.locator(".play").is_disabled()
    assert bare_page.evaluate("() => coverageMap.scene !== null"), "the month is drawn"


def test_on_a_phone_two_fingers_zoom_and_one_scrolls_the_page(chromium, bare_address):
    phone = {"width": 360, "height": 640}
    context = chromium.new_context(viewport=phone, device_scale_factor=2, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(bare_address)
    page.wait_for_function(READY)
    assert page.evaluate("() => document.documentElement.scrollWidth") == 360
    assert page.locator(".inset").all_inner_texts() == ["QĐ. Trường Sa", "QĐ. Hoàng Sa"]
    box = page.locator(".main").bounding_box()
    x, y = box["x"] + 130, box["y"] + 60
    session = context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        places = [{"x": px, "y": py, "id": i} for i, (px, py) in enumerate(points)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})
        page.wait_for_timeout(20)

    touch("touchStart", (x - 20, y), (x + 20, y))
    for i in range(1, 10):
        touch("touchMove", (x - 20 - 5 * i, y), (x + 20 + 5 * i, y))
    touch("touchEnd")
    page.wait_for_function("() => coverageMap.camera.view.scale > 2 * coverageMap.camera.home.scale")
    touch("touchStart", (x, y + 200))
    for i in range(1, 10):
        touch("touchMove", (x, y + 200 - 15 * i))
    touch("touchEnd")
    page.wait_for_function("() => scrollY > 0")
    context.close()


def test_reduced_motion_slows_play_to_a_month_a_second(bare_page):
    bare_page.emulate_media(reduced_motion="reduce")
    bare_page.evaluate("() => { coverageMap.player.show(0); coverageMap.player.play(); }")
    bare_page.wait_for_timeout(1500)
    assert bare_page.evaluate("() => coverageMap.player.column()") <= 2


def test_everything_is_drawn_without_3d(playwright_session, bare_address):
    flags = ["--no-sandbox", "--disable-3d-apis"]
    browser = playwright_session.chromium.launch(executable_path=find_chromium(), args=flags)
    page = browser.new_page(viewport={"width": 800, "height": 900})
    page.goto(bare_address)
    page.wait_for_function(READY)
    assert page.evaluate("() => new Set(coverageMap.pane.cells).size") > 9_000
    browser.close()
