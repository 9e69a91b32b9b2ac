"""The store: how long it takes to build from nothing, how large it is, and how fast it answers."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
RUNS = 30


def measure_build() -> dict[str, float]:
    """Build a whole snapshot into an empty data directory; seconds and bytes."""
    with tempfile.TemporaryDirectory(prefix="bench-store-") as directory:
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "data.snapshot", "build"],
            cwd=ROOT, env={**os.environ, "BAOPHU_VAR": directory}, check=True, capture_output=True, timeout=300,
        )  # fmt: skip
        seconds = time.perf_counter() - began
        return {
            "seconds": seconds,
            "store_bytes": sum(path.stat().st_size for path in Path(directory).rglob("*.duckdb")),
            "value_file_bytes": sum(path.stat().st_size for path in Path(directory).rglob("*.bin.gz")),
        }


def time_calls(calls: Mapping[str, Callable[[], object]], runs: int = RUNS) -> dict[str, dict[str, float]]:
    """Median, 95th percentile and worst of `runs` calls each, in milliseconds; the first call is not counted.

    Rounds are interleaved, so that a disturbance of the machine falls on all alike.
    """
    for call in calls.values():
        call()
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(runs):
        for name, call in calls.items():
            began = time.perf_counter()
            call()
            taken[name].append((time.perf_counter() - began) * 1000)
    return {
        name: {"median_ms": float(np.median(ms)), "p95_ms": float(np.percentile(ms, 95)), "max_ms": max(ms)}
        for name, ms in taken.items()
    }
