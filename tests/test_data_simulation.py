"""The simulation: real totals, whole people, honest gaps, the same rows every time."""

import numpy as np
import pandas as pd
import pytest

from data import queries
from data.ingest.build_snapshot import build_snapshot
from data.ingest.checks import ERROR, check_report
from data.ingest.columns import NOT_APPLICABLE, ReportColumns
from data.ingest.facts import read_facts
from data.ingest.simulate import simulate_latent, simulate_months
from data.ingest.simulate_population import estimate_province_years
from data.settings import Settings
from data.store import Store
from geo.units import boundary_set_of, load_units, map_order

pytestmark = pytest.mark.store

PUBLISHED = {
    "2017-12": 79_900_000,
    "2018-06": 81_590_000,
    "2019-06": 84_746_000,
    "2019-12": 85_636_000,
    "2020-12": 87_970_000,
    "2021-12": 88_830_000,
    "2022-06": 87_400_000,
    "2022-12": 91_100_000,
    "2025-12": 97_570_000,
}
PROVINCES_PUBLISHED = {
    ("01", "2019-10"): 6_900_000,
    ("24", "2019-06"): 1_617_981,
    ("35", "2019-06"): 727_215,
    ("93", "2018-09"): 610_930,
    ("77", "2019-12"): 967_412,
    ("77", "2021-12"): 1_017_308,
    ("49", "2021-11"): 1_427_535,
}


@pytest.fixture(scope="module")
def reports() -> dict[str, ReportColumns]:
    """One report per month with a published figure, and two ordinary ones."""
    months = sorted({*PUBLISHED, *(month for _, month in PROVINCES_PUBLISHED), "2016-01", "2025-07"})
    return {report.period: report for report in simulate_months(simulate_latent(months), source_id=1)}


def add_known(values: np.ndarray) -> int:
    return int(values[values >= 0].sum())


def test_the_nation_has_the_published_insured_to_the_last_person(reports: dict[str, ReportColumns]):
    assert {month: add_known(reports[month].insured) for month in PUBLISHED} == PUBLISHED


def test_provinces_with_a_published_figure_have_it_to_the_last_person(reports: dict[str, ReportColumns]):
    for (code, month), people in PROVINCES_PUBLISHED.items():
        units = load_units(boundary_set_of(month)).set_index("unit_code")
        inside = (units.loc[list(reports[month].unit_code), "province_code"] == code).to_numpy()
        assert add_known(reports[month].insured[inside]) == people, (code, month)


def test_communes_add_up_to_the_real_population_of_every_province(reports: dict[str, ReportColumns]):
    facts = read_facts("population_year")
    facts = facts[(facts["series"] == "gso_revised") & (facts["unit_code"] != "VN")]
    for month in ("2017-12", "2019-12", "2020-12"):
        real = facts[facts["year"] == month[:4]].set_index("unit_code")["population"].astype(int)
        units = load_units("2019-10").set_index("unit_code")
        report = reports[month]
        found = (
            pd.Series(np.maximum(report.population, 0))
            .groupby(units.loc[list(report.unit_code), "province_code"].to_numpy())
            .sum()
        )
        assert found.to_dict() == real.to_dict()


def test_estimated_years_add_up_to_the_nation_where_it_is_published():
    years = estimate_province_years(2026)
    facts = read_facts("population_year")
    nation = facts[facts["series"] == "nso_nation"].set_index("year")["population"].astype(int)
    for year in (2015, 2016, 2021, 2022, 2023):
        assert years[year].sum() == nation[str(year)]
    assert (years.diff(axis=1).iloc[:, 1:].sum() > 0).all(), "the nation grows every year"


def test_a_merged_province_continues_its_parts(reports: dict[str, ReportColumns]):
    """Tuyên Quang (08) of 07/2025 is Hà Giang (02) and Tuyên Quang (08) of before."""
    units = load_units("2025-07").set_index("unit_code")
    report = reports["2025-07"]
    inside = (units.loc[list(report.unit_code), "province_code"] == "08").to_numpy()
    years = estimate_province_years(2025)
    before, after = (years.loc[["02", "08"], year].sum() for year in (2024, 2025))
    assert before <= add_known(report.population[inside]) <= after


def test_every_month_passes_the_checks_of_a_received_report(reports: dict[str, ReportColumns]):
    for month, report in reports.items():
        codes = map_order(boundary_set_of(month), "commune")
        assert list(report.unit_code) == list(codes)
        assert [f.rule_id for f in check_report(report, codes) if f.severity == ERROR] == []


def test_groups_add_up_and_some_communes_never_surveyed_theirs(reports: dict[str, ReportColumns]):
    report = reports["2020-12"]
    known = report.insured >= 0
    assert np.array_equal(report.group_insured[known].sum(axis=1), report.insured[known])
    surveyed = known & (report.eligible >= 0).all(axis=1)
    assert np.array_equal(report.eligible[surveyed].sum(axis=1), report.population[surveyed])
    assert 0.02 < 1 - surveyed.sum() / known.sum() < 0.2
    assert len(report.payer_groups) == 6 and len(reports["2018-06"].payer_groups) == 5 == len(
        reports["2025-07"].payer_groups
    )


def test_gaps_are_as_in_real_reports(reports: dict[str, ReportColumns]):
    ordinary = reports["2016-01"]
    lacking = (ordinary.insured < 0) & (ordinary.obs_status != NOT_APPLICABLE)
    assert 0.003 < lacking.mean() < 0.05
    assert (ordinary.population[lacking] > 0).all(), "who lives there is known without the report"
    assert 1 <= (reports["2020-12"].insured < 0).sum() <= 6
    both = reports["2020-12"].insured >= 0
    over = (reports["2020-12"].insured > reports["2020-12"].population)[both].mean()
    assert 0.002 < over < 0.02


def test_the_share_of_communes_that_meet_rises_and_stays_below_the_goal(reports: dict[str, ReportColumns]):
    is_xa = (
        load_units("2019-10").set_index("unit_code").loc[list(reports["2020-12"].unit_code), "type"] == "xa"
    ).to_numpy()

    def share(month: str) -> float:
        report = reports[month]
        known = is_xa & (report.insured >= 0)
        return float((100 * report.insured >= 85 * report.population)[known].mean())

    assert 0.15 < share("2016-01") < share("2017-12") < share("2019-12") < share("2020-12")
    assert 0.62 < share("2020-12") < 0.78


def test_nobody_lives_on_hoang_sa_and_it_is_not_counted_as_missing(reports: dict[str, ReportColumns]):
    place = list(reports["2020-12"].unit_code).index("498")
    assert reports["2020-12"].obs_status[place] == NOT_APPLICABLE
    assert reports["2020-12"].population[place] == -1


def test_the_same_rows_come_out_every_time(tmp_path, small_store: Store):
    first, _ = build_snapshot(Settings(var_directory=tmp_path / "a"), months=["2025-07"])
    second, _ = build_snapshot(Settings(var_directory=tmp_path / "b"), months=["2025-07"])
    assert first.id == second.id != small_store.snapshot_id


def test_every_simulated_row_is_marked_and_has_a_simulated_source(small_store: Store):
    marked = small_store.query(
        """
        WITH facts AS (
            SELECT is_simulated, source_id FROM commune_month UNION ALL SELECT is_simulated, source_id FROM group_month
        )
        SELECT count(*) AS found,
               count(*) FILTER (f.is_simulated AND s.is_simulated AND s.kind = 'simulation') AS marked
        FROM facts AS f JOIN source AS s USING (source_id)
        """
    ).iloc[0]
    assert marked["found"] == marked["marked"] > 100_000


def test_the_headline_of_2020_is_what_the_published_persons_give_on_the_real_population(small_store: Store):
    nation = queries.summary_at(small_store, "2020-12", "nation").iloc[0]
    assert (nation["insured"], nation["population_all"]) == (87_970_000, 97_582_600)
    assert 90.15 <= 100 * nation["insured"] / nation["population"] < 90.16
