"""Which version this is: `python -m data.version`, `./run --version`."""

import platform
import subprocess
from functools import cache
from importlib.metadata import version

from data.settings import PROJECT_ROOT
from data.store import SCHEMA_VERSION

VERSION = "0.9.0"
REVISION_FILE = PROJECT_ROOT / "REVISION"  # written where the code is deployed without its history


@cache
def revision() -> str:
    """The commit this is, short; "" where that is not known."""
    if REVISION_FILE.is_file():
        return REVISION_FILE.read_text("utf-8").strip()[:12]
    if not (PROJECT_ROOT / ".git").exists():
        return ""
    command = ["git", "-C", str(PROJECT_ROOT), "rev-parse", "--short=12", "HEAD"]
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=5, check=True).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return ""


def describe() -> str:
    """One line: version, commit, and what it stands on."""
    own = f"Bao phủ {VERSION}" + (f" ({revision()})" if revision() else "")
    parts = [f"Streamlit {version('streamlit')}", f"DuckDB {version('duckdb')}", f"Python {platform.python_version()}"]
    return " · ".join([own, f"schema {SCHEMA_VERSION}", *parts])


if __name__ == "__main__":
    print(describe())
