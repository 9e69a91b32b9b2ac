"""Shared borders: a coverage of polygons cut into arcs, each stored once with the unit on either side.

The map of the screen fills pixels and strokes lines from arcs alone (charts/coverage_map/README.md describes the file).
Everything here works on columns of edges; no geometry object per unit is touched in a Python loop.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import struct
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely

MAGIC = b"BPA1"
COAST, PROVINCE, DISTRICT, COMMUNE = range(4)


@dataclass(frozen=True)
class Edges:
    """Straight pieces of border on the integer grid, one row each.

    `left` and `right` are unit numbers (index + 1; 0 is outside), seen when walking from (x0, y0) to (x1, y1) with y
    growing north. Always left < right, so that all pieces of one border run the same way.
    `level` is the highest level that the piece separates (COAST … COMMUNE).
    """

    x0: np.ndarray
    y0: np.ndarray
    x1: np.ndarray
    y1: np.ndarray
    left: np.ndarray
    right: np.ndarray
    level: np.ndarray

    def take(self, rows: np.ndarray) -> Edges:
        """The edges of the given rows (indices or mask)."""
        return Edges(*(column[rows] for column in vars(self).values()))


@dataclass(frozen=True)
class Arcs:
    """Edges linked to lines: `offset[i]:offset[i + 1]` are the points of arc i; sorted by level, left, right."""

    left: np.ndarray
    right: np.ndarray
    level: np.ndarray
    offset: np.ndarray
    x: np.ndarray
    y: np.ndarray


def cut_edges(coverage: np.ndarray, origin: tuple[float, float], step: float) -> Edges:
    """Cut a polygon coverage in metres into edges on a grid of `step` metres; level: COMMUNE, or COAST outside.

    An edge that a unit has on both sides (a spike that the grid has flattened) is dropped: it bounds nothing.
    Where the grid lays two borders on each other, each is kept, so that every unit's outline stays closed.
    """
    polygons, unit_of_polygon = shapely.get_parts(shapely.orient_polygons(coverage), return_index=True)
    rings, polygon_of_ring = shapely.get_rings(polygons, return_index=True)
    points, ring_of_point = shapely.get_coordinates(rings, return_index=True)
    grid = np.rint((points - np.asarray(origin)) / step).astype(np.int64)
    same_ring = ring_of_point[1:] == ring_of_point[:-1]
    moves = same_ring & (grid[1:] != grid[:-1]).any(axis=1)
    start, end = grid[:-1][moves], grid[1:][moves]
    unit = unit_of_polygon[polygon_of_ring[ring_of_point[:-1][moves]]] + 1

    forward = (start[:, 0] < end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] < end[:, 1]))
    low, high = np.where(forward[:, None], start, end), np.where(forward[:, None], end, start)
    order = np.lexsort((unit, forward, high[:, 1], high[:, 0], low[:, 1], low[:, 0]))
    rows = np.column_stack([low, high])[order]
    unit, forward = unit[order], forward[order]
    # The n-th unit on the one side of an edge is paired with the n-th on the other.
    new_side = np.r_[True, (rows[1:] != rows[:-1]).any(axis=1) | (forward[1:] != forward[:-1])]
    rank = np.arange(len(rows)) - np.maximum.accumulate(np.where(new_side, np.arange(len(rows)), 0))
    key, pair = np.unique(np.column_stack([rows, rank]), axis=0, return_inverse=True)
    left, right = np.zeros(len(key), np.int64), np.zeros(len(key), np.int64)
    left[pair[forward]] = unit[forward]
    right[pair[~forward]] = unit[~forward]
    level = np.where((left == 0) | (right == 0), COAST, COMMUNE)
    return _orient(Edges(key[:, 0], key[:, 1], key[:, 2], key[:, 3], left, right, level))


def set_levels(edges: Edges, district: np.ndarray, province: np.ndarray) -> Edges:
    """Give each edge the highest level it separates; `district` and `province` hold a number per unit index."""
    inside = edges.left > 0
    left, right = np.maximum(edges.left - 1, 0), edges.right - 1
    level = np.where(district[left] != district[right], DISTRICT, COMMUNE)
    level = np.where(province[left] != province[right], PROVINCE, level)
    return replace(edges, level=np.where(inside, level, COAST))


def dissolve(edges: Edges, number: np.ndarray) -> Edges:
    """Replace unit numbers (`number[old]`; `number[0]` must be 0) and drop the borders that vanish."""
    return _orient(replace(edges, left=number[edges.left], right=number[edges.right]))


def _orient(edges: Edges) -> Edges:
    edges = edges.take(edges.left != edges.right)
    swap = edges.left > edges.right
    return Edges(
        np.where(swap, edges.x1, edges.x0), np.where(swap, edges.y1, edges.y0),
        np.where(swap, edges.x0, edges.x1), np.where(swap, edges.y0, edges.y1),
        np.minimum(edges.left, edges.right), np.maximum(edges.left, edges.right), edges.level,
    )  # fmt: skip


def link_arcs(edges: Edges) -> Arcs:
    """Link edges of the same two units into arcs as long as possible; the same edges give the same arcs."""
    order = np.lexsort((edges.y1, edges.x1, edges.y0, edges.x0, edges.right, edges.left, edges.level))
    edges = edges.take(order)
    border = np.column_stack([edges.level, edges.left, edges.right])
    first = np.r_[True, (border[1:] != border[:-1]).any(axis=1)]
    ends = np.column_stack([edges.x0, edges.y0, edges.x1, edges.y1]).astype(float).reshape(-1, 2)
    lines = shapely.linestrings(ends, indices=np.repeat(np.arange(len(border)), 2))
    grouped = shapely.multilinestrings(lines, indices=np.cumsum(first) - 1)
    arcs, border_of_arc = shapely.get_parts(shapely.line_merge(grouped, directed=True), return_index=True)
    points, arc_of_point = shapely.get_coordinates(arcs, return_index=True)
    offset = np.searchsorted(arc_of_point, np.arange(len(arcs) + 1))
    level, left, right = border[first][border_of_arc].T
    xy = np.rint(points).astype(np.int64)
    return Arcs(left, right, level, offset, xy[:, 0], xy[:, 1])


def encode_arcs(arcs: Arcs, units: np.ndarray, points: np.ndarray, header: dict[str, Any]) -> bytes:
    """Write one arc file, not yet compressed.

    Args:
        units: index of each unit that the file holds, ascending.
        points: its representative points on the grid, int64, shape (len(units), 2).
        header: what the reader must know; `streams` and `arc_counts` are added.
    """
    heads = arcs.offset[:-1]
    streams = {
        "left": _zigzag(np.diff(arcs.left, prepend=0)),
        "right": arcs.right - arcs.left,
        "length": np.diff(arcs.offset) - 2,
        "x": _zigzag(_differences(arcs.x, heads)),
        "y": _zigzag(_differences(arcs.y, heads)),
        "units": np.diff(units, prepend=0),
        "point_x": _zigzag(np.diff(points[:, 0], prepend=0)),
        "point_y": _zigzag(np.diff(points[:, 1], prepend=0)),
    }
    packed = {name: pack_varints(values) for name, values in streams.items()}
    counts = np.bincount(arcs.level, minlength=4).tolist()
    whole = header | {"arc_counts": counts, "streams": {name: len(data) for name, data in packed.items()}}
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()
    return MAGIC + struct.pack("<I", len(text)) + text + b"".join(packed.values())


def _differences(values: np.ndarray, heads: np.ndarray) -> np.ndarray:
    """Differences along each arc; an arc's first value against the first value of the arc before."""
    result = np.diff(values, prepend=0)
    result[heads] = np.diff(values[heads], prepend=0)
    return result


def _zigzag(values: np.ndarray) -> np.ndarray:
    return np.where(values < 0, -2 * values - 1, 2 * values)


def pack_varints(values: np.ndarray) -> bytes:
    """Unsigned LEB128, seven bits a byte, low bits first."""
    values = np.asarray(values, np.int64)
    if len(values) and (values.min() < 0 or values.max() >= 1 << 35):
        raise ValueError("a varint must lie between 0 and 2^35")
    length = 1 + sum((values >= 1 << bits).astype(np.int64) for bits in (7, 14, 21, 28))
    end = np.cumsum(length)
    data = np.zeros(int(end[-1]) if len(end) else 0, np.uint8)
    for place in range(5):
        rows = length > place
        more = (length[rows] > place + 1).astype(np.int64) << 7
        data[end[rows] - length[rows] + place] = (values[rows] >> 7 * place & 127) | more
    return data.tobytes()


def compress(data: bytes) -> tuple[bytes, str]:
    """gzip without a date, and 12 hex digits of the sha256 of the bytes inside: the file's name says its content."""
    return gzip.compress(data, 9, mtime=0), hashlib.sha256(data).hexdigest()[:12]
