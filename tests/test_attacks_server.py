"""The real server of the public edition under requests that no browser of a reader sends: it answers plainly, and lives."""

import contextlib
import json
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_ui_server import Server, serve
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from data.settings import PROJECT_ROOT, Settings
from ui.sockets import LONGEST_PUBLIC

pytestmark = pytest.mark.fault

ROUTES = (
    "/", "/app/static/", "/app/static/outlines/", "/values/", "/open/v1/", "/open/v1/latest/", "/take/", "/take/home/",
    "/embed/", "/embed/home/", "/rest/", "/layers/", "/static/", "/static/js/", "/media/", "/component/",
    "/_stcore/bidi-components/", "/_stcore/bidi-components/baophu-ui.markup/", "/_stcore/upload_file/x/",
)  # fmt: skip
CLIMBS = (
    "../../../../../../etc/passwd", "..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "..%252f..%252f..%252f..%252fetc%252fpasswd", "%252e%252e%252f%252e%252e%252fasgi.py", "..\\..\\..\\..\\etc\\passwd",
    "..%5c..%5c..%5casgi.py", "%5c%5cevil.example%5cshare", "/etc/passwd", "//etc/passwd", "%2fetc%2fpasswd", "file:///etc/passwd",
    "x%00.csv", "..%00/asgi.py", "..;/..;/asgi.py", "....//....//asgi.py", "..%c0%af..%c0%afasgi.py", "%uff0e%uff0e/asgi.py",
    "../asgi.py", "../.streamlit/config.toml", "../var/public/snapshots/current.json", "..%2fsnapshots%2fcurrent.json",
    "~root/.bashrc", "C:%5cWindows%5cwin.ini", "current.json", "../source.json",
)  # fmt: skip
TELLING = (b"root:x:", b"st.App(", b"[server]", b'"sha256"', b"DUCK", b"Traceback", str(PROJECT_ROOT).encode())
MOST_GROWTH = 60 * 2**20  # bytes of memory
REFUSED = (400, 403, 404, 405, 413, 414, 431)


@pytest.fixture(scope="module")
def public(public_settings: Settings) -> Iterator[Server]:
    more = {"BAOPHU_EDITION": "public", "BAOPHU_EMBED_ORIGINS": "https://bao.example.vn"}
    with serve(public_settings.var_directory, **more) as running:
        while running.get("/readyz").status != 200:
            time.sleep(0.2)
        yield running


def memory(server: Server) -> int:
    """Bytes of the process that are in memory."""
    return int(Path(f"/proc/{server.process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def list_files(*folders: Path) -> dict[str, tuple[int, int]]:
    skipped = {".venv", ".git", "__pycache__", ".pytest_cache", ".ruff_cache", ".hypothesis"}
    paths = [path for folder in folders for path in folder.rglob("*") if not skipped & set(path.parts)]
    return {str(path): (path.lstat().st_size, path.lstat().st_mtime_ns) for path in paths}


def send_raw(server: Server, *pieces: bytes, most: float = 20) -> bytes:
    """The first bytes of the answer to what is sent as it is; b"" where the connection is closed without a word. TimeoutError
    where the server goes on listening."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=most) as wire:
        try:
            for piece in pieces:
                wire.sendall(piece)
            return wire.recv(4096)
        except ConnectionError:
            return b""


def test_no_route_gives_a_file_that_is_not_its_own(public: Server):
    for route in ROUTES:
        for climb in CLIMBS:
            answer = public.get(route + climb)
            told = [word for word in TELLING if word in answer.body]
            assert told == [] and answer.status in REFUSED, (route + climb, answer.status, told)
            assert "Traceback" not in public.get(route + climb, accept="text/html").body.decode("utf-8", "replace")
    assert public.get("/healthz").status == 200


def test_a_question_a_cookie_or_a_header_of_any_size_is_refused_and_costs_no_memory(public: Server):
    before = memory(public)
    for path in ("/", "/take/home/units.csv", "/embed/home/map", "/open/v1/latest/x", "/nowhere"):
        assert public.get(f"{path}?unit={'a' * 60_000}").status == 414, path
        assert public.get(path, cookie="a=" + "x" * 60_000).status == 431, path
        assert public.get(path, x_long="x" * 60_000).status == 431, path
    many = b"".join(b"X-%d: %s\r\n" % (number, b"y" * 90) for number in range(700))
    assert b" 431 " in send_raw(public, b"GET / HTTP/1.1\r\nHost: x\r\n" + many + b"\r\n")
    piece = b"x" * 2**20
    for head in (b"GET /?a=", b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: ", b"GET / HTTP/1.1\r\nHost: x\r\nCookie: a="):
        answer = send_raw(public, head, *[piece] * 64, most=5)
        assert answer == b"" or b" 4" in answer[:16], answer[:80]
    assert public.get("/healthz").status == 200
    assert memory(public) - before < MOST_GROWTH


def test_a_body_of_any_size_is_not_kept(public: Server):
    before, piece = memory(public), b"x" * 2**20
    for path in (b"/", b"/take/home/units.csv", b"/embed/home/map", b"/_stcore/upload_file/a/b", b"/_stcore/health"):
        for method in (b"POST", b"PUT"):
            head = method + b" " + path + b" HTTP/1.1\r\nHost: x\r\nContent-Length: 104857600\r\n\r\n"
            answer = send_raw(public, head, *[piece] * 40, most=5)
            assert answer == b"" or answer[9:12] in (b"400", b"403", b"404", b"405", b"413"), (
                method,
                path,
                answer[:80],
            )
    assert public.get("/healthz").status == 200
    assert memory(public) - before < MOST_GROWTH


def open_socket(server: Server, origin: str | None = None, **more):
    return connect(
        f"ws://127.0.0.1:{server.port}/_stcore/stream",
        origin=origin or f"http://127.0.0.1:{server.port}",
        subprotocols=["streamlit"],
        max_size=None,
        **more,
    )


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "https://bao.example.vn", "http://127.0.0.1:1", "http://127.0.0.1.evil.example"],
)
def test_a_page_of_another_origin_gets_no_socket(public: Server, origin: str):
    with pytest.raises((InvalidStatus, ConnectionClosed)), open_socket(public, origin) as wire:
        wire.recv(timeout=5)
    with open_socket(public):
        pass


def test_frames_that_no_browser_sends_end_their_connection_and_nothing_else(public: Server):
    before = memory(public)
    for frame in (b"x" * (LONGEST_PUBLIC + 1), b"x" * (12 * 2**20), b"\x5a" + b"\xff" * 100_000):
        with open_socket(public) as wire, contextlib.suppress(ConnectionClosed):
            wire.send(frame)
            with pytest.raises((ConnectionClosed, TimeoutError)) as ended:
                while True:
                    wire.recv(timeout=3)
            if len(frame) > LONGEST_PUBLIC:
                assert getattr(ended.value.rcvd, "code", 1009) in (1009, 1006)
    # Thousands of pieces of one message that never ends.
    with open_socket(public) as wire, contextlib.suppress(ConnectionClosed, OSError):
        wire.send(b"x" * 60_000 for _ in range(1_000))
    with open_socket(public) as wire, contextlib.suppress(ConnectionClosed):
        wire.send("text and no bytes")
        wire.send(b"")
    assert json.loads(public.get("/healthz").body) == {"status": "ok"}
    assert memory(public) - before < MOST_GROWTH


def test_nothing_was_written_while_all_this_was_asked(public: Server, public_settings: Settings):
    rooms = [
        PROJECT_ROOT / room
        for room in ("data", "geo", "indicators", "text", "ui", "pages", "reports", "charts", "static")
    ]
    before = list_files(public_settings.var_directory, *rooms)
    for path in ("/", "/map", "/ranking?unit=38", "/take/home/units.csv", "/take/home/map.svg", "/embed/home/map"):
        assert public.get(path, accept="text/html").status == 200, path
    with open_socket(public) as wire:
        wire.send(b"\x5a\x00")
    assert list_files(public_settings.var_directory, *rooms) == before
