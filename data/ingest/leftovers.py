"""What a writer that was stopped leaves behind, and how it is cleared. Called under the write lock only.

A snapshot is its file and the note `<id>.json` beside it. The note is written last and removed first, so a file without
one belongs to nobody.
"""

from pathlib import Path

import duckdb

from data.settings import Settings
from data.store import connect_read_only, list_snapshots

VALUE_FILES = "*.bin.gz"


def remove_leftovers(settings: Settings) -> None:
    """Unfinished files, and the value files that were written for them. Nothing that a snapshot names is touched."""
    snapshots, values = settings.snapshot_directory, settings.value_directory
    noted = {pointer.file for pointer in list_snapshots(snapshots)}
    unfinished = [
        *snapshots.glob(".building-*"),
        *snapshots.glob(".*.partial"),
        *values.glob(".*.partial"),
        *settings.rules_directory.glob(".*.partial"),
        *settings.archive_directory.glob(".*.partial"),
        *(path for path in snapshots.glob("*.duckdb") if path.name not in noted and not has_note(path)),
        *snapshots.glob("*.duckdb.wal"),
    ]
    for path in unfinished:
        path.unlink(missing_ok=True)
    if unfinished:
        remove_unnamed_values(settings)


def has_note(path: Path) -> bool:
    """Whether a note lies beside a snapshot file, readable or not: a damaged one is for a person to look at."""
    return path.with_suffix(".json").exists()


def remove_unnamed_values(settings: Settings) -> list[tuple[Path, int]]:
    """Remove the value files that no snapshot names; returns each with its bytes. Nothing is removed while a snapshot
    cannot be read, since it may be put back."""
    named = list_named_values(settings)
    if named is None:
        return []
    removed = []
    for path in settings.value_directory.glob(VALUE_FILES):
        if path.name not in named:
            removed.append((path, path.stat().st_size))
            path.unlink()
    return removed


def list_named_values(settings: Settings) -> set[str] | None:
    """The value files that the snapshots name; None where one of them cannot be read."""
    named: set[str] = set()
    for pointer in list_snapshots(settings.snapshot_directory):
        try:
            connection = connect_read_only(settings.snapshot_directory / pointer.file, settings)
        except duckdb.Error:
            return None
        try:
            tables = connection.execute(
                "SELECT table_name FROM duckdb_tables() WHERE table_name IN ('value_file', 'public_value_file')"
            ).fetchall()
            for (table,) in tables:
                named |= {row[0] for row in connection.execute(f"SELECT file_name FROM {table}").fetchall()}
        except duckdb.Error:
            return None
        finally:
            connection.close()
    return named
