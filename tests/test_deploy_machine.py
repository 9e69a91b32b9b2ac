"""The whole of one machine, by its own command: nginx, three replicas, readers, and what can happen to them.

`./check fault` runs these. nginx and Chromium are needed; without them they fail and say so.
"""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from chromium import find_chromium
from playwright.sync_api import Page, expect, sync_playwright
from reader_session import Reader
from received_months import COMMUNES, publish_received
from source_nginx import find_free_port

from data.ingest.public_edition import publish_public
from data.settings import PROJECT_ROOT, Settings
from data.store import list_snapshots, parse_pointer
from deploy.replicas import ask_ready
from text.formats import Formats
from text.words import Words

pytestmark = pytest.mark.fault
VI = Words("vi")
STARTS_WITHIN = 180  # seconds; three servers at once, on a machine that may be busy
# Seconds, what the issue allows a reader whose replica was killed; more where others keep the cores busy.
AGAIN_WITHIN = 5 * (1 + int(os.getloadavg()[0] / (os.cpu_count() or 1)))
REPLICAS = 3
READY = re.compile(r"replica (\d) is ready on 127\.0\.0\.1:(\d+) \(process (\d+)")


class Machine:
    """`./run --edition public --replicas 3` over a data directory of its own."""

    def __init__(self, whole: Settings, place: Path) -> None:
        self.whole, self.port = whole, find_free_port()
        self.public = replace(whole, edition="public")
        self.log = place / "run.log"
        command = ["./run", "--edition", "public", "--replicas", str(REPLICAS), "--port", str(self.port)]
        environment = {"BAOPHU_VAR": str(whole.var_directory), "BAOPHU_DRAIN_SECONDS": "5"}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, cwd=PROJECT_ROOT, env=os.environ | environment, stdout=log, stderr=log, start_new_session=True
            )
        self.wait_for("serving on", STARTS_WITHIN)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def said(self) -> str:
        return self.log.read_text("utf-8")

    def wait_for(self, words: str, seconds: float = STARTS_WITHIN, after: int = 0) -> None:
        ends = time.monotonic() + seconds
        while words not in self.said()[after:]:
            assert self.process.poll() is None and time.monotonic() < ends, f"never said {words!r}:\n{self.said()}"
            time.sleep(0.05)

    def replicas(self) -> dict[int, int]:
        """Port: process, as said last."""
        return {int(port): int(pid) for _, port, pid in READY.findall(self.said())}

    def port_of(self, reader: Reader, path: str = "/method") -> int:
        """The replica that a reader is at, from nginx's log."""
        reader.get(path, headers={"Accept": "text/html"})
        time.sleep(0.1)
        line = (self.whole.cache_directory / "logs" / "access.log").read_text("utf-8").splitlines()[-1]
        return int(json.loads(line)["replica"].rsplit(":", 1)[1])

    def kill(self, port: int) -> int:
        """End a replica as a crash does; where in what is said that was."""
        at = len(self.said())
        os.kill(self.replicas()[port], signal.SIGKILL)
        return at

    def wait_whole(self) -> None:
        """Every replica answers."""
        ends = time.monotonic() + STARTS_WITHIN
        while not all(ask_ready(port)[0] == 200 for port in self.replicas()):
            assert time.monotonic() < ends, self.said()
            time.sleep(0.2)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(40)
        finally:
            if self.process.poll() is None:
                os.killpg(self.process.pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def machine(public_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    place = tmp_path_factory.mktemp("machine")
    shutil.copytree(public_settings.var_directory, place / "var")
    running = Machine(Settings(var_directory=place / "var"), place)
    yield running
    running.stop()
    pids = running.replicas().values()
    assert "stopped" in running.said() and not [pid for pid in pids if Path(f"/proc/{pid}").exists()]


def test_three_replicas_share_the_readers_and_each_keeps_their_own(machine: Machine):
    assert len(machine.replicas()) == REPLICAS
    ends = time.monotonic() + 10  # nginx passes over for five seconds who was asked before it was ready
    while {machine.port_of(Reader(machine.url)) for _ in range(20)} != set(machine.replicas()):
        assert time.monotonic() < ends, machine.said()
        time.sleep(0.5)
    readers = [Reader(machine.url) for _ in range(20)]
    homes = [machine.port_of(reader) for reader in readers]
    assert [machine.port_of(reader) for reader in readers] == homes
    drawn = readers[0].open("ranking").decode("utf-8", "replace")
    assert VI.say("frame.page_ranking") in drawn
    readers[0].close()


def test_a_replica_that_starts_refuses_until_it_can_answer(machine: Machine):
    """What is taken and not answered would keep a reader at a proxy; what is refused goes to the next replica at once."""
    (port, *_) = machine.replicas()
    at = machine.kill(port)
    refused = 0
    ends = time.monotonic() + STARTS_WITHIN
    while f"is ready on 127.0.0.1:{port}" not in machine.said()[at:]:
        began = time.monotonic()
        status, _ = ask_ready(port)
        assert time.monotonic() - began < 2 and time.monotonic() < ends
        refused += status == 0
        time.sleep(0.1)
    assert refused > 5


def test_hashed_files_are_kept_for_ever_and_nginx_keeps_them_too(machine: Machine):
    reader = Reader(machine.url)
    _, headers, html = reader.get("/", headers={"Accept": "text/html", "Accept-Encoding": "gzip"})
    assert headers["content-encoding"] == "gzip" and headers["cache-control"] == "no-cache"
    _, headers, html = reader.get("/", headers={"Accept": "text/html"})
    asked = re.findall(r'(?:href|src)="\./((?:static|app/static)/[^"]+)"', html.decode())
    kinds = {"js": 0, "woff2": 0, "gz": 0}
    for path in asked:
        for _ in range(2):
            status, headers, _ = reader.get(f"/{path}", headers={"Accept-Encoding": "gzip, br"})
            assert status == 200 and "immutable" in headers["cache-control"], path
            assert headers["x-frame-options"] == "DENY" and "set-cookie" not in headers
        kinds[path.rsplit(".", 1)[-1]] = kinds.get(path.rsplit(".", 1)[-1], 0) + 1
    assert all(kinds[kind] for kind in ("js", "woff2", "gz")), kinds
    lines = [json.loads(line) for line in (machine.whole.cache_directory / "logs" / "access.log").open()]
    for path in asked:
        assert [line["kept"] for line in lines if line["path"] == f"/{path}"][-1] == "HIT", path
    # Where a replica would answer, the proxy does not ask.
    (port, *_) = machine.replicas()
    with contextlib.closing(Reader(f"http://127.0.0.1:{port}")) as inside:
        assert inside.get("/_stcore/metrics")[0] == 200
    assert reader.get("/_stcore/metrics")[0] == 404


def test_a_reader_whose_replica_is_killed_keeps_the_view_and_has_an_answer_at_once(machine: Machine):
    raw = Reader(machine.url)
    shown = raw.open("profile", "unit=01")
    with sync_playwright() as session:
        browser = session.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="vi-VN")
        page = context.new_page()
        page.goto(f"{machine.url}/ranking?unit=01")
        expect(page.locator("table").first).to_be_visible(timeout=60_000)
        seen = page.locator("h1").first.inner_text()
        place = next(cookie["value"] for cookie in context.cookies() if cookie["name"] == "baophu_place")
        follower = Reader(machine.url)
        follower.place = place
        for port in {machine.port_of(follower), machine.port_of(raw)}:
            machine.kill(port)
        began = time.monotonic()
        again = raw.ask("profile", "unit=01")
        assert time.monotonic() - began <= AGAIN_WITHIN
        assert figures_of(again) == figures_of(shown)
        assert page.locator("h1").first.inner_text() == seen  # what was read stays where it was
        try:
            expect_answer(page, began)
        finally:
            browser.close()
            raw.close()
            machine.wait_whole()  # also for the tests after this one


def expect_answer(page: Page, began: float) -> None:
    """The next choice is answered, by another replica, within the time after the crash."""
    page.get_by_role("link", name=VI.say("frame.page_profile"), exact=True).first.click()
    # The address first: the heading of the page that was left names the place too.
    expect(page).to_have_url(re.compile(r"/profile\?.*unit=01"), timeout=AGAIN_WITHIN * 1000)
    expect(page.locator("h1").first).to_contain_text("Hà Nội", timeout=AGAIN_WITHIN * 1000)
    assert time.monotonic() - began <= 2 * AGAIN_WITHIN


def figures_of(drawn: bytes) -> set[str]:
    """Every number of a page, as it is written."""
    return set(re.findall(r"\d{1,3}(?:\.\d{3})+|\d+,\d+%", drawn.decode("utf-8", "replace")))


def test_nginx_is_back_before_a_reader_gives_up(machine: Machine):
    reader = Reader(machine.url)
    before = reader.open("ranking")
    at = len(machine.said())
    masters = [int(path.parent.name) for path in Path("/proc").glob("[0-9]*/cmdline") if is_own_nginx(path, machine)]
    assert len(masters) == 1
    os.kill(masters[0], signal.SIGTERM)
    began = time.monotonic()
    assert figures_of(reader.ask("ranking")) == figures_of(before)
    assert time.monotonic() - began <= AGAIN_WITHIN
    assert "nginx ended" in machine.said()[at:]
    reader.close()


def is_own_nginx(command: Path, machine: Machine) -> bool:
    with contextlib.suppress(OSError):
        said = command.read_bytes().decode("utf-8", "replace")
        return "nginx.conf" in said and str(machine.whole.cache_directory) in said
    return False


def test_without_a_pointer_the_figures_are_served_on_and_a_restarted_replica_says_so(machine: Machine):
    pointer = machine.public.pointer_file
    text = pointer.read_text("utf-8")
    reader = Reader(machine.url)
    whole = reader.open("ranking")
    made = date.fromisoformat(parse_pointer(text).made_at[:10])
    sentence = VI.say("error.no_pointer", made=Formats("vi").day(made))
    pointer.unlink()
    try:
        assert figures_of(reader.ask("ranking")) == figures_of(whole)
        port = machine.port_of(reader)
        at = machine.kill(port)
        machine.wait_for(f"is ready on 127.0.0.1:{port}", after=at)  # of this one, whoever else comes back meanwhile
        status, said = ask_ready(port)
        assert (status, said["fallback_from"], said["snapshot"]) == (200, "current.json", parse_pointer(text).id)
        reader.close()
        inside = Reader(f"http://127.0.0.1:{port}")
        drawn = inside.open("ranking")
        assert figures_of(drawn) >= figures_of(whole) and sentence in drawn.decode("utf-8", "replace")
        inside.close()
    finally:
        pointer.write_text(text, encoding="utf-8")


def test_a_missing_outline_file_is_said_on_the_map_and_the_figures_stay(machine: Machine):
    local = machine.whole.cache_directory / "nginx" / "local" / "missing.conf"
    local.write_text("location ~ ^/app/static/outlines/.*commune { return 404; }\n", encoding="utf-8")
    reload_nginx(machine)
    try:
        with sync_playwright() as session:
            browser = session.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox", "--disable-gpu"])
            page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="vi-VN")
            page.goto(machine.url)
            expect(page.get_by_text(VI.say("map.no_outlines"))).to_be_visible(timeout=60_000)
            expect(page.locator("table").first).to_be_visible(timeout=30_000)
            browser.close()
    finally:
        local.unlink()
        reload_nginx(machine)


def reload_nginx(machine: Machine) -> None:
    (pid,) = [int(path.parent.name) for path in Path("/proc").glob("[0-9]*/cmdline") if is_own_nginx(path, machine)]
    os.kill(pid, signal.SIGHUP)
    time.sleep(1)


class Reading(threading.Thread):
    """A reader who asks again and again for the page of one commune, and notes what was wrong."""

    def __init__(self, url: str, known: dict[str, str]) -> None:
        super().__init__(daemon=True)
        self.reader, self.known = Reader(url), known
        self.wrong: list[str] = []
        self.seen: list[str] = []
        self.slowest = 0.0
        self.ended = threading.Event()

    def run(self) -> None:
        while not self.ended.is_set():
            began = time.monotonic()
            try:
                drawn = self.reader.ask("profile", "unit=00001&period=2020-12").decode("utf-8", "replace")
            except BaseException as problem:
                self.wrong.append(repr(problem))
                return
            self.slowest = max(self.slowest, time.monotonic() - began)
            found = [snapshot for snapshot, figure in self.known.items() if figure in drawn]
            if len(found) != 1:
                self.wrong.append(f"one page has the figures of {found or 'no snapshot'}")
            self.seen += found
            self.ended.wait(0.2)
        self.reader.close()


def test_ten_publishes_while_readers_read_mix_nothing_and_lose_nothing(machine: Machine):
    """Each publish has another number of insured people in one commune; a page that shows two of them, or none, is wrong."""
    before = len(list_snapshots(machine.whole.snapshot_directory))
    insured = [21_500 - 11 * number for number in range(10)]
    figures = {str(number): Formats("vi").number(number) for number in insured}
    first = Reader(machine.url)
    drawn = first.open("profile", "unit=00001&period=2020-12").decode("utf-8", "replace")
    first.close()
    assert not [figure for figure in figures.values() if figure in drawn]
    own = re.search(r"\d{1,2}\.\d{3}", drawn)
    assert own is not None
    readers = [Reading(machine.url, figures) for _ in range(4)]
    ids = []
    for turn, number in enumerate(insured):
        ids.append(publish_received(machine.whole, "2020-12", [number, *list(COMMUNES.values())[1:]]).id)
        publish_public(machine.whole)
        if turn == 0:
            for reader in readers:
                reader.start()
    time.sleep(2)
    for reader in readers:
        reader.ended.set()
    for reader in readers:
        reader.join(30)
        assert reader.wrong == [] and len(reader.seen) > 5
        assert reader.seen[-1] == str(insured[-1])
        assert reader.slowest <= AGAIN_WITHIN * 2
        order = [int(snapshot) for snapshot in reader.seen]
        assert order == sorted(order, reverse=True)  # nobody falls back to what was before
    assert {reader.seen[0] for reader in readers} <= set(figures)
    assert set(ids) <= {pointer.id for pointer in list_snapshots(machine.whole.snapshot_directory)}
    assert len(list_snapshots(machine.whole.snapshot_directory)) == before + 10


def test_an_upgrade_restarts_one_replica_after_the_other_and_no_reader_notices(machine: Machine):
    pids = set(machine.replicas().values())
    readers = [Reader(machine.url) for _ in range(6)]
    drawn = {reader: figures_of(reader.open("ranking")) for reader in readers}
    os.kill(machine.process.pid, signal.SIGHUP)
    ends, slowest = time.monotonic() + STARTS_WITHIN, 0.0
    while set(machine.replicas().values()) & pids:
        assert time.monotonic() < ends, machine.said()
        for reader in readers:
            began = time.monotonic()
            assert reader.get("/ranking", headers={"Accept": "text/html"})[0] == 200
            assert figures_of(reader.ask("ranking")) == drawn[reader]
            slowest = max(slowest, time.monotonic() - began)
    assert (
        slowest <= 2 * AGAIN_WITHIN
    )  # a starting replica takes a core of this machine, and refuses until it can answer
    machine.wait_whole()
    for reader in readers:
        reader.close()


def test_when_every_replica_is_down_the_static_edition_is_given_until_they_are_back(machine: Machine):
    reader = Reader(machine.url)
    reader.get("/static/does-not-exist.js")
    current = machine.whole.site_directory / "current"
    current.mkdir(parents=True, exist_ok=True)
    os.kill(machine.process.pid, signal.SIGSTOP)  # nobody starts them again
    try:
        for port in machine.replicas():
            machine.kill(port)
        status, headers, body = reader.get("/", headers={"Accept": "text/html"})
        assert status == 503 and VI.say("server.busy_title") in body.decode() and headers["retry-after"] == "5"
        (current / "index.html").write_text("<h1>Bản tĩnh</h1>", encoding="utf-8")
        status, headers, body = reader.get("/ranking?unit=38", headers={"Accept": "text/html"})
        assert (status, headers["cache-control"], body.decode()) == (200, "no-store", "<h1>Bản tĩnh</h1>")
    finally:
        os.kill(machine.process.pid, signal.SIGCONT)
    machine.wait_whole()
    ends = time.monotonic() + 10  # passed over for five seconds after the last failure
    while "Bản tĩnh" in reader.get("/", headers={"Accept": "text/html"})[2].decode():
        assert time.monotonic() < ends
        time.sleep(0.5)
