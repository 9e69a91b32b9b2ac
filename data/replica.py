"""A replica: takes its snapshots from another machine, and switches to a new one once everything of it is here and whole.

What it holds stays in force until then, whatever the source says or does not say. Nothing is ever half there: a file gets
its name after its sum was checked, the manifest of the outlines and the pointer are replaced by one rename each, the
pointer last.
"""

import errno
import fcntl
import json
import logging
import os
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from data.atomic import sync_folder, write_atomically
from data.bundle import CURRENT, LARGEST_LIST, PATHS, Bundle, BundleFile, parse_bundle
from data.errors import StoreUnavailable, UserError
from data.remote import Remote, SourceUnavailable
from data.settings import Settings
from data.store import OLDEST_READABLE_SCHEMA, SCHEMA_VERSION, hash_file, list_snapshots, open_snapshot, parse_pointer

KEPT_LISTS = 3  # a page that is open now still asks for the map files of the list before
PARTIAL = ".{name}.fetching"
FOLDERS = ("snapshots", "values", "outlines")


@dataclass(frozen=True)
class Pulled:
    """What came of one question to the source: the snapshot in force (empty where another process of this machine is at
    it), and whether anything changed."""

    snapshot_id: str
    switched: bool
    files: int = 0
    bytes: int = 0


def pull(
    settings: Settings,
    *,
    check: bool = False,
    hold: bool = False,
    on_file: Callable[[BundleFile, int, int], None] = lambda file, done, total: None,
) -> Pulled:
    """Ask the source and take what it has. `check` reads every file that is here already and fetches the damaged ones anew. With
    `hold` a new snapshot waits (`held.json`) while its screens are drawn; the next `pull` puts in force what the source has then.

    Raises SourceUnavailable where the source or what it names cannot be used, StoreUnavailable where its snapshot is not
    one that this program can read, UserError where the disk takes no more; the snapshot in force stays in every case.
    """
    remote = Remote(settings.source_url)
    with hold_pull_lock(settings) as is_mine:
        if not is_mine:
            return Pulled("", switched=False)
        refuse_own_store(settings)
        bundle = read_bundle(remote)
        try:
            return apply_bundle(bundle, remote, settings, check, hold, on_file)
        except OSError as problem:
            if problem.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES):
                raise
            raise UserError(
                "REPLICA-NO-PLACE", "source.no_place", directory=settings.store_directory, detail=problem.strerror
            ) from problem


@contextmanager
def hold_pull_lock(settings: Settings) -> Iterator[bool]:
    """True for the one process that may write. The system frees the lock of a process that was killed."""
    for folder in FOLDERS:
        (settings.store_directory / folder).mkdir(parents=True, exist_ok=True)
    with (settings.snapshot_directory / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def refuse_own_store(settings: Settings) -> None:
    """A data directory that has snapshots and never had a source is somebody's own store: nothing of it may be removed."""
    if not settings.applied_file.exists() and list_snapshots(settings.snapshot_directory):
        raise UserError("REPLICA-OWN-STORE", "source.own_store", directory=settings.store_directory)


def read_bundle(remote: Remote) -> Bundle:
    """What the source publishes now. Raises SourceUnavailable, and StoreUnavailable for a snapshot of another schema: it
    would be fetched in vain."""
    content = remote.read_small(CURRENT, LARGEST_LIST)
    try:
        bundle = parse_bundle(content.decode("utf-8"))
    except ValueError as problem:
        raise SourceUnavailable(
            "SOURCE-POINTER", "source.pointer_unreadable", url=remote.shown, detail=str(problem)
        ) from problem
    version = bundle.pointer.schema_version
    if not OLDEST_READABLE_SCHEMA <= version <= SCHEMA_VERSION:
        raise StoreUnavailable(
            "STORE-SCHEMA", "store.other_schema", file=bundle.pointer.file, found=version, expected=SCHEMA_VERSION
        )
    return bundle


def apply_bundle(
    bundle: Bundle,
    remote: Remote,
    settings: Settings,
    check: bool,
    hold: bool,
    on_file: Callable[[BundleFile, int, int], None],
) -> Pulled:
    """Fetch what is not here, then put it in force, or with `hold` let it wait."""
    remove_partials(settings)
    held = replace(settings, is_held=True).pointer_file
    wanted = [file for file in bundle.files if not is_here(settings.store_directory / file.path, file, check)]
    for done, file in enumerate(wanted):
        on_file(file, done, len(wanted))
        fetch_file(file, remote, settings)
    if not wanted and is_in_force(bundle, settings):
        held.unlink(missing_ok=True)
        return Pulled(bundle.pointer.id, switched=False)
    for folder in FOLDERS:
        sync_folder(settings.store_directory / folder)
    if not settings.applied_file.exists():
        write_atomically(settings.applied_file, "[]\n")
    # Opened before anybody is pointed to it: a file with the right sum may still be none of ours.
    open_snapshot(bundle.pointer, settings).close()
    write_atomically(settings.snapshot_directory / f"{bundle.pointer.id}.json", bundle.pointer.to_json())
    if hold and settings.pointer_file.is_file():  # readers who have nothing yet do not wait for screens
        write_atomically(held, bundle.pointer.to_json())
        return Pulled(bundle.pointer.id, False, len(wanted), sum(file.size for file in wanted))
    put_outlines_in_force(bundle, settings)
    write_atomically(settings.pointer_file, bundle.pointer.to_json())
    held.unlink(missing_ok=True)
    remember(bundle, settings)
    return Pulled(bundle.pointer.id, True, len(wanted), sum(file.size for file in wanted))


def is_here(path: Path, file: BundleFile, check: bool) -> bool:
    """Whether a file need not be fetched. Without `check` its size is enough: it got its name after its sum was right."""
    if not path.is_file() or path.stat().st_size != file.size:
        return False
    return not check or hash_file(path) == file.sha256


def fetch_file(file: BundleFile, remote: Remote, settings: Settings) -> None:
    """One file, under its name only once it is whole and on the disk."""
    path = settings.store_directory / file.path
    partial = path.with_name(PARTIAL.format(name=path.name))
    remote.fetch(file.path, partial, file.size, file.sha256)
    with partial.open("rb") as stream:
        os.fsync(stream.fileno())
    partial.replace(path)


def is_in_force(bundle: Bundle, settings: Settings) -> bool:
    try:
        pointer = parse_pointer(settings.pointer_file.read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return pointer == bundle.pointer and bundle.to_json() == next(iter(read_applied(settings)), None)


def put_outlines_in_force(bundle: Bundle, settings: Settings) -> None:
    """The source's imported outlines, or none where it has none."""
    manifest = settings.outline_directory / "manifest.json"
    if bundle.outlines is None:
        manifest.unlink(missing_ok=True)
        return
    text = json.dumps(bundle.outlines, ensure_ascii=False, indent=1) + "\n"
    if not manifest.is_file() or manifest.read_text("utf-8") != text:
        write_atomically(manifest, text)


def read_applied(settings: Settings) -> list[str]:
    """The lists that were in force, newest first."""
    try:
        found = json.loads(settings.applied_file.read_text("utf-8"))
    except (OSError, ValueError):
        return []
    return [text for text in found if isinstance(text, str)] if isinstance(found, list) else []


def remember(bundle: Bundle, settings: Settings) -> None:
    """Note the list in force, and remove what no list of the last ones names."""
    text = bundle.to_json()
    lists = [text, *(one for one in read_applied(settings) if one != text)][:KEPT_LISTS]
    write_atomically(settings.applied_file, json.dumps(lists, ensure_ascii=False) + "\n")
    kept = {file.path for one in lists for file in parse_bundle(one).files}
    for folder in FOLDERS:
        for path in (settings.store_directory / folder).iterdir():
            name = f"{folder}/{path.name}"
            if PATHS.fullmatch(name) and name not in kept:
                if folder == "snapshots":  # the note first: a file without one is nobody's
                    path.with_suffix(".json").unlink(missing_ok=True)
                path.unlink(missing_ok=True)


def remove_partials(settings: Settings) -> None:
    """What a fetch that was stopped left behind."""
    for folder in FOLDERS:
        for path in (settings.store_directory / folder).glob(PARTIAL.format(name="*")):
            path.unlink(missing_ok=True)


def pull_for_ever(
    settings: Settings,
    stop: threading.Event,
    on_pulled: Callable[[Pulled], None],
    on_problem: Callable[[UserError], None],
) -> None:
    """Ask at once and then every `source_seconds`, until `stop`. The first question, and the first after a problem, checks
    every file that is here."""
    check = True
    while not stop.is_set():
        try:
            on_pulled(pull(settings, check=check))
            check = False
        except UserError as problem:
            check = True
            on_problem(problem)
        except Exception:  # a bug must not end the thread: the replica would stay behind for ever, in silence
            logging.getLogger(__name__).exception("the source was asked in vain")
        # Replicas that started together do not go on asking together.
        stop.wait(settings.source_seconds * random.uniform(0.8, 1.2))
