"""Many readers at once, in a process of their own: `python -m bench.crowd --address http://127.0.0.1:8501 --readers 100`.

A news day: everybody begins on the home page and looks at a province (half of the time at their own, drawn by population),
at another month, at another level, at a commune, at another page. Between an answer and the next question a reader thinks for
3 s (1.5 to 4.5). Every answer is checked: the run ended well, nothing says error, the bar of choices says the month and
place that this reader asked for. At the end some addresses are drawn again without any load, in this process, and their
headlines held against what the readers were shown.

Prints one JSON object. Only addresses of this machine are asked, by at most MOST_READERS, for at most MOST_SECONDS.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import resource
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import uvloop

from bench.reader import Answer, Reader, Wrong
from geo.units import load_units

MOST_READERS, MOST_SECONDS = 1_000, 600
THINK = (1.5, 4.5)
BOUNDARY_SETS = ("2019-10", "2025-01", "2025-07")
# What a reader does next, and how often.
HABITS = {
    "province": 24, "page": 26, "month": 14, "commune": 14, "level": 8, "nation": 8, "indicator": 3, "search": 3,
}  # fmt: skip
# Which month: the one before, the one a year before, any. A news day is about the last one.
MONTHS = (60, 30, 10)
# Which page a reader turns to, and how often.
PAGES = {"app": 30, "ranking": 22, "profile": 20, "map": 14, "trends": 8, "roadmap": 6}
WITH_MAP = ("app", "map")
INDICATORS = ("coverage", "change", "gap", "people")
LETTERS = ("ha noi", "thanh hoa", "nghe an", "tan lap", "binh minh", "hoa binh", "quang", "son la")


@dataclass(frozen=True)
class Land:
    """The provinces with their weight and names, and their communes, of one boundary set."""

    provinces: tuple[str, ...]
    weights: tuple[float, ...]
    names: dict[str, str]
    communes: dict[str, tuple[str, ...]]


def read_land(boundary_set: str) -> Land:
    """Provinces weigh as many as they have communes: their populations are the store's to say, and differ alike."""
    units = load_units(boundary_set)
    communes = units[units["level"] == "commune"].groupby("province_code")["unit_code"].agg(tuple).to_dict()
    provinces = units[units["level"] == "province"]
    codes = tuple(provinces["unit_code"])
    weights = tuple(float(len(communes.get(code, ()))) for code in codes)
    return Land(codes, weights, dict(zip(units["unit_code"], units["name"], strict=True)), communes)


@dataclass
class Tally:
    """What a crowd has seen so far. Times count from `counts_from` on, when everybody has come."""

    counts_from: float
    ends: float
    taken: list[tuple[str, float]] = field(default_factory=list)
    opened: list[float] = field(default_factory=list)
    bytes: int = 0
    messages: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    broken: int = 0
    seen: dict[tuple[str, str], str] = field(default_factory=dict)  # page and query -> headline
    lag: float = 0.0

    def note(self, what: str, answer: Answer) -> None:
        if self.counts_from <= time.monotonic() < self.ends:
            self.taken.append((what, answer.seconds))
            self.bytes += answer.bytes
            self.messages += answer.messages


class Person:
    """Somebody with a home province and a mind of their own."""

    def __init__(self, reader: Reader, lands: dict[str, Land], mind: random.Random, tally: Tally) -> None:
        self.reader, self.lands, self.mind, self.tally = reader, lands, mind, tally
        self.page = "app"
        first = lands[BOUNDARY_SETS[0]]
        self.home = mind.choices(first.provinces, first.weights)[0]

    def land(self) -> Land:
        return self.lands[self.reader.page.map_header.get("boundary_set", BOUNDARY_SETS[0])]

    async def read(self, think: tuple[float, float]) -> None:
        """Open the home page and go on until the time is over."""
        try:
            answer = await self.reader.open()
            self.tally.opened.append(answer.seconds)
            self.check({})
            while time.monotonic() < self.tally.ends:
                await asyncio.sleep(self.mind.uniform(*think))
                if time.monotonic() >= self.tally.ends:
                    break
                await self.act(self.mind.choices(tuple(HABITS), tuple(HABITS.values()))[0])
        except Wrong as problem:
            self.tally.wrong[f"{self.page}: {problem}"] += 1
        except Exception as problem:  # a reader that is gone must not end the others, and must not be overlooked
            self.tally.wrong[f"{self.page}: {type(problem).__name__}: {problem}"[:160]] += 1
        finally:
            self.tally.broken += self.reader.broken
            await self.reader.close()

    async def act(self, habit: str) -> None:
        reader, page, mind = self.reader, self.reader.page, self.mind
        wanted: dict[str, str] = {}
        if habit == "province" and self.page in WITH_MAP and page.map_header:
            land = self.land()
            code = self.home if mind.random() < 0.5 and self.home in land.names else mind.choices(land.provinces)[0]
            if self.page == "map" or page.map_header["level"] != "province":
                answer = await reader.press("choices", "place", code) if self.page == "app" else await reader.pick(code)
            else:
                answer = await reader.pick(code)
            wanted = {"place": land.names[code]} if self.page == "app" else {}
        elif habit == "month" and page.months():
            months = page.months()
            place = months.index(page.month())
            steps = (place + 1, place + 12, mind.randrange(len(months)))
            month = months[min(mind.choices(steps, MONTHS)[0], len(months) - 1)]
            answer = await reader.press("choices", "period", month)
            wanted = {"month": month}
        elif habit == "commune" and self.page in WITH_MAP and page.map_header.get("level") == "commune":
            land = self.land()
            scope = page.map_header.get("scope", "VN")
            communes = land.communes.get(scope if scope != "VN" else self.home, ())
            if not communes:
                return
            code = mind.choice(communes)
            answer = await reader.pick(code)
            wanted = {"selected": code}
        elif habit == "level" and self.page in WITH_MAP and 'data-act="level"' in page.markup.get("choices", ""):
            answer = await reader.press("choices", "level", mind.choice(("province", "commune", "commune")))
        elif habit == "nation" and "choices" in page.components and self.page != "trends":
            answer = await reader.press("choices", "place", "VN")
        elif habit == "indicator" and self.page == "map" and "measures" in page.components:
            answer = await reader.press("measures", "indicator", mind.choice(INDICATORS))
        elif habit == "search":
            await self.search()
            return
        elif habit == "page":
            name = mind.choices(tuple(PAGES), tuple(PAGES.values()))[0]
            link = "" if name == "app" else name
            if link not in page.links:  # the page they are on
                return
            answer = await reader.follow(link)
            self.page = name
        else:
            return
        self.tally.note(f"{self.page}, {habit}", answer)
        self.check(wanted)

    async def search(self) -> None:
        """A few letters, then the first that is found; the box is empty again."""
        text = self.mind.choice(LETTERS)
        for letters in (text[: len(text) // 2 + 1], text):
            self.tally.note(f"{self.page}, typing", await self.reader.type_text(letters))
        found = [key for key in self.reader.page.buttons if key.startswith("found_")]
        if not found:
            raise Wrong(f"nothing found for {text!r}")
        self.tally.note(f"{self.page}, found", await self.reader.press_button(found[0]))
        self.check({})

    def check(self, wanted: dict[str, str]) -> None:
        """Whether the screen is this reader's: what was asked for, and nothing of another reader."""
        page, query = self.reader.page, self.reader.query
        params = self.reader.params()
        month = params.get("period", "")
        if month[:2] == "20" and page.months() and month != page.month():
            raise Wrong(f"the address says {month}, the screen another month")
        if "month" in wanted and wanted["month"] != page.month():
            raise Wrong(f"asked for {wanted['month']}, another month is shown")
        if "place" in wanted and wanted["place"] != page.place():
            raise Wrong(f"asked for {wanted['place']}, {page.place()} is shown")
        if "selected" in wanted and params.get("selected") not in (wanted["selected"], None):
            raise Wrong(f"asked for {wanted['selected']}, {params.get('selected')} is marked")
        known = self.tally.seen.setdefault((self.page, query), page.headline)
        if known != page.headline:
            raise Wrong(f"one address, two headlines: {known!r}, {page.headline!r}")


async def send_crowd(
    address: str, readers: int, seconds: float, ramp: float, seed: int, think: tuple[float, float]
) -> Tally:
    """Let readers come one after the other during `ramp` seconds, and read until `seconds` after that."""
    began = time.monotonic()
    tally = Tally(began + ramp, began + ramp + seconds)
    lands = {name: read_land(name) for name in BOUNDARY_SETS}

    async def come(number: int) -> None:
        await asyncio.sleep(ramp * number / readers)
        source = f"127.1.{number // 250}.{number % 250 + 1}"
        person = Person(Reader(address, source), lands, random.Random(f"{seed}/{number}"), tally)
        await person.read(think)

    async def watch_lag() -> None:
        """How late this process is itself: times of a crowd that is too busy are not the server's."""
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.05)
            tally.lag = max(tally.lag, time.perf_counter() - before - 0.05)

    watching = asyncio.ensure_future(watch_lag())
    await asyncio.gather(*(come(number) for number in range(readers)))
    watching.cancel()
    return tally


async def come_in_a_row(address: str, sessions: int, seed: int, at_once: int = 2) -> Tally:
    """Sessions one after the other (`at_once` side by side): each opens the page, changes two things and goes."""
    tally = Tally(0, float("inf"))
    lands = {name: read_land(name) for name in BOUNDARY_SETS}
    waiting = list(range(sessions))

    async def take_turns() -> None:
        while waiting:
            number = waiting.pop()
            # Ten minds, so that nothing is new after the first of them: what then grows is not a cache.
            person = Person(Reader(address), lands, random.Random(f"{seed}/{number % 10}"), tally)
            try:
                tally.opened.append((await person.reader.open()).seconds)
                for habit in ("province", "month", "page"):
                    await person.act(habit)
            except Exception as problem:
                tally.wrong[f"{type(problem).__name__}: {problem}"[:160]] += 1
            finally:
                await person.reader.close()

    await asyncio.gather(*(take_turns() for _ in range(at_once)))
    return tally


def check_alone(seen: dict[tuple[str, str], str], most: int, seed: int) -> tuple[int, list[str]]:
    """Draw some of the addresses in this process, without the kept parts of the server's, and compare the headlines."""
    from bench.changes import open_alone

    chosen = random.Random(seed).sample(sorted(seen), min(most, len(seen)))
    wrong = []
    for page, query in chosen:
        alone = open_alone(page, query)
        if alone != seen[page, query]:
            wrong.append(f"{page}?{query}: {seen[page, query]!r} under load, {alone!r} alone")
    return len(chosen), wrong


def describe(tally: Tally, seconds: float, began_cpu: float) -> dict[str, object]:
    """Figures of one crowd, times in ms."""
    times = sorted(taken for _, taken in tally.taken)
    kinds: dict[str, list[float]] = {}
    for what, taken in tally.taken:
        kinds.setdefault(what, []).append(taken)

    def at(share: float, values: list[float]) -> float | None:
        return round(1000 * values[min(len(values) - 1, int(share * len(values)))], 1) if values else None

    return {
        "reruns": len(times),
        "reruns_per_second": round(len(times) / seconds, 2) if seconds else None,
        "median_ms": at(0.5, times),
        "p95_ms": at(0.95, times),
        "p99_ms": at(0.99, times),
        "max_ms": at(1, times),
        "opened": len(tally.opened),
        "opened_p95_ms": at(0.95, sorted(tally.opened)),
        "kinds": {
            name: {"count": len(values), "median_ms": at(0.5, sorted(values)), "p95_ms": at(0.95, sorted(values))}
            for name, values in sorted(kinds.items())
        },
        "kb_per_rerun": round(tally.bytes / len(times) / 1000, 1) if times else None,
        "messages_per_rerun": round(tally.messages / len(times), 1) if times else None,
        "addresses": len(tally.seen),
        "wrong": dict(tally.wrong.most_common(12)),
        "errors": sum(tally.wrong.values()),
        "lines_taken_up_again": tally.broken,
        "own_lag_ms": round(1000 * tally.lag),
        "own_cpu_seconds": round(cpu_seconds() - began_cpu, 2),
    }


def cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def is_here(address: str) -> bool:
    return (urlsplit(address).hostname or "") == "127.0.0.1"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.crowd", description="Readers of a server on this machine.")
    parser.add_argument("--address", required=True, help="http://127.0.0.1:PORT")
    parser.add_argument("--readers", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=60, help="how long times are counted, after all have come")
    parser.add_argument("--ramp", type=float, default=15, help="seconds during which readers come")
    parser.add_argument("--think", type=float, nargs=2, default=THINK, metavar=("FROM", "TO"))
    parser.add_argument("--sessions", type=int, help="so many sessions in a row instead of a crowd")
    parser.add_argument("--check", type=int, default=0, help="draw so many addresses again without load")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    if not is_here(chosen.address):
        parser.error("only a server on 127.0.0.1 is asked")
    if chosen.readers > MOST_READERS or chosen.seconds + chosen.ramp > MOST_SECONDS:
        parser.error(f"at most {MOST_READERS} readers and {MOST_SECONDS} seconds")
    began_cpu = cpu_seconds()
    if chosen.sessions:
        tally = uvloop.run(come_in_a_row(chosen.address, chosen.sessions, chosen.seed))
    else:
        think = tuple(chosen.think)
        tally = uvloop.run(send_crowd(chosen.address, chosen.readers, chosen.seconds, chosen.ramp, chosen.seed, think))
    said = describe(tally, chosen.seconds, began_cpu)
    if chosen.check:
        checked, wrong = check_alone(tally.seen, chosen.check, chosen.seed)
        said |= {"checked_alone": checked, "wrong_alone": wrong}
    json.dump(said, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
