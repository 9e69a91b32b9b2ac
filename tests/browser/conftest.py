"""A real Chromium against the real server over a whole store: made once, shared by every test of this folder."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from chromium import find_chromium
from kept_stores import KeptStores
from map_page import open_map
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from data.ingest.build_snapshot import build_snapshot
from data.settings import PROJECT_ROOT, Settings

HERE = Path(__file__).parent
# Every month of the programme that the app opens on, and one or two of each later rule and boundary set. The repo's own
# store is not borrowed: somebody may have loaded real figures into it.
MONTHS = [f"{year}-{month:02d}" for year in range(2016, 2021) for month in range(1, 13)]
MONTHS += ["2021-01", "2025-06", "2025-07", "2026-02"]
SERVER_STARTS_WITHIN = 180  # seconds; two start at once, on a machine that may be busy
# ms that a step may take; more on a machine that is busy with something else, where nothing but speed is wrong.
WAITS = 15_000 * (1 + int(os.getloadavg()[0] / (os.cpu_count() or 1)))
CHROMIUM_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
expect.set_options(timeout=WAITS)
SCREEN = {"width": 1440, "height": 900}
LONG_FIRST = ["test_every_page.py", "test_static_site.py", "test_attacks.py", "test_choices.py", "test_map_page.py"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
    # Workers take a file at a time: the long ones first, so that none is left working alone at the end.
    items.sort(key=lambda item: LONG_FIRST.index(item.path.name) if item.path.name in LONG_FIRST else len(LONG_FIRST))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Keep what became of the test's call where its fixtures can see it."""
    report = yield
    if report.when == "call":
        item.failed = report.failed
    return report


@pytest.fixture(scope="session")
def whole_settings(kept_stores: KeptStores) -> Settings:
    """A store with every unit and the whole series 2016-2020. Tests must not change it."""
    return kept_stores.copy("whole", lambda settings: build_snapshot(settings, months=MONTHS))


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def address(whole_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the real server answers, such as http://127.0.0.1:40123."""
    port = find_free_port()
    log = tmp_path_factory.mktemp("server") / "server.log"
    command = [sys.executable, "-m", "streamlit", "run", "asgi.py"]
    command += ["--server.address", "127.0.0.1", "--server.port", str(port)]
    with log.open("w") as output:
        server = subprocess.Popen(
            command,
            cwd=PROJECT_ROOT,
            env=os.environ | {"BAOPHU_VAR": str(whole_settings.var_directory)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until_ready(server, f"http://127.0.0.1:{port}/readyz", log)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def wait_until_ready(server: subprocess.Popen, url: str, log: Path) -> None:
    last = time.monotonic() + SERVER_STARTS_WITHIN
    while time.monotonic() < last and server.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5) as answer:
            if answer.status == 200:
                return
        time.sleep(0.2)
    pytest.fail(f"the server did not start; it said:\n{log.read_text()}", pytrace=False)


@pytest.fixture(scope="session")
def playwright_session() -> Iterator[object]:
    with sync_playwright() as session:
        yield session


@pytest.fixture(scope="session")
def chromium(playwright_session) -> Iterator[Browser]:
    browser = playwright_session.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_FLAGS)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def visited() -> Iterator[list[str]]:
    """Every address that any page of this run asked for; when the run ends, all of them were of this machine."""
    asked: list[str] = []
    yield asked
    outside = {url for url in asked if urlsplit(url).hostname not in (None, "127.0.0.1")}
    assert outside == set(), "a page of this run asked an outside host"


def open_context(browser: Browser, visited: list[str], **options: object) -> BrowserContext:
    """A reader's browser: Vietnamese, a laptop's screen; what its pages ask for is written down."""
    context = browser.new_context(**({"viewport": SCREEN, "locale": "vi-VN"} | options))
    context.set_default_timeout(WAITS)
    context.on("request", lambda request: visited.append(request.url))
    context.add_init_script(path=HERE / "watch_map.js")
    return context


@pytest.fixture(scope="session")
def reader(chromium: Browser, visited: list[str]) -> Iterator[BrowserContext]:
    """One reader for the whole run, so that scripts and outlines come once."""
    context = open_context(chromium, visited)
    yield context
    context.close()


@pytest.fixture
def page(
    reader: BrowserContext, address: str, visited: list[str], request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Page]:
    """A tab of one test. Afterwards: nothing was asked of an outside host, no script failed; a failed test leaves a
    picture."""
    already, failures = len(visited), []
    tab = reader.new_page()
    tab.on("pageerror", lambda error: failures.append(error.stack or str(error)))
    yield tab
    if getattr(request.node, "failed", False):
        tab.screenshot(path=tmp_path / "failed.png", full_page=True)
        print(f"picture of the page: {tmp_path / 'failed.png'}")
    tab.close()
    assert_no_outside_host(visited[already:], address)
    assert failures == [], "a script on the page failed"


@pytest.fixture(scope="module")
def national(reader: BrowserContext, address: str) -> Iterator[Page]:
    """The home page as it opens, loaded once for all looks of a file that leave it as it is."""
    failures: list[str] = []
    tab = reader.new_page()
    tab.on("pageerror", lambda error: failures.append(error.stack or str(error)))
    open_map(tab, address)
    yield tab
    tab.close()
    assert failures == [], "a script on the page failed"


def assert_no_outside_host(addresses: list[str], own: str) -> None:
    host = urlsplit(own).netloc
    outside = {
        url for url in addresses if not url.startswith(("data:", f"blob:{own}")) and urlsplit(url).netloc != host
    }
    assert outside == set(), "the page asked an outside host"
