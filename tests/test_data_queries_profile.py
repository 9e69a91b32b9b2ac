"""What a profile asks, beside plain twins over the raw rows."""

from collections import defaultdict

import pandas as pd
import pytest
from received_months import COMMUNES, publish_received

from data import queries
from data.queries import profile
from data.settings import Settings
from data.store import Store, open_current
from geo.units import load_units


def raw(store: Store, table: str) -> list[dict]:
    return store.query(f"SELECT * FROM {table}").to_dict("records")


def test_communes_over_time_are_the_series_of_each(small_store: Store):
    codes = ["00715", "14818", "498"]
    found = profile.communes_over_time(small_store, codes, "2019-12", "2025-06")
    for code in codes:
        own = found[found["unit_code"] == code].drop(columns="unit_code").sort_values("period", ignore_index=True)
        pd.testing.assert_frame_equal(own, queries.commune_series(small_store, code, "2019-12", "2025-06"))
    assert profile.communes_over_time(small_store, ["99999"], "2019-12", "2025-06").empty


@pytest.mark.parametrize("level", ["province", "region"])
def test_a_level_over_time_is_each_month_of_it(small_store: Store, level: str):
    months = ["2019-12", "2020-12", "2025-07"]
    found = profile.level_over_time(small_store, level, months)
    columns = ["unit_code", *profile.LEVEL_COUNTS]
    for month in months:
        twin = queries.summary_at(small_store, month, level)[columns].sort_values("unit_code", ignore_index=True)
        own = found.loc[found["period"] == month, columns].sort_values("unit_code", ignore_index=True)
        pd.testing.assert_frame_equal(own, twin)


def test_the_largest_group_of_a_commune_has_most_people_out(records_store: Store):
    period, codes = "2020-12", ["00688", "00692", "00715", "14818", "07210"]
    groups = queries.payer_groups(records_store, period)
    order = dict(zip(groups["payer_group"], groups["position"], strict=True))
    words = dict(zip(groups["payer_group"], groups["word"], strict=True))
    twin: dict[str, tuple] = {}
    for row in records_store.query("SELECT * FROM group_month WHERE period = '2020-12'").to_dict("records"):
        surveyed = not pd.isna(row["eligible"]) and not pd.isna(row["insured"])
        if row["unit_code"] in codes and surveyed:
            out = int(row["eligible"] - row["insured"])
            key = (out, -order[row["payer_group"]])
            if out > 0 and key > twin.get(row["unit_code"], ((0, 0), ""))[0]:
                twin[row["unit_code"]] = (key, words[row["payer_group"]])
    found = profile.largest_groups(records_store, period, codes)
    assert {row.unit_code: row.word for row in found.itertuples()} == {code: word for code, (_, word) in twin.items()}
    assert twin


def test_received_populations_are_added_up_with_how_many_communes_they_cover(records_store: Store):
    units = load_units("2019-10").set_index("unit_code")
    twin: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in raw(records_store, "unit_population"):
        if units.at[row["unit_code"], "province_code"] == "02":
            twin[row["series"], row["period"]].append(int(row["population"]))
    found = profile.received_populations(records_store, "2019-10", "02", "2020-12")
    assert {(row.series, row.period): (row.population, row.units) for row in found.itertuples()} == {
        key: (sum(people), len(people)) for key, people in twin.items()
    }
    communes = units[(units["province_code"] == "02") & (units["level"] == "commune")]
    assert set(found["units_all"]) == {len(communes)} and found["file_name"].notna().all()
    assert profile.received_populations(records_store, "2019-10", "02", "2019-01").empty


def test_recognised_is_what_the_last_decision_up_to_the_day_says(records_store: Store):
    for day in ("2014-12-31", "2020-12-31"):
        last: dict[str, dict] = {}
        for row in sorted(raw(records_store, "ntm_recognition"), key=lambda row: row["decided_on"]):
            if row["standard"] == "ntm" and str(row["decided_on"])[:10] <= day and row["boundary_set"] == "2019-10":
                last[row["unit_code"]] = row
        twin = {code for code, row in last.items() if row["status"] == "recognised"}
        found = profile.recognised_communes(records_store, "2019-10", day)
        assert set(found["unit_code"]) == twin and twin


def test_recognition_outlives_a_reform_only_where_the_commune_stayed_what_it_was(records_store: Store):
    before = set(profile.recognised_communes(records_store, "2019-10", "2020-12-31")["unit_code"])
    steps = records_store.query("SELECT * FROM crosswalk WHERE from_set = '2019-10' AND to_set = '2025-01'")
    kept = steps[(steps["from_code"] == steps["to_code"]) & steps["kind"].isin(["same", "renamed"])]
    after = set(profile.recognised_communes(records_store, "2025-01", "2020-12-31")["unit_code"])
    assert after == before & set(kept["from_code"]) and after < before


def test_a_replaced_figure_is_listed_with_both_values_and_the_file_in_force(own_settings: Settings):
    publish_received(own_settings, "2020-12", [20_000, 7_000, 9_000, 7_000])
    publish_received(own_settings, "2020-12", [20_000, 7_000, 9_100, 7_000])
    store = open_current(own_settings)
    try:
        found = profile.revisions(store, "01", "2020-12")
        changed = found[found["unit_code"] == "00382"].iloc[0]
        assert (changed["insured_before"], changed["insured"]) == (9_000, 9_100)
        assert changed["population"] == COMMUNES["00382"] and changed["file_now"] == "bao_cao_2020-12.xlsx"
        assert set(found["unit_code"]) == set(COMMUNES) and found["state"].isin(["draft", "released"]).all()
        assert profile.revisions(store, "38", "2020-12").empty
        assert profile.revisions(store, "01", "2020-11").empty
        files = profile.files_of_place(store, "2020-12", "01")
        received = files[~files["is_simulated"]]
        assert received["units"].tolist() == [4] and received["name"].tolist() == ["bao_cao_2020-12.xlsx"]
    finally:
        store.close()


def test_every_step_of_a_commune_is_found_from_both_ends(small_store: Store):
    found = profile.crosswalk_of(small_store, ["14812"])
    twin = [row for row in raw(small_store, "crosswalk") if "14812" in (row["from_code"], row["to_code"])]
    assert len(found) == len(twin) and set(found["kind"]) == {row["kind"] for row in twin}


def test_a_region_is_a_scope_of_its_communes(small_store: Store):
    units = load_units("2019-10")
    provinces = units.loc[(units["region7"] == "r7_tn") & (units["level"] == "province"), "unit_code"]
    inside = queries.commune_values(small_store, "2020-12", "r7_tn")
    assert set(inside["province_code"]) == set(provinces)
    each = [queries.group_gaps(small_store, "2020-12", code)["uninsured"].clip(lower=0) for code in provinces]
    assert queries.group_gaps(small_store, "2020-12", "r7_tn")["uninsured"].tolist() == sum(each).tolist()
