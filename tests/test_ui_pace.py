"""The pace of all units of a level comes from one frame, whose status is that of the figures on the screen."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from data import queries
from data.settings import Settings
from data.store import Store
from indicators.met import still_to_enrol
from indicators.pace import STATUS_NAMES
from indicators.trend_marker import MARKER_NAMES
from text.words import Words
from ui import loaders
from ui.loaders import pace, targets


@pytest.fixture(autouse=True)
def snapshot_id(use_store: Callable[[Path], None], small_settings: Settings) -> str:
    use_store(small_settings.var_directory)
    return loaders.open_store().snapshot_id


@pytest.mark.parametrize(
    ("level", "period", "boundary_set", "units"),
    [
        ("nation", "2020-12", "2019-10", 1),
        ("province", "2020-11", "2019-10", 63),
        ("district", "2020-11", "2019-10", 713),
        ("commune", "2020-11", "2019-10", 11_164),
        ("province", "2026-02", "2025-07", 34),
        ("province", "2020-11", "2025-07", 34),
    ],
)
def test_every_unit_of_a_level_has_a_row(snapshot_id: str, level: str, period: str, boundary_set: str, units: int):
    frame = pace.load_pace(snapshot_id, period, boundary_set, level)
    assert len(frame) == units
    assert set(frame["status"]) <= set(STATUS_NAMES) and set(frame["marker"]) == {"too_few"}


def test_people_still_to_enrol_are_those_of_each_provinces_own_target(snapshot_id: str, small_store: Store):
    frame = pace.load_pace(snapshot_id, "2020-11", "2019-10", "province")
    goals = pace.load_goals(snapshot_id, "2020-11", "2019-10", "province")
    values = queries.level_values(small_store, "2020-11", "province").set_index("unit_code")
    assert {goal.scope for goal in goals.values()} > {"VN", "11"}
    for code, rule in goals.items():
        row = values.loc[code]
        assert frame.at[code, "need"] == still_to_enrol(row["insured"], row["population"], rule)
        assert frame.at[code, "months_left"] == 1


def test_months_of_older_boundaries_are_carried_to_the_ones_on_the_screen(snapshot_id: str):
    counts = pace.load_quarters(snapshot_id, "2026-02", "2025-07", "province")
    assert counts.months[-1] == "2026-02" and (counts.insured[:, -1] > 0).sum() > 30
    counts = pace.load_quarters(snapshot_id, "2025-07", "2019-10", "province")
    assert (counts.insured < 0).all(), "a month is never carried to older boundaries"
    carried = loaders.load_level(snapshot_id, "2020-12", "2025-07", "province").set_index("unit_code")
    counts = pace.load_quarters(snapshot_id, "2020-12", "2025-07", "province")
    assert counts.insured[:, -1].tolist() == carried.loc[list(counts.codes), "insured"].tolist()


def test_a_merged_province_does_not_take_the_target_of_the_province_that_had_its_code(snapshot_id: str):
    before = targets.load_targets(snapshot_id, 2025, "2025-01")
    after = targets.load_targets(snapshot_id, 2025, "2025-07")
    assert "01" in before and "01" in after
    assert before.keys() - after.keys() & before.keys()
    assert np.all([goal.scope in after for goal in after.values()])


def test_every_status_and_marker_has_its_words():
    for lang in ("vi", "en"):
        words = Words(lang)
        assert all(words.say(f"pace.status_{name}") for name in STATUS_NAMES)
        assert all(words.say(f"pace.marker_{name}") for name in MARKER_NAMES.values())


def test_one_rule_of_targets_serves_overview_profile_and_trends(snapshot_id: str):
    old, new = (targets.load_all_targets(snapshot_id, boundary_set) for boundary_set in ("2025-01", "2025-07"))
    merged = targets.find_merged(snapshot_id, "2025-07")
    assert old.keys() & merged and not new.keys() & merged, "a target ends with the province it was set for"
    assert targets.load_target(snapshot_id, "01", 2025, "2025-07") == new["01"][2025]
    years = [goal.deadline.year for goal in targets.load_target_path(snapshot_id, "20", "2019-10")]
    assert years == sorted(years) and len(years) > 3
    assert "VN" not in old
