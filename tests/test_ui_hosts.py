"""Under which names a server answers: its rule, and what a foreign name gets."""

import asyncio

import pytest
from starlette.types import Message, Receive, Scope, Send

from data.settings import Settings, read_settings
from ui import hosts
from ui.hosts import ANY, MISDIRECTED, AllowHosts, find_hosts, is_ours


def answer(host: bytes | None, path: str = "/", kind: str = "http", names: tuple[str, ...] = ()) -> list[Message]:
    """What is sent to one question by `host`; "inside" stands for the server behind."""
    sent: list[Message] = []

    async def inside(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "inside"})

    async def receive() -> Message:
        return {"type": "websocket.connect" if kind == "websocket" else "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"accept", b"text/html")] + ([] if host is None else [(b"host", host)])
    scope = {"type": kind, "path": path, "query_string": b"", "headers": headers, "method": "GET"}
    asyncio.run(AllowHosts(inside, names)(scope, receive, send))
    return sent


OWN = ("127.0.0.1:8501", "localhost", "LOCALHOST:8501", "[::1]:8501", "127.0.0.9", "localhost.")
FOREIGN = (
    "evil.example",
    "127.0.0.1.evil.example:8501",
    "localhost.evil.example",
    "10.0.0.5",
    "[::2]:80",
    "",
    "a@localhost",
)


@pytest.mark.parametrize(("host", "is_let_in"), [(name, True) for name in OWN] + [(name, False) for name in FOREIGN])
def test_without_names_only_this_machine_is_answered(host: str, is_let_in: bool):
    page, wire = answer(host.encode()), answer(host.encode(), "/_stcore/stream", "websocket")
    assert (page == [{"type": "inside"}]) is is_let_in
    assert (wire == [{"type": "inside"}]) is is_let_in
    if not is_let_in:
        assert page[0]["status"] == MISDIRECTED and wire == [{"type": "websocket.close", "code": hosts.FOREIGN}]
        assert "Tên máy chủ" in page[1]["body"].decode()


def test_names_of_the_settings_and_whoever_watches():
    names = ("bhyt.example.vn", "*.bhxh.example.vn")
    for host in (b"bhyt.example.vn", b"BHYT.example.vn:443", b"nghean.bhxh.example.vn", b"127.0.0.1:8501"):
        assert answer(host, names=names) == [{"type": "inside"}], host
    for host in (b"bhxh.example.vn", b"xbhyt.example.vn", b"bhyt.example.vn.evil.example", None):
        assert answer(host, names=names)[0].get("status") == MISDIRECTED, host
    for path in ("/healthz", "/readyz"):
        assert answer(b"10.1.2.3", path, names=names) == [{"type": "inside"}]
    two = {"headers": [(b"host", b"bhyt.example.vn"), (b"host", b"evil.example")]}
    assert not is_ours(two, names) and is_ours(two, ANY)


def test_where_the_names_come_from(monkeypatch: pytest.MonkeyPatch, tmp_path):
    monkeypatch.setattr(hosts.reader, "is_set_up", lambda: False)
    assert find_hosts(Settings(tmp_path)) == ()
    assert find_hosts(Settings(tmp_path, edition="public")) == ANY
    assert find_hosts(Settings(tmp_path, edition="public", site_url="https://bhyt.example.vn:8443/site/")) == (
        "bhyt.example.vn",
    )
    monkeypatch.setattr(hosts.reader, "is_set_up", lambda: True)
    monkeypatch.setattr(hosts, "get_origin_from_redirect_uri", lambda: "https://baophu.example.vn")
    assert find_hosts(Settings(tmp_path)) == ("baophu.example.vn",)
    given = read_settings({"BAOPHU_HOSTS": "a.example.vn, *.b.example.vn 10.0.0.5 [fd00::1]"})
    assert find_hosts(given) == given.hosts == ("a.example.vn", "*.b.example.vn", "10.0.0.5", "[fd00::1]")
    for bad in ("https://a.example.vn", "a.example.vn:443", "a.*.vn", "a/b", "-a.vn"):
        with pytest.raises(ValueError, match="BAOPHU_HOSTS"):
            read_settings({"BAOPHU_HOSTS": bad})
