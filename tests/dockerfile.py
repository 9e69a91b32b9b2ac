"""A Dockerfile read, held against rules, and its steps run in an empty folder; for tests, since no daemon is at hand.

What differs from a real build: there is no other root, so absolute paths of the image are mapped into the folder, and the
Debian packages are those of this machine.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

KNOWN = {
    "FROM", "RUN", "COPY", "WORKDIR", "ENV", "USER", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK", "CMD", "ENTRYPOINT", "ARG", "LABEL",
}  # fmt: skip
IMAGE_PATHS = ("/srv/baophu", "/var/lib/baophu", "/var/cache/baophu", "/var/lib/apt/lists", "/etc/baophu")


@dataclass(frozen=True)
class Step:
    line: int
    word: str
    rest: str

    def flags(self) -> dict[str, str]:
        return dict(part[2:].split("=", 1) for part in self.rest.split() if part.startswith("--") and "=" in part)

    def arguments(self) -> list[str]:
        return [part for part in self.rest.split() if not part.startswith("--")]


@dataclass
class Stage:
    base: str
    name: str
    steps: list[Step] = field(default_factory=list)


def read_steps(text: str) -> Iterator[Step]:
    """Instructions with their continued lines joined; raises ValueError for a word that is none."""
    lines = iter(enumerate(text.splitlines(), 1))
    for number, line in lines:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        whole = line.strip()
        while whole.endswith("\\"):
            whole = whole[:-1].rstrip() + " " + next(lines)[1].strip()
        word, _, rest = whole.partition(" ")
        if word not in KNOWN:
            raise ValueError(f"line {number}: {word} is no instruction")
        yield Step(number, word, rest.strip())


def read_stages(text: str) -> list[Stage]:
    stages: list[Stage] = []
    for step in read_steps(text):
        if step.word == "FROM":
            base, _, name = step.rest.partition(" AS ")
            stages.append(Stage(base, name))
        elif not stages:
            raise ValueError(f"line {step.line}: {step.word} before FROM")
        else:
            stages[-1].steps.append(step)
    return stages


def environment_of(stage: Stage) -> dict[str, str]:
    return {
        name: value
        for step in stage.steps
        if step.word == "ENV"
        for name, _, value in (part.partition("=") for part in shlex.split(step.rest))
    }


def command_of(stage: Stage) -> list[str]:
    return json.loads(next(step.rest for step in reversed(stage.steps) if step.word == "CMD"))


def find_faults(text: str, context: Path, ignored: Sequence[str]) -> list[str]:
    """What is wrong with a Dockerfile, as linters see it: nothing floats, nothing is left behind, nobody is root."""
    try:
        stages = read_stages(text)
    except ValueError as problem:
        return [str(problem)]
    faults = []
    names = {stage.name for stage in stages}
    for stage in stages:
        tag = stage.base.partition(":")[2]
        if stage.base not in names and (not tag or tag == "latest"):
            faults.append(f"{stage.base}: the base image floats")
        for step in stage.steps:
            faults += [f"line {step.line}: {fault}" for fault in find_step_faults(step, context, ignored, names)]
    last = stages[-1]
    words = [step.word for step in last.steps]
    users = [step.rest for step in last.steps if step.word == "USER"]
    if not users or users[-1].split(":")[0] in ("root", "0"):
        faults.append("the image runs as root")
    for needed in ("CMD", "HEALTHCHECK"):
        if words.count(needed) != 1:
            faults.append(f"{needed} stands {words.count(needed)} times")
    return faults


def find_step_faults(step: Step, context: Path, ignored: Sequence[str], stages: set[str]) -> Iterator[str]:
    if step.word == "RUN":
        if "apt-get install" in step.rest:
            packages = [
                word
                for word in step.rest.split("apt-get install")[1].split("&&")[0].split()
                if not word.startswith("-")
            ]
            yield from (f"{package} floats" for package in packages if "=" not in package)
            for needed in ("--no-install-recommends", "--yes", "apt-get update", "rm -rf /var/lib/apt/lists/*"):
                if needed not in step.rest:
                    yield f"apt-get without {needed}"
        if "pip install" in step.rest and "--no-cache-dir" not in step.rest:
            yield "pip keeps its cache in the image"
        if re.search(r"\bsudo\b|\bcurl\b|\bwget\b|[|]", step.rest):
            yield "sudo, a pipe or a download in RUN"
    if step.word in ("CMD", "ENTRYPOINT") or (step.word == "HEALTHCHECK" and "CMD" in step.rest):
        try:
            json.loads(step.rest[step.rest.index("[") :])
        except ValueError:
            yield f"{step.word} is run by a shell, which takes its signals"
    if step.word == "WORKDIR" and not step.rest.startswith("/"):
        yield "WORKDIR is relative"
    if step.word == "ENV" and re.search(r"(?i)(secret|password|token|key)\w*=", step.rest):
        yield "a secret in ENV"
    if step.word == "COPY":
        *sources, _ = step.arguments()
        if origin := step.flags().get("from"):
            if origin not in stages:
                yield f"no stage {origin}"
            return
        for source in sources:
            if source != "." and (not (context / source).exists() or is_ignored(source, ignored)):
                yield f"{source} is not there to be copied"


def read_ignored(path: Path) -> list[str]:
    lines = (line.strip() for line in path.read_text("utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def is_ignored(name: str, ignored: Sequence[str]) -> bool:
    """Whether a path, or a folder that it lies in, is left out."""
    parts = Path(name).parts
    for end in range(1, len(parts) + 1):
        path = "/".join(parts[:end])
        for pattern in ignored:
            bare = pattern.removeprefix("**/")
            if fnmatch(path, bare) if bare == pattern else fnmatch(parts[end - 1], bare):
                return True
    return False


def list_context(context: Path, ignored: Sequence[str]) -> list[str]:
    """The files that the project has by itself (known to git, or new and not ignored by it) and the image is given."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=context, capture_output=True, text=True, check=True).stdout.splitlines()
    return [name for name in names if not is_ignored(name, ignored) and (context / name).is_file()]


class Replay:
    """The steps of a Dockerfile, one after the other, in `root`; each stage has a folder of its own."""

    def __init__(self, text: str, context: Path, ignored: Sequence[str], root: Path) -> None:
        self.stages = read_stages(text)
        self.context, self.ignored, self.root = context, ignored, root

    def folder(self, stage: Stage) -> Path:
        return self.root / (stage.name or f"stage-{self.stages.index(stage)}")

    def map_path(self, path: str, stage: Stage, workdir: str = "/") -> Path:
        return self.folder(stage) / (path if path.startswith("/") else f"{workdir}/{path}").lstrip("/")

    def map_text(self, text: str, stage: Stage) -> str:
        for path in IMAGE_PATHS:
            text = re.sub(rf"(?<![\w/]){re.escape(path)}(?![\w-])", str(self.map_path(path, stage)), text)
        return text

    def run(self, stage: Stage) -> Path:
        """All steps of one stage; its working folder at the end."""
        workdir = "/"
        self.folder(stage).mkdir(parents=True, exist_ok=True)
        for step in stage.steps:
            if step.word == "WORKDIR":
                workdir = step.rest
                self.map_path(workdir, stage).mkdir(parents=True, exist_ok=True)
            elif step.word == "COPY":
                self.copy(step, stage, workdir)
            elif step.word == "RUN":
                self.run_command(step, stage, workdir)
        return self.map_path(workdir, stage)

    def copy(self, step: Step, stage: Stage, workdir: str) -> None:
        *sources, target = step.arguments()
        into = self.map_path(target, stage, workdir)
        if origin := step.flags().get("from"):
            other = next(one for one in self.stages if one.name == origin)
            # hard links: an environment has 1 GB
            for source in sources:
                shutil.copytree(
                    self.map_path(source, other), into, copy_function=os.link, symlinks=True, dirs_exist_ok=True
                )
            return
        for name in list_context(self.context, self.ignored):
            for source in sources:
                inside = Path(name)
                if source != "." and not inside.is_relative_to(source):
                    continue
                relative = inside if source == "." else inside.relative_to(source)
                place = into / (relative if relative.parts else inside.name)
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(self.context / name, place)

    def run_command(self, step: Step, stage: Stage, workdir: str) -> None:
        command = self.map_text(step.rest, stage)
        for path in re.findall(rf"{re.escape(str(self.folder(stage)))}\S*/lists", command):
            Path(path).mkdir(parents=True, exist_ok=True)
        path = f"{Path(sys.base_prefix) / 'bin'}:{os.environ['PATH']}"  # `python` is that of the image
        ended = subprocess.run(
            ["sh", "-ec", command],
            cwd=self.map_path(workdir, stage),
            env=os.environ | {"PATH": path, "DEBIAN_FRONTEND": "noninteractive"},
            capture_output=True,
            text=True,
            check=False,
        )
        if ended.returncode != 0:
            raise AssertionError(f"line {step.line}: {step.rest}\n{ended.stdout[-2000:]}\n{ended.stderr[-2000:]}")
