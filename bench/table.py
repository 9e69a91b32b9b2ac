"""What a run prints: the ways side by side, the queries, and every goal with met or not met."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bench.goals import JUDGES, MILLION, Goal

MARKS = {True: "met", False: "NOT MET", None: "–"}


def write_table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Markdown, so that docs/performance.md can carry it as it is."""
    widths = [max(len(row[place]) for row in [heading, *rows]) for place in range(len(heading))]

    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"

    return "\n".join([line(heading), "|" + "|".join("-" * (width + 2) for width in widths) + "|", *map(line, rows)])


def write_ways(result: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    """The ways side by side: plain, slowed processor, slow line, without WebGL."""
    heading = [
        "way",
        "cold / warm / change, ms",
        "main thread a change, ms",
        "heap added, MB",
        "sent a change, kB",
        "CPU 4× slower: cold / warm / change, s",
        "4 Mbit/60 ms: cold / warm / change, s",
        "without WebGL",
    ]
    rows = []
    for key, title in titles.items():
        plain = result["plain"][key]
        rows.append(
            [
                title,
                times(plain, 1, 0),
                number(plain["main_thread_ms"], 0),
                # The bare page has no Streamlit under it: its whole heap is the map's.
                number((plain["heap_bytes"] - (0 if key == "bare" else result["empty_page_heap_bytes"])) / MILLION, 1),
                number(plain["change_bytes"] and plain["change_bytes"] / 1000, 1),
                times(result["slow_processor"][key], 1000, 2),
                times(result["slow_line"][key], 1000, 2),
                "painted" if result["without_webgl"][key]["painted"] else "**white**",
            ]
        )
    return write_table(heading, rows)


def times(summary: Mapping[str, Any], divisor: float, decimals: int) -> str:
    return " / ".join(
        number(summary[name] and summary[name] / divisor, decimals) for name in ("cold_ms", "warm_ms", "change_ms")
    )


def number(value: float | None, decimals: int) -> str:
    return "–" if value is None else f"{value:,.{decimals}f}"


def write_queries(result: Mapping[str, Mapping[str, float]]) -> str:
    ordered = sorted(result.items(), key=lambda item: -item[1]["median_ms"])
    rows = [
        [name, number(one["median_ms"], 1), number(one["p95_ms"], 1), number(one["max_ms"], 1)] for name, one in ordered
    ]
    return write_table(["question", "median, ms", "p95, ms", "worst, ms"], rows)


def write_changes(result: Mapping[str, Mapping[str, float]]) -> str:
    rows = [
        [name, *(number(one[key], 0) for key in ("median_ms", "p95_ms", "cpu_ms", "again_ms")), str(one["count"])]
        for name, one in sorted(result.items(), key=lambda item: -item[1]["median_ms"])
    ]
    return write_table(["change", "median, ms", "p95, ms", "processor, ms", "asked again, ms", "changes"], rows)


def write_load(result: Mapping[str, Any]) -> str:
    """What each crowd saw and what it cost; then the slowest kinds of change of the larger one."""
    names = {"readers_100": "100 readers", "readers_200": "200 readers", "publishes": "60 readers, ten publishes"}
    heading = [
        "crowd", "reruns", "a second", "median, ms", "95 %, ms", "99 %, ms", "worst, ms", "server's core", "crowd's core",
        "processor a rerun, ms", "sent a rerun, kB", "addresses", "lost or wrong",
    ]  # fmt: skip
    rows = []
    for name, title in names.items():
        one = result[name]
        used = one["server_cpu_seconds"]
        answers = one["reruns"] + one["opened"]
        rows.append(
            [
                title, number(one["reruns"], 0), number(one["reruns_per_second"], 1),
                *(number(one[key], 0) for key in ("median_ms", "p95_ms", "p99_ms", "max_ms")),
                share(one.get("server_cpu_share")), share(one.get("crowd_cpu_share")),
                number(1000 * used / answers, 0), number(one["kb_per_rerun"], 0), number(one["addresses"], 0),
                str(one["errors"]),
            ]
        )  # fmt: skip
    kinds = sorted(result["readers_100"]["kinds"].items(), key=lambda item: -item[1]["median_ms"])
    slow = [
        [name, str(one["count"]), number(one["median_ms"], 0), number(one["p95_ms"], 0)] for name, one in kinds[:12]
    ]
    ahead = []
    if book := result.get("book"):  # records of before there was one have none
        taken = f"drawn in {number(book['seconds'], 0)} s" if book["seconds"] else "drawn before"
        ahead = [f"Screens drawn ahead: {taken}, {number(book['mb'], 0)} MB."]
    return "\n\n".join(
        [
            *ahead,
            write_table(heading, rows),
            write_table(["of 100 readers: page, change", "reruns", "median, ms", "95 %, ms"], slow),
        ]
    )


def write_documents(result: Mapping[str, Any]) -> str:
    single = [
        [name, number(one["median_ms"], 0), number(one["worst_ms"], 0), number(one["kb"], 0), str(one["count"])]
        for name, one in result["single"].items()
    ]
    bulk = {f"briefs of {name}": one for name, one in result["bulk"].items()} | {"open data": result["open_data"]}
    rows = [[name, number(one["seconds"], 1), str(one["files"]), number(one["mb"], 1)] for name, one in bulk.items()]
    heads = ["document", "median, ms", "worst, ms", "largest, kB", "made"], ["by command", "seconds", "files", "MB"]
    return "\n\n".join([write_table(heads[0], single), write_table(heads[1], rows)])


def share(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"


def judge_all(result: Mapping[str, Any]) -> list[Goal]:
    return [line for part, judge in JUDGES.items() if part in result for line in judge(result[part])]


def write_goals(lines: Sequence[Goal]) -> str:
    return write_table(
        ["measure", "ours", "naive", "wanted", ""],
        [[line.what, line.ours, line.naive, line.wanted, MARKS[line.met]] for line in lines],
    )
