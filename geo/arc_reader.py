"""Reads an arc file back into columns, for drawing on paper what the browser draws on screen (`geo.arcs` writes it)."""

from __future__ import annotations

import gzip
import json
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from geo.arcs import MAGIC, Arcs


@dataclass(frozen=True, eq=False)
class ArcFile:
    """An arc file in memory. `units` are the indices of the units that have a point, `points` (n, 2) on the grid."""

    header: dict[str, Any]
    arcs: Arcs
    units: np.ndarray
    points: np.ndarray


def read_arc_file(path: Path) -> ArcFile:
    """Read one gzip-compressed arc file. ValueError where it is something else."""
    data = gzip.decompress(path.read_bytes())
    if data[:4] != MAGIC:
        raise ValueError(f"{path.name} is no arc file")
    (length,) = struct.unpack_from("<I", data, 4)
    header = json.loads(data[8 : 8 + length])
    start, columns = 8 + length, {}
    for name, size in header["streams"].items():
        columns[name] = unpack_varints(np.frombuffer(data, np.uint8, size, start))
        start += size
    lengths = columns["length"] + 2
    offset = np.r_[0, np.cumsum(lengths)]
    left = np.cumsum(_unzigzag(columns["left"]))
    level = np.repeat(np.arange(len(header["arc_counts"])), header["arc_counts"])
    x, y = (_walk(_unzigzag(columns[name]), offset[:-1], lengths) for name in "xy")
    arcs = Arcs(left, left + columns["right"], level, offset, x, y)
    points = np.column_stack([np.cumsum(_unzigzag(columns[f"point_{name}"])) for name in "xy"])
    return ArcFile(header, arcs, np.cumsum(columns["units"]), points)


def unpack_varints(data: np.ndarray) -> np.ndarray:
    """Whole numbers of unsigned LEB128 (`geo.arcs.pack_varints`)."""
    if not len(data):
        return np.zeros(0, np.int64)
    last = data < 128
    number = np.cumsum(np.r_[0, last[:-1]])
    starts = np.flatnonzero(np.r_[True, last[:-1]])
    shift = 7 * (np.arange(len(data)) - starts[number])
    parts = (data.astype(np.int64) & 127) << shift
    return np.add.reduceat(parts, starts)


def _unzigzag(values: np.ndarray) -> np.ndarray:
    return np.where(values & 1, -(values + 1) // 2, values // 2)


def _walk(steps: np.ndarray, heads: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Places from differences: an arc's first against the first of the arc before, the others against the one before."""
    first = np.cumsum(steps[heads])
    inner = steps.copy()
    inner[heads] = 0
    travelled = np.cumsum(inner)
    return np.repeat(first - travelled[heads], lengths) + travelled
