"""What changed between two months: kept, because meeting mode comes back to it and 11,160 communes are compared each time."""

from __future__ import annotations

from decimal import Decimal

from ui.loaders.snapshot import cached
from ui.whats_new import Changes, compare_months


@cached
def load_changes_since(
    snapshot_id: str, period: str, boundary_set: str, unit: str, since: str, drop_points: Decimal
) -> Changes | None:
    return compare_months(snapshot_id, period, boundary_set, unit, since, drop_points)
