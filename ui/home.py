"""What the home page says: sentences, headline figures and captions, from summaries and rules. Nothing is drawn here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from indicators.met import MET, met_status
from indicators.rates import coverage_pct, share_pct, shown_pct, shown_points
from indicators.rules import Goal, Threshold
from text.formats import Formats
from text.names import lower_first
from text.words import Words
from ui.comparison import Comparison
from ui.loaders.comparison import SharedSums
from ui.parts import Figure
from ui.sums import PlaceSummary


@dataclass(frozen=True)
class HomeFacts:
    """All that the words of the home page need; counts are -1 where unknown.

    `year` is the same place a year earlier, over the communes known in both months; `start` the first month of the programme
    in the same way, for how far the gap has closed, None where it cannot be held against this one. `goals` by
    measure, without those that are not set. `published` and `last_published` are said already, "" where there are none.
    """

    place: str
    is_nation: bool
    period: str
    earlier: str
    programme: str
    now: PlaceSummary | None
    year: Comparison
    start: SharedSums | None
    threshold: Threshold | None
    goals: Mapping[str, Goal]
    published: str
    last_published: str

    @property
    def has_figures(self) -> bool:
        return self.now is not None and self.now.population > 0

    @property
    def is_judged(self) -> bool:
        """Whether there are communes to hold against a threshold."""
        return self.has_figures and self.threshold is not None and self.now.judged > 0


class HomeWords:
    """The home page in one language: `HomeWords(facts, words, formats).headline()`."""

    def __init__(self, facts: HomeFacts, words: Words, formats: Formats) -> None:
        self.facts, self.words, self.formats = facts, words, formats

    def headline(self) -> str:
        """One sentence: how far, against which goal, how many communes and people are missing."""
        facts = self.facts
        return self.finding() + ("" if facts.last_published or not facts.has_figures else self.gap())

    def finding(self) -> str:
        """The first half of it: how far, against which goal; what was published last where there is nothing newer."""
        facts, formats = self.facts, self.formats
        if facts.last_published:
            return facts.last_published
        if not facts.has_figures:
            return self.words.say("home.headline_no_data", place=facts.place, period=formats.month(facts.period))
        goal = facts.goals.get("coverage")
        rate = formats.rate(shown_pct(facts.now.insured, facts.now.population, goal))
        if goal is None:
            return self.words.say("home.headline_plain", place=facts.place, rate=rate)
        reached = met_status(facts.now.insured, facts.now.population, goal).item() == MET
        key = "home.headline_beyond" if reached else "home.headline_below"
        return self.words.say(key, place=facts.place, rate=rate, goal=self.goal(goal))

    def gap(self) -> str:
        facts, formats = self.facts, self.formats
        if facts.threshold is None:
            return self.words.say(
                "home.headline_no_threshold", programme=self.words.say(f"programme.{facts.programme}")
            )
        if facts.now.counted <= 0:
            return self.words.say("home.headline_no_commune")
        if facts.now.judged <= 0:
            return self.words.say("home.headline_no_commune_data")
        value = formats.percent_rule(facts.threshold.value)
        if facts.now.not_met == 0:
            return self.words.say("home.headline_all_met", threshold=value)
        communes, people = formats.count(facts.now.not_met), formats.count(facts.now.still_to_enrol)
        return self.words.say("home.headline_gap", communes=communes, threshold=value, people=people)

    def goal(self, goal: Goal) -> str:
        key = "home.goal_above" if goal.operator == ">" else "home.goal_at_least"
        return self.words.say(key, goal=self.formats.percent_rule(goal.value))

    def figures(self) -> list[Figure]:
        """The headline figures: coverage, communes that meet, districts that meet where districts exist, people still
        to enrol.
        """
        if not self.facts.has_figures:
            return []
        figures = [self.coverage_figure()]
        if self.facts.is_judged:
            figures.append(self.communes_figure())
            if self.facts.now.districts_counted > 0:
                figures.append(self.districts_figure())
            figures.append(self.need_figure())
        return figures

    def coverage_figure(self) -> Figure:
        facts, words, formats = self.facts, self.words, self.formats
        now, goal = facts.now, facts.goals.get("coverage")
        rate = coverage_pct(now.insured, now.population).item()
        change = facts.year.points()
        partial = facts.year.say_partial(words, formats, facts.earlier)
        note = facts.published or words.say("home.uninsured_note", people=formats.count(now.uninsured))
        return Figure(
            label=words.say("home.coverage_label", place=lower_first(facts.place)),
            value=formats.rate(shown_pct(now.insured, now.population, goal)),
            unit=self.coverage_goal(goal) if goal else "",
            bar_pct=min(rate, 100.0),
            goal_pct=float(goal.value) if goal else None,
            change=self.change(facts.year.why, change, formats.points(shown_points(change)), "home.points_change"),
            direction=sign(change),
            note=" · ".join(said for said in (note, partial) if said),
            mark=self.mark(),
        )

    def coverage_goal(self, goal: Goal) -> str:
        """The goal beside the figure; a province's own is called a target, and a number without a legal text says so."""
        if self.facts.is_nation:
            said = self.words.say("home.coverage_goal", goal=self.goal(goal))
        else:
            said = self.words.say("home.coverage_target", year=goal.deadline.year, goal=self.goal(goal))
        return said if goal.confidence != "low" else f"{said} ({self.words.say('rule.low_confidence')})"

    def communes_figure(self) -> Figure:
        facts, words, formats = self.facts, self.words, self.formats
        now, change = facts.now, facts.year.gained("met")
        notes = [
            words.say(
                "home.people_share",
                share=formats.rate(shown_pct(now.population_met, now.population_counted)),
            )
        ]
        if now.unknown > 0:
            notes.append(words.say("home.communes_unknown", count=formats.count(now.unknown)))
        return Figure(
            label=words.say("home.communes_label"),
            value=formats.count(now.met),
            unit=self.part("home.communes_value", now.met, now.counted, "communes_met"),
            bar_pct=share_pct(now.met, now.counted),
            goal_pct=100.0,
            change=self.change(facts.year.why_judged, change, formats.change(change), "home.communes_change"),
            direction=sign(change),
            note=" · ".join(notes),
            mark=self.mark(),
        )

    def districts_figure(self) -> Figure:
        facts, words, formats = self.facts, self.words, self.formats
        now, change = facts.now, facts.year.gained("districts_met")
        outside = {"districts_unknown": now.districts_unknown, "districts_outside": now.districts_not_applicable}
        return Figure(
            label=words.say("home.districts_label"),
            value=formats.count(now.districts_met),
            unit=self.part("home.districts_value", now.districts_met, now.districts_counted, "districts_met"),
            bar_pct=share_pct(now.districts_met, now.districts_counted),
            goal_pct=100.0,
            change=self.change(facts.year.why_judged, change, formats.change(change), "home.districts_change"),
            direction=sign(change),
            note=" · ".join(
                words.say(f"home.{key}", count=formats.count(count)) for key, count in outside.items() if count > 0
            ),
            mark=self.mark(),
        )

    def need_figure(self) -> Figure:
        facts, words, formats = self.facts, self.words, self.formats
        now, change = facts.now, facts.year.gained("still_to_enrol")
        return Figure(
            label=words.say("home.need_label"),
            value=formats.count(now.still_to_enrol),
            unit=words.say("home.need_value"),
            bar_pct=self.gap_closed(),
            goal_pct=100.0,
            change=self.change(facts.year.why_judged, change, formats.change(change), "home.need_change"),
            direction=sign(change),
            note=words.say("home.uninsured_note", people=formats.count(now.uninsured)),
            mark=self.mark(),
        )

    def gap_closed(self) -> float | None:
        """Which part of the gap of the programme's first month has been closed since, in percent, over the communes known in
        both months; None where that cannot be told."""
        start = self.facts.start
        if start is None or start.before.still_to_enrol <= 0:
            return None
        before, now = start.before.still_to_enrol, start.now.still_to_enrol
        return share_pct(max(before - now, 0), before)

    def part(self, key: str, part: int, whole: int, measure: str) -> str:
        rate = self.formats.rate(shown_pct(part, whole, self.facts.goals.get(measure)))
        return self.words.say(key, counted=self.formats.count(whole), rate=rate)

    def change(self, why_not: str, change: float | None, written: str, key: str) -> str:
        earlier = self.formats.month_short(self.facts.earlier)
        if change is None:
            return self.words.say(f"home.{why_not}", earlier=earlier)
        return self.words.say(key, change=written, earlier=earlier)

    def mark(self) -> str:
        return self.words.say("home.simulated") if self.facts.now.units_simulated > 0 else ""


def sign(change: float | None) -> int:
    return 0 if change is None else (change > 0) - (change < 0)
