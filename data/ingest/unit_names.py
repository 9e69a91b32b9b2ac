"""Units by code and by name, inside the province or district that is named; anything less than exact is a suggestion.

Codes win. A name is taken only where exactly one unit of the named place has it, with the type it is written with.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz import fuzz, process

from data.ingest.successors import follow_code
from geo.units import NATION, boundary_sets, load_units, map_order
from text.names import search_key
from text.unit_keys import split_type, unit_key

_NATION_KEYS = frozenset(("ca nuoc", "toan quoc", "viet nam", "toan nganh"))
_CLAUSE = re.compile(r"[,;:()|\n]|[-–—](?=\s)|\.(?=\s|$)")
# "X." is "Xã", and a tenth item only where the type follows.
_BULLET = re.compile(
    r"^\s*(?:[-+*•]|\d{1,3}[.)](?=\s)|x[.)](?=\s+(?:xã|phường|thị|huyện|quận|thành|tỉnh|đặc)\s)|(?!x[.)])[ivx]{1,5}[.)](?=\s))\s*",
    re.IGNORECASE,
)
COMMUNE_DIGITS = 5
SCORE_TO_SUGGEST = 80
MOST_SUGGESTIONS = 3


@lru_cache(maxsize=32_768)
def name_key(name: str) -> str:
    """The key of a name in a report, where a number or a dash may stand before it."""
    return unit_key(_BULLET.sub("", name))


@dataclass(frozen=True)
class Unit:
    code: str
    level: str
    name: str
    short_name: str
    parent_code: str
    province_code: str


class UnitNames:
    """The units of one boundary set. `sums` are units whose rows in a report are sums of other rows."""

    def __init__(self, boundary_set: str) -> None:
        self.boundary_set = boundary_set
        units = load_units(boundary_set)
        columns = [
            units[name].tolist()
            for name in ("unit_code", "level", "name", "short_name", "parent_code", "province_code")
        ]
        self.units = {unit.code: unit for unit in map(Unit, *columns)}
        self.reporting = map_order(boundary_set, "commune")
        reporting = frozenset(self.reporting)
        self.sums = frozenset(code for code in self.units if code not in reporting)
        self.reporting_codes = reporting
        # Code → name of the communes that report.
        self.official_names = {code: self.units[code].name for code in self.reporting if len(code) == COMMUNE_DIGITS}
        self._inside: dict[tuple[str, str], dict[str, list[str]]] = {}
        self._words: dict[tuple[str, str], list[tuple[str, list[str]]]] = {}
        self._by_place: dict[str, list[Unit]] | None = None

    def resolve_code(self, digits: str, name: str) -> str | None:
        """The code, or None. Full-length codes are taken as they stand, known or not. Lost leading zeros are restored
        where only one unit fits, or only one of those that fit has the row's name; the name never overrules a full
        code."""
        if len(digits) == COMMUNE_DIGITS:
            return digits
        fitting = [code for size in (2, 3, 5) if len(digits) <= size and (code := digits.zfill(size)) in self.units]
        if len(fitting) > 1:
            fitting = [code for code in fitting if self.is_named(code, name)]
        return fitting[0] if len(fitting) == 1 else None

    def is_named(self, code: str, name: str) -> bool:
        """Whether a written name is that of a unit, with its type or without."""
        unit = self.units[code]
        if name == unit.name:
            return True
        key = name_key(name)
        return bool(key) and key in (name_key(unit.name), name_key(unit.short_name))

    def list_inside(self, place: str) -> list[Unit]:
        """The units directly inside a unit, and for a province those inside its districts too."""
        if self._by_place is None:
            self._by_place = {}
            for unit in self.units.values():
                for holder in {unit.parent_code, unit.province_code if unit.level == "commune" else "", NATION} - {""}:
                    if holder != unit.code:
                        self._by_place.setdefault(holder, []).append(unit)
        return self._by_place.get(place, [])

    def _keys_inside(self, place: str, level: str) -> dict[str, list[str]]:
        """Name keys → codes of the units of a level inside a place; full names, and bare ones under a `*`."""
        found = self._inside.get((place, level))
        if found is None:
            found = {}
            for unit in self.list_inside(place):
                # A district that stands alone is written and counted like a commune.
                if unit.level == level or (
                    level == "commune" and unit.level == "district" and unit.code not in self.sums
                ):
                    full = name_key(unit.name)
                    found.setdefault(full, []).append(unit.code)
                    found.setdefault("*" + split_type(full)[1], []).append(unit.code)
            self._inside[place, level] = found
        return found

    def find(self, name: str, level: str, inside: str) -> str | None:
        """The one unit of a level that has this name inside a place; None where there is none or more than one."""
        if level == "nation":
            return NATION if search_key(name) in _NATION_KEYS else None
        keys = self._keys_inside(inside, level)
        key = name_key(name)
        codes = keys.get(key, [])
        if not codes and level == "commune" and inside not in self.sums and inside in self.units:
            # An island district without communes stands for itself, also inside itself.
            codes = [inside] if self.is_named(inside, name) else []
        if not codes and not split_type(key)[0]:
            codes = keys.get("*" + key, [])
        if not codes and level == "commune" and key.rsplit(" ", 1)[-1].isdigit():
            codes = keys.get("phường " + split_type(key)[1], []) if split_type(key)[0] in ("", "phường") else []
        return codes[0] if len(set(codes)) == 1 else None

    def find_other_type(self, name: str, level: str, inside: str) -> str | None:
        """The one unit of this bare name inside a district (a district inside a province), written with another type: a
        commune may have become a ward or a town since. None elsewhere."""
        kind, bare = split_type(name_key(name))
        unit = self.units.get(inside)
        if not kind or unit is None or (level == "commune" and unit.level != "district"):
            return None
        codes = set(self._keys_inside(inside, level).get("*" + bare, []))
        return codes.pop() if len(codes) == 1 else None

    def find_holder(self, name: str, level: str, inside: str) -> str | None:
        """A district or province by name, whatever its type was called."""
        return self.find(name, level, inside) or self.find_other_type(name, level, inside)

    def suggest(self, name: str, level: str, inside: str) -> list[str]:
        """Units that may be meant by a name that was not found, most likely first; never to be taken by themselves."""
        key = name_key(name)
        bare = split_type(key)[1]
        if not bare:
            return []
        keys = self._keys_inside(inside, level)
        codes = list(keys.get("*" + bare, []))
        codes += self._known_elsewhere(key, level, inside)
        scored = process.extract(
            bare, [known for known in keys if known.startswith("*")], scorer=fuzz.ratio, processor=search_key,
            limit=MOST_SUGGESTIONS, score_cutoff=SCORE_TO_SUGGEST,
        )  # fmt: skip
        codes += [code for known, _, _ in scored for code in keys[known]]
        return list(dict.fromkeys(codes))[:MOST_SUGGESTIONS]

    def _known_elsewhere(self, key: str, level: str, inside: str) -> list[str]:
        """Units of the place that go by this name in another boundary set, before a merger or after it."""
        if level != "commune":
            return []
        own = {unit.code for unit in self.list_inside(inside)}
        found = []
        for other_set in boundary_sets():
            if other_set != self.boundary_set:
                other = get_unit_names(other_set)
                keys = other._keys_inside(NATION, level)
                for code in keys.get(key, []) + keys.get("*" + key, []):
                    found += [now for now in follow_code(code, other_set, self.boundary_set) if now in own]
        return found

    def suggest_for_code(self, code: str) -> list[str]:
        """The units of this set that a code of another boundary set stands for."""
        for other_set in boundary_sets():
            if other_set != self.boundary_set and code in get_unit_names(other_set).units:
                return follow_code(code, other_set, self.boundary_set)[:MOST_SUGGESTIONS]
        return []

    def describe(self, codes: list[str]) -> str:
        """ "Xã Lũng Cú (00715); Xã Lũng Táo (00724)"."""
        return "; ".join(f"{self.units[code].name} ({code})" for code in codes if code in self.units)

    def find_place(self, texts: list[str], level: str, inside: str = NATION) -> str | None:
        """The province or district that title lines name; None where they name none, or several."""
        words = " ".join(f" {name_key(part)} " for text in texts for part in _CLAUSE.split(text))
        found = {code for key, codes in self._list_words(inside, level) if key in words for code in codes}
        return found.pop() if len(found) == 1 else None

    def _list_words(self, place: str, level: str) -> list[tuple[str, list[str]]]:
        """Full names between spaces, as they stand in a text, with their codes."""
        if (place, level) not in self._words:
            keys = self._keys_inside(place, level)
            self._words[place, level] = [(f" {key} ", codes) for key, codes in keys.items() if key[0] != "*"]
        return self._words[place, level]

    def preload(self) -> None:
        """Everything that most files need, before the first fork."""
        for province in self.list_inside(NATION):
            if province.level == "province":
                self._list_words(province.code, "district")
                self._keys_inside(province.code, "commune")
        self._list_words(NATION, "province")
        self._list_words(NATION, "district")


@cache
def get_unit_names(boundary_set: str) -> UnitNames:
    """The units of a boundary set, made once per process."""
    return UnitNames(boundary_set)
