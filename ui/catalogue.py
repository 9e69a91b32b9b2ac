"""What can be chosen on a snapshot: programmes, periods, boundary sets, units, and which province continues which."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import pandas as pd

from geo.crosswalks import load_crosswalk, main_successors
from geo.units import boundary_set_of
from ui.view import Catalogue


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
