"""Ground of a coverage that no unit has: whose it becomes. Plane coordinates in metres.

All is done on the edges that neighbours share, because a real file of 11,163 communes had 34,554 gaps.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

# A hole among the outlines that is smaller than this is no lake worth leaving out (2 km²).
MOST_GAP_AREA = 2_000_000.0


def give_away(named: pd.Series, unnamed: np.ndarray, laid: np.ndarray) -> pd.Series:
    """Give ground that nobody has to the neighbour with the longest common border; ground without neighbours is dropped.

    That is the unnamed outlines, small holes, and holes that touch a unit which was `laid` in. Other holes are lakes
    that the file left out on purpose. `named` (by code) and `unnamed` together must be a coverage.
    """
    whole = [*named, *unnamed]
    holes = find_holes(np.array(whole, dtype=object))
    touched = shapely.intersects(holes, shapely.union_all(laid)) if len(laid) else np.zeros(len(holes), bool)
    free = np.array([*unnamed, *holes[(shapely.area(holes) < MOST_GAP_AREA) | touched]], dtype=object)
    if not len(free):
        return named
    segments, owner = _segments(np.array([*named, *free], dtype=object))
    taker = _find_takers(segments, owner, len(named), len(free))
    result = named.copy()
    for unit in np.unique(taker[taker >= 0]):
        result.iloc[unit] = shapely.union_all([named.iloc[unit], *free[taker == unit]])
    return result


def find_holes(coverage: np.ndarray) -> np.ndarray:
    """The holes of a coverage, each without the units that lie in it like islands in a lake."""
    ground = shapely.get_parts(shapely.coverage_union_all(coverage))
    rings, owner = shapely.get_rings(ground, return_index=True)
    # The first ring of each polygon is its outside.
    inner = np.flatnonzero(np.r_[False, owner[1:] == owner[:-1]])
    holes = shapely.polygons(rings[inner])
    hole, island = shapely.STRtree(ground).query(holes, predicate="contains")
    for i in np.unique(hole):
        holes[i] = shapely.difference(holes[i], shapely.union_all(ground[island[hole == i]]))
    return holes


def _segments(areas: np.ndarray) -> tuple[pd.DataFrame, np.ndarray]:
    """Every edge of every area (same ends, same `key`) with its length, and whose it is."""
    parts, area = shapely.get_parts(areas, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    start, end = corners[:-1][same], corners[1:][same]
    swapped = (start[:, 0] > end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1]))
    ends = np.where(swapped[:, None], np.hstack([end, start]), np.hstack([start, end]))
    key = pd.DataFrame(ends).groupby([0, 1, 2, 3], sort=False).ngroup().to_numpy()
    length = np.hypot(*(end - start).T)
    return pd.DataFrame({"key": key, "length": length}), area[part[ring[:-1][same]]]


def _find_takers(segments: pd.DataFrame, owner: np.ndarray, units: int, pieces: int) -> np.ndarray:
    """For each piece the unit it borders on longest, or -1; pieces behind other pieces follow those."""
    taker = np.full(pieces, -1)
    is_unit = owner < units
    known = segments[is_unit].assign(unit=owner[is_unit])
    open_ones = segments[~is_unit].assign(piece=owner[~is_unit] - units)
    while len(open_ones):
        pairs = open_ones.merge(known[["key", "unit"]], on="key")
        if pairs.empty:
            break
        borders = pairs.groupby(["piece", "unit"])["length"].sum().reset_index().sort_values("length", kind="stable")
        best = borders.drop_duplicates("piece", keep="last").set_index("piece")["unit"]
        taker[best.index] = best.to_numpy()
        taken = open_ones["piece"].isin(best.index)
        known = open_ones[taken].assign(unit=open_ones.loc[taken, "piece"].map(best))
        open_ones = open_ones[~taken]
    return taker
