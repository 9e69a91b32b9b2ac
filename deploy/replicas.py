"""`./run --edition public --replicas 3`: replicas on this machine behind an nginx, each kept alive.

Ctrl+C or SIGTERM: the replicas finish the runs under way, then everything ends. SIGHUP: the replicas are restarted one
after the other (an upgrade), each once the one before it is ready.
"""

from __future__ import annotations

import argparse
import http.client
import json
import signal
import socket
import sys
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from data.settings import Settings, get_settings
from deploy.children import Child, say, stop_on_signals
from deploy.proxy import (
    PASSED_OVER_SECONDS,
    Proxy,
    ProxyRefused,
    check_configuration,
    find_nginx,
    nginx_command,
    write_configuration,
)

HOST = "127.0.0.1"
READY_WITHIN = 120  # seconds
TICK = 0.2


@dataclass(frozen=True)
class Layout:
    """The ports of one machine: nginx, then the replicas."""

    port: int
    replica_ports: Sequence[int]


def is_free(port: int) -> bool:
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def choose_ports(port: int, replicas: int) -> Layout:
    """nginx where it was asked for, the replicas on the next free ports. Raises ProxyRefused where the first is taken."""
    if not is_free(port):
        raise ProxyRefused(f"port {port} is taken on {HOST}. Choose another with --port")
    found = (number for number in range(port + 1, 65_536) if is_free(number))
    return Layout(port, [next(found) for _ in range(replicas)])


def replica_command(port: int) -> list[str]:
    options = ["--server.address", HOST, "--server.port", str(port)]
    return [sys.executable, "-m", "ui.serve", *options]


def ask_ready(port: int) -> tuple[int, dict[str, object]]:
    """What a replica says of itself: (status, fields); (0, {}) while it does not answer."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    with suppress(OSError, ValueError, http.client.HTTPException), closing(connection):
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    return 0, {}


class Machine:
    """nginx and its replicas, as processes of this one."""

    def __init__(self, layout: Layout, settings: Settings, most: int) -> None:
        self.layout, self.settings = layout, settings
        self.logs = settings.cache_directory / "logs"
        self.logs.mkdir(parents=True, exist_ok=True)
        environment = {"BAOPHU_EDITION": "public", "MPLCONFIGDIR": str(settings.cache_directory / "matplotlib")}
        self.replicas = {
            port: Child(f"replica {number}", replica_command(port), environment, self.new_log(f"replica-{number}"))
            for number, port in enumerate(layout.replica_ports, 1)
        }
        into = settings.cache_directory / "nginx"
        self.proxy = Proxy(
            into=into,
            state=into / "state",
            listen=f"{HOST}:{layout.port}",
            replicas=[f"{HOST}:{port}" for port in layout.replica_ports],
            site=settings.site_directory,
            most=most,
            access_log=str(self.new_log("access")),
        )
        self.nginx: Child | None = None

    def new_log(self, name: str) -> Path:
        """Where a process writes; what was there of the start before is kept once."""
        path = self.logs / f"{name}.log"
        if path.exists():
            path.replace(path.with_suffix(".log.1"))
        return path

    def start(self) -> None:
        """Everything at once: until a replica is ready nginx says so, or gives the static edition."""
        configuration = write_configuration(self.proxy)
        check_configuration(configuration)
        self.nginx = Child("nginx", nginx_command(configuration), log=self.new_log("nginx"))
        for child in self.replicas.values():
            child.start()
        self.nginx.start()

    def keep_alive(self) -> list[int]:
        """Start anew what died; the ports of replicas that were."""
        if self.nginx is not None:
            self.nginx.keep_alive()
        return [port for port, child in self.replicas.items() if child.keep_alive()]

    def restart_in_turn(self, stop: Event) -> None:
        """One replica after the other, so that the others serve meanwhile: the next one only when nginx asks the last one again,
        else there is a moment in which it asks nobody."""
        for place, (port, child) in enumerate(self.replicas.items()):
            if stop.is_set() or (place and stop.wait(PASSED_OVER_SECONDS + 1)):
                return
            say(f"{child.name} is restarted")
            child.stop(signal.SIGTERM, self.settings.drain_seconds + 5)
            child.start()
            if not self.wait_ready([port], stop):
                say(f"{child.name} is not ready; the others are left as they are (see {child.log})")
                return

    def wait_ready(self, ports: Sequence[int], stop: Event) -> bool:
        """Say of each replica when it is ready, and with what; whether all were in time.

        One that dies meanwhile is started anew and waited for as well: who reads what is said (an operator, a
        script that ends a process by its number) is never left with the number of a process that is gone.
        """
        waiting, ends = list(ports), time.monotonic() + READY_WITHIN
        while waiting and not stop.is_set() and time.monotonic() < ends:
            waiting += [port for port in self.keep_alive() if port not in waiting]
            for port in list(waiting):
                status, said = ask_ready(port)
                if status == 200 or said.get("status") == "no store":
                    child = self.replicas[port]
                    what = f"snapshot {said['snapshot']}" if status == 200 else "no store that it can read"
                    say(f"{child.name} is ready on {HOST}:{port} (process {child.pid}, {what})")
                    waiting.remove(port)
            stop.wait(TICK)
        return not waiting

    def stop(self) -> None:
        """Let the runs under way end, then everything."""
        say("stopping: the runs under way are answered first")
        for child in self.replicas.values():
            child.send(signal.SIGTERM)
        ends = time.monotonic() + self.settings.drain_seconds + 5
        for child in self.replicas.values():
            if child.is_alive and child.process is not None:
                with suppress(Exception):
                    child.process.wait(max(0.1, ends - time.monotonic()))
        for child in self.replicas.values():
            child.stop(signal.SIGKILL, 5)
        if self.nginx is not None:
            self.nginx.stop(signal.SIGTERM, 5)
        say("stopped")


def run(layout: Layout, settings: Settings, most: int) -> int:
    stop, again = stop_on_signals(), Event()
    signal.signal(signal.SIGHUP, lambda _number, _frame: again.set())
    machine = Machine(layout, settings, most)
    began = time.monotonic()
    try:
        machine.start()
        if machine.wait_ready(layout.replica_ports, stop):
            seconds = round(time.monotonic() - began)
            say(f"serving on http://{HOST}:{layout.port} after {seconds} s (logs in {machine.logs}; Ctrl+C stops it)")
        elif not stop.is_set():
            say(f"not every replica is ready after {READY_WITHIN} s; see {machine.logs}")
        if not (settings.site_directory / "current" / "index.html").is_file():
            say("no static edition for surges yet (.venv/bin/python -m reports site)")
        while not stop.is_set():
            if anew := machine.keep_alive():
                machine.wait_ready(anew, stop)
            if again.is_set():
                again.clear()
                machine.restart_in_turn(stop)
            stop.wait(TICK)
    finally:
        machine.stop()
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m deploy.replicas", description=__doc__)
    parser.add_argument("--port", type=int, default=8501, help="where nginx listens (8501)")
    parser.add_argument("--replicas", type=int, default=3, help="how many processes (3)")
    parser.add_argument("--most", type=int, default=Proxy.most, help="connections of readers per replica")
    chosen = parser.parse_args(arguments)
    if chosen.replicas < 1:
        parser.error("--replicas needs a number above 0")
    try:
        find_nginx()
        return run(choose_ports(chosen.port, chosen.replicas), get_settings(), chosen.most)
    except ProxyRefused as problem:
        say(str(problem))
        return 1


if __name__ == "__main__":
    sys.exit(main())
