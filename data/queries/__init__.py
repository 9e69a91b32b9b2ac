"""Every question that the screens ask of the store: one function per question, a DataFrame out, parameters bound.

Conventions: `period` is text like `2020-12`; codes are text; counts are int64 with -1 for unknown (never 0, never NaN);
shares and rates are not computed here (SQL sums, indicators divides). An unknown unit or period gives an empty frame.
`scope` is the code of a region, province (2 digits), district (3) or commune (5), or None or `VN` for the nation.
"""

from data.queries.catalogue import (
    boundary_sets,
    goals,
    payer_groups,
    periods,
    programmes,
    regions,
    snapshot_info,
    thresholds,
)
from data.queries.common import NATION, SUMMARY_COUNTS
from data.queries.figures import (
    changes_since,
    commune_counts,
    commune_series,
    commune_values,
    group_gaps,
    level_values,
    province_series,
    summary_at,
    summary_series,
)
from data.queries.months import commune_months, level_months
from data.queries.published import (
    emulation_clusters,
    ntm_progress,
    populations,
    published_communes,
    published_series,
    reform_events,
    targets,
    targets_in_force,
)
from data.queries.sources import (
    cells_of_insured,
    files_received,
    insured_sources,
    rejections,
    reports_received,
    source_of,
    sources_of_place,
    survey_cells_of,
    value_file,
)
from data.queries.units import (
    children,
    search_elsewhere,
    search_in_places,
    search_units,
    unit,
    units,
    units_by_code,
)

__all__ = [
    "NATION",
    "SUMMARY_COUNTS",
    "boundary_sets",
    "cells_of_insured",
    "changes_since",
    "children",
    "commune_counts",
    "commune_months",
    "commune_series",
    "commune_values",
    "emulation_clusters",
    "files_received",
    "goals",
    "group_gaps",
    "insured_sources",
    "level_months",
    "level_values",
    "ntm_progress",
    "payer_groups",
    "periods",
    "populations",
    "programmes",
    "province_series",
    "published_communes",
    "published_series",
    "reform_events",
    "regions",
    "rejections",
    "reports_received",
    "search_elsewhere",
    "search_in_places",
    "search_units",
    "snapshot_info",
    "source_of",
    "sources_of_place",
    "summary_at",
    "summary_series",
    "survey_cells_of",
    "targets",
    "targets_in_force",
    "thresholds",
    "unit",
    "units",
    "units_by_code",
    "value_file",
]
