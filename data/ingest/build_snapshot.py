"""Builds the first snapshot: reference tables and, unless it is to stay empty, the simulation."""

from collections.abc import Callable

from data.ingest.builder import SnapshotBuilder
from data.ingest.publish import compute_derived_tables, hold_write_lock, publish_snapshot
from data.ingest.simulate import simulate_latent, simulate_months
from data.settings import Settings
from data.store import Pointer

SIMULATION_NAME = "simulation"


def build_snapshot(
    settings: Settings,
    *,
    empty: bool = False,
    months: list[str] | None = None,
    on_step: Callable[[str, int, int], None] = lambda step, done, total: None,
) -> tuple[Pointer, dict[str, float]]:
    """Build and publish; returns the pointer and the seconds per step. `months` limits the simulation (None: all).

    `on_step(step, done, total)` is told the progress. Raises IngestRefused where another process is writing.
    """
    with hold_write_lock(settings), SnapshotBuilder(settings) as builder:
        on_step("reference", 0, 1)
        with builder.timed("reference"):
            builder.insert_reference_tables()
        if not empty:
            source_id = builder.add_source(kind="simulation", name=SIMULATION_NAME, is_simulated=True)
            on_step("calibrate", 0, 1)
            with builder.timed("calibrate"):
                latent = simulate_latent(months)
            total = len(latent.months)
            with builder.timed("months"):
                for done, report in enumerate(simulate_months(latent, source_id)):
                    on_step("months", done, total)
                    builder.add_report(report)
        on_step("summaries", 0, 1)
        compute_derived_tables(builder, settings)
        on_step("publish", 0, 1)
        pointer = publish_snapshot(builder, settings)
        return pointer, builder.durations
