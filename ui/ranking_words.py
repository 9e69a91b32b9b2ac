"""What the ranking page says: the sentence, the headline figures, what ranks do not mean, who has none and why."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import numpy as np

from indicators import ranking
from indicators.met import MET, met_status
from indicators.ranking import load_settings, place_of
from indicators.rates import shown_pct, shown_points, shown_value
from indicators.rules import Goal, Threshold
from text.formats import Formats
from text.names import lower_first
from text.words import Words
from ui.loaders.groups import say_scope
from ui.parts import Figure
from ui.ranking import RankingFacts

REASONS = {
    ranking.NO_DATA: "no_data",
    ranking.TOO_FEW_PEOPLE: "too_few_people",
    ranking.TOO_FEW_REPORTS: "too_few_reports",
    ranking.OVER_HUNDRED: "over_hundred",
}
NAMED = 6  # units named in a sentence before the rest is only counted
EVERY_COMMUNE = Threshold(Decimal(100), ">=")  # so that 8.929 of 8.930 communes never reads 100 %


class RankingWords:
    """The ranking in one language. `targets`: goal per unit; `pinned`: code of the reader's province, "" for none."""

    def __init__(
        self, facts: RankingFacts, targets: Mapping[str, Goal], pinned: str, words: Words, formats: Formats
    ) -> None:
        self.facts, self.targets, self.words, self.formats = facts, targets, words, formats
        self.pinned = facts.place_at(pinned) if pinned else None
        is_province = facts.scope.code.startswith("province.")
        self.scope = lower_first(facts.scope.name) if is_province else say_scope(facts.scope, words)
        self.kind = words.say(f"ranking.units_{facts.level}")

    def rank(self, measure: str, at: int) -> str:
        """3/63, 3=/63; "không xếp hạng" where the unit has none."""
        ranks = self.facts.measures[measure].ranks
        place = place_of(ranks, at)
        if place is None:
            return self.words.say("ranking.unranked")
        return self.formats.rank(place, ranks.of, tied=bool(ranks.tied[at]))

    def value(self, measure: str, at: int) -> str:
        """The value that is ranked, as it is written."""
        row = self.facts.rows[at]
        if measure == "improvement":
            points = self.facts.points[at]
            return self.formats.points(shown_points(points))
        part, whole, rule = (
            ("insured", "population", self.facts.threshold) if measure == "level" else ("met", "counted", EVERY_COMMUNE)
        )
        if measure == "share" and row.counted == 0:
            return self.words.say("absence.not_applicable")
        if measure == "share" and row.unknown == row.counted:
            return self.formats.missing
        rate = shown_pct(int(getattr(row, part)), int(getattr(row, whole)), rule)
        return self.formats.missing if rate is None else self.formats.rate(rate)

    def name(self, at: int) -> str:
        return str(self.facts.rows[at].label)

    def since(self) -> str:
        return self.formats.month_short(self.facts.since)

    def headline(self) -> str:
        """The reader's province, or the two ends of the list."""
        facts, words = self.facts, self.words
        level = facts.measures["level"]
        if not level.ranks.of:
            return words.say("ranking.headline_none", period=self.formats.month(facts.period), scope=self.scope)
        if self.pinned is not None and place_of(level.ranks, self.pinned) is not None:
            said = {"name": self.name(self.pinned), "scope": self.scope, "rate": self.value("level", self.pinned)}
            text = words.say("ranking.headline_pinned", rank=self.rank("level", self.pinned), **said)
            share = facts.measures.get("share")
            if share is not None and place_of(share.ranks, self.pinned) is not None:
                text += words.say("ranking.headline_share", rank=self.rank("share", self.pinned))
            return text
        order = level.order()
        first, last = order[0], order[level.ranks.of - 1]
        if level.ranks.of == 1:
            return words.say("ranking.headline_one", name=self.name(first), rate=self.value("level", first))
        return words.say(
            "ranking.headline_ends",
            scope=self.scope,
            first=self.name(first),
            first_rate=self.value("level", first),
            last=self.name(last),
            last_rate=self.value("level", last),
        )

    def figures(self) -> list[Figure]:
        if not self.facts.has_figures:
            return []
        if self.pinned is None:
            return self.scope_figures()
        return [self.rank_figure(measure, self.pinned) for measure in self.facts.measures]

    def leader(self, measure: str) -> str:
        """The finding of one list: who leads it, or how many do."""
        found = self.facts.measures[measure]
        if not found.ranks.of:
            return self.words.say(f"ranking.list_{measure}", leader=self.words.say("ranking.nobody"))
        first = found.order()[0]
        ties = int((found.ranks.place == 1).sum())
        key = "ranking.leaders" if ties > 1 else "ranking.leader"
        said = {"name": self.name(first), "value": self.value(measure, first), "count": self.formats.count(ties)}
        return self.words.say(f"ranking.list_{measure}", leader=self.words.say(key, units=self.kind, **said))

    def rank_figure(self, measure: str, at: int) -> Figure:
        row = self.facts.rows[at]
        change, direction = self.move(measure, at)
        note = self.reason(at) if row.reason != ranking.RANKED else ""
        if measure == "improvement" and not np.isnan(row.gap_pct):
            rule = self.facts.gap_rule
            goal = self.formats.rule(rule.value, rule.operator)
            note = self.words.say("ranking.gap_closed_note", pct=self.formats.rate(shown_value(row.gap_pct)), goal=goal)
        if measure == "improvement":
            note = "; ".join(part for part in (note, self.shared(at)) if part)
        return Figure(
            label=self.words.say(f"ranking.measure_{measure}"),
            value=self.rank(measure, at),
            unit=self.value(measure, at),
            bar_pct=None,
            goal_pct=None,
            change=change,
            direction=direction,
            note=note or (self.target(at) if measure == "level" else ""),
            mark=self.mark(),
        )

    def move(self, measure: str, at: int) -> tuple[str, int]:
        """What became of a rank since the earlier month, and the direction of its arrow (0 within the noise)."""
        found = self.facts.measures[measure]
        if measure == "improvement":
            return self.words.say("ranking.since_note", since=self.since()), 0
        if found.before is None or found.moves is None:
            return self.words.say("ranking.no_earlier"), 0
        before = place_of(found.before, at)
        if before is None:
            return self.words.say("ranking.was_unranked", since=self.since()), 0
        was = self.formats.rank(before, found.before.of, tied=bool(found.before.tied[at]))
        direction = int(found.moves[at])
        steps = self.formats.count(abs(before - int(found.ranks.place[at]))) if direction else ""
        key = {1: "up", -1: "down", 0: "steady"}[direction]
        return self.words.say(f"ranking.move_{key}", steps=steps, was=was, since=self.since()), direction

    def target(self, at: int) -> str:
        """The unit's own target of the year, and how far it is."""
        row = self.facts.rows[at]
        goal = self.targets.get(str(row.unit_code))
        if goal is None:
            return self.words.say("ranking.no_target", year=self.facts.period[:4])
        value = self.formats.rule(goal.value, goal.operator)
        is_met = met_status(int(row.insured), int(row.population), goal).item() == MET
        return self.words.say("ranking.target_met" if is_met else "ranking.target_missed", target=value)

    def scope_figures(self) -> list[Figure]:
        """Spread, targets met, moves and reports of the scope."""
        facts, words, formats = self.facts, self.words, self.formats
        level = facts.measures["level"]
        known = facts.units[facts.units["reason"] != ranking.NO_DATA]
        figures = []

        def add(name: str, value: str, unit: str, change: str = "") -> None:
            label = words.say(f"ranking.figure_{name}")
            figures.append(
                Figure(label, value, unit, None, None, change, 0, mark=self.mark() if name != "sent" else "")
            )

        if level.ranks.of > 1:
            order = level.order()
            rates = ranking.as_percent(level.values)
            spread = float(rates[order[0]] - rates[order[level.ranks.of - 1]])
            add("spread", formats.number(spread, 1), words.say("ranking.points"))
        with_target = known[known["unit_code"].isin(list(self.targets))]
        if len(with_target):
            met = sum(
                met_status(int(row.insured), int(row.population), self.targets[row.unit_code]).item() == MET
                for row in with_target.itertuples()
            )
            unit = words.say("ranking.figure_targets_unit", count=formats.count(len(with_target)), units=self.kind)
            add("targets", formats.count(met), unit)
        if level.moves is not None:
            up, down = int((level.moves > 0).sum()), int((level.moves < 0).sum())
            unit = words.say("ranking.figure_moves_unit", units=self.kind)
            change = words.say(
                "ranking.figure_moves_note", up=formats.count(up), down=formats.count(down), since=self.since()
            )
            add("moves", formats.count(up + down), unit, change)
        total = facts.totals
        sent = formats.part_of(len(known), len(facts.units))
        change = words.say(
            "ranking.figure_sent_note",
            reported=formats.count(total.units_reported),
            units=formats.count(total.units),
        )
        add("sent", sent, self.kind, change if facts.level != "commune" else "")
        return figures

    def mark(self) -> str:
        return self.words.say("home.simulated") if self.facts.simulated else ""

    def source(self, at: int) -> str:
        """Whether the figures of a unit are received, simulated, or both; or that there are none."""
        row = self.facts.rows[at]
        if row.population <= 0:
            return self.words.say("absence.no_data")
        if row.units_simulated <= 0:
            return self.words.say("ranking.source_received")
        key = "ranking.source_simulated" if row.units_simulated >= row.units_reported else "ranking.source_mixed"
        return self.words.say(key, count=self.formats.count(row.units_simulated))

    def reason(self, at: int) -> str:
        """Why a unit has no rank, in a few words."""
        row = self.facts.rows[at]
        settings = load_settings()
        return self.words.say(
            f"ranking.reason_{REASONS[int(row.reason)]}",
            reported=self.formats.part_of(row.units_reported, row.units),
            people=self.formats.count(settings.minimum_population[self.facts.level]),
        )

    def unranked(self) -> str:
        """Who has no rank, each with its reason; "" where everyone has one."""
        places = [int(at) for at in np.flatnonzero(self.facts.units["reason"] != ranking.RANKED)]
        if not places:
            return ""
        named = "; ".join(
            self.words.say("ranking.unranked_unit", name=self.name(at), reason=self.reason(at)) for at in places[:NAMED]
        )
        more = len(places) - NAMED
        rest = self.words.say("ranking.unranked_more", count=self.formats.count(more)) if more > 0 else ""
        return self.words.say("ranking.unranked_all", count=self.formats.count(len(places)), units=named + rest)

    def denominator(self) -> str:
        """What stands after the stroke of a rank, where that is not everybody in both months; "" else."""
        level = self.facts.measures["level"].ranks
        ranked = [
            one.of for found in self.facts.measures.values() for one in (found.ranks, found.before) if one is not None
        ]
        if all(count == len(self.facts.units) for count in ranked):
            return ""
        return self.words.say(
            "ranking.denominator",
            kind=self.kind,
            ranked=self.formats.count(level.of),
            all=self.formats.count(len(self.facts.units)),
            period=self.formats.month_short(self.facts.period),
        )

    def shared(self, at: int) -> str:
        """On how many communes the gain of a unit stands, where not on all; "" else."""
        if not self.facts.is_partial(at):
            return ""
        row = self.facts.rows[at]
        shared, units = self.formats.count(row.units_shared), self.formats.count(row.units)
        return self.words.say("ranking.improvement_shared", shared=shared, units=units)

    def meaning(self) -> list[str]:
        """How to read the ranks, and what they do not say."""
        settings, facts = load_settings(), self.facts
        said = [self.words.say("ranking.meaning")]
        if facts.since:
            points = self.formats.number(settings.noise_points)
            ranks = self.formats.count(settings.noise_ranks)
            said.append(self.words.say("ranking.noise", ranks=ranks, points=points, since=self.since()))
        shared, units = facts.count_shared()
        if shared < units:
            communes = {"shared": self.formats.count(shared), "units": self.formats.count(units)}
            said.append(self.words.say("ranking.meaning_shared", **communes))
        if denominator := self.denominator():
            said.append(denominator)
        if facts.since and "share" in facts.measures and not facts.is_share_comparable:
            said.append(self.words.say("ranking.share_threshold_changed", since=self.since()))
        if any(measure.ranks.tied.any() for measure in facts.measures.values()):
            said.append(self.words.say("ranking.ties"))
        if "share" not in facts.measures and facts.level != "commune":
            said.append(self.words.say("ranking.no_share"))
        return said
