"""How numbers, dates and ranks are written, in each language. Used by pages, charts and reports alike.

Nothing here divides or compares with a threshold: a rate arrives with as many decimals as may be shown
(`indicators.rates.shown_pct`), and is written with exactly these.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import SupportsInt

from text.words import Words

MINUS = "\N{MINUS SIGN}"
_SHORT = ((Decimal(10) ** 9, "billion"), (Decimal(10) ** 6, "million"), (Decimal(10) ** 3, "thousand"))

Number = int | float | Decimal


class Formats:
    """The writing rules of one language; `Formats("vi").count(1234567)` is "1.234.567"."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        words = self._words = Words(lang)
        self._thousands = words.say("format.thousands")
        self._decimal = words.say("format.decimal")
        self.missing = words.say("format.missing")

    def number(self, value: Number | None, decimals: int | None = None, *, signed: bool = False) -> str:
        """A number with separators, true minus and `decimals` (None: as many as the value has). Missing: in words."""
        exact = _as_decimal(value)
        if exact is None:
            return self.missing
        if decimals is not None:
            exact = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
        whole, _, fraction = f"{abs(exact):f}".partition(".")
        groups = f"{int(whole):,}".replace(",", self._thousands)
        written = groups + (self._decimal + fraction if fraction else "")
        if exact < 0:
            return MINUS + written
        return ("+" if signed and exact > 0 else "") + written

    def count(self, value: SupportsInt | None) -> str:
        """Whole units or people: 1.234.567. None and -1 (unknown) are "chưa có dữ liệu", never 0."""
        if _unknown(value):
            return self.missing
        whole = int(value)
        written = f"{abs(whole):,}".replace(",", self._thousands)
        return MINUS + written if whole < 0 else written

    def people(self, value: SupportsInt | None) -> str:
        """1.234.567 người."""
        if _unknown(value):
            return self.missing
        return self._words.say("format.people_one" if int(value) == 1 else "format.people", count=self.count(value))

    def change(self, value: SupportsInt | None) -> str:
        """A signed difference of counts: +341, −96.204, 0. None is missing (a difference of -1 is a real one)."""
        return self.missing if value is None else self.number(int(value), signed=True)

    def rate(self, value: Decimal | float | None, decimals: int | None = None) -> str:
        """89,9%. A Decimal keeps its own decimals; a float without `decimals` gets one."""
        if decimals is None and not isinstance(value, Decimal):
            decimals = 1
        written = self.number(value, decimals)
        return written if written == self.missing else self._words.say("format.rate", number=written)

    def percent_rule(self, value: Decimal) -> str:
        """A threshold or goal: 85%, 95,15%; no decimals that the law does not write."""
        return self._words.say("format.rate", number=self.number(_plain(value)))

    def points(self, value: Decimal | float | None, decimals: int | None = None) -> str:
        """A difference of two rates, always in points: +1,4 điểm %, −0,3 điểm %, 0,0 điểm %. A Decimal keeps its own
        decimals (`indicators.rates.shown_points`); a float without `decimals` gets one."""
        if decimals is None and not isinstance(value, Decimal):
            decimals = 1
        written = self.number(value, decimals, signed=True)
        return written if written == self.missing else self._words.say("format.points", number=written)

    def short(self, value: Number | None) -> str:
        """12,4 triệu; 3,2 nghìn; 950. For headlines and axes, never where people are counted to the last one."""
        exact = _as_decimal(value)
        if exact is None:
            return self.missing
        for unit, name in _SHORT:
            # A little under a unit belongs to it only where the unit below would write 1.000: 999.960 is "1 triệu".
            if abs(exact) >= unit * (1 - Decimal("0.00005")):
                shortened = (exact / unit).quantize(Decimal("0.1"), ROUND_HALF_UP)
                return self._words.say(f"format.{name}", number=self.number(_plain(shortened)))
        return self.number(exact, 0)

    def day(self, value: date | None) -> str:
        """31/12/2020."""
        if value is None:
            return self.missing
        return self._words.say("format.day", day=f"{value.day:02d}", month=f"{value.month:02d}", year=value.year)

    def time(self, value: datetime) -> str:
        """09:05 ngày 31/12/2020."""
        return self._words.say("format.time", hour=f"{value:%H}", minute=f"{value:%M}", day=self.day(value.date()))

    def month(self, period: str) -> str:
        """`2020-12` → tháng 12/2020."""
        year, month = _year_month(period)
        return self._words.say("format.month", month=month, name=self._words.say(f"month.m{month:02d}"), year=year)

    def month_short(self, period: str) -> str:
        """`2020-12` → 12/2020, for axes and comparisons."""
        year, month = _year_month(period)
        return self._words.say(
            "format.month_short", month=f"{month:02d}", name=self._words.say(f"month.m{month:02d}")[:3], year=year
        )

    def quarter(self, period: str) -> str:
        """The quarter of a month: `2025-08` → Quý III/2025."""
        year, month = _year_month(period)
        number = (month + 2) // 3
        return self._words.say("format.quarter", roman=("I", "II", "III", "IV")[number - 1], number=number, year=year)

    def rank(self, place: int | None, of: int, *, tied: bool = False) -> str:
        """3/63; where others stand on the same place 3=/63."""
        return self.missing if place is None else f"{self.count(place)}{'=' if tied else ''}/{self.count(of)}"

    def part_of(self, part: int | None, whole: int | None) -> str:
        """Units out of units: 58/63."""
        return f"{self.count(part)}/{self.count(whole)}"

    def rule(self, value: Decimal, operator: str) -> str:
        """A threshold in words: "từ 85%" for ≥, "trên 90%" for >."""
        return self._words.say(_RULE_KEYS[operator], value=self.percent_rule(value))

    def class_range(self, low: Decimal | None, low_included: bool, high: Decimal | None, high_included: bool) -> str:
        """A class of the map in words that say who owns each edge: "từ 85% đến dưới 90%", "dưới 60%", "trên 100%"."""
        if low is None and high is None:
            raise ValueError("a class has at least one edge")
        if low is None:
            return self._words.say("class.up_to" if high_included else "class.below", high=self.percent_rule(high))
        if high is None:
            return self._words.say("class.from" if low_included else "class.above", low=self.percent_rule(low))
        if low == high:
            return self._words.say("class.exactly", low=self.percent_rule(low))
        key = f"class.{'from' if low_included else 'above'}_{'to' if high_included else 'below'}"
        return self._words.say(key, low=self.percent_rule(low), high=self.percent_rule(high))

    def class_tag(self, low: Decimal | None, low_included: bool, high: Decimal | None, high_included: bool) -> str:
        """The same for the narrow field of a legend: "85 – <90", "90 – 100", "dưới 60%", "trên 100%"."""
        if low is None or high is None or low == high:
            return self.class_range(low, low_included, high, high_included)
        left = ("" if low_included else ">") + self.number(_plain(low))
        right = ("" if high_included else "<") + self.number(_plain(high))
        return f"{left} – {right}"


_RULE_KEYS = {">=": "rule.at_least", ">": "rule.above"}


def _unknown(value: SupportsInt | None) -> bool:
    return value is None or value != value or int(value) == -1


def _as_decimal(value: Number | None) -> Decimal | None:
    """Exact for int and Decimal; a float by its shortest writing, so that 89.95 is 89.95; None for None and NaN."""
    if value is None or value != value:
        return None
    if isinstance(value, Decimal):
        return value
    return Decimal(str(value.item() if hasattr(value, "item") else value))


def _plain(value: Decimal) -> Decimal:
    """Without trailing zeros and without an exponent: 85.00 → 85, 1E+2 → 100."""
    short = value.normalize()
    return short.quantize(Decimal(1)) if short == short.to_integral_value() else short


def _year_month(period: str) -> tuple[int, int]:
    day = date.fromisoformat(f"{period}-01")
    return day.year, day.month
