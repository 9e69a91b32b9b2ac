"""What a finding or a refusal says to a person."""

from data.errors import UserError
from data.ingest.received import Rejection
from data.ingest.rules import load_rules
from text.formats import Formats
from text.words import Words


def describe_rule(rule_id: str, words: Words, value: str = "") -> str:
    """The sentence of a rule, with its limits and what was found."""
    limits = {name: Formats(words.lang).number(value) for name, value in load_rules()[rule_id].limits.items()}
    return words.say(f"ingest.rule.{rule_id}", value=value, **limits)


def describe_finding(found: Rejection, words: Words) -> str:
    """The sentence, and what may have been meant."""
    sentence = describe_rule(found.rule_id, words, found.value)
    return f"{sentence} {words.say('ingest.hint', hint=found.hint)}" if found.hint else sentence


def describe_problem(problem: UserError, words: Words) -> str:
    """The sentence of a refusal."""
    values = {name: value for name, value in problem.values.items() if not isinstance(value, list)}
    return words.say(problem.words_key, **values)
