"""The tables that are taken away hold what their pages show, and what a plain recount of the store gives."""

import io
import re
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from received_months import COMMUNES, publish_received
from screen import HOME, open_page, read_page, table_rows

from charts.projection import Projection
from data.ingest.reading import read_parts
from data.settings import PROJECT_ROOT, Settings, get_settings
from data.store import Store
from reports.__main__ import main
from text.formats import Formats
from text.words import Words
from ui import recognition_lists
from ui.documents import trends_tables
from ui.documents.tables import Draft, write_table
from ui.takeaway import answer
from ui.takeaway.headless import open_frame
from ui.takeaway.registry import find_offer

VI, WRITE = Words("vi"), Formats("vi")
PLACE, MONTH = "24", "2020-12"  # Bắc Giang


def page_of(name: str) -> Path:
    return PROJECT_ROOT / "pages" / f"{name}.py"


@pytest.fixture(autouse=True)
def on_the_records_store(use_store: Callable[[Path], None], records_settings: Settings) -> None:
    use_store(records_settings.var_directory)


def take_rows(page: str, what: str, **address: str) -> pd.DataFrame:
    """The rows of a table by the keys of its columns, as a program reads them: codes are text, empty is missing."""
    body = answer.take(page, f"{what}.csv", {"period": MONTH} | address).body
    frame = pd.read_csv(io.BytesIO(body), dtype=str, keep_default_na=False)
    return frame.apply(lambda column: column if is_text(column) else pd.to_numeric(column.replace("", None)))


def is_text(column: pd.Series) -> bool:
    if column.name.endswith("code"):
        return True
    return not column.replace("", "0").str.fullmatch(r"-?\d+(\.\d+)?(e-\d+)?").all()


def count_communes(store: Store, where: str) -> pd.DataFrame:
    return store.query(
        f"""
        SELECT f.unit_code, u.type, u.district_code, f.population, f.insured
        FROM commune_month AS f JOIN unit AS u ON u.unit_code = f.unit_code AND u.boundary_set = '2019-10'
        WHERE f.period = '{MONTH}' AND {where}
        """
    )


def test_the_ranking_is_that_of_exact_fractions_with_ties(records_store: Store):
    rows = take_rows("ranking", "league")
    rates = {row.unit_code: Fraction(int(row.insured), int(row.population)) for row in rows.itertuples()}
    for row in rows[rows["rank_level"].notna()].itertuples():
        ranked = [rates[code] for code in rows.loc[rows["rank_level"].notna(), "unit_code"]]
        assert row.rank_level == 1 + sum(rate > rates[row.unit_code] for rate in ranked)
        assert row.coverage == float(10_000 * rates[row.unit_code] // 1) / 100
    assert rows["rank_level"].dropna().is_monotonic_increasing
    sums = records_store.query(
        f"SELECT unit_code, met, counted FROM unit_summary WHERE period = '{MONTH}' AND level = 'province'"
    ).set_index("unit_code")
    for row in rows.itertuples():
        assert (row.communes_met, row.communes_counted) == tuple(sums.loc[row.unit_code, ["met", "counted"]])


def test_the_list_of_what_changed_has_as_many_rows_as_the_page_counts():
    rows = take_rows("home", "changes", since="2019-12", unit=PLACE)
    counted = Counter(rows["change"])
    screen = read_page(HOME, period=MONTH, since="2019-12", unit=PLACE)
    for kind, name in (("rose", "list_title_rose"), ("fell", "list_title_fell")):
        row = next(line for line in screen.markup if "bp-news-count" in line)
        sign = {"rose": counted[VI.say(f"whats_new.{name}")], "fell": -counted[VI.say(f"whats_new.{name}")]}[kind]
        assert WRITE.change(sign) in row
    rose = rows[rows["change"] == VI.say("whats_new.list_title_rose")]
    assert (100 * rose["insured_now"] >= 85 * rose["population_now"]).all()
    assert (100 * rose["insured_before"] < 85 * rose["population_before"]).all()
    only = take_rows("home", "changes", since="2019-12", unit=PLACE, changed="rose")
    assert only["unit_code"].tolist() == rose["unit_code"].tolist()


def test_the_communes_of_a_profile_are_those_of_the_list_chosen(records_store: Store):
    communes = count_communes(records_store, f"u.province_code = '{PLACE}' AND u.type = 'xa'")
    missing = {
        row.unit_code: -(-85 * row.population // 100) - row.insured
        for row in communes.itertuples()
        if 100 * row.insured < 85 * row.population
    }
    below = take_rows("profile", "communes", unit=PLACE, part="communes")
    assert dict(zip(below["unit_code"], below["still_to_enrol"], strict=True)) == missing
    assert below["still_to_enrol"].is_monotonic_increasing
    met = take_rows("profile", "communes", unit=PLACE, part="communes", list="met")
    assert len(met) + len(below) == len(communes)
    screen = read_page(page_of("profile"), period=MONTH, unit=PLACE, part="communes", list="met")
    assert VI.say("profile.list_met", count=WRITE.count(len(met))) in screen.text
    for cells, row in zip(table_rows(screen, VI.say("profile.title_met", count=WRITE.count(len(met)), threshold="85%")),
                          met.itertuples(), strict=False):  # fmt: skip
        assert cells[2] == WRITE.part_of(row.insured, row.population)


def test_the_months_and_groups_of_a_profile_are_sums_of_its_communes(records_store: Store):
    months = take_rows("profile", "months", unit=PLACE)
    sums = records_store.query(
        "SELECT f.period, sum(f.population) FILTER (WHERE f.insured IS NOT NULL)::BIGINT AS population,"
        " sum(f.insured)::BIGINT AS insured FROM commune_month AS f"
        " JOIN period AS t USING (period) JOIN unit AS u ON u.unit_code = f.unit_code AND u.boundary_set = t.boundary_set"
        f" WHERE u.province_code = '{PLACE}' AND f.period <= '2020-12' GROUP BY f.period ORDER BY f.period DESC"
    )
    shown = months[months["month"] <= "2020-12"].set_index("month")
    assert shown[["population", "insured"]].to_dict() == sums.set_index("period")[["population", "insured"]].to_dict()
    groups = take_rows("profile", "groups", unit=PLACE)
    surveyed = groups[groups["eligible"].notna()]
    assert len(groups) > len(surveyed) or groups["eligible"].notna().all()
    stored = records_store.query(
        "SELECT payer_group, sum(eligible)::BIGINT AS eligible FROM group_month AS g JOIN unit AS u ON u.unit_code ="
        f" g.unit_code AND u.boundary_set = '2019-10' WHERE period = '{MONTH}' AND u.province_code = '{PLACE}'"
        " AND eligible IS NOT NULL AND insured IS NOT NULL GROUP BY payer_group"
    ).set_index("payer_group")["eligible"]
    assert dict(zip(surveyed["payer_group"], surveyed["eligible"], strict=True)) == stored.to_dict()


def test_the_gap_the_steps_and_the_plan_add_up_to_the_same_people():
    address = {"unit": PLACE, "period": MONTH, "at": "100", "by": "2021-06"}
    gap, steps = take_rows("roadmap", "gap", **address), take_rows("roadmap", "steps", **address)
    book = openpyxl.load_workbook(io.BytesIO(answer.take("roadmap", "plan.xlsx", address).body))
    plan = [row[5] for row in book.worksheets[0].iter_rows(min_row=5, values_only=True)]
    judged = gap[gap["is_counted"] == VI.say("takeaway.yes")]
    assert gap["plan_people"].sum() == steps["plan_people"].sum() == sum(plan) == judged["still_to_enrol"].sum() > 0
    assert steps["plan_so_far"].tolist() == steps["plan_people"].cumsum().tolist()
    assert steps["month"].tolist() == [f"2021-0{month}" for month in range(1, 7)]
    assert steps["newly_met"].iloc[-1] == (judged["still_to_enrol"] > 0).sum()
    screen = table_rows(read_page(page_of("roadmap"), **address), VI.say("roadmap.table_label"))
    assert [cells[3] for cells in screen] == [WRITE.count(people) for people in gap["still_to_enrol"][: len(screen)]]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_place_and_the_value_it_stands_for_have_headings_of_their_own(lang: str):
    address = {"period": MONTH, "since": "2019-12", "lang": lang}
    heads = answer.take("ranking", "league.excel.csv", address).body.decode("utf-8-sig").splitlines()[0].split(";")
    assert len(set(heads)) == len(heads)
    assert sum("12/2020" in head or "Dec 2020" in head for head in heads) == 3, "the three places of the month"


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_plan_taken_in_either_language_loads_back_whole_and_without_a_word(lang: str, tmp_path: Path):
    """Its units are those of the month it was made from, also where that month is written in English; the sheet that says how to
    load it is no sheet that was forgotten."""
    path = tmp_path / "plan.xlsx"
    address = {"unit": PLACE, "period": MONTH, "at": "100", "by": "2021-06", "lang": lang}
    path.write_bytes(answer.take("roadmap", "plan.xlsx", address).body)
    [part] = read_parts(path, "xlsx", last_period="2026-11")
    assert part.rejections == [] and part.period == MONTH and part.province_code == PLACE
    assert part.row_count == openpyxl.load_workbook(path).worksheets[0].max_row - 4 > 0


def test_another_threshold_changes_the_communes_between_the_two(records_store: Store):
    rows = take_rows("criterion", "changes", unit=PLACE, value="90")
    communes = count_communes(records_store, f"u.province_code = '{PLACE}' AND u.type = 'xa'")
    between = communes[
        (100 * communes["insured"] >= 85 * communes["population"]) & (100 * communes["insured"] < 90 * communes["population"])
    ]  # fmt: skip
    assert set(rows["unit_code"]) == set(between["unit_code"]) and len(rows) > 0
    groups = take_rows("criterion", "groups", unit=PLACE, value="90")
    by_district = between["district_code"].value_counts()
    assert {row.unit_code: row.lost for row in groups.itertuples() if row.lost} == by_district.to_dict()


def test_the_evaluation_has_the_places_of_the_screen_and_names_who_stands_apart():
    rows = take_rows("emulation", "ranking")
    screen = table_rows(read_page(page_of("emulation"), period=MONTH), VI.say("emulation.ranking"))
    shown = [cells for cells in screen if len(cells) > 5 and "/" in cells[1]]
    ranked = rows[rows["rank"].notna()]
    assert len(shown) >= len(ranked) > 50
    for cells, row in zip(shown, ranked.itertuples(), strict=False):
        assert cells[0] == row.name and cells[1].split("/")[0].rstrip("=") == str(int(row.rank))
        assert cells[2] == WRITE.number(row.score, 2)
    apart = rows[rows["rank"].isna()]
    assert (apart["reason"] != "").all()


def test_received_records_come_with_file_and_row(records_store: Store):
    for what, address in (("awards", {"section": "recognition"}), ("library", {"section": "library"}),
                          ("activities", {"section": "log"}), ("plans", {"section": "log"})):  # fmt: skip
        rows = take_rows("emulation", what, **address)
        assert len(rows) > 0 and (rows["file"].str.endswith(".xlsx")).all() and (rows["source_row"] > 0).all()
    stored = records_store.query("SELECT count(*) AS n FROM award").iloc[0, 0]
    assert len(take_rows("emulation", "awards", section="recognition")) == stored
    found = take_rows("emulation", "library", section="library", kind="exemplar")
    assert set(found["kind"]) == {VI.say("emulation.kind_exemplar")}


def test_the_files_of_the_log_are_not_known_to_the_public_edition(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("BAOPHU_EDITION", "public")
    get_settings.cache_clear()
    hidden = [("emulation", "log"), ("emulation", "plans"), ("emulation", "activities"), ("roadmap", "tasks")]
    assert not [name for page, name in hidden if find_offer(page, name)]
    assert find_offer("emulation", "ranking") and find_offer("roadmap", "plan")
    assert "tasks" not in "".join(
        block for block in open_page(page_of("roadmap"), unit=PLACE).markup if "bp-take" in block
    )


def test_the_quality_lists_hold_every_row_with_its_cell(records_store: Store):
    over = take_rows("quality", "over")
    communes = count_communes(records_store, "f.insured > f.population")
    assert set(over["unit_code"]) == set(communes["unit_code"])
    assert over["people_above"].is_monotonic_decreasing
    rejections = take_rows("quality", "rejections")
    stored = records_store.query(f"SELECT count(*) AS n FROM rejection WHERE period = '{MONTH}'").iloc[0, 0]
    assert len(rejections) == stored > 0
    reports = take_rows("quality", "reports")
    screen = table_rows(read_page(page_of("quality"), period=MONTH), VI.say("quality.reports_title"))
    assert [cells[0] for cells in screen] == reports["name"].tolist()
    assert [cells[1] for cells in screen] == [
        WRITE.part_of(row.units_reported, row.units_expected) for row in reports.itertuples()
    ]


def test_the_priority_table_has_the_people_of_the_map_and_the_filter_of_the_quadrant():
    rows = take_rows("map", "priority", unit=PLACE)
    units = take_rows("map", "units", unit=PLACE)
    judged = units[(units["is_counted"] == VI.say("takeaway.yes")) & (units["still_to_enrol"] > 0)]
    assert rows["still_to_enrol"].sum() == judged["still_to_enrol"].sum() and len(rows) == len(judged)
    first = take_rows("map", "priority", unit=PLACE, quadrant="low_many")
    assert set(first["quadrant"]) == {VI.say("priority.low_many")} and 0 < len(first) < len(rows)


def test_the_map_table_brings_the_measure_of_the_map():
    rows = take_rows("map", "units", level="province", indicator="change", span="12", sort="value")
    assert rows["measure"].dropna().is_monotonic_increasing and len(rows) == 63
    screen = table_rows(
        read_page(page_of("map"), period=MONTH, level="province", indicator="change", span="12", sort="value"), "Bảng"
    )
    assert [cells[0] for cells in screen] == rows["name"].tolist()[: len(screen)]


def test_compared_units_have_a_row_per_month_and_estimates_are_marked():
    rows = take_rows("trends", "compare", units=f"{PLACE}.VN", span="all")
    assert set(rows["unit_code"]) == {PLACE, "VN"} and rows.groupby("unit_code")["month"].nunique().min() > 3
    known = 10_000 * rows["insured"] // rows["population"] / 100
    assert (rows["coverage"] == known).all()
    provinces = take_rows("trends", "provinces", order="coverage")
    assert provinces["coverage"].is_monotonic_increasing and len(provinces) == 63


def test_a_name_that_looks_like_a_formula_stays_text_in_every_form():
    page = open_frame("home", {})
    draft = Draft(VI)
    names = ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2"]
    draft.add("unit_code", "text", ["00001", "00002", "00003", "00004"])
    draft.add("unit", "text", names)
    table = draft.finish("=HYPERLINK(1)", "+1", ["=2: x"])
    book = openpyxl.load_workbook(io.BytesIO(write_table(page, table, "xlsx")))
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    assert [row[1] for row in book["Số liệu"].iter_rows(min_row=2, values_only=True)] == names
    lines = write_table(page, table, "excel.csv").decode("utf-8-sig").splitlines()
    assert not [line for line in lines for cell in line.split(";") if cell.strip('"').startswith(("=", "+", "@", "-"))]


def test_a_replaced_figure_is_in_the_file_of_revisions(use_store: Callable[[Path], None], own_settings: Settings):
    publish_received(own_settings, MONTH, [20_000, 7_000, 9_000, 7_000])
    publish_received(own_settings, MONTH, [20_000, 7_000, 9_100, 7_000])
    use_store(own_settings.var_directory)
    rows = take_rows("profile", "revisions", unit="01").set_index("unit_code")
    assert tuple(rows.loc["00382", ["insured_before", "insured", "insured_change"]]) == (9_000, 9_100, 100)
    assert rows.loc["00382", "file_now"] == "bao_cao_2020-12.xlsx" and len(rows) == len(COMMUNES)
    versions = take_rows("quality", "versions", unit="01", selected="00382")
    assert versions["insured"].tolist() == [9_100, 9_000]
    assert versions["state"].tolist() == [VI.say("quality.version_in_force"), VI.say("quality.version_superseded")]


def test_regions_and_units_apart_are_counted_as_a_plain_recount_counts_them(records_store: Store):
    known = count_communes(records_store, "f.population > 0 AND f.insured IS NOT NULL")
    regions = take_rows("emulation", "regions_compared")
    assert regions["population"].sum() == known["population"].sum()
    assert regions["insured"].sum() == known["insured"].sum()
    ranking = take_rows("emulation", "ranking", tier="commune")
    apart = take_rows("emulation", "apart", tier="commune")
    assert sorted(apart["unit_code"]) == sorted(ranking.loc[ranking["rank"].isna(), "unit_code"])
    assert len(apart) > 0 and (apart["reason"] != "").all()


def test_the_lists_of_exemplars_can_be_taken_away_whole(monkeypatch: pytest.MonkeyPatch):
    found = recognition_lists.find_recoveries

    def fall_and_return(status: np.ndarray, most: int):
        """As if everybody had been below the line in the second month; in this store nobody fell and came back."""
        return found(np.where(np.arange(status.shape[1]) == 1, 0, 1) * np.ones_like(status), most)

    monkeypatch.setattr(recognition_lists, "find_recoveries", fall_and_return)
    address = {"tier": "commune", "section": "recognition", "period": MONTH}
    screen = open_page(page_of("emulation"), **address)
    for what, title in (("steady", "đơn vị giữ vững suốt đợt"), ("recoveries", "đơn vị tụt rồi phục hồi nhanh")):
        count = re.search(rf"([\d.]+) {title}", screen.text)[1]
        rows = take_rows("emulation", what, **address)
        assert WRITE.count(len(rows)) == count and len(rows) > 12 and rows["unit_code"].is_unique
        assert f"Hiển thị 12 trong {count} đơn vị; tải tệp bên dưới" in screen.text
        assert f"take/emulation/{what}.xlsx" in "".join(screen.markup)
    assert (rows["month_returned"] > rows["month_fell"]).all() and (rows["months_below"] == 1).all()


def test_the_picture_of_the_ranking_has_every_unit_in_its_order():
    league = take_rows("ranking", "league").sort_values("rank_level", kind="stable")
    figure = find_offer("ranking", "list").build(open_frame("ranking", {"period": MONTH}))
    written = re.findall(r"<text[^>]*>([^<]+)</text>", figure.drawing)
    ranks = [text for text in written if re.fullmatch(r"\d+=?/\d+", text)]
    assert len(ranks) == league["rank_level"].notna().sum() > 10
    assert [int(re.match(r"\d+", text)[0]) for text in ranks] == league["rank_level"].dropna().astype(int).tolist()


def test_a_projection_is_rounded_down_so_that_it_never_looks_arrived(monkeypatch: pytest.MonkeyPatch):
    fan = Projection(["2020-11"], [84.0], ["2020-11", "2021-02"], [84.0, 84.5], [84.0, 84.9996], [84.0, 85.2], None)
    monkeypatch.setattr(trends_tables, "read_projection", lambda page, story: fan)
    rows = take_rows("trends", "projection", period="2020-11", unit=PLACE)
    assert rows.values.tolist() == [["2021-02", 84.5, 84.99, 85.2]]


def test_the_workbook_of_a_province_holds_its_parts_and_they_add_up(records_store: Store):
    book = openpyxl.load_workbook(
        io.BytesIO(answer.take("profile", "workbook.xlsx", {"unit": PLACE, "period": MONTH}).body)
    )
    names = [VI.say(f"takeaway.sheet.{name}") for name in ("commune", "district", "groups", "months")]
    assert [sheet.title for sheet in book][:5] == ["Đọc trước", *names]
    assert [sheet.title for sheet in book][-2:] == ["Tiêu chí", "Ranh giới"]
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    sums = []
    for name in names[:2]:
        head, *rows = book[name].iter_rows(values_only=True)
        at = head.index(VI.say("takeaway.column.insured"))
        sums.append(sum(row[at] or 0 for row in rows))
    whole = records_store.query(
        f"SELECT insured FROM unit_summary WHERE period = '{MONTH}' AND unit_code = '{PLACE}'"
    ).iloc[0, 0]
    assert sums == [whole, whole]
    assert len(list(book[names[0]].iter_rows())) - 1 == len(
        count_communes(records_store, f"u.province_code = '{PLACE}'")
    )


def test_the_workbook_is_written_by_command_and_an_unknown_unit_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    command = ["workbook", "--period", MONTH, "--into", str(tmp_path)]
    assert main([*command, "--unit", PLACE]) == 0
    (path,) = tmp_path.iterdir()
    assert path.name.startswith(f"BHYT_so_lieu_{PLACE}_{MONTH}_") and str(path) in capsys.readouterr().out
    assert path.read_bytes() == answer.take("profile", "workbook.xlsx", {"unit": PLACE, "period": MONTH}).body
    assert main([*command, "--unit", "99"]) == 1
    assert VI.say("error.address_unit", value="99") in capsys.readouterr().err
