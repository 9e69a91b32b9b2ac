"""The tables of the method page: rules with their legal basis, and the published national series with its sources."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from indicators.rules import Goal, Programme, Threshold
from text.formats import Formats
from text.words import Words
from ui.fact_words import say_fact

GOAL_WORDS = {
    "coverage": "method.rules_national",
    "communes_met": "method.rules_share_communes",
    "districts_met": "method.rules_share_districts",
}


def rule_rows(programmes: Mapping[str, Programme], words: Words, formats: Formats) -> tuple[list[str], list[list[str]]]:
    """Heading and rows: programme, dates, threshold or goal, legal basis, confidence; thresholds first."""
    rows = []
    for programme in programmes.values():
        name = words.say(f"programme.{programme.programme}")
        for rule in programme.thresholds:
            rows.append(
                [name, say_span(rule, formats), say_threshold(rule, words, formats), say_basis(rule), rule.confidence]
            )
        for goal in programme.goals:
            rows.append([name, "", say_goal(goal, words, formats), say_basis(goal), goal.confidence])
    return list(words.section("method.rules_head").values()), [
        [*row[:4], words.say(f"method.confidence.{row[4]}")] for row in rows
    ]


def say_basis(rule: Threshold | Goal) -> str:
    """The legal text, the criterion in it, and where it was read."""
    criterion = getattr(rule, "criterion", "")
    legal = f"{rule.legal_basis}, {criterion}" if criterion else rule.legal_basis
    return f"{legal} ({rule.source})" if rule.source else legal


def say_span(rule: Threshold, formats: Formats) -> str:
    end = formats.day(rule.effective_to) if rule.effective_to else ""
    return f"{formats.day(rule.effective_from)} – {end}".strip()


def say_threshold(rule: Threshold, words: Words, formats: Formats) -> str:
    kind = words.say(f"method.rules_kind_{rule.kind}")
    said = words.say(f"method.rules_{rule.level}", kind=kind, threshold=formats.rule(rule.value, rule.operator))
    return f"{said} ({rule.scope_name})" if rule.scope_name else said


def say_goal(goal: Goal, words: Words, formats: Formats) -> str:
    return words.say(
        GOAL_WORDS[goal.measure], deadline=formats.day(goal.deadline), goal=formats.rule(goal.value, goal.operator)
    )


def published_rows(series: pd.DataFrame, words: Words, formats: Formats) -> tuple[list[str], list[list[str]]]:
    """Heading and rows of the published national figures; the wording is kept where a figure is vague."""
    rows = [
        [
            row.as_of,
            formats.count(row.insured),
            formats.missing if pd.isna(row.coverage_pct) else formats.rate(row.coverage_pct),
            say_fact(row.wording, words),
            say_fact(row.source, words),
        ]
        for row in series.itertuples()
    ]
    return list(words.section("method.published_head").values()), rows
