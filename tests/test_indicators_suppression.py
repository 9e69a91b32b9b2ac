"""What is hidden cannot be worked out: every way to fill the hidden cells is tried, on tables small enough for that."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.suppression import GroupTable, Hidden, find_uncovered, hide_small_cells

# Leaves 0 to 4 lie in districts 0, 0, 1, 1 and, one that stands alone, in province 2; the nation is node 4, and node 3 another
# province with leaf 5.
LEAF_PARENT, NODE_PARENT = np.array([0, 0, 1, 1, 2, 3]), np.array([2, 2, 4, 4, -1])
LIMIT = 3


def make(uninsured: np.ndarray, unknown: np.ndarray | None = None) -> GroupTable:
    insured = np.full(uninsured.shape, 7, dtype=np.int64)
    eligible = insured + uninsured
    if unknown is not None:
        eligible = np.where(unknown, -1, eligible)
    return GroupTable(eligible, insured, LEAF_PARENT, NODE_PARENT)


def fillings(total: int, cells: int) -> Iterator[tuple[int, ...]]:
    """Every way to share out `total` people."""
    if cells == 0:
        yield from [()] if total == 0 else []
        return
    for first in range(total + 1) if cells > 1 else [total]:
        for rest in fillings(total - first, cells - 1):
            yield (first, *rest)


def is_possible(
    table: GroupTable, hidden: Hidden, kind: str, number: int, group: int, least: int, most: int = 1_000
) -> bool:
    """Whether a table of whole people agrees with all that is shown and has from `least` to `most` people in one cell.

    Shown are the cells that are not hidden, what a unit has in all groups together, and the sums of the nodes. A plain twin of
    what an onlooker could do: every filling is tried, from the leaves up, as the sums that they can come to.
    """
    true, sums = table.uninsured, table.add_up(table.uninsured)

    def agrees(row: tuple[int, ...], place: tuple[str, int]) -> bool:
        kept = hidden.leaves[place[1]] if place[0] == "leaf" else hidden.nodes[place[1]]
        shown = (true if place[0] == "leaf" else sums)[place[1]]
        wanted = place != (kind, number) or least <= row[group] <= most
        return wanted and all(hides or value == own for hides, value, own in zip(kept, row, shown, strict=True))

    def leaf_rows(leaf: int) -> set[tuple[int, ...]]:
        total = int(true[leaf].sum())
        return {row for row in fillings(total, true.shape[1]) if agrees(row, ("leaf", leaf))}

    def node_rows(node: int) -> set[tuple[int, ...]]:
        parts = [leaf_rows(leaf) for leaf in np.flatnonzero(node == LEAF_PARENT)]
        parts += [node_rows(below) for below in np.flatnonzero(node == NODE_PARENT)]
        joined = {(0,) * true.shape[1]}
        for part in parts:
            joined = {tuple(a + b for a, b in zip(one, two, strict=True)) for one in joined for two in part}
        return {row for row in joined if agrees(row, ("node", int(node)))}

    return bool(node_rows(len(NODE_PARENT) - 1))


people = st.lists(st.lists(st.sampled_from([0, 0, 1, 2, 4]), min_size=3, max_size=3), min_size=6, max_size=6)


@given(people)
@settings(max_examples=25)
def test_no_small_cell_can_be_worked_out_or_known_to_be_small(cells: list[list[int]]):
    table = make(np.array(cells, dtype=np.int64))
    hidden = hide_small_cells(table, LIMIT)
    assert find_uncovered(table, hidden, LIMIT) == []
    true = table.uninsured
    for kind, people_there, is_hidden in (
        ("leaf", true, hidden.leaves),
        ("node", table.add_up(true), hidden.nodes),
    ):
        for number, group in np.argwhere((people_there > 0) & (people_there < LIMIT)):
            assert is_hidden[number, group]
            people_now, whole = int(people_there[number, group]), int(people_there[number].sum())
            if whole > people_now:
                assert is_possible(table, hidden, kind, number, group, min(LIMIT, whole)), (kind, number, group)
            elif not hidden.nodes.all():
                assert is_possible(table, hidden, kind, number, group, 0, people_now - 1), (kind, number, group)


def test_the_twin_works_out_what_is_hidden_alone():
    cells = np.full((6, 3), 4, dtype=np.int64)
    cells[0, 1] = 1
    hidden = Hidden(np.zeros((6, 3), dtype=bool), np.zeros((5, 3), dtype=bool))
    hidden.leaves[0, :2] = True
    assert is_possible(make(cells), hidden, "leaf", 0, 1, 1) and not is_possible(make(cells), hidden, "leaf", 0, 1, 2)
    hidden.leaves[1, :2] = True
    assert is_possible(make(cells), hidden, "leaf", 0, 1, 5)


@given(people, st.integers(0, 5), st.integers(0, 2))
@settings(max_examples=40)
def test_a_cell_that_nobody_knows_is_never_hidden_and_covers_nothing(cells: list[list[int]], leaf: int, group: int):
    unknown = np.zeros((6, 3), dtype=bool)
    unknown[leaf, group] = True
    table = make(np.array(cells, dtype=np.int64), unknown)
    hidden = hide_small_cells(table, LIMIT)
    assert not hidden.leaves[leaf, group]
    assert find_uncovered(table, hidden, LIMIT) == []


def test_nothing_small_hides_nothing_and_a_limit_of_one_hides_nothing():
    calm = make(np.full((6, 3), 9, dtype=np.int64))
    assert not hide_small_cells(calm, LIMIT).leaves.any()
    small = make(np.ones((6, 3), dtype=np.int64))
    hidden = hide_small_cells(small, 1)
    assert not hidden.leaves.any() and not hidden.nodes.any()


def test_one_small_cell_takes_a_rectangle_with_it():
    cells = np.full((6, 3), 9, dtype=np.int64)
    cells[0, 1] = 1
    hidden = hide_small_cells(make(cells), LIMIT)
    assert hidden.leaves.sum() == 4 and hidden.leaves[:2].sum() == 4 and hidden.leaves[:2, 1].all()
    assert not hidden.nodes.any()


def test_a_district_without_others_in_the_group_hides_its_own_sum_and_its_neighbours():
    cells = np.full((6, 3), 9, dtype=np.int64)
    cells[:2, 1] = [1, 0]
    hidden = hide_small_cells(make(cells), LIMIT)
    assert hidden.nodes[0, 1] and hidden.nodes[2:].sum() == 0
    assert hidden.leaves[2:5, 1].any(), "somebody else in the province could have had them"


@pytest.mark.parametrize(
    ("leaves", "what"), [([(0, 1)], "alone in its row"), ([(0, 1), (0, 0)], "alone in its columns"), ([], "shown")]
)
def test_the_check_finds_what_is_not_covered(leaves: list[tuple[int, int]], what: str):
    cells = np.full((6, 3), 9, dtype=np.int64)
    cells[0, 1] = 1
    hidden = Hidden(np.zeros((6, 3), dtype=bool), np.zeros((5, 3), dtype=bool))
    for place in leaves:
        hidden.leaves[place] = True
    assert find_uncovered(make(cells), hidden, LIMIT) == [("leaf", 0, 1)], what
