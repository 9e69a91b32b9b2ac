"""Imported outlines in the data directory: GeoParquet per boundary set, arc files, and the manifest that names them.

`manifest.json` alone decides what is in use; it is replaced by one rename, after all that it names is in place. It has
the entries of `static/outlines/manifest.json` for the sets that were imported, with `folder` and `source` besides.
"""

from __future__ import annotations

import fcntl
import json
import shutil
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import geopandas as gpd

from geo.build import write_parquet
from geo.import_read import ImportProblem
from geo.outlines import build_boundary_set
from geo.units import SETS_DIR

MANIFEST = "manifest.json"
_STAGING = ".making-"


@dataclass(frozen=True)
class Source:
    """Where outlines come from.

    `kept_units` are those of the level that keep the derived outline, `rest` says who drew what was not imported.
    """

    boundary_set: str
    level: str
    licence: str
    licence_url: str
    attribution: str
    file: str
    sha256: str
    date: str
    kept_units: tuple[str, ...]
    rest: str = ""
    is_carried_on: bool = False

    def carried_on(self) -> Source:
        """The same for a later boundary set, rebuilt from these outlines by crosswalk."""
        return replace(self, is_carried_on=True, kept_units=())

    @property
    def is_approximate(self) -> bool:
        """Whether borders of communes are not as somebody drew them."""
        return self.is_carried_on or self.level != "commune"

    def to_toml(self, boundary_set: str) -> str:
        """SOURCE.toml: the keys of the shipped ones, and what was imported."""
        lines = {
            "title": f"Outlines of boundary set {boundary_set}, imported",
            "licence": self.licence,
            "licence_url": self.licence_url,
            "attribution": self.attribution,
            "approximate": self.is_approximate,
            "imported_file": self.file,
            "imported_sha256": self.sha256,
            "imported_on": self.date,
            "imported_level": self.level,
            "imported_boundary_set": self.boundary_set,
            "kept_units": list(self.kept_units),
            "rest": self.rest,
        }
        return "".join(f"{key} = {_toml(value)}\n" for key, value in lines.items())


def _toml(value: Any) -> str:
    # A JSON text in ASCII is a TOML text, except for DEL and surrogate pairs.
    if isinstance(value, str):
        clean = "".join(letter for letter in value if letter.isprintable())
        return '"' + clean.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value)


def read_manifest(into: Path) -> dict[str, Any]:
    """What is in use of imported outlines, by boundary set; {} where nothing was imported."""
    path = into / MANIFEST
    return json.loads(path.read_text("utf-8")) if path.is_file() else {}


def find_folder(into: Path, boundary_set: str) -> Path:
    """The folder of the GeoParquet files in use: imported, else shipped."""
    entry = read_manifest(into).get(boundary_set)
    return into / entry["folder"] if entry else SETS_DIR / boundary_set


def describe_source(folder: Path) -> str:
    """Who drew the outlines of a folder, with the licence, in one line: "geoBoundaries (CC BY-SA 4.0)"."""
    about = tomllib.loads((folder / "SOURCE.toml").read_text("utf-8"))
    own = f"{about['attribution']} ({about['licence']})"
    return f"{own}; {about['rest']}" if about.get("rest") else own


def own_import(into: Path, boundary_set: str) -> bool:
    """Whether a set has outlines that were imported for itself, which no earlier set may replace."""
    entry = read_manifest(into).get(boundary_set)
    return bool(entry) and entry["source"]["boundary_set"] == boundary_set


class Store:
    """One import in the making: `add` each set, then `publish`."""

    def __init__(self, into: Path, staging: Path) -> None:
        self.into, self.staging = into, staging
        self.name = staging.name.removeprefix(_STAGING)
        self.entries: dict[str, Any] = {}

    def add(self, boundary_set: str, levels: dict[str, gpd.GeoDataFrame], source: Source) -> None:
        """Write the GeoParquet, SOURCE.toml and arc files of one set into the folder in the making."""
        folder = self.staging / "sets" / boundary_set
        write_parquet(folder, levels)
        (folder / "SOURCE.toml").write_text(source.to_toml(boundary_set), encoding="utf-8")
        shutil.copyfile(SETS_DIR / boundary_set / "units.csv", folder / "units.csv")
        entry, files = build_boundary_set(folder)
        for name, packed in files.items():
            (self.staging / name).write_bytes(packed)
        about = asdict(source) | {
            "kept_units": len(source.kept_units),
            "approximate": source.is_approximate,
        }
        self.entries[boundary_set] = entry | {"folder": f"sets/{self.name}/{boundary_set}", "source": about}

    def publish(self) -> None:
        """Put everything in place and then, by one rename, in use; drop what neither this nor the last manifest names."""
        before = read_manifest(self.into)
        after = before | self.entries
        (self.into / "sets").mkdir(exist_ok=True)
        for path in self.staging.glob("*.gz"):
            path.replace(self.into / path.name)
        (self.staging / "sets").replace(self.into / "sets" / self.name)
        part = self.staging / MANIFEST
        part.write_text(json.dumps(after, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        part.replace(self.into / MANIFEST)
        self._prune([before, after])

    def _prune(self, manifests: list[dict[str, Any]]) -> None:
        """A page that is open now still asks for the files of the last manifest: they stay one import longer."""
        entries = [entry for manifest in manifests for entry in manifest.values()]
        kept = {name for entry in entries for name in files_of(entry)}
        folders = {entry["folder"].split("/")[1] for entry in entries}
        for path in self.into.glob("*.gz"):
            if path.name not in kept:
                path.unlink()
        for path in (self.into / "sets").iterdir():
            if path.name not in folders:
                shutil.rmtree(path)


def files_of(entry: dict[str, Any]) -> Iterator[str]:
    """The arc and name files that a manifest's entry names."""
    yield from (entry[key] for key in ("names", "province", "district", "commune") if key in entry)
    yield from entry["scopes"].values()


@contextmanager
def open_store(into: Path) -> Iterator[Store]:
    """A store for one import; what a killed import left is cleared. Raises ImportProblem while another one runs."""
    into.mkdir(parents=True, exist_ok=True)
    with (into / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ImportProblem("busy", folder=into) from error
        for left in into.glob(f"{_STAGING}*"):
            shutil.rmtree(left)
        staging = into / f"{_STAGING}{uuid4().hex[:12]}"
        staging.mkdir()
        try:
            yield Store(into, staging)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
