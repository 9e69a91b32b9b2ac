"""What changed between two months: kept, because pages come back to it and 11,160 communes are compared each time."""

from __future__ import annotations

from decimal import Decimal

from ui.frame import Frame
from ui.loaders.snapshot import cached, cached_few
from ui.view import NATION
from ui.whats_new import Changes, compare_months


def find_changes(page: Frame, since: str, drop_points: Decimal) -> Changes | None:
    """What changed in the place shown since an earlier month; None where its boundaries cannot be carried to those shown."""
    return load_changes_since(page.snapshot_id, page.view.period, page.boundary_set, page.view.unit, since, drop_points)


@cached
def load_changes_since(
    snapshot_id: str, period: str, boundary_set: str, unit: str, since: str, drop_points: Decimal
) -> Changes | None:
    whole = load_whole_changes(snapshot_id, period, boundary_set, since, drop_points)
    return whole and whole.inside(unit)


@cached_few
def load_whole_changes(
    snapshot_id: str, period: str, boundary_set: str, since: str, drop_points: Decimal
) -> Changes | None:
    """The same for the nation, of which every place is a part."""
    return compare_months(snapshot_id, period, boundary_set, NATION, since, drop_points)
