"""The roadmap's figures are those of the communes on the screen; plans are downloaded, followed and missed by name."""

import html
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from screen import PROJECT_ROOT, read_page, table_rows

from data import queries
from data.queries.roadmap import commune_groups, plan_months
from data.settings import Settings
from data.store import Store
from geo.units import load_units
from indicators.lift import lift_share
from indicators.met import still_to_enrol
from indicators.rules import Goal, load_programmes, threshold_in_force
from indicators.steps import split_steps
from reports.plan_workbook import write_plan_workbook
from text.formats import Formats
from text.words import Words
from ui.roadmap import Roadmap
from ui.roadmap_plan import list_plan_rows

PAGE = PROJECT_ROOT / "pages" / "roadmap.py"
VI, WRITE = Words("vi"), Formats("vi")
THRESHOLD = threshold_in_force(load_programmes()["2016-2020"], "2020-11")


@pytest.fixture(autouse=True)
def on_the_small_store(use_store: Callable[[Path], None], records_settings: Settings) -> None:
    use_store(records_settings.var_directory)


def plain_needs(store: Store, scope: str) -> list[int]:
    frame = queries.commune_values(store, "2020-11", scope)
    counted = frame[(frame["type"] == "xa") & (frame["insured"] >= 0)]
    need = still_to_enrol(counted["insured"], counted["population"], THRESHOLD)
    return sorted(int(people) for people in need if people > 0)


def test_the_fewest_people_for_every_commune_are_the_sum_of_what_each_misses(records_store: Store):
    needs = plain_needs(records_store, "38")
    said = VI.say(
        "roadmap.headline",
        place="Tỉnh Thanh Hóa",
        people=WRITE.count(sum(needs)),
        communes=len(needs),
        goal=VI.say("roadmap.goal_is_all"),
        month="tháng 12/2020",
    )
    screen = read_page(PAGE, unit="38", period="2020-11")
    # Communes without figures are counted, so that "every commune" cannot be promised where one is missing.
    assert screen.headline() == said or screen.headline().startswith("Tỉnh Thanh Hóa: đưa mọi xã có số liệu lên ngưỡng")
    assert WRITE.count(sum(needs)) in screen.headline()


def test_a_lower_share_takes_the_communes_that_miss_the_fewest(records_store: Store):
    frame = queries.commune_values(records_store, "2020-11", "38")
    counted = frame[frame["type"] == "xa"]
    met = sum(
        still_to_enrol(n, p, THRESHOLD).item() == 0
        for n, p in zip(counted["insured"], counted["population"], strict=True)
    )
    wanted = -(-90 * len(counted) // 100) - met
    people = sum(plain_needs(records_store, "38")[:wanted])
    headline = read_page(PAGE, unit="38", period="2020-11", at="90").headline()
    assert f"ít nhất {WRITE.count(people)} người ở {WRITE.count(wanted)} xã" in headline


def test_a_plan_that_ends_under_another_threshold_says_which():
    later = "Đến tháng 12/2022, ngưỡng cấp xã là từ 90% (318/QĐ-TTg (08/03/2022))"
    assert later in read_page(PAGE, unit="38", period="2020-12", by="2022-12").text
    assert later not in read_page(PAGE, unit="38", period="2020-12", by="2021-12").text, (
        "85 % was in force until 03/2022"
    )
    assert later not in read_page(PAGE, unit="38", period="2020-12", by="2022-12", goal="coverage").text
    unknown = "Ngưỡng cấp xã của tháng 6/2026 chưa có trong hệ thống"
    assert unknown in read_page(PAGE, unit="38", period="2025-06", programme="2021-2025", by="2026-06").text


def test_the_table_lists_the_communes_in_the_order_of_the_plan(records_store: Store):
    rows = table_rows(read_page(PAGE, unit="38", period="2020-11"), VI.say("roadmap.table_label"))
    assert [row[3] for row in rows] == [WRITE.count(people) for people in plain_needs(records_store, "38")[:20]]


def test_groups_that_nobody_surveyed_are_said_as_such_and_the_whatif_never_exceeds_the_group(records_store: Store):
    groups = commune_groups(records_store, "2020-11", "380")
    household = groups[groups["payer_group"] == "household"]
    room = int((household["eligible"] - household["insured"]).clip(lower=0).sum())
    screen = read_page(PAGE, unit="380", period="2020-11", group="household", where="all", enrol="9999999")
    assert VI.say("roadmap.whatif_too_many", people=WRITE.count(9_999_999 - room)) in screen.text
    assert f"Thêm {WRITE.count(room)} người" in screen.text


def test_the_plan_can_be_taken_away_with_what_was_chosen():
    screen = read_page(PAGE, unit="380", period="2020-11", at="100", by="2021-06")
    links = html.unescape("".join(block for block in screen.markup if "bp-take" in block))
    assert "take/roadmap/plan.xlsx?" in links and "by=2021-06" in links and "at=100" in links
    assert VI.say("takeaway.take", what=VI.say("takeaway.what.roadmap_plan")) in links


def test_plans_are_held_against_what_came_and_units_without_one_are_named(records_store: Store):
    filed = plan_months(records_store, "02")
    assert len(filed) > 0
    screen = read_page(PAGE, unit="02", period="2020-12")
    planned = int(filed.loc[(filed["month"] == "2020-12"), "target_people"].sum())
    assert f"kế hoạch {WRITE.count(planned)}" in screen.text
    assert "nhiệm vụ đã quá hạn" in screen.text and "chưa nộp kế hoạch năm 2020" in screen.text


def test_a_province_without_plans_says_what_to_do():
    assert VI.say("roadmap.filed_none") in read_page(PAGE, unit="38", period="2020-11").text


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize(
    "address",
    [
        {},
        {"unit": "380", "goal": "coverage", "at": "95.5", "way": "largest"},
        {"unit": "38", "period": "2026-02"},
        {"unit": "38", "period": "2026-02", "goal": "coverage"},
        {"programme": "2010-2015", "unit": "38"},
        {"unit": "498", "period": "2020-11"},
    ],
    ids=str,
)
def test_the_page_opens_at_every_kind_of_address(address: dict[str, str], lang: str):
    screen = read_page(PAGE, lang=lang, **address)
    assert screen.headline() and "{" not in screen.text
    assert not [word for word in ("nan", "NaN", "None", "nan%") if word in screen.text.split()]


@pytest.mark.parametrize(
    "choice", [{"at": "101"}, {"by": "2020-01"}, {"enrol": "-3"}, {"where": "99999"}, {"way": "x"}]
)
def test_nonsense_is_replaced_and_said(choice: dict[str, str]):
    screen = read_page(PAGE, unit="38", period="2020-11", **choice)
    assert VI.say("error.address_choice", value=next(iter(choice.values()))) in screen.text


def test_the_workbook_holds_whole_people_that_add_up(records_store: Store):
    """The plan's rows without a browser: the same code as the download's."""
    communes = queries.commune_values(records_store, "2020-11", "380")
    need = still_to_enrol(communes["insured"], communes["population"], THRESHOLD)
    lift = lift_share(need, 5)
    months = ["2020-12", "2021-01", "2021-02"]
    road = Roadmap(
        communes, THRESHOLD, Goal("communes_met", THRESHOLD.value, ">=", date(2021, 2, 28)), 5, lift, months,
        split_steps(lift.people, 3),
    )  # fmt: skip
    names = pd.Series(communes["name"].to_numpy(), index=communes["unit_code"])
    rows = list_plan_rows(road, names, "Vận động")
    assert sum(row.people for row in rows) == lift.total == np.sort(need[need > 0])[:5].sum()
    book = openpyxl.load_workbook(io.BytesIO(write_plan_workbook(rows, "t", "b", [], VI)))
    cells = [row[5] for row in book.worksheets[0].iter_rows(min_row=5, values_only=True)]
    assert sum(cells) == lift.total


def test_where_all_known_communes_meet_no_zero_people_are_asked_for(
    use_store, small_settings: Settings, small_store: Store
):
    """A district with communes that lack figures, and all others met."""
    use_store(small_settings.var_directory)
    frame = queries.commune_values(small_store, "2020-12", None)
    counted = frame[(frame["type"] == "xa") & ~frame["stands_alone"].astype(bool)]
    needs = counted.assign(need=still_to_enrol(counted["insured"], counted["population"], THRESHOLD))
    unit = next(code for code, own in needs.groupby("district_code")["need"] if set(own) == {0, -1})
    name = load_units("2019-10").set_index("unit_code").at[unit, "name"]
    headline = read_page(PAGE, unit=unit, period="2020-12").headline()
    assert headline.startswith(f"{name}: mọi xã có số liệu đã đạt; để mọi xã đạt tiêu chí còn thiếu")
