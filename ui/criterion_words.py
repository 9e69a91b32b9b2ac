"""What the criterion page says: the sentence, the headline figures, the map's legend."""

from __future__ import annotations

from typing import Any

from charts import palette
from indicators.rates import coverage_pct, shown_pct
from indicators.reclassify import GAINED, LOST, STAYS_MET, STAYS_UNMET
from text.formats import Formats
from text.words import Words
from ui.criterion import CriterionFacts
from ui.parts import Figure
from ui.ranking_words import EVERY_COMMUNE

CODES = {LOST: "lost", STAYS_UNMET: "stays_unmet", STAYS_MET: "stays_met", GAINED: "gained"}


class CriterionWords:
    """The page in one language."""

    def __init__(self, facts: CriterionFacts, place: str, words: Words, formats: Formats) -> None:
        self.facts, self.place, self.words, self.formats = facts, place, words, formats
        self.before = formats.rule(facts.before.value, facts.before.operator)
        self.after = formats.rule(facts.after.value, facts.after.operator)

    def count(self, name: str) -> int:
        return int(getattr(self.facts.total, name)[0])

    def share(self, part: int, whole: int) -> str:
        rate = shown_pct(part, whole, EVERY_COMMUNE)
        return self.formats.missing if rate is None else self.formats.rate(rate)

    def headline(self) -> str:
        if not self.facts.has_figures:
            return self.words.say(
                "criterion.headline_none", place=self.place, period=self.formats.month(self.facts.period)
            )
        said = {
            "after": self.after,
            "place": self.place,
            "share_before": self.share(self.count("met_before"), self.count("counted")),
            "share_after": self.share(self.count("met_after"), self.count("counted")),
        }
        gained, lost = self.count("gained"), self.count("lost")
        if not gained and not lost:
            return self.words.say("criterion.headline_same", **said)
        if gained and lost:
            return self.words.say(
                "criterion.headline_both", gained=self.formats.count(gained), lost=self.formats.count(lost), **said
            )
        key = "criterion.headline_gained" if gained else "criterion.headline_lost"
        return self.words.say(key, count=self.formats.count(gained or lost), **said)

    def lead(self) -> str:
        """What is compared with what, and how far the figures reach."""
        key = "criterion.lead" if self.facts.is_in_force else "criterion.lead_not_in_force"
        said = [self.words.say(key, before=self.before, after=self.after)]
        if unknown := self.count("unknown"):
            said.append(
                self.words.say(
                    "criterion.lead_unknown",
                    unknown=self.formats.count(unknown),
                    counted=self.formats.count(self.count("counted")),
                )
            )
        return " ".join(said)

    def figures(self) -> list[Figure]:
        if not self.facts.has_figures:
            return []
        words, formats = self.words, self.formats
        counted = self.count("counted")
        simulated = self.facts.units["is_simulated"].any()
        mark = words.say("home.simulated") if simulated else ""
        after_pct = float(coverage_pct(self.count("met_after"), counted))
        before_pct = float(coverage_pct(self.count("met_before"), counted))
        more = self.count("need_after") - self.count("need_before")
        return [
            Figure(
                words.say("criterion.figure_changed"),
                formats.count(self.count("changed")),
                words.say("criterion.figure_changed_unit", counted=formats.count(counted)),
                None,
                None,
                words.say(
                    "criterion.figure_changed_note",
                    gained=formats.count(self.count("gained")),
                    lost=formats.count(self.count("lost")),
                ),
                0,
                mark=mark,
            ),
            Figure(
                words.say("criterion.figure_share"),
                self.share(self.count("met_after"), counted),
                words.say("criterion.figure_share_unit", share=self.share(self.count("met_before"), counted)),
                min(after_pct, 100.0),
                before_pct,
                words.say("criterion.figure_share_note", before=self.before),
                0,
                mark=mark,
            ),
            Figure(
                words.say("criterion.figure_people"),
                formats.count(self.count("people_changed")),
                words.say("home.need_value"),
                None,
                None,
                words.say("criterion.figure_people_note"),
                0,
                mark=mark,
            ),
            Figure(
                words.say("criterion.figure_need", after=self.after),
                formats.count(self.count("need_after")),
                words.say("home.need_value"),
                None,
                None,
                words.say("criterion.figure_need_note", change=formats.change(more), before=self.before),
                (more > 0) - (more < 0),
                mark=mark,
            ),
        ]

    def map_title(self) -> str:
        if not self.count("changed"):
            return self.words.say("criterion.map_title_same")
        return self.words.say("criterion.map_title", changed=self.formats.count(self.count("changed")))

    def legend(self) -> list[dict[str, Any]]:
        """The map's classes of change, then the units that are not counted and those without figures."""
        return [
            {"codes": [code], "label": self.words.say(f"criterion.class_{name}"), "colour": palette.RECLASSIFIED[code]}
            for code, name in CODES.items()
        ]

    def state(self, code: int) -> tuple[str, str]:
        """A unit's change in words, and its colour."""
        return self.words.say(f"criterion.class_{CODES[code]}"), palette.RECLASSIFIED[code]
