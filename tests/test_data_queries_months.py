"""Questions over many months at once, beside plain twins over the raw rows."""

from collections.abc import Callable

import pandas as pd
import pytest

from data import queries
from data.queries import evaluation, movement, ranking, roadmap
from data.store import Store
from geo.units import load_units, map_order

SETS = {"2019-10": ("2019-12", "2020-11", "2020-12"), "2025-01": ("2025-06",), "2025-07": ("2025-07", "2026-02")}
SOME = ["00715", "14818", "07210", "498", "38", "VN"]


def raw(store: Store, table: str) -> list[dict]:
    """Every row of a table with -1 for what is not known."""
    rows = store.query(f"SELECT * FROM {table}").to_dict("records")
    return [{key: -1 if pd.isna(value) else value for key, value in row.items()} for row in rows]


def as_set(frame: pd.DataFrame) -> set[tuple]:
    rows = [tuple(row) for row in frame.astype(object).itertuples(index=False)]
    assert len(rows) == len(set(rows)), "a row stands twice"
    return set(rows)


@pytest.mark.parametrize("boundary_set", list(SETS))
def test_the_months_of_the_commune_map_are_its_raw_rows(records_store: Store, boundary_set: str):
    months = SETS[boundary_set][-2:]
    place = {code: number for number, code in enumerate(map_order(boundary_set, "commune"))}
    wanted = {
        (place[row["unit_code"]], row["period"], -2 if row["obs_status"] == "not_applicable" else row["population"],
         row["insured"])
        for row in raw(records_store, "commune_month") if row["period"] in months
    }  # fmt: skip
    found = queries.commune_months(records_store, boundary_set, months[0], months[-1])
    assert as_set(found[["place", "period", "population", "insured"]]) == wanted
    assert list(found["period"].cat.categories) == list(months)


def test_a_span_without_months_has_no_rows(small_store: Store):
    assert queries.commune_months(small_store, "2019-10", "2021-01", "2024-12").empty


def sums_and_communes(store: Store, levels: set[str]) -> list[dict]:
    return raw(store, "commune_month") + [row for row in raw(store, "unit_summary") if row["level"] in levels]


def test_figures_of_units_are_those_of_communes_and_of_sums(records_store: Store):
    wanted = {
        (row["unit_code"], row["period"], row["insured"], row["population"],
         bool(row.get("units_simulated", row.get("is_simulated", 0))))
        for row in sums_and_communes(records_store, {"nation", "province", "district"})
        if row["unit_code"] in SOME and row.get("units", 1) > 0
    }  # fmt: skip
    assert as_set(movement.figures_of_units(records_store, SOME)) == wanted
    assert {code for code, *_ in wanted} == set(SOME)


def test_insured_by_month_leaves_out_what_nobody_reported(records_store: Store):
    wanted = {
        (row["unit_code"], row["period"], row["insured"])
        for row in sums_and_communes(records_store, {"province", "district"})
        if row["unit_code"] in SOME and row["insured"] >= 0 and "2020-11" <= row["period"] <= "2025-07"
    }
    assert as_set(roadmap.insured_by_month(records_store, SOME, "2020-11", "2025-07")) == wanted and wanted


@pytest.mark.parametrize(
    ("ask", "table"),
    [
        (lambda store: ranking.commune_rates_by_month(store, SOME, "2019-12", "2025-06"), "commune_month"),
        (lambda store: ranking.rates_by_month(store, "province", "2019-12", "2025-06"), "unit_summary"),
    ],
)
def test_rates_by_month_come_with_the_boundary_set_of_the_month(small_store: Store, ask: Callable, table: str):
    own = {month: boundary_set for boundary_set, months in SETS.items() for month in months}
    wanted = {
        (row["period"], own[row["period"]], row["unit_code"], row["population"], row["insured"])
        for row in raw(small_store, table)
        if "2019-12" <= row["period"] <= "2025-06"
        and (row["unit_code"] in SOME if table == "commune_month" else row["level"] == "province")
    }
    assert as_set(ask(small_store)) == wanted and wanted


@pytest.mark.parametrize("level", ["province", "district"])
def test_sums_of_a_round_are_those_of_the_level_by_its_order(small_store: Store, level: str):
    units = load_units("2019-10")
    codes = units.loc[units["level"] == level, "unit_code"].tolist()
    wanted = {
        (row["period"], codes.index(row["unit_code"]), *(int(row[name]) for name in evaluation.ROUND_COUNTS))
        for row in raw(small_store, "unit_summary")
        if row["level"] == level and row["period"] in ("2019-12", "2020-11")
    }
    assert as_set(evaluation.summary_months(small_store, level, "2019-10", "2019-12", "2020-11")) == wanted and wanted
