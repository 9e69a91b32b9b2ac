"""Gives each outline of a file the code of its unit: by code, else by name inside the named district or province.

A name is taken only where one unit of the named place has it and the outline lies in or near that unit's district (by
the outlines in use): the position is a check, never a reason of its own. What merely resembles is a suggestion.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import shapely
from rapidfuzz import fuzz, process

from geo.crosswalks import CROSSWALKS_DIR
from geo.name_keys import bare_key, full_key, loose_key
from geo.units import NATION, SETS_DIR, boundary_sets, load_units, map_order, read_text_table

NEAR_METRES = 10_000.0
# Districts have moved since the outlines in use were drawn (Quảng Ngãi city reached 8 km further in 2014).
NEAR_IN_PROVINCE_METRES = 10_000.0
# Of two units of one name the nearer is meant only where the other is this much further off.
CLEARLY_NEARER_METRES = 3_000.0
# Codes win, but not a code whose unit lies elsewhere: then the file counts by another system, or by itself. Derived outlines
# are off by up to 68 km in long districts (Ia H'Drai).
FAR_FOR_A_CODE_METRES = 150_000.0
# Of 100; what people see as the same name written otherwise.
LEAST_LIKENESS = 60
LEVELS = ("province", "district", "commune")
FORMER_NAMES = SETS_DIR.parent / "former_names.csv"
_KEYS = (full_key, bare_key, loose_key)


@dataclass
class Matches:
    """Per outline: `code` ("" where none), `how` (code, name, former_name, decided; else a reason) and `suggestion`.

    Reasons: no_name, unknown_place, unknown_name, ambiguous, far_away, unknown_code,
    code_far_away, taken (a truer name has the unit).
    """

    code: list[str]
    how: list[str]
    suggestion: list[str] = field(default_factory=list)

    @property
    def is_matched(self) -> np.ndarray:
        return np.array([code != "" for code in self.code], dtype=bool)


class UnitFinder:
    """The units of one level of a boundary set by name, and where they lie (`outlines`: plane, metres, by code)."""

    def __init__(self, boundary_set: str, level: str, outlines: pd.Series, parents: pd.Series) -> None:
        """`outlines` are those of the level in use, `parents` those of the districts (or provinces) by code."""
        self.units = load_units(boundary_set).set_index("unit_code")
        self.level = level
        self.codes = set(map_order(boundary_set, level))
        self.outlines, self.parents = outlines, parents
        self._shapes = dict(zip(outlines.index.tolist(), outlines.to_numpy(), strict=True))
        self.inside: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        self.loose_keys = {code: loose_key(name) for code, name in self.units["name"].items() if code in self.codes}
        former = former_names(boundary_set)
        for unit in self.units.loc[sorted(self.codes)].itertuples():
            code = unit.Index
            holders = {NATION, unit.province_code, unit.parent_code, code if unit.stands_alone == "1" else ""}
            for name, how in [(unit.name, "name"), *((name, "former_name") for name in former.get(code, ()))]:
                for key in {f"{place}{make(name)}" for place, make in enumerate(_KEYS)}:
                    for holder in holders - {""}:
                        self.inside[holder, key].append((code, how))
        self.places = {
            wanted: self._index_places(self.units[self.units["level"] == wanted]) for wanted in ("province", "district")
        }

        districts = self.units[self.units["level"] == "district"]
        self.district_keys = {bare_key(name) for name in districts["name"]}

    @staticmethod
    def _index_places(units: pd.DataFrame) -> dict[tuple[str, str], list[str]]:
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        for unit in units.itertuples():
            for key in {f"{place}{make(unit.name)}" for place, make in enumerate(_KEYS)}:
                found[unit.parent_code, key].append(unit.Index)
        return found

    def find_places(self, level: str, name: str, inside: str) -> list[str]:
        """Codes of the provinces or districts of this name, by the strictest key that knows it."""
        for place, make in enumerate(_KEYS):
            found = self.places[level].get((inside, f"{place}{make(name)}"))
            if found:
                return found
        return []

    def knows(self, name: str) -> bool:
        """Whether some unit of the level, anywhere, has this name (with type and marks, or without type)."""
        return any((NATION, f"{place}{make(name)}") in self.inside for place, make in enumerate(_KEYS[:2]))

    def knows_district(self, name: str) -> bool:
        """Whether some district, anywhere, has this name."""
        return bare_key(name) in self.district_keys

    def find(self, names: Sequence[str], point: shapely.Geometry) -> tuple[str, str]:
        """(code, how), or ("", reason). `names` are province, district and commune as far as the file has them."""
        name = names[-1]
        if not name:
            return "", "no_name"
        scopes = self._scopes(names)
        if not scopes:
            return "", "unknown_place"
        reason = "unknown_name"
        for scope, (holders, reach) in enumerate(scopes):
            # Beyond the district that the file names, marks must fit: Xuân Thạnh is not Xuân Thanh of the next one.
            for place, make in enumerate(_KEYS[: 2 if scope else 3]):
                key = f"{place}{make(name)}"
                found = list(dict.fromkeys(pair for holder in holders for pair in self.inside.get((holder, key), ())))
                # A unit's own name before the former name of another.
                found = [pair for pair in found if pair[1] == "name"] or found
                near = [pair for pair in found if self.distance(pair[0], point) <= reach]
                if len(near) > 1:
                    near = self._nearest(near, point)
                if len(near) == 1:
                    return near[0]
                if found:
                    reason = "ambiguous" if near else "far_away"
        return "", reason

    def _scopes(self, names: Sequence[str]) -> list[tuple[list[str], float]]:
        """Where to look, narrow first. A district of the file that is no more leaves its province."""
        if len(names) == 1 or not names[0]:
            return [([NATION], NEAR_IN_PROVINCE_METRES if self.level == "commune" else NEAR_METRES)]
        provinces = self.find_places("province", names[0], NATION)
        if not provinces:
            return []
        districts = []
        if len(names) == 3 and names[1]:
            districts = [code for place in provinces for code in self.find_places("district", names[1], place)]
        wide = (provinces, NEAR_IN_PROVINCE_METRES)
        return [(districts, NEAR_METRES), wide] if districts else [wide]

    def distance(self, code: str, point: shapely.Geometry) -> float:
        """Metres from a point to the unit's district (its own outline where it has none above it but a province)."""
        if self.level != "commune":
            return float(shapely.distance(self.outlines[code], point))
        parent = self.units.at[code, "parent_code"] if code not in self.parents.index else code
        has_district = self.units.at[parent, "level"] == "district"
        area = self.parents[parent] if has_district else self.outlines[code]
        return float(shapely.distance(area, point))

    def _nearest(self, pairs: list[tuple[str, str]], point: shapely.Geometry) -> list[tuple[str, str]]:
        """The pair whose own outline is clearly the nearest, or all."""
        reach = sorted((float(shapely.distance(self.outlines[code], point)), (code, how)) for code, how in pairs)
        return [reach[0][1]] if reach[0][0] + CLEARLY_NEARER_METRES < reach[1][0] else pairs

    def suggest(self, names: Sequence[str], point: shapely.Geometry, free: set[str]) -> str:
        """The code of a unit that may be meant: near, not yet found, and of a like name; else where the point lies."""
        codes = sorted(free)
        away = shapely.distance(np.array([self._shapes[code] for code in codes], dtype=object), point)
        near = {code: metres for code, metres in zip(codes, away.tolist(), strict=True) if metres <= NEAR_METRES}
        keys = {code: self.loose_keys[code] for code in near}
        best = process.extractOne(loose_key(names[-1]), keys, scorer=fuzz.ratio, score_cutoff=LEAST_LIKENESS)
        if best is not None:
            return best[2]
        return min((code for code, metres in near.items() if metres == 0.0), default="")


def match_outlines(
    finder: UnitFinder,
    codes: Sequence[str] | None,
    names: pd.DataFrame | None,
    points: np.ndarray,
    decided: Sequence[str] | None = None,
) -> Matches:
    """Match every outline; `points` lie inside each (plane, metres), `decided` are codes that a person chose ("": none).

    A code that the boundary set does not have falls back to the name, where there is one.
    """
    count = len(points)
    rows = names.to_numpy().tolist() if names is not None else [[""]] * count
    result = Matches([""] * count, [""] * count)
    for i in range(count):
        if decided is not None and decided[i] in finder.codes:
            result.code[i], result.how[i] = decided[i], "decided"
            continue
        code = normalise_code(codes[i], finder.codes) if codes is not None else ""
        if code and finder.distance(code, points[i]) <= FAR_FOR_A_CODE_METRES:
            result.code[i], result.how[i] = code, "code"
        elif names is not None:
            result.code[i], result.how[i] = finder.find(rows[i], points[i])
        else:
            result.how[i] = "code_far_away" if code else "unknown_code"
    if codes is not None:
        _keep_coded(result)
    if names is not None:
        _keep_truest(result, rows, finder)
    free = finder.codes - set(result.code)
    result.suggestion = ["" if result.code[i] else finder.suggest(rows[i], points[i], free) for i in range(count)]
    return result


def _keep_coded(result: Matches) -> None:
    """In a file with codes a name fills a gap only: it never adds to a unit that the file has by code."""
    coded = {code for code, how in zip(result.code, result.how, strict=True) if how in ("code", "decided")}
    for i, (code, how) in enumerate(zip(result.code, result.how, strict=True)):
        if how in ("name", "former_name") and code in coded:
            result.code[i], result.how[i] = "", "unknown_code"


def _keep_truest(result: Matches, rows: list[list[str]], finder: UnitFinder) -> None:
    """Of outlines of several names that claim one unit by name, keep the name most like its own.

    Outlines of one and the same name are parts of one unit. A reviewed former name may come on top: units merge.
    """
    claims: dict[str, list[int]] = defaultdict(list)
    for i, (code, how) in enumerate(zip(result.code, result.how, strict=True)):
        if how == "name":
            claims[code].append(i)
    for code, claimants in claims.items():
        own = finder.units.at[code, "name"]
        strictness = [next(place for place, make in enumerate((*_KEYS, str)) if place == len(_KEYS) or
                           make(rows[i][-1]) == make(own)) for i in claimants]  # fmt: skip
        for i, place in zip(claimants, strictness, strict=True):
            if place > min(strictness):
                result.code[i], result.how[i] = "", "taken"


def normalise_code(text: str, known: set[str]) -> str:
    """The code as the boundary set writes it, with the zeros that a number lost; "" where it has none."""
    text = text.strip()
    if text in known:
        return text
    if not (text.isascii() and text.isdigit()):
        return ""
    return next((text.zfill(size) for size in (2, 3, 5) if text.zfill(size) in known and len(text) >= size - 4), "")


def former_names(boundary_set: str) -> dict[str, list[str]]:
    """Code → names it had before: the reviewed list, and names of units of other sets that became it, or that it became.

    Only where one unit follows one: a name of one of several merged communes is not the name of the whole.
    """
    found: dict[str, list[str]] = defaultdict(list)
    for row in read_text_table(FORMER_NAMES).itertuples():
        if row.boundary_set == boundary_set:
            found[row.unit_code].append(row.former_name)
    for other in boundary_sets():
        pair, column = (
            ((other, boundary_set), "from_code") if other < boundary_set else ((boundary_set, other), "to_code")
        )
        path = CROSSWALKS_DIR / f"{pair[0]}__{pair[1]}.csv"
        if other == boundary_set or not path.exists():
            continue
        own_column = "to_code" if column == "from_code" else "from_code"
        rows = read_text_table(path)
        rows = rows[rows["kind"] == "renamed"]
        names = load_units(other).set_index("unit_code")["name"]
        for own, theirs in zip(rows[own_column], rows[column], strict=True):
            found[own].append(names[theirs])
    return found
