"""What is to be reached, beside what was measured. The figures are those of the project's aim; the ratio counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

MILLION = 1_000_000
FRAME_MS = 1000 / 60
CHANGE_MS = 300
QUERY_MS, BUILD_SECONDS, STORE_MB = 50, 60, 150
SESSIONS_MB, FIRST_MB = 10, 3.5
BRIEF_MS, WORKBOOK_MS, BRIEFS_SECONDS = 1_000, 2_000, 25
COLD_SECONDS, FURTHER_SECONDS, LOAD_MB = 120, 6, 1_000
PIXELS = 1280 * 760  # of the minimal page's map at DPR 1


@dataclass(frozen=True)
class Goal:
    """One line of the table. `value` None: could not be measured. `ratio` is ours against the naive way."""

    what: str
    ours: str
    naive: str
    wanted: str
    met: bool | None


def judge(
    what: str,
    value: float | None,
    unit: str,
    wanted: str,
    holds: Callable[[float], bool],
    naive: str = "–",
    decimals: int = 0,
) -> Goal:
    """A line for one figure; a figure that is missing is neither met nor missed."""
    return Goal(
        what,
        "–" if value is None else f"{value:,.{decimals}f} {unit}".strip(),
        naive,
        wanted,
        None if value is None else holds(value),
    )


def judge_ratio(what: str, value: float | None, naive: float | None, unit: str, limit: float, scale: float = 1) -> Goal:
    """A line for our figure against the naive way's; where that never painted, any painted figure is better."""
    if value is None:
        return Goal(what, "–", "–" if naive is None else f"{naive * scale:,.0f} {unit}", f"≤ {limit}×", None)
    ours = f"{value * scale:,.0f} {unit}" if value * scale >= 10 else f"{value * scale:,.1f} {unit}"
    if naive is None:
        return Goal(what, ours, "never painted", f"≤ {limit}×", True)
    return Goal(
        what, f"{ours} = {value / naive:.3f}×", f"{naive * scale:,.0f} {unit}", f"≤ {limit}×", value / naive <= limit
    )


def judge_map(result: Mapping[str, Any]) -> list[Goal]:
    """The lines of the map."""
    plain, slow, motion = result["plain"], result["slow_line"], result["motion"]
    naive = plain["naive"]
    lines = []
    for key, name in (("app", "app"), ("map_only", "map alone")):
        ours = plain[key]
        lines += [
            judge_ratio(f"cold, to painted ({name})", ours["cold_ms"], naive["cold_ms"], "ms", 0.25),
            judge_ratio(f"warm, to painted ({name})", ours["warm_ms"], naive["warm_ms"], "ms", 0.17),
            judge_ratio(f"change of period by rerun ({name})", ours["change_ms"], naive["change_ms"], "ms", 0.04),
        ]
    ours, bare = plain["map_only"], plain["bare"]
    lines += [
        judge(
            "change by rerun against the bare page (map alone)",
            divide(ours["change_ms"], bare["change_ms"]),
            "×",
            "≤ 5×",
            lambda v: v <= 5,
            decimals=1,
        ),
        judge(
            "sent per change (map alone)",
            divide(ours["change_bytes"], 1000),
            "kB",
            "≤ 25 kB",
            lambda v: v <= 25,
            naive="–" if naive["change_bytes"] is None else f"{naive['change_bytes'] / 1000:,.0f} kB",
            decimals=1,
        ),
        judge("change of period, local: sent", bare["change_bytes"], "B", "0 B", lambda v: v == 0),
        judge(
            "change of period, local: to painted",
            divide(bare["change_ms"], FRAME_MS),
            "frames",
            "next frame (≤ 2 to the screen)",
            lambda v: v <= 2,
            decimals=1,
        ),
    ]
    if "pressed" in result:  # not in the records of before
        value = result["pressed"]["change_ms"]
        lines.append(judge_ratio("month pressed on the page, to painted (app)", value, naive["change_ms"], "ms", 0.04))
    for kind, most in (("cold", 4.3), ("warm", 1.1)):
        value = divide(slow["app"][f"{kind}_ms"], 1000)
        naive_seconds = seconds(slow["naive"][f"{kind}_ms"])
        lines.append(judge(f"{kind}, 4 Mbit/60 ms (app)", value, "s", f"≤ {most} s", at_most(most), naive_seconds, 2))
    for size, least in (("1440x900", 58), ("1920x1080", 58), ("360x640@2, processor slowed 4x", 30)):
        lines.append(
            judge(
                f"play, {size}",
                motion["slider"][size]["frames_per_second"],
                "frames/s",
                f"≥ {least}",
                lambda v, least=least: round(v) >= least,
                decimals=1,
            )
        )
    moved = motion["zoom and pan, 1920x1080"]
    for kind in ("zoom", "pan"):
        lines.append(
            judge(
                f"{kind}, 1920x1080",
                moved[f"{kind}_frames_per_second"],
                "frames/s",
                "≥ 30",
                lambda v: v >= 30,
                decimals=1,
            )
        )
    hover, other = motion["hover"]["map_only"], motion["hover"]["naive"]
    lines.append(
        judge(
            "hover, 95 % within",
            hover and hover["p95_frames"],
            "frames",
            "≤ 1 frame",
            lambda v: v <= 1,
            naive=f"{other['median_ms']:.0f} ms" if other else "–",
            decimals=0,
        )
    )
    empty = result["empty_page_heap_bytes"]
    added, naive_added = ours["heap_bytes"] - empty, naive["heap_bytes"] - empty
    most = 15 + 10 * PIXELS / MILLION
    lines += [
        judge_ratio("heap that the map adds (map alone)", added, naive_added, "MB", 0.12, 1 / MILLION),
        judge(
            "the same, absolute",
            added / MILLION,
            "MB",
            f"≤ {most:.1f} MB (15 MB + 10 B a pixel)",
            lambda v: v <= most,
            decimals=1,
        ),
    ]
    without = result["without_webgl"]
    white = ", ".join(key for key, one in without.items() if not one["painted"])
    lines.append(
        Goal(
            "without WebGL",
            "painted" if without["app"]["painted"] and without["map_only"]["painted"] else "white",
            f"white: {white or 'none'}",
            "painted",
            without["app"]["painted"] and without["map_only"]["painted"],
        )
    )
    return lines


def judge_store(result: Mapping[str, Any]) -> list[Goal]:
    return [
        judge("store build", result["seconds"], "s", f"≤ {BUILD_SECONDS} s", lambda v: v <= BUILD_SECONDS, decimals=1),
        judge(
            "store size", result["store_bytes"] / MILLION, "MB", f"≤ {STORE_MB} MB", lambda v: v <= STORE_MB, decimals=1
        ),
    ]


def judge_ingest(result: Mapping[str, Any]) -> list[Goal]:
    """The naive way only reads the cells of a sample into frames; its time is scaled to all files."""
    naive = f"{result['pandas_seconds']:,.0f} s ({result['pandas_sample']} files scaled)"
    return [
        judge(
            f"load of {result['files']:,} workbooks from cold",
            result["cold_seconds"],
            "s",
            f"≤ {COLD_SECONDS} s",
            at_most(COLD_SECONDS),
            naive=naive,
        ),
        judge(
            f"one further month ({result['further_files']} workbooks), until it is published",
            result["further_seconds"],
            "s",
            f"≤ {FURTHER_SECONDS} s",
            at_most(FURTHER_SECONDS),
            naive=f"{result['pandas_sample_seconds']:,.0f} s",
            decimals=1,
        ),
        judge(
            "most memory of the loader and its children",
            max(result["peak_bytes"], result["further_peak_bytes"]) / MILLION,
            "MB",
            f"≤ {LOAD_MB:,} MB",
            at_most(LOAD_MB),
        ),
    ]


def judge_queries(result: Mapping[str, Any]) -> list[Goal]:
    """The slowest question stands for all; the whole list is in the JSON."""
    name, slowest = max(result.items(), key=lambda item: item[1]["median_ms"])
    return [
        judge(
            f"slowest of {len(result)} queries, median ({name})",
            slowest["median_ms"],
            "ms",
            f"≤ {QUERY_MS} ms",
            lambda v: v <= QUERY_MS,
            decimals=1,
        )
    ]


def judge_changes(result: Mapping[str, Any]) -> list[Goal]:
    """The slowest page stands for all."""
    name, slowest = max(result.items(), key=lambda item: item[1]["median_ms"])
    return [
        judge(
            f"slowest of {len(result)} kinds of change, median ({name})",
            slowest["median_ms"],
            "ms",
            f"≤ {CHANGE_MS} ms",
            lambda v: v <= CHANGE_MS,
        )
    ]


def judge_start(result: Mapping[str, Any] | None) -> list[Goal]:
    if result is None:
        return [Goal("second start of ./run", "–", "–", "within seconds", None)]
    return [
        judge(
            "second start of ./run, to the first answered page",
            result["answered_seconds"],
            "s",
            "within seconds",
            lambda v: v <= 10,
            decimals=1,
        )
    ]


def judge_load(result: Mapping[str, Any]) -> list[Goal]:
    """What one process holds on two cores, what three hold, and what a first visit weighs."""
    lines = []
    for readers, most in ((100, 500), (200, 3_000)):
        crowd = result[f"readers_{readers}"]
        lines += [
            judge(f"{readers} readers, 95 % of reruns within", crowd["p95_ms"], "ms", f"≤ {most:,} ms", at_most(most)),
            judge(f"{readers} readers, wrong or lost answers", lost(crowd), "", "0", at_most(0)),
        ]
    publishes, sessions = result["publishes"], result["sessions"]
    return [
        *lines,
        judge(
            f"wrong or lost answers in {publishes['publishes']} publishes under load",
            lost(publishes),
            "",
            "0",
            at_most(0),
        ),
        judge(
            f"memory grown by {sessions['sessions']} sessions in a row",
            sessions["mb_grown"],
            "MB",
            f"≤ {SESSIONS_MB} MB",
            at_most(SESSIONS_MB),
            decimals=1,
        ),
        judge(
            "three servers behind nginx against one",
            result["replicas"]["ratio"],
            "×",
            "≥ 2.5×",
            lambda v: v >= 2.5,
            decimals=2,
        ),
        judge(
            "first visit, over the wire",
            result["first_visit"]["mb"],
            "MB",
            f"≤ {FIRST_MB} MB",
            at_most(FIRST_MB),
            decimals=2,
        ),
    ]


def judge_documents(result: Mapping[str, Any]) -> list[Goal]:
    """The slowest kind of brief stands for all of them, the slower level for both."""
    single, bulk = result["single"], result["bulk"]
    briefs = {name: one["median_ms"] for name, one in single.items() if name.startswith("brief")}
    slowest = max(briefs, key=lambda name: briefs[name])
    book = single["workbook of 11,160 communes"]["median_ms"]
    lines = [
        judge(f"one brief, warm, median ({slowest})", briefs[slowest], "ms", f"≤ {BRIEF_MS:,} ms", at_most(BRIEF_MS)),
        judge("a workbook of 11,160 rows, warm, median", book, "ms", f"≤ {WORKBOOK_MS:,} ms", at_most(WORKBOOK_MS)),
    ]
    for name, one in bulk.items():
        what = f"all {one['files']:.0f} briefs of a level by command ({name})"
        lines.append(judge(what, one["seconds"], "s", f"≤ {BRIEFS_SECONDS} s", at_most(BRIEFS_SECONDS), decimals=1))
    return lines


def lost(crowd: Mapping[str, Any]) -> int:
    """Answers that were wrong, late beyond hope or never came, and those that read otherwise without load."""
    return int(crowd["errors"]) + len(crowd.get("wrong_alone", ()))


JUDGES: Mapping[str, Callable[[Any], list[Goal]]] = {
    "map": judge_map,
    "store": judge_store,
    "ingest": judge_ingest,
    "queries": judge_queries,
    "changes": judge_changes,
    "start": judge_start,
    "load": judge_load,
    "documents": judge_documents,
}


def at_most(limit: float) -> Callable[[float], bool]:
    return lambda value: value <= limit


def divide(value: float | None, by: float | None) -> float | None:
    return None if value is None or not by else value / by


def seconds(ms: float | None) -> str:
    return "never painted" if ms is None else f"{ms / 1000:,.1f} s"
