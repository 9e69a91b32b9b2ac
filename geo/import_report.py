"""The report of an import: a CSV with one row per outline that needs a look, and sentences for the console."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from geo.import_match import Matches
from geo.import_read import ImportProblem
from geo.units import load_units
from text.formats import Formats
from text.words import Words

COLUMNS = ("row", "names", "file_code", "reason", "suggested_code", "suggested_name", "unit_code")
KEPT = "kept_in_use"
_MOST_SHOWN = 12


def write_report(
    path: Path, rows: np.ndarray, labels: Sequence[str], codes: Sequence[str] | None, matches: Matches,
    kept: Sequence[str], boundary_set: str, words: Words,
) -> None:  # fmt: skip
    """Write what did not match, and the units that keep their outline in use.

    `unit_code` is left empty to be filled in: handed back with `--decided`, it decides for the outline of that row.
    """
    names = load_units(boundary_set).set_index("unit_code")["name"]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for i in np.flatnonzero(~matches.is_matched):
            suggested = matches.suggestion[i]
            writer.writerow(
                map(
                    _harmless,
                    (
                        str(rows[i]),
                        labels[i],
                        codes[i] if codes is not None else "",
                        words.say(f"geo.reason.{matches.how[i]}"),
                        suggested,
                        names.get(suggested, ""),
                        "",
                    ),
                )
            )
        for code in kept:
            writer.writerow(map(_harmless, ("", names[code], "", words.say(f"geo.reason.{KEPT}"), "", "", code)))


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula, and no console for a command."""
    text = "".join(letter if letter.isprintable() else " " for letter in cell)
    return f"'{text}" if text[:1] in "=+-@" and text else text


def read_decided(path: Path, rows: np.ndarray) -> list[str]:
    """The codes that a person filled in, for each row of the file; raises ImportProblem for another kind of CSV."""
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        by_row = {row: code.strip() for row, code in zip(table["row"], table["unit_code"], strict=True) if row}
    except (OSError, KeyError, ValueError) as error:
        raise ImportProblem("wrong_decided", file=path) from error
    return [by_row.get(str(row), "") for row in rows]


def describe_matches(
    matches: Matches, labels: Sequence[str], rows: np.ndarray, boundary_set: str, words: Words
) -> list[str]:
    """Sentences: how many matched and how, and the first outlines that did not."""
    numbers = Formats("vi")
    how = Counter(matches.how)
    count, found = len(rows), int(matches.is_matched.sum())
    lines = [
        words.say(
            "geo.matched",
            found=numbers.count(found),
            count=numbers.count(count),
            share=numbers.number(10_000 * found // count / 100, 2),
        )
    ]
    lines += [
        words.say(f"geo.how.{kind}", count=numbers.count(how[kind]))
        for kind in ("code", "name", "former_name", "decided")
        if how[kind]
    ]
    names = load_units(boundary_set).set_index("unit_code")["name"]
    left = np.flatnonzero(~matches.is_matched)
    for i in left[:_MOST_SHOWN]:
        reason = words.say(f"geo.reason.{matches.how[i]}")
        suggested = matches.suggestion[i]
        key = "geo.unmatched_suggest" if suggested else "geo.unmatched"
        label = _harmless(labels[i]).lstrip("'") or "–"
        lines.append(
            words.say(
                key, row=rows[i], name=label, reason=reason, suggestion=f"{names.get(suggested, '')} ({suggested})"
            )
        )
    if len(left) > _MOST_SHOWN:
        lines.append(words.say("geo.more_unmatched", count=numbers.count(len(left) - _MOST_SHOWN)))
    return lines
