"""A server that may read its store and nothing more shows every page, and leaves the store as it was."""

import contextlib
import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from reader_session import Reader

from data.settings import PROJECT_ROOT, Settings
from text.words import Words
from ui.page_list import INTERNAL_PAGES, PAGES

pytestmark = pytest.mark.fault
READY_WITHIN = 90
# Mode bits bind root too, once it has given up the right to pass over them.
UNDER_THE_BITS = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
DOCUMENTS = (
    "home/units.csv",
    "home/map.png",
    "profile/brief.pdf",
    "meeting/slides.pptx",
    "ranking/league.xlsx",
    "map/map.svg",
)


def list_files(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file and folder with its size and time."""
    found = {}
    for path in [folder, *folder.rglob("*")]:
        seen = path.stat()
        found[str(path.relative_to(folder))] = (seen.st_size, seen.st_mtime_ns)
    return found


def take_write_bits(folder: Path) -> None:
    """Of everything in a folder; where a link leads is none of ours."""
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & 0o7555)


def give_write_bits(folder: Path) -> None:
    """So that pytest may remove what it made."""
    for path in [folder, *folder.rglob("*")]:
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)


@pytest.fixture(scope="module")
def read_only(public_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str, Path]]:
    """(the data directory, the server's address, its home); nothing of the first two folders may be written."""
    place = tmp_path_factory.mktemp("read_only")
    var, home = place / "var", place / "home"
    shutil.copytree(public_settings.var_directory / "public", var / "public")
    home.mkdir()
    for folder in (var, home):
        take_write_bits(folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = place / "server.log"
    command = [*UNDER_THE_BITS, sys.executable, "-m", "streamlit", "run", "asgi.py", "--server.port", str(port)]
    environment = {"BAOPHU_VAR": str(var), "BAOPHU_EDITION": "public", "HOME": str(home), "XDG_CACHE_HOME": str(home)}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "--server.address", "127.0.0.1"],
            cwd=PROJECT_ROOT,
            env=os.environ | environment,
            stdout=output,
            stderr=output,
        )
    try:
        wait_ready(process, port, log)
        yield var, f"http://127.0.0.1:{port}", log
    finally:
        process.terminate()
        process.wait(30)
        give_write_bits(place)


def wait_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    ends = time.monotonic() + READY_WITHIN
    while time.monotonic() < ends:
        assert process.poll() is None, log.read_text("utf-8")[-2000:]
        with contextlib.suppress(OSError):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            with contextlib.closing(connection):
                connection.request("GET", "/readyz")
                if connection.getresponse().status == 200:
                    return
        time.sleep(0.2)
    raise AssertionError(log.read_text("utf-8")[-2000:])


def test_the_bits_bind_the_server_of_this_test(read_only: tuple[Path, str, Path]):
    var, _, _ = read_only
    tried = subprocess.run([*UNDER_THE_BITS, "touch", str(var / "public" / "x")], capture_output=True, check=False)
    assert tried.returncode != 0


def test_every_page_script_and_document_comes_from_a_store_that_is_read_only(read_only: tuple[Path, str, Path]):
    var, url, log = read_only
    before = list_files(var.parent / "var") | list_files(var.parent / "home")
    reader = Reader(url)
    for lang in ("vi", "en"):
        title = Words(lang)
        for page in PAGES:
            if page in INTERNAL_PAGES:
                continue
            name = "" if page == "home" else page
            drawn = reader.open(name, f"lang={lang}").decode("utf-8", "replace")
            assert title.say(f"frame.page_{page}") in drawn, page
    reader.close()
    _, _, html = reader.get("/", headers={"Accept": "text/html"})
    script = re.search(r'(?:src|data-host)="\./(static/js/[^"]+)"', html.decode())  # with a first look or without
    assert script is not None
    for _ in range(2):  # compressed for the first, held for the second
        status, headers, _ = reader.get(f"/{script[1]}", headers={"Accept-Encoding": "br"})
        assert (status, headers.get("content-encoding")) == (200, "br")
    for document in DOCUMENTS:
        status, _, body = reader.get(f"/take/{document}")
        assert status == 200 and len(body) > 100, (document, status, body[:300])
    assert list_files(var.parent / "var") | list_files(var.parent / "home") == before
    assert '"level": "error"' not in log.read_text("utf-8")
