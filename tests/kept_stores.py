"""Stores for tests that are built once and copied: by one worker for the others, and by one run of pytest for the next.

What is kept lies in pytest's cache under a hash of everything that a store is made from; changed code or data is
another hash, so no test ever sees a store that the present code would not build.
"""

import fcntl
import hashlib
import shutil
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import duckdb

from data.settings import PROJECT_ROOT, Settings

# `bench` invents records, and the modules of tests/ that are no tests load them.
INPUT_ROOMS = ("data", "geo", "indicators", "text", "bench")
INPUT_KINDS = {".py", ".sql", ".toml", ".csv"}


class KeptStores:
    """The stores in `kept`; copies for this session go to `copies`."""

    def __init__(self, kept: Path, copies: Path) -> None:
        self._kept, self._copies = kept, copies

    def copy(self, name: str, build: Callable[[Settings], object]) -> Settings:
        """Settings of a copy of the store `name`, which `build` makes where it is not kept yet."""
        self._kept.mkdir(parents=True, exist_ok=True)
        # A fixture of a module that another module uses too copies its store once for each.
        own = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=self._copies)) / name
        with (self._kept / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            folder = self._kept / hash_inputs()
            if not (folder / name).is_dir():
                for outdated in self._kept.iterdir():
                    if outdated.is_dir() and outdated != folder:
                        shutil.rmtree(outdated)
                making = folder / f"{name}.part"
                shutil.rmtree(making, ignore_errors=True)
                build(Settings(var_directory=making))
                making.rename(folder / name)
            shutil.copytree(folder / name, own)
        return Settings(var_directory=own)


@cache
def hash_inputs() -> str:
    """A hash of the code and data that a store is made from."""
    digest = hashlib.sha256(f"{sys.version} duckdb {duckdb.__version__}".encode())
    tests = PROJECT_ROOT / "tests"
    paths = [*tests.glob("received_*.py"), *tests.glob("hostile_*.py"), tests / "conftest.py"]
    for room in INPUT_ROOMS:
        paths += [path for path in (PROJECT_ROOT / room).rglob("*") if path.suffix in INPUT_KINDS and path.is_file()]
    for path in sorted(paths):
        digest.update(str(path.relative_to(PROJECT_ROOT)).encode() + b"\n" + path.read_bytes())
    return digest.hexdigest()[:16]
