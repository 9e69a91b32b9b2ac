"""Every question of data/queries.py, asked at its largest: the whole nation, the whole series."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from data import queries
from data.store import Store

PERIOD, EARLIER, SERIES = "2020-12", "2019-12", ("2016-01", "2026-10")
BOUNDARY_SET, PROVINCE = "2019-10", "38"

ARGUMENTS: dict[str, tuple[object, ...]] = {
    "snapshot_info": (),
    "programmes": (),
    "thresholds": (),
    "goals": (),
    "periods": (),
    "boundary_sets": (),
    "regions": (),
    "payer_groups": (PERIOD,),
    "units": (BOUNDARY_SET,),
    "unit": (BOUNDARY_SET, PROVINCE),
    "children": (BOUNDARY_SET, PROVINCE),
    "search_units": (BOUNDARY_SET, "tan"),
    "summary_at": (PERIOD, "district"),
    "summary_series": ("VN", *SERIES),
    "commune_values": (PERIOD,),
    "level_values": (PERIOD, "district"),
    "commune_series": ("14980", *SERIES),
    "group_gaps": (PERIOD,),
    "changes_since": (PERIOD, EARLIER),
    "reports_received": (PERIOD,),
    "source_of": ("14980", PERIOD),
    "rejections": (),
    "value_file": (BOUNDARY_SET, "commune", "2016-2020"),
    "published_series": (),
    "published_communes": (),
    "targets": (),
    "populations": (),
    "ntm_progress": (),
    "reform_events": (),
    "emulation_clusters": (2026,),
}


def prepare_calls(store: Store) -> dict[str, Callable[[], object]]:
    """Every question as a call without arguments, by name."""
    return {name: partial(getattr(queries, name), store, *arguments) for name, arguments in ARGUMENTS.items()}
