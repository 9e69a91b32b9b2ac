"""Reading data/facts: every cell as text, so that no figure is changed by guessing its type."""

from pathlib import Path

import pandas as pd

FACTS_DIRECTORY = Path(__file__).resolve().parent.parent / "facts"


def read_facts(name: str) -> pd.DataFrame:
    """One file of data/facts as text; a blank cell is the empty text."""
    return pd.read_csv(FACTS_DIRECTORY / f"{name}.csv", dtype=str, keep_default_na=False, encoding="utf-8")
