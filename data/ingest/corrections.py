"""Known errors in received files (corrections.toml): applied to what was read, reported every time, never silent."""

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from data.ingest.columns import MISSING, REPORTED, UNKNOWN, ReportColumns
from data.ingest.received import Rejection
from data.ingest.rules import severity_of
from data.ingest.written import write_counts

CORRECTIONS_FILE = Path(__file__).parent / "corrections.toml"
STATUSES = ("proposed", "approved", "withdrawn")


@dataclass(frozen=True)
class Correction:
    """One known error: which report and row, and what to do with it."""

    period: str
    unit_code: str
    action: str
    reason: str
    status: str
    element: str = ""
    value: int = UNKNOWN
    sha256: str = ""
    row: int = 0
    by: str = ""

    def __post_init__(self) -> None:
        if self.status not in STATUSES or self.action not in ("set", "drop") or not self.reason:
            raise ValueError(f"a correction needs a reason, a status and an action: {self}")
        if self.action == "set" and (self.element not in ("population", "insured") or self.value < 0):
            raise ValueError(f"a correction that sets needs an element and a number of people: {self}")


@cache
def load_corrections(path: Path = CORRECTIONS_FILE) -> tuple[Correction, ...]:
    """The approved corrections. Raises ValueError or TypeError for an entry that is not one."""
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["correction"]
    return tuple(found for found in (Correction(**entry) for entry in entries) if found.status == "approved")


def corrections_for(corrections: tuple[Correction, ...], period: str, sha256: str) -> list[Correction]:
    """Those that may apply to a file and month."""
    return [one for one in corrections if one.period == period and one.sha256 in ("", sha256)]


def apply_corrections(
    report: ReportColumns, corrections: list[Correction], letters: dict[tuple[str, str], str]
) -> tuple[ReportColumns, NDArray[np.bool_], list[Rejection]]:
    """The report with known errors put right, which of its rows stay, and one mark per correction that was used."""
    stays = np.ones(len(report), dtype=bool)
    if not corrections:
        return report, stays, []
    columns = {"population": report.population.copy(), "insured": report.insured.copy()}
    used = []
    for one in corrections:
        for row in np.flatnonzero(report.unit_code == one.unit_code):
            if one.row not in (0, report.source_row[row]):
                continue
            element = one.element or "insured"
            if one.action == "drop":
                stays[row] = False
                said = "×"
            else:
                said = f"{write_counts(columns[element][row])} → {write_counts(one.value)}"
                columns[element][row] = one.value
            cell = f"{letters[element, '']}{report.source_row[row]}"
            used.append(Rejection("corrected", severity_of("corrected"), cell, one.unit_code, said, one.reason))
    status = np.where(columns["insured"] < 0, MISSING, REPORTED).astype(np.uint8)
    return replace(report, obs_status=status, **columns), stays, used
