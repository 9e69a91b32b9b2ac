"""Checks of a report, a column at a time. Each rule has an id and a severity; its message stands in text/*.toml
([ingest])."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.ingest.columns import REPORTED, ReportColumns
from indicators.catalogue import payer_groups_in_force

ERROR, WARNING = "error", "warning"
LARGEST_UNIT = 3_000_000  # residents; the largest commune of 2026 has about a tenth of it
SEVERITY = {
    "unit_unknown": ERROR,
    "unit_twice": ERROR,
    "count_impossible": ERROR,
    "groups_not_total": ERROR,
    "status_contradicts": ERROR,
    "insured_over_population": WARNING,
    "group_over_eligible": WARNING,
}


@dataclass(frozen=True)
class Finding:
    """Rows of a report that break one rule: `rows` are places in the report, `values` what stood there."""

    rule_id: str
    rows: NDArray[np.int64]
    values: list[str]

    @property
    def severity(self) -> str:
        return SEVERITY[self.rule_id]


def check_report(report: ReportColumns, known_codes: pd.Index) -> list[Finding]:
    """Every broken rule of a report; `known_codes` are the units that may report in its boundary set. Empty where all
    is well."""
    population, insured = report.population, report.insured
    codes = pd.Index(report.unit_code)
    both = (population >= 0) & (insured >= 0)
    group_sum = np.where(report.group_insured >= 0, report.group_insured, 0).sum(axis=1)
    groups_known = (report.group_insured >= 0).all(axis=1) & bool(report.payer_groups)
    # A report may leave out a group of the law (the sixth is kept by two ministries): then the rest may be less,
    # never more.
    has_all_groups = set(payer_groups_in_force(report.period).codes) <= set(report.payer_groups)
    groups_wrong = (group_sum != insured) if has_all_groups else (group_sum > insured)
    over = (report.eligible >= 0) & (report.group_insured > report.eligible)
    reported = report.obs_status == REPORTED
    masks = {
        "unit_unknown": known_codes.get_indexer(codes) < 0,
        "unit_twice": codes.duplicated(keep=False),
        "count_impossible": (population > LARGEST_UNIT) | (insured > LARGEST_UNIT) | (population < -1) | (insured < -1),
        "groups_not_total": groups_known & (insured >= 0) & groups_wrong,
        "status_contradicts": reported != both,
        "insured_over_population": both & (insured > population),
        "group_over_eligible": over.any(axis=1),
    }
    values = {
        "unit_unknown": lambda row: str(report.unit_code[row]),
        "unit_twice": lambda row: str(report.unit_code[row]),
        "groups_not_total": lambda row: f"{group_sum[row]} / {insured[row]}",
    }
    findings = []
    for rule_id, mask in masks.items():
        rows = np.flatnonzero(mask)
        if len(rows):
            describe = values.get(rule_id, lambda row: f"{insured[row]} / {population[row]}")
            findings.append(Finding(rule_id, rows, [describe(row) for row in rows]))
    return findings


def rows_to_keep(report: ReportColumns, findings: list[Finding]) -> NDArray[np.bool_]:
    """The rows that no error forbids."""
    kept = np.ones(len(report), dtype=bool)
    for finding in findings:
        if finding.severity == ERROR:
            kept[finding.rows] = False
    return kept
