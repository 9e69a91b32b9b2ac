"""The status of a pace in a word. Of a district it speaks of the rate: a district *meets* when every commune of it does."""

from __future__ import annotations

from indicators.met import PercentRule
from text.formats import Formats
from text.words import Words

OF_RATES = ("met", "not_met")


def say_status(status: str, level: str, rule: PercentRule | None, words: Words, formats: Formats) -> str:
    """`status`: a name of indicators.pace.STATUS_NAMES; `rule`: what the rate is held against."""
    if level == "district" and status in OF_RATES and rule is not None:
        return words.say(f"pace.status_{status}_rate", threshold=formats.percent_rule(rule.value))
    return words.say(f"pace.status_{status}")
