"""What the supervisor of several replicas says of them; small servers stand for Streamlit, as real processes."""

import os
import re
import signal
import sys
import threading
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
