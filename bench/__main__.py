"""`python -m bench [--only map|queries|changes|store|ingest|start|load|documents …] [--rounds 5] [--short]`

Measures, prints tables, and writes bench/results/<date>.json, docs/performance.json and the tables of docs/performance.md.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from bench.changes import measure_changes
from bench.documents import measure_documents
from bench.ingest import measure_ingest
from bench.inputs import ROOT, make_site
from bench.load import measure_load
from bench.machine import describe_machine
from bench.progress import say
from bench.questions import prepare_calls
from bench.record import keep_run
from bench.rounds import measure_map
from bench.servers import Servers
from bench.start import measure_start
from bench.store import measure_build, time_calls
from bench.table import judge_all, write_changes, write_documents, write_goals, write_load, write_queries, write_ways
from bench.ways import list_ways
from data.store import get_store

PARTS = ("queries", "changes", "store", "ingest", "start", "map", "load", "documents")


def run_map(folder: Path, first_port: int, rounds: int) -> dict[str, Any]:
    """Serve every way and hold them against one another."""
    site = folder / "site"
    sizes = make_site(site, get_store())
    with Servers(folder) as servers:
        addresses = {
            name: servers.start_streamlit(site / f"{name}.py", first_port + place, site)
            for place, name in enumerate(("naive", "by_address", "map_only", "empty"))
        }
        addresses["app"] = servers.start_streamlit(ROOT / "asgi.py", first_port + 4, ROOT)
        addresses["bare"] = servers.start_files(site / "bare", first_port + 5)
        empty = addresses.pop("empty")
        ways = list_ways(**{name: f"{address}/" for name, address in addresses.items()})
        measured = asyncio.run(measure_map(ways, empty, servers, first_port + 10, rounds))
    return {"sizes": sizes, "titles": {key: way.title for key, way in ways.items()}, **measured}


def run_parts(
    parts: list[str], first_port: int, rounds: int, workbooks: Path | None = None, is_short: bool = False
) -> dict[str, Any]:
    """The chosen parts, by name; a part that could not be measured has its reason under `failed`. `workbooks` is a folder
    that keeps the reports of `ingest` for a second run."""
    result: dict[str, Any] = {"failed": {}}
    with tempfile.TemporaryDirectory(prefix="bench-") as directory:
        folder = Path(directory)
        measures: dict[str, Callable[[], Any]] = {
            "queries": lambda: time_calls(prepare_calls(get_store())),
            "changes": measure_changes,
            "store": measure_build,
            "ingest": lambda: measure_ingest(workbooks),
            "start": lambda: asyncio.run(measure_start(folder, first_port + 6)),
            "map": lambda: run_map(folder, first_port, rounds),
            "load": lambda: measure_load(folder, first_port, is_short),
            "documents": lambda: measure_documents(folder),
        }
        for part in parts:
            say(part)
            try:
                result[part] = measures[part]()
            except Exception as problem:
                # The other parts still count; the reason is printed, recorded, and makes the run fail.
                traceback.print_exc()
                result["failed"][part] = f"{type(problem).__name__}: {problem}"
    return result


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Measure the map, the changes, the store, the queries, the start, the load and documents.",
    )
    parser.add_argument("--only", choices=PARTS, action="append", help="this part alone; may stand more than once")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of the map (medians are over these)")
    parser.add_argument("--short", action="store_true", help="one round, to see that it runs; its figures are not kept")
    parser.add_argument("--first-port", type=int, default=8620, help="the first of sixteen ports on 127.0.0.1")
    parser.add_argument("--workbooks", type=Path, help="keep the workbooks of `ingest` here for a second run")
    chosen = parser.parse_args()
    rounds, parts = 1 if chosen.short else chosen.rounds, chosen.only or list(PARTS)

    # Ended from outside, it still ends the servers and browsers it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    began = time.monotonic()
    machine = describe_machine()
    result = run_parts(parts, chosen.first_port, rounds, chosen.workbooks, chosen.short)
    lines = judge_all(result)
    if "map" in result:
        print("\n" + write_ways(result["map"], result["map"]["titles"]))
    if "queries" in result:
        print("\n" + write_queries(result["queries"]))
    if "changes" in result:
        print("\n" + write_changes(result["changes"]))
    if "load" in result:
        print("\n" + write_load(result["load"]))
    if "documents" in result:
        print("\n" + write_documents(result["documents"]))
    print("\n" + write_goals(lines))
    taken = round(time.monotonic() - began)
    record = {
        "date": date.today().isoformat(),
        "machine": machine,
        "rounds": rounds,
        "seconds": taken,
        "goals": [asdict(line) for line in lines],
        **result,
    }
    written = keep_run(record, parts, chosen.short)
    files = ", ".join(str(path.relative_to(ROOT)) for path in written) or "no file: nothing was measured"
    print(f"\n{taken} s; written to {files}")
    sys.exit(1 if result["failed"] else 0)


if __name__ == "__main__":
    main()
