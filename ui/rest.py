"""Figures for the map's hover: rates and people still to enrol of every unit for one period (docs/data_flow.md)."""

from __future__ import annotations

import json
import struct

import numpy as np

from geo.units import map_order_hash

UNKNOWN_RATE = 65535
UNKNOWN_EXTRA = -(2**31)


def encode_rest(
    boundary_set: str,
    level: str,
    period: str,
    hundredths: np.ndarray,
    need: np.ndarray,
    extra: np.ndarray | None = None,
) -> bytes:
    """`hundredths`: rate in whole hundredths of a percent, rounded down so that none looks met that is not, -1 unknown;
    `need`: people still to enrol, -1 unknown; both in map order.

    `extra`: the measure's own figure in hundredths, UNKNOWN_EXTRA unknown.
    """
    header = {
        "boundary_set": boundary_set,
        "level": level,
        "period": period,
        "unit_count": len(need),
        "order_hash": map_order_hash(boundary_set, level),
        "extra": extra is not None,
    }
    text = json.dumps(header).encode()
    rates = np.where(hundredths < 0, UNKNOWN_RATE, np.minimum(hundredths, UNKNOWN_RATE - 1)).astype("<u2")
    rows = [rates.tobytes(), np.asarray(need).astype("<i4").tobytes()]
    if extra is not None:
        rows.append(extra.astype("<i4").tobytes())
    return struct.pack("<I", len(text)) + text + b"".join(rows)
