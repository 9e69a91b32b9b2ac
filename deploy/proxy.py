"""The configuration of nginx before the replicas: written from templates, tested before it is used.

`python -m deploy.proxy --into FOLDER --listen 80 --replica 127.0.0.1:8601 --replica 127.0.0.1:8602` writes it (for the nginx of
the machine, which includes `FOLDER/baophu.conf`); with `--serve` it also runs an nginx of its own and keeps up with the
addresses of the replicas, as in a container.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from data.atomic import write_atomically
from data.settings import PROJECT_ROOT, get_settings
from deploy.children import Child, say, stop_on_signals

TEMPLATES = Path(__file__).parent / "nginx"
MODULES = Path("/usr/lib/nginx/modules")
BROTLI = "ngx_http_brotli_filter_module.so"
PASSED_OVER_SECONDS = 5  # nginx asks no replica so soon after it failed, ready or not
PASSED_OVER = f"max_fails=1 fail_timeout={PASSED_OVER_SECONDS}s"
LOOK_SECONDS = 5.0
_WORD = re.compile(r"@([A-Z_]+)@")


class ProxyRefused(Exception):
    """nginx is missing, or refuses its configuration; the message says which, and what to do."""


@dataclass(frozen=True)
class Proxy:
    """What the templates need. `into` is where the configuration is written, `state` where nginx writes (its cache, its pid).

    `most` connections go to one replica at a time; `sockets` may come from one address.
    """

    into: Path
    state: Path
    listen: str
    replicas: Sequence[str]
    site: Path
    names: str = "_"
    most: int = 300
    sockets: int = 300
    pages_a_second: int = 30
    documents_a_second: int = 2
    access_log: str = ""
    error_log: str = "stderr"
    local: dict[str, str] = field(default_factory=dict)


def find_nginx() -> str:
    """The program, also where a user's path does not lead to it."""
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if found is None:
        raise ProxyRefused("nginx is missing. Please install it, then start again:  sudo apt-get install nginx-light")
    return found


def fill(template: str, values: dict[str, str]) -> str:
    """A template with its words replaced. Raises KeyError for a word without a value."""
    text = (TEMPLATES / template).read_text("utf-8")
    return _WORD.sub(lambda word: values[word[1]], text)


def server_lines(replicas: Sequence[str], options: str) -> str:
    return "\n".join(f"    server {address} {options};" for address in replicas)


def template_values(proxy: Proxy) -> dict[str, str]:
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    files = 65_536 if most == resource.RLIM_INFINITY else min(most, 65_536)
    return {
        "INTO": str(proxy.into),
        "STATE": str(proxy.state),
        "SITE": str(proxy.site),
        "LISTEN": proxy.listen,
        "NAMES": proxy.names,
        "MOST": str(proxy.most),
        "SOCKETS": str(proxy.sockets),
        "PAGES_A_SECOND": str(proxy.pages_a_second),
        "PAGES_AT_ONCE": str(proxy.pages_a_second * 10),
        "DOCUMENTS_A_SECOND": str(proxy.documents_a_second),
        "READERS": server_lines(proxy.replicas, f"{PASSED_OVER} max_conns={proxy.most}"),
        "FILES": server_lines(proxy.replicas, PASSED_OVER),
        "ACCESS_LOG": proxy.access_log or str(proxy.state / "access.log"),
        "ERROR_LOG": proxy.error_log,
        "FILES_OPEN": str(files),
        "CONNECTIONS": str(min(files // 2, 16_384)),
        # As root, nginx would read with another user's rights what only root may read here.
        "USER": "user root;" if os.geteuid() == 0 else "",
    }


def write_configuration(proxy: Proxy) -> Path:
    """Write all of it; the whole configuration for an nginx of our own is what is returned."""
    for folder in (proxy.into, proxy.into / "local", proxy.state):
        folder.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-m", "deploy.answers", str(proxy.into)], cwd=PROJECT_ROOT, check=True)
    values = template_values(proxy)
    has_brotli = (MODULES / BROTLI).is_file()
    for name, text in (
        ("brotli.conf", fill("brotli.conf", values) if has_brotli else None),
        ("modules.conf", f"load_module {MODULES / BROTLI};\n" if has_brotli else None),
        ("to_replica.conf", fill("to_replica.conf", values)),
        ("baophu.conf", fill("baophu.conf", values)),
        ("nginx.conf", fill("nginx.conf", values)),
        *((f"local/{name}", text) for name, text in proxy.local.items()),
    ):
        if text is None:
            (proxy.into / name).unlink(missing_ok=True)
        else:
            write_atomically(proxy.into / name, text)
    return proxy.into / "nginx.conf"


def nginx_command(configuration: Path) -> list[str]:
    return [find_nginx(), "-p", str(configuration.parent), "-e", "stderr", "-c", str(configuration)]


def check_configuration(configuration: Path) -> None:
    """Ask nginx whether it would take it. Raises ProxyRefused with what it says."""
    asked = subprocess.run([*nginx_command(configuration), "-q", "-t"], capture_output=True, text=True, check=False)
    if asked.returncode != 0:
        raise ProxyRefused(f"nginx refuses its configuration {configuration}:\n{asked.stderr.strip()}")


def resolve(addresses: Sequence[str]) -> list[str]:
    """host:port, each host by its numbers: a name may stand for several replicas, and for others tomorrow. A name that is not
    known now has none."""
    found: set[str] = set()
    for address in addresses:
        host, _, port = address.rpartition(":")
        try:
            answers = socket.getaddrinfo(host, int(port), socket.AF_INET, socket.SOCK_STREAM)
        except socket.gaierror:
            continue
        found |= {f"{answer[4][0]}:{port}" for answer in answers}
    return sorted(found)


def serve(proxy: Proxy) -> int:
    """Run nginx until told to stop, with the replicas that the names stand for at the time."""
    stop = stop_on_signals()
    known: list[str] = []
    child: Child | None = None
    looked = 0.0
    while not stop.is_set():
        if time.monotonic() - looked >= LOOK_SECONDS or child is None:
            looked = time.monotonic()
            found = resolve(proxy.replicas)
            if found != known and found:
                known = found
                configuration = write_configuration(replace(proxy, replicas=found))
                check_configuration(configuration)
                say(f"replicas: {', '.join(found)}")
                if child is None:
                    child = Child("nginx", nginx_command(configuration))
                    child.start()
                else:
                    child.send(signal.SIGHUP)
            elif not known:
                say(f"no replica is known yet: {', '.join(proxy.replicas)}")
        if child is not None:
            child.keep_alive()
        stop.wait(0.5)
    if child is not None:
        child.stop(signal.SIGQUIT, 5)
    return 0


def read_command(arguments: Sequence[str] | None) -> tuple[Proxy, bool]:
    parser = argparse.ArgumentParser(prog="python -m deploy.proxy", description=__doc__)
    parser.add_argument("--into", type=Path, required=True, help="where the configuration is written")
    parser.add_argument("--state", type=Path, help="where nginx writes its cache and its pid (into/state)")
    parser.add_argument("--listen", default="127.0.0.1:8500", help="address and port, or a port (127.0.0.1:8500)")
    parser.add_argument("--replica", action="append", required=True, metavar="HOST:PORT", help="once for each")
    parser.add_argument("--names", default="_", help="the names of the site, separated by blanks (any)")
    parser.add_argument("--site", type=Path, help="where the static edition lies (site/ of the data directory)")
    parser.add_argument("--most", type=int, default=Proxy.most, help="connections of readers per replica")
    parser.add_argument("--sockets", type=int, default=Proxy.sockets, help="open pages per address of a reader")
    parser.add_argument("--access-log", default="", help="a file, or /dev/stdout (state/access.log)")
    parser.add_argument("--error-log", default=Proxy.error_log, help="a file (standard error)")
    parser.add_argument("--serve", action="store_true", help="run nginx too, and follow the names of the replicas")
    chosen = parser.parse_args(arguments)
    into = chosen.into.resolve()
    proxy = Proxy(
        into=into,
        state=(chosen.state or into / "state").resolve(),
        listen=chosen.listen,
        replicas=chosen.replica,
        site=(chosen.site or get_settings().site_directory).resolve(),
        names=chosen.names,
        most=chosen.most,
        sockets=chosen.sockets,
        access_log=chosen.access_log,
        error_log=chosen.error_log,
    )
    return proxy, chosen.serve


def main(arguments: Sequence[str] | None = None) -> int:
    proxy, is_served = read_command(arguments)
    try:
        if is_served:
            return serve(proxy)
        write_configuration(proxy)
        say(f"written: {proxy.into / 'baophu.conf'} (include it where `http` is, then `nginx -t`)")
    except ProxyRefused as problem:
        say(str(problem))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
