"""The static edition on a plain file server: the map painted, a commune found by typing, nothing serious for axe, few bytes."""

from __future__ import annotations

import gzip
import http.server
import io
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import static_site
from axe import find_serious
from map_page import wait_for_stillness
from playwright.sync_api import Browser, Page, expect

from data.settings import Settings

MOST_BYTES = 500_000  # of the first screen, everything that is fetched without a reader's doing
COMPRESSED = (".html", ".css", ".js")  # what nginx compresses; the rest is compressed in itself
PAINTED = "() => document.querySelector('[data-map]')?.mapAlone?.map.note.textContent"


class FileServer(http.server.SimpleHTTPRequestHandler):
    """A folder as it is, texts with gzip as nginx sends them; under a path of its own."""

    def log_message(self, *_: object) -> None:
        pass

    def send_head(self):
        path = Path(self.translate_path(self.path))
        if path.suffix not in COMPRESSED or not path.is_file():
            return super().send_head()
        body = gzip.compress(path.read_bytes(), 6, mtime=0)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        return io.BytesIO(body)


@pytest.fixture(scope="module")
def served(public_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root = tmp_path_factory.mktemp("site")
    folder = static_site.write_part(public_settings, root / "built", workers=1)  # processes of its own: 15 s
    (root / "www").mkdir()
    shutil.copytree(folder, root / "www" / "bhyt")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(FileServer, directory=str(root / "www")))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/bhyt/"
    server.shutdown()


@pytest.fixture
def static_page(chromium: Browser, served: str) -> Iterator[Page]:
    """A tab of a reader that has no file yet. Afterwards: no script failed, the policy refused nothing, nobody else was asked."""
    failures: list[str] = []
    page = chromium.new_page(viewport={"width": 1440, "height": 900})
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.on("console", lambda said: failures.append(said.text) if said.type == "error" else None)
    page.on("request", lambda asked: None if asked.url.startswith(served) else failures.append(asked.url))
    yield page
    page.close()
    assert failures == []


def test_the_first_screen_is_small_and_its_map_is_whole(static_page: Page, served: str):
    network = static_page.context.new_cdp_session(static_page)
    network.send("Network.enable")
    sizes: list[float] = []
    network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    static_page.goto(served)
    static_page.wait_for_function(PAINTED)
    static_page.wait_for_timeout(500)
    assert len(sizes) > 6 and sum(sizes) <= MOST_BYTES
    units, wrong, seen = static_page.evaluate(
        """() => {
          const { map } = document.querySelector("[data-map]").mapAlone;
          const { pane, classes, plainLook, outlines } = map;
          pane.paint(map.paint, map.stripes); // without the soft edges of a map at rest
          const data = new Uint32Array(pane.fillContext.getImageData(0, 0, pane.width, pane.height).data.buffer);
          let wrong = 0;
          for (let i = pane.width; i < data.length - pane.width; i += 7) {
            const unit = pane.cells[i];
            const inner = [1, -1, pane.width, -pane.width].every((step) => pane.cells[i + step] === unit);
            if (!unit || !inner || classes[unit - 1] > 6) continue;
            if (data[i] !== plainLook[classes[unit - 1]]) wrong++;
          }
          const seen = new Set(map.panes().flatMap((one) => [...new Set(one.cells)]));
          return [outlines.header.unit_count, wrong, seen.size];
        }"""
    )
    assert units > 11_000 and wrong == 0 and seen > 9_000
    legend = static_page.locator(".legend button .count").all_inner_texts()
    assert sum(int(count.replace(".", "")) for count in legend) == 11_160


def test_a_click_says_the_unit_and_leads_to_its_province_and_the_months_follow_on_demand(
    static_page: Page, served: str
):
    static_page.goto(served)
    static_page.wait_for_function(PAINTED)
    stage = static_page.locator(".stage")
    stage.scroll_into_view_if_needed()
    box = static_page.locator(".inset", has_text="Hà Nội").bounding_box()
    static_page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["width"] / 2.4)
    card = static_page.locator(".alone-card")
    expect(card).to_contain_text("Thành phố Hà Nội")
    assert card.locator("a").first.get_attribute("href") == "province/01.html"
    static_page.locator(".alone-time").click()
    expect(static_page.locator(".timeline .slider")).to_be_enabled()
    static_page.get_by_role("button", name="Tỉnh", exact=True).click()
    static_page.wait_for_function(
        "() => document.querySelector('[data-map]').mapAlone.map.outlines?.header.level === 'province'"
    )


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_commune_is_found_by_keyboard_without_marks_and_its_row_is_reached(static_page: Page, served: str, lang: str):
    static_page.goto(f"{served}{'en/' if lang == 'en' else ''}index.html")
    box = static_page.locator("#site-q")
    box.focus()
    static_page.keyboard.type("quan ba, ha giang")  # in Hà Giang, which this build has
    static_page.keyboard.press("Enter")
    static_page.wait_for_url("**q=quan**")
    first = static_page.locator("#found a").first
    expect(first).to_be_visible()
    link = static_page.locator("#found a", has_text="Xã Quản Bạ")
    link.focus()
    static_page.keyboard.press("Enter")
    static_page.wait_for_url("**#x*")
    row = static_page.locator("tr:target")
    expect(row).to_be_visible()
    expect(row).to_contain_text("Xã Quản Bạ")
    static_page.wait_for_function(PAINTED)
    static_page.wait_for_function("() => document.querySelector('[data-map]').mapAlone.map.header.selected !== null")
    files = static_page.locator("#communes .bp-take a")
    files.first.focus()
    with static_page.expect_download() as taken:
        static_page.keyboard.press("Enter")
    assert taken.value.suggested_filename.endswith(".xlsx")


def test_axe_finds_nothing_serious_and_nothing_is_wider_than_the_screen(static_page: Page, served: str):
    found = {}
    for name in ("index.html", "ranking.html", "province/02.html", "lookup.html", "method.html", "en/index.html"):
        static_page.set_viewport_size({"width": 360, "height": 900})
        static_page.goto(served + name)
        if static_page.locator("[data-map]").count():
            static_page.wait_for_function(PAINTED)
        for width, preferred, ground in ((360, "light", "rgb(255, 255, 255)"), (1440, "dark", "rgb(20, 24, 30)")):
            static_page.emulate_media(color_scheme=preferred)
            static_page.set_viewport_size({"width": width, "height": 900})
            wait_for_stillness(static_page, f"{name} at {width}")
            assert static_page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
            assert static_page.evaluate("getComputedStyle(document.body).backgroundColor") == ground
            if serious := find_serious(static_page):
                found[name, width] = serious
    assert found == {}


def test_everything_can_be_read_without_scripts(chromium: Browser, served: str):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(served)
    picture = page.locator(".site-map img")
    picture.scroll_into_view_if_needed()
    expect(picture).to_be_visible()
    page.get_by_role("link", name="Hà Giang").first.click()
    expect(page.locator("#communes tbody tr")).not_to_have_count(0)
    context.close()
