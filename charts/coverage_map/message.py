"""Pack what the map component receives: a JSON header and one class byte per unit."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np

REQUIRED_KEYS = frozenset(
    {"boundary_set", "level", "period", "scope", "order_hash", "outlines", "legend", "legends", "colours", "words"}
)
LEVELS = ("province", "district", "commune")


def pack_message(
    header: Mapping[str, Any], classes: np.ndarray, second: tuple[Mapping[str, Any], np.ndarray] | None = None
) -> bytes:
    """Pack header and classes as `[u32 header length, little endian][JSON, UTF-8][uint8 classes]`.

    Streamlit passes bytes untouched to the browser, but turns bytes inside a dict into their Python text;
    so both travel in one buffer. The keys are described in this folder's README.

    Args:
        header: the keys of the README; values must be plain JSON (no NaN).
        classes: uint8, one per unit in map order; 255 is no data, never 0.
        second: header and classes of a map beside the first one: its classes follow those of the first, and its header
            travels under `second` with what differs only. Both have one legend.

    Raises:
        ValueError: a required key is missing, the level is none of LEVELS, the legend chosen is not among
            the legends, a class byte has no legend entry, the selected or focused index is outside the order,
            or `classes` is not a row of uint8.
    """
    if second is not None:
        check_message(*second)
        if second[0]["legends"] != header["legends"] or second[0]["legend"] != header["legend"]:
            raise ValueError("two maps side by side have one legend")
        differs = {key: value for key, value in second[0].items() if key not in header or header[key] != value}
        header = {**header, "count": len(classes), "second": differs}
    check_message(header, classes)
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    body = classes.tobytes() + (second[1].tobytes() if second is not None else b"")
    return struct.pack("<I", len(text)) + text + body


def check_message(header: Mapping[str, Any], classes: np.ndarray) -> None:
    """ValueError for anything that the drawing could not honour (`pack_message`)."""
    missing = REQUIRED_KEYS - header.keys()
    if missing:
        raise ValueError(f"map header lacks {', '.join(sorted(missing))}")
    if header["level"] not in LEVELS:
        raise ValueError(f"map level is {header['level']!r}, not one of {', '.join(LEVELS)}")
    if classes.dtype != np.uint8 or classes.ndim != 1:
        raise ValueError(f"classes are {classes.dtype} with {classes.ndim} dimensions, not one row of uint8")
    if header["legend"] not in header["legends"]:
        raise ValueError(f"legend {header['legend']!r} is not among {', '.join(header['legends'])}")
    present = set(np.unique(classes).tolist())
    for key, entries in header["legends"].items():
        unnamed = present - {code for entry in entries for code in entry["codes"]}
        if unnamed:
            raise ValueError(f"legend {key!r} has no entry for class {', '.join(map(str, sorted(unnamed)))}")
    selected = header.get("selected")
    for key, indices in (("selected", [] if selected is None else [selected]), ("focus", header.get("focus") or [])):
        for index in indices:
            if not 0 <= index < len(classes):
                raise ValueError(f"{key} index {index} is outside the {len(classes)} units")
