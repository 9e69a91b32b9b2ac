"""The one form in which figures enter the store: columns of one month, from a workbook or from the simulation."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

OBS_STATUS = ("reported", "missing", "held_back", "not_applicable")
REPORTED, MISSING, HELD_BACK, NOT_APPLICABLE = range(4)
UNKNOWN = -1


@dataclass(frozen=True)
class ReportColumns:
    """Figures of one month, one row per unit; counts are people, -1 is unknown and never 0.

    `unit_code` holds text; `obs_status` an index into OBS_STATUS; `eligible` and `group_insured` have one column per
    entry of `payer_groups`. `source_row` is the row of the sheet from 1, or 0 where there is no sheet. `source_id` is
    one number for all rows, or one per row where rows of several sources were put together.
    """

    period: str
    unit_code: NDArray[np.object_]
    population: NDArray[np.int64]
    insured: NDArray[np.int64]
    obs_status: NDArray[np.uint8]
    payer_groups: tuple[str, ...]
    eligible: NDArray[np.int64]
    group_insured: NDArray[np.int64]
    is_simulated: bool
    source_id: int | NDArray[np.int32]
    source_row: NDArray[np.int32]

    def __post_init__(self) -> None:
        rows = len(self.unit_code)
        shape = (rows, len(self.payer_groups))
        lengths = {len(self.population), len(self.insured), len(self.obs_status), len(self.source_row)}
        if lengths != {rows} or self.eligible.shape != shape or self.group_insured.shape != shape:
            raise ValueError("columns of a report must have one entry per unit")

    def __len__(self) -> int:
        return len(self.unit_code)

    def take(self, kept: NDArray[np.bool_]) -> "ReportColumns":
        """The rows where `kept` is true."""
        return replace(
            self,
            unit_code=self.unit_code[kept],
            population=self.population[kept],
            insured=self.insured[kept],
            obs_status=self.obs_status[kept],
            eligible=self.eligible[kept],
            group_insured=self.group_insured[kept],
            source_row=self.source_row[kept],
            source_id=self.source_id if isinstance(self.source_id, int) else self.source_id[kept],
        )
