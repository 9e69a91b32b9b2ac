"""Read-only access to the current snapshot.

A snapshot is one immutable DuckDB file named after its content. `snapshots/current.json` points at the one in use and
is replaced atomically; a running process notices and re-opens. Replacing the file itself would not work: DuckDB keeps
one instance per path, so a running process would go on with the old data.
"""

import hashlib
import json
import logging
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb
import pandas as pd

from data.errors import StoreUnavailable
from data.settings import Settings, get_settings

SCHEMA_VERSION = 5
# Later versions only added tables and columns: an older snapshot still answers every question it could answer before.
OLDEST_READABLE_SCHEMA = 1
EDITION_KEY = "edition"
POINTER, HELD = "current.json", "held.json"


@dataclass(frozen=True)
class Pointer:
    """What `current.json` and the `<id>.json` beside each snapshot say. `sha256` is of the file, `id` of its logical
    content."""

    id: str
    file: str
    sha256: str
    schema_version: int
    made_at: str

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"


def parse_pointer(text: str) -> Pointer:
    """Read a pointer. Raises ValueError for anything that is not one, including a file name that leaves the
    directory."""
    try:
        return pointer_from_fields(json.loads(text))
    except (TypeError, KeyError, ValueError) as problem:
        raise ValueError(f"not a snapshot pointer: {problem}") from problem


def pointer_from_fields(fields: Mapping[str, object]) -> Pointer:
    """A pointer from the fields of its JSON. Raises TypeError, KeyError or ValueError where they are not one's."""
    pointer = Pointer(
        id=str(fields["id"]),
        file=str(fields["file"]),
        sha256=str(fields["sha256"]),
        schema_version=int(str(fields["schema_version"])),
        made_at=str(fields["made_at"]),
    )
    if Path(pointer.file).name != pointer.file or not pointer.file.endswith(".duckdb"):
        raise ValueError(f"not the name of a snapshot file: {pointer.file!r}")
    return pointer


def hash_file(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def list_snapshots(directory: Path) -> list[Pointer]:
    """Every snapshot that has a readable `<id>.json`, newest first. Whether its file is whole is checked when it is
    opened."""
    found = []
    for path in directory.glob("*.json"):
        if path.name in (POINTER, HELD):
            continue
        try:
            found.append(parse_pointer(path.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            continue
    return sorted(found, key=lambda pointer: (pointer.made_at, pointer.id), reverse=True)


class Store:
    """One open snapshot. Safe to share between threads: every query takes a cursor of its own and fetches all rows.

    `fallback_from` is the id of the snapshot that should have been opened and was damaged, or None. `edition` is that of the
    file: one that was reduced for the public has no other figures in it (data/ingest/public_edition.py).
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        pointer: Pointer,
        fallback_from: str | None = None,
        edition: str = "internal",
    ) -> None:
        self._connection = connection
        self.pointer = pointer
        self.fallback_from = fallback_from
        self.edition = edition
        # How single provinces see this snapshot (data/audience_store.py): one store each, as long as this one lives.
        self.audiences: dict[object, Store] = {}
        self.audiences_lock = threading.Lock()

    @property
    def snapshot_id(self) -> str:
        return self.pointer.id

    def query(self, sql: str, parameters: Sequence[object] | dict[str, object] | None = None) -> pd.DataFrame:
        """Run one statement and return all its rows. `parameters` are bound, never put into the text.

        Text comes as str with NaN for NULL, DECIMAL as exact Decimal, DATE as datetime.date.
        """
        # One connection shared by threads hands out another thread's rows; a cursor is a connection of its own.
        cursor = self._connection.cursor()
        try:
            # By way of Arrow: 11,160 rows of text take 8 ms instead of 50.
            return cursor.sql(sql, params=parameters or None).to_arrow_table().to_pandas()
        finally:
            cursor.close()

    def close(self) -> None:
        self._connection.close()


def connect_read_only(path: Path, settings: Settings) -> duckdb.DuckDBPyConnection:
    """Open a snapshot so that no statement can reach a file, the network or a setting."""
    return duckdb.connect(
        str(path),
        read_only=True,
        config={
            "enable_external_access": "false",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
            "allow_persistent_secrets": "false",
            "memory_limit": settings.memory_limit,
            # A question larger than the limit goes to the disk here, and never beside the snapshot.
            "temp_directory": str(settings.cache_directory / "spill"),
            "threads": str(settings.threads),
            "max_execution_time": str(settings.max_query_seconds * 1000),
            "lock_configuration": "true",
        },
    )


def open_snapshot(pointer: Pointer, settings: Settings) -> Store:
    """Open one snapshot after checking that it is whole and ours. Raises StoreUnavailable saying what is wrong with
    it."""
    path = settings.snapshot_directory / pointer.file
    if not path.is_file():
        raise StoreUnavailable("STORE-MISSING-FILE", "store.missing_file", file=pointer.file)
    if not OLDEST_READABLE_SCHEMA <= pointer.schema_version <= SCHEMA_VERSION:
        raise StoreUnavailable(
            "STORE-SCHEMA",
            "store.other_schema",
            file=pointer.file,
            found=pointer.schema_version,
            expected=SCHEMA_VERSION,
        )
    # A truncated DuckDB file can open and answer with wrong figures: the sum is checked before anything is read.
    if hash_file(path) != pointer.sha256:
        raise StoreUnavailable("STORE-DAMAGED", "store.damaged", file=pointer.file)
    try:
        connection = connect_read_only(path, settings)
    except duckdb.Error as problem:
        raise StoreUnavailable("STORE-DAMAGED", "store.damaged", file=pointer.file) from problem
    try:
        meta = dict(connection.execute("SELECT key, value FROM meta").fetchall())
    except duckdb.Error as problem:
        connection.close()
        raise StoreUnavailable("STORE-FOREIGN", "store.foreign", file=pointer.file) from problem
    if meta.get("snapshot_id") != pointer.id:
        connection.close()
        raise StoreUnavailable("STORE-FOREIGN", "store.foreign", file=pointer.file)
    edition = meta.get(EDITION_KEY, "internal")
    if edition != settings.edition:
        # Whatever was copied where: the public never reads a whole snapshot, and nothing is built on a reduced one.
        connection.close()
        raise StoreUnavailable("STORE-EDITION", f"store.is_{edition}", file=pointer.file)
    return Store(connection, pointer, edition=edition)


def open_current(settings: Settings) -> Store:
    """Open the snapshot that `current.json` names; if it is damaged, the newest whole one, with `fallback_from` set. One that
    waits to be put in force (`held.json`) is no substitute.

    Raises StoreUnavailable where there is no store at all, or none that is whole.
    """
    problems: list[StoreUnavailable] = []
    wanted: Pointer | None = None
    wanted_name = POINTER
    if settings.pointer_file.is_file():
        try:
            wanted = parse_pointer(settings.pointer_file.read_text(encoding="utf-8"))
            wanted_name = wanted.id
            return open_snapshot(wanted, settings)
        except StoreUnavailable as problem:
            problems.append(problem)
        except (OSError, ValueError) as problem:
            problems.append(StoreUnavailable("STORE-POINTER", "store.pointer_unreadable", detail=str(problem)))
    # After a rollback the pointer names an older snapshot: the one *before* it is the safe choice, then any other.
    left_out = {wanted.id if wanted else None, find_held(settings)}
    others = [pointer for pointer in list_snapshots(settings.snapshot_directory) if pointer.id not in left_out]
    if wanted is not None:
        followed = read_followed(settings.snapshot_directory, wanted.id)
        others.sort(key=lambda pointer: (pointer.id != followed, pointer.made_at > wanted.made_at))
    for pointer in others:
        try:
            store = open_snapshot(pointer, settings)
        except StoreUnavailable as problem:
            problems.append(problem)
            continue
        store.fallback_from = wanted_name
        return store
    if problems:
        raise problems[0]
    key = "store.none_public" if settings.edition == "public" else "store.none"
    raise StoreUnavailable("STORE-NONE", key, directory=str(settings.snapshot_directory))


def read_followed(directory: Path, snapshot_id: str) -> str | None:
    """The snapshot that was in force when another one was published, by the note beside that: the one to go back to. None where
    no note says so (the first one, those of a replica, those from before this was noted): then the age has to do."""
    with suppress(OSError, ValueError, AttributeError):
        return json.loads((directory / Path(f"{snapshot_id}.json").name).read_text(encoding="utf-8")).get("follows")
    return None


def find_held(settings: Settings) -> str | None:
    """The id of the snapshot that waits to be put in force, for those to whom it is not to be shown; None where none waits."""
    if settings.is_held:
        return None
    with suppress(OSError, ValueError):
        return parse_pointer((settings.snapshot_directory / HELD).read_text(encoding="utf-8")).id
    return None


def open_undamaged(settings: Settings) -> Store:
    """The snapshot in force. Raises StoreUnavailable where it is damaged: what is built on an older one would lose what
    came since."""
    store = open_current(settings)
    if store.fallback_from is not None:
        store.close()
        raise StoreUnavailable("STORE-DAMAGED", "snapshot.current_damaged", id=store.fallback_from)
    return store


def tell_opened(store: Store, began: float) -> None:
    """One line of the log (ui/journal.py): which snapshot was opened, and how long checking and opening it took."""
    fields = {
        "snapshot": store.snapshot_id,
        "made_at": store.pointer.made_at,
        "fallback_from": store.fallback_from,
        "ms": round((time.perf_counter() - began) * 1000),
    }
    logging.getLogger("baophu").info("snapshot_opened", extra={"fields": fields})


class CurrentStore:
    """Keeps the current snapshot open, and opens the next one when the pointer changes.

    A store handed out earlier stays usable by whoever holds it, so a page that is being drawn sees one snapshot
    throughout.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._store: Store | None = None
        self._seen: bytes | None = None
        self._read: tuple[int, int, int] | None = None  # which file was read last

    def get(self) -> Store:
        """The store of the snapshot in force. Costs one look at a file's entry; raises StoreUnavailable as `open_current`
        does."""
        with self._lock:
            try:
                # A pointer is put in the place of the one before (data/ingest/publish.py), so another one is another file.
                found = self._settings.pointer_file.stat()
                entry = (found.st_ino, found.st_mtime_ns, found.st_size)
                if self._store is not None and entry == self._read:
                    return self._store
                seen = self._settings.pointer_file.read_bytes()
            except OSError:
                seen, entry = None, None
            if self._store is None or (seen is not None and seen != self._seen):
                began = time.perf_counter()
                try:
                    store = open_current(self._settings)
                    self._store, self._seen = store, seen
                    tell_opened(store, began)
                except StoreUnavailable:
                    # The last good snapshot is better than none; the next call tries again.
                    if self._store is None:
                        raise
                    return self._store
            self._read = entry
            return self._store


_current_stores: dict[tuple[Path, str], CurrentStore] = {}
_current_stores_lock = threading.Lock()


def get_store(settings: Settings | None = None) -> Store:
    """The store in force for `settings` (this process's own where none are given)."""
    chosen = settings or get_settings()
    with _current_stores_lock:
        holder = _current_stores.setdefault((chosen.snapshot_directory, chosen.pointer_file.name), CurrentStore(chosen))
    return holder.get()
