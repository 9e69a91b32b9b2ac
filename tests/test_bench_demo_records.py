"""The invented records fill every table of records, and their faults are seen."""

import pytest

from data.ingest.add_records import list_record_tables
from data.store import Store


@pytest.mark.parametrize("table", sorted(list_record_tables()))
def test_every_table_of_records_has_rows_that_name_their_file(table: str, records_store: Store):
    rows = records_store.query(f"SELECT s.name FROM {table} AS t JOIN source AS s USING (source_id)")
    assert len(rows) >= 9 and rows["name"].str.endswith(".xlsx").all()


def test_the_faults_of_the_reports_are_found(records_store: Store):
    found = set(records_store.query("SELECT DISTINCT rule_id FROM rejection")["rule_id"])
    assert found >= {
        "insured_over_population", "unit_unknown", "hostile_text", "groups_not_total", "units_missing", "coverage_fell",
    }  # fmt: skip


def test_received_figures_stand_in_the_place_of_simulated_ones(records_store: Store):
    rows = records_store.query(
        """
        SELECT u.province_code, bool_or(f.is_simulated) AS mixed FROM commune_month AS f
        JOIN unit AS u ON u.boundary_set = '2019-10' AND u.unit_code = f.unit_code
        WHERE f.period = '2020-11' AND u.province_code IN ('02', '24', '17') GROUP BY 1
        """
    )
    assert len(rows) == 3 and not rows["mixed"].any()
