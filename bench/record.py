"""What is kept of a run: its own file in bench/results, and the newest figures of every part, which docs/performance.md
shows.

`docs/performance.json` holds, per part, the last measurement with its date and machine, so that `--only queries` renews
the queries and leaves the map's figures, with the date they are from. The tables in docs/performance.md stand between two
marks per part and are written from it; the words around them are written by people.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.table import judge_all, write_changes, write_documents, write_goals, write_load, write_queries, write_ways

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "bench" / "results"
NEWEST = ROOT / "docs" / "performance.json"
PAGE = ROOT / "docs" / "performance.md"


def keep_run(record: Mapping[str, Any], parts: list[str], is_short: bool) -> list[Path]:
    """Write a run; returns the files. A short run is for trying the bench out: it is kept apart and shown nowhere. A run in
    which nothing could be measured leaves the figures of before as they are."""
    if not any(part in record for part in parts):
        return []
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / (f"short-{record['date']}.json.tmp" if is_short else f"{record['date']}.json")
    if path.is_file() and not is_short:
        record = {**json.loads(path.read_text("utf-8")), **record}
    write_json(path, record)
    if is_short:
        return [path]
    newest = json.loads(NEWEST.read_text("utf-8")) if NEWEST.is_file() else {}
    about = {name: record[name] for name in ("date", "machine", "rounds")}
    newest |= {part: {**about, "figures": record[part]} for part in parts if part in record}
    write_json(NEWEST, newest)
    write_page(newest)
    return [path, NEWEST, PAGE]


def write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")


def write_page(newest: Mapping[str, Mapping[str, Any]]) -> None:
    """Renew the tables of docs/performance.md."""
    page = PAGE.read_text("utf-8")
    for part, measured in newest.items():
        page = replace_block(page, part, write_part(part, measured))
    PAGE.write_text(page, "utf-8")


def write_part(part: str, measured: Mapping[str, Any]) -> str:
    """One part as Markdown: when and on what, its goals, and its full table where it has one."""
    figures = measured["figures"]
    blocks = [describe_run(measured)]
    if part == "map":
        blocks.append(write_ways(figures, figures["titles"]))
    blocks.append(write_goals(judge_all({part: figures})))
    if part == "queries":
        blocks.append(write_queries(figures))
    if part == "changes":
        blocks.append(write_changes(figures))
    if part == "load":
        blocks.append(write_load(figures))
    if part == "documents":
        blocks.append(write_documents(figures))
    return "\n\n".join(blocks)


def describe_run(measured: Mapping[str, Any]) -> str:
    machine = measured["machine"]
    libraries = ", ".join(f"{name} {found}" for name, found in machine["libraries"].items() if found)
    return (
        f"Measured {measured['date']}: {machine['cores']} cores, {machine['memory_gb']} GB, {machine['system']}, "
        f"load before the run {machine['load_before']}; Python {machine['python']}, {machine['chromium']}; {libraries}."
    )


def replace_block(page: str, part: str, block: str) -> str:
    """The page with another text between the marks of a part. Raises ValueError where the marks are missing."""
    begin, end = f"<!-- {part}: written by python -m bench -->", f"<!-- {part}: end -->"
    before, found, rest = page.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise ValueError(f"docs/performance.md has no marks for {part}")
    return f"{before}{begin}\n{block}\n{end}{after}"
