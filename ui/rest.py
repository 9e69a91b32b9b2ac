"""Figures for the map's hover: rates and people still to enrol of every unit for one period (docs/data_flow.md)."""

from __future__ import annotations

import json
import struct

import numpy as np

from geo.units import map_order, order_hash

UNKNOWN_RATE = 65535


def encode_rest(boundary_set: str, level: str, period: str, hundredths: np.ndarray, need: np.ndarray) -> bytes:
    """`hundredths`: rate in whole hundredths of a percent, rounded down so that none looks met that is not, -1 unknown;
    `need`: people still to enrol, -1 unknown; both in map order.
    """
    header = {
        "boundary_set": boundary_set,
        "level": level,
        "period": period,
        "unit_count": len(need),
        "order_hash": order_hash(map_order(boundary_set, level)),
    }
    text = json.dumps(header).encode()
    rates = np.where(hundredths < 0, UNKNOWN_RATE, np.minimum(hundredths, UNKNOWN_RATE - 1)).astype("<u2")
    return struct.pack("<I", len(text)) + text + rates.tobytes() + np.asarray(need).astype("<i4").tobytes()
