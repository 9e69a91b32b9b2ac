"""The rules of an evaluation: indicators with their weights, rounds, limits, read from `definitions/evaluation.toml`.

No official score sheet is public, so the shipped weights are an example.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

INDICATORS = (
    "level", "communes_met", "months_met", "improvement", "gap_closed", "net_of_distance", "completeness",
)  # fmt: skip
LEVELS = ("province", "district", "commune")
ROUNDS = ("yearly", "mid_term", "final")

_DEFINITIONS = Path(__file__).parent / "definitions" / "evaluation.toml"


@dataclass(frozen=True)
class ScoredIndicator:
    """`weight` 0: shown and not counted."""

    indicator: str
    weight: Decimal
    levels: tuple[str, ...]


@dataclass(frozen=True)
class Round:
    """One evaluation: `round` is yearly, mid_term or final; from the figures of `from_period` to those of `to_period`."""

    programme: str
    round: str
    from_period: str
    to_period: str

    @property
    def year(self) -> int:
        return int(self.to_period[:4])


@dataclass(frozen=True)
class EvaluationRules:
    """The settings of `definitions/evaluation.toml`. `text` is the file as it stood, for the record of a closed round."""

    is_example: bool
    legal_basis: str
    source: str
    indicators: tuple[ScoredIndicator, ...]
    band_points: Decimal
    band_minimum: int
    minimum_months_pct: Decimal
    rounds: tuple[Round, ...]
    improvers: int
    recovery_months: int
    candidates: int
    silent_days: int
    after_months: int
    text: str = ""

    def of_level(self, level: str) -> tuple[ScoredIndicator, ...]:
        return tuple(entry for entry in self.indicators if level in entry.levels)


@cache
def load_rules() -> EvaluationRules:
    return read_rules(_DEFINITIONS.read_text(encoding="utf-8"))


def read_rules(text: str) -> EvaluationRules:
    """The rules of a TOML text. ValueError where an indicator is unknown, a weight below 0 or a level without weight."""
    raw = tomllib.loads(text)
    entries = tuple(
        ScoredIndicator(entry["indicator"], Decimal(entry["weight"]), tuple(entry["levels"]))
        for entry in raw["indicator"]
    )
    for entry in entries:
        if entry.indicator not in INDICATORS or entry.weight < 0 or not set(entry.levels) <= set(LEVELS):
            raise ValueError(f"evaluation.toml: indicator {entry.indicator!r} with weight {entry.weight}")
    for level in LEVELS:
        if not any(entry.weight > 0 and level in entry.levels for entry in entries):
            raise ValueError(f"evaluation.toml: nothing is counted for the level {level}")
    return EvaluationRules(
        is_example=raw["is_example"],
        legal_basis=raw["legal_basis"],
        source=raw["source"],
        indicators=entries,
        band_points=Decimal(raw["bands"]["points"]),
        band_minimum=int(raw["bands"]["minimum_units"]),
        minimum_months_pct=Decimal(raw["minimum_months"]["percent"]),
        rounds=tuple(Round(one["programme"], one["round"], one["from"], one["to"]) for one in raw["round"]),
        improvers=raw["exemplars"]["improvers"],
        recovery_months=raw["exemplars"]["recovery_months"],
        candidates=raw["exemplars"]["candidates"],
        silent_days=raw["log"]["silent_days"],
        after_months=raw["library"]["after_months"],
        text=text,
    )


def rules_to_record(rules: EvaluationRules) -> str:
    """The rules as JSON text, for the record of a closed round."""
    return json.dumps(rules.text, ensure_ascii=False)


def rules_of_record(record: str) -> EvaluationRules:
    return read_rules(json.loads(record))


def list_rounds(rules: EvaluationRules, programme: str, months: tuple[str, ...]) -> tuple[Round, ...]:
    """The rounds of a programme that have figures, the final one first, then the mid-term one, then years, newest first.

    `months` are those of the programme that hold figures, in order. A year goes from the December before it, where the
    programme has it, else from its own first month; the last year of a programme ends with the last month there is.
    """
    spans = [one for one in rules.rounds if one.programme == programme and one.to_period in months]
    spans = [
        one if one.from_period in months else Round(programme, one.round, months[0], one.to_period) for one in spans
    ]
    spans.sort(key=lambda one: one.to_period, reverse=True)
    years = []
    for year in sorted({month[:4] for month in months}, reverse=True):
        own = [month for month in months if month[:4] == year]
        before = f"{int(year) - 1}-12"
        years.append(Round(programme, "yearly", before if before in months else own[0], own[-1]))
    return (*spans, *years)
