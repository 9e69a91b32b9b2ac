"""Checks of a report by itself, a column at a time. Ids, severities and limits: rules.toml; sentences: text/<language>/*.toml."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.ingest.columns import REPORTED, ReportColumns
from data.ingest.rules import ERROR, HOLD, limit_of, severity_of
from data.ingest.written import write_counts, write_percents
from indicators.catalogue import payer_groups_in_force

__all__ = ["ERROR", "Finding", "check_rates", "check_report", "rows_to_keep"]


@dataclass(frozen=True)
class Finding:
    """Rows of a report that break one rule: `rows` are places in the report, `values` what stood there."""

    rule_id: str
    rows: NDArray[np.int64]
    values: list[str]

    @property
    def severity(self) -> str:
        return severity_of(self.rule_id)


def check_report(report: ReportColumns, known_codes: Collection[str]) -> list[Finding]:
    """Every broken rule of a report; `known_codes` are the units that may report in its boundary set. Empty where all
    is well."""
    population, insured = report.population, report.insured
    both = (population >= 0) & (insured >= 0)
    group_sum = np.where(report.group_insured >= 0, report.group_insured, 0).sum(axis=1)
    groups_known = (report.group_insured >= 0).all(axis=1) & bool(report.payer_groups)
    # A report may leave out a group of the law (the sixth is kept by two ministries): then the rest may be less,
    # never more.
    has_all_groups = set(payer_groups_in_force(report.period).codes) <= set(report.payer_groups)
    groups_wrong = (group_sum != insured) if has_all_groups else (group_sum > insured)
    # A blank group is unknown; those that are known can still be too many.
    groups_wrong &= groups_known | (group_sum > insured)
    over = (report.eligible >= 0) & (report.group_insured > report.eligible)
    reported = report.obs_status == REPORTED
    largest = limit_of("count_impossible", "people")
    masks = {
        "unit_unknown": np.array([code not in known_codes for code in report.unit_code], dtype=bool),
        "unit_twice": find_repeated(report.unit_code),
        "count_impossible": (population > largest) | (insured > largest) | (population < -1) | (insured < -1),
        "groups_not_total": (insured >= 0) & groups_wrong,
        "status_contradicts": reported != both,
        "insured_over_population": both & (insured > population),
        "group_over_eligible": over.any(axis=1),
    }
    values = {
        "unit_unknown": lambda row: str(report.unit_code[row]),
        "unit_twice": lambda row: str(report.unit_code[row]),
        "groups_not_total": lambda row: write_counts(group_sum[row], insured[row]),
    }
    findings = []
    for rule_id, mask in masks.items():
        rows = np.flatnonzero(mask)
        if len(rows):
            describe = values.get(rule_id, lambda row: write_counts(insured[row], population[row]))
            findings.append(Finding(rule_id, rows, [describe(row) for row in rows]))
    return findings


def find_repeated(codes: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Which codes stand more than once."""
    if len(set(codes)) == len(codes):
        return np.zeros(len(codes), dtype=bool)
    times = Counter(codes)
    return np.array([times[code] > 1 for code in codes], dtype=bool)


def check_rates(report: ReportColumns, rate: NDArray[np.float64], plan: NDArray[np.float64]) -> list[Finding]:
    """The percentages a report states beside its counts (NaN where it states none).

    `rate_not_ratio`: the stated coverage is not insured / population. `plan_in_place_of_rate`: most rows state the plan
    as their coverage, or count exactly as many insured as the plan asks for.
    """
    both = (report.population > 0) & (report.insured >= 0)
    people = np.where(both, report.population, 1)
    off = limit_of("rate_not_ratio", "points")
    ratio = 100.0 * np.where(both, report.insured, 0) / people
    wrong = both & ~np.isnan(rate) & (np.abs(rate - ratio) > off)
    planned = both & ~np.isnan(plan)
    states_plan = wrong & planned & (np.abs(rate - plan) < 0.005)
    counts_plan = planned & (np.abs(report.insured - people * np.nan_to_num(plan) / 100.0) <= 1)
    findings = []
    enough = planned.sum() >= limit_of("plan_in_place_of_rate", "rows")
    share = limit_of("plan_in_place_of_rate", "share")
    suspicious = states_plan | counts_plan
    if enough and suspicious.sum() >= share * planned.sum():
        rows = np.flatnonzero(suspicious)
        findings.append(Finding("plan_in_place_of_rate", rows, [write_percents(plan[row]) for row in rows]))
        wrong &= ~suspicious
    rows = np.flatnonzero(wrong)
    if len(rows):
        values = [write_percents(rate[row], ratio[row]) for row in rows]
        findings.append(Finding("rate_not_ratio", rows, values))
    return findings


def rows_to_keep(report: ReportColumns, findings: list[Finding]) -> NDArray[np.bool_]:
    """The rows that no error forbids."""
    kept = np.ones(len(report), dtype=bool)
    for finding in findings:
        if finding.severity == ERROR:
            kept[finding.rows] = False
    return kept


def rows_to_hold(report: ReportColumns, findings: list[Finding]) -> NDArray[np.bool_]:
    """The rows that wait for a person."""
    held = np.zeros(len(report), dtype=bool)
    for finding in findings:
        if finding.severity == HOLD:
            held[finding.rows] = True
    return held
