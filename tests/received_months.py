"""Received figures without a workbook: a month of a few communes straight into the loader, for tests of what comes
after reading."""

from pathlib import Path

import numpy as np

from data.ingest.columns import REPORTED, ReportColumns
from data.ingest.load import LoadResult, build_with_files
from data.ingest.publish import hold_write_lock
from data.ingest.received import ReceivedReport
from data.settings import Settings
from data.store import Pointer

# Two phường of Ba Đình and two xã of Sóc Sơn, with their residents.
COMMUNES = {"00001": 21_946, "00004": 7_065, "00382": 10_000, "00385": 8_000}


def make_columns(period: str, insured: list[int]) -> ReportColumns:
    """One month of the communes above, without payer groups."""
    rows = len(COMMUNES)
    no_groups = np.empty((rows, 0), dtype=np.int64)
    return ReportColumns(
        period=period,
        unit_code=np.array(list(COMMUNES), dtype=object),
        population=np.array(list(COMMUNES.values()), dtype=np.int64),
        insured=np.array(insured, dtype=np.int64),
        obs_status=np.full(rows, REPORTED, dtype=np.uint8),
        payer_groups=(),
        eligible=no_groups,
        group_insured=no_groups,
        is_simulated=False,
        source_id=0,
        source_row=np.arange(8, 8 + rows, dtype=np.int32),
    )


def make_report(period: str, insured: list[int]) -> ReceivedReport:
    """A report as it is once it was read."""
    columns = make_columns(period, insured)
    return ReceivedReport(
        path=Path(f"bao_cao_{period}.xlsx"),
        sha256=f"{period}{sum(insured)}",
        sheet="Xa",
        template="monthly_report",
        period=period,
        province_code="01",
        columns=columns,
        held=columns.take(np.zeros(len(columns), dtype=bool)),
        letters={("population", ""): "D", ("insured", ""): "E"},
    )


def publish_received(settings: Settings, period: str, insured: list[int]) -> Pointer:
    """A new snapshot in which the communes above have received figures for a month."""
    with hold_write_lock(settings):
        return build_with_files(LoadResult(accepted=[make_report(period, insured)]), settings, "test")
