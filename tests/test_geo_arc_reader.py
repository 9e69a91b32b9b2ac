"""An arc file read back is what was written, and its borders close around every unit."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.arc_reader import read_arc_file, unpack_varints
from geo.arcs import pack_varints
from geo.units import SETS_DIR, map_order, order_hash

OUTLINES = SETS_DIR.parent.parent / "static" / "outlines"
MANIFEST = json.loads((OUTLINES / "manifest.json").read_text("utf-8"))


@given(st.lists(st.integers(0, (1 << 35) - 1), max_size=50))
def test_whole_numbers_come_back_from_their_bytes(numbers):
    packed = np.frombuffer(pack_varints(np.array(numbers, np.int64)), np.uint8)
    assert unpack_varints(packed).tolist() == numbers


@pytest.mark.parametrize("boundary_set", sorted(MANIFEST))
def test_every_unit_of_the_nation_has_closed_borders(boundary_set):
    file = read_arc_file(OUTLINES / MANIFEST[boundary_set]["commune"])
    assert file.header["order_hash"] == order_hash(map_order(boundary_set, "commune"))
    arcs = file.arcs
    first, last = arcs.offset[:-1], arcs.offset[1:] - 1
    ends = [(arcs.left, first, 1), (arcs.left, last, -1), (arcs.right, first, -1), (arcs.right, last, 1)]
    keys = pd.DataFrame(
        {
            "unit": np.concatenate([unit for unit, _, _ in ends]),
            "x": np.concatenate([arcs.x[at] for _, at, _ in ends]),
            "y": np.concatenate([arcs.y[at] for _, at, _ in ends]),
            "way": np.concatenate([np.full(len(at), way) for _, at, way in ends]),
        }
    )
    rest = keys[keys["unit"] > 0].groupby(["unit", "x", "y"])["way"].sum()
    assert len(rest) > 3000 and not rest.any(), "as many borders of a unit begin in a point as end in it"
    assert set(range(1, file.header["unit_count"] + 1)) <= set(arcs.left.tolist()) | set(arcs.right.tolist())


def test_another_file_is_refused(tmp_path):
    import gzip

    path = tmp_path / "x.arc.gz"
    path.write_bytes(gzip.compress(b"GIF89a.........."))
    with pytest.raises(ValueError, match="no arc file"):
        read_arc_file(path)
