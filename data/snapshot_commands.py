"""What an operator does with snapshots that exist: list, publish, roll back, verify, prune, release a month, push to other
machines, pull from one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from data.atomic import write_atomically
from data.bundle import BundleFile
from data.errors import StoreUnavailable, UserError
from data.ingest.leftovers import remove_unnamed_values
from data.ingest.public_edition import publish_held, publish_public
from data.ingest.publish import hold_write_lock
from data.ingest.republish import republish
from data.push import push
from data.queries import periods
from data.remote import Remote, hide_password
from data.replica import pull
from data.settings import Settings
from data.store import (
    Pointer,
    list_snapshots,
    open_current,
    open_snapshot,
    open_undamaged,
    parse_pointer,
    read_followed,
)
from data.verify_snapshot import find_faults
from text.formats import Formats
from text.words import Words

KEPT_BY_DEFAULT = 5
BYTES_PER_MEGABYTE = 1e6


def read_pointed(settings: Settings) -> Pointer | None:
    """What `current.json` says, whole or not; None where it cannot be read."""
    try:
        return parse_pointer(settings.pointer_file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def find_snapshot(settings: Settings, snapshot_id: str) -> Pointer:
    """The snapshot with an id. Raises StoreUnavailable naming how to see which there are."""
    for pointer in list_snapshots(settings.snapshot_directory):
        if pointer.id == snapshot_id:
            return pointer
    raise StoreUnavailable("STORE-NO-SUCH", "snapshot.no_such", id=snapshot_id)


def run_list(settings: Settings, words: Words) -> int:
    """Every snapshot, newest first, with its size; the one in use is marked."""
    found = list_snapshots(settings.snapshot_directory)
    if not found:
        print(words.say("store.none", directory=settings.snapshot_directory))
        return 1
    current = read_pointed(settings)
    for pointer in found:
        mark = "*" if current is not None and pointer.id == current.id else " "
        file = settings.snapshot_directory / pointer.file
        size = write_megabytes(file.stat().st_size) if file.is_file() else words.say("snapshot.no_file")
        print(f"{mark} {pointer.id}  {pointer.made_at}  {size}")
    return 0


def write_megabytes(size: int) -> str:
    return f"{Formats('vi').number(size / BYTES_PER_MEGABYTE, 1)} MB"


def write_moment(moment: str) -> str:
    """By the clock of this machine: "09:05 ngày 31/12/2020"."""
    return Formats("vi").time(datetime.fromisoformat(moment).astimezone())


def run_publish(settings: Settings, words: Words, snapshot_id: str, wait_seconds: float = 0) -> int:
    """Make a snapshot the current one, after every check of it."""
    with hold_write_lock(settings, wait_seconds):
        pointer = find_snapshot(settings, snapshot_id)
        refuse_faulty(pointer, settings, words)
        write_atomically(settings.pointer_file, pointer.to_json())
    print(words.say("snapshot.published", id=pointer.id, made_at=write_moment(pointer.made_at)))
    warn_of_simulation(pointer, settings, words)
    return 0


def run_publish_public(
    settings: Settings, words: Words, wait_seconds: float = 0, *, hold: bool = False, held: bool = False
) -> int:
    """Build the public edition of the snapshot in force; servers of that edition open it. `hold`: it waits, until its screens are
    drawn; `held`: the one that waited is put in force, and built anew where none waits or figures have changed meanwhile."""
    pointer = publish_held(settings, wait_seconds) if held else None
    if pointer is None:
        if held:
            print(words.say("snapshot.none_held"))
        pointer = publish_public(settings, wait_seconds, hold=hold)
    if hold:
        print(words.say("snapshot.public_held", id=pointer.id))
        return 0
    store = open_snapshot(pointer, replace(settings, edition="public"))
    months = len(periods(store))
    store.close()
    size = write_megabytes((settings.snapshot_directory / pointer.file).stat().st_size)
    print(words.say("snapshot.public_published", id=pointer.id, months=months, size=size, limit=settings.small_cell))
    return 0


def refuse_faulty(pointer: Pointer, settings: Settings, words: Words, *, quick: bool = False) -> None:
    """Raises UserError with the first fault of a snapshot."""
    faults = find_faults(pointer, settings, quick=quick)
    if faults:
        fault = words.say(faults[0].key, **faults[0].values)
        raise UserError("STORE-FAULTY", "snapshot.not_published", id=pointer.id, fault=fault, count=len(faults))


def warn_of_simulation(pointer: Pointer, settings: Settings, words: Words) -> None:
    """Say so where the simulation was taken out for good and the snapshot now in use still has it."""
    if not settings.simulation_marker.exists():
        return
    store = open_snapshot(pointer, settings)
    simulated = store.query("SELECT 1 FROM source WHERE is_simulated LIMIT 1")
    store.close()
    if len(simulated):
        print(words.say("snapshot.has_simulation", id=pointer.id))


def run_rollback(settings: Settings, words: Words, wanted: str | None, wait_seconds: float = 0) -> int:
    """Point at an older snapshot: the named one, or the one that was in force before the present one was published."""
    with hold_write_lock(settings, wait_seconds):
        # A damaged current snapshot is the very reason to go back: its pointer still says when it was made.
        current = read_pointed(settings) or open_current(settings).pointer
        if wanted:
            chosen = find_snapshot(settings, wanted)
        else:
            followed = read_followed(settings.snapshot_directory, current.id)
            older = [one for one in list_snapshots(settings.snapshot_directory) if one.made_at < current.made_at]
            older.sort(key=lambda one: one.id != followed)
            if not older:
                raise StoreUnavailable("STORE-NO-OLDER", "store.no_older", id=current.id)
            chosen = older[0]
        open_snapshot(chosen, settings).close()
        write_atomically(settings.pointer_file, chosen.to_json())
    print(words.say("store.rolled_back", id=chosen.id, made_at=write_moment(chosen.made_at)))
    warn_of_simulation(chosen, settings, words)
    return 0


def run_verify(settings: Settings, words: Words, snapshot_id: str | None, *, every: bool = False) -> int:
    """Check the current snapshot, a named one, or every one; 1 where anything is wrong."""
    if every:
        chosen = list_snapshots(settings.snapshot_directory)
    elif snapshot_id:
        chosen = [find_snapshot(settings, snapshot_id)]
    else:
        pointed = read_pointed(settings)
        chosen = [pointed] if pointed else []
    if not chosen:
        raise StoreUnavailable("STORE-NONE", "store.none", directory=settings.snapshot_directory)
    status = 0
    for pointer in chosen:
        faults = find_faults(pointer, settings)
        if not faults:
            print(words.say("snapshot.verified", id=pointer.id))
            continue
        status = 1
        print(words.say("snapshot.faulty", id=pointer.id, count=len(faults)))
        for fault in faults:
            print("  " + words.say(fault.key, **fault.values))
    return status


def run_prune(settings: Settings, words: Words, keep: int = KEPT_BY_DEFAULT, wait_seconds: float = 0) -> int:
    """Remove old snapshots but the `keep` newest, and value files that no snapshot names. The current one and the
    newest before it always stay, so that there is one to fall back to."""
    with hold_write_lock(settings, wait_seconds):
        current = open_undamaged(settings)
        current.close()
        found = list_snapshots(settings.snapshot_directory)
        before = [pointer for pointer in found if pointer.made_at < current.pointer.made_at]
        waiting = read_pointed(replace(settings, is_held=True))
        kept = {
            current.pointer.id,
            *([waiting.id] if waiting else []),
            *(pointer.id for pointer in [*found[:keep], *before[:1]]),
        }
        freed = sum(remove_snapshot(pointer, settings, words) for pointer in found if pointer.id not in kept)
        values = remove_unnamed_values(settings)
    freed += sum(size for _, size in values)
    if values:
        print(words.say("snapshot.values_removed", count=len(values)))
    print(words.say("snapshot.pruned", kept=len(kept), size=write_megabytes(freed)))
    return 0


def remove_snapshot(pointer: Pointer, settings: Settings, words: Words) -> int:
    """Remove a snapshot and say so; returns the bytes it took. A server that still has it open reads on to the end."""
    file = settings.snapshot_directory / pointer.file
    size = file.stat().st_size if file.is_file() else 0
    # The note first: a file without one is nobody's, and the next writer clears it if this one is stopped here.
    (settings.snapshot_directory / f"{pointer.id}.json").unlink(missing_ok=True)
    file.unlink(missing_ok=True)
    print(
        words.say("snapshot.removed", id=pointer.id, made_at=write_moment(pointer.made_at), size=write_megabytes(size))
    )
    return size


def run_release(settings: Settings, words: Words, period: str, *, undo: bool = False, wait_seconds: float = 0) -> int:
    """Make a month public, or a draft again, in a new snapshot."""
    state = "draft" if undo else "released"
    month = Formats("vi").month(period)
    with hold_write_lock(settings, wait_seconds):
        store = open_undamaged(settings)
        states = periods(store).set_index("period")["state"]
        store.close()
        if period not in states.index:
            raise UserError("STORE-NO-PERIOD", "snapshot.no_period", period=month)
        if states[period] == state:
            print(words.say(f"snapshot.already_{state}", period=month))
            return 0
        pointer = republish(settings, {period: state})
    print(words.say(f"snapshot.now_{state}", period=month, id=pointer.id))
    print(words.say("snapshot.publish_public"))
    return 0


def run_push(
    settings: Settings,
    words: Words,
    url: str,
    *,
    keep: int = KEPT_BY_DEFAULT,
    again: bool = False,
    wait_seconds: float = 0,
    on_file: Callable[[BundleFile, int, int], None] = lambda file, done, total: None,
) -> int:
    """Publish the current snapshot to a place that other machines read. Its content is held against its id first; the
    sums were checked when it was made (`verify` does it again)."""
    with hold_write_lock(settings, wait_seconds):
        store = open_undamaged(settings)
        try:
            refuse_faulty(store.pointer, settings, words, quick=True)
            pushed = push(store, settings, Remote(url), keep, again=again, on_file=on_file)
        finally:
            store.close()
    values = {"id": pushed.snapshot_id, "files": pushed.uploaded, "size": write_megabytes(pushed.bytes)}
    print(words.say("source.pushed", url=hide_password(url), **values))
    if pushed.removed:
        print(words.say("source.removed", count=pushed.removed))
    return 0


def run_pull(
    settings: Settings,
    words: Words,
    *,
    check: bool = False,
    hold: bool = False,
    on_file: Callable[[BundleFile, int, int], None] = lambda file, done, total: None,
) -> int:
    """Take what the source of this installation publishes; with `hold` it waits until its screens are drawn."""
    if not settings.source_url:
        raise UserError("SOURCE-NONE", "source.none")
    pulled = pull(settings, check=check, hold=hold, on_file=on_file)
    if not pulled.snapshot_id:
        print(words.say("source.busy"))
    elif replace(settings, is_held=True).pointer_file.is_file():
        print(words.say("source.held", id=pulled.snapshot_id))
    elif pulled.switched:
        values = {"id": pulled.snapshot_id, "files": pulled.files, "size": write_megabytes(pulled.bytes)}
        print(words.say("source.pulled", **values))
    else:
        print(words.say("source.unchanged", id=pulled.snapshot_id))
    return 0
