"""What a page asks is answered once per snapshot and arguments, also when many ask at once; an error is kept for nobody."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from data import queries
from data.settings import Settings
from indicators.rates import coverage_pct
from ui import loaders
from ui.loaders import snapshot
from ui.loaders.snapshot import cached
from ui.sums import to_summary


def test_many_that_ask_the_same_at_once_wait_for_one_answer():
    asked = []

    @cached
    def slow(snapshot_id: str, code: str, _make: object = None) -> list[str]:
        asked.append(code)
        time.sleep(0.05)
        return [code]

    found: list[list[str]] = []
    readers = [threading.Thread(target=lambda: found.append(slow("a", "38", object()))) for _ in range(8)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert asked == ["38"] and all(one is found[0] for one in found) and len(found) == 8
    assert slow("b", "38") is not found[0] and slow("a", code="38") == ["38"] and len(asked) == 3
    slow.clear()
    slow("a", "38")
    assert len(asked) == 4 and slow.__name__ == "slow"


def test_an_error_is_not_kept_and_the_oldest_answers_make_room(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(snapshot, "MOST_ANSWERS", 3)
    asked = []

    @cached
    def ask(snapshot_id: str, number: int) -> int:
        asked.append(number)
        if len(asked) == 1:
            raise ValueError("not yet")
        return number

    with pytest.raises(ValueError, match="not yet"):
        ask("a", 1)
    assert [ask("a", number) for number in (1, 2, 3, 1, 4, 1, 2)] == [1, 2, 3, 1, 4, 1, 2]
    assert asked == [1, 1, 2, 3, 4, 2]


def test_what_is_asked_for_many_units_at_once_is_what_each_is_asked_for_alone(
    small_settings: Settings, use_store: Callable[[Path], None]
):
    use_store(small_settings.var_directory)
    snapshot_id = loaders.open_store().snapshot_id
    store, catalogue = loaders.store_of(snapshot_id), loaders.load_catalogue(snapshot_id)
    for month, own in catalogue.boundary_of.items():
        values = queries.commune_values(store, month).assign(is_estimated=False)
        pd.testing.assert_frame_equal(loaders.load_communes(snapshot_id, month, own), values)
    for unit in ("VN", "38", "01", "380"):
        rows = queries.summary_series(store, unit, "2020-01", "2025-07").assign(unit_code=unit)
        assert len(rows) > 2
        pd.testing.assert_frame_equal(loaders.load_series(snapshot_id, unit, "2020-01", "2025-07"), rows)
        now = loaders.load_summary(snapshot_id, "2020-12", "2019-10", unit, "province")
        assert now == to_summary(rows[rows["period"] == "2020-12"].iloc[0])
    for unit in ("00004", "14818", "498", "99999"):  # communes, a district that stands alone, and none
        rows = queries.commune_series(store, unit, "2019-12", "2025-06")
        for own in ("2019-10", "2025-01"):
            months = loaders.load_unit_months(snapshot_id, own, unit, "2019-12", "2025-06", True)
            assert list(months.index) == [month for month in months.index if catalogue.boundary_of[month] == own]
            known = rows[(rows["boundary_set"] == own) & (rows["insured"] >= 0) & (rows["population"] > 0)]
            coverage = dict(zip(known["period"], coverage_pct(known["insured"], known["population"]), strict=True))
            assert months.dropna().to_dict() == pytest.approx(coverage)
        source = queries.source_of(store, unit, "2020-12")
        insured = source[(source["data_element"] == "insured") & (source["payer_group"] == "")]
        found = loaders.load_insured_source(snapshot_id, unit, "2020-12")
        assert (found is None) == insured.empty
        if found is not None:
            names = ["file_name", "sheet", "cell", "is_simulated", "obs_status"]
            pd.testing.assert_series_equal(found[names], insured.iloc[0][names], check_names=False)
