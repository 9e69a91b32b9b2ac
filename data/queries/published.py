"""Figures as published, from data/facts."""

import pandas as pd

from data.queries.common import EXACT_VALUE, NATION
from data.store import Store


def published_series(store: Store, unit_code: str = NATION) -> pd.DataFrame:
    """Coverage as published: period, as_of, insured (-1 unknown), coverage_pct (NaN unknown), is_estimate, wording,
    source …"""
    return store.query(
        """
        SELECT unit_code, period, as_of, coalesce(insured, -1)::BIGINT AS insured, coverage_pct::DOUBLE AS coverage_pct,
               is_estimate, wording, confidence, source
        FROM published_coverage WHERE unit_code = $unit_code ORDER BY period
        """,
        {"unit_code": unit_code},
    )


def published_communes(store: Store, unit_code: str | None = None) -> pd.DataFrame:
    """Single communes as newspapers published them; `unit_code` None gives all."""
    return store.query(
        """
        SELECT * REPLACE (coverage_pct::DOUBLE AS coverage_pct) FROM published_commune_coverage
        WHERE $unit_code IS NULL OR unit_code = $unit_code ORDER BY province_code, commune, as_of
        """,
        {"unit_code": unit_code},
    )


def targets(store: Store, unit_code: str = NATION, year: int | None = None) -> pd.DataFrame:
    """What a unit is to reach: year, value (text, exact), operator, decision, in_force, wording, confidence, source."""
    return store.query(
        f"""
        SELECT unit_code, year, {EXACT_VALUE}, operator, decision, in_force, wording, confidence, source
        FROM target WHERE unit_code = $unit_code AND ($year IS NULL OR year = $year)
        ORDER BY year, in_force DESC, target.value DESC
        """,
        {"unit_code": unit_code, "year": year},
    )


def targets_in_force(store: Store) -> pd.DataFrame:
    """Every target in force of a unit below the nation, the highest of a year first: unit_code, year, value (text, exact),
    operator, decision, confidence, source, is_received."""
    return store.query(
        f"""
        SELECT unit_code, year, {EXACT_VALUE}, operator, decision, confidence, source,
               source_id IS NOT NULL AS is_received
        FROM target WHERE in_force AND unit_code <> 'VN' ORDER BY unit_code, year, target.value DESC, decision
        """
    )


def populations(store: Store, unit_code: str = NATION) -> pd.DataFrame:
    """Average population of the year by series (vintage): series, year, population, is_estimated, source."""
    return store.query(
        "SELECT * FROM population_year WHERE unit_code = $unit_code ORDER BY series, year", {"unit_code": unit_code}
    )


def ntm_progress(store: Store) -> pd.DataFrame:
    """Communes recognised as new rural communes, nation, as published; counts -1 where unknown."""
    return store.query(
        """
        SELECT as_of, coalesce(communes_total, -1) AS communes_total,
               coalesce(communes_recognised, -1) AS communes_recognised, pct_wording, is_plan, note, confidence, source
        FROM ntm_progress ORDER BY as_of
        """
    )


def reform_events(store: Store) -> pd.DataFrame:
    """What changed units, offices or rules: happened_on, event_vi, event, confidence, source."""
    return store.query("SELECT * FROM reform_event ORDER BY happened_on")


def emulation_clusters(store: Store, year: int) -> pd.DataFrame:
    """Members of the emulation clusters known for a year: cluster, province_code, is_lead, note, source."""
    return store.query(
        "SELECT * FROM emulation_cluster WHERE $year BETWEEN from_year AND to_year ORDER BY cluster, province_code",
        {"year": year},
    )
