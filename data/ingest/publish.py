"""Publishing: a finished file gets its name, a note beside it, and then the pointer moves, atomically."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from data.errors import IngestRefused
from data.ingest.builder import SnapshotBuilder
from data.ingest.matrices import read_layout, read_set_figures
from data.ingest.summaries import list_reports_received, summarise_set
from data.ingest.value_files import write_value_files
from data.settings import Settings
from data.store import SCHEMA_VERSION, Pointer, hash_file, parse_pointer
from geo.units import boundary_sets


@contextmanager
def hold_write_lock(settings: Settings) -> Iterator[None]:
    """One writer at a time. Raises IngestRefused where another process is writing."""
    settings.snapshot_directory.mkdir(parents=True, exist_ok=True)
    with (settings.snapshot_directory / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            raise IngestRefused("INGEST-BUSY", "ingest.busy") from problem
        remove_leftovers(settings)
        yield


def remove_leftovers(settings: Settings) -> None:
    """Unfinished files of a writer that was stopped. Called under the lock, so nobody is writing them."""
    snapshots, values = settings.snapshot_directory, settings.value_directory
    for path in [*snapshots.glob(".building-*"), *snapshots.glob(".*.partial"), *values.glob(".*.partial")]:
        path.unlink(missing_ok=True)


def write_atomically(path: Path, text: str) -> None:
    """Replace a small file so that a reader sees the old text or the new, never half."""
    partial = path.with_name(f".{path.name}.partial")
    with partial.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def compute_derived_tables(builder: SnapshotBuilder, settings: Settings) -> None:
    """Months, sums, reports received and value files, from the figures in the builder. Sums that were copied stay."""
    with builder.timed("periods"):
        builder.fill_periods()
        unsummed = builder.list_unsummed_periods()
        builder.check_no_unit_twice(unsummed)
    for boundary_set in boundary_sets():
        with builder.timed("read_back"):
            figures = read_set_figures(builder, boundary_set)
        if figures is None:
            continue
        layout = read_layout(boundary_set)
        months = [number for number, period in enumerate(figures.periods) if period in unsummed]
        with builder.timed("summaries"):
            if months:
                builder.insert_frame("unit_summary", summarise_set(figures, layout, months))
                builder.insert_frame("report_received", list_reports_received(figures, layout, months))
        with builder.timed("value_files"):
            files = write_value_files(figures, layout, settings.value_directory)
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
        write_atomically(note, pointer.to_json())
        write_atomically(settings.pointer_file, pointer.to_json())
    return pointer


def read_whole_pointer(note: Path, file: Path) -> Pointer | None:
    """The pointer beside a snapshot whose file is there and whole."""
    try:
        pointer = parse_pointer(note.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return pointer if file.is_file() and hash_file(file) == pointer.sha256 else None


def make_building_path(settings: Settings) -> Path:
    """Where the file lies until it has its name."""
    return settings.snapshot_directory / f".building-{os.getpid()}.duckdb"
