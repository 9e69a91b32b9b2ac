"""Reading data/facts: every cell as text, so that no figure is changed by guessing its type."""

from pathlib import Path

import pandas as pd

from data.errors import UserError

FACTS_DIRECTORY = Path(__file__).resolve().parent.parent / "facts"
ENTERED_TARGETS = "targets.csv"


def read_facts(name: str) -> pd.DataFrame:
    """One file of data/facts as text; a blank cell is the empty text."""
    return read_text_csv(FACTS_DIRECTORY / f"{name}.csv")


def read_text_csv(path: Path) -> pd.DataFrame:
    """A CSV file as text; a blank cell is the empty text."""
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")


def read_targets(rules_directory: Path | None = None) -> pd.DataFrame:
    """Targets of data/facts, with those that the operator entered in the place of the same unit, year and decision."""
    shipped = read_facts("targets")
    entered_file = rules_directory / ENTERED_TARGETS if rules_directory else None
    if entered_file is None or not entered_file.is_file():
        return shipped
    entered = read_text_csv(entered_file)
    if list(entered.columns) != list(shipped.columns):
        raise UserError("RULES-UNREADABLE", "rules.unreadable", file=entered_file, detail=", ".join(entered.columns))
    both = pd.concat([shipped, entered], ignore_index=True)
    return both.drop_duplicates(["unit_code", "year", "decision"], keep="last", ignore_index=True)
