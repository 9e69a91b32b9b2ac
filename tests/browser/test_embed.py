"""Maps and charts of the public edition on other websites: the allowed one shows them, another is refused by the browser."""

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe import find_violations
from playwright.sync_api import Page, expect
from test_ui_server import serve

from data.settings import Settings

FIGURES = ("home/map", "map/map?indicator=need&unit=24", "trends/trend?unit=24", "map/dots?unit=24&period=2020-12")
WIDTHS = (300, 480, 800)


@pytest.fixture(scope="module")
def websites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """Two websites with the same page, which frames what its own address asks for."""
    folder = tmp_path_factory.mktemp("website")
    (folder / "page.html").write_text(
        '<!DOCTYPE html><html lang="vi"><title>Báo</title><h1>Báo</h1><iframe title="Bao phủ BHYT" width="100%" height="900">'
        "</iframe><script>document.querySelector('iframe').src = decodeURIComponent(location.hash.slice(1))</script></html>"
    )
    handler = functools.partial(Quiet, directory=str(folder))
    servers = [http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) for _ in range(2)]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    yield [f"http://127.0.0.1:{server.server_port}" for server in servers]
    for server in servers:
        server.shutdown()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def public_address(public_settings: Settings, websites: list[str]) -> Iterator[str]:
    more = {"BAOPHU_EDITION": "public", "BAOPHU_EMBED_ORIGINS": websites[0]}
    with serve(public_settings.var_directory, **more) as running:
        yield f"http://127.0.0.1:{running.port}"


@pytest.mark.parametrize("figure", FIGURES)
def test_a_figure_shows_in_a_frame_of_every_width(
    reader, public_address: str, websites: list[str], figure: str, tmp_path: Path
):
    page: Page = reader.new_page()
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.on(
        "console",
        lambda line: (
            failures.append(line.text) if line.type == "error" and "favicon" not in line.location["url"] else None
        ),
    )
    page.goto(f"{websites[0]}/page.html#{public_address}/embed/{figure}")
    frame = page.frame_locator("iframe")
    drawing = frame.locator(".stage:not(.loading) canvas.fill, .drawing:visible svg").first
    for width in WIDTHS:
        page.set_viewport_size({"width": width + 16, "height": 1000})
        drawing.wait_for()
        inner = page.frames[1]
        assert inner.evaluate("document.documentElement.scrollWidth") <= width
        assert inner.evaluate("document.documentElement.lang") == "vi"
        assert inner.locator(".drawing:visible, .coverage-map").count() == 1
    expect(frame.locator("h1")).not_to_be_empty()
    expect(frame.locator("footer")).to_contain_text("Số liệu đến ngày")
    expect(frame.locator("footer a")).to_have_attribute("target", "_blank")
    page.goto(f"{public_address}/embed/{figure}")
    page.locator(".stage:not(.loading) canvas.fill, .drawing:visible svg").first.wait_for()
    assert [violation["id"] for violation in find_violations(page)] == []
    page.close()
    assert failures == []


def test_another_website_and_the_pages_themselves_are_refused(reader, public_address: str, websites: list[str]):
    page: Page = reader.new_page()
    refused: list[str] = []
    page.on("console", lambda line: refused.append(line.text) if "frame-ancestors" in line.text else None)
    for website, path in ((websites[1], "/embed/home/map"), (websites[0], "/"), (websites[0], "/map")):
        said = len(refused)
        page.goto("about:blank")
        page.goto(f"{website}/page.html#{public_address}{path}")
        page.wait_for_timeout(700)
        assert len(refused) > said, (website, path)
        assert page.frames[1].url.startswith("chrome-error:"), page.frames[1].url
    page.close()


def test_the_code_to_paste_stands_below_the_figure(reader, public_address: str, websites: list[str]):
    page: Page = reader.new_page()
    page.goto(f"{public_address}/?unit=24")
    page.get_by_text("Nhúng bản đồ").click()
    code = page.get_by_label("Mã để dán vào trang khác (bản đồ)").input_value()
    assert code.startswith(f'<iframe src="{public_address}/embed/home/map?unit=24"') and code.endswith("</iframe>")
    page.close()
