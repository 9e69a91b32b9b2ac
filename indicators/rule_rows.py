"""Programmes as flat rows of the store, and back: an old snapshot keeps the rules it was judged by."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from indicators.rules import Goal, Programme, Threshold, read_goal, read_threshold


def programme_rows(programmes: Iterable[Programme]) -> list[dict[str, str]]:
    """One flat row of text per programme, for the store."""
    return [
        {
            "programme": entry.programme,
            "from_period": entry.from_period,
            "to_period": entry.to_period,
            "commune_groups": json.dumps(entry.commune_groups, ensure_ascii=False),
            "left_out": json.dumps(entry.left_out, ensure_ascii=False),
        }
        for entry in programmes
    ]


def threshold_rows(programmes: Iterable[Programme]) -> list[dict[str, Any]]:
    """One flat row per threshold: `programme` and the fields of Threshold; value as text, unit_types space-joined."""
    return [
        {"programme": entry.programme, **_flat(rule), "unit_types": " ".join(rule.unit_types)}
        for entry in programmes
        for rule in entry.thresholds
    ]


def goal_rows(programmes: Iterable[Programme]) -> list[dict[str, Any]]:
    """One flat row per goal: `programme` and the fields of Goal; value as text."""
    return [{"programme": entry.programme, **_flat(rule)} for entry in programmes for rule in entry.goals]


def _flat(rule: Threshold | Goal) -> dict[str, Any]:
    return {field.name: getattr(rule, field.name) for field in fields(rule)} | {"value": str(rule.value)}


def programmes_from_rows(
    programmes: Iterable[Mapping[str, Any]], thresholds: Iterable[Mapping[str, Any]], goals: Iterable[Mapping[str, Any]]
) -> dict[str, Programme]:
    """The programmes of a snapshot. Rows are those of `programme_rows`, `threshold_rows` and `goal_rows`.

    Dates may be `date`, a timestamp, or ISO text; a missing one may be None, NaN or NaT. Columns that are not fields
    of a rule are ignored.
    """
    by_programme: dict[str, tuple[list[Threshold], list[Goal]]] = {}
    for row in thresholds:
        by_programme.setdefault(row["programme"], ([], []))[0].append(read_threshold(_fields_of(Threshold, row)))
    for row in goals:
        by_programme.setdefault(row["programme"], ([], []))[1].append(read_goal(_fields_of(Goal, row)))
    built = {}
    for row in sorted(programmes, key=lambda row: row["from_period"]):
        own_thresholds, own_goals = by_programme.get(row["programme"], ([], []))
        built[row["programme"]] = Programme(
            programme=row["programme"],
            from_period=row["from_period"],
            to_period=row["to_period"],
            thresholds=tuple(own_thresholds),
            goals=tuple(own_goals),
            commune_groups=tuple((code, wording) for code, wording in json.loads(row["commune_groups"])),
            left_out=tuple((basis, reason) for basis, reason in json.loads(row["left_out"])),
        )
    return built


_DATES = ("effective_from", "effective_to", "measured_from", "deadline")


def _fields_of(rule: type, row: Mapping[str, Any]) -> dict[str, Any]:
    own = {field.name: row[field.name] for field in fields(rule) if field.name in row}
    for name in _DATES:
        if name in own:
            own[name] = _as_date(own[name])
    if "unit_types" in own:
        own["unit_types"] = own["unit_types"].split()
    if "main" in own:
        own["main"] = bool(own["main"])
    return own


def _as_date(value: Any) -> date | None:
    if value is None or value != value:  # NaN and NaT differ from themselves
        return None
    return date.fromisoformat(str(value)[:10])
