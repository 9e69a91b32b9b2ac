"""Publishing to other machines: what is immutable first, the list that names it last."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from data.bundle import BUNDLES, CURRENT, LARGEST_LIST, PATHS, Bundle, BundleFile, describe_bundle, parse_bundle
from data.remote import Remote, SourceUnavailable
from data.settings import Settings
from data.store import Store


@dataclass(frozen=True)
class Pushed:
    """What came of it: the files that were uploaded, and those that were removed at the place."""

    snapshot_id: str
    uploaded: int
    bytes: int
    removed: int


def push(
    store: Store,
    settings: Settings,
    remote: Remote,
    keep: int,
    *,
    again: bool = False,
    on_file: Callable[[BundleFile, int, int], None] = lambda file, done, total: None,
) -> Pushed:
    """Publish an open snapshot that was checked. `again` uploads also what is there already; `keep` lists stay there, and
    the files that none of them names are removed.

    A replica that reads meanwhile sees the list before or this one, and every file of either.
    """
    bundle = describe_bundle(store, settings.store_directory)
    wanted = [file for file in bundle.files if again or remote.size_of(file.path) != file.size]
    for done, file in enumerate(wanted):
        on_file(file, done, len(wanted))
        remote.put(settings.store_directory / file.path, file.path)
    content = bundle.to_json().encode()
    remote.put_bytes(content, f"{BUNDLES}/{name_list(bundle, content)}")
    remote.put_bytes(content, CURRENT)
    removed = remove_unnamed(remote, bundle, keep)
    return Pushed(bundle.pointer.id, len(wanted), sum(file.size for file in wanted), removed)


def name_list(bundle: Bundle, content: bytes) -> str:
    """Lists in order of their names are in order of their snapshots."""
    moment = "".join(letter for letter in bundle.pointer.made_at[:23] if letter.isdigit())  # to the millisecond
    return f"{moment}-{hashlib.sha256(content).hexdigest()[:16]}.json"


def remove_unnamed(remote: Remote, current: Bundle, keep: int) -> int:
    """Remove the lists but the newest `keep` and the current one, and the files that none of them names."""
    kept_paths = {file.path for file in current.files}
    names = [name for name in remote.list_names(BUNDLES) if name.endswith(".json") and not name.startswith(".")]
    own = name_list(current, current.to_json().encode())
    old = [name for name in names[:-keep] if name != own]
    for name in names:
        if name in old:
            continue
        try:
            kept_paths |= {file.path for file in read_list(remote, name).files}
        except (SourceUnavailable, ValueError):
            return 0  # nothing is removed while a list cannot be read: what it names may still be wanted
    removed = [f"{BUNDLES}/{name}" for name in old]
    for folder in ("snapshots", "values", "outlines"):
        paths = [f"{folder}/{name}" for name in remote.list_names(folder)]
        removed += [path for path in paths if PATHS.fullmatch(path) and path not in kept_paths]
    for path in removed:
        remote.remove(path)
    return len(removed)


def read_list(remote: Remote, name: str) -> Bundle:
    return parse_bundle(remote.read_small(f"{BUNDLES}/{name}", LARGEST_LIST).decode("utf-8"))
