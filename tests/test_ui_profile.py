"""The profile of every level of unit: what it says against plain recomputation, and every part opens."""

from collections.abc import Callable
from pathlib import Path

import pytest
from screen import PROJECT_ROOT, open_page, table_rows

from data import queries
from data.conversion import convert_commune_values
from data.settings import Settings
from data.store import Store
from geo.units import load_units
from indicators.met import met_status
from indicators.rules import load_programmes, threshold_in_force
from text.formats import Formats
from text.words import Words
from ui.loaders import profile

PAGE = PROJECT_ROOT / "pages" / "profile.py"
VI, FORMATS = Words("vi"), Formats("vi")
PERIOD = "2020-12"
BROKEN = ("nan", "NaN", "None", "inf%", "{", "}")
PARTS = ("overview", "communes", "trend", "people", "sources", "compare", "origins")
ADDRESSES = {
    "the nation": {},
    "a region": {"unit": "r7_btb"},
    "a region of 2025": {"unit": "r25_btb", "period": "2025-07"},
    "a province": {"unit": "38"},
    "a merged province": {"unit": "08", "period": "2025-07"},
    "a district": {"unit": "380"},
    "an island district without people": {"unit": "498"},
    "an island district": {"unit": "755"},
    "a ward": {"unit": "14812"},
    "a commune": {"unit": "14818"},
    "a commune on later boundaries": {"unit": "14812", "boundaries": "2025-07"},
    "a region on later boundaries": {"unit": "r25_btb", "boundaries": "2025-07"},
    "a month without a threshold": {"unit": "38", "period": "2026-02"},
    "a commune without a threshold": {"unit": "14812", "period": "2026-02"},
    "a programme without months": {"programme": "2010-2015"},
}


@pytest.fixture(autouse=True)
def on_the_small_store(use_store: Callable[[Path], None], small_settings: Settings) -> None:
    use_store(small_settings.var_directory)


@pytest.mark.parametrize("place", ADDRESSES)
def test_the_profile_of_every_kind_of_unit_opens_and_writes_no_broken_value(place: str):
    lang = "en" if len(place) % 2 else "vi"
    screen = open_page(PAGE, lang=lang, **ADDRESSES[place])
    assert screen.headline() and "error.address" not in screen.text
    assert not [word for word in BROKEN if word in screen.text.split()]


@pytest.mark.parametrize(
    ("unit", "part"),
    [
        *(("38", part) for part in PARTS[1:]),
        ("VN", "trend"),
        ("r7_btb", "compare"),
        ("380", "origins"),
        ("14818", "trend"),
        ("14818", "compare"),
    ],
)
def test_every_part_opens(part: str, unit: str):
    screen = open_page(PAGE, unit=unit, part=part)
    assert screen.headline() and not [word for word in BROKEN if word in screen.text.split()]


def place_rows(store: Store, unit: str):
    frame = queries.commune_values(store, PERIOD, unit)
    rule = threshold_in_force(load_programmes()["2016-2020"], PERIOD)
    counted = frame[frame["type"].isin(rule.unit_types) & ~frame["stands_alone"]]
    return frame, counted, rule


def test_the_lists_of_a_province_hold_what_a_plain_count_finds(small_store: Store):
    frame, counted, rule = place_rows(small_store, "38")
    status = met_status(counted["insured"], counted["population"], rule)
    screen = open_page(PAGE, unit="38", part="communes")
    for name, count in (
        ("below", (status == 0).sum()),
        ("met", (status == 1).sum()),
        ("over", (frame["insured"] > frame["population"]).sum()),
        ("unknown", ((frame["insured"] < 0) | (frame["population"] <= 0)).sum()),
    ):
        assert VI.say(f"profile.list_{name}", count=FORMATS.count(int(count))) in screen.text


def test_the_closest_communes_miss_the_fewest_people(small_store: Store):
    _, counted, rule = place_rows(small_store, "38")
    missing = sorted(
        need
        for n, p in zip(counted["insured"], counted["population"], strict=True)
        if n >= 0 and p > 0 and (need := -(-int(rule.value) * int(p) // 100) - int(n)) > 0
    )
    screen = open_page(PAGE, unit="38")
    rows = table_rows(screen, VI.say("profile.closest_title"))
    assert [row[2] for row in rows] == [FORMATS.people(need) for need in missing[:5]]
    label = VI.say("profile.need_label")
    assert screen.figure(label).startswith(FORMATS.count(sum(missing)))


def test_a_commune_says_its_own_distance_in_people(small_store: Store):
    _, counted, rule = place_rows(small_store, "38")
    known = counted[(counted["insured"] >= 0) & (counted["population"] > 0)]
    status = met_status(known["insured"], known["population"], rule)
    below, met = known[status == 0].iloc[0], known[status == 1].iloc[0]
    need = -(-int(rule.value) * int(below["population"]) // 100) - int(below["insured"])
    screen = open_page(PAGE, unit=below["unit_code"])
    assert VI.say("profile.result_missing", people=FORMATS.count(need)) in screen.text
    spare = int(met["insured"]) - -(-int(rule.value) * int(met["population"]) // 100) + 1
    screen = open_page(PAGE, unit=met["unit_code"])
    assert VI.say("profile.result_spare", people=FORMATS.count(spare)) in screen.text


def test_months_before_a_reform_are_those_of_the_converted_map(small_store: Store, small_settings: Settings):
    chosen = list(load_units("2025-07").query("level == 'commune'")["unit_code"])[::700]
    converted = {
        month: convert_commune_values(small_store, month, "2025-07").set_index("unit_code")
        for month in ("2020-12", "2025-06")
    }
    for code in chosen:
        months = profile.load_months(small_store.snapshot_id, "2025-07", code, "commune", "2026-02").set_index("period")
        for month, frame in converted.items():
            row = frame.loc[code]
            assert (months.at[month, "insured"], months.at[month, "population"]) == (row["insured"], row["population"])
            assert months.at[month, "is_estimated"] == row["is_estimated"]


def test_a_region_on_later_boundaries_is_the_sum_of_its_communes(small_store: Store):
    units = load_units("2025-07").set_index("unit_code")
    frame = convert_commune_values(small_store, PERIOD, "2025-07")
    region = units.loc[units.loc[frame["unit_code"], "province_code"], "region6"]
    inside = frame[(region == "r25_btb").to_numpy()]
    known = inside[(inside["insured"] >= 0) & (inside["population"] > 0)]
    found = profile.load_place(small_store.snapshot_id, PERIOD, "2025-07", "r25_btb", "region")
    assert (found.insured, found.population) == (known["insured"].sum(), known["population"].sum())


def test_the_rank_of_a_province_is_one_more_than_the_number_of_better_ones(small_store: Store):
    frame = queries.level_values(small_store, PERIOD, "province").set_index("unit_code")
    own = frame.loc["38"]
    better = sum(
        int(row.insured) * int(own["population"]) > int(own["insured"]) * int(row.population)
        for row in frame.itertuples()
        if row.insured <= row.population
    )
    ranked = int((frame["insured"] <= frame["population"]).sum())
    said = VI.say("profile.rank_in", scope=VI.say("groups.nation"), rank=FORMATS.rank(better + 1, ranked))
    assert said in open_page(PAGE, unit="38").text


def test_groups_that_were_not_surveyed_say_so_and_never_zero(small_store: Store):
    rows = small_store.query(
        "SELECT unit_code FROM group_month WHERE period = '2020-12' GROUP BY unit_code HAVING count(eligible) = 0 LIMIT 1"
    )
    screen = open_page(PAGE, unit=str(rows["unit_code"].iloc[0]), part="people")
    assert VI.say("profile.groups_title_unknown") in screen.text
    assert VI.say("profile.not_surveyed") in screen.text


def test_a_split_ward_names_its_heirs_with_shares_and_estimates():
    screen = open_page(PAGE, unit="00253", part="origins")
    text = screen.text
    assert VI.say("profile.kind_split") in text
    assert "89,6%" in text and "10,4%" in text, "5.526 and 642 of 6.168 people"
    assert "2025-01:00247" in "".join(screen.markup)


def test_a_commune_that_is_no_more_opens_the_unit_that_took_it_in():
    gone = "14827"  # merged into 14821 between 2019-10 and 2025-01
    screen = open_page(PAGE, unit=gone, period="2025-06")
    name = load_units("2025-01").set_index("unit_code").at["14821", "name"]
    assert screen.headline().startswith(name)


def test_the_populations_beside_the_one_in_use_are_named_with_their_rates(
    use_store: Callable[[Path], None], records_settings: Settings, records_store: Store
):
    use_store(records_settings.var_directory)
    screen = open_page(PAGE, unit="02", period=PERIOD, part="people")
    assert VI.say("profile.in_use") in screen.text and VI.say("profile.series_gso_revised") in screen.text
    commune = records_store.query("SELECT unit_code, population FROM unit_population ORDER BY unit_code LIMIT 1").iloc[
        0
    ]
    screen = open_page(PAGE, unit=commune["unit_code"], period=PERIOD, part="people")
    assert FORMATS.count(int(commune["population"])) in screen.text
    recognised = open_page(PAGE, unit="02", period=PERIOD, part="communes", list="fallen")
    assert "QĐ-UBND" in recognised.text
    cells = open_page(PAGE, unit="00715", period=PERIOD, part="sources")
    assert "bao_cao_2020-12_02.xlsx" in cells.text


def test_a_place_without_figures_says_where_they_should_come_from(small_store: Store):
    frame = queries.commune_values(small_store, "2020-11")
    missing = frame[frame["obs_status"] == "missing"].iloc[0]
    screen = open_page(PAGE, unit=missing["unit_code"], period="2020-11")
    assert screen.headline() == VI.say("profile.headline_no_data", place=missing["name"], period="tháng 11/2020")
    assert "báo cáo tháng 11/2020 của BHXH" in screen.text.lower().replace("bhxh", "BHXH")


def test_a_link_marks_the_open_part_and_nonsense_is_said():
    screen = open_page(PAGE, unit="38", part="rainbow")
    assert VI.say("error.address_choice", value="rainbow") in screen.text


def test_a_district_after_2025_07_says_what_became_of_it_and_links_to_its_communes():
    screen = open_page(PAGE, unit="380", period="2025-07")
    assert screen.headline().startswith("Tỉnh Thanh Hóa")
    said = next(block for block in screen.markup if "không còn là đơn vị hành chính từ tháng 7/2025" in block)
    assert "tỉnh Thanh Hóa, nơi có các xã của huyện" in said
    assert 'href="profile?' in said and "unit=380" in said and "period=2025-06" in said and "part=origins" in said
    origins = open_page(PAGE, unit="380", period="2025-06", part="origins")
    assert "nay thuộc" in origins.text


def test_a_province_that_was_merged_is_named_with_the_way_to_its_own_months():
    """Its director came by search in a month before and chose a later one."""
    screen = open_page(PAGE, unit="06", period="2025-07")
    said = VI.say("error.address_merged", name="tỉnh Bắc Kạn", heir="tỉnh Thái Nguyên")
    assert said in screen.text and screen.headline().startswith("Tỉnh Thái Nguyên")
    assert "Xem tỉnh Bắc Kạn, tháng 6/2025" in screen.text
    assert "unit=06" in (markup := "".join(screen.markup)) and "period=2025-06" in markup
    assert said not in open_page(PAGE, unit="06", period="2025-06").text
