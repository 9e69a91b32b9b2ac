"""What changed between two months: kept, because pages come back to it and 11,160 communes are compared each time."""

from __future__ import annotations

from decimal import Decimal

from ui.frame import Frame
from ui.loaders.snapshot import cached
from ui.whats_new import Changes, compare_months


def find_changes(page: Frame, since: str, drop_points: Decimal) -> Changes | None:
    """What changed in the place shown since an earlier month; None where its boundaries cannot be carried to those shown."""
    return load_changes_since(page.snapshot_id, page.view.period, page.boundary_set, page.view.unit, since, drop_points)


@cached
def load_changes_since(
    snapshot_id: str, period: str, boundary_set: str, unit: str, since: str, drop_points: Decimal
) -> Changes | None:
    return compare_months(snapshot_id, period, boundary_set, unit, since, drop_points)
