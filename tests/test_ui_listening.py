"""The internal edition is open to its own machine only; the real process says so and ends."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from source_nginx import find_free_port

from data.settings import PROJECT_ROOT, Settings
from ui import listening
from ui.listening import is_this_machine

pytestmark = pytest.mark.pages


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("127.0.0.1", True), ("127.0.0.9", True), ("::1", True), ("localhost", True),
        ("0.0.0.0", False), ("::", False), ("10.0.0.5", False), ("", False), (None, False), ("bhxh.local", False),
    ],
)  # fmt: skip
def test_which_addresses_are_this_machine(address: str | None, expected: bool):
    assert is_this_machine(address) is expected


def test_the_internal_edition_ends_before_it_listens_to_other_machines(tmp_path: Path):
    port = find_free_port()
    command = [sys.executable, "-m", "streamlit", "run", "asgi.py", "--server.port", str(port)]
    done = subprocess.run(
        [*command, "--server.address", "0.0.0.0"],
        cwd=PROJECT_ROOT,
        env=os.environ | {"BAOPHU_VAR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode != 0 and "127.0.0.1" in done.stderr and "Traceback" not in done.stderr
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_a_sign_in_opens_the_door_and_its_want_shuts_it_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(listening.st, "get_option", lambda name: "0.0.0.0")
    monkeypatch.setattr(listening, "get_settings", lambda: Settings(tmp_path))
    monkeypatch.setattr(listening.reader, "is_set_up", lambda: False)
    assert listening.is_open_door()
    monkeypatch.setattr(listening.reader, "is_set_up", lambda: True)
    assert not listening.is_open_door()
    monkeypatch.setattr(listening.reader, "find_faults", lambda: ["missing:client_id"])
    with pytest.raises(SystemExit):
        listening.refuse_open_door()  # half a sign-in is none
