"""Publishing: a finished file gets its name, a note beside it, and then the pointer moves, atomically."""

import errno
import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import duckdb

from data.atomic import write_atomically
from data.errors import IngestRefused, UserError
from data.ingest.builder import SnapshotBuilder
from data.ingest.leftovers import remove_leftovers, remove_unnamed_values
from data.ingest.map_files import drop_stale_files
from data.ingest.matrices import read_layout, read_set_figures
from data.ingest.summaries import list_reports_received, summarise_set
from data.ingest.value_files import write_value_files
from data.remote import hide_password
from data.settings import Settings
from data.store import SCHEMA_VERSION, Pointer, hash_file, parse_pointer
from geo.units import boundary_sets

LOCK_POLL_SECONDS = 0.2
NO_PLACE = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


@contextmanager
def hold_write_lock(settings: Settings, wait_seconds: float = 0) -> Iterator[None]:
    """One writer at a time.

    Raises IngestRefused where another process is still writing after `wait_seconds`, and UserError where the disk takes
    no more or the store is a replica of another; what readers see stays as it was.
    """
    if settings.source_url:
        raise UserError("STORE-REPLICA", "source.no_writing", url=hide_password(settings.source_url))
    try:
        settings.snapshot_directory.mkdir(parents=True, exist_ok=True)
        with (settings.snapshot_directory / ".lock").open("w") as lock:
            take_lock(lock, wait_seconds)
            remove_leftovers(settings)
            try:
                yield
            except BaseException:
                # Value files of a snapshot that was not published.
                with suppress(OSError, duckdb.Error):
                    remove_unnamed_values(settings)
                raise
    except OSError as problem:
        if problem.errno not in NO_PLACE:
            raise
        raise explain_no_place(settings, problem) from problem
    except duckdb.Error as problem:
        if os.strerror(errno.ENOSPC) not in str(problem):
            raise
        raise explain_no_place(settings, problem) from problem


def take_lock(lock: IO[str], wait_seconds: float) -> None:
    """Take the lock, or wait for it. The system frees the lock of a process that was killed."""
    last = time.monotonic() + wait_seconds
    while True:
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            if time.monotonic() >= last:
                raise IngestRefused("INGEST-BUSY", "ingest.busy") from problem
        time.sleep(LOCK_POLL_SECONDS)


def explain_no_place(settings: Settings, problem: Exception) -> UserError:
    """What to tell a person whose disk is full or cannot be written to."""
    free = shutil.disk_usage(settings.var_directory).free if settings.var_directory.is_dir() else 0
    return UserError(
        "STORE-NO-PLACE",
        "snapshot.no_place",
        directory=settings.var_directory,
        megabytes=free // 1_000_000,
        detail=str(problem).splitlines()[0],
    )


def compute_derived_tables(builder: SnapshotBuilder, settings: Settings) -> None:
    """Months, sums, reports received and value files, from the figures in the builder. What was taken over stays."""
    with builder.timed("periods"):
        builder.fill_periods()
        unsummed = builder.list_unsummed_periods()
        builder.check_no_unit_twice(unsummed)
        stale = drop_stale_files(builder, unsummed, settings.value_directory)
    for boundary_set in boundary_sets():
        with builder.timed("read_back"):
            programmes = [programme for owner, programme in stale if owner == boundary_set]
            figures = read_set_figures(builder, boundary_set, programmes, unsummed)
        if figures is None:
            continue
        layout = read_layout(boundary_set)
        months = [number for number, period in enumerate(figures.periods) if period in unsummed]
        with builder.timed("summaries"):
            if months:
                builder.insert_frame("unit_summary", summarise_set(figures, layout, months, builder.programmes))
                builder.insert_frame("report_received", list_reports_received(figures, layout, months))
        with builder.timed("value_files"):
            files = write_value_files(figures, layout, settings.value_directory, builder.programmes)
            if len(files):
                builder.insert_frame("value_file", files)


def publish_snapshot(builder: SnapshotBuilder, settings: Settings) -> Pointer:
    """Seal the file, give it its name and point to it. The same content published twice keeps its first file."""
    with builder.timed("seal"):
        snapshot_id = builder.hash_content()
        builder.seal(snapshot_id)
    with builder.timed("publish"):
        name = f"{snapshot_id}.duckdb"
        final = settings.snapshot_directory / name
        note = settings.snapshot_directory / f"{snapshot_id}.json"
        published = read_whole_pointer(note, final)
        if published is not None:
            # A file in use is never replaced: a running process would keep answering from the old one.
            builder.path.unlink()
            write_atomically(settings.pointer_file, published.to_json())
            return published
        sha256 = hash_file(builder.path)
        with builder.path.open("rb") as stream:
            os.fsync(stream.fileno())
        builder.path.replace(final)
        pointer = Pointer(
            snapshot_id, name, sha256, SCHEMA_VERSION, datetime.now(UTC).isoformat(timespec="milliseconds")
        )
        write_atomically(note, write_note(pointer, settings))
        write_atomically(settings.pointer_file, pointer.to_json())
    return pointer


def write_note(pointer: Pointer, settings: Settings) -> str:
    """The note beside a snapshot: its pointer, and which one was in force until now. Going back goes there: by its age the one
    before may be one that was gone back from."""
    fields = json.loads(pointer.to_json())
    with suppress(OSError, ValueError):
        text = replace(settings, is_held=False).pointer_file.read_text(encoding="utf-8")
        fields["follows"] = parse_pointer(text).id
    return json.dumps(fields, ensure_ascii=False, indent=1) + "\n"


def read_whole_pointer(note: Path, file: Path) -> Pointer | None:
    """The pointer beside a snapshot whose file is there and whole."""
    try:
        pointer = parse_pointer(note.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return pointer if file.is_file() and hash_file(file) == pointer.sha256 else None
