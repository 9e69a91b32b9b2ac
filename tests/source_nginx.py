"""A real nginx on 127.0.0.1 that serves a folder, as the source of replicas; for tests."""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
STARTS_WITHIN = 10

CONFIGURATION = """
daemon off;
{user}
worker_processes 1;
error_log stderr;
pid {state}/nginx.pid;
events {{ worker_connections 64; }}
http {{
    access_log {state}/access.log;
    client_body_temp_path {state}/body;
    proxy_temp_path {state}/proxy;
    fastcgi_temp_path {state}/fastcgi;
    uwsgi_temp_path {state}/uwsgi;
    scgi_temp_path {state}/scgi;
    default_type application/octet-stream;
    server {{
        listen 127.0.0.1:{port};
        root {root};
        {extra}
    }}
}}
"""


def find_free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Nginx:
    """Serves `root`; may be stopped and started again on its port."""

    def __init__(self, root: Path, state: Path) -> None:
        assert NGINX, "nginx is missing: it is the source in these tests. Install it: sudo apt-get install nginx-light"
        state.mkdir(parents=True, exist_ok=True)
        self.root, self.state, self.port = root, state, find_free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, extra: str = "") -> None:
        user = "user root;" if os.getuid() == 0 else ""  # else its workers may not read the folder of the test
        text = CONFIGURATION.format(user=user, state=self.state, port=self.port, root=self.root, extra=extra)
        (self.state / "nginx.conf").write_text(text, encoding="utf-8")
        log = (self.state / "error.log").open("ab")
        command = [NGINX, "-p", str(self.state), "-c", str(self.state / "nginx.conf"), "-e", "stderr"]
        self._process = subprocess.Popen(command, stdout=log, stderr=log)
        ends = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < ends:
            assert self._process.poll() is None, (self.state / "error.log").read_text("utf-8")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise AssertionError("nginx does not answer")

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)
            self._process = None

    def asked(self) -> list[str]:
        """The requests that came, as nginx logged them."""
        log = self.state / "access.log"
        return log.read_text("utf-8").splitlines() if log.is_file() else []
