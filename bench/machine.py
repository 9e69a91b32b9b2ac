"""What a figure was measured on: cores and versions, never a name of the machine."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from shutil import which

LIBRARIES = (
    "streamlit",
    "plotly",
    "pandas",
    "numpy",
    "duckdb",
    "geopandas",
    "shapely",
    "pyarrow",
    "playwright",
    "uvloop",
    "baophu-coverage-map",
)


def find_chromium() -> str:
    """The browser's path.

    Raises:
        RuntimeError: none is installed.
    """
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := which(name):
            return path
    raise RuntimeError("no Chromium found; install it with: sudo apt-get install chromium")


def describe_machine() -> dict[str, object]:
    """Cores, load before the run, Python, Chromium and library versions."""
    return {
        "cores": len(os.sched_getaffinity(0)),
        "load_before": round(os.getloadavg()[0], 2),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "system": system_name(),
        "python": platform.python_version(),
        "chromium": chromium_version(),
        "libraries": {name: library_version(name) for name in LIBRARIES},
    }


def system_name() -> str:
    release = Path("/etc/os-release")
    lines = (
        dict(line.split("=", 1) for line in release.read_text().splitlines() if "=" in line)
        if release.is_file()
        else {}
    )
    return lines.get("PRETTY_NAME", platform.system()).strip('"')


def chromium_version() -> str | None:
    try:
        return subprocess.run([find_chromium(), "--version"], capture_output=True, text=True, timeout=20).stdout.strip()
    except RuntimeError:
        return None


def library_version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
