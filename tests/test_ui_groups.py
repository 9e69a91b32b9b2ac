"""Scopes: nation, regions, clusters of the year, received groups; what does not fit a boundary set is left out."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from screen import PROJECT_ROOT, open_page

from data.queries.groups import group_members
from data.settings import Settings
from data.store import Store
from text.words import Words
from ui import loaders
from ui.loaders import groups


@pytest.fixture(autouse=True)
def on_the_small_store(use_store: Callable[[Path], None], small_settings: Settings, small_store: Store) -> None:
    use_store(small_settings.var_directory)
    loaders.open_store()


def scopes(store: Store, period: str, boundary_set: str) -> dict[str, groups.Scope]:
    return groups.load_scopes(store.snapshot_id, period, boundary_set)


@pytest.mark.parametrize(
    ("period", "boundary_set", "regions", "provinces"),
    [
        ("2020-12", "2019-10", 7, 63),
        ("2025-06", "2025-01", 6, 63),
        ("2025-07", "2025-07", 6, 34),
        ("2020-12", "2025-07", 6, 34),
    ],
)
def test_regions_share_out_every_province_once(small_store, period, boundary_set, regions, provinces):
    found = scopes(small_store, period, boundary_set)
    members = [code for scope in found.values() if scope.kind == "region" for code in scope.members]
    assert sum(scope.kind == "region" for scope in found.values()) == regions
    assert len(members) == len(set(members)) == provinces == len(found["nation"].members)


def test_clusters_hold_for_their_years_and_their_boundaries(small_store):
    def named(period, boundary_set):
        return {s.name: s for s in scopes(small_store, period, boundary_set).values() if s.kind == "cluster"}

    cluster = named("2020-12", "2019-10")["IV"]
    assert cluster.leads == ("45",) and len(cluster.members) == 9 and not cluster.is_received
    assert groups.say_scope(cluster, Words("vi")) == "Cụm thi đua IV"
    assert named("2025-06", "2025-01") == {}, "cluster 5 is of the 34 provinces"
    assert set(named("2026-02", "2025-07")) == set(named("2020-12", "2025-07")) == {"5"}


def test_a_province_is_held_by_its_region_and_cluster_and_a_district_by_none(small_store):
    kinds = [scope.kind for scope in groups.scopes_of(small_store.snapshot_id, "2020-12", "2019-10", "48")]
    assert kinds == ["nation", "region", "cluster"]
    assert groups.scopes_of(small_store.snapshot_id, "2020-12", "2019-10", "380") == []


def received(name: str, codes: list[str], scheme: str = "emulation_cluster", boundary_set: str = "2019-10"):
    row = {"scheme": scheme, "group_name": name, "from_year": 2020, "to_year": 2020, "boundary_set": boundary_set}
    return [row | {"unit_code": c, "is_lead": 0, "note": None, "is_received": True, "source": "f.xlsx"} for c in codes]


def test_a_received_cluster_replaces_the_published_one_that_shares_a_member(small_store):
    published = group_members(small_store, 2020)
    more = pd.DataFrame(received("Cụm thi đua số 1", ["48", "49"]) + received("Khác", ["01"], "own"))
    left = groups.prefer_received(pd.concat([published, more]))
    assert set(left["group_name"]) == {"Cụm thi đua số 1", "Khác"}
    apart = groups.prefer_received(pd.concat([published, pd.DataFrame(received("Cụm 2", ["01"]))]))
    assert set(apart["group_name"]) == {"IV", "Cụm 2"}


def test_groups_of_mixed_levels_unknown_units_or_other_boundaries_are_left_out(small_store):
    rows = received("Tỉnh", ["01", "48"], "own") + received("Lẫn", ["01", "380"], "own")
    rows += received("Mất", ["01", "0x"], "own") + received("Huyện", ["380", "381"], "own")
    units = loaders.load_units(small_store.snapshot_id, "2019-10")
    found = groups.list_groups(pd.DataFrame(rows), units, "2019-10")
    assert [(scope.name, scope.level) for scope in found] == [("Huyện", "district"), ("Tỉnh", "province")]
    later = loaders.load_units(small_store.snapshot_id, "2025-01")
    assert [scope.name for scope in groups.list_groups(pd.DataFrame(rows), later, "2025-01")] == ["Tỉnh"]


def test_a_name_that_says_what_it_is_is_not_said_twice():
    cluster = groups.Scope("cluster.1", "cluster", "Cụm thi đua số 1", "", "emulation_cluster", "province", ("01",))
    assert groups.say_scope(cluster, Words("vi")) == "Cụm thi đua số 1"
    assert groups.say_scope(dataclasses.replace(cluster, name="IV"), Words("en")) == "Emulation cluster IV"


def test_a_group_that_is_left_out_is_named_with_its_reason(small_store, monkeypatch: pytest.MonkeyPatch):
    rows = (
        received("Lẫn", ["01", "380"], "own")
        + received("Mất", ["01", "0x"], "own")
        + received("Đủ", ["01", "48"], "own")
    )
    rows += received("Cũ", ["380", "381"], "own", "2025-01")
    monkeypatch.setattr(groups, "group_members", lambda store, year: pd.DataFrame(rows))
    groups.load_left_out.clear()
    found = {one.name: one for one in groups.load_left_out(small_store.snapshot_id, "2020-12", "2019-10")}
    groups.load_left_out.clear()
    assert {name: one.reason for name, one in found.items()} == {"Lẫn": "levels", "Mất": "missing", "Cũ": "boundaries"}
    assert found["Mất"].units == ("0x",) and found["Cũ"].written == "2025-01"


def test_the_ranking_page_says_which_groups_cannot_be_ranked_in(monkeypatch: pytest.MonkeyPatch):
    rows = received("Văn phòng Đông", ["01", "0x"], "si_office")
    monkeypatch.setattr(groups, "group_members", lambda store, year: pd.DataFrame(rows))
    groups.load_left_out.clear()
    screen = open_page(PROJECT_ROOT / "pages" / "ranking.py")
    groups.load_left_out.clear()
    assert "Nhóm chưa xếp được: Văn phòng Đông (mã 0x không có trong danh mục đơn vị của kỳ này)." in screen.text
