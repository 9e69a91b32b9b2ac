"""Which columns of a file hold codes and names: those that are named, else those whose values say so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from geo.import_match import LEVELS, UnitFinder, normalise_code
from geo.import_read import ImportProblem, require_fields
from geo.units import NATION

# Of the values of a column, how many must be known before it is taken for what it seems.
_SURE_CODES, _SURE_NAMES = 0.8, 0.5
_MOST_LOOKED_AT = 1500


@dataclass(frozen=True)
class Fields:
    """The column of codes, and the columns of names from province down to the level; either may be missing."""

    code: str | None
    names: tuple[str, ...]


def choose_fields(texts: pd.DataFrame, finder: UnitFinder, code: str | None, names: Sequence[str], file: str) -> Fields:
    """The fields to match by; raises ImportProblem where a named one is missing or none can be made out."""
    require_fields(texts, [*([code] if code else []), *names], file)
    if len(names) > LEVELS.index(finder.level) + 1:
        raise ImportProblem("too_many_names", count=len(names), most=LEVELS.index(finder.level) + 1)
    if names:
        return Fields(code, tuple(names))
    code = code or _find_code_field(texts, finder)
    found = _find_name_fields(texts.drop(columns=[code] if code else []), finder)
    if code is None and not found:
        raise ImportProblem("no_fields", file=file, fields=", ".join(map(str, texts.columns)))
    return Fields(code, found)


def _find_code_field(texts: pd.DataFrame, finder: UnitFinder) -> str | None:
    scores = {}
    for column in texts.columns:
        values = texts[column]
        known = sum(bool(normalise_code(value, finder.codes)) for value in values)
        # A column of districts repeats itself; one of communes does not.
        if known >= _SURE_CODES * len(values) and values.nunique() >= _SURE_CODES * len(values):
            scores[column] = known
    return max(scores, key=scores.__getitem__) if scores else None


def _find_name_fields(texts: pd.DataFrame, finder: UnitFinder) -> tuple[str, ...]:
    """Columns from province down, the best for each level; () where the level's own names are in none."""
    depth = LEVELS.index(finder.level) + 1
    scores = []
    for column in texts.columns:
        values = [value for value in texts[column].unique()[:_MOST_LOOKED_AT] if value]
        for level in LEVELS[:depth]:
            known = sum(_is_known(finder, level, value) for value in values)
            if values and known >= _SURE_NAMES * len(values):
                scores.append((known / len(values), level, column))
    chosen: dict[str, str] = {}
    for _, level, column in sorted(scores, key=lambda score: -score[0]):
        if level not in chosen and column not in chosen.values():
            chosen[level] = column
    if finder.level not in chosen or (finder.level == "commune" and "province" not in chosen):
        chosen.pop("district", None)
    return tuple(chosen[level] for level in LEVELS[:depth] if level in chosen) if finder.level in chosen else ()


def _is_known(finder: UnitFinder, level: str, value: str) -> bool:
    if level == finder.level:
        return finder.knows(value)
    return bool(finder.find_places(level, value, NATION)) if level == "province" else finder.knows_district(value)
