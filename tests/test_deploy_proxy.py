"""nginx before replicas that are played: who is asked, what is blocked, what happens when all are full. The configuration is
filled in for real; `./check fault` also runs nginx with it."""

import contextlib
import http.server
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from reader_session import Reader
from source_nginx import find_free_port

from deploy import proxy, replicas
from deploy.answers import header_lines
from deploy.children import Child
from deploy.proxy import Proxy, check_configuration, fill, nginx_command, template_values, write_configuration
from deploy.replicas import choose_ports
from text.words import Words
from ui.security import security_headers


def plan(place: Path, **more: object) -> Proxy:
    chosen = {"listen": "127.0.0.1:1", "replicas": ["127.0.0.1:2", "127.0.0.1:3"], "site": place / "site"} | more
    return Proxy(into=place / "conf", state=place / "state", **chosen)


def test_every_word_of_the_templates_has_a_value_and_readers_are_bounded_per_replica(tmp_path: Path):
    values = template_values(plan(tmp_path, most=7))
    for name in ("baophu.conf", "nginx.conf", "brotli.conf", "to_replica.conf"):
        assert not re.search(r"@[A-Z_]+@", fill(name, values)), name
    text = fill("baophu.conf", values)
    assert text.count("server 127.0.0.1:2 ") == text.count("server 127.0.0.1:3 ") == 2
    assert text.count("max_conns=7;") == 2


def test_a_word_without_a_value_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(proxy, "TEMPLATES", tmp_path)
    (tmp_path / "a.conf").write_text("listen @NOBODY_SAYS@;")
    with pytest.raises(KeyError, match="NOBODY_SAYS"):
        fill("a.conf", template_values(plan(tmp_path)))


def test_what_nginx_says_itself_carries_the_headers_of_the_app():
    lines = header_lines()
    for name, value in security_headers().items():
        assert f'add_header {name} "{value}" always;' in lines
    assert "'unsafe-eval'" not in lines


def test_a_name_stands_for_all_its_replicas_and_an_unknown_one_for_none(monkeypatch: pytest.MonkeyPatch):
    def look_up(host: str, port: int, *_rest: object) -> list[tuple]:
        if host != "replica":
            raise proxy.socket.gaierror(host)
        return [(2, 1, 6, "", (f"172.18.0.{number}", port)) for number in (4, 3, 4)]

    monkeypatch.setattr(proxy.socket, "getaddrinfo", look_up)
    assert proxy.resolve(["replica:8501", "gone:8501"]) == ["172.18.0.3:8501", "172.18.0.4:8501"]


def test_replicas_take_the_next_free_ports_and_a_taken_port_is_said():
    with http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler) as taken:
        port = taken.server_port
        assert port not in choose_ports(find_free_port(), 3).replica_ports
        with pytest.raises(proxy.ProxyRefused, match=str(port)):
            choose_ports(port, 3)


def test_a_machine_without_nginx_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
):
    monkeypatch.setattr(proxy.shutil, "which", lambda *_arguments, **_more: None)
    assert replicas.main(["--replicas", "1", "--port", str(find_free_port())]) == 1
    assert "sudo apt-get install nginx-light" in capsys.readouterr().out


class Played(http.server.BaseHTTPRequestHandler):
    """A replica that says its name; it waits on /slow, drains where it is told to, and hides what a proxy must not pass on."""

    def do_GET(self) -> None:
        server: PlayedServer = self.server  # type: ignore[assignment]
        server.asked.append(self.path)
        server.told.append({name.lower(): value for name, value in self.headers.items()})
        if self.path.startswith("/slow"):
            server.is_free.wait(20)
        body = b"stopping" if server.is_draining else server.name.encode() + b" " * 1500
        self.send_response(503 if server.is_draining else 200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Frame-Options", "DENY")
        if self.path.startswith("/values/"):
            self.send_header("Cache-Control", "public, max-age=31536000, immutable")
        self.end_headers()
        self.wfile.write(body)

    do_HEAD = do_GET

    def log_message(self, *_arguments: object) -> None:
        return


class PlayedServer(http.server.ThreadingHTTPServer):
    def __init__(self, name: str) -> None:
        super().__init__(("127.0.0.1", 0), Played)
        self.told: list[dict[str, str]] = []
        self.name, self.asked, self.is_draining, self.is_free = name, [], False, threading.Event()


class Scene:
    """nginx and two played replicas, each of which takes two connections of readers."""

    def __init__(self, place: Path) -> None:
        self.replicas = [PlayedServer(name) for name in ("a", "b")]
        self.port = find_free_port()
        self.site = place / "site"
        self.plan = plan(
            place,
            listen=f"127.0.0.1:{self.port}",
            replicas=[f"127.0.0.1:{one.server_port}" for one in self.replicas],
            most=2,
        )
        configuration = write_configuration(self.plan)
        check_configuration(configuration)
        self.nginx = Child("nginx", nginx_command(configuration), log=place / "nginx.log")
        for one in self.replicas:
            threading.Thread(target=one.serve_forever, daemon=True).start()
        self.nginx.start()

    def reader(self, source: str = "127.0.0.1") -> Reader:
        return Reader(f"http://127.0.0.1:{self.port}", source)

    def show_site(self) -> None:
        for name, text in (("index", "nhà"), ("xep-hang", "hạng"), ("tinh/38", "Thanh Hóa"), ("en/index", "home")):
            file = self.site / "current" / f"{name}.html"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        (self.site / "current" / "assets").mkdir()
        (self.site / "current" / "assets" / "site.0123456789ab.css").write_text("p{}")

    def close(self) -> None:
        self.nginx.stop(proxy.signal.SIGTERM, 5)
        for one in self.replicas:
            one.is_free.set()
            one.shutdown()
            one.server_close()


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path)
    try:
        ends = time.monotonic() + 10
        while time.monotonic() < ends:
            with contextlib.suppress(OSError):
                scene.reader().get("/healthz")
                break
            time.sleep(0.05)
        yield scene
    finally:
        scene.close()


@pytest.mark.fault
def test_a_reader_stays_with_one_replica_and_a_stopping_one_hands_its_readers_on(scene: Scene):
    readers = [scene.reader() for _ in range(24)]
    homes = [reader.get("/")[2][:1] for reader in readers]
    assert set(homes) == {b"a", b"b"}
    for reader, home in zip(readers, homes, strict=True):
        assert len(reader.place) == 32
        assert {reader.get(path)[2][:1] for path in ("/ranking", "/profile?unit=38")} == {home}
    status, headers, _ = readers[0].get("/")
    assert status == 200 and "set-cookie" not in headers
    scene.replicas[0].is_draining = True
    for reader in readers:
        status, _, body = reader.get("/")
        assert (status, body[:1]) == (200, b"b")
    scene.replicas[0].is_draining = False
    time.sleep(6)  # passed over for five seconds
    assert [reader.get("/")[2][:1] for reader in readers] == homes


@pytest.mark.fault
def test_a_replica_is_told_the_host_that_was_asked_and_not_who_asks(scene: Scene):
    reader = scene.reader("127.0.0.4")
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket"}
    paths = ("/", "/profile?unit=38", "/static/js/a.js", "/app/static/outlines/a.gz", "/values/a", "/_stcore/health",
             "/take/home/units.csv", "/embed/home/map", "/_stcore/stream")  # fmt: skip
    for path in paths:
        more = upgrade if path.endswith("stream") else {}
        reader.get(path, headers={"Host": "bhyt.example.vn:8443", "X-Forwarded-For": "10.1.2.3", **more})
        told = next(one.told[-1] for one in scene.replicas if one.asked and one.asked[-1] == path)
        assert told["host"] == "bhyt.example.vn:8443", path
        assert "127.0.0.4" not in str(told) and "10.1.2.3" not in str(told), path
        assert ("upgrade" in told) == path.endswith("stream"), path


@pytest.mark.fault
def test_what_is_not_for_the_outside_is_not_there(scene: Scene):
    words, stranger = Words("vi"), scene.reader("127.0.0.2")
    for path in (
        "/_stcore/metrics", "/_stcore/agent/interact", "/_stcore/agent/mcp", "/_stcore/upload_file/a/b",
        "/_stcore/script-health-check", "/readyz", "/_stcore//metrics", "/_stcore/x/../metrics", "/%5Fstcore/metrics",
        "/_baophu/busy.html", "/tinh/../../conf/headers.conf", "/files/..%2f..%2fconf/headers.conf", 
        "/assets/../../state/access.log",
    ):  # fmt: skip
        status, headers, body = stranger.get(path)
        if status == 200:
            assert body.startswith((b"a", b"b")) and "metrics" not in path, path  # an address of the app's
            continue
        assert status in (400, 404), path
        if status == 404:
            assert words.say("server.not_found_title") in body.decode() and headers["x-frame-options"] == "DENY"
    asked = [path for one in scene.replicas for path in one.asked]
    assert not [path for path in asked if "metrics" in path or "agent" in path or "readyz" in path]
    assert scene.reader().get("/readyz")[0] == 200  # this machine may ask
    assert stranger.get("/healthz")[2] == b"ok\n"
    for method in ("POST", "PUT", "DELETE", "TRACE"):
        assert stranger.get("/", method=method)[0] == 405


@pytest.mark.fault
def test_when_all_are_full_or_gone_the_static_edition_is_given_and_else_a_plain_page(scene: Scene):
    kept = scene.reader().get("/values/0123456789abcdef.bin.gz")
    assert kept[0] == 200
    slow = [threading.Thread(target=scene.reader().get, args=(f"/slow/{number}",)) for number in range(8)]
    for thread in slow:
        thread.start()
    ends = time.monotonic() + 5
    while sum(len(one.asked) for one in scene.replicas) < 5 and time.monotonic() < ends:
        time.sleep(0.05)
    status, headers, body = scene.reader().get("/?unit=38")
    assert status == 503 and headers["retry-after"] == "5" and headers["cache-control"] == "no-store"
    assert Words("vi").say("server.busy_title") in body.decode()
    assert headers["content-security-policy"] == security_headers()["Content-Security-Policy"]
    scene.show_site()
    for path, found in (
        ("/", "nhà"), ("/trends?unit=38", "nhà"), ("/ranking?unit=38", "hạng"), ("/ranking?lang=vi", "hạng"),
        ("/profile?unit=01", "nhà"), ("/?unit=../38", "nhà"), ("/method", "nhà"),
    ):  # fmt: skip
        status, headers, body = scene.reader().get(path)
        assert (status, body.decode(), headers["cache-control"]) == (200, found, "no-store"), path
        assert headers["content-type"] == "text/html; charset=utf-8" and headers["x-frame-options"] == "DENY"
    for path, found in (
        ("/profile?unit=38", "/tinh/38.html"), ("/?unit=38&period=2020-12", "/tinh/38.html"), ("/?lang=en", "/en/index.html"),
        ("/trends?unit=38&lang=en", "/en/index.html"),
    ):  # fmt: skip
        status, headers, _ = scene.reader().get(path)
        assert (status, headers["location"], headers["cache-control"]) == (302, found, "no-store"), path
    status, headers, body = scene.reader().get("/tinh/38.html")
    assert (status, body.decode(), headers["content-type"]) == (200, "Thanh Hóa", "text/html; charset=utf-8")
    assert scene.reader().get("/tinh/99.html")[0] == 404
    status, headers, _ = scene.reader().get("/assets/site.0123456789ab.css")
    assert status == 200 and "immutable" in headers["cache-control"] and "x-frame-options" in headers
    assert scene.reader().get("/values/fedcba9876543210.bin.gz")[0] == 200  # files come also when pages are full
    for one in scene.replicas:
        one.is_free.set()
    for thread in slow:
        thread.join(20)
    assert scene.reader().get("/")[0] == 200
    for one in scene.replicas:
        one.shutdown()
        one.server_close()
    assert scene.reader().get("/")[2].decode() == "nhà"
    assert scene.reader().get("/values/0123456789abcdef.bin.gz")[2] == kept[2]  # kept, and given out without a replica


@pytest.mark.fault
def test_a_flood_from_one_address_is_told_to_wait_and_this_machine_is_not_counted(scene: Scene):
    stranger, here = scene.reader("127.0.0.2"), scene.reader()
    assert {here.get("/take/home/none.csv")[0] for _ in range(40)} == {200}
    answers = [stranger.get("/take/home/none.csv") for _ in range(40)]
    refused = [answer for answer in answers if answer[0] == 429]
    assert answers[0][0] == 200 and 10 <= len(refused) < 40
    assert Words("vi").say("server.crowded") in refused[0][2].decode()


@pytest.mark.fault
def test_pages_are_small_on_the_wire_headers_are_not_doubled_and_the_log_knows_nobody(scene: Scene):
    reader = scene.reader("127.0.0.3")
    for accepted in ("gzip", "gzip, deflate, br"):
        _, headers, body = reader.get("/ranking?unit=38&q=ten", headers={"Accept-Encoding": accepted})
        has_brotli = "br" in accepted and (proxy.MODULES / proxy.BROTLI).is_file()
        assert headers["content-encoding"] == ("br" if has_brotli else "gzip") and len(body) < 200
        assert headers["x-frame-options"] == "DENY" and "nginx/" not in headers.get("server", "")
    time.sleep(0.2)
    log = (scene.plan.state / "access.log").read_text("utf-8")
    assert '"path":"/ranking"' in log and '"replica":"127.0.0.1:' in log
    assert "127.0.0.3" not in log and "unit=38" not in log and reader.place not in log
