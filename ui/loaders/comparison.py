"""Two months of a place over the same communes: those of which figures came in both."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from indicators.changes import keep_known_in_both
from ui.loaders.figures import load_communes
from ui.loaders.profile import load_place_communes
from ui.loaders.snapshot import cached, threshold_at
from ui.sums import PlaceSummary, summarise_frame, to_summaries, to_summary


@dataclass(frozen=True)
class SharedSums:
    """The sums of a place in two months over the communes known in both, held against the later month's threshold. `units` of
    either is the number of all its communes, `units_reported` the number of those compared."""

    now: PlaceSummary
    before: PlaceSummary

    @property
    def is_partial(self) -> bool:
        return self.now.units_reported < self.now.units


@cached
def load_shared(
    snapshot_id: str, period: str, earlier: str, boundary_set: str, unit: str, level: str
) -> SharedSums | None:
    """Both months on one boundary set; None where the place has no communes on it. Whether a reader may see both months, and
    whether the place was the same, is the caller's question (`ui.comparison`)."""
    if level == "province":
        # All provinces at once cost what one does, and the ranking asks for them anyway.
        places, *frames = load_provinces_shared(snapshot_id, period, earlier, boundary_set)
        return SharedSums(*(frame[places[unit]] for frame in frames)) if unit in places else None
    if level == "commune":
        places, *columns = load_communes_shared(snapshot_id, period, earlier, boundary_set)
        if (at := places.get(unit)) is None:
            return None
        return SharedSums(*(PlaceSummary(*(int(column[at]) for column in month)) for month in columns))
    now = load_place_communes(snapshot_id, period, boundary_set, unit, level)
    if now.empty:
        return None
    before = load_place_communes(snapshot_id, earlier, boundary_set, unit, level)
    threshold = threshold_at(snapshot_id, period)
    found = [to_summary(summarise_frame(frame, threshold, "nation").iloc[0]) for frame in keep_shared(now, before)]
    return SharedSums(*found)


@cached
def load_provinces_shared(
    snapshot_id: str, period: str, earlier: str, boundary_set: str
) -> tuple[dict[str, int], list[PlaceSummary], list[PlaceSummary]]:
    """`load_level_shared` of the provinces as summaries, and where each stands in both."""
    frames = load_level_shared(snapshot_id, period, earlier, boundary_set, "province")
    now, before = (to_summaries(frame) for frame in frames)
    return {str(code): at for at, code in enumerate(frames[0].index)}, now, before


@cached
def load_communes_shared(
    snapshot_id: str, period: str, earlier: str, boundary_set: str
) -> tuple[dict[str, int], list[np.ndarray], list[np.ndarray]]:
    """The columns of PlaceSummary of every commune and stand-alone district, a row each, and where each stands in both: a reader
    who marks one marks others."""
    now, before = load_level_shared(snapshot_id, period, earlier, boundary_set, "commune")
    columns = ([frame[field.name].to_numpy() for field in fields(PlaceSummary)] for frame in (now, before))
    return {str(code): at for at, code in enumerate(now.index)}, *columns


@cached
def load_level_shared(
    snapshot_id: str, period: str, earlier: str, boundary_set: str, level: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The same for every province, district or commune at once: two frames of sums (columns of PlaceSummary) by unit_code."""
    now, before = keep_shared(
        load_communes(snapshot_id, period, boundary_set), load_communes(snapshot_id, earlier, boundary_set)
    )
    threshold = threshold_at(snapshot_id, period)
    first, second = (summarise_frame(frame, threshold, level).set_index("unit_code") for frame in (now, before))
    return first, second


def align_counts(now: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """insured and population of an earlier month in the order of a later one's units, -1 for units that it has not."""
    if not before["unit_code"].equals(now["unit_code"]):
        before = before.set_index("unit_code").reindex(now["unit_code"]).reset_index()
    return before[["insured", "population"]].fillna(-1).astype("int64")


def keep_shared(now: pd.DataFrame, before: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Both frames of communes in the order of the later one, each commune unknown in both that is not known in both."""
    counts = align_counts(now, before)
    n, p, n0, p0 = keep_known_in_both(now["insured"], now["population"], counts["insured"], counts["population"])
    # Types and districts are those of the boundary set, so those of the later frame hold for both.
    return now.assign(insured=n, population=p), now.assign(insured=n0, population=p0)
