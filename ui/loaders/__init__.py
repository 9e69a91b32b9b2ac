"""Every cached function of the app, keyed by the snapshot's id: a new snapshot is a new key, and nothing ever expires.

A module per subject; those that serve one page only are imported from their module (`from ui.loaders import ranking`).
Functions take plain codes and return frames or small dataclasses.
"""

from ui.loaders.figures import (
    MAP_LEVELS,
    boundary_changes,
    find_value_file,
    load_communes,
    load_converted_sums,
    load_level,
    load_series,
    load_summary,
    load_trend,
    rest_figures,
    warm_up,
)
from ui.loaders.outlines import find_outline_file, first_outlines, outline_manifest, outlines_of
from ui.loaders.published import load_published, load_target
from ui.loaders.reports import load_cells, load_changes, load_files, load_rejections, load_reports, load_source
from ui.loaders.snapshot import (
    SnapshotInfo,
    cached,
    load_catalogue,
    load_programmes,
    open_store,
    read_snapshot_info,
    snapshot_info,
    store_of,
    threshold_at,
)
from ui.loaders.units import (
    SEARCH_LIMIT,
    load_regions,
    load_units,
    place_labels,
    predecessors,
    region_label,
    search_units,
    stands_alone,
    unit_label,
    unit_parents_label,
)

__all__ = [
    "MAP_LEVELS",
    "SEARCH_LIMIT",
    "SnapshotInfo",
    "boundary_changes",
    "cached",
    "find_outline_file",
    "find_value_file",
    "first_outlines",
    "load_catalogue",
    "load_cells",
    "load_changes",
    "load_communes",
    "load_converted_sums",
    "load_files",
    "load_level",
    "load_programmes",
    "load_published",
    "load_regions",
    "load_rejections",
    "load_reports",
    "load_series",
    "load_source",
    "load_summary",
    "load_target",
    "load_trend",
    "load_units",
    "open_store",
    "outline_manifest",
    "outlines_of",
    "place_labels",
    "predecessors",
    "read_snapshot_info",
    "region_label",
    "rest_figures",
    "search_units",
    "snapshot_info",
    "stands_alone",
    "store_of",
    "threshold_at",
    "unit_label",
    "unit_parents_label",
    "warm_up",
]
