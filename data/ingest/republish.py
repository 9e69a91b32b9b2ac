"""A new snapshot from the present one: the same figures with other rules or states, or without the simulation."""

from collections.abc import Callable, Mapping

from data.ingest.add_records import add_records, apply_records
from data.ingest.add_reports import add_reports
from data.ingest.builder import SnapshotBuilder
from data.ingest.load import copy_sources
from data.ingest.publish import compute_derived_tables, publish_snapshot
from data.settings import Settings
from data.store import Pointer, open_undamaged

NO_STATES: Mapping[str, str] = {}


def republish(
    settings: Settings,
    states: Mapping[str, str] = NO_STATES,
    change: Callable[[SnapshotBuilder], None] = lambda builder: None,
) -> Pointer:
    """Build and publish, under the lock that the caller holds. `states`: the new state of some months. `change` is told
    the builder once everything was taken over, for what is added or altered."""
    store = open_undamaged(settings)
    store.close()
    previous = settings.snapshot_directory / store.pointer.file
    with SnapshotBuilder(settings, base=previous) as builder:
        builder.insert_reference_tables()
        builder.attach_older(previous)
        for period, state in states.items():
            builder.set_state(period, state)
        copy_sources(builder)
        change(builder)
        changed = add_reports(builder, [], [])
        add_records(builder, [], [])
        apply_records(builder)
        builder.copy_sums(changed)
        builder.detach_older()
        compute_derived_tables(builder, settings)
        return publish_snapshot(builder, settings)
