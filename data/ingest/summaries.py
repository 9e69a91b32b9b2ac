"""The tables `unit_summary` and `report_received`: sums per month, computed at publishing by indicators.summary."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pyarrow as pa

from data.ingest.matrices import SetFigures, SetLayout
from indicators.rules import Programme, Threshold, threshold_in_force
from indicators.summary import Districts, Grouping, summarise_units

DEFAULT_COUNTED_TYPES = ("xa",)
UNKNOWABLE = {
    "population", "insured", "uninsured", "met", "not_met", "unknown", "population_counted", "population_met",
    "still_to_enrol", "districts_met", "districts_not_met", "districts_unknown", "districts_not_applicable",
}  # fmt: skip


def make_rule_id(programme: str, rule: Threshold) -> str:
    """The key of a threshold in the table `rule`."""
    return f"{programme}/{rule.kind}/{rule.level}/{rule.scope}/{rule.effective_from}"


def make_groupings(layout: SetLayout) -> list[Grouping]:
    """Nation, the two schemes of regions, provinces and districts. Level names are `region6` and `region7` for the
    schemes."""
    all_units = np.zeros(len(layout.types), dtype=np.int64)
    has_districts = len(layout.districts) > 0
    of_district = layout.district_province
    groupings = [
        Grouping("nation", ("VN",), all_units, np.zeros(len(of_district), dtype=np.int64) if has_districts else None)
    ]
    for scheme, region in layout.region_of_province.items():
        groupings.append(
            Grouping(
                scheme, tuple(layout.regions), region[layout.province], region[of_district] if has_districts else None
            )
        )
    groupings.append(
        Grouping("province", tuple(layout.provinces), layout.province, of_district if has_districts else None)
    )
    if has_districts:
        groupings.append(Grouping("district", tuple(layout.districts), layout.district))
    return groupings


def summarise_set(
    figures: SetFigures, layout: SetLayout, months: list[int], programmes: Mapping[str, Programme]
) -> pa.Table:
    """`unit_summary` for some months of a boundary set (their numbers in `figures.periods`; at least one)."""
    groupings = make_groupings(layout)
    districts = Districts(layout.district, len(layout.districts)) if len(layout.districts) else None
    columns: dict[str, list[np.ndarray]] = {}
    for number in months:
        period, programme = figures.periods[number], figures.programmes[number]
        rule = threshold_in_force(programmes[programme], period) if programme else None
        counted = np.isin(layout.types, rule.unit_types if rule else DEFAULT_COUNTED_TYPES)
        population, insured = figures.population[number], figures.insured[number]
        summaries = summarise_units(
            insured,
            population,
            rule,
            counted=counted,
            groupings=groupings,
            districts=districts,
            stands_alone=layout.stands_alone,
        )
        simulated = figures.is_simulated[number] & (insured >= 0)
        for grouping in groupings:
            size, of_unit = len(grouping.codes), grouping.of_unit
            known = (population >= 0) & (of_unit >= 0)
            of_group = summaries[grouping.level].as_columns() | {
                "population_all": np.bincount(of_unit[known], weights=population[known], minlength=size).astype(int),
                "units_simulated": np.bincount(of_unit[simulated & (of_unit >= 0)], minlength=size),
                "unit_code": np.array(grouping.codes, dtype=object),
                "level": np.full(size, "region" if grouping.level.startswith("region") else grouping.level, object),
                "period": np.full(size, period, object),
                "rule_id": np.full(size, make_rule_id(programme, rule) if programme and rule else None, object),
            }
            # A scheme lists the regions of both; those without any unit belong to the other one.
            is_ours = np.bincount(of_unit[of_unit >= 0], minlength=size) > 0
            for name, values in of_group.items():
                columns.setdefault(name, []).append(values[is_ours])
    whole = {name: np.concatenate(parts) for name, parts in columns.items()}
    return pa.table(
        {name: pa.array(values, mask=values < 0 if name in UNKNOWABLE else None) for name, values in whole.items()}
    )


def list_reports_received(figures: SetFigures, layout: SetLayout, months: list[int]) -> pd.DataFrame:
    """`report_received`: per month and province how many units were expected and how many came."""
    frames = []
    for number in months:
        # A unit where nobody lives has nothing to report.
        expected = ~figures.not_applicable[number]
        reported = figures.insured[number] >= 0
        size = len(layout.provinces)
        frames.append(
            pd.DataFrame(
                {
                    "period": figures.periods[number],
                    "province_code": layout.provinces,
                    "units_expected": np.bincount(layout.province[expected], minlength=size),
                    "units_reported": np.bincount(layout.province[reported], minlength=size),
                    "units_simulated": np.bincount(
                        layout.province[reported & figures.is_simulated[number]], minlength=size
                    ),
                }
            )
        )
    return pd.concat(frames, ignore_index=True)
