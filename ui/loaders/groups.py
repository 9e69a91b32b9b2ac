"""Scopes: the sets of units inside which a unit can be ranked or compared.

    scopes = load_scopes(snapshot_id, "2020-12", "2019-10")            # {code: Scope}, nation first
    scopes_of(snapshot_id, "2020-12", "2019-10", "48")                 # those that hold Đà Nẵng
    say_scope(scope, words)                                            # "Vùng Duyên hải Nam Trung Bộ", "Cụm thi đua IV"

Kinds: `nation`; `region` (the seven of 1980/QĐ-TTg for the months of 2016–2020 on their own boundaries, else the six that
`unit.region6` holds); `cluster` (emulation clusters of the year); `group` (any other received group).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from data import queries
from data.queries.groups import group_members
from geo.units import boundary_set_of, boundary_sets, load_periods
from text.words import Words
from ui.loaders.snapshot import cached, store_of
from ui.loaders.units import load_units

CLUSTER = "emulation_cluster"
NATION_SCOPE = "nation"
GROUP_KEY = ["scheme", "group_name", "from_year", "is_received"]
SEVEN_REGIONS = ("2016-01", "2020-12")


@dataclass(frozen=True)
class Scope:
    """`code` stands in the address: nation, region.r7_btb, cluster.<8 hex>, group.<8 hex>. `name` as the data write it
    (None for the nation). `level` of its members: province, district or commune. `scheme` of the table custom_group.
    """

    code: str
    kind: str
    name: str
    name_en: str
    scheme: str
    level: str
    members: tuple[str, ...]
    leads: tuple[str, ...] = ()
    from_year: int = 0
    to_year: int = 0
    is_received: bool = False
    source: str = ""


@dataclass(frozen=True)
class LeftOut:
    """A received group that cannot be ranked in: `reason` is missing (`units` are codes that the boundary set does not
    have), levels (its members are of several levels) or boundaries (it was written for another boundary set, `written`)."""

    name: str
    scheme: str
    reason: str
    units: tuple[str, ...] = ()
    written: str = ""


def load_scopes(snapshot_id: str, period: str, boundary_set: str) -> dict[str, Scope]:
    """Every scope of a month on a boundary set, by code: the nation, regions, clusters, other groups.

    Groups are those in force in the period's year, or, where the month is shown on newer boundaries, in the first year of
    those. A received cluster is preferred to a published one that shares a member. A group whose members are not all units
    of the boundary set is left out, for half a group is another group: `load_left_out` says which, and why.
    """
    column, year = region_column(period, boundary_set), year_of_groups(period, boundary_set)
    return load_scopes_of_year(snapshot_id, year, boundary_set, column)


@cached
def load_scopes_of_year(snapshot_id: str, year: int, boundary_set: str, column: str) -> dict[str, Scope]:
    """The same for every month of a year that has its regions from one column."""
    units = load_units(snapshot_id, boundary_set)
    provinces = units[units["level"] == "province"]
    found = [Scope(NATION_SCOPE, "nation", "", "", "", "province", tuple(provinces["unit_code"]))]
    found += list_regions(snapshot_id, provinces, column)
    members = group_members(store_of(snapshot_id), year)
    found += list_groups(prefer_received(members), units, boundary_set)
    return {scope.code: scope for scope in found}


@cached
def load_left_out(snapshot_id: str, period: str, boundary_set: str) -> tuple[LeftOut, ...]:
    """The received groups of a month that are no scope on a boundary set, by scheme and name."""
    units = load_units(snapshot_id, boundary_set)
    members = group_members(store_of(snapshot_id), year_of_groups(period, boundary_set))
    received = members[members["is_received"].astype(bool)]
    found = (judge_group(group, units, boundary_set) for _, group in received.groupby(GROUP_KEY, sort=True))
    return tuple(left_out for left_out in found if left_out is not None)


def judge_group(group: pd.DataFrame, units: pd.DataFrame, boundary_set: str) -> LeftOut | None:
    """Why a group is no scope of a boundary set; None where it is one."""
    first = group.iloc[0]
    name, scheme = str(first["group_name"]), str(first["scheme"])
    missing = tuple(code for code in group["unit_code"] if code not in units.index)
    levels = set(units.loc[[code for code in group["unit_code"] if code in units.index], "level"])
    written = written_for(group)
    if not fits(written, levels, boundary_set):
        return LeftOut(name, scheme, "boundaries", written=written)
    if missing:
        return LeftOut(name, scheme, "missing", missing)
    return LeftOut(name, scheme, "levels") if len(levels) != 1 else None


def scopes_of(snapshot_id: str, period: str, boundary_set: str, unit: str) -> list[Scope]:
    """The scopes that hold a unit, nation first. A district or commune is held by no region: rank it in its province."""
    return [scope for scope in load_scopes(snapshot_id, period, boundary_set).values() if unit in scope.members]


def say_scope(scope: Scope, words: Words) -> str:
    """The name of a scope in the reader's language, for a choice or a heading."""
    if scope.kind == "nation":
        return words.say("groups.nation")
    name, key = scope.name_en if words.lang == "en" and scope.name_en else scope.name, scope.scheme or scope.kind
    kind = words.say(f"groups.{key}", name="").split()[0]
    # "Cụm thi đua số 1" as received says by itself what it is.
    return name if name.casefold().startswith(kind.casefold()) else words.say(f"groups.{key}", name=name)


def region_column(period: str, boundary_set: str) -> str:
    """region7 for the programme 2016–2020 on its own boundaries, else region6 (which holds the 2025 grouping there)."""
    first, last = SEVEN_REGIONS
    return "region7" if first <= period <= last and boundary_set == boundary_set_of(period) else "region6"


def list_regions(snapshot_id: str, provinces: pd.DataFrame, column: str) -> list[Scope]:
    named = queries.regions(store_of(snapshot_id)).set_index("region_code")
    ours = provinces[provinces[column].isin(named.index)]
    return [
        Scope(
            f"region.{code}",
            "region",
            str(named.at[code, "name"]),
            str(named.at[code, "name_en"]),
            "",
            "province",
            tuple(group["unit_code"]),
        )
        for code, group in ours.groupby(column, sort=False)
    ]


def year_of_groups(period: str, boundary_set: str) -> int:
    """The year whose groups hold for a month as it is shown."""
    periods = load_periods()
    first = periods.loc[periods["boundary_set"] == boundary_set, "from_period"].min()
    return max(int(period[:4]), int(first[:4]))


def prefer_received(members: pd.DataFrame) -> pd.DataFrame:
    """Without the published clusters of which a member stands in a received one."""
    cluster = members["scheme"] == CLUSTER
    received = set(members.loc[cluster & members["is_received"], "unit_code"])
    published = members[cluster & ~members["is_received"]]
    replaced = set(published.loc[published["unit_code"].isin(received), "group_name"])
    return members[~(cluster & ~members["is_received"] & members["group_name"].isin(replaced))]


def list_groups(members: pd.DataFrame, units: pd.DataFrame, boundary_set: str) -> list[Scope]:
    found = []
    for (scheme, name, from_year, is_received), group in members.groupby(GROUP_KEY, sort=True):
        if judge_group(group, units, boundary_set) is not None:
            continue
        codes = group["unit_code"].to_list()
        kind = "cluster" if scheme == CLUSTER else "group"
        digest = hashlib.sha256(f"{scheme}|{name}|{from_year}".encode()).hexdigest()[:8]
        found.append(
            Scope(
                f"{kind}.{digest}",
                kind,
                str(name),
                "",
                str(scheme),
                str(units.at[codes[0], "level"]),
                tuple(codes),
                tuple(code for code, is_lead in zip(group["unit_code"], group["is_lead"], strict=True) if is_lead),
                int(from_year),
                int(group["to_year"].iloc[0]),
                bool(is_received),
                str(group["source"].iloc[0]),
            )
        )
    return sorted(found, key=lambda scope: (scope.kind, scope.scheme, scope.name))


def written_for(group: pd.DataFrame) -> str:
    """The boundary set that a group was written for. A published cluster names none: it is taken as written on that of its
    first December."""
    written = group["boundary_set"].iloc[0]
    if isinstance(written, str):
        return written
    return boundary_set_of(f"{max(int(group['from_year'].iloc[0]), 2016)}-12")


def fits(written: str, levels: set[str], boundary_set: str) -> bool:
    """Whether a group's units are those of a boundary set: the set it was written for, or one with the same provinces."""
    same_provinces = set(boundary_sets()[:-1])
    return written == boundary_set or (levels == {"province"} and {written, boundary_set} <= same_provinces)


def choices_by_kind(scopes: Mapping[str, Scope]) -> dict[str, list[Scope]]:
    """Scopes by kind, in the order of the choice."""
    return {
        kind: [scope for scope in scopes.values() if scope.kind == kind]
        for kind in ("nation", "region", "cluster", "group")
    }
