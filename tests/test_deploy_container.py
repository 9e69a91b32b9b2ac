"""The Dockerfile and the compose file: read, held against rules and the schema, and each step run in an empty folder."""

import contextlib
import copy
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from dockerfile import (
    Replay,
    command_of,
    environment_of,
    find_faults,
    is_ignored,
    list_context,
    read_ignored,
    read_stages,
)
from reader_session import Reader
from source_nginx import find_free_port
from test_read_only_store import UNDER_THE_BITS, give_write_bits, list_files, take_write_bits

from data.settings import PROJECT_ROOT, Settings, read_settings
from deploy.proxy import read_command
from deploy.ready import answers
from text.words import Words

DEPLOY = PROJECT_ROOT / "deploy"
TEXT = (DEPLOY / "Dockerfile").read_text("utf-8")
IGNORED = read_ignored(DEPLOY / "Dockerfile.dockerignore")
READY_WITHIN = 120


def test_nothing_is_wrong_with_the_dockerfile():
    assert find_faults(TEXT, PROJECT_ROOT, IGNORED) == []


@pytest.mark.parametrize(
    ("found", "instead", "fault"),
    [
        ("FROM python:3.11-slim-bookworm\n", "FROM python\n", "the base image floats"),
        ("USER 10001:10001", "USER root", "runs as root"),
        ("nginx-light=1.22.1-9*", "nginx-light", "nginx-light floats"),
        (" --no-install-recommends", "", "without --no-install-recommends"),
        ("COPY requirements.txt ./", "COPY requirement.txt ./", "requirement.txt is not there"),
        ("COPY . .", "COPY tests .", "tests is not there"),
        ("--from=environment", "--from=elsewhere", "no stage elsewhere"),
        ("--no-cache-dir", "", "pip keeps its cache"),
        ("EXPOSE", "EXPOSES", "is no instruction"),
        ("WORKDIR /srv", "WORKDIR srv", "WORKDIR is relative"),
        (TEXT.splitlines()[-1], "CMD .venv/bin/python -m ui.serve", "is run by a shell"),
        ("HOME=/var", "API_KEY=/var", "a secret in ENV"),
    ],
)
def test_the_lint_finds_what_is_wrong(found: str, instead: str, fault: str):
    assert found in TEXT
    text = TEXT.replace(found, instead)
    assert [said for said in find_faults(text, PROJECT_ROOT, IGNORED) if fault in said]


def test_the_image_gets_the_app_and_nothing_that_is_ours_alone():
    names = list_context(PROJECT_ROOT, IGNORED)
    assert {"asgi.py", "requirements.txt", ".streamlit/config.toml", "deploy/nginx/baophu.conf"} <= set(names)
    assert not [name for name in names if re.match(r"(tests|bench|var|\.git|\.venv)/", name)]
    for name in ("var/snapshots/a.duckdb", ".venv/bin/python", "ui/__pycache__/a.pyc", ".git", "tests/conftest.py"):
        assert is_ignored(name, IGNORED), name
    assert not is_ignored("data/variants.py", IGNORED) and not is_ignored("ui/tests_of.py", IGNORED)


def test_the_image_serves_the_public_edition_only():
    last = read_stages(TEXT)[-1]
    settings = read_settings(environment_of(last))
    assert settings.edition == "public" and settings.cache_directory != settings.var_directory / "cache"
    assert command_of(last)[-3:] == ["0.0.0.0", "--server.port", "8501"]


def interpolate(text: str, values: dict[str, str]) -> str:
    """`${NAME:-default}` as Compose reads it; a name without either is an error."""

    def value_of(found: re.Match[str]) -> str:
        name, _, default = found[1].partition(":-")
        if name not in values and ":-" not in found[1]:
            raise ValueError(f"{name} has no value")
        return values.get(name) or default

    return re.sub(r"\$\{([^}]+)\}", value_of, text)


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load(interpolate((DEPLOY / "compose.yaml").read_text("utf-8"), {}))


@pytest.fixture(scope="module")
def schema() -> jsonschema.Draft7Validator:
    """The published schema of Compose files (from the package docker-compose 1.29.2, Apache-2.0)."""
    text = (PROJECT_ROOT / "tests" / "compose_spec.json").read_text("utf-8")
    return jsonschema.Draft7Validator(json.loads(text))


def find_compose_faults(compose: dict[str, Any], schema: jsonschema.Draft7Validator) -> list[str]:
    """What the schema says, names that nothing stands behind, and rights that a service of ours does not need."""
    faults = [f"{'/'.join(map(str, error.path))}: {error.message[:120]}" for error in schema.iter_errors(compose)]
    for name, service in compose["services"].items():
        faults += [f"{name}: no network {one}" for one in service["networks"] if one not in compose["networks"]]
        faults += [
            f"{name}: no service {one}" for one in service.get("depends_on", {}) if one not in compose["services"]
        ]
        mounts = [volume.split(":") for volume in service["volumes"]]
        faults += [f"{name}: no volume {mount[0]}" for mount in mounts if mount[0] not in compose["volumes"]]
        faults += [f"{name}: the store can be written" for mount in mounts if name != "office" and mount[2:] != ["ro"]]
        if not service["read_only"] or service["cap_drop"] != ["ALL"] or service.get("privileged"):
            faults.append(f"{name}: more rights than it needs")
        if "no-new-privileges:true" not in service["security_opt"] or service.get("user", "10001").startswith(
            ("root", "0")
        ):
            faults.append(f"{name}: may become another user")
        if "ports" in service and name != "proxy":
            faults.append(f"{name}: listens to the outside")
    return faults


def test_nothing_is_wrong_with_the_compose_file(compose: dict[str, Any], schema: jsonschema.Draft7Validator):
    assert find_compose_faults(compose, schema) == []
    assert compose["services"]["replica"]["deploy"]["replicas"] == 3
    more = yaml.safe_load(interpolate((DEPLOY / "compose.yaml").read_text("utf-8"), {"BAOPHU_REPLICAS": "5"}))
    assert more["services"]["replica"]["deploy"]["replicas"] == 5


@pytest.mark.parametrize(
    ("place", "value", "fault"),
    [
        (("services", "replica", "memory_limit"), "1g", "memory_limit"),
        (("services", "replica", "deploy", "replicas"), "three", "not of type"),
        (("services", "replica", "volumes"), ["store:/var/lib/baophu"], "can be written"),
        (("services", "replica", "ports"), ["8501:8501"], "listens to the outside"),
        (("services", "proxy", "networks"), ["elsewhere"], "no network"),
        (("services", "proxy", "read_only"), False, "more rights"),
        (("services", "proxy", "user"), "root", "another user"),
    ],
)
def test_faults_of_a_compose_file_are_found(
    compose: dict[str, Any], schema: jsonschema.Draft7Validator, place: tuple[str, ...], value: object, fault: str
):
    changed = copy.deepcopy(compose)
    inside = changed
    for name in place[:-1]:
        inside = inside[name]
    inside[place[-1]] = value
    assert [said for said in find_compose_faults(changed, schema) if fault in said]


def test_the_services_fit_the_image_and_each_other(compose: dict[str, Any]):
    last = read_stages(TEXT)[-1]
    environment, services = environment_of(last), compose["services"]
    settings = read_settings(environment | services["replica"]["environment"])
    for name in ("replica", "proxy", "office"):
        (volume,) = services[name]["volumes"]
        assert volume.split(":")[1] == str(settings.var_directory)
        places = {mount.split(":")[0] for mount in services[name]["tmpfs"]}
        assert places == {"/tmp", str(settings.cache_directory)}
    user = next(step.rest for step in last.steps if step.word == "USER").split(":")
    assert f"uid={user[0]},gid={user[1]}" in services["proxy"]["tmpfs"][1]
    (port,) = services["replica"]["expose"]
    assert command_of(last)[-1] == port and port in next(step.rest for step in last.steps if step.word == "HEALTHCHECK")
    proxy, is_served = read_command(services["proxy"]["command"][3:])
    assert is_served and proxy.replicas == [f"replica:{port}"]
    assert proxy.listen == services["proxy"]["ports"][0].split(":")[1] == services["proxy"]["healthcheck"]["test"][4]
    assert proxy.into.is_relative_to(settings.cache_directory) and proxy.site == settings.site_directory
    assert proxy.names == "_" and compose["networks"]["inside"]["internal"] is True
    office = read_settings(environment | services["office"]["environment"])
    assert office.edition == "internal" and "inside" not in services["office"]["networks"]


@pytest.fixture(scope="module")
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replay]:
    """The image, built step by step in an empty folder. The environment takes minutes and follows from what is installed: it is
    kept until that changes."""
    kept = Path(request.config.cache.mkdir("container"))
    parts = [TEXT, (PROJECT_ROOT / "requirements.txt").read_text("utf-8"), sys.version]
    parts += [path.read_text("utf-8") for path in sorted((PROJECT_ROOT / "charts/coverage_map").rglob("*.py"))]
    key = hashlib.sha256("".join(parts).encode()).hexdigest()[:16]
    replay = Replay(TEXT, PROJECT_ROOT, IGNORED, tmp_path_factory.mktemp("image"))
    environment, last = replay.stages
    if not (kept / key).is_dir():
        for old in kept.iterdir():
            shutil.rmtree(old)
        replay.run(environment)
        shutil.move(replay.folder(environment), kept / f"{key}.part")
        (kept / f"{key}.part").rename(kept / key)
    replay.folder(environment).symlink_to(kept / key, target_is_directory=True)
    replay.run(last)
    yield replay
    give_write_bits(replay.root)


@contextlib.contextmanager
def started(
    command: list[str], folder: Path, environment: dict[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """A command of the image in its folder, with its environment and no other of ours."""
    own = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*UNDER_THE_BITS, *command], cwd=folder, env=own | environment, stdout=output, stderr=output
        )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def wait_for(port: int, path: str, process: subprocess.Popen[bytes], log: Path) -> None:
    ends = time.monotonic() + READY_WITHIN
    while not answers(port, path):
        assert process.poll() is None and time.monotonic() < ends, log.read_text("utf-8")[-3000:]
        time.sleep(0.2)


@pytest.mark.fault
def test_each_step_of_the_image_runs_and_what_it_starts_serves_through_the_proxy(
    built: Replay, compose: dict[str, Any], public_settings: Settings, tmp_path: Path
):
    last = built.stages[-1]
    folder = built.map_path("/srv/baophu", last)
    assert (folder / "asgi.py").is_file() and not (folder / "tests").exists() and not (folder / "var").exists()
    assert list((folder / "ui" / "__pycache__").glob("server.*.pyc"))
    environment = {name: built.map_text(value, last) for name, value in environment_of(last).items()}
    store = built.map_path("/var/lib/baophu", last)
    shutil.copytree(public_settings.store_directory, store / "public")
    ports = {"8501": str(find_free_port()), "8080": str(find_free_port())}
    for place in (folder, store):  # the root file system and the store are read only; a tmpfs is the cache
        take_write_bits(place)
    cache = built.map_path("/var/cache/baophu", last)
    assert (os.geteuid() != 0) or cache.stat().st_uid == 10_001
    os.chown(cache, os.geteuid(), os.getegid())  # the mount of the container's user, who is here the one that tests
    before = list_files(store)

    def mapped(command: list[str]) -> list[str]:
        told = " ".join(built.map_text(word, last) for word in command)
        told = told.replace("0.0.0.0", "127.0.0.1").replace("--replica=replica:", "--replica=localhost:")
        told = re.sub(r"\b(8501|8080)\b", lambda port: ports[port[1]], told)
        return told.replace("--listen=", "--listen=127.0.0.1:").split()

    replica_log, proxy_log = tmp_path / "replica.log", tmp_path / "proxy.log"
    with started(mapped(command_of(last)), folder, environment, replica_log) as replica:
        wait_for(int(ports["8501"]), "/readyz", replica, replica_log)
        health = json.loads(next(step.rest for step in last.steps if step.word == "HEALTHCHECK").split("CMD ", 1)[1])
        assert subprocess.run(mapped(health), cwd=folder, env=environment, check=False).returncode == 0
        with started(mapped(compose["services"]["proxy"]["command"]), folder, environment, proxy_log) as proxy:
            wait_for(int(ports["8080"]), "/healthz", proxy, proxy_log)
            check = compose["services"]["proxy"]["healthcheck"]["test"]
            assert subprocess.run(mapped(check[1:]), cwd=folder, env=environment, check=False).returncode == 0
            reader = Reader(f"http://127.0.0.1:{ports['8080']}")
            drawn = reader.open("ranking").decode("utf-8", "replace")
            assert Words("vi").say("frame.page_ranking") in drawn
            status, headers, _ = reader.get("/", headers={"Accept": "text/html", "Accept-Encoding": "gzip"})
            assert (status, headers["content-encoding"]) == (200, "gzip")
            reader.close()
            office = [*compose["services"]["office"]["entrypoint"], *compose["services"]["office"]["command"]]
            listed = subprocess.run(
                [*mapped(office), "--edition", "public"], cwd=folder, env=environment, capture_output=True, check=False
            )
            assert listed.returncode == 0, listed.stderr
    assert list_files(store) == before
    assert '"event":"proxied"' in proxy_log.read_text("utf-8")
