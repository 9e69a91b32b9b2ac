"""Replicas and a real web server between them and the office: real processes, cut lines, a server that is down.

`./check fault` runs these. nginx is needed (Debian's package nginx-light); without it they fail and say so.
"""

import contextlib
import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from received_months import publish_received
from source_nginx import Nginx, find_free_port

from data.bundle import parse_bundle
from data.ingest.build_snapshot import build_snapshot
from data.push import push
from data.remote import Remote, SourceUnavailable
from data.replica import pull
from data.settings import PROJECT_ROOT, Settings
from data.snapshot_commands import run_rollback
from data.store import open_current
from text.words import Words

pytestmark = pytest.mark.fault
VI = Words("vi")
INSURED = [20_000, 6_000, 8_000, 8_000]
SOON = 60


@dataclass
class Place:
    """The machine that publishes with three snapshots, the folder it publishes to, and the web server of that folder."""

    own: Settings
    folder: Path
    web: Nginx
    ids: list[str]

    def publish(self, number: int) -> str:
        run_rollback(self.own, VI, self.ids[number])
        store = open_current(self.own)
        push(store, self.own, Remote(str(self.folder)), keep=5)
        store.close()
        return self.ids[number]

    def replica(self, name: str) -> Settings:
        return Settings(var_directory=self.folder.parent / name, source_url=self.web.url)

    def snapshot_file(self) -> Path:
        bundle = parse_bundle((self.folder / "current.json").read_text("utf-8"))
        return self.folder / "snapshots" / bundle.pointer.file


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, list[str]]:
    settings = Settings(var_directory=tmp_path_factory.mktemp("office") / "var")
    build_snapshot(settings, empty=True)
    ids = [publish_received(settings, "2020-12", INSURED).id]
    ids += [publish_received(settings, "2020-11", [number - less for number in INSURED]).id for less in (1, 2)]
    return settings, ids


@pytest.fixture
def place(published: tuple[Settings, list[str]], tmp_path: Path) -> Iterator[Place]:
    settings, ids = published
    shutil.copytree(settings.var_directory, tmp_path / "own")
    folder = tmp_path / "place"
    folder.mkdir()
    found = Place(Settings(var_directory=tmp_path / "own"), folder, Nginx(folder, tmp_path / "nginx"), ids)
    found.publish(0)
    found.web.start()
    yield found
    found.web.stop()


def list_pieces(settings: Settings) -> list[Path]:
    return [path for path in settings.var_directory.rglob("*") if "fetching" in path.name or "partial" in path.name]


def expect_refusal(replica: Settings, code: str, in_force: str) -> None:
    """The source cannot be used, and the replica goes on with what it has, and with nothing half."""
    with pytest.raises(SourceUnavailable) as refused:
        pull(replica)
    assert refused.value.code == code
    store = open_current(replica)
    assert (store.snapshot_id, store.fallback_from) == (in_force, None)
    store.close()
    assert list_pieces(replica) == []


def test_a_replica_takes_a_snapshot_over_http_and_asks_for_each_file_once(place: Place):
    replica = place.replica("a")
    assert pull(replica).snapshot_id == place.ids[0]
    asked = [line.split('"')[1].split()[1] for line in place.web.asked()]
    assert sorted(asked) == sorted(set(asked)) and asked[0] == "/current.json"
    pull(replica)
    assert len(place.web.asked()) == len(asked) + 1


def test_truncated_wrong_and_missing_files_over_http_change_nothing(place: Place):
    replica, first = place.replica("a"), place.ids[0]
    pull(replica)
    second = place.publish(1)
    file = place.snapshot_file()
    whole = file.read_bytes()
    for content, code in (
        (whole[:-4096], "SOURCE-DAMAGED"),
        (whole[:-1] + bytes([whole[-1] ^ 1]), "SOURCE-DAMAGED"),
        (whole + b"x", "SOURCE-DAMAGED"),
        (b"", "SOURCE-DAMAGED"),
        (None, "SOURCE-MISSING"),
    ):
        if content is None:
            file.unlink()
        else:
            file.write_bytes(content)
        expect_refusal(replica, code, first)
    file.write_bytes(whole)
    assert pull(replica).snapshot_id == second


def test_a_line_that_is_cut_in_the_middle_of_a_file_changes_nothing(place: Place):
    replica, first = place.replica("a"), place.ids[0]
    pull(replica)
    second = place.publish(1)
    place.web.stop()
    place.web.start("location ~ duckdb$ { limit_rate 2m; }")
    threading.Timer(1.5, place.web.stop).start()
    expect_refusal(replica, "SOURCE-DOWN", first)
    expect_refusal(replica, "SOURCE-DOWN", first)  # nobody listens now
    place.web.start()
    assert pull(replica).snapshot_id == second


@pytest.mark.parametrize(
    "answer", ["return 502;", "return 403;", "return 302 /elsewhere;", "return 200 'under repair';"]
)
def test_whatever_the_web_server_says_instead_changes_nothing(place: Place, answer: str):
    replica, first = place.replica("a"), place.ids[0]
    pull(replica)
    second = place.publish(1)
    place.web.stop()
    place.web.start(f"location = /current.json {{ {answer} }}")
    code = {"return 302": "SOURCE-MISSING", "return 200": "SOURCE-POINTER"}.get(answer[:10], "SOURCE-DOWN")
    expect_refusal(replica, code, first)
    place.web.stop()
    place.web.start(f"location ~ duckdb$ {{ {answer} }}")
    code = {"return 302": "SOURCE-MISSING", "return 200": "SOURCE-DAMAGED"}.get(answer[:10], "SOURCE-DOWN")
    expect_refusal(replica, code, first)
    place.web.stop()
    place.web.start()
    assert pull(replica).snapshot_id == second


def test_a_fetch_that_is_killed_at_any_moment_leaves_the_old_or_the_new(place: Place):
    replica, first = place.replica("a"), place.ids[0]
    pull(replica)
    second = place.publish(1)
    place.web.stop()
    place.web.start("location ~ duckdb$ { limit_rate 12m; }")
    environment = os.environ | {"BAOPHU_VAR": str(replica.var_directory), "BAOPHU_SOURCE": place.web.url}
    killed = 0
    for tenth in range(4, 60, 4):
        process = subprocess.Popen(
            [sys.executable, "-m", "data.snapshot", "pull"],
            cwd=PROJECT_ROOT,
            env=environment,
            stderr=subprocess.DEVNULL,
        )
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(tenth / 10)
        killed += process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.wait()
        store = open_current(replica)
        assert store.fallback_from is None and store.snapshot_id in (first, second)
        store.close()
        if process.returncode == 0:
            break
    assert killed and pull(replica).snapshot_id == second and list_pieces(replica) == []


class Replica:
    """A server process that keeps up with its source."""

    def __init__(self, settings: Settings) -> None:
        self.port = find_free_port()
        self.log = settings.var_directory.with_suffix(".log")
        environment = os.environ | {
            "BAOPHU_VAR": str(settings.var_directory),
            "BAOPHU_SOURCE": settings.source_url,
            "BAOPHU_SOURCE_SECONDS": "1",
        }
        command = [sys.executable, "-m", "streamlit", "run", "asgi.py", "--server.port", str(self.port)]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*command, "--server.address", "127.0.0.1"], cwd=PROJECT_ROOT, env=environment, stdout=log, stderr=log
            )

    def ready(self) -> dict[str, object]:
        """What /readyz says; {} while nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        with contextlib.suppress(OSError), contextlib.closing(connection):
            connection.request("GET", "/readyz")
            answer = connection.getresponse()
            return json.loads(answer.read()) | {"http": answer.status}
        return {}

    def wait_for(self, **wanted: object) -> dict[str, object]:
        ends = time.monotonic() + SOON
        while time.monotonic() < ends:
            assert self.process.poll() is None, self.log.read_text("utf-8")[-2000:]
            said = self.ready()
            if wanted.items() <= (said | said.get("source", {})).items():
                return said
            time.sleep(0.2)
        raise AssertionError(f"{wanted} was never said; last {self.ready()}; {self.log.read_text('utf-8')[-2000:]}")

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def test_two_servers_switch_on_their_own_and_outlive_their_source(place: Place):
    replicas = [Replica(place.replica(name)) for name in ("a", "b")]
    try:
        for one in replicas:
            one.wait_for(snapshot=place.ids[0], problem=None, http=200)
        second = place.publish(1)
        for one in replicas:
            one.wait_for(snapshot=second, problem=None)
        place.web.stop()
        for one in replicas:
            said = one.wait_for(problem="SOURCE-DOWN")
            assert said["snapshot"] == second and said["http"] == 200
        third = place.publish(2)  # the folder is written while the web server is down
        file = place.snapshot_file()
        whole = file.read_bytes()
        file.write_bytes(whole[: len(whole) // 2])
        place.web.start()
        for one in replicas:
            said = one.wait_for(problem="SOURCE-DAMAGED")
            assert said["snapshot"] == second and said["http"] == 200
        file.write_bytes(whole)
        for one in replicas:
            one.wait_for(snapshot=third, problem=None)
        assert place.publish(0) != third  # a rollback reaches them as any other publishing
        for one in replicas:
            one.wait_for(snapshot=place.ids[0], problem=None)
    finally:
        for one in replicas:
            one.stop()


def test_two_servers_on_one_data_directory_fetch_once(place: Place):
    replicas = [Replica(place.replica("shared")) for _ in range(2)]
    try:
        for one in replicas:
            one.wait_for(snapshot=place.ids[0], http=200)
        second = place.publish(1)
        for one in replicas:
            one.wait_for(snapshot=second)
        fetched = [line for line in place.web.asked() if second in line]
        assert len(fetched) == 1, fetched
    finally:
        for one in replicas:
            one.stop()


def test_a_server_that_starts_while_its_source_is_down_serves_what_it_has(place: Place):
    replica = place.replica("a")
    pull(replica)
    place.web.stop()
    server = Replica(replica)
    try:
        said = server.wait_for(problem="SOURCE-DOWN")
        assert said["snapshot"] == place.ids[0] and said["http"] == 200
    finally:
        server.stop()
