"""Which cells of the people not insured by payer group stay unpublished, so that no small one can be worked out.

A cell is small where its people are at least 1 and fewer than the limit. What an onlooker knows besides the cells shown:
all groups of a unit together (residents less insured, published), and each group of every unit above (the sum of its
parts). So a small cell alone in its row or column is got back by subtraction, and more cells are hidden beside it:

- in its row, the smallest groups first, until the hidden ones together are at least the limit;
- in its column, the same groups of other units of the same parent, those with the most people first, until they could
  give as many as are needed; where a parent has too few, the parent's own cells are hidden and its neighbours asked.

A hidden small cell is *covered* where, everything shown being kept, it could still be as large as the limit, or as all of
the unit's uninsured where these (which are published) are fewer; where it is all of them, it could be smaller. Or where
nothing by group is shown of it and of all above it. That is checked over exchanges: one unit has d people more in the
group and d fewer in the other hidden groups, others the reverse. An exchange lies within a set of groups (`M` below, a bit
per group) that every unit on its way hides, so the check never claims more than there is.

Everything is whole people; rows are units, columns groups. The rule of practice is complementary cell suppression (Statistics
Canada, Eurostat); the exact optimum is not needed, only that `find_uncovered` finds none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]
ENDLESS = np.int64(1) << 40


@dataclass(frozen=True)
class GroupTable:
    """People by group of one month: `eligible` and `insured` are leaves × groups, -1 unknown.

    `leaf_parent` is the node above each leaf, `node_parent` that above each node, with a node after those below it; -1 above
    the last, the nation. A leaf is a commune or a district without communes.
    """

    eligible: Counts
    insured: Counts
    leaf_parent: NDArray[np.int64]
    node_parent: NDArray[np.int64]

    @property
    def known(self) -> Flags:
        """Cells that can be shown. A unit of which one group alone is known counts as not surveyed: it has no other cell to
        hide beside that one."""
        both = (self.eligible >= 0) & (self.insured >= 0)
        return both & (both.sum(axis=1, keepdims=True) > 1)

    @property
    def uninsured(self) -> Counts:
        """Never below 0; 0 where unknown."""
        return np.where(self.known, np.maximum(self.eligible - self.insured, 0), 0)

    def add_up(self, leaves: Counts) -> Counts:
        """What the nodes have, from what the leaves have (leaves × columns to nodes × columns)."""
        sums = np.zeros((len(self.node_parent), leaves.shape[1]), dtype=leaves.dtype)
        np.add.at(sums, self.leaf_parent, leaves)
        for node, parent in enumerate(self.node_parent):
            if parent >= 0:
                sums[parent] += sums[node]
        return sums


@dataclass
class Hidden:
    """The cells that are not published, of leaves and of nodes."""

    leaves: Flags
    nodes: Flags


def hide_small_cells(table: GroupTable, limit: int) -> Hidden:
    """The cells to hide for a limit: 1 hides nothing, 5 hides 1 to 4 people and what would tell them."""
    work = Suppression(table, limit)
    work.hide_rows()
    work.cover_columns()
    return work.hidden


def find_uncovered(table: GroupTable, hidden: Hidden, limit: int) -> list[tuple[str, int, int]]:
    """Small cells that are shown, or that are hidden and not covered: (leaf or node, its number, group)."""
    work = Suppression(table, limit)
    work.hidden = hidden
    return work.list_uncovered()


class Suppression:
    """The tables of one month while cells are being hidden."""

    def __init__(self, table: GroupTable, limit: int) -> None:
        self.table, self.limit = table, limit
        self.groups = table.eligible.shape[1]
        self.known = table.known
        self.bits = 1 << np.arange(self.groups, dtype=np.int64)
        self.leaf = table.uninsured
        self.node = table.add_up(self.leaf)
        self.small_leaf, self.small_node = self.is_small(self.leaf), self.is_small(self.node)
        # What a cell could be at most, by the published people of all groups together.
        totals = np.where(self.known, self.leaf.sum(axis=1, keepdims=True), 0)
        self.most_leaf, self.most_node = totals, table.add_up(totals)
        self.hidden = Hidden(np.zeros_like(self.small_leaf), np.zeros_like(self.small_node))
        self.children: list[list[int]] = [[] for _ in table.node_parent]
        for node, parent in enumerate(table.node_parent):
            if parent >= 0:
                self.children[parent].append(node)
        self.leaves_of: list[NDArray[np.int64]] = []
        for node, below in enumerate(self.children):
            own = np.flatnonzero(table.leaf_parent == node)
            self.leaves_of.append(np.concatenate([own, *(self.leaves_of[child] for child in below)]))

        self.known_sets = (self.known @ self.bits).tolist()
        self._orders: dict[tuple[int, int], list[int]] = {}

    def is_small(self, people: Counts) -> Flags:
        return (people > 0) & (people < self.limit)

    # Rows

    def hide_rows(self) -> None:
        """Small cells, and beside them the smallest other groups of the same unit."""
        self.hidden.leaves |= self.small_leaf
        self.widen(self.hidden.leaves, self.leaf, self.known)
        self.hidden.nodes |= self.small_node
        self.widen(self.hidden.nodes, self.node, np.ones_like(self.small_node))
        for node, group in np.argwhere(self.small_node):
            self.hide_below(int(node), int(group))

    def widen(self, hidden: Flags, people: Counts, known: Flags) -> None:
        """Add the smallest groups of each row until two are hidden, with people enough between them."""
        for _ in range(self.groups):
            open_cells = known & ~hidden
            few = (hidden.sum(axis=1) < 2) | (np.where(hidden, people, 0).sum(axis=1) < self.limit)
            rows = np.flatnonzero(hidden.any(axis=1) & few & open_cells.any(axis=1))
            if not len(rows):
                return
            smallest = np.where(open_cells[rows], people[rows], ENDLESS).argmin(axis=1)
            hidden[rows, smallest] = True

    def hide_below(self, node: int, group: int) -> None:
        """A small cell of a node, and those hidden beside it, lie hidden in leaves below as well, with people enough for an
        exchange: a sum of cells that are all shown would tell them."""
        groups = self.hidden.nodes[node].copy()
        others = groups.copy()
        others[group] = False
        need = self.need("node", node, group)
        leaves = self.usable(self.leaves_of[node], groups)
        people = self.leaf[leaves][:, others].sum(axis=1)
        # Those that hide most of them already, then those with most people.
        already = self.hidden.leaves[leaves][:, groups].sum(axis=1)
        for place in np.lexsort((people, already))[::-1]:
            if need <= 0:
                return
            if people[place]:
                self.hide_path(int(leaves[place]), node, groups)
                need -= int(people[place])

    def usable(self, leaves: NDArray[np.int64], groups: Flags) -> NDArray[np.int64]:
        """The leaves that know all of the groups."""
        return leaves[self.known[leaves][:, groups].all(axis=1)]

    def hide_path(self, leaf: int, below: int, groups: Flags) -> None:
        """Hide groups of a leaf and of every node between it and `below` (not of that one)."""
        self.hidden.leaves[leaf] |= groups
        node = int(self.table.leaf_parent[leaf])
        while node not in (below, -1):
            self.hidden.nodes[node] |= groups
            node = int(self.table.node_parent[node])

    # Columns

    def cover_columns(self) -> None:
        """Hide cells of other units until every small cell is covered; at the latest when the nation's are hidden."""
        for _ in range(2 * self.groups + 4):
            uncovered = self.list_uncovered()
            if not uncovered:
                return
            for kind, row, group in uncovered:
                self.cover(kind, row, group)
        # What is left hides the whole unit and everything above it.
        for kind, row, _ in self.list_uncovered():
            self.give_up(kind, row)

    def cover(self, kind: str, row: int, group: int) -> None:
        """Cover one small cell by the units with most people in its group, near ones first."""
        is_leaf = kind == "leaf"
        groups = (self.hidden.leaves if is_leaf else self.hidden.nodes)[row].copy()
        need = self.need(kind, row, group)
        inside = {row} if is_leaf else set(self.leaves_of[row].tolist())
        parent = int(self.table.leaf_parent[row] if is_leaf else self.table.node_parent[row])
        if not is_leaf:
            self.hide_below(row, group)
        if need <= 0:
            # It has all of the unit's people already: it must be able to have fewer, and another group more.
            need, group = 1, self.pick_other(parent, groups, group)
        wanted = int(groups @ self.bits)
        while parent >= 0:
            for leaf in self.by_people(parent, group):
                if need <= 0:
                    return
                if leaf not in inside and self.known_sets[leaf] & wanted == wanted:
                    self.hide_path(leaf, parent, groups)
                    need -= int(self.leaf[leaf, group])
            if need <= 0:
                return
            self.hidden.nodes[parent] |= groups
            inside = set(self.leaves_of[parent].tolist())
            parent = int(self.table.node_parent[parent])

    def pick_other(self, node: int, groups: Flags, group: int) -> int:
        """Of the other hidden groups the one with most people near by."""
        people = self.node[max(node, 0)].astype(np.int64) + 1
        people[~groups] = 0
        people[group] = 0
        return int(people.argmax())

    def by_people(self, node: int, group: int) -> list[int]:
        """The leaves below a node that have people in a group, those with most first."""
        if (node, group) not in self._orders:
            leaves = self.leaves_of[node]
            people = self.leaf[leaves, group]
            order = np.argsort(-people, kind="stable")[: int((people > 0).sum())]
            self._orders[node, group] = leaves[order].tolist()
        return self._orders[node, group]

    def give_up(self, kind: str, row: int) -> None:
        """Hide a unit, all below it and all above it."""
        node = row
        if kind == "leaf":
            self.hidden.leaves[row] |= self.known[row]
            node = int(self.table.leaf_parent[row])
        else:
            for leaf in self.leaves_of[row]:
                self.hide_path(int(leaf), row, np.ones(self.groups, dtype=bool))
            self.hidden.leaves &= self.known
        while node >= 0:
            self.hidden.nodes[node] = True
            node = int(self.table.node_parent[node])

    # The check

    def need(self, kind: str, row: int, group: int) -> int:
        """How many more people a small cell must be able to have."""
        people, most = (self.leaf, self.most_leaf) if kind == "leaf" else (self.node, self.most_node)
        return int(min(self.limit, most[row, group]) - people[row, group])

    def list_uncovered(self) -> list[tuple[str, int, int]]:
        """Small cells that are shown, or could not be larger by what they need."""
        column, up = self.measure_columns()
        found: list[tuple[str, int, int]] = []
        blank_leaf, blank_node = self.find_blank()
        for kind, small, hidden, people, most, blank in (
            ("leaf", self.small_leaf, self.hidden.leaves, self.leaf, self.most_leaf, blank_leaf),
            ("node", self.small_node, self.hidden.nodes, self.node, self.most_node, blank_node),
        ):
            rows, groups = np.nonzero(small)
            if not len(rows):
                continue
            masks = hidden[rows] @ self.bits
            best = np.zeros(len(rows), dtype=np.int64)
            fewer = np.zeros(len(rows), dtype=bool)
            for M in range(1 << self.groups):
                inside = ((masks & M) == M) & ((M >> groups) & 1 == 1)
                if not inside.any() or M & (M - 1) == 0:
                    continue
                some, own = rows[inside], groups[inside]
                others = ((M >> np.arange(self.groups)) & 1).astype(bool)
                swaps = others & (np.arange(self.groups) != own[:, None])
                if kind == "leaf":
                    parent = self.table.leaf_parent[some]
                    give = people[some][:, others].sum(axis=1) - people[some, own]
                    near = column[parent, M] - people[some] + up[parent, M]
                    take = near[np.arange(len(some)), own]
                    loses = (swaps & (near > 0)).any(axis=1)
                else:
                    give = column[some, M][:, others].sum(axis=1) - column[some, M, own]
                    take = up[some, M, own]
                    loses = (swaps & (up[some, M] > 0)).any(axis=1) & (column[some, M, own] > 0)
                fewer[inside] |= loses
                best[inside] = np.maximum(best[inside], np.minimum(give, take))
            need = np.minimum(self.limit, most[rows, groups]) - people[rows, groups]
            is_open = np.where(need > 0, best < need, ~fewer)
            bad = ~hidden[rows, groups] | (is_open & ~blank[rows])
            found += [(kind, int(row), int(group)) for row, group in zip(rows[bad], groups[bad], strict=True)]
        return found

    def find_blank(self) -> tuple[Flags, Flags]:
        """Leaves and nodes of which no group is shown, nor of anything above or below them: that is all that can be done."""
        leaf = (self.hidden.leaves | ~self.known).all(axis=1)
        above = self.hidden.nodes.all(axis=1)
        for node in range(len(above) - 1, -1, -1):
            parent = self.table.node_parent[node]
            above[node] &= parent < 0 or above[parent]
        below = np.array([leaf[leaves].all() for leaves in self.leaves_of], dtype=bool)
        return leaf & above[self.table.leaf_parent], above & below

    def measure_columns(self) -> tuple[Counts, Counts]:
        """Per node, set of groups M and group: people of the group in what lies directly below it and hides M (`column`), and
        how many more the node itself could have, with M hidden in it and those beside it (`up`)."""
        nodes, sets = len(self.table.node_parent), 1 << self.groups
        column = np.zeros((nodes, sets, self.groups), dtype=np.int64)
        np.add.at(column, (self.table.leaf_parent, self.hidden.leaves @ self.bits), self.leaf)
        spread_over_subsets(column, self.groups)
        masks = self.hidden.nodes @ self.bits
        within = (masks[:, None] & np.arange(sets)) == np.arange(sets)  # node hides all of M
        for node, parent in enumerate(self.table.node_parent):
            if parent >= 0:
                column[parent] += np.where(within[node][:, None], column[node], 0)
        up = np.zeros_like(column)
        for node in range(nodes - 1, -1, -1):
            parent = self.table.node_parent[node]
            reach = ENDLESS if parent < 0 else column[parent] - column[node] + up[parent]
            up[node] = np.where(within[node][:, None], reach, 0)
        return column, up


def spread_over_subsets(values: Counts, groups: int) -> None:
    """From sums per exact set of groups to sums per set over all sets that contain it, in place (axis 1)."""
    sets = np.arange(1 << groups)
    for bit in range(groups):
        without = sets[(sets >> bit) & 1 == 0]
        values[:, without] += values[:, without | (1 << bit)]
