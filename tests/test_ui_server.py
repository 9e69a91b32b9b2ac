"""The real server over a small store: health, the map's bytes, what the page asks for, addresses that are not ours."""

import contextlib
import gzip
import hashlib
import http.client
import json
import os
import re
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import brotli
import numpy as np
import pytest

from charts.coverage_map.installed import SCRIPT, START, STYLE, find_installed
from data.settings import PROJECT_ROOT, Settings
from data.store import Store
from data.version import VERSION
from geo.units import map_order, order_hash
from text.words import Words

pytestmark = pytest.mark.pages

STARTS_WITHIN = 40  # seconds


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


class Server:
    """One server on 127.0.0.1; requests are sent as they are written, so that no client tidies a path."""

    def __init__(self, port: int, process: int) -> None:
        self.port, self.process = port, process

    def get(self, path: str, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        found = Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        connection.close()
        return found


@contextlib.contextmanager
def serve(var_directory: Path, output: IO[str] | int = subprocess.DEVNULL, **more: str) -> Iterator[Server]:
    """`more` are further variables of its environment."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "asgi.py", "--server.port", str(port)]
    process = subprocess.Popen(
        [*command, "--server.address", "127.0.0.1"],
        cwd=PROJECT_ROOT,
        env=os.environ | {"BAOPHU_VAR": str(var_directory)} | more,
        stdout=output,
        stderr=subprocess.DEVNULL,
    )
    try:
        server = Server(port, process.pid)
        ends = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < ends:
            with contextlib.suppress(OSError):
                server.get("/healthz")
                break
            assert process.poll() is None, "the server ended before it listened"
            time.sleep(0.1)
        yield server
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="module")
def server(small_settings: Settings) -> Iterator[Server]:
    with serve(small_settings.var_directory) as running:
        yield running


def test_health_says_that_the_process_lives_and_which_snapshot_it_reads(server: Server, small_store: Store):
    assert json.loads(server.get("/healthz").body) == {"status": "ok"}
    ready = server.get("/readyz")
    assert ready.status == 200 and json.loads(ready.body)["snapshot"] == small_store.snapshot_id


def test_a_foreign_name_gets_no_page_no_file_and_no_connection(server: Server):
    foreign = f"evil.example:{server.port}"
    for path in ("/", "/ranking", "/_stcore/host-config", "/app/static/outlines/manifest.json", "/take/home/brief.pdf"):
        assert server.get(path, Host=foreign).status == 421, path
    assert server.get("/healthz", Host=foreign).status == server.get("/readyz", Host=foreign).status == 200
    asked = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec_WebSocket_Version": "13",
        "Origin": f"http://{foreign}",
    }
    asked |= {"Sec_WebSocket_Key": "x" * 22 + "==", "Sec_WebSocket_Protocol": "streamlit"}
    assert server.get("/_stcore/stream", Host=foreign, **asked).status == 403


def test_without_a_store_the_server_lives_and_is_not_ready(tmp_path: Path):
    with serve(tmp_path) as running:
        assert running.get("/healthz").status == 200
        answer = running.get("/readyz")
        assert answer.status == 503 and json.loads(answer.body)["code"] == "STORE-NONE"


def test_the_page_is_vietnamese_and_asks_for_the_maps_files_that_exist(server: Server):
    page = server.get("/", accept="text/html").body.decode()
    assert '<html lang="vi">' in page and "<title>Bao phủ BHYT</title>" in page and "SourceSans" not in page
    asked = re.findall(r'<link (?:rel|data-host)="(?:modulepreload|preload)"[^>]*? href="\./([^"]+)"', page)
    assert any("commune" in address for address in asked) and any("map/index." in address for address in asked)
    for address in asked:
        assert server.get(f"/{address}").status == 200, address


def test_a_page_without_the_map_does_not_ask_for_its_files(server: Server):
    page = server.get("/method", accept="text/html").body.decode()
    assert "coverage-map" not in page and "outlines" not in page
    unclear = server.get("/?unit=nowhere", accept="text/html").body.decode()
    assert "coverage-map" in unclear and "outlines" not in unclear and "<first-look" not in unclear


def test_the_page_holds_its_first_screen_and_asks_for_the_files_of_its_map(server: Server):
    page = server.get("/?unit=38", accept="text/html").body.decode()
    look = page[page.index("<first-look") : page.index("</first-look>")]
    assert "Thanh Hóa" in re.search(r'<h1 class="bp-headline"[^>]*>(.*?)</h1>', look)[1] and "data-message=" in look
    before, _, _ = page.partition("./static/js/index.")
    assert "map/index." in before and "@font-face" in before, "the map's script runs before Streamlit's"
    (host,) = re.findall(r'<script type="module" src="[^"]+map/start\.[0-9a-f]{12}\.js" data-host="([^"]+)"', page)
    later = re.findall(r'<link data-host="(\w+)"[^>]* href="([^"]+)"', page)
    assert ("modulepreload", host) in later and page.count("<script type") == 2
    assert [kind for kind, address in later if "/css/" in address] == ["stylesheet"]
    assert 'rel="stylesheet"' not in page and 'rel="modulepreload"' not in page, "what would come before the first look"
    assert all(server.get(address.removeprefix(".")).status == 200 for _, address in later)
    asked = re.findall(r'<link rel="preload" href="\./([^"]+)" as="fetch"', before)
    assert len(asked) == 2 and all(server.get(f"/{address}").status == 200 for address in asked)


def test_the_page_is_sent_small_and_not_again_until_it_is_another(server: Server):
    first = server.get("/", accept="text/html", accept_encoding="br")
    assert brotli.decompress(first.body).lstrip().startswith(b"<!DOCTYPE html>") and len(first.body) < 25_000
    assert "last-modified" not in first.headers, "the date is that of Streamlit's file"
    tag = first.headers["etag"]
    again = server.get("/", accept="text/html", if_none_match=tag, if_modified_since="Fri, 01 Jan 2100 00:00:00 GMT")
    assert (again.status, again.body) == (304, b"")
    other = server.get("/?period=2020-11", accept="text/html", if_none_match=tag)
    assert other.status == 200 and other.headers["etag"] != tag


def test_classes_over_time_come_by_their_name_and_are_kept_for_ever(server: Server, small_store: Store):
    name = small_store.query("SELECT file_name FROM value_file WHERE level = 'commune' ORDER BY 1").iloc[0, 0]
    answer = server.get(f"/values/{name}")
    assert answer.status == 200 and "immutable" in answer.headers["cache-control"]
    raw = gzip.decompress(answer.body)
    (length,) = struct.unpack_from("<I", raw)
    header = json.loads(raw[4 : 4 + length])
    assert len(raw) == 4 + length + header["unit_count"] * len(header["periods"])


def test_hover_figures_are_one_rate_and_one_count_per_unit(server: Server, small_store: Store):
    answer = server.get(f"/rest/{small_store.snapshot_id}/2019-10/commune/2016-2020/2020-12")
    (length,) = struct.unpack_from("<I", answer.body)
    header = json.loads(answer.body[4 : 4 + length])
    order = map_order("2019-10", "commune")
    assert header["unit_count"] == len(order) and header["order_hash"] == order_hash(order)
    start = len(answer.body) - 6 * len(order)
    rates = np.frombuffer(answer.body, "<u2", len(order), start)
    missing = np.frombuffer(answer.body, "<i4", len(order), start + 2 * len(order))
    row = small_store.query("SELECT * FROM commune_month WHERE period = '2020-12' AND unit_code = '14818'").iloc[0]
    at = order.get_loc("14818")
    assert rates[at] == row["insured"] * 10_000 // row["population"]
    assert missing[at] == max(0, -(-85 * int(row["population"]) // 100) - int(row["insured"]))


@pytest.mark.parametrize(
    "path",
    [
        "/values/nothing.bin.gz",
        "/values/..%2F..%2Fsnapshots%2Fcurrent.json",
        "/values/0123456789abcdef.bin.gz",
        "/rest/none/2019-10/commune/2016-2020/2020-12",
        "/rest/{id}/2019-10/hamlet/2016-2020/2020-12",
        "/rest/{id}/2019-10/commune/2016-2020/2031-01",
        "/rest/{id}/1975-04/commune/2016-2020/2020-12",
        "/app/static/../../asgi.py",
        "/app/static/%2e%2e/%2e%2e/asgi.py",
        "/static/js/../../../../../../../etc/passwd",
    ],
)
def test_addresses_that_are_not_ours_give_no_file(server: Server, small_store: Store, path: str):
    answer = server.get(path.format(id=small_store.snapshot_id))
    assert answer.status in (400, 403, 404), answer.status
    assert b"root:" not in answer.body and b"st.App" not in answer.body


def test_streamlits_scripts_travel_compressed_and_unchanged(server: Server):
    page = server.get("/method", accept="text/html").body.decode()
    script = re.search(r'src="\./(static/js/index\.[^"]+\.js)"', page).group(1)
    plain, small = server.get(f"/{script}"), server.get(f"/{script}", accept_encoding="gzip, br")
    assert small.headers["content-encoding"] == "br" and "immutable" in small.headers["cache-control"]
    assert brotli.decompress(small.body) == plain.body and len(small.body) < len(plain.body) / 2


def test_a_components_file_is_sent_once_and_asked_for_again(server: Server):
    path = "/_stcore/bidi-components/baophu-ui.markup/markup.js"
    plain, small = server.get(path), server.get(path, accept_encoding="br")
    assert brotli.decompress(small.body) == plain.body and small.headers["cache-control"] == "no-cache"
    again = server.get(path, accept_encoding="br", if_none_match=small.headers["etag"])
    assert again.status == 304 and again.body == b""
    changed = server.get(path, accept_encoding="br", if_none_match='"0"')
    assert changed.status == 200 and changed.body == small.body


@pytest.mark.parametrize("pattern", [SCRIPT, STYLE, START])
def test_the_maps_files_are_kept_for_ever_by_names_that_hold_their_content(server: Server, pattern: str):
    path = f"/_stcore/bidi-components/baophu-coverage-map.map/{find_installed(pattern).name}"
    small = server.get(path, accept_encoding="br")
    assert brotli.decompress(small.body) == find_installed(pattern).read_bytes()
    assert "immutable" in small.headers["cache-control"]
    digest = hashlib.sha256(find_installed(pattern).read_bytes()).hexdigest()
    assert digest[:12] in path
    other = path.replace(digest[:12], "0" * 12)
    assert server.get(other, accept_encoding="br").status == 404


@pytest.mark.parametrize("name", ["MaterialSymbols-Rounded.x.woff2", "SourceSansVF-Upright.ttf.x.woff2"])
def test_typefaces_that_nobody_sees_are_small(server: Server, name: str):
    answer = server.get(f"/static/media/{name}")
    assert answer.status == 200 and answer.body[:4] == b"wOF2" and len(answer.body) < 25_000


def test_outlines_are_kept_for_ever_and_the_manifest_is_not(server: Server):
    manifest = server.get("/app/static/outlines/manifest.json")
    name = json.loads(manifest.body)["2019-10"]["commune"]
    assert "immutable" in server.get(f"/app/static/outlines/{name}").headers["cache-control"]
    assert manifest.headers["cache-control"] == "no-cache"
    absent = server.get(f"/app/static/outlines/2019-10.commune.{'0' * 12}.arc.gz")
    assert absent.status == 404 and "immutable" not in absent.headers.get("cache-control", "")


def test_a_file_to_take_away_comes_with_its_name_and_is_not_sent_again(server: Server):
    answer = server.get("/take/home/units.csv?level=province")
    assert answer.status == 200 and answer.body.startswith(b"unit_code,")
    assert re.search(r"filename=BHYT_tinh_VN_2020-12_[\d-]+\.csv$", answer.headers["content-disposition"])
    assert answer.headers["cache-control"] == "private, no-cache"
    again = server.get("/take/home/units.csv?level=province", if_none_match=answer.headers["etag"])
    assert again.status == 304 and again.body == b""


def test_an_address_without_a_file_says_so_in_plain_words(server: Server):
    for path in (
        "/take/home/units.exe",
        "/take/nowhere/units.csv",
        "/take/home/..units.csv",
        "/take/check/file.xlsx",
    ):
        assert server.get(path).status == 404, path
    answer = server.get("/take/home/units.csv?programme=2010-2015")
    assert answer.status == 404 and answer.headers["content-type"].startswith("text/plain")
    assert "không có số liệu cho tệp này" in answer.body.decode()
    english = server.get("/take/home/units.csv?programme=2010-2015&lang=en").body.decode()
    assert "has no figures for this file" in english and "Traceback" not in english


def test_every_answer_carries_the_security_headers(server: Server):
    for path in ("/", "/healthz", "/values/nothing.bin.gz", "/app/static/outlines/manifest.json", "/nowhere"):
        headers = server.get(path, accept="text/html").headers
        policy = dict(rule.split(" ", 1) for rule in headers["content-security-policy"].split("; "))
        assert policy["default-src"] == "'none'" and policy["frame-ancestors"] == "'none'", path
        assert "'unsafe-eval'" not in policy["script-src"] and "'unsafe-inline'" not in policy["script-src"]
        assert "blob:" not in policy["script-src"] and "http:" not in " ".join(policy.values())
        assert headers["x-content-type-options"] == "nosniff" and headers["referrer-policy"] == "same-origin"
        assert "camera=()" in headers["permissions-policy"] and headers["x-frame-options"] == "DENY"


def test_a_host_that_is_none_is_not_written_into_the_policy(server: Server):
    hostile = server.get("/", accept="text/html", host="evil; script-src *").headers["content-security-policy"]
    assert "evil" not in hostile
    assert "wss://baophu.example:8443" in server.get("/", host="baophu.example:8443").headers["content-security-policy"]


@pytest.mark.parametrize(
    ("path", "status"),
    [("/nowhere", 404), ("/map/nowhere", 404), ("/?" + "a" * 5_000, 414), ("/values/%2e%2e%2fcurrent.json", 400)],
)
def test_errors_are_plain_pages_in_the_readers_language(server: Server, path: str, status: int):
    answer = server.get(path, accept="text/html")
    page = answer.body.decode()
    assert answer.status == status and '<html lang="vi">' in page and "Về trang Tổng quan" in page
    english = server.get(f"{path}{'&' if '?' in path else '?'}lang=en", accept="text/html").body.decode()
    assert ('<html lang="en">' in english and "Back to the overview" in english) or status == 414
    for telling in ("Traceback", "Streamlit", "uvicorn", str(PROJECT_ROOT)):
        assert telling not in page
    assert len(server.get(path).body) < 100, "a program gets a short answer"


def test_a_cookie_larger_than_any_of_ours_is_refused(server: Server):
    assert server.get("/", accept="text/html", cookie="a=" + "x" * 20_000).status == 431


def test_readiness_says_how_old_the_checked_snapshot_is(server: Server):
    said = json.loads(server.get("/readyz").body)
    assert said["status"] == "ready" and said["verified"] and said["edition"] == "internal"
    assert 0 <= said["age_seconds"] < 400 * 86_400 and said["version"] == VERSION


def test_the_page_tells_a_browser_without_scripts_in_its_language(server: Server):
    page = server.get("/?lang=en", accept="text/html").body.decode()
    assert '<html lang="en">' in page and Words("en").say("server.no_script") in page
    assert "Streamlit app" not in page and "_stcore/agent" not in page


def test_a_stopping_server_writes_its_log_and_ends(small_settings: Settings, tmp_path: Path):
    log = tmp_path / "log"
    with log.open("w") as output, serve(small_settings.var_directory, output) as running:
        running.get("/ranking?unit=38", accept="text/html", cookie="secret=1", x_forwarded_for="203.0.113.7")
    told = [json.loads(line) for line in log.read_text("utf-8").splitlines() if line.startswith("{")]
    events = [line["event"] for line in told]
    assert events[0] == "snapshot_opened" and events[-1] == "stopped" and {"started", "drained"} <= set(events)
    (asked,) = [line for line in told if line["event"] == "request" and line["part"] == "ranking"]
    assert asked["status"] == 200 and asked["ms"] >= 0
    assert "203.0.113.7" not in log.read_text() and "unit=38" not in log.read_text() and "secret" not in log.read_text()
