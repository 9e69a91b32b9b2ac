"""The archive of received files: each kept untouched under its hash, outside the repository."""

import hashlib
import os
import shutil
from pathlib import Path

from data.settings import Settings


def hash_received(path: Path) -> str:
    """SHA-256 of a received file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def archive_file(path: Path, sha256: str, settings: Settings) -> Path:
    """Keep the file untouched under its hash; a file that is there already stays as it is."""
    folder = settings.archive_directory
    kept = folder / f"{sha256}{path.suffix.lower()}"
    if kept.exists():
        return kept
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f".{kept.name}.partial"
    with path.open("rb") as received, partial.open("wb") as copy:
        shutil.copyfileobj(received, copy)
    if hash_received(partial) != sha256:
        partial.unlink()
        raise OSError(f"{path.name} changed while it was read")
    partial.replace(kept)
    return kept


def find_archived(sha256: str, settings: Settings) -> Path | None:
    """Where a received file is kept; None where it is not."""
    return next(settings.archive_directory.glob(f"{sha256}.*"), None)


def sync_archive() -> None:
    """Have everything archived on the disk before a snapshot names it: one call for all files of a load."""
    os.sync()
