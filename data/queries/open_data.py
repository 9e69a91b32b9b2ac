"""What is published as open data: every public table with its fields, in words and units.

No file names, no persons, no rows held back: the columns are named one by one, so that a column added to the schema is not
published by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from data.store import Store


@dataclass(frozen=True)
class OpenTable:
    """One table of the open data: `fields` are (name, Frictionless type, description), in the order of the columns.

    `by_year`: written as one file per year of `period`, each small enough for a spreadsheet.
    """

    name: str
    description: str
    fields: tuple[tuple[str, str, str], ...]
    sql: str
    key: tuple[str, ...]
    by_year: bool = False


_UNIT = ("unit_code", "string", "Code of the General Statistics Office, text with its leading zeros")
_PERIOD = ("period", "yearmonth", "Month of the figure")
_SET = ("boundary_set", "string", "Units as they stood at this date")
_SIMULATED = ("is_simulated", "boolean", "True where the figure is simulated and not a report")
_PEOPLE = "people"

OPEN_TABLES = (
    OpenTable(
        "units",
        "Administrative units of every boundary set",
        (
            _SET,
            _UNIT,
            ("level", "string", "nation, province, district or commune"),
            ("name", "string", "Full name with its type"),
            ("type", "string", "xa, phuong, thi_tran, dac_khu, huyen, quan, thi_xa, thanh_pho, tinh, thanh_pho_tw"),
            ("parent_code", "string", "Unit above"),
            ("province_code", "string", "Province"),
            ("stands_alone", "boolean", "A district without communes, shown among communes and outside their count"),
        ),
        "SELECT boundary_set, unit_code, level, name, type, parent_code, province_code, stands_alone FROM unit "
        "ORDER BY boundary_set, level, unit_code",
        ("boundary_set", "unit_code"),
    ),
    OpenTable(
        "crosswalk",
        "Which share of a unit lies in which unit of the next boundary set; shares of a unit add up to 1",
        (
            ("from_set", "string", "Boundary set before"),
            ("to_set", "string", "Boundary set after"),
            ("from_code", "string", "Unit before"),
            ("to_code", "string", "Unit after"),
            ("weight", "number", "Share of the people"),
            ("kind", "string", "same, renamed, merged, split or moved"),
            ("estimated", "boolean", "True where the share is an estimate"),
            ("source", "string", "Where the change is decided or described"),
        ),
        "SELECT from_set, to_set, from_code, to_code, weight::DOUBLE AS weight, kind, estimated, source FROM crosswalk "
        "ORDER BY ALL",
        ("from_set", "to_set", "from_code", "to_code"),
    ),
    OpenTable(
        "communes_by_month",
        "Residents and insured residents of every commune and month, in the boundary set of the month",
        (
            _PERIOD,
            _UNIT,
            ("population", "integer", f"Residents, {_PEOPLE}; empty where unknown"),
            ("insured", "integer", f"Residents with a health-insurance card, {_PEOPLE}; empty where unknown, never 0"),
            ("obs_status", "string", "reported, missing, not_applicable"),
            _SIMULATED,
        ),
        """
        SELECT period, unit_code, CASE WHEN obs_status <> 'held_back' THEN population END AS population, insured,
               CASE obs_status WHEN 'held_back' THEN 'missing' ELSE obs_status END AS obs_status, is_simulated
        FROM commune_month WHERE starts_with(period, $year) ORDER BY period, unit_code
        """,
        ("period", "unit_code"),
        by_year=True,
    ),
    OpenTable(
        "sums_by_month",
        "Sums over the communes of the nation, regions, provinces and districts",
        (
            _PERIOD,
            ("level", "string", "nation, region, province or district"),
            _UNIT,
            ("population", "integer", f"Residents of the communes that reported both figures, {_PEOPLE}"),
            ("insured", "integer", f"Insured residents of the same communes, {_PEOPLE}"),
            ("units", "integer", "Communes"),
            ("units_reported", "integer", "Communes that reported"),
            ("units_simulated", "integer", "Of these, with a simulated figure"),
            ("counted", "integer", "Communes that the programme counts"),
            ("met", "integer", "Of these, meet the threshold; empty where no threshold is known"),
            ("not_met", "integer", "Of these, do not meet it"),
            ("unknown", "integer", "Of these, without a figure"),
            ("still_to_enrol", "integer", f"{_PEOPLE.capitalize()} to enrol so that every counted commune meets it"),
        ),
        "SELECT period, level, unit_code, population, insured, units, units_reported, units_simulated, counted, met, not_met, "
        "unknown, still_to_enrol FROM unit_summary ORDER BY period, level, unit_code",
        ("period", "level", "unit_code"),
    ),
    OpenTable(
        "thresholds",
        "Thresholds of the programmes with their legal source",
        (
            ("programme", "string", "Programme of new rural development"),
            ("value", "number", "Percent of residents"),
            ("operator", "string", ">= or >"),
            ("level", "string", "Level of unit that is judged"),
            ("kind", "string", "Standard the rule belongs to"),
            ("effective_from", "date", "In force from"),
            ("effective_to", "date", "In force until; empty for still in force"),
            ("legal_basis", "string", "Decision"),
            ("source", "string", "Where it can be read"),
            ("confidence", "string", "How sure the value is"),
        ),
        "SELECT programme, value::DOUBLE AS value, operator, level, kind, effective_from, effective_to, legal_basis, source, "
        "confidence FROM rule ORDER BY programme, effective_from, kind, level, value",
        (),
    ),
    OpenTable(
        "targets",
        "Coverage that a unit is to reach in a year, by decision",
        (
            _UNIT,
            ("year", "integer", "Year"),
            ("value", "number", "Percent of residents"),
            ("operator", "string", ">= or >"),
            ("decision", "string", "Decision"),
            ("in_force", "boolean", "False for a decision that a later one replaced"),
            ("source", "string", "Where it can be read; empty for a target that an office sent in"),
        ),
        """
        SELECT unit_code, year, value::DOUBLE AS value, operator, decision, in_force,
               CASE WHEN source_id IS NULL THEN source END AS source  -- of a received list it is the name of the file
        FROM target ORDER BY ALL
        """,
        ("unit_code", "year", "decision"),
    ),
    OpenTable(
        "published_coverage",
        "Coverage as published, on the population used at the time",
        (
            _UNIT,
            _PERIOD,
            ("insured", "integer", f"Insured, {_PEOPLE}; empty where not published"),
            ("coverage_pct", "number", "Percent of residents"),
            ("is_estimate", "boolean", "True where the source gives an estimate"),
            ("wording", "string", "The source's own words where the figure is vague"),
            ("confidence", "string", "How sure the figure is"),
            ("source", "string", "Where it can be read"),
        ),
        "SELECT unit_code, period, insured, coverage_pct::DOUBLE AS coverage_pct, is_estimate, wording, confidence, source "
        "FROM published_coverage ORDER BY unit_code, period",
        ("unit_code", "period"),
    ),
    OpenTable(
        "population_by_year",
        "Average population of the year by series",
        (
            ("series", "string", "Series (vintage)"),
            _UNIT,
            ("year", "integer", "Year"),
            ("population", "integer", f"Residents, {_PEOPLE}"),
            ("is_estimated", "boolean", "True where the figure is preliminary or extrapolated"),
            ("source", "string", "Where it can be read"),
        ),
        "SELECT series, unit_code, year, population, is_estimated, source FROM population_year ORDER BY series, unit_code, year",
        ("series", "unit_code", "year"),
    ),
)


def open_years(store: Store) -> list[str]:
    """The years that have released months."""
    rows = store.query("SELECT DISTINCT left(period, 4) AS year FROM period WHERE state = 'released' ORDER BY year")
    return rows["year"].tolist()


def open_rows(store: Store, table: OpenTable, year: str = "") -> pd.DataFrame:
    """The rows of one table; of one year where it is written by year. The store is that of the public
    edition, which has no month that is a draft.
    """
    return store.query(table.sql, {"year": year} if table.by_year else None)
