"""What the one-page brief says of a place beside the figures of its profile: finding, pace, method. Nothing is loaded here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from indicators.closest import AT_RISK_PERCENT
from indicators.rules import Goal
from text.names import lower_first, upper_first
from ui.home import HomeFacts, HomeWords
from ui.parts import Figure
from ui.profile.facts import ProfileFacts
from ui.profile.headline import ProfileWords


class BriefWords:
    """`BriefWords(facts, said, goals, published, last_published)`. `said`: the words of the profile; `goals`: of the
    programme by measure; `published`, `last_published`: said already (`ui.home_facts`), "" where there are none."""

    def __init__(
        self,
        facts: ProfileFacts,
        said: ProfileWords,
        goals: Mapping[str, Goal],
        published: str = "",
        last_published: str = "",
    ) -> None:
        self.facts, self.said, self.goals = facts, said, goals
        self.published, self.last_published = published, last_published
        self.words, self.formats = said.words, said.formats

    def say(self, key: str, **values: object) -> str:
        return self.words.say(f"brief.{key}", **values)

    @property
    def home(self) -> HomeWords:
        """The words of the overview page for the same place: a goal of the nation is not held against a part of it."""
        facts = self.facts
        goals = {measure: rule for measure, rule in self.goals.items() if measure != "coverage"}
        if facts.goal is not None and (facts.is_nation or facts.has_own_target):
            goals["coverage"] = facts.goal
        known = HomeFacts(
            place=facts.place,
            is_nation=facts.is_nation,
            period=facts.period,
            earlier=facts.earlier,
            programme=facts.programme.programme,
            now=facts.now,
            year=facts.year,
            start=None,
            threshold=facts.threshold,
            goals=goals,
            published=self.published,
            last_published=self.last_published,
        )
        return HomeWords(known, self.words, self.formats)

    def headline(self) -> str:
        """How far, against which goal, what is missing; of a commune whether it meets the threshold."""
        facts = self.facts
        if not facts.has_figures or not facts.is_commune:
            return self.home.headline()
        if not facts.is_judged:
            return self.said.coverage_sentence()
        if facts.need == 0:
            return self.said.met_sentence()
        return self.say(
            "headline_commune_below",
            place=facts.place,
            rate=self.said.rate(),
            threshold=self.formats.percent_rule(facts.threshold.value),
            people=self.formats.count(facts.need),
        )

    def figures(self) -> list[Figure]:
        """Those of the profile; of the nation with the published rate, and with the districts where there are any."""
        found = self.said.figures()
        if found and self.published:
            found[0] = replace(found[0], note=self.published)
        now = self.facts.now
        if len(found) > 1 and self.facts.is_judged and not self.facts.is_commune and now.districts_counted > 0:
            part = self.formats.part_of(now.districts_met, now.districts_counted)
            note = f"{self.say('districts', part=part)} · {found[1].note}"
            found[1] = replace(found[1], note=note)
        return found

    def pace(self) -> str:
        """One sentence: the pace needed and the pace now, and what comes of it; from the deadline on what became of it."""
        facts, formats, pace = self.facts, self.formats, self.facts.pace
        if not facts.has_figures or facts.need < 0 or facts.deadline is None:
            return ""
        aim = self.words.say(
            "profile.aim_goal"
            if facts.need_is_of_goal
            else "profile.aim_commune"
            if facts.is_commune
            else "profile.aim_communes"
        )
        status = self.words.say(f"pace.status_{pace.status}")
        deadline = formats.month_short(f"{facts.deadline:%Y-%m}")
        if facts.need == 0:
            return self.say("pace_met", aim=aim, deadline=deadline, status=status)
        said = self.say("pace_over", aim=aim, deadline=deadline, status=status, people=formats.count(facts.need))
        if pace.needed is not None:
            needed = formats.count(pace.needed)
            said = self.say("pace_needed", aim=lower_first(aim), deadline=deadline, needed=needed, status=status)
        arrival = self.said.arrival()
        return " ".join(part for part in (said, self.pace_now(), upper_first(arrival) + "." if arrival else "") if part)

    def pace_now(self) -> str:
        now = self.facts.pace.now
        if now is None:
            return self.say("pace_unknown")
        key = "pace_falling" if now < 0 else "pace_rising"
        return self.say(key, people=self.formats.count(abs(now)))

    def method(self) -> str:
        """How rate, threshold and lists are reckoned, in few words."""
        facts, formats = self.facts, self.formats
        pieces = [self.say("method_coverage")]
        if facts.threshold is not None:
            key = "method_above" if facts.threshold.operator == ">" else "method_at_least"
            pieces.append(self.say(key, value=formats.percent_rule(facts.threshold.value)))
            if not facts.is_commune:
                pieces.append(self.say("method_at_risk", percent=AT_RISK_PERCENT))
        if facts.deadline is not None:
            pieces.append(self.words.say("pace.rule"))
        return " ".join(pieces)
