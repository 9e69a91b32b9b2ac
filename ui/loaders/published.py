"""Published figures and targets."""

from __future__ import annotations

import pandas as pd

from data import queries
from ui.loaders.snapshot import cached, store_of


@cached
def load_published(snapshot_id: str, unit: str) -> pd.DataFrame:
    return queries.published_series(store_of(snapshot_id), unit)
