"""An arc file read back is what was written, and its borders close around every unit."""

import json

import numpy as np
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
    balance = {}
    for unit, sign in ((arcs.left, 1), (arcs.right, -1)):
        for ends, way in ((first, 1), (last, -1)):
            key = np.column_stack([unit, arcs.x[ends], arcs.y[ends]])
            found, count = np.unique(key, axis=0, return_counts=True)
            for row, times in zip(map(tuple, found.tolist()), count.tolist(), strict=True):
                balance[row] = balance.get(row, 0) + sign * way * times
    assert not [key for key, rest in balance.items() if rest and key[0] > 0]
    assert set(range(1, file.header["unit_count"] + 1)) <= set(arcs.left.tolist()) | set(arcs.right.tolist())


def test_another_file_is_refused(tmp_path):
    import gzip

    path = tmp_path / "x.arc.gz"
    path.write_bytes(gzip.compress(b"GIF89a.........."))
    with pytest.raises(ValueError, match="no arc file"):
        read_arc_file(path)
