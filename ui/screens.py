"""`python -m ui.screens`: draw the screens that most readers ask for into a book, which every server of the machine sends from.

A drawn screen costs a server a tenth of one that must be drawn, and a server draws with one processor at a time. So after every
publish of the public edition all processors draw, apart from the servers, at the lowest priority: each process runs the app
without a browser and opens its share of the addresses (ui/screen_list.py). The book is named by everything that decides what
is on a screen: snapshot, outlines, settings and the code itself; a server that finds no book of its name draws as before.
"""

from __future__ import annotations

import argparse
import asyncio
import fcntl
import os
import selectors
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import streamlit as st
from tqdm import tqdm

from data.errors import StoreUnavailable
from data.screen_book import SUFFIX, BookPart, join_parts
from data.settings import PROJECT_ROOT, choose_edition, choose_held, get_settings
from text.words import Words
from ui import light_runs
from ui.book import find_path
from ui.first_screens import Nobody, open_screens
from ui.kept_parts import KEPT
from ui.own_component import register_own
from ui.screen_list import Address, list_book

KEPT_BOOKS = 2  # the one in force, and the one before for servers that still show its snapshot
NICE = 15


@asynccontextmanager
async def running_app(on_error: Callable[[Exception], object]) -> AsyncIterator[None]:
    """The app as its server runs it, without listening; `on_error` is told what a page raised."""
    register_own()
    light_runs.install()
    app: Any = st.App(PROJECT_ROOT / "app.py", on_script_error=on_error)
    asked: asyncio.Queue[dict[str, str]] = asyncio.Queue()
    said: asyncio.Queue[dict[str, str]] = asyncio.Queue()
    living = asyncio.create_task(
        app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, asked.get, said.put)
    )
    await asked.put({"type": "lifespan.startup"})
    if (await said.get())["type"] != "lifespan.startup.complete":
        raise RuntimeError("the app does not start")
    try:
        yield
    finally:
        await asked.put({"type": "lifespan.shutdown"})
        await living


async def draw_share(addresses: Sequence[Address], part: BookPart) -> None:
    """Draw the screens one after the other; a line is printed for each. Raises what a page raised: a book with holes would hide
    that its servers draw."""
    failed: list[Exception] = []

    KEPT.on_drawn = part.add
    async with running_app(failed.append), open_screens(Nobody()) as draw:
        for page, query in addresses:
            await draw(page, query)
            if failed:
                print(f"{page}?{query}", file=sys.stderr)
                raise failed[0]
            print(page, flush=True)


def list_share(number: int, of: int, most: int | None = None) -> list[Address]:
    """What one of the processes draws of the (first `most`) addresses: those of some months, which share what they ask for."""
    addresses = sorted(islice(list_book(), most), key=lambda address: dict(parse_qsl(address[1])).get("period", ""))
    return addresses[number * len(addresses) // of : (number + 1) * len(addresses) // of]


def run_share(number: int, of: int, path: Path, most: int | None) -> None:
    """What each of the processes does."""
    os.nice(NICE)
    part = BookPart(path)
    asyncio.run(draw_share(list_share(number, of, most), part))
    part.finish()


@contextmanager
def shares(folder: Path, processes: int, most: int | None) -> Iterator[list[tuple[subprocess.Popen[str], Path]]]:
    """The processes, which end with this one."""
    limit = [] if most is None else ["--most", str(most)]
    paths = [folder / f".{os.getpid()}-{number}.part" for number in range(processes)]
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "ui.screens", "--share", str(number), str(processes), str(path), *limit],
            cwd=PROJECT_ROOT, stdout=subprocess.PIPE, text=True,
        )
        for number, path in enumerate(paths)
    ]  # fmt: skip
    try:
        yield list(zip(started, paths, strict=True))
    finally:
        for child, path in zip(started, paths, strict=True):
            if child.poll() is None:
                child.terminate()
            child.wait()
            path.unlink(missing_ok=True)


def write_book(path: Path, processes: int, most: int | None, words: Words) -> int:
    """Write the book of what is in force; how many parts it holds. Raises ChildProcessError where a process failed."""
    for left in path.parent.glob(".*"):
        left.unlink()  # of a writer that was killed
    total = len(list_share(0, 1, most))
    with (
        shares(path.parent, processes, most) as started,
        tqdm(total=total, desc=words.say("screens.bar"), unit=words.say("screens.unit"), file=sys.stderr) as bar,
    ):
        with selectors.DefaultSelector() as waiting:
            for child, _ in started:
                waiting.register(child.stdout, selectors.EVENT_READ)
            while waiting.get_map():
                for ready, _ in waiting.select():
                    if ready.fileobj.readline():
                        bar.update()
                    else:
                        waiting.unregister(ready.fileobj)
        if any(child.wait() for child, _ in started):
            raise ChildProcessError(words.say("screens.failed"))
        return join_parts([part for _, part in started], path)


@contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """Whether nobody else draws into this folder; nobody else will while the block lasts. A killed writer holds nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def prune(folder: Path, own: Path) -> None:
    """Keep the newest books; servers that have an older one open go on reading it."""
    books = sorted(folder.glob(f"*{SUFFIX}"), key=lambda path: (path == own, path.stat().st_mtime_ns))
    for old in books[:-KEPT_BOOKS]:
        old.unlink()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m ui.screens", description=__doc__)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="how many draw at once")
    parser.add_argument("--most", type=int, help="how many screens at the most, the likeliest first (default: all)")
    parser.add_argument("--held", action="store_true", help="of the snapshot that waits (data.snapshot publish --hold)")
    parser.add_argument("--share", nargs=3, help=argparse.SUPPRESS)
    chosen, words = parser.parse_args(arguments), Words("vi")
    choose_edition("public")  # the internal one has few readers, and what each sees is their own
    if chosen.held:
        choose_held()
        if not get_settings().pointer_file.is_file():
            print(words.say("screens.none_held"))
            return 0
    if chosen.share:
        run_share(int(chosen.share[0]), int(chosen.share[1]), Path(chosen.share[2]), chosen.most)
        return 0
    try:
        path = find_path(get_settings())
    except StoreUnavailable as problem:
        print(words.say(problem.words_key, **problem.values), file=sys.stderr)
        return 1
    if path.is_file():
        print(words.say("screens.there", path=path))
        return 0
    began = time.perf_counter()
    with alone(path.parent) as is_alone:
        if not is_alone:
            print(words.say("screens.busy"))
            return 0
        try:
            count = write_book(path, max(1, chosen.processes), chosen.most, words)
        except ChildProcessError as problem:
            print(problem, file=sys.stderr)
            return 1
    prune(path.parent, path)
    megabytes, seconds = path.stat().st_size / 1e6, time.perf_counter() - began
    print(words.say("screens.written", count=count, path=path, megabytes=f"{megabytes:.0f}", seconds=f"{seconds:.0f}"))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
