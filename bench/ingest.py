"""Loading reports: 60 months × 63 provinces from cold, then one further month, against pandas.read_excel on openpyxl.

The workbooks are made from the figures of the store of `BAOPHU_VAR` (a full one); they are loaded into an empty store.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import duckdb

from bench.progress import say

ROOT = Path(__file__).resolve().parents[1]
FIRST_MONTH, MONTHS = "2016-01", 60
SAMPLE = 63  # files that pandas reads; its time is scaled to all
READ_WITH_PANDAS = """
import sys, time, pandas
began = time.perf_counter()
for path in sys.argv[1:]:
    pandas.read_excel(path, engine="openpyxl", header=None)
print(time.perf_counter() - began)
"""


def measure_ingest(folder: Path | None = None) -> dict[str, object]:
    """Seconds and megabytes. `folder` keeps the workbooks for a second run; those that are there are used."""
    with tempfile.TemporaryDirectory(prefix="bench-ingest-") as directory:
        place = Path(directory)
        files = folder or place / "files"
        paths = make_workbooks(files)
        cold, further = place / "cold", place / "further"
        cold.mkdir()
        further.mkdir()
        last = paths[-1].name[:7]
        for path in paths:
            (further if path.name.startswith(last) else cold).joinpath(path.name).hardlink_to(path)
        cold_paths = sorted(cold.iterdir())
        sample = random.Random(1).sample(cold_paths, min(SAMPLE, len(cold_paths)))
        var = {"BAOPHU_VAR": str(place / "var")}
        run(["-m", "data.snapshot", "build", "--empty"], var)
        say("pandas.read_excel")
        pandas_seconds = float(run(["-c", READ_WITH_PANDAS, *map(str, sample)], var).output)
        say("load from cold")
        loaded = run(["-m", "data.ingest", str(cold), "--by", "bench"], var)
        say("a further month")
        added = run(["-m", "data.ingest", str(further), "--by", "bench"], var)
        return {
            "files": len(cold_paths),
            "file_bytes": sum(path.stat().st_size for path in cold_paths),
            "rows": count_rows(place / "var"),
            "cold_seconds": loaded.seconds,
            "peak_bytes": loaded.peak_bytes,
            "further_files": len(list(further.iterdir())),
            "further_seconds": added.seconds,
            "further_peak_bytes": added.peak_bytes,
            "store_bytes": sum(path.stat().st_size for path in (place / "var" / "snapshots").glob("*.duckdb")) // 2,
            "archive_bytes": sum(path.stat().st_size for path in (place / "var" / "archive").rglob("*.xlsx")),
            "pandas_sample": len(sample),
            "pandas_sample_seconds": pandas_seconds,
            "pandas_seconds": pandas_seconds * len(cold_paths) / len(sample),
        }


def make_workbooks(folder: Path) -> list[Path]:
    """The workbooks of MONTHS + 1 months, in order of month and province."""
    if not folder.is_dir() or not any(folder.glob("*.xlsx")):
        say("workbooks")
        command = ["-m", "bench.workbooks", str(folder), "--first", FIRST_MONTH, "--months", str(MONTHS + 1)]
        subprocess.run([sys.executable, *command], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return sorted(folder.glob("*.xlsx"))


class Finished:
    """What a command printed, how long it took, and the most memory that it and its children held at one moment."""

    def __init__(self, output: str, seconds: float, peak_bytes: int) -> None:
        self.output, self.seconds, self.peak_bytes = output, seconds, peak_bytes


def run(arguments: Sequence[str], environment: dict[str, str]) -> Finished:
    """Run Python with arguments, and watch the memory of the whole tree. Raises RuntimeError where it fails."""
    began = time.perf_counter()
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as problems:
        child = subprocess.Popen(
            [sys.executable, *arguments], cwd=ROOT, env=os.environ | environment, stdout=out, stderr=problems
        )
        peak, done = [0], threading.Event()

        def watch() -> None:
            while not done.wait(0.5):
                peak[0] = max(peak[0], sum(map(read_memory, list_tree(child.pid))))

        watcher = threading.Thread(target=watch)
        watcher.start()
        status = child.wait()
        seconds = time.perf_counter() - began
        done.set()
        watcher.join()
        out.seek(0)
        problems.seek(0)
        # 1 is "some rows held back", which real figures have.
        if status not in (0, 1):
            raise RuntimeError(f"{arguments[:2]} ended with {status}: {problems.read()[-500:]}")
        return Finished(out.read(), seconds, peak[0])


def list_tree(pid: int) -> list[int]:
    """A process and all below it."""
    found = [pid]
    for one in found:
        try:
            found += [int(child) for child in Path(f"/proc/{one}/task/{one}/children").read_text().split()]
        except OSError:
            continue
    return found


def read_memory(pid: int) -> int:
    """Bytes in memory, pages shared by several processes divided among them; 0 for a process that has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def count_rows(var: Path) -> int:
    """Rows of units that the store holds after both loads."""
    newest = max((var / "snapshots").glob("*.duckdb"), key=lambda path: path.stat().st_mtime)
    copy = shutil.copy(newest, var / "counted.duckdb")
    with duckdb.connect(copy, read_only=True) as connection:
        return int(connection.execute("SELECT count(*) FROM commune_month").fetchone()[0])
