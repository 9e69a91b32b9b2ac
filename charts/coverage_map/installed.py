"""The map's script and style as they are installed for Streamlit, whose names hold their content (`wheel_backend.py`)."""

from __future__ import annotations

from functools import cache
from importlib.metadata import distribution
from pathlib import Path

DISTRIBUTION, FOLDER = "baophu-coverage-map", "baophu_coverage_map/assets"
SCRIPT, STYLE, START = "index.*.js", "map.*.css", "start.*.js"


@cache
def find_installed(pattern: str) -> Path:
    """The one installed file of a pattern (SCRIPT, STYLE, START).

    Raises:
        PackageNotFoundError: the map is not installed.
        FileNotFoundError: it was installed by an older `wheel_backend.py`.
    """
    folder = Path(str(distribution(DISTRIBUTION).locate_file(FOLDER)))
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        raise FileNotFoundError(f"{len(found)} files {pattern} in {folder}: install charts/coverage_map anew")
    return found[0]
