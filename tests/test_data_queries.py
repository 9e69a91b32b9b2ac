"""Each query beside a slow, plain twin: loops over the raw rows and the unit lists, without the project's SQL."""

import gzip
import json
import math
from collections import defaultdict
from decimal import Decimal
from functools import cache

import numpy as np
import pandas as pd
import pytest

from data import queries
from data.conversion import convert_commune_values
from data.former_names import search_former_names
from data.ingest.value_files import decode_value_file
from data.queries.sources import TABLES_OF_RECORDS
from data.settings import Settings
from data.store import Store
from geo.units import load_units, map_order, order_hash
from indicators.classes import class_edges, classify
from indicators.rule_rows import programmes_from_rows
from indicators.rules import load_programmes, threshold_in_force
from text.names import search_key

PERIOD = "2020-12"
PERIODS = ["2020-11", "2020-12", "2025-06", "2025-07"]
SETS = {"2019-12": "2019-10", "2020-11": "2019-10", "2020-12": "2019-10", "2025-06": "2025-01", "2025-07": "2025-07"}


@cache
def read_rows(store: Store, period: str) -> dict[str, dict[str, object]]:
    """The raw rows of a month by unit; None where unknown."""
    frame = store.query("SELECT * FROM commune_month WHERE period = ?", [period]).astype(object)
    return {row["unit_code"]: row for row in frame.where(frame.notna(), None).to_dict("records")}


@cache
def list_units(boundary_set: str) -> dict[str, dict[str, str]]:
    return {row["unit_code"]: row for row in load_units(boundary_set).astype(object).to_dict("records")}


def sum_twin(store: Store, period: str, belongs: dict[str, set[str]]) -> dict[str, dict[str, int]]:
    """Sums per group, unit by unit, with exact decimals. `belongs`: unit code → the groups it counts in."""
    units, rows = list_units(SETS[period]), read_rows(store, period)
    rule = threshold_in_force(load_programmes()["2021-2025" if period > "2020-12" else "2016-2020"], period)
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for code, groups in belongs.items():
        row = rows.get(code, {"population": None, "insured": None, "is_simulated": False})
        people, insured, alone = row["population"], row["insured"], units[code]["stands_alone"] == "1"
        known = people is not None and insured is not None and people > 0
        counted = units[code]["type"] in rule.unit_types and not alone
        line = rule.value * Decimal(int(people)) / 100 if known else Decimal(0)
        met = known and (Decimal(int(insured)) > line if rule.operator == ">" else Decimal(int(insured)) >= line)
        for group in groups:
            total = sums[group]
            total["population_all"] += int(people or 0)
            total["units"] += not alone
            total["units_reported"] += known and not alone
            total["units_simulated"] += bool(known and row["is_simulated"])
            total["counted"] += counted
            if known:
                total["known"] += 1
                total["population"] += int(people)
                total["insured"] += int(insured)
            if counted:
                total["met" if met else "not_met" if known else "unknown"] += 1
                total["population_met"] += int(people) if met else 0
                if known and not met:
                    assert rule.operator == ">="
                    total["still_to_enrol"] += math.ceil(line) - int(insured)
    return sums


@pytest.mark.parametrize("period", PERIODS)
def test_sums_agree_with_adding_up_unit_by_unit(small_store: Store, period: str):
    units = list_units(SETS[period])
    belongs = {}
    for code in map_order(SETS[period], "commune"):
        unit = units[code]
        province = units[unit["province_code"]]
        district = code if unit["level"] == "district" else unit["parent_code"]
        belongs[code] = {"VN", province["region6"], province["region7"], unit["province_code"], district} - {""}
    twin = sum_twin(small_store, period, belongs)
    levels = ("nation", "region", "province", "district")
    found = pd.concat([queries.summary_at(small_store, period, level) for level in levels]).set_index("unit_code")
    assert sorted(found.index) == sorted(twin)
    found = found.to_dict("index")
    for code, sums in twin.items():
        for column in ("population_all", "units", "units_reported", "units_simulated", "counted"):
            assert found[code][column] == sums[column], (code, column)
        for column in ("met", "not_met", "unknown"):
            assert found[code][column] == sums[column], (code, column)
        for column in ("population", "insured"):
            assert found[code][column] == (sums[column] if sums["known"] else -1), (code, column)
        for column in ("still_to_enrol", "population_met"):
            assert found[code][column] == (sums[column] if sums["counted"] > sums["unknown"] else -1), (
                code,
                column,
            )


def test_districts_meet_when_every_commune_does(small_store: Store):
    units, rows = list_units("2019-10"), read_rows(small_store, PERIOD)
    status = defaultdict(list)
    for code, unit in units.items():
        if unit["level"] == "district":
            status[code] = []
    for code, row in rows.items():
        if units[code]["type"] == "xa":
            known = row["insured"] is not None
            status[units[code]["parent_code"]].append(
                None if not known else 100 * row["insured"] >= 85 * row["population"]
            )
    nation = queries.summary_at(small_store, PERIOD, "nation").iloc[0]
    words = [
        "not_applicable" if not s else "not_met" if False in s else "unknown" if None in s else "met"
        for s in status.values()
    ]
    for word in ("met", "not_met", "unknown", "not_applicable"):
        assert nation[f"districts_{word}"] == words.count(word), word
    assert len(words) == 713


@pytest.mark.parametrize("scope", [None, "VN", "01", "498", "nonsense"])
def test_commune_values_are_the_raw_rows_in_map_order(small_store: Store, scope: str | None):
    units, rows = list_units("2019-10"), read_rows(small_store, PERIOD)
    wanted = [
        code
        for code in map_order("2019-10", "commune")
        if scope in (None, "VN", units[code]["province_code"], units[code]["parent_code"], code)
    ]
    found = queries.commune_values(small_store, PERIOD, scope)
    assert list(found["unit_code"]) == wanted
    for row in found.astype(object).to_dict("records"):
        raw = rows[row["unit_code"]]
        assert row["population"] == (-1 if raw["population"] is None else raw["population"])
        assert row["insured"] == (-1 if raw["insured"] is None else raw["insured"])
        assert row["obs_status"] == raw["obs_status"] and row["name"] == units[row["unit_code"]]["name"]
    assert found["population"].dtype == found["insured"].dtype == np.int64


def test_level_values_have_every_unit_of_the_level_in_file_order(small_store: Store):
    found = queries.level_values(small_store, PERIOD, "district")
    assert list(found["unit_code"]) == list(map_order("2019-10", "district"))
    one = queries.summary_at(small_store, PERIOD, "district", "02").set_index("unit_code")
    assert found.set_index("unit_code").loc[one.index, "insured"].equals(one["insured"])
    assert len(queries.level_values(small_store, "2025-07", "district")) == 0


def test_groups_are_added_over_the_communes_that_surveyed_them(small_store: Store):
    raw = small_store.query("SELECT * FROM group_month WHERE period = ?", [PERIOD])
    units = list_units("2019-10")
    sums = defaultdict(lambda: [0, 0, 0, 0])
    for row in raw.astype(object).to_dict("records"):
        if units[row["unit_code"]]["province_code"] == "02" and not pd.isna(row["eligible"]):
            gap = max(int(row["eligible"]) - int(row["insured"]), 0)
            for place, value in enumerate((int(row["eligible"]), int(row["insured"]), gap, 1)):
                sums[row["payer_group"]][place] += value
    found = queries.group_gaps(small_store, PERIOD, "02").set_index("payer_group")
    assert found[["eligible", "insured", "uninsured", "units_surveyed"]].T.to_dict("list") == dict(sums)
    assert found.index[0] == "employer_employee" and len(found) == 6
    assert (queries.group_gaps(small_store, PERIOD, "498")["eligible"] == -1).all()


def test_changes_stand_beside_the_earlier_month_of_the_same_boundary_set(small_store: Store):
    now, before = (read_rows(small_store, period) for period in (PERIOD, "2019-12"))
    found = queries.changes_since(small_store, PERIOD, "2019-12", "02")
    assert len(found) > 150
    for row in found.to_dict("records"):
        for column, raw in (("insured", now), ("insured_before", before)):
            value = raw[row["unit_code"]]["insured"]
            assert row[column] == (-1 if value is None else value)
    assert queries.changes_since(small_store, "2025-07", "2025-06").empty


def test_series_hold_every_month_of_a_unit_with_its_boundary_set(small_store: Store):
    series = queries.summary_series(small_store, "01", "2019-12", "2025-07")
    assert series["period"].tolist() == list(SETS) and series["boundary_set"].tolist() == list(SETS.values())
    one = queries.summary_at(small_store, "2025-06", "province", "01").iloc[0]
    assert series.set_index("period").loc["2025-06", "insured"] == one["insured"]
    commune = queries.commune_series(small_store, "00004", "2020-01", "2020-12")
    assert commune["period"].tolist() == ["2020-11", "2020-12"]


def test_search_ignores_marks_and_finds_parts_of_names_and_codes(small_store: Store):
    units = list_units("2019-10")
    for text in ("Tân Lập", "hoa binh", "XÃ PHÚC SEN"):
        key = search_key(text)
        every = {code for code, unit in units.items() if key in search_key(unit["name"])}
        found = queries.search_units(small_store, "2019-10", key, limit=500)
        assert set(found["unit_code"]) == every and every
    assert queries.search_units(small_store, "2019-10", "hoa binh", 1).iloc[0]["level"] == "province"
    assert queries.search_units(small_store, "2019-10", "00004").iloc[0]["name"] == "Phường Trúc Bạch"
    assert queries.search_units(small_store, "2019-10", "").empty
    assert queries.search_units(small_store, "2019-10", "' OR 1=1 --").empty


def test_children_are_sorted_by_the_vietnamese_alphabet(small_store: Store):
    provinces = list(queries.children(small_store, "2019-10", "VN")["short_name"])
    assert len(provinces) == 63 and provinces[0] == "An Giang"
    assert provinces.index("Cần Thơ") < provinces.index("Đà Nẵng") < provinces.index("Hà Nội")
    assert set(queries.children(small_store, "2025-07", "04")["level"]) == {"commune"}


def test_reports_received_count_units_where_somebody_lives(small_store: Store):
    found = queries.reports_received(small_store, "2020-11").set_index("province_code")
    rows, units = read_rows(small_store, "2020-11"), list_units("2019-10")
    for code in ("01", "48"):
        inside = [row for key, row in rows.items() if units[key]["province_code"] == code]
        assert found.loc[code, "units_expected"] == sum(row["obs_status"] != "not_applicable" for row in inside)
        assert found.loc[code, "units_reported"] == sum(row["insured"] is not None for row in inside)
    assert len(found) == 63


def test_rules_come_back_from_the_snapshot_exactly_as_they_went_in(small_store: Store):
    frames = (queries.programmes(small_store), queries.thresholds(small_store), queries.goals(small_store))
    back = programmes_from_rows(*(frame.to_dict("records") for frame in frames))
    assert list(back) == list(load_programmes())
    for name, programme in load_programmes().items():
        assert set(back[name].thresholds) == set(programme.thresholds)
        assert set(back[name].goals) == set(programme.goals)


def test_published_figures_keep_wording_and_source(small_store: Store):
    nation = queries.published_series(small_store).set_index("period")
    assert nation.loc["2020-12", ["insured", "coverage_pct"]].tolist() == [87_970_000, 90.85]
    assert nation.loc["2023-12", "insured"] == -1 and "khoảng 88 triệu" in nation.loc["2020-12", "wording"]
    targets = queries.targets(small_store, "20", 2020).iloc[0]
    assert (targets["value"], targets["operator"], targets["decision"]) == ("92.6", ">=", "1167/QĐ-TTg")
    old = queries.targets(small_store, "49", 2016).iloc[0]
    assert not old["in_force"], "1584/QĐ-TTg was replaced for 2016-2020"
    communes = queries.published_communes(small_store)
    assert communes["unit_code"].notna().mean() > 0.9
    assert set(queries.populations(small_store, "VN")["series"]) == {"gso_old", "gso_revised", "nso_nation"}
    assert len(queries.emulation_clusters(small_store, 2020)) == 9
    assert queries.reform_events(small_store)["event_vi"].str.len().min() > 10
    assert "2020-12" in set(queries.ntm_progress(small_store)["as_of"])


@pytest.mark.parametrize(("boundary_set", "units"), [("2019-10", 11_164), ("2025-01", 10_040), ("2025-07", 3_321)])
def test_a_month_on_a_newer_boundary_set_loses_nobody(small_store: Store, boundary_set: str, units: int):
    before = queries.commune_values(small_store, PERIOD)
    after = convert_commune_values(small_store, PERIOD, boundary_set)
    assert list(after["unit_code"]) == list(map_order(boundary_set, "commune")) and len(after) == units
    assert (
        after.loc[after["population"] >= 0, "population"].sum()
        == before.loc[before["population"] >= 0, "population"].sum()
    )
    unknown = (after["obs_status"] == "missing").sum()
    assert 1 <= unknown <= (before["obs_status"] == "missing").sum()
    assert after.loc[after["obs_status"] == "missing", "insured"].eq(-1).all()
    assert after.loc[after["obs_status"] == "reported", "is_simulated"].all()
    assert (after["obs_status"] == "not_applicable").sum() == 1, "Hoàng Sa stays what it is"


def test_value_files_hold_the_class_of_every_unit_and_month(small_store: Store, small_settings: Settings):
    row = queries.value_file(small_store, "2019-10", "commune", "2016-2020").iloc[0]
    content = (small_settings.value_directory / row["file_name"]).read_bytes()
    header, classes = decode_value_file(content)
    assert header["order_hash"] == order_hash(map_order("2019-10", "commune"))
    assert header["periods"] == ["2019-12", "2020-11", "2020-12"] and all(header["simulated"])
    assert [rule["value"] for rule in header["rules"]] == ["85"]
    edges = class_edges(threshold_in_force(load_programmes()["2016-2020"], PERIOD))
    values = queries.commune_values(small_store, PERIOD)
    expected = classify(values["insured"].to_numpy(), values["population"].to_numpy(), edges)
    expected[(values["obs_status"] == "not_applicable").to_numpy()] = 254
    assert np.array_equal(classes[:, 2], expected)
    raw = gzip.decompress(content)
    size = int.from_bytes(raw[:4], "little")
    assert json.loads(raw[4 : 4 + size]) == header and len(raw) == 4 + size + 11_164 * 3
    files = small_store.query("SELECT level, boundary_set FROM value_file")
    assert len(files) == 3 + 3 + 2 + 2, "two levels without districts, for each of the two programmes of 2025-07"


def test_unknown_words_give_empty_frames_and_never_an_error(small_store: Store):
    assert queries.unit(small_store, "2019-10", "99999").empty
    assert queries.units(small_store, "1999-01").empty
    assert queries.summary_at(small_store, "1999-01", "nation").empty
    assert queries.commune_values(small_store, "'; DROP TABLE unit; --").empty
    assert queries.source_of(small_store, "99999", PERIOD).empty
    assert queries.value_file(small_store, "2019-10", "galaxy", "x").empty
    assert queries.periods(small_store, "none").empty


def test_a_simulated_figure_says_that_it_is(small_store: Store):
    source = queries.source_of(small_store, "00004", PERIOD).iloc[0]
    assert source["kind"] == "simulation" and source["is_simulated"] and pd.isna(source["address"])
    info = queries.snapshot_info(small_store)
    assert info["rows"] == info["simulated_rows"] > 40_000 and info["real_rows"] == 0


@pytest.mark.parametrize(
    ("shown", "key", "code", "former"),
    [
        ("2025-07", "tinh ha giang", "08", "Tỉnh Hà Giang"),
        ("2025-07", "huyen moc chau", "14", "Huyện Mộc Châu"),
        ("2019-10", "phuong hac thanh", "14764", "Phường Hạc Thành"),
    ],
)
def test_a_unit_is_found_by_its_name_in_another_boundary_set(small_store, shown, key, code, former):
    found = search_former_names(small_store, shown, key)
    assert (code, former) in set(zip(found["unit_code"], found["former_name"], strict=True))


def test_former_names_leave_out_what_is_called_so_now_and_an_empty_text(small_store):
    found = search_former_names(small_store, "2025-07", "son la", 50)
    assert len(found) and not found["name"].map(lambda name: "Sơn La" in name).any()
    assert search_former_names(small_store, "2025-07", "").empty


def test_a_former_commune_leads_to_what_its_crosswalk_says(small_store):
    found = search_former_names(small_store, "2025-07", "xa ha giang", 20)
    row = found[found["former_name"] == "Xã Hà Giang"].iloc[0]
    old = small_store.query(
        "SELECT unit_code FROM unit WHERE boundary_set = '2025-01' AND name = 'Xã Hà Giang' AND province_code = '34'"
    )["unit_code"].iloc[0]
    target = small_store.query(
        "SELECT to_code FROM crosswalk WHERE from_set = '2025-01' AND to_set = '2025-07' AND from_code = $code",
        {"code": old},
    )
    assert set(found[found["former_province"] == "Tỉnh Thái Bình"]["unit_code"]) <= set(target["to_code"])
    assert row["former_set"] in ("2025-01", "2019-10")


def test_a_received_file_counts_its_rows_whatever_it_brought(records_store: Store):
    """A survey or a list of plans is in use like a monthly report; every table that names a row of a file is counted."""
    with_rows = records_store.query(
        "SELECT table_name FROM information_schema.columns"
        " WHERE column_name = 'source_row' AND table_catalog = current_database()"
    )["table_name"]
    tables = set(with_rows) - {"figure_history"}
    assert tables == {"commune_month", *TABLES_OF_RECORDS}
    rows: defaultdict[int, set[int]] = defaultdict(set)
    for table in tables:
        found = records_store.query(f"SELECT source_id, source_row FROM {table} WHERE source_row IS NOT NULL")
        for source_id, row in zip(found["source_id"], found["source_row"], strict=True):
            rows[int(source_id)].add(int(row))
    sources = records_store.query("SELECT source_id FROM source WHERE kind = 'received_file' ORDER BY source_id DESC")
    files = queries.files_received(records_store)
    assert files["rows"].tolist() == [len(rows[int(source_id)]) for source_id in sources["source_id"]]
    assert len(set(files["template"])) > 5 and (files["rows"] > 0).all()
