"""The open snapshot, what can be chosen on it, and its rules."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, replace
from datetime import date
from functools import wraps
from inspect import signature
from threading import Lock, RLock
from typing import Any

from data import queries
from data.audience_store import AudienceStore, see_as
from data.store import Store, get_store
from data.visibility import split_id
from indicators.rule_rows import programmes_from_rows
from indicators.rules import Programme, Threshold, programme_of, threshold_in_force
from ui import reader
from ui.catalogue import Catalogue, build_catalogue


@dataclass(frozen=True)
class SnapshotInfo:
    snapshot_id: str
    made_on: date
    fallback_from: str | None
    has_figures: bool
    has_real: bool


_seen: dict[str, Store] = {}
_last = [""]
KEPT_STORES = 3


def open_store() -> Store:
    """The store in force, as the reader of this moment may see it (`ui.reader`). Not cached: it notices a new snapshot by one
    small file read. Raises StoreUnavailable, and NotAllowed where nobody who may read is signed in."""
    audience = reader.audience()
    store = get_store()
    _seen[store.snapshot_id] = store
    _last[0] = store.snapshot_id
    for old in list(_seen)[:-KEPT_STORES]:
        del _seen[old]
    return see_as(store, audience)


def last_snapshot_id() -> str:
    """The snapshot that was asked for last, without looking whether another is in force; "" before the first."""
    return _last[0]


def store_of(snapshot_id: str) -> Store:
    """The store that a page began with, as its audience sees it: one that is published meanwhile must not be cached under the
    old one's id."""
    whole, audience = split_id(snapshot_id)
    return see_as(_seen.get(whole) or get_store(), audience)


MOST_ANSWERS = 400  # of one function
FEW_ANSWERS = 48
LARGE_ANSWERS = 8


def cached(function, most: int = 0):
    """Keep the last answers (`most` of them, else MOST_ANSWERS) by their arguments, the first of which is the snapshot's id; no
    copies are made of what is returned.

    Arguments are plain values or tuples of them; one whose name begins with `_` is left out of the key. Two that ask the same at
    once wait for one answer; an error is kept for nobody. A page asks some fifty such questions: Streamlit's own cache takes
    each argument apart by its type, which was a tenth of the page.
    """
    kept: OrderedDict[tuple[Hashable, ...], Any] = OrderedDict()
    making: dict[tuple[Hashable, ...], RLock] = {}
    lock = Lock()
    told = [not name.startswith("_") for name in signature(function).parameters]

    @wraps(function)
    def ask(*arguments, **named):
        plain = (
            arguments if all(told) else tuple(value for value, is_told in zip(arguments, told, strict=False) if is_told)
        )
        key = (*plain, *sorted(named.items())) if named else plain
        with lock:
            if key in kept:
                kept.move_to_end(key)
                return kept[key]
            own = making.setdefault(key, RLock())
        with own:
            with lock:
                if key in kept:
                    return kept[key]
            try:
                answer = function(*arguments, **named)
            except BaseException:
                with lock:
                    making.pop(key, None)
                raise
            with lock:
                kept[key] = answer
                making.pop(key, None)
                if len(kept) > (most or MOST_ANSWERS):
                    kept.popitem(last=False)
        return answer

    def clear() -> None:
        with lock:
            kept.clear()

    ask.clear = clear
    return ask


def cached_few(function):
    """The same for answers of a megabyte each, which others are cut from."""
    return cached(function, FEW_ANSWERS)


def cached_large(function):
    """The same for answers of several megabytes, such as every commune over a programme."""
    return cached(function, LARGE_ANSWERS)


def cached_for_all(function):
    """The same for what everybody sees alike (units, law, crosswalks): kept once, whoever asks."""
    kept = cached(function)

    @wraps(function)
    def ask(snapshot_id: str, *arguments):
        return kept(split_id(snapshot_id)[0], *arguments)

    return ask


def cached_question(question):
    """A question of data.queries (`question(store, …)`) as a cached function of the snapshot's id and the same arguments."""

    @wraps(question)
    def ask(snapshot_id: str, *arguments):
        return question(store_of(snapshot_id), *arguments)

    return cached(ask)


def snapshot_info() -> SnapshotInfo:
    store = open_store()
    return read_snapshot_info(store.snapshot_id, store.fallback_from)


@cached
def read_snapshot_info(snapshot_id: str, fallback_from: str | None) -> SnapshotInfo:
    info = queries.snapshot_info(store_of(snapshot_id))
    made_on = date.fromisoformat(str(info["made_at"])[:10])
    return SnapshotInfo(snapshot_id, made_on, fallback_from, info["rows"] > 0, info["real_rows"] > 0)


@cached_for_all
def load_programmes(snapshot_id: str) -> dict[str, Programme]:
    """Programmes with their thresholds and goals, as this snapshot has them."""
    store = store_of(snapshot_id)
    frames = (queries.programmes(store), queries.thresholds(store), queries.goals(store))
    return programmes_from_rows(*(frame.to_dict("records") for frame in frames))


@cached
def load_catalogue(snapshot_id: str) -> Catalogue:
    """What can be chosen on this snapshot, and which months its audience sees only in part."""
    store, whole = store_of(snapshot_id), load_whole_catalogue(snapshot_id)
    if not isinstance(store, AudienceStore):
        return whole
    return replace(whole, partial_months=frozenset(store.drafts), own_provinces=store.own_provinces())


@cached_for_all
def load_whole_catalogue(snapshot_id: str) -> Catalogue:
    store = store_of(snapshot_id)
    units_of = {name: queries.units(store, name) for name in queries.boundary_sets(store)["boundary_set"]}
    has_real = read_snapshot_info(snapshot_id, None).has_real
    return build_catalogue(load_programmes(snapshot_id), queries.periods(store), units_of, has_real)


@cached_for_all
def list_months(snapshot_id: str) -> tuple[str, ...]:
    """Every month with figures, oldest first; without the catalogue, which takes a second to build."""
    return tuple(queries.periods(store_of(snapshot_id))["period"])


def threshold_at(snapshot_id: str, period: str) -> Threshold | None:
    """The commune threshold in force for a month, by the programme that owns it; None where it is unknown."""
    programme = programme_of(load_programmes(snapshot_id), period)
    return threshold_in_force(programme, period) if programme else None
