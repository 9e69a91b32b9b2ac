"""What can be chosen on a snapshot: programmes, periods, boundary sets, units, and which province continues which; and what
follows from that alone, whatever a reader has chosen (that is in view.py)."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from geo.crosswalks import load_crosswalk, main_successors
from geo.units import boundary_set_of


@dataclass(frozen=True)
class Catalogue:
    """What can be chosen, as the open snapshot has it.

    programmes: id -> its periods in order (empty where no monthly figures exist).
    default_programme, default_period: where the app opens.
    boundary_of: period -> the boundary set it was reported in.
    boundaries_for: boundary set -> the sets its counts can be shown on (itself first).
    unit_levels: boundary set -> {unit code: level}.
    unit_parents: boundary set -> {unit code: parent code}.
    successors: (set, code of an older set) -> code of the unit of that set that continues it, for merged provinces and,
        where a code is no more, for communes.
    regions: boundary set -> {region code: scheme}.
    partial_months: drafts of which this reader sees `own_provinces` only (boundary set -> codes); none for whoever sees all.
    """

    programmes: Mapping[str, tuple[str, ...]]
    default_programme: str
    default_period: str
    boundary_of: Mapping[str, str]
    boundaries_for: Mapping[str, tuple[str, ...]]
    unit_levels: Mapping[str, Mapping[str, str]]
    unit_parents: Mapping[str, Mapping[str, str]]
    successors: Mapping[tuple[str, str], str] = field(default_factory=dict)
    regions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    partial_months: frozenset[str] = frozenset()
    own_provinces: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def build_catalogue(
    programmes: Mapping[str, object], months: pd.DataFrame, units: Mapping[str, pd.DataFrame], has_real: bool
) -> Catalogue:
    """`months`: period, boundary_set, programme; `units`: boundary set -> its units, oldest set first."""
    sets = list(units)
    own = {name: tuple(months.loc[months["programme"] == name, "period"]) for name in programmes}
    default_programme, default_period = choose_default(own, has_real)

    def column(name: str) -> dict[str, dict[str, str]]:
        return {key: dict(zip(frame["unit_code"], frame[name], strict=True)) for key, frame in units.items()}

    return Catalogue(
        programmes=own,
        default_programme=default_programme,
        default_period=default_period,
        boundary_of={default_period: boundary_set_of(default_period)}
        | dict(zip(months["period"], months["boundary_set"], strict=True)),
        boundaries_for={name: tuple(sets[place:]) for place, name in enumerate(sets)},
        unit_levels=column("level"),
        unit_parents=column("parent_code"),
        successors=find_commune_successors(sets, units) | find_successors(sets, units),
        regions={name: list_regions(frame) for name, frame in units.items()},
    )


def list_regions(units: pd.DataFrame) -> dict[str, str]:
    """{region code: column of the scheme (region6, region7)} of the regions that the provinces of a set lie in."""
    return {
        str(code): scheme
        for scheme in ("region6", "region7")
        for code in sorted(units[scheme].dropna().unique())
        if code
    }


def find_commune_successors(sets: list[str], frames: Mapping[str, pd.DataFrame]) -> dict[tuple[str, str], str]:
    """(set, code of an older set that it no longer has) -> the unit into which most of that commune went, step by step."""
    found: dict[tuple[str, str], str] = {}
    for place, old in enumerate(sets):
        heir = {code: code for code in frames[old]["unit_code"]}
        for before, after in itertools.pairwise(sets[place:]):
            step = main_successors(before, after)
            heir = {code: step[now] for code, now in heir.items() if now in step}
            known = set(frames[after]["unit_code"])
            found |= {(after, code): now for code, now in heir.items() if code not in known}
    return found


def choose_default(programmes: dict[str, tuple[str, ...]], has_real: bool) -> tuple[str, str]:
    """2016–2020 at its last month until real figures are loaded, then the latest month."""
    if has_real:
        latest = max((months[-1], name) for name, months in programmes.items() if months)
        return latest[1], latest[0]
    months = programmes["2016-2020"]
    return "2016-2020", months[-1] if months else "2020-12"


def find_successors(sets: list[str], frames: Mapping[str, pd.DataFrame]) -> dict[tuple[str, str], str]:
    """(to set, province code) -> the province of the last set into which most of its communes went, for merged
    provinces.
    """
    found: dict[tuple[str, str], str] = {}
    last = sets[-1]
    new_province = frames[last].set_index("unit_code")["province_code"]
    for name in sets[:-1]:
        walk = load_crosswalk(name, last)
        old = frames[name].set_index("unit_code")["province_code"]
        pairs = pd.DataFrame(
            {
                "old": old.reindex(walk.from_codes[walk.source]).to_numpy(),
                "new": new_province.reindex(walk.to_codes[walk.target]).to_numpy(),
            }
        )
        for code, group in pairs.groupby("old"):
            found[last, str(code)] = str(group["new"].mode().iloc[0])
    return found


def last_period(catalogue: Catalogue, programme: str) -> str:
    """The last month of a programme, or the app's default month where the programme has no monthly figures."""
    periods = catalogue.programmes.get(programme, ())
    return periods[-1] if periods else catalogue.default_period


def owner_of(period: str, catalogue: Catalogue) -> str | None:
    """The programme whose span holds a month, or None."""
    return next((name for name, periods in catalogue.programmes.items() if period in periods), None)


def whole_months(catalogue: Catalogue) -> list[str]:
    """Every month with figures that the reader sees of everybody, oldest first: those in which places may be compared."""
    months = {month for own in catalogue.programmes.values() for month in own}
    return sorted(months - catalogue.partial_months)


def level_of(code: str, boundary_set: str, catalogue: Catalogue) -> str | None:
    """nation, region, province, district or commune; None where the boundary set has no such unit."""
    if code in catalogue.regions.get(boundary_set, ()):
        return "region"
    return catalogue.unit_levels[boundary_set].get(code)


def province_of(code: str, boundary_set: str, catalogue: Catalogue) -> str | None:
    """The province a unit lies in (itself for a province), or None for the nation and for unknown codes."""
    levels, parents = catalogue.unit_levels[boundary_set], catalogue.unit_parents[boundary_set]
    while code in levels and levels[code] != "province":
        code = parents.get(code, "")
    return code if code in levels else None


def is_own_place(unit: str, boundary_set: str, catalogue: Catalogue) -> bool:
    """Whether a place lies in the provinces whose drafts the reader sees."""
    return province_of(unit, boundary_set, catalogue) in catalogue.own_provinces.get(boundary_set, ())


def last_set_with(code: str, catalogue: Catalogue) -> str:
    """The last boundary set that has a unit; "" where none has."""
    return max((name for name, levels in catalogue.unit_levels.items() if code in levels), default="")


def heir_of_district(code: str, boundary_set: str, catalogue: Catalogue) -> str:
    """The province of a boundary set without districts in which the communes of a former district lie; "" where the code was
    no district, or the boundary set has districts of its own."""
    levels = catalogue.unit_levels[boundary_set]
    last = last_set_with(code, catalogue)
    if "district" in levels.values() or not last or catalogue.unit_levels[last][code] != "district":
        return ""
    province = province_of(code, last, catalogue) or ""
    heir = catalogue.successors.get((boundary_set, province), province)
    return heir if levels.get(heir) == "province" else ""
