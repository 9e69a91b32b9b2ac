"""Reads what a page sent to the map component: the headers and class bytes of one or two maps."""

from __future__ import annotations

import json
import struct

import numpy as np
from screen import Screen


def read_maps(screen: Screen) -> list[tuple[dict, np.ndarray]]:
    """(header, classes) of each map, as assets/values.js takes a message apart."""
    element = next(e for e in screen.components() if e.proto.component_name.endswith("coverage-map.map"))
    data = element.proto.bytes
    (length,) = struct.unpack_from("<I", data)
    header = json.loads(data[4 : 4 + length])
    classes = np.frombuffer(data, np.uint8, offset=4 + length)
    second = header.pop("second", None)
    if second is None:
        return [(header, classes)]
    return [(header, classes[: header["count"]]), (header | second, classes[header["count"] :])]


def labels(header: dict) -> list[str]:
    return [entry["label"] for entry in header["legends"][header["legend"]]]
