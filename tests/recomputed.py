"""Everything a screen says, worked out again from the raw rows: plain Python, whole numbers and fractions, none of the
project's queries, sums, indicators or writing rules. For tests/test_recomputation.py.

What is known from elsewhere stands here as constants (the law's thresholds, which month uses which list of units); the
rest is read row by row: `commune_month` of a snapshot file and the lists of units in geo/sets.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property
from pathlib import Path
from statistics import median

from data.store import Store

ROOT = Path(__file__).resolve().parent.parent
NATION = "VN"
LISTS = (("2016-01", "2019-10"), ("2021-01", "2025-01"), ("2025-07", "2025-07"))  # from this month on
# 1980/QĐ-TTg (measured from the programme's first month), 318/QĐ-TTg from 08/03/2022 to 14/02/2026, then none known.
THRESHOLDS = (("2016-01", 85), ("2022-03", 90), ("2026-02", None))
# The plan's goal for coverage: (last month, percent, is "above"): 4794/KH-BHXH, 546/QĐ-TTg, and the one of 2026.
GOALS = (("2020-12", "90", True), ("2022-12", "92.6", False), ("2023-12", "93.2", False), ("2024-12", "94.1", False),
         ("2025-12", "95.15", False), ("2026-12", "95", True))  # fmt: skip
PROGRAMME_ENDS = ("2020-12", "2025-12", "2030-12")


@dataclass(frozen=True)
class Unit:
    code: str
    level: str
    name: str
    type: str
    district: str
    province: str
    stands_alone: bool


@dataclass
class Sums:
    """What adds up over the communes of a place. People are those of units with both figures."""

    insured: int = 0
    population: int = 0
    reported: int = 0
    counted: int = 0
    met: int = 0
    not_met: int = 0
    unknown: int = 0
    need: int = 0
    population_counted: int = 0
    population_met: int = 0
    uninsured: int = 0

    @property
    def rate(self) -> Fraction:
        return Fraction(100 * self.insured, self.population)


def at_month(spans: Iterable[tuple[str, object]], period: str):
    """The last entry that begins at or before a month."""
    return [value for first, value in spans if first <= period][-1]


@cache
def units_of(boundary_set: str) -> dict[str, Unit]:
    with (ROOT / "geo" / "sets" / boundary_set / "units.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["unit_code"]: row for row in csv.DictReader(file)}
    found = {}
    for code, row in rows.items():
        parent = row["parent_code"]
        district = parent if rows.get(parent, {}).get("level") == "district" else ""
        found[code] = Unit(
            code, row["level"], row["name"], row["type"], district, row["province_code"], row["stands_alone"] == "1"
        )
    return found


class Recomputed:
    """The raw rows of one store, a month at a time. `store` is asked for plain rows only."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def rows(self, sql: str, *values: object) -> list[tuple]:
        """Rows as they lie in a table, None where nothing does."""
        frame = self._store.query(sql, list(values))
        return [tuple(None if value != value else value for value in row) for row in frame.itertuples(index=False)]

    @cached_property
    def periods(self) -> list[str]:
        return sorted({period for (period,) in self.rows("SELECT DISTINCT period FROM commune_month")})

    @cache  # noqa: B019 (lives as long as the test)
    def month(self, period: str) -> dict[str, tuple[int | None, int | None]]:
        """code -> (insured, population) as they came; None is unknown. Empty for a month that is not there."""
        rows = self.rows(
            "SELECT unit_code, insured::DOUBLE, population::DOUBLE FROM commune_month WHERE period = ?", period
        )
        return {code: tuple(None if count is None else int(count) for count in counts) for code, *counts in rows}

    def known(self, period: str, code: str) -> tuple[int, int] | None:
        """(insured, population) where both are known and somebody lives there."""
        insured, population = self.month(period).get(code, (None, None))
        return None if insured is None or not population else (insured, population)

    @cache  # noqa: B019
    def units(self, period: str) -> dict[str, Unit]:
        return units_of(at_month(LISTS, period))

    def threshold(self, period: str) -> int | None:
        return at_month(THRESHOLDS, period)

    def has_districts(self, period: str) -> bool:
        return any(unit.level == "district" for unit in self.units(period).values())

    def map_order(self, period: str) -> list[str]:
        """Codes of the commune map: communes by code, then districts that stand alone."""
        communes = self.communes(period)
        return [unit.code for unit in sorted(communes, key=lambda unit: (unit.stands_alone, unit.code))]

    @cache  # noqa: B019
    def communes(self, period: str) -> list[Unit]:
        """Every unit of the commune map: communes, and districts that stand alone."""
        return [unit for unit in self.units(period).values() if unit.level == "commune" or unit.stands_alone]

    @cache  # noqa: B019
    def sums(self, period: str) -> dict[str, Sums]:
        """The sums of the nation, every province and every district, by code."""
        rule, found = self.threshold(period), defaultdict(Sums)
        for unit in self.communes(period):
            counts = self.known(period, unit.code)
            own_district = unit.code if unit.stands_alone else unit.district
            for place in {NATION, unit.province, own_district} - {""}:
                self._add(found[place], unit, counts, rule)
        for place in found.values():
            place.uninsured = max(place.population - place.insured, 0)
        return dict(found)

    @cache  # noqa: B019
    def shared(self, period: str, earlier: str) -> tuple[dict[str, Sums], dict[str, Sums]]:
        """The sums of a month and of an earlier one in the same list of units, over the communes known in both; by the rule
        of the later month."""
        rule, found = self.threshold(period), (defaultdict(Sums), defaultdict(Sums))
        for unit in self.communes(period):
            both = self.known(period, unit.code), self.known(earlier, unit.code)
            own_district = unit.code if unit.stands_alone else unit.district
            for place in {NATION, unit.province, own_district} - {""}:
                for sums, counts in zip(found, both, strict=True):
                    self._add(sums[place], unit, None if None in both else counts, rule)
        return found

    def _add(self, place: Sums, unit: Unit, counts: tuple[int, int] | None, rule: int | None) -> None:
        is_counted = unit.type == "xa" and not unit.stands_alone
        place.counted += is_counted
        if counts is None:
            place.unknown += is_counted
            return
        insured, population = counts
        place.insured += insured
        place.population += population
        place.reported += not unit.stands_alone
        if not is_counted or rule is None:
            return
        place.population_counted += population
        if 100 * insured >= rule * population:
            place.met += 1
            place.population_met += population
        else:
            place.not_met += 1
            place.need += people_missing(insured, population, Fraction(rule), is_above=False)

    def districts(self, period: str, province: str | None = None) -> dict[str, int]:
        """How many districts meet, do not, are unknown or have no counted commune; of a province or the nation."""
        of_district: dict[str, list[bool | None]] = {
            unit.code: []
            for unit in self.units(period).values()
            if unit.level == "district" and province in (None, unit.province)
        }
        rule = self.threshold(period)
        for unit in self.communes(period) if rule is not None else ():
            if unit.district in of_district and unit.type == "xa":
                counts = self.known(period, unit.code)
                of_district[unit.district].append(None if counts is None else 100 * counts[0] >= rule * counts[1])
        found = {"met": 0, "not_met": 0, "unknown": 0, "not_applicable": 0}
        for states in of_district.values():
            if not states:
                found["not_applicable"] += 1
            elif False in states:
                found["not_met"] += 1
            else:
                found["unknown" if None in states else "met"] += 1
        return found

    def figures(self, period: str, code: str) -> tuple[int, int] | None:
        """(insured, population) of a place or commune; None where nothing is known."""
        if code != NATION and self.units(period).get(code) is None:
            return None
        unit = self.units(period)[code]
        if unit.level == "commune" or unit.stands_alone:
            return self.known(period, code)
        place = self.sums(period).get(code)
        return (place.insured, place.population) if place and place.population else None

    def quarters(self, period: str, code: str) -> list[tuple[int, int] | None]:
        """The figures of the last eight quarters, oldest first, of a place that lies in one list of units all that time."""
        number = int(period[:4]) * 12 + int(period[5:]) - 1
        months = [f"{at // 12:04d}-{at % 12 + 1:02d}" for at in range(number - 21, number + 1, 3)]
        return [self.figures(month, code) if month in self.periods else None for month in months]


# Rules -------------------------------------------------------------------------------------------------------------------


def people_missing(insured: int, population: int, percent: Fraction, *, is_above: bool) -> int:
    """How many must still join, counted up one by one in spirit: the first whole number that is enough, less those there."""
    line = percent * population / 100
    enough = line.numerator // line.denominator
    if is_above or enough < line:
        enough += 1
    return max(enough - insured, 0)


def theil_sen(quarters: list[tuple[int, int] | None]) -> Fraction | None:
    """People a month by the median slope between every two quarters, each carried to the last population; None with fewer
    than five."""
    if quarters[-1] is None:
        return None
    last = quarters[-1][1]
    points = []
    for at, counts in enumerate(quarters):
        if counts is not None:
            carried = Fraction(counts[0] * last, counts[1])
            points.append((3 * at, int(carried + Fraction(1, 2))))
    if len(points) < 5:
        return None
    return median(
        Fraction(later - earlier, month - before)
        for number, (before, earlier) in enumerate(points)
        for month, later in points[number + 1 :]
    )


def pace_status(need: int, months_left: int, slope: Fraction | None) -> str:
    if need == 0:
        return "met"
    if months_left == 0:
        return "not_met"
    if slope is None:
        return "too_few"
    ratio = slope * months_left / need
    return "on_track" if ratio >= 1 else "speed_up" if ratio >= Fraction(1, 2) else "slow" if ratio >= 0 else "falling"


def months_between(period: str, later: str) -> int:
    first, last = (int(month[:4]) * 12 + int(month[5:]) for month in (period, later))
    return max(last - first, 0)


def coverage_goal(period: str) -> tuple[str, Fraction, bool]:
    return next((last, Fraction(value), above) for last, value, above in GOALS if last >= period)


def rank(values: dict[str, Fraction], code: str) -> str:
    """ "3/63", or "3=/63" where another one has exactly the same."""
    place = 1 + sum(value > values[code] for value in values.values())
    tied = sum(value == values[code] for value in values.values()) > 1
    return f"{place}{'=' if tied else ''}/{write_count(len(values))}"


# Writing -----------------------------------------------------------------------------------------------------------------


def write_count(count: int) -> str:
    return f"{count:,}".replace(",", ".")


def write_change(count: int) -> str:
    return "0" if count == 0 else ("+" if count > 0 else "−") + write_count(abs(count))


def write_decimal(value: Fraction, digits: int, *, signed: bool = False) -> str:
    """Half up, away from zero."""
    scaled = abs(value) * 10**digits + Fraction(1, 2)
    whole = scaled.numerator // scaled.denominator
    sign = "" if whole == 0 and not signed else "−" if value < 0 else "+" if signed and whole else ""
    text = f"{whole:0{digits + 1}d}"
    return f"{sign}{write_count(int(text[:-digits]))},{text[-digits:]}"


def write_rate(rate: Fraction | None, *lines: tuple[Fraction, bool]) -> str:
    """One decimal; more where it would land on the other side of a line (percent, whether the line itself is below it):
    those given, every multiple of five, and 100, above which lies another class."""
    if rate is None:
        return "chưa có dữ liệu"
    edges = [*lines, *((Fraction(value), False) for value in range(5, 100, 5)), (Fraction(100), True)]
    for digits in (1, 2):
        scaled = rate * 10**digits + Fraction(1, 2)
        written = Fraction(scaled.numerator // scaled.denominator, 10**digits)
        wrong = [edge for edge, is_below in edges if not is_true(rate, written, edge, is_below)]
        if not wrong:
            return write_decimal(written, digits) + "%"
    down = Fraction(rate.numerator * 100 // rate.denominator, 100)
    return write_decimal(down if rate < wrong[0] else down + Fraction(1, 100), 2) + "%"


def is_true(rate: Fraction, written: Fraction, edge: Fraction, is_below: bool) -> bool:
    if written == edge:
        return rate == edge or (rate > edge and not is_below)
    return (written > edge) == (rate > edge or (rate == edge and not is_below))


def lines_of(percent: Fraction | int | None, is_above: bool = False) -> list[tuple[Fraction, bool]]:
    """A rule and the edges of its classes on the map: 25, 15 and 5 points below, 5 above (or half of what is left)."""
    if percent is None:
        return []
    rule = Fraction(percent)
    whole = int(rule + Fraction(1, 2))
    above = whole + 5 if whole + 5 < 100 else whole + (101 - whole) // 2
    around = [Fraction(edge) for edge in (whole - 25, whole - 15, whole - 5, above) if edge != rule and edge < 100]
    return [(rule, is_above), *((edge, False) for edge in around if edge < rule or edge > rule)]


def write_points(points: Fraction | None) -> str:
    """One decimal, two where one would read as an edge of a class of points that lies above the value (or as none at all)."""
    if points is None:
        return "chưa có dữ liệu"
    sign = 1 if points > 0 else -1
    tenth = sign * Fraction(int(abs(points) * 10 + Fraction(1, 2)), 10)
    if tenth in (-20, -10, -5, -3, -1, 0, 1, 3, 5, 10) and (points < tenth or (tenth == 0 and points > 0)):
        hundredth = sign * Fraction(int(abs(points) * 100 + Fraction(1, 2)), 100)
        if hundredth == tenth:
            hundredth += Fraction(1, 100) if points > 0 and tenth == 0 else Fraction(-1, 100)
        return write_decimal(hundredth, 2, signed=True) + " điểm %"
    return write_decimal(points, 1, signed=True) + " điểm %"


def write_month(period: str) -> str:
    return f"{period[5:]}/{period[:4]}"
