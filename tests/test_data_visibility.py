"""Who may see what: the rule as a table, and every table of a filled store against it, row by row."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pandas as pd
import pytest

from data import queries
from data.audience_store import AudienceStore, see_as
from data.settings import PROJECT_ROOT, Settings
from data.store import Store, open_current
from data.visibility import EVERYTHING, TABLES, Audience, Kind, kind_of, may_see, may_see_place, split_id

OFFICE = Audience("24")  # Bắc Giang, which from 2025-07 on is in the province of the same code, with Bắc Ninh (27)
FIGURES = ("commune_month", "group_month", "unit_summary", "report_received")


@pytest.mark.parametrize(
    ("kind", "others_plain", "others_draft", "others_held", "others_undecided", "own_worst"),
    [
        (Kind.SHARED, True, True, True, True, True),
        (Kind.SOURCE, True, True, True, True, True),
        (Kind.FIGURE, True, False, False, True, True),
        (Kind.OFFICE, False, False, False, False, True),
        (Kind.DECIDED, True, True, True, False, True),
        (Kind.ROUND, True, True, True, False, False),
    ],
)
def test_the_rule(kind: Kind, others_plain, others_draft, others_held, others_undecided, own_worst):
    def other(**said: bool) -> bool:
        return may_see(OFFICE, kind, is_own=False, **said)

    worst = {"is_released": False, "is_held_back": True, "is_decided": False}
    assert other() is others_plain
    assert other(is_released=False) is others_draft
    assert other(is_held_back=True) is others_held
    assert other(is_decided=False) is others_undecided
    assert may_see(OFFICE, kind, is_own=True, **worst) is own_worst
    assert may_see(EVERYTHING, kind, is_own=False, **worst)


def test_a_place_is_hidden_only_where_it_is_a_draft_of_others():
    seen = {(own, out): may_see_place(OFFICE, is_own=own, is_released=out) for own in (0, 1) for out in (0, 1)}
    assert seen == {(0, 0): False, (0, 1): True, (1, 0): True, (1, 1): True}
    assert may_see_place(EVERYTHING, is_own=False, is_released=False)


def test_every_table_of_the_schema_is_named_and_a_new_one_is_its_offices():
    schema = (PROJECT_ROOT / "data" / "schema.sql").read_text("utf-8")
    assert set(re.findall(r"CREATE TABLE (\w+)", schema)) == set(TABLES)
    assert kind_of("added_tomorrow") is Kind.OFFICE


def test_an_id_names_its_audience_and_nothing_else_is_an_audience():
    assert split_id(OFFICE.name("abc")) == ("abc", OFFICE) and split_id("abc") == ("abc", EVERYTHING)
    assert EVERYTHING.name("abc") == "abc" and split_id("abc~٢٤") == (
        "abc~٢٤",
        EVERYTHING,
    )  # no id that any snapshot has
    for wrong in ("2", "024", "2a", "VN", "24' OR 1"):
        with pytest.raises(ValueError):
            Audience(wrong)


@pytest.fixture(scope="module")
def whole(public_settings: Settings) -> Iterator[Store]:
    """A store with received records, 2020-12 released and 2020-11 a draft."""
    store = open_current(replace(public_settings, edition="internal"))
    yield store
    store.close()


@pytest.fixture(scope="module")
def office(whole: Store) -> Store:
    return see_as(whole, OFFICE)


@pytest.fixture(scope="module")
def own(whole: Store) -> pd.DataFrame:
    """The units of the office, told by other means than the store's: 24 everywhere, and 27 before it was merged into it."""
    units = whole.query("SELECT boundary_set, unit_code, province_code FROM unit WHERE level <> 'nation'")
    is_own = (units["province_code"] == "24") | ((units["province_code"] == "27") & (units["boundary_set"] < "2025-07"))
    return units[is_own]


@pytest.mark.store
@pytest.mark.parametrize("table", FIGURES)
def test_figures_of_others_are_those_of_released_months_that_are_not_held_back(whole, office, own, table):
    code = "province_code" if table == "report_received" else "unit_code"
    state = "obs_status" if table == "commune_month" else "''"
    level = "level" if table == "unit_summary" else "'province'"
    asked = f"""
        SELECT f.period, {code} AS code, t.state = 'released' AS is_out, t.boundary_set, {level} AS level,
               {state} = 'held_back' AS is_held, count(*) AS rows
        FROM {table} AS f JOIN period AS t USING (period) GROUP BY ALL ORDER BY ALL
    """
    every, seen = whole.query(asked), office.query(asked)
    keys = set(zip(own["boundary_set"], own["unit_code"], strict=True))
    expected = [
        may_see(
            OFFICE,
            Kind.FIGURE,
            is_own=(row.boundary_set, row.code) in keys and row.level in ("province", "district"),
            is_released=bool(row.is_out),
            is_held_back=bool(row.is_held),
        )
        for row in every.itertuples()
    ]
    pd.testing.assert_frame_equal(every[expected].reset_index(drop=True), seen)
    assert 0 < len(seen) < len(every)
    assert set(seen.loc[~seen["is_out"], "code"]) <= set(own["unit_code"])


@pytest.mark.store
def test_plans_names_and_refused_cells_are_the_offices_own(whole, office, own):
    codes = set(own["unit_code"])
    for table in ("plan_item", "plan_month", "activity", "initiative", "responsibility", "group_survey"):
        every = whole.query(f"SELECT unit_code FROM {table}")["unit_code"]
        seen = office.query(f"SELECT unit_code FROM {table}")["unit_code"]
        assert sorted(seen) == sorted(code for code in every if code in codes), table
        assert 0 < len(seen) < len(every), table
    refused = office.query("SELECT unit_code FROM rejection WHERE unit_code IS NOT NULL")["unit_code"]
    assert set(refused) <= codes and 0 < len(refused) < len(whole.query("SELECT 1 FROM rejection"))
    names = set(office.query("SELECT name FROM source WHERE kind = 'received_file'")["name"])
    others = whole.query("SELECT name FROM source WHERE province_code <> '24' AND kind = 'received_file'")["name"]
    assert len(others) and not names & set(others) and len(names) > 1
    loads = whole.query("SELECT file_name FROM load_audit"), office.query("SELECT file_name FROM load_audit")
    assert 0 < len(loads[1]) < len(loads[0]) and not set(loads[1]["file_name"]) & set(others)
    persons = office.query("SELECT unit_code FROM award WHERE level = 'person' OR decision IS NULL")["unit_code"]
    assert set(persons) <= codes


@pytest.mark.store
def test_no_text_of_another_office_stands_in_any_table(whole, office, own):
    """What only others' rows say must be nowhere: every text of every table that the office's view shows is looked through."""
    columns = whole.query(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE data_type = 'VARCHAR' AND NOT internal"
    )
    shown: set[str] = set()
    for row in columns.itertuples():
        found = office.query(f'SELECT DISTINCT "{row.column_name}" AS said FROM "{row.table_name}"')["said"]
        shown |= set(found.dropna())
    codes = set(own["unit_code"])
    said_by = {"plan_item": "in_charge", "activity": "in_charge", "initiative": "holder", "responsibility": "in_charge"}
    secret = set(whole.query("SELECT name FROM source WHERE province_code IN ('02', '17')")["name"])
    for table, column in said_by.items():
        rows = whole.query(f"SELECT unit_code, {column} AS said FROM {table} WHERE {column} IS NOT NULL")
        is_own = rows["unit_code"].isin(codes)
        secret |= set(rows.loc[~is_own, "said"]) - set(rows.loc[is_own, "said"])
    assert len(secret) > 10 and not secret & shown


@pytest.mark.store
def test_questions_of_the_screen_answer_for_the_office_only(whole, office):
    draft, out = "2020-11", "2020-12"
    values = queries.commune_values(office, draft)
    known = values[values["insured"] >= 0]
    assert set(known["province_code"]) == {"24", "27"} and len(values) == len(queries.commune_values(whole, draft))
    assert queries.summary_series(office, "VN", draft, draft).empty
    assert len(queries.summary_series(office, "24", draft, draft)) == 1
    same = [queries.summary_at(store, out, "province") for store in (whole, office)]
    pd.testing.assert_frame_equal(*same)


@pytest.mark.store
def test_two_audiences_ask_one_file_at_once_and_never_get_the_others_rows(whole):
    """Connections are kept and handed on: forty threads of three audiences, each must find its own counts every time."""
    from concurrent.futures import ThreadPoolExecutor

    stores = [whole, see_as(whole, OFFICE), see_as(whole, Audience("17"))]
    asked = "SELECT count(*) AS found, count(DISTINCT unit_code) AS units FROM commune_month WHERE period = '2020-11'"
    expected = [store.query(asked).iloc[0].tolist() for store in stores]
    assert len({tuple(one) for one in expected}) == 3

    def ask(turn: int) -> bool:
        return stores[turn % 3].query(asked).iloc[0].tolist() == expected[turn % 3]

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(120)))
    assert isinstance(stores[1], AudienceStore) and len(stores[1]._idle) <= 4
