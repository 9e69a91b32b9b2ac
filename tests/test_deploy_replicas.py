"""What the supervisor of several replicas says of them; small servers stand for Streamlit, as real processes."""

import http.client
import os
import re
import signal
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from source_nginx import find_free_port

from data.settings import Settings
from deploy.replicas import Layout, Machine

ANSWERS_READY = """
import http.server, sys
class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"snapshot": "s1"}')
    def log_message(self, *_): pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Ready).serve_forever()
"""


def test_a_replica_that_dies_while_another_is_waited_for_is_said_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    ports = (find_free_port(), find_free_port())
    machine = Machine(Layout(find_free_port(), ports), Settings(var_directory=tmp_path), 10)
    for port, child in machine.replicas.items():
        child.command = [sys.executable, "-c", ANSWERS_READY, str(port)]
    stop = threading.Event()
    try:
        for child in machine.replicas.values():
            child.start()
        assert machine.wait_ready(ports, stop)
        for port in ports:
            child = machine.replicas[port]
            os.kill(child.pid, signal.SIGKILL)
            assert child.process is not None
            child.process.wait(10)
            child.started_at -= 3600  # of one that lived well, so that no pause comes before its next start
            if port == ports[0]:
                assert machine.keep_alive() == [port]
        assert machine.wait_ready([ports[0]], stop)
    finally:
        machine.stop()
    said = {
        int(port): int(pid) for port, pid in re.findall(r"127\.0\.0\.1:(\d+) \(process (\d+)", capsys.readouterr().out)
    }
    assert said == {port: child.pid for port, child in machine.replicas.items()}


def ask(port: int) -> int:
    """The status that a reader without a cookie gets, placed by chance."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as line:
        line.request("GET", "/ranking", headers={"Accept": "text/html", "Host": "127.0.0.1"})
        return line.getresponse().status


@pytest.mark.fault
def test_replicas_that_start_at_once_are_restarted_without_a_moment_in_which_nginx_asks_nobody(tmp_path: Path):
    ports = (find_free_port(), find_free_port())
    machine = Machine(Layout(find_free_port(), ports), Settings(var_directory=tmp_path), 10)
    for port, child in machine.replicas.items():
        child.command = [sys.executable, "-c", ANSWERS_READY, str(port)]
    stop, statuses = threading.Event(), []
    try:
        machine.start()
        assert machine.wait_ready(ports, stop)
        ends = time.monotonic() + 20
        while ask(machine.layout.port) != 200 and time.monotonic() < ends:
            time.sleep(0.1)
        restart = threading.Thread(target=machine.restart_in_turn, args=(stop,))
        restart.start()
        while restart.is_alive():
            statuses.append(ask(machine.layout.port))
            time.sleep(0.02)
    finally:
        machine.stop()
    assert len(statuses) > 50 and set(statuses) == {200}
