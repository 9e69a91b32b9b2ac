"""Screens drawn ahead, in one file that many processes write together once and every server of the machine reads.

What a screen is, and under which name, is the drawing side's to know (ui/screens.py); here are names of 16 bytes and bytes.
SQLite, since it is a table of bytes by key that is written once: DuckDB reads columns of many rows, this one row of many.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable
from contextlib import closing, suppress
from pathlib import Path

SUFFIX = ".screens"
CREATE = "CREATE TABLE screen (name BLOB PRIMARY KEY, drawn BLOB NOT NULL) WITHOUT ROWID"
READ = "SELECT drawn FROM screen WHERE name = ?"
COUNT = "SELECT count(*) FROM screen"
WRITE = "INSERT OR IGNORE INTO screen VALUES (?, ?)"
TAKE_OVER = "INSERT OR IGNORE INTO screen SELECT name, drawn FROM part.screen"


class ScreenBook:
    """A finished file, read only; `get` may be called from any thread."""

    def __init__(self, path: Path) -> None:
        """Raises sqlite3.Error where the file is none, or is damaged in its head."""
        self.path = path
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        try:
            (self.count,) = self._connection.execute(COUNT).fetchone()
        except sqlite3.Error:
            self._connection.close()
            raise

    def get(self, name: bytes) -> bytes | None:
        """What is kept under a name; None where there is nothing, or where the file can no longer be read."""
        with self._lock, suppress(sqlite3.Error):
            found = self._connection.execute(READ, (name,)).fetchone()
            return None if found is None else found[0]
        return None

    def close(self) -> None:
        with self._lock:
            self._connection.close()


def open_book(path: Path) -> ScreenBook | None:
    """The book at `path`; None where there is none that can be read."""
    if not path.is_file():
        return None
    with suppress(sqlite3.Error):
        return ScreenBook(path)
    return None


class BookPart:
    """A part that one process writes; `join_parts` makes the book of them."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(path, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode = OFF")  # a part that was not finished is thrown away
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.execute(CREATE)

    def add(self, name: bytes, drawn: bytes) -> None:
        """From any thread."""
        with self._lock:
            self._connection.execute(WRITE, (name, drawn))

    def finish(self) -> None:
        self._connection.commit()
        self._connection.close()


def join_parts(parts: Iterable[Path], path: Path) -> int:
    """Make the book at `path` of finished parts, which go; how many screens it holds. Whoever opens `path` meanwhile finds the
    book that was there before, or none."""
    made = path.with_name(f".{path.name}.new")
    made.unlink(missing_ok=True)
    with closing(sqlite3.connect(made)) as connection:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute(CREATE)
        for part in parts:
            connection.execute("ATTACH DATABASE ? AS part", (str(part),))
            connection.execute(TAKE_OVER)
            connection.commit()
            connection.execute("DETACH DATABASE part")
            part.unlink()
        (count,) = connection.execute(COUNT).fetchone()
    made.replace(path)
    return count
