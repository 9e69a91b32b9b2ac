"""The figures of one boundary set as arrays: months down, units of the commune map across."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.ingest.builder import SnapshotBuilder
from data.ingest.columns import HELD_BACK, MISSING, NOT_APPLICABLE, OBS_STATUS
from geo.units import load_units, map_order


@dataclass(frozen=True)
class SetFigures:
    """Counts are int64 with -1 unknown; every array is months × units. A unit without a row is `missing`."""

    boundary_set: str
    periods: list[str]
    programmes: list[str | None]
    codes: pd.Index
    population: NDArray[np.int64]
    insured: NDArray[np.int64]
    status: NDArray[np.uint8]
    is_simulated: NDArray[np.bool_]

    def take(self, months: list[int]) -> "SetFigures":
        """Some of the months, by their numbers."""
        return SetFigures(
            boundary_set=self.boundary_set,
            periods=[self.periods[number] for number in months],
            programmes=[self.programmes[number] for number in months],
            codes=self.codes,
            population=self.population[months],
            insured=self.insured[months],
            status=self.status[months],
            is_simulated=self.is_simulated[months],
        )

    @property
    def held_back(self) -> NDArray[np.bool_]:
        return self.status == HELD_BACK

    @property
    def not_applicable(self) -> NDArray[np.bool_]:
        return self.status == NOT_APPLICABLE


def read_set_figures(
    builder: SnapshotBuilder, boundary_set: str, programmes: Collection[str], periods: Collection[str]
) -> SetFigures | None:
    """The months of a boundary set that belong to some programmes, and some others, or None where there are none. Reads
    the tables `period` and `commune_month`."""
    months = builder.execute(
        """
        SELECT period, programme FROM period
        WHERE boundary_set = ? AND (list_contains(?, programme) OR list_contains(?, period)) ORDER BY period
        """,
        [boundary_set, list(programmes), list(periods)],
    ).fetchall()
    if not months:
        return None
    codes = map_order(boundary_set, "commune")
    rows = builder.execute(
        """
        SELECT
            (list_position(?, p.period) - 1)::INTEGER AS month,
            u.map_order,
            coalesce(f.population, -1) AS population,
            coalesce(f.insured, -1) AS insured,
            list_position(?, f.obs_status)::UTINYINT - 1 AS status,
            f.is_simulated
        FROM commune_month AS f
        JOIN period AS p USING (period)
        JOIN unit AS u ON u.boundary_set = p.boundary_set AND u.unit_code = f.unit_code
        WHERE p.boundary_set = ? AND list_contains(?, f.period) AND u.map_order IS NOT NULL
        """,
        [read := [period for period, _ in months], list(OBS_STATUS), boundary_set, read],
    ).fetchnumpy()
    shape = (len(months), len(codes))
    place = (rows["month"], rows["map_order"])

    def fill(name: str, empty: int, kind: type) -> NDArray:
        matrix = np.full(shape, empty, dtype=kind)
        matrix[place] = rows[name]
        return matrix

    return SetFigures(
        boundary_set=boundary_set,
        periods=[period for period, _ in months],
        programmes=[programme for _, programme in months],
        codes=codes,
        population=fill("population", -1, np.int64),
        insured=fill("insured", -1, np.int64),
        status=fill("status", MISSING, np.uint8),
        is_simulated=fill("is_simulated", False, np.bool_),
    )


@dataclass(frozen=True)
class SetLayout:
    """Where each unit of the commune map belongs: indices into the code lists, -1 for none."""

    types: NDArray[np.object_]
    stands_alone: NDArray[np.bool_]
    provinces: pd.Index
    province: NDArray[np.int64]
    districts: pd.Index
    district: NDArray[np.int64]
    district_province: NDArray[np.int64]
    regions: pd.Index
    region_of_province: dict[str, NDArray[np.int64]]


def read_layout(boundary_set: str) -> SetLayout:
    """The tree of a boundary set, from its unit list."""
    units = load_units(boundary_set).set_index("unit_code", drop=False)
    rows = units.loc[map_order(boundary_set, "commune")]
    provinces = map_order(boundary_set, "province")
    districts = map_order(boundary_set, "district")
    own_district = rows["parent_code"].where(rows["level"] == "commune", rows["unit_code"])
    region_columns = units.loc[provinces, ["region6", "region7"]]
    regions = pd.Index(
        sorted({code for column in region_columns.to_numpy().T for code in column if code}), dtype=object
    )
    return SetLayout(
        types=rows["type"].to_numpy(dtype=object),
        stands_alone=(rows["stands_alone"] == "1").to_numpy(),
        provinces=provinces,
        province=provinces.get_indexer(rows["province_code"]),
        districts=districts,
        district=districts.get_indexer(own_district) if len(districts) else np.full(len(rows), -1),
        district_province=provinces.get_indexer(units.loc[districts, "province_code"])
        if len(districts)
        else np.empty(0, int),
        regions=regions,
        region_of_province={
            scheme: regions.get_indexer(region_columns[scheme])
            for scheme in region_columns
            if region_columns[scheme].any()
        },
    )
