"""Progress bars of the commands, on the standard error stream: what the steps are called, words say."""

from __future__ import annotations

import sys
from typing import Self

from tqdm import tqdm

from data.bundle import BundleFile
from text.words import Words

# Without the rate, whose unit is English: what is done of how much, and the time it has taken.
LOOK = "{desc}: {percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt} [{elapsed}]"


def open_bar(said: str, total: int) -> tqdm:
    return tqdm(total=total, desc=said, file=sys.stderr, leave=False, bar_format=LOOK)


class StepBar:
    """A bar for each step of a long command, one after the other; `words_prefix` and a step's name are the key of its words."""

    def __init__(self, words: Words, words_prefix: str) -> None:
        self._words, self._prefix = words, words_prefix
        self._bar: tqdm | None = None
        self._step = ""

    def show(self, step: str, done: int, total: int) -> None:
        if step != self._step:
            self.close()
            self._step = step
            self._bar = open_bar(self._words.say(f"{self._prefix}.{step}"), total)
        if self._bar is not None:
            self._bar.update(done - self._bar.n)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None


class FileBar:
    """A bar over the files that go to another machine or come from one."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._bar: tqdm | None = None

    def __enter__(self) -> Self:
        return self

    def show(self, file: BundleFile, done: int, total: int) -> None:
        if self._bar is None:
            self._bar = open_bar(self._words.say("source.files"), total)
        self._bar.update(done - self._bar.n)

    def __exit__(self, *problem: object) -> None:
        if self._bar is not None:
            self._bar.close()
