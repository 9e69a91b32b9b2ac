"""Map classes over time for a reader who sees a part: the published value file without the drafts and held-back units of others.

The published file is one for all; a reduced one is made at its first question and kept by the snapshot and its audience.
"""

from __future__ import annotations

import gzip
import json
import struct

import numpy as np

from data.settings import get_settings
from geo.units import map_order
from indicators.classes import HELD_BACK, NO_DATA
from ui.loaders.snapshot import cached, load_catalogue
from ui.loaders.units import load_units


@cached
def reduce_values(snapshot_id: str, name: str) -> bytes:
    """The value file of that name as the audience of the snapshot may see it, gzip."""
    content = gzip.decompress((get_settings().value_directory / name).read_bytes())
    (length,) = struct.unpack_from("<I", content)
    header = json.loads(content[4 : 4 + length])
    classes = np.frombuffer(content, np.uint8, offset=4 + length).reshape(header["unit_count"], -1).copy()
    catalogue, boundary_set = load_catalogue(snapshot_id), header["boundary_set"]
    units = load_units(snapshot_id, boundary_set).loc[map_order(boundary_set, header["level"])]
    others = ~units["province_code"].isin(catalogue.own_provinces.get(boundary_set, ())).to_numpy()
    drafts = np.array([period in catalogue.partial_months for period in header["periods"]], dtype=bool)
    classes[np.ix_(others, drafts)] = NO_DATA
    theirs = classes[others]
    theirs[theirs == HELD_BACK] = NO_DATA
    classes[others] = theirs
    return gzip.compress(content[: 4 + length] + classes.tobytes(), compresslevel=5, mtime=0)
