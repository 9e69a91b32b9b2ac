"""What is published to other machines: one snapshot, its value files and the imported outlines, as a list of files with
their sums.

The list is one small JSON file. At the source it is called `current.json` and is the last thing that is written; every
file that it names has its content in its name and never changes.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from data.store import Pointer, Store, hash_file, pointer_from_fields

CURRENT = "current.json"
BUNDLES = "bundles"
FORMAT = 1
LARGEST_LIST = 2_000_000
# Where a file may lie, in the data directory as at the source; nothing else is ever written by name of a list.
PATHS = re.compile(
    r"snapshots/[0-9a-z-]{8,80}\.duckdb|values/[0-9a-f]{8,64}\.bin\.gz|outlines/[0-9A-Za-z.-]{1,120}\.gz"
)
SUM = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class BundleFile:
    """A file by its place below the data directory, its bytes and their SHA-256."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Bundle:
    """`outlines` is the manifest of the imported outlines; None where the shipped ones are in use."""

    pointer: Pointer
    files: tuple[BundleFile, ...]
    outlines: dict[str, Any] | None

    def to_json(self) -> str:
        fields = {
            "format": FORMAT,
            "snapshot": asdict(self.pointer),
            "files": [asdict(file) for file in self.files],
            "outlines": self.outlines,
        }
        return json.dumps(fields, ensure_ascii=False, indent=1) + "\n"


def parse_bundle(text: str) -> Bundle:
    """Read a list. Raises ValueError for anything that is not one, including a path that leads elsewhere and a snapshot that
    it does not hold."""
    try:
        fields = json.loads(text)
        if fields["format"] != FORMAT:
            raise ValueError(f"format {fields['format']!r}, not {FORMAT}")
        pointer = pointer_from_fields(fields["snapshot"])
        files = tuple(read_bundle_file(one) for one in fields["files"])
        outlines = fields["outlines"]
        if outlines is not None and not isinstance(outlines, dict):
            raise ValueError("the outlines are no manifest")
    except (TypeError, KeyError, AttributeError) as problem:
        raise ValueError(f"not a list of published files: {problem}") from problem
    if f"snapshots/{pointer.file}" not in {file.path for file in files if file.sha256 == pointer.sha256}:
        raise ValueError(f"the list does not hold its snapshot {pointer.file}")
    if len({file.path for file in files}) != len(files):
        raise ValueError("a file stands twice in the list")
    return Bundle(pointer, files, outlines)


def read_bundle_file(fields: dict[str, Any]) -> BundleFile:
    path, size, sha256 = fields["path"], fields["size"], fields["sha256"]
    if not isinstance(path, str) or not PATHS.fullmatch(path):
        raise ValueError(f"not the path of a published file: {path!r}")
    if not isinstance(size, int) or size < 0 or not isinstance(sha256, str) or not SUM.fullmatch(sha256):
        raise ValueError(f"no size or sum of {path}")
    return BundleFile(path, size, sha256)


def describe_bundle(store: Store, var_directory: Path) -> Bundle:
    """The list of an open snapshot and of the outlines in use. Raises FileNotFoundError where a file is missing."""
    manifest = var_directory / "outlines" / "manifest.json"
    outlines = json.loads(manifest.read_text("utf-8")) if manifest.is_file() else None
    paths = [f"snapshots/{store.pointer.file}"]
    paths += [f"values/{name}" for name in list_value_files(store)]
    paths += [f"outlines/{name}" for name in list_outline_files(outlines or {})]
    files = tuple(describe_file(var_directory, path) for path in dict.fromkeys(paths))
    return Bundle(store.pointer, files, outlines)


def describe_file(var_directory: Path, path: str) -> BundleFile:
    file = var_directory / path
    return BundleFile(path, file.stat().st_size, hash_file(file))


def list_value_files(store: Store) -> list[str]:
    """Every value file that a snapshot names, by name."""
    tables = store.query(
        "SELECT table_name FROM duckdb_tables() WHERE table_name IN ('value_file', 'public_value_file')"
    )["table_name"]
    return sorted({name for table in tables for name in store.query(f"SELECT file_name FROM {table}")["file_name"]})


def list_outline_files(manifest: dict[str, Any]) -> Iterator[str]:
    """The files that a manifest of outlines names: of every level, the names, and of every province."""
    for entry in manifest.values():
        yield from (entry[key] for key in ("names", "province", "district", "commune") if key in entry)
        yield from entry["scopes"].values()
