"""The units of each boundary set, and which boundary set a month uses.

Everything is read from the files shipped in ``geo/sets`` and is text: codes keep their leading zeros. An empty text
means "does not apply" (the nation has no parent); nothing here is ever NaN.
"""

import hashlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pandas as pd

SETS_DIR = Path(__file__).parent / "sets"
NATION = "VN"
LEVELS = ("nation", "province", "district", "commune")
UNIT_COLUMNS = (
    "unit_code",
    "level",
    "name",
    "short_name",
    "type",
    "parent_code",
    "province_code",
    "region6",
    "region7",
    "stands_alone",
)
_PERIOD = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def read_text_table(path: Path) -> pd.DataFrame:
    """Read a CSV with every cell as text, so that "00004" stays a code and "NA" a name."""
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")


@cache
def _read_cached(path: Path) -> pd.DataFrame:
    return read_text_table(path)


@cache
def boundary_sets() -> tuple[str, ...]:
    """Return the shipped boundary sets, oldest first: ``("2019-10", "2025-01", "2025-07")``."""
    return tuple(sorted(path.parent.name for path in SETS_DIR.glob("*/units.csv")))


def load_units(boundary_set: str) -> pd.DataFrame:
    """Return every unit of a boundary set: the columns of UNIT_COLUMNS, by level and then by code.

    The frame is the caller's own (copy on write over one cached reading).
    Raises KeyError where the boundary set is not shipped.
    """
    if boundary_set not in boundary_sets():
        raise KeyError(f"unknown boundary set {boundary_set!r}; known: {', '.join(boundary_sets())}")
    return _read_cached(SETS_DIR / boundary_set / "units.csv").copy(deep=False)


def load_regions() -> pd.DataFrame:
    """Return region_code, scheme (region6, region7, region6_2025), name, name_en, source, in official order."""
    return _read_cached(SETS_DIR.parent / "regions.csv").copy(deep=False)


def load_periods() -> pd.DataFrame:
    """Return which boundary set a month uses: from_period, to_period (empty: still in use), boundary_set, note."""
    return _read_cached(SETS_DIR / "periods.csv").copy(deep=False)


@cache
def boundary_set_of(period: str) -> str:
    """Return the boundary set in which a month's figures are kept; ``boundary_set_of("2020-12") == "2019-10"``.

    Raises ValueError for text that is no month, and KeyError for a month before the first boundary set.
    """
    if not _PERIOD.fullmatch(period):
        raise ValueError(f"not a period such as 2020-12: {period!r}")
    for row in load_periods().itertuples():
        if row.from_period <= period and (not row.to_period or period <= row.to_period):
            return row.boundary_set
    raise KeyError(f"no boundary set for period {period}")


@cache
def map_order(boundary_set: str, level: str) -> pd.Index:
    """Return the unit codes of a level in the order of every file of that level (an immutable index of text).

    The commune map holds the communes by code, then the districts that have no communes and stand for themselves.
    Empty where the level does not exist (districts in 2025-07). Raises KeyError for an unknown set or level.
    """
    if level not in LEVELS:
        raise KeyError(f"unknown level {level!r}; known: {', '.join(LEVELS)}")
    units = load_units(boundary_set)
    codes = units.loc[units["level"] == level, "unit_code"].sort_values()
    if level == "commune":
        codes = pd.concat([codes, units.loc[units["stands_alone"] == "1", "unit_code"].sort_values()])
    return pd.Index(codes, dtype=str, name="unit_code")


@cache
def map_order_hash(boundary_set: str, level: str) -> str:
    """`order_hash` of `map_order`."""
    return order_hash(map_order(boundary_set, level))


def order_hash(codes: Iterable[str]) -> str:
    """Return 16 hex digits that change with the units or their order: files of another order must be refused."""
    return hashlib.sha256("\n".join(codes).encode()).hexdigest()[:16]
