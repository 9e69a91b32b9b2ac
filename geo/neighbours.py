"""Which units share a border: found once from the outlines at ``python -m geo build``, shipped as a small file.

Two units are neighbours where they share a piece of border; touching in one corner is not enough. The outlines of the
communes are approximate, so the borders between them are too, and the screen says so.
"""

from functools import cache
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.arcs import Edges, cut_edges, dissolve
from geo.units import SETS_DIR, load_units, map_order, read_text_table

FILE_NAME = "neighbours.csv"
GRID_DEGREES = 1e-5  # the grid on which geo.build rounds every corner
_COLUMNS = ("unit_code", "neighbours")


def write_neighbours(sets_dir: Path, boundary_set: str) -> None:
    """Write ``neighbours.csv`` of a set: unit_code, neighbours (codes with a space between, longest border first).

    Units in the order provinces, districts, communes, each by code; one without neighbours (an island) has an empty
    cell. The same outlines give the same bytes.
    """
    outlines = gpd.read_parquet(sets_dir / boundary_set / "communes.parquet")
    table = find_neighbours(boundary_set, outlines["unit_code"].tolist(), outlines.geometry.to_numpy())
    path = sets_dir / boundary_set / FILE_NAME
    path.write_text(table.to_csv(index=False, lineterminator="\n"), encoding="utf-8")


def find_neighbours(boundary_set: str, codes: list[str], coverage: np.ndarray) -> pd.DataFrame:
    """The table of ``write_neighbours`` from the outlines of the communes (a coverage in degrees, in map order)."""
    edges = cut_edges(coverage, (0.0, 0.0), GRID_DEGREES)
    units = load_units(boundary_set).set_index("unit_code")
    rows = units.loc[codes]
    alone = rows["stands_alone"] == "1"
    above = {
        "province": rows["province_code"],
        "district": rows["parent_code"].where(~alone, rows.index.to_series()),
        "commune": rows.index.to_series(),
    }
    tables = []
    for level, owner in above.items():
        order = map_order(boundary_set, level)
        if len(order):
            number = np.r_[0, order.get_indexer(owner) + 1]
            tables.append(list_neighbours(dissolve(edges, number), order))
    table = pd.concat(tables, ignore_index=True)
    # A district that stands alone is on the commune map as well: once is enough.
    return table.drop_duplicates("unit_code", ignore_index=True)


def list_neighbours(edges: Edges, order: pd.Index) -> pd.DataFrame:
    """unit_code, neighbours of one level; lengths are compared on the grid, east-west shortened by the latitude."""
    inside = (edges.left > 0) & (edges.left != edges.right)
    narrow = np.cos(np.radians((edges.y0 + edges.y1) * GRID_DEGREES / 2))
    length = np.hypot((edges.x1 - edges.x0) * narrow, edges.y1 - edges.y0)
    pairs = pd.DataFrame({"a": edges.left[inside] - 1, "b": edges.right[inside] - 1, "length": length[inside]})
    pairs = pairs.groupby(["a", "b"], as_index=False)["length"].sum()
    both = pd.concat([pairs, pairs.rename(columns={"a": "b", "b": "a"})], ignore_index=True)
    # Whole grid steps, so that the order of equal borders does not hang on the last bits of a sum.
    both["length"] = both["length"].round().astype(np.int64)
    both = both.sort_values(["a", "length", "b"], ascending=[True, False, True])
    lists = both.groupby("a")["b"].agg(lambda near: " ".join(order[near]))
    found = lists.reindex(range(len(order))).fillna("").to_numpy()
    return pd.DataFrame(dict(zip(_COLUMNS, (order.to_numpy(), found), strict=True)))


@cache
def _read_neighbours(path: Path) -> dict[str, tuple[str, ...]]:
    table = read_text_table(path)
    return {code: tuple(near.split()) for code, near in zip(table["unit_code"], table["neighbours"], strict=True)}


def neighbours_of(boundary_set: str, unit_code: str) -> tuple[str, ...]:
    """The units of the same level that share a border with one, longest border first; () for an island.

    A stand-alone district has the neighbours of its own kind on the commune map. Raises KeyError for an unknown unit.
    """
    return _read_neighbours(SETS_DIR / boundary_set / FILE_NAME)[unit_code]
