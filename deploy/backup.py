"""Backups of the data directory: whole ones that cost only what changed, each with the sum of every file.

`python -m deploy.backup make --to FOLDER` · `check BACKUP` · `restore BACKUP`. Snapshots, value files and received files never
change under their name, so a backup links what the one before it has (same name, size and time) and copies the rest.
What can be made again is left out: the cache, the static edition, documents, screens drawn ahead.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from data.atomic import sync_folder, write_atomically
from data.errors import UserError
from data.ingest.publish import hold_write_lock
from data.settings import Settings, get_settings
from data.store import hash_file
from text.formats import Formats
from text.words import Words

LEFT_OUT = frozenset({"cache", "site", "documents", "screens"})
SUMS = "SHA256SUMS"
PARTIAL = ".part"


class BackupRefused(UserError):
    """Nothing was changed; the sentence says what is wrong and what to do."""


@dataclass(frozen=True)
class Made:
    """A backup, how many files it has, and the bytes that were new."""

    folder: Path
    files: int
    new_bytes: int


def list_files(var: Path) -> Iterator[Path]:
    """What belongs into a backup, relative to the data directory, in order."""
    for path in sorted(var.rglob("*")):
        inside = path.relative_to(var)
        is_pending = path.name == ".lock" or path.name.endswith((".part", ".partial", ".fetching", ".wal"))
        if path.is_file() and not path.is_symlink() and inside.parts[0] not in LEFT_OUT and not is_pending:
            yield inside


def list_backups(folder: Path) -> list[Path]:
    """Whole backups, newest first."""
    found = [path for path in folder.glob("*") if (path / SUMS).is_file() and not path.name.endswith(PARTIAL)]
    return sorted(found, reverse=True)


def make(settings: Settings, folder: Path, keep: int, wait_seconds: float = 0) -> Made:
    """Write a backup into `folder` and remove all but the newest `keep`. No load or publishing runs meanwhile, so that what is
    copied is one state; readers notice nothing."""
    var = settings.var_directory
    if not (var / "snapshots").is_dir() and not (var / "public" / "snapshots").is_dir():
        raise BackupRefused("BACKUP-NO-STORE", "backup.no_store", directory=var)
    if folder.resolve().is_relative_to(var.resolve()):
        raise BackupRefused("BACKUP-INSIDE", "backup.inside", folder=folder)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    part = target.with_name(target.name + PARTIAL)
    before = next(iter(list_backups(folder)), None)
    known = read_sums(before) if before else {}
    sums: dict[str, str] = {}
    new_bytes = 0
    with ExitStack() as held:
        for edition in ("internal", "public"):
            one = replace(settings, edition=edition, source_url="")
            if one.snapshot_directory.is_dir():
                held.enter_context(hold_write_lock(one, wait_seconds))
        for left in folder.glob(f"*{PARTIAL}"):
            shutil.rmtree(left)
        for inside in list_files(var):
            into = part / inside
            into.parent.mkdir(parents=True, exist_ok=True)
            if before is not None and str(inside) in known and is_same(var / inside, before / inside):
                os.link(before / inside, into)
                sums[str(inside)] = known[str(inside)]
                continue
            shutil.copy2(var / inside, into)
            sums[str(inside)] = hash_file(into)
            new_bytes += into.stat().st_size
    write_atomically(part / SUMS, "".join(f"{sums[name]}  {name}\n" for name in sorted(sums)))
    part.rename(target)
    sync_folder(folder)
    for old in list_backups(folder)[keep:]:
        shutil.rmtree(old)
    return Made(target, len(sums), new_bytes)


def is_same(file: Path, other: Path) -> bool:
    if not other.is_file():
        return False
    here, there = file.stat(), other.stat()
    return (here.st_size, here.st_mtime_ns) == (there.st_size, there.st_mtime_ns)


def read_sums(backup: Path) -> dict[str, str]:
    """Name: sum. Raises BackupRefused for a folder that is no backup, or that names a file outside of it."""
    try:
        lines = (backup / SUMS).read_text("utf-8").splitlines()
    except OSError as problem:
        raise BackupRefused("BACKUP-NONE", "backup.none", backup=backup, file=SUMS) from problem
    sums = {}
    for line in lines:
        digest, _, name = line.partition("  ")
        if len(digest) != 64 or Path(name).is_absolute() or ".." in Path(name).parts:
            raise BackupRefused("BACKUP-LIST-DAMAGED", "backup.list_damaged", file=backup / SUMS, line=line[:80])
        sums[name] = digest
    return sums


def find_damage(backup: Path) -> list[str]:
    """Files that are missing or not what they were, by reading everything."""
    return [
        name
        for name, digest in read_sums(backup).items()
        if not (backup / name).is_file() or hash_file(backup / name) != digest
    ]


def refuse_damaged(backup: Path, damaged: Sequence[str]) -> BackupRefused:
    names = ", ".join(damaged[:5])
    return BackupRefused("BACKUP-DAMAGED", "backup.damaged", backup=backup, count=len(damaged), file=names)


def restore(backup: Path, var: Path) -> int:
    """Put a backup in the place of the data directory; what is there is moved aside and stays. Returns how many files there are.

    Everything is checked and copied first: the directory is replaced by two renames, or not at all.
    """
    damaged = find_damage(backup)
    if damaged:
        raise refuse_damaged(backup, damaged)
    names = read_sums(backup)
    part = var.with_name(f"{var.name}{PARTIAL}")
    if part.exists():
        shutil.rmtree(part)
    for name in names:
        into = part / name
        into.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(backup / name, into)
    if var.exists():
        aside = var.with_name(f"{var.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}")
        var.rename(aside)
    part.rename(var)
    return len(names)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m deploy.backup", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    making = commands.add_parser("make", help="write a backup of the data directory")
    making.add_argument("--to", type=Path, required=True, help="the folder of backups, on another disk")
    making.add_argument("--keep", type=int, default=30, help="how many stay (30)")
    making.add_argument("--wait", type=float, default=0, metavar="SECONDS", help="wait where something is loaded")
    checking = commands.add_parser("check", help="read a backup through")
    checking.add_argument("backup", type=Path)
    restoring = commands.add_parser("restore", help="put a backup in force; what is there is moved aside")
    restoring.add_argument("backup", type=Path)
    chosen = parser.parse_args(arguments)
    settings, words, numbers = get_settings(), Words("vi"), Formats("vi")
    try:
        if chosen.command == "make":
            made = make(settings, chosen.to, max(1, chosen.keep), chosen.wait)
            size = numbers.number(made.new_bytes / 1e6, 1)
            print(words.say("backup.made", folder=made.folder, files=numbers.count(made.files), megabytes=size))
        elif chosen.command == "check":
            damaged = find_damage(chosen.backup)
            if damaged:
                raise refuse_damaged(chosen.backup, damaged)
            print(words.say("backup.whole", backup=chosen.backup))
        else:
            count = restore(chosen.backup, settings.var_directory)
            print(words.say("backup.restored", directory=settings.var_directory, files=numbers.count(count)))
    except UserError as problem:
        print(words.say(problem.words_key, **problem.values), file=sys.stderr)
        return 1
    except OSError as problem:
        # A folder that takes nothing, a full disk: what is half written is cleared by the next backup.
        print(words.say("backup.no_place", path=problem.filename or "", detail=problem.strerror), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
