"""Start the servers a run needs, wait until they answer, and end exactly these."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

QUIET_SETTINGS = ("--server.headless=true", "--server.fileWatcherType=none", "--browser.gatherUsageStats=false")


@dataclass
class Servers:
    """Child processes of one run; leaving the `with` block ends them by their process group."""

    log_directory: Path
    children: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __enter__(self) -> Servers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for child in self.children:
            end_process(child)

    def start(
        self, command: Sequence[str], cwd: Path, extra_environment: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        log = (self.log_directory / f"server_{len(self.children)}.log").open("wb")
        child = subprocess.Popen(
            command,
            cwd=cwd,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(extra_environment or {})},
            start_new_session=True,
        )
        self.children.append(child)
        return child

    def start_streamlit(
        self, script: Path, port: int, cwd: Path, extra_environment: Mapping[str, str] | None = None
    ) -> str:
        """Serve a Streamlit script; its address, once it answers."""
        options = ["--server.address=127.0.0.1", f"--server.port={port}", "--server.enableStaticServing=true"]
        command = [sys.executable, "-m", "streamlit", "run", str(script), *options, *QUIET_SETTINGS]
        child = self.start(command, cwd, extra_environment)
        wait_for(f"http://127.0.0.1:{port}/_stcore/health", child)
        return f"http://127.0.0.1:{port}"

    def start_files(self, folder: Path, port: int) -> str:
        """Serve a folder as plain files."""
        child = self.start(
            [
                sys.executable,
                "-m",
                "http.server",
                str(port),
                "--bind=127.0.0.1",
                "--protocol=HTTP/1.1",
                f"--directory={folder}",
            ],
            folder,
        )
        wait_for(f"http://127.0.0.1:{port}/", child)
        return f"http://127.0.0.1:{port}"

    def start_slow_line(self, target: int, port: int) -> str:
        """A 4 Mbit/s, 60 ms line to a server that runs already."""
        child = self.start([sys.executable, "-m", "bench.proxy", str(port), str(target)], Path(__file__).parents[1])
        deadline = time.monotonic() + 10
        while child.poll() is None and time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return f"http://127.0.0.1:{port}"
            time.sleep(0.05)
        raise RuntimeError(f"the slow line on port {port} did not start")


def wait_for(address: str, child: subprocess.Popen[bytes], seconds: float = 60) -> None:
    """Wait until an address answers 200.

    Raises:
        RuntimeError: the process ended, or nothing answered in time.
    """
    deadline = time.monotonic() + seconds
    while child.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.02)
    raise RuntimeError(f"{address} did not answer (exit code {child.poll()})")


def end_process(child: subprocess.Popen[bytes]) -> None:
    """End one process and what it started."""
    if child.poll() is not None:
        return
    os.killpg(child.pid, signal.SIGTERM)
    try:
        child.wait(5)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
