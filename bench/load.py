"""What one server holds: readers at once, sessions in a row, publishing under load, replicas, and the weight of a first visit.

Readers are processes of their own (`bench.crowd`); the server is the one of the public edition, as it is deployed. Processor
time and memory are read from /proc for exactly the processes started here.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from bench.browser import VIEWPORT, open_browser
from bench.progress import say
from bench.servers import Servers, wait_for
from bench.throttle import held_back
from data.ingest.publish import write_atomically
from data.settings import Settings, get_settings
from data.store import Pointer, hash_file, parse_pointer

ROOT = Path(__file__).resolve().parents[1]
TICKS = os.sysconf("SC_CLK_TCK")
GONE_AFTER = (
    4  # seconds after which the server forgets a reader who left (60 as deployed): memory is asked for after that
)
SCREENS_WITHIN = 400  # seconds
PUBLISHES = 10
SHARE = 0.3  # of a core for each server, where one is compared with three
REPLICAS = 3


@dataclass(frozen=True)
class Sizes:
    """How long and how much; `short` is for trying the bench out."""

    seconds: float = 36
    ramp: float = 12
    publish_seconds: float = 40
    sessions_before: int = 100
    sessions: int = 600
    replica_seconds: float = 20
    checked: int = 20


SHORT = Sizes(seconds=8, ramp=4, publish_seconds=20, sessions_before=10, sessions=20, replica_seconds=8, checked=5)


def measure_load(folder: Path, first_port: int, short: bool = False) -> dict[str, Any]:
    """Every measure by name; `folder` is a directory that may be written to."""
    sizes = SHORT if short else Sizes()
    settings = prepare_public(folder)
    environment = {"BAOPHU_VAR": str(settings.var_directory), "BAOPHU_EDITION": "public", "MALLOC_ARENA_MAX": "2"}
    result: dict[str, Any] = {"book": draw_book(settings, environment)}
    with Servers(folder) as servers:
        address, pid = start_app(servers, first_port, environment)
        wait_for_screens(folder)
        say("first visit")
        result["first_visit"] = asyncio.run(weigh_visit(address + "/"))
        for readers in (100, 200):
            say(f"{readers} readers")
            result[f"readers_{readers}"] = watch_crowd(
                pid, address, environment, readers=readers, seconds=sizes.seconds, ramp=sizes.ramp, seed=readers,
                check=sizes.checked,
            )  # fmt: skip
        say("ten publishes")
        result["publishes"] = publish_under_load(pid, address, settings, environment, sizes)
        say(f"{sizes.sessions} sessions in a row")
        result["sessions"] = count_growth(pid, address, environment, sizes)
    with Servers(folder) as servers:
        say("one server and three")
        result["replicas"] = compare_replicas(servers, folder, first_port + 1, environment, sizes)
    return result


def prepare_public(folder: Path) -> Settings:
    """Settings of a data directory with the public edition of the store in force, which may be written to. It is published
    here where it is not there yet (`python -m data.snapshot publish --edition public`)."""
    own = get_settings()
    settings = replace(own, var_directory=folder / "var", edition="public")
    for name in ("compressed", "values"):
        if (own.var_directory / name).is_dir():
            shutil.copytree(own.var_directory / name, settings.var_directory / name)
    public = replace(own, edition="public").store_directory
    if (public / "snapshots" / "current.json").is_file():
        shutil.copytree(public, settings.store_directory)
    else:
        say("publishing the public edition")
        shutil.copytree(own.snapshot_directory, settings.var_directory / "snapshots")
        command = [sys.executable, "-m", "data.snapshot", "publish", "--edition", "public"]
        environment = os.environ | {"BAOPHU_VAR": str(settings.var_directory), "BAOPHU_EDITION": "internal"}
        subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    return settings


def start_app(servers: Servers, port: int, environment: Mapping[str, str]) -> tuple[str, int]:
    """The app of the public edition, ready for readers; its address and process."""
    options = ("--server.address=127.0.0.1", f"--server.port={port}", f"--server.disconnectedSessionTTL={GONE_AFTER}")
    command = [sys.executable, "-m", "streamlit", "run", "asgi.py", *options]
    child = servers.start(command, ROOT, environment)
    address = f"http://127.0.0.1:{port}"
    wait_for(f"{address}/readyz", child)
    return address, child.pid


def draw_book(settings: Settings, environment: Mapping[str, str]) -> dict[str, Any]:
    """Draw the screens ahead as the machine does after a publish (`python -m ui.screens`); seconds (0 where that was done before)
    and MB."""
    say("screens drawn ahead")
    began = time.perf_counter()
    command = [sys.executable, "-m", "ui.screens"]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.PIPE, text=True, check=True
    )
    taken = time.perf_counter() - began
    say(done.stdout.strip())
    books = sorted((settings.store_directory / "screens").glob("*.screens"), key=lambda path: path.stat().st_mtime)
    was_there = "Đã vẽ" not in done.stdout
    return {"seconds": 0 if was_there else round(taken), "mb": round(books[-1].stat().st_size / 1e6, 1)}


def wait_for_screens(folder: Path) -> None:
    """Until the server has drawn what it draws itself (ui/first_screens.py), as it has a minute after its start; the measure
    is of a server that stands there, not of one that has just begun."""
    log, ends = folder / "server_0.log", time.monotonic() + SCREENS_WITHIN
    say("the server draws its first screens")
    while '"first_screens"' not in log.read_text("utf-8", errors="replace"):
        if time.monotonic() > ends:
            say(f"not done after {SCREENS_WITHIN} s: measured as it stands")
            return
        time.sleep(1)


def run_crowd(address: str, environment: Mapping[str, str], **options: float) -> dict[str, Any]:
    """A crowd in a process of its own; what it prints."""
    words = [word for name, value in options.items() for word in (f"--{name}", *str(value).split())]
    command = [sys.executable, "-m", "bench.crowd", "--address", address, *words]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the crowd ended with {done.returncode}: {done.stderr[-2000:]}")
    return json.loads(done.stdout)


def watch_crowd(pid: int, address: str, environment: Mapping[str, str], **options: float) -> dict[str, Any]:
    """A crowd, and what the server used meanwhile: seconds of processor, of them a rerun, memory at the end."""
    before, began = cpu_seconds(pid), time.monotonic()
    found = run_crowd(address, environment, **options)
    used, taken = cpu_seconds(pid) - before, time.monotonic() - began
    return found | {
        "server_cpu_seconds": round(used, 2),
        "server_cpu_share": round(used / (options["seconds"] + options["ramp"]), 3),
        "crowd_cpu_share": round(found["own_cpu_seconds"] / taken, 3),
        "server_mb": memory_mb(pid),
    }


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_mb(pid: int) -> float:
    """Memory that a process holds for itself: without files it shares with others, which the system may take back."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return round(int(line.split()[1]) / 1000, 1)
    raise RuntimeError("/proc says no RssAnon")


def publish_under_load(
    pid: int, address: str, settings: Settings, environment: Mapping[str, str], sizes: Sizes
) -> dict[str, Any]:
    """Move the pointer ten times between two snapshots while people read. The second holds the same figures under another id,
    so that every answer can be checked; what moves is what `publish` and `pull` move."""
    first = parse_pointer(settings.pointer_file.read_text("utf-8"))
    pointers = (make_second(first, settings), first)
    command = [sys.executable, "-m", "bench.crowd", "--address", address, "--readers", "60", "--ramp", "5"]
    crowd = subprocess.Popen(
        [*command, "--seconds", str(sizes.publish_seconds), "--seed", "7"],
        cwd=ROOT, env=os.environ | environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    before, seen = cpu_seconds(pid), []
    try:
        time.sleep(5)
        for number in range(PUBLISHES):
            write_atomically(settings.pointer_file, pointers[number % 2].to_json())
            time.sleep(sizes.publish_seconds / (PUBLISHES + 1))
            seen.append(ask_ready(address)["snapshot"] == pointers[number % 2].id)
        out, err = crowd.communicate(timeout=120)
    finally:
        crowd.kill()
    if crowd.returncode:
        raise RuntimeError(f"the crowd ended with {crowd.returncode}: {err[-2000:]}")
    used = round(cpu_seconds(pid) - before, 2)
    return json.loads(out) | {"publishes": PUBLISHES, "taken_over": sum(seen), "server_cpu_seconds": used}


def make_second(first: Pointer, settings: Settings) -> Pointer:
    """A snapshot with the figures of `first` and an id of its own."""
    name = f"{first.id[:-4]}0000"
    path = settings.snapshot_directory / f"{name}.duckdb"
    shutil.copyfile(settings.snapshot_directory / first.file, path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE meta SET value = ? WHERE key = 'snapshot_id'", [name])
    second = replace(first, id=name, file=path.name, sha256=hash_file(path))
    write_atomically(path.with_suffix(".json"), second.to_json())
    return second


def ask_ready(address: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"{address}/readyz", timeout=20) as answer:
        return json.load(answer)


def count_growth(pid: int, address: str, environment: Mapping[str, str], sizes: Sizes) -> dict[str, Any]:
    """Memory of the server before and after sessions in a row, each time once it has forgotten those who left."""
    run_crowd(address, environment, sessions=sizes.sessions_before, seed=5)
    before = settled_memory(pid)
    used, began = cpu_seconds(pid), time.monotonic()
    found = run_crowd(address, environment, sessions=sizes.sessions, seed=5)
    used, taken = cpu_seconds(pid) - used, time.monotonic() - began
    after = settled_memory(pid)
    return {
        "sessions": sizes.sessions,
        "errors": found["errors"],
        "wrong": found["wrong"],
        "mb_before": before,
        "mb_after": after,
        "mb_grown": round(after - before, 1),
        "cpu_ms_per_session": round(1000 * used / sizes.sessions, 1),
        "seconds": round(taken, 1),
    }


def settled_memory(pid: int) -> float:
    """The least of some readings after the server has forgotten those who left: between them it collects its garbage."""
    time.sleep(GONE_AFTER + 3)
    found = []
    for _ in range(4):
        found.append(memory_mb(pid))
        time.sleep(1)
    return min(found)


def compare_replicas(
    servers: Servers, folder: Path, first_port: int, environment: Mapping[str, str], sizes: Sizes
) -> dict[str, Any]:
    """Reruns a second of one server and of three behind nginx, each with the same share of a core, as on machines of their own:
    on two cores three whole ones could not show more than two. Readers do not think, so that all is asked that can be."""
    started = [start_app(servers, first_port + place, environment) for place in range(REPLICAS)]
    addresses, pids = [address for address, _ in started], [pid for _, pid in started]
    proxies = [
        start_nginx(servers, folder / f"nginx{number}", first_port + REPLICAS + number, addresses[:number])
        for number in (1, REPLICAS)
    ]
    options = {"seconds": sizes.replica_seconds, "ramp": 2, "think": "0 0"}
    for address in addresses:  # every server has answered the like once before times count
        run_crowd(address, environment, readers=12, seed=3, **(options | {"seconds": sizes.replica_seconds / 2}))
    found: dict[str, Any] = {"share_of_a_core": SHARE}
    with held_back(pids, SHARE):
        for number, proxy in zip((1, REPLICAS), proxies, strict=True):
            crowd = run_crowd(proxy, environment, readers=8 * number, seed=3, **options)
            found[f"servers_{number}"] = crowd
    one, three = found["servers_1"]["reruns_per_second"], found[f"servers_{REPLICAS}"]["reruns_per_second"]
    return found | {"ratio": round(three / one, 2) if one else None}


NGINX = """
daemon off;
{user}
worker_processes 1;
error_log {state}/error.log;
pid {state}/nginx.pid;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    client_body_temp_path {state}/body; proxy_temp_path {state}/proxy; fastcgi_temp_path {state}/fastcgi;
    uwsgi_temp_path {state}/uwsgi; scgi_temp_path {state}/scgi;
    upstream app {{ hash $remote_addr consistent; {servers} }}
    map $http_upgrade $line {{ default upgrade; '' ''; }}
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://app;
            proxy_http_version 1.1;
            proxy_set_header Host $http_host;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection $line;
            proxy_read_timeout 600s;
        }}
    }}
}}
"""


def start_nginx(servers: Servers, state: Path, port: int, addresses: Sequence[str]) -> str:
    """nginx before servers that run; each reader stays with one of them."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if nginx is None:
        raise RuntimeError("no nginx found; install it with: sudo apt-get install nginx-light")
    state.mkdir()
    listed = " ".join(f"server {address.removeprefix('http://')};" for address in addresses)
    user = "user root;" if os.getuid() == 0 else ""
    (state / "nginx.conf").write_text(NGINX.format(user=user, state=state, port=port, servers=listed), "utf-8")
    command = [nginx, "-p", str(state), "-c", str(state / "nginx.conf"), "-e", str(state / "error.log")]
    child = servers.start(command, state)
    wait_for(f"http://127.0.0.1:{port}/healthz", child)
    return f"http://127.0.0.1:{port}"


async def weigh_visit(address: str) -> dict[str, Any]:
    """Bytes over the wire of a first visit with an empty cache, until nothing more is asked for."""
    counted: dict[str, float] = {"http": 0, "websocket": 0, "requests": 0}
    kinds: dict[str, float] = {}
    async with open_browser() as browser:
        context = await browser.new_context(viewport={"width": VIEWPORT[0], "height": VIEWPORT[1]})
        page = await context.new_page()
        session = await context.new_cdp_session(page)
        names: dict[str, str] = {}
        session.on("Network.responseReceived", lambda event: names.update({event["requestId"]: event["type"]}))

        def finished(event: dict[str, Any]) -> None:
            counted["http"] += event["encodedDataLength"]
            counted["requests"] += 1
            kind = names.get(event["requestId"], "Other")
            kinds[kind] = kinds.get(kind, 0) + event["encodedDataLength"]

        def received(event: dict[str, Any]) -> None:
            payload = event["response"]["payloadData"]
            counted["websocket"] += len(payload) * 3 // 4 - payload.count("=")

        session.on("Network.loadingFinished", finished)
        session.on("Network.webSocketFrameReceived", received)
        await session.send("Network.enable")
        await page.goto(address, wait_until="networkidle")
        await page.locator(".bp-headline").wait_for()
        await page.locator("[data-test-script-state=notRunning]").first.wait_for(state="attached")
        await page.wait_for_timeout(3000)
        await context.close()
    total = counted["http"] + counted["websocket"]
    return {
        "mb": round(total / 1e6, 3),
        "http_mb": round(counted["http"] / 1e6, 3),
        "websocket_mb": round(counted["websocket"] / 1e6, 3),
        "requests": int(counted["requests"]),
        "kinds": {name: round(size / 1000) for name, size in sorted(kinds.items(), key=lambda item: -item[1])},
    }
