"""The units of systemd, held against systemd itself: they are understood, start what exists, and may do little.

`./check fault` runs these. systemd-analyze is needed (Debian's package systemd); it asks nothing of a running system.
"""

import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from data.settings import PROJECT_ROOT, read_settings
from deploy import backup, ready
from deploy.proxy import read_command

pytestmark = pytest.mark.fault
UNITS = PROJECT_ROOT / "deploy" / "systemd"
SERVICES = (
    "baophu@8601",
    "baophu-internal",
    "baophu-load",
    "baophu-publish",
    "baophu-pull",
    "baophu-screens",
    "baophu-backup",
    "baophu-failed@baophu-load",
)
TIMERS = ("baophu-load", "baophu-publish", "baophu-pull", "baophu-screens", "baophu-backup")
WORST = 2.0  # systemd's own measure of exposure, from 0 to 10; a service that says nothing has 9.6


def analyze(*arguments: str) -> str:
    program = shutil.which("systemd-analyze")
    assert program, "systemd-analyze is missing: it reads the units. Install it: sudo apt-get install systemd"
    ended = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    return (ended.stdout + ended.stderr).strip() + (
        "" if ended.returncode == 0 else f"\nexit status {ended.returncode}"
    )


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units as an operator installs them, for code that lies here."""
    for path in UNITS.glob("baophu*.[sth]*"):
        if path.suffix in (".service", ".timer", ".target"):
            text = path.read_text("utf-8").replace("/srv/baophu", str(PROJECT_ROOT))
            (tmp_path / path.name).write_text(text, encoding="utf-8")
    for instance in SERVICES:
        if "@" in instance:
            template = f"{instance.split('@')[0]}@.service"
            shutil.copyfile(tmp_path / template, tmp_path / f"{instance}.service")
    return tmp_path


def settings_of(name: str) -> list[tuple[str, str]]:
    lines = (UNITS / name).read_text("utf-8").splitlines()
    pairs = (line.partition("=") for line in lines if line and not line.startswith(("#", "[")))
    return [(key, value) for key, _, value in pairs]


def test_systemd_understands_every_unit_and_finds_what_it_starts(units: Path):
    names = [f"{name}.service" for name in SERVICES] + [f"{name}.timer" for name in TIMERS] + ["baophu.target"]
    for name in names:
        assert analyze("verify", "--man=no", "--recursive-errors=no", str(units / name)) == "", name
    broken = units / "baophu-load.service"
    broken.write_text(broken.read_text("utf-8").replace("MemoryMax=4G", "MemoryMaxx=4G"), encoding="utf-8")
    assert "MemoryMaxx" in analyze("verify", "--man=no", "--recursive-errors=no", str(broken))


@pytest.mark.parametrize("name", [name for name in SERVICES if "failed" not in name])
def test_a_unit_may_do_little(units: Path, name: str):
    told = analyze("security", "--offline=yes", "--no-pager", str(units / f"{name}.service"))
    found = re.search(r"Overall exposure level for \S+: ([0-9.]+)", told)
    assert found is not None and float(found[1]) <= WORST, told[-300:]


def test_replicas_read_the_store_and_write_their_cache_only():
    told = settings_of("baophu@.service")
    environment = dict(value.split("=", 1) for key, value in told if key == "Environment")
    settings = read_settings(environment)
    values = dict(told)
    assert settings.edition == "public"
    assert str(settings.var_directory) in values["ReadOnlyPaths"] and "ReadWritePaths" not in values
    assert settings.cache_directory == Path("/var/cache") / values["CacheDirectory"]
    assert values["MemoryMax"] and int(values["LimitNOFILE"]) >= 4096 and values["NoNewPrivileges"] == "yes"
    assert int(values["TimeoutStopSec"]) > settings.drain_seconds


def test_the_internal_edition_does_not_start_without_a_sign_in():
    told = settings_of("baophu-internal.service")
    settings = read_settings(dict(value.split("=", 1) for key, value in told if key == "Environment"))
    assert settings.edition == "internal" and settings.sign_in_required
    command = next(value for key, value in told if key == "ExecStart")
    assert "--server.address 127.0.0.1" in command and "--secrets.files /etc/baophu/secrets.toml" in command


def test_every_command_of_a_unit_is_one_that_exists():
    """The options that stand in the units are those that the commands take."""
    commands = [value for path in UNITS.glob("*.service") for key, value in settings_of(path.name) if "Exec" in key]
    modules = {re.search(r"-m (\S+)", command)[1] for command in commands if " -m " in command}
    programs = {"ui.serve", "ui.screens", "deploy.ready", "deploy.backup", "data.ingest", "data.snapshot", "reports"}
    assert modules == programs
    for command in commands:
        for option in re.findall(r" (--[a-z-]+) ", command):
            assert option in known_options(command), command
    assert ready.main(["1", "--within", "0"]) == 1 and backup.main(["check", "/nowhere"]) == 1
    assert read_command(["--into", "/x", "--replica", "a:1"])[0].replicas == ["a:1"]


def known_options(command: str) -> str:
    if "logger" in command:
        return "--priority --tag"
    if "ui.serve" in command:
        return "--server.address --server.port"
    module, part = re.search(r"-m (\S+)(?: (make|publish|pull))?", command).groups()
    return help_of(module, part or "")


@cache
def help_of(module: str, part: str) -> str:
    asked = [sys.executable, "-m", module, *([part] if part else []), "--help"]
    return subprocess.run(asked, cwd=PROJECT_ROOT, capture_output=True, text=True, check=True).stdout


def test_users_folders_and_log_rotation_are_understood(tmp_path: Path):
    for program, name in (("systemd-sysusers", "baophu.sysusers"), ("systemd-tmpfiles", "baophu.tmpfiles")):
        # an empty root of its own: nothing of this machine is touched
        root = tmp_path / program
        (root / "etc").mkdir(parents=True)
        for file in ("passwd", "group"):
            (root / "etc" / file).write_text(
                "root:x:0:0:root:/root:/bin/sh\n" if file == "passwd" else "root:x:0:\nadm:x:4:\n"
            )
        if program == "systemd-tmpfiles":
            shutil.copytree(tmp_path / "systemd-sysusers" / "etc", root / "etc", dirs_exist_ok=True)
        option = ["--create"] if program == "systemd-tmpfiles" else []
        told = subprocess.run(
            [program, f"--root={root}", *option, str(UNITS / name)], capture_output=True, text=True, check=False
        )
        assert told.returncode == 0, told.stderr
    assert "baophu-web" in (tmp_path / "systemd-sysusers" / "etc" / "passwd").read_text()
    made = tmp_path / "systemd-tmpfiles" / "var" / "lib" / "baophu"
    assert made.is_dir() and made.stat().st_mode & 0o7777 == 0o2750
    text = (PROJECT_ROOT / "deploy" / "logrotate").read_text("utf-8")
    assert text.count("{") == text.count("}") and "rotate 7\n" in text
