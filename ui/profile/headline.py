"""The first lines of a profile: one sentence and four figures."""

from __future__ import annotations

from charts import palette
from indicators.closest import NEAR_PEOPLE, Standing, count_near, people_to_lose
from indicators.met import MET, met_status
from indicators.rates import coverage_pct, share_pct, shown_pct, shown_points
from text.formats import Formats
from text.words import Words
from ui.home import sign
from ui.parts import Figure
from ui.profile.facts import ProfileFacts


class ProfileWords:
    """`ProfileWords(facts, words, formats).headline()`. `standing`: the communes of the place by status; None for a
    commune. `rank`: said already."""

    def __init__(
        self, facts: ProfileFacts, words: Words, formats: Formats, standing: Standing | None = None, rank: str = ""
    ) -> None:
        self.facts, self.words, self.formats = facts, words, formats
        self.standing, self.rank = standing, rank

    def say(self, key: str, **values: object) -> str:
        return self.words.say(f"profile.{key}", **values)

    def headline(self) -> str:
        """One sentence: the pace needed and the pace now while there is time, else what is reached and what is missing."""
        facts = self.facts
        if not facts.has_figures:
            return self.say("headline_no_data", place=facts.place, period=self.formats.month(facts.period))
        if not facts.is_judged:
            return self.coverage_sentence()
        if facts.need == 0:
            return self.met_sentence()
        if facts.is_past_deadline:
            return self.missed_sentence()
        return self.pace_sentence("commune" if facts.is_commune else "communes")

    def pace_sentence(self, aim: str) -> str:
        facts, formats = self.facts, self.formats
        needed = self.say(
            f"headline_needed_{aim}",
            place=facts.place,
            people=formats.count(facts.pace.needed),
            threshold=formats.percent_rule((facts.threshold if facts.is_judged else facts.goal).value),
            deadline=formats.month_short(f"{facts.deadline:%Y-%m}"),
        )
        now = facts.pace.now
        if now is None:
            return needed + self.say("headline_now_unknown")
        key = "headline_now_falling" if now < 0 else "headline_now"
        return needed + self.say(key, people=formats.count(abs(now)))

    def met_sentence(self) -> str:
        facts = self.facts
        threshold = self.formats.percent_rule(facts.threshold.value)
        key = "headline_met_commune" if facts.is_commune else "headline_met_communes"
        return self.say(key, place=facts.place, rate=self.rate(), threshold=threshold)

    def missed_sentence(self) -> str:
        facts, formats = self.facts, self.formats
        return self.say(
            "headline_missed_commune" if facts.is_commune else "headline_missed_communes",
            place=facts.place,
            rate=self.rate(),
            met=formats.count(facts.now.met),
            counted=formats.count(facts.now.counted),
            people=formats.count(facts.need),
            threshold=formats.percent_rule(facts.threshold.value),
            deadline=formats.month_short(f"{facts.deadline:%Y-%m}"),
        )

    def coverage_sentence(self) -> str:
        """Without communes to judge: coverage against the goal, and why nothing is judged."""
        facts, formats = self.facts, self.formats
        why = self.why_unjudged()
        if facts.goal is None:
            return self.say("headline_plain", place=facts.place, rate=self.rate()) + why
        key = "headline_goal_met" if facts.need_of_goal == 0 else "headline_goal_missing"
        people = formats.count(facts.need_of_goal)
        return self.say(key, place=facts.place, rate=self.rate(), goal=self.goal(), people=people) + why

    def why_unjudged(self) -> str:
        if self.facts.threshold is None:
            programme = self.words.say(f"programme.{self.facts.programme.programme}")
            return self.words.say("home.headline_no_threshold", programme=programme)
        if self.facts.is_commune:
            return self.say("headline_not_counted")
        if self.facts.now.counted > 0:
            return self.words.say("home.headline_no_commune_data")
        return self.say("headline_no_commune")

    def rate(self) -> str:
        rule = self.facts.threshold if self.facts.is_commune and self.facts.is_judged else self.facts.goal
        return self.formats.rate(shown_pct(self.facts.now.insured, self.facts.now.population, rule))

    def goal(self) -> str:
        """ "chỉ tiêu năm 2019: từ 88%", or the plan's goal where the place has no target of its own."""
        goal = self.facts.goal
        rule = self.formats.rule(goal.value, goal.operator)
        key = "goal_own" if self.facts.has_own_target else "goal_national"
        said = self.say(key, year=goal.deadline.year, goal=rule)
        return said if goal.confidence != "low" else f"{said} ({self.words.say('rule.low_confidence')})"

    def figures(self) -> list[Figure]:
        if not self.facts.has_figures:
            return []
        found = [self.coverage_figure()]
        if self.facts.is_judged:
            found.append(self.result_figure() if self.facts.is_commune else self.communes_figure())
        if self.facts.is_judged or self.facts.goal is not None:
            found += [self.need_figure(), self.pace_figure()]
        return found

    def coverage_figure(self) -> Figure:
        facts, formats, now = self.facts, self.formats, self.facts.now
        rate = coverage_pct(now.insured, now.population).item()
        change = facts.year.points()
        earlier = formats.month_short(facts.earlier)
        said = (
            self.words.say("home.points_change", change=formats.points(shown_points(change)), earlier=earlier)
            if change is not None
            else self.words.say(f"home.{facts.year.why}", earlier=earlier)
        )
        partial = facts.year.say_partial(self.words, formats, facts.earlier)
        return Figure(
            label=self.say("coverage_label"),
            value=self.rate(),
            unit=self.goal() if facts.goal else "",
            bar_pct=min(rate, 100.0),
            goal_pct=float(facts.goal.value) if facts.goal else None,
            change=said,
            direction=sign(change),
            note=" · ".join(said for said in (self.rank, partial) if said),
            mark=self.mark(),
        )

    def communes_figure(self) -> Figure:
        facts, formats, now = self.facts, self.formats, self.facts.now
        earlier = formats.month_short(facts.earlier)
        change = facts.year.gained("met")
        said = (
            self.words.say("home.communes_change", change=formats.change(change), earlier=earlier)
            if change is not None
            else self.words.say(f"home.{facts.year.why_judged}", earlier=earlier)
        )
        notes = [self.words.say("home.communes_unknown", count=formats.count(now.unknown))] if now.unknown > 0 else []
        notes.append(
            self.words.say(
                "home.people_share", share=formats.rate(shown_pct(now.population_met, now.population_counted))
            )
        )
        return Figure(
            label=self.words.say("home.communes_label"),
            value=formats.count(now.met),
            unit=self.words.say(
                "home.communes_value",
                counted=formats.count(now.counted),
                rate=formats.rate(shown_pct(now.met, now.counted)),
            ),
            bar_pct=share_pct(now.met, now.counted),
            goal_pct=100.0,
            change=said,
            direction=sign(change),
            note=" · ".join(notes),
            mark=self.mark(),
        )

    def result_figure(self) -> Figure:
        """Of a commune: met or not, and how far from the line in people."""
        facts, formats, now = self.facts, self.formats, self.facts.now
        rule = formats.rule(facts.threshold.value, facts.threshold.operator)
        is_met = met_status(now.insured, now.population, facts.threshold).item() == MET
        gap = coverage_pct(now.insured, now.population).item() - float(facts.threshold.value)
        if is_met:
            lost = int(people_to_lose(now.insured, now.population, facts.threshold).item())
            said = self.say("result_spare", people=formats.count(lost))
        else:
            said = self.say("result_missing", people=formats.count(facts.need))
        return Figure(
            label=self.say("result_label"),
            value=self.words.say("class.met" if is_met else "class.not_met"),
            unit=self.say("result_rule", rule=rule),
            bar_pct=None,
            goal_pct=None,
            change=said,
            direction=0,
            note=self.say("result_points", points=formats.points(gap, 2)),
            mark=self.mark(),
            colour=palette.MET if is_met else palette.NOT_MET,
        )

    def need_figure(self) -> Figure:
        """The sums of people, those that differ: to the threshold, to the goal, to everybody."""
        facts, formats, now = self.facts, self.formats, self.facts.now
        others = [self.say("need_uninsured", people=formats.count(now.uninsured))]
        if facts.is_judged:
            key, first = ("need_commune" if facts.is_commune else "need_communes"), facts.need
            rule = formats.percent_rule(facts.threshold.value)
            if facts.need_of_goal > 0:
                others.append(self.say("need_goal", people=formats.count(facts.need_of_goal), goal=self.goal()))
        else:
            key, first = "need_of_goal", facts.need_of_goal
            rule = formats.rule(facts.goal.value, facts.goal.operator)
        near = ""
        if self.standing is not None and facts.is_judged:
            count = formats.count(count_near(self.standing))
            near = self.say("need_near", count=count, people=formats.count(NEAR_PEOPLE))
        return Figure(
            label=self.say("need_label"),
            value=formats.count(first),
            unit=self.say(key, rule=rule),
            bar_pct=None,
            goal_pct=None,
            change=near or others.pop(0),
            direction=0,
            note=" · ".join(others),
            mark=self.mark(),
        )

    def pace_figure(self) -> Figure:
        pace = self.facts.pace
        ratio = None if pace.ratio is None else max(0.0, min(float(pace.ratio), 1.0)) * 100
        status = self.words.say(f"pace.status_{pace.status}")
        value = status if pace.ratio is None else self.formats.number(pace.ratio, 2)
        return Figure(
            label=self.say("pace_label"),
            value=value,
            unit="" if pace.ratio is None else status,
            bar_pct=ratio,
            goal_pct=None if ratio is None else 100.0,
            change=self.pace_numbers(),
            direction=0,
            note=self.arrival(),
            mark=self.mark(),
            colour=palette.STATUS.get(pace.status, ""),
        )

    def pace_numbers(self) -> str:
        """ "hiện có 510, cần 1.214 người/tháng"."""
        pace = self.facts.pace
        now = self.formats.missing if pace.now is None else self.formats.change(pace.now)
        if self.facts.points < 5:
            now = self.words.say("pace.status_too_few")
        if pace.needed is None:
            return self.say("pace_now_only", now=now)
        return self.say("pace_numbers", now=now, needed=self.formats.count(pace.needed))

    def arrival(self) -> str:
        """When the goal comes at this pace, as a range; "" where none can be said."""
        facts = self.facts
        if facts.arrives_never:
            return self.words.say("pace.arrival_never")
        if facts.arrival is None:
            return ""
        early, late = facts.arrival
        first = self.month_after(early)
        if late < 0:
            return self.words.say("pace.arrival") + ": " + self.words.say("pace.arrival_open", early=first)
        last = self.month_after(late)
        said = first if first == last else self.words.say("pace.arrival_range", early=first, late=last)
        return f"{self.words.say('pace.arrival')}: {said}"

    def month_after(self, months: int) -> str:
        year, month = divmod(int(self.facts.period[:4]) * 12 + int(self.facts.period[5:]) - 1 + months, 12)
        return self.formats.quarter(f"{year:04d}-{month + 1:02d}")

    def mark(self) -> str:
        return self.words.say("home.simulated") if self.facts.now.units_simulated > 0 else ""


def list_files(facts: ProfileFacts) -> tuple[str, ...]:
    """The files about the whole place: a commune's and one without figures are all in its brief."""
    return ("brief", "workbook") if facts.has_figures and not facts.is_commune else ("brief",)
