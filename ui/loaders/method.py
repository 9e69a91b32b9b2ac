"""What the method page reads beside rules and published figures."""

from __future__ import annotations

import json
import tomllib
from functools import cache

from data import queries
from data.queries import method
from data.settings import get_settings
from geo.units import SETS_DIR
from reports.open_data import find_open_file
from ui.loaders.outlines import outlines_of
from ui.loaders.snapshot import cached_question

load_targets_by_decision = cached_question(method.targets_by_decision)
load_crosswalks_by_kind = cached_question(method.crosswalks_by_kind)
load_populations = cached_question(method.populations_by_series)
load_boundary_sets = cached_question(queries.boundary_sets)
load_row_counts = cached_question(queries.snapshot_info)
"""rows, simulated_rows and real_rows of the snapshot, and its first and last month."""


@cache
def shipped_source(boundary_set: str) -> dict:
    """Where the shipped outlines of a set come from (its SOURCE.toml)."""
    return tomllib.loads((SETS_DIR / boundary_set / "SOURCE.toml").read_text("utf-8"))


def outline_source(boundary_set: str) -> tuple[dict, bool]:
    """(source, whether it is an imported one): attribution, licence, licence_url, approximate."""
    imported = outlines_of(boundary_set).get("source")
    return (imported, True) if imported else (shipped_source(boundary_set), False)


def open_files() -> list[str]:
    """Names of the open-data files of the newest snapshot; none where none were written. Read anew: files are not in the
    snapshot."""
    package = find_open_file(get_settings().open_directory, "latest", "datapackage.json")
    if package is None:
        return []
    resources = json.loads(package.read_text("utf-8"))["resources"]
    return ["datapackage.json", *sorted(str(resource["path"]) for resource in resources)]
