"""How a list of the evaluation is written: cells of its table, the place of a unit, why it stands there or apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from indicators.changes import change_points
from indicators.evaluation import RoundFigures
from indicators.evaluation_reasons import explain_place, shown_score
from indicators.evaluation_rules import Round
from indicators.ranking import as_percent
from indicators.rates import shown_pct, shown_points, shown_value
from text.formats import Formats
from text.names import upper_first
from text.words import Words
from ui.loaders.emulation import ListEvaluation

IN_POINTS = frozenset({"improvement", "net_of_distance"})
OVER_ROUND = frozenset({"improvement", "gap_closed", "net_of_distance"})  # what is measured from the start to the end


class ListWords:
    """The words of one list; rows are numbered as in it. `count_communes` gives by unit its communes known at both ends of the
    round, and all of them; it is asked only where they differ."""

    def __init__(
        self,
        found: ListEvaluation,
        labels: Mapping[str, str],
        words: Words,
        formats: Formats,
        count_communes: Callable[[], Mapping[str, tuple[int, int]]] = dict,
    ) -> None:
        self.found, self.words, self.formats = found, words, formats
        self._codes = found.units["unit_code"].to_numpy()
        self._labels = labels
        self._figures = found.figures
        self._percent: dict[str, pd.Series] = {}
        self._count_communes = count_communes
        self._communes: Mapping[str, tuple[int, int]] | None = None

    def label(self, at: int) -> str:
        return str(self._labels[self._codes[at]])

    def percent(self, name: str, at: int) -> float:
        """An indicator in percent or points, for writing."""
        if name not in self._percent:
            self._percent[name] = as_percent(self.found.values[name])
        return float(self._percent[name][at])

    def columns(self, tier: str) -> list[str]:
        own = "months_met" if tier == "commune" else "communes_met"
        return ["unit", "place", "score", "level", own, "improvement", "net_of_distance", "completeness", "reason"]

    def cells(self, at: int, tier: str) -> list[str]:
        result = self.found.result
        values = [
            self.say_value(name, at) for name in self.columns(tier) if name not in ("unit", "place", "score", "reason")
        ]
        score = shown_score(result.score, at)
        return [
            self.label(at),
            self.say_place(at),
            self.words.say("emulation.no_score") if score is None else self.formats.number(score),
            *values,
            self.say_reason(at, tier),
        ]

    def say_place(self, at: int) -> str:
        result = self.found.result
        if result.place[at] < 0:
            return self.words.say("emulation.no_place")
        return self.formats.rank(int(result.place[at]), result.of, tied=bool(result.tied[at]))

    def say_value(self, name: str, at: int) -> str:
        """One indicator: a rate as people and units, a difference in points, parts of a whole."""
        f = self._figures
        if name not in self.found.values or not self.found.values[name].known[at]:
            return self.words.say("absence.not_applicable")
        if name == "level":
            rule = self.found.data.threshold
            return self.formats.rate(shown_pct(int(f.insured[at]), int(f.population[at]), rule))
        if name == "communes_met":
            return self.formats.part_of(int(f.met[at]), int(f.counted[at]))
        if name == "months_met":
            return self.formats.part_of(int(f.months_met[at]), int(f.months_judged[at]))
        if name in IN_POINTS:
            return self.formats.points(shown_points(self.percent(name, at)))
        if name == "completeness":
            return self.formats.rate(shown_pct(int(f.months_reported[at]), int(f.months_expected[at])))
        return self.formats.rate(shown_value(self.percent(name, at)))

    def say_ahead(self, name: str, at: int) -> str:
        """ "hơn 58/62 đơn vị", with those it is level with."""
        one = self.found.result.standings[name]
        if one.others == 0 or one.ahead_of[at] < 0:
            return self.words.say("absence.not_applicable")
        key = "emulation.ahead_tied" if one.tied_with[at] else "emulation.ahead"
        return self.words.say(
            key,
            ahead=self.formats.count(int(one.ahead_of[at])),
            others=self.formats.count(one.others),
            tied=self.formats.count(int(one.tied_with[at])),
        )

    def say_reason(self, at: int, tier: str) -> str:
        """What lifted and what held back a unit: "Mạnh: tỷ lệ xã đạt (59/62). Yếu: mức cải thiện (7/62)."."""
        best, worst = explain_place(self.found.result, at, self.found.rules, tier)
        if not best:
            return self.words.say("emulation.reason_none")
        said = self.words.say(
            "emulation.reason", best=self.words.say(f"emulation.ind_{best}"), ahead=self.part_behind(best, at)
        )
        if worst != best:
            said += " " + self.words.say(
                "emulation.reason_worst",
                worst=self.words.say(f"emulation.ind_{worst}"),
                ahead=self.part_behind(worst, at),
            )
        return said

    def part_behind(self, name: str, at: int) -> str:
        one = self.found.result.standings[name]
        return self.formats.part_of(int(one.ahead_of[at]), one.others)

    def say_apart(self, at: int) -> str:
        f = self._figures
        return self.words.say(
            f"emulation.apart_{self.found.result.reason[at]}",
            reported=self.formats.count(int(f.months_reported[at])),
            expected=self.formats.count(int(f.months_expected[at])),
            minimum=self.formats.percent_rule(self.found.rules.minimum_months_pct),
            people=self.formats.people(int(f.population[at])),
            rate=self.say_rate(f, at),
            insured=self.formats.count(int(f.insured[at])),
        )

    def why_head(self) -> list[str]:
        return list(self.words.section("emulation_why_head").values())

    def why_rows(self, at: int, tier: str, one: Round) -> list[list[str]]:
        """Every indicator of a unit with the figures behind it."""
        rows = []
        for entry in self.found.rules.of_level(tier):
            weight = self.formats.number(entry.weight) if entry.weight else self.words.say("emulation.weight_none")
            rows.append(
                [
                    upper_first(self.words.say(f"emulation.ind_{entry.indicator}")),
                    self.say_value(entry.indicator, at),
                    self.say_ahead(entry.indicator, at),
                    weight,
                    self.say_evidence(entry.indicator, at, one),
                ]
            )
        return rows

    def say_evidence(self, name: str, at: int, one: Round) -> str:
        """The people and months behind an indicator."""
        f, formats = self._figures, self.formats
        start, end = formats.month_short(one.from_period), formats.month_short(one.to_period)
        if name in OVER_ROUND:
            before, after = self.say_ends(at)
            said = self.words.say("emulation.evidence_change", start=start, before=before, end=end, after=after)
            rule = self.found.data.threshold
            if name == "gap_closed" and rule is not None:
                # Another gap than that of the ranking page, which goes to the coverage target: above 100 % is past the line.
                said += self.words.say("emulation.evidence_gap_closed", rule=formats.rule(rule.value, rule.operator))
            shared = self.say_shared(at)
            return f"{said} ({shared})" if shared else said
        if name == "level":
            people = formats.part_of(int(f.insured[at]), int(f.population[at]))
            return self.words.say("emulation.evidence_level", people=people, end=end)
        return self.words.say(f"emulation.evidence_{name}", start=start, end=end)

    def say_ends(self, at: int) -> tuple[str, str]:
        """Coverage at the start and at the end over the communes known at both: what a gain is made of."""
        n, p, n0, p0 = (column[at : at + 1] for column in self._figures.shared())
        rates = shown_pct(int(n0[0]), int(p0[0])), shown_pct(int(n[0]), int(p[0]), self.found.data.threshold)
        before, after = (self.formats.missing if rate is None else self.formats.rate(rate) for rate in rates)
        return before, after

    def find_shared(self, at: int) -> tuple[int, int] | None:
        """The communes over which a unit's gain is measured, and all of its communes; None where that is all of them, and for
        rounds that were judged by the sums of whoever reported."""
        if self.found.data.level == "commune":
            return None
        f = self._figures
        plain = (f.insured, f.population, f.insured_start, f.population_start)
        if all(one[at] == other[at] for one, other in zip(f.shared(), plain, strict=True)):
            return None
        if self._communes is None:
            self._communes = self._count_communes()
        part, whole = self._communes.get(str(self._codes[at]), (0, 0))
        return (part, whole) if part < whole else None

    def say_shared(self, at: int) -> str:
        """On how many communes the gain of a unit stands, where not on all; "" else."""
        if (found := self.find_shared(at)) is None:
            return ""
        part, whole = (self.formats.count(count) for count in found)
        return self.words.say("ranking.improvement_shared", shared=part, units=whole)

    def meaning_shared(self) -> str:
        """The same of the units ranked, for below their list; "" where every gain stands on all communes."""
        if self.found.data.level == "commune":
            return ""  # a commune is known at both ends or has no gain
        ranked = np.flatnonzero(self.found.result.place > 0)
        partly = [found for at in ranked if (found := self.find_shared(int(at))) is not None]
        if not partly:
            return ""
        part, whole = (self.formats.count(sum(counts)) for counts in zip(*partly, strict=True))
        return self.words.say(
            "emulation.meaning_shared", shared=part, units=whole, places=self.formats.count(len(partly))
        )

    def say_start(self, at: int) -> str:
        rate = shown_pct(int(self._figures.insured_start[at]), int(self._figures.population_start[at]))
        return self.formats.missing if rate is None else self.formats.rate(rate)

    def say_rate(self, figures: RoundFigures, at: int) -> str:
        rate = shown_pct(int(figures.insured[at]), int(figures.population[at]), self.found.data.threshold)
        return self.formats.missing if rate is None else self.formats.rate(rate)

    def say_difference(self, then: RoundFigures, at: int, now: RoundFigures, at_now: int) -> str:
        change = change_points(
            now.insured[at_now : at_now + 1],
            now.population[at_now : at_now + 1],
            then.insured[at : at + 1],
            then.population[at : at + 1],
        )
        return self.formats.points(float(change[0]), 2)
