"""From a received .xlsx to plain cells: checked from outside first, then parsed by a child process with limits."""

import json
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from data.errors import IngestRefused
from data.ingest.cells import Cell
from data.ingest.read_cells import EXTENT_STATUS
from data.settings import PROJECT_ROOT

LARGEST_FILE = 30_000_000
LARGEST_EXPANDED = 120_000_000
MOST_ENTRIES = 2_000
SECONDS_TO_READ = 30
ZIP_MAGIC = b"PK\x03\x04"


@dataclass(frozen=True)
class Sheet:
    """One sheet: `rows[r][c]` is the cell in row r+1 and column c (0 is A); rows may differ in length."""

    name: str
    rows: list[list[Cell]]


def check_container(path: Path) -> None:
    """Refuse what is no .xlsx or would unpack to too much. Reads only the zip's table of contents. Raises
    IngestRefused."""
    if not path.is_file():
        raise IngestRefused("INGEST-NOT-FOUND", "ingest.not_found", file=path.name)
    with path.open("rb") as stream:
        magic = stream.read(4)
    if magic != ZIP_MAGIC or path.stat().st_size > LARGEST_FILE:
        raise IngestRefused("INGEST-NOT-XLSX", "ingest.not_a_workbook", file=path.name)
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as problem:
        raise IngestRefused("INGEST-NOT-XLSX", "ingest.not_a_workbook", file=path.name) from problem
    expanded = sum(entry.file_size for entry in entries)
    if expanded > LARGEST_EXPANDED or len(entries) > MOST_ENTRIES:
        raise IngestRefused("INGEST-ZIP", "ingest.zip_too_large", file=path.name, megabytes=expanded // 1_000_000)
    if "xl/workbook.xml" not in {entry.filename for entry in entries}:
        raise IngestRefused("INGEST-NOT-XLSX", "ingest.not_a_workbook", file=path.name)


def read_sheets(path: Path) -> list[Sheet]:
    """The visible sheets of a workbook. Raises IngestRefused; nothing of the file is parsed in this process."""
    check_container(path)
    try:
        child = subprocess.run(
            [sys.executable, "-m", "data.ingest.read_cells", str(path.resolve())],
            capture_output=True,
            timeout=SECONDS_TO_READ,
            cwd=PROJECT_ROOT,
            check=False,
        )
    except subprocess.TimeoutExpired as problem:
        raise IngestRefused("INGEST-LIMIT", "ingest.took_too_long", file=path.name) from problem
    if child.returncode == EXTENT_STATUS:
        cell = child.stdout.decode("ascii", "replace").strip()
        raise IngestRefused("INGEST-EXTENT", "ingest.sheet_too_large", file=path.name, cell=cell)
    if child.returncode < 0:
        raise IngestRefused("INGEST-LIMIT", "ingest.took_too_long", file=path.name)
    if child.returncode != 0:
        raise IngestRefused("INGEST-UNREADABLE", "ingest.unreadable", file=path.name)
    return [Sheet(sheet["name"], sheet["rows"]) for sheet in json.loads(child.stdout)]
