"""The columns of a month's report as rows of the store's tables."""

import numpy as np
import pyarrow as pa

from data.ingest.columns import OBS_STATUS, ReportColumns


def count_column(values: np.ndarray) -> pa.Array:
    """People as 32-bit whole numbers, -1 as NULL."""
    return pa.array(values.astype(np.int32), mask=values < 0)


def to_commune_table(report: ReportColumns) -> pa.Table:
    """The rows of `commune_month`."""
    rows = len(report)
    status = pa.DictionaryArray.from_arrays(pa.array(report.obs_status.astype(np.int8)), pa.array(OBS_STATUS))
    return pa.table(
        {
            "period": pa.array([report.period]).take(pa.array(np.zeros(rows, dtype=np.int32))),
            "unit_code": pa.array(report.unit_code, type=pa.string()),
            "population": count_column(report.population),
            "insured": count_column(report.insured),
            "obs_status": status,
            "is_simulated": pa.array(np.full(rows, report.is_simulated)),
            "source_id": pa.array(np.broadcast_to(np.asarray(report.source_id, dtype=np.int32), rows)),
            "source_row": pa.array(report.source_row, mask=report.source_row <= 0),
        }
    )


def to_group_table(report: ReportColumns) -> pa.Table:
    """The rows of `group_month`: one per unit and group of which anything is known."""
    known = (report.eligible >= 0) | (report.group_insured >= 0)
    unit, group = np.nonzero(known)
    codes = pa.array(report.unit_code, type=pa.string())
    return pa.table(
        {
            "period": pa.array([report.period]).take(pa.array(np.zeros(len(unit), dtype=np.int32))),
            "unit_code": codes.take(pa.array(unit)),
            "payer_group": pa.array(report.payer_groups, type=pa.string()).take(pa.array(group)),
            "eligible": count_column(report.eligible[known]),
            "insured": count_column(report.group_insured[known]),
            "is_simulated": pa.array(np.full(len(unit), report.is_simulated)),
            "source_id": pa.array(np.broadcast_to(np.asarray(report.source_id, dtype=np.int32), len(report))[unit]),
        }
    )
