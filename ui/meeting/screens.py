"""What the screens of meeting mode hold: words and figures already written, nothing drawn. Slides are made of the same.

A screen is one finding (at most twelve words) with what proves it, at most twelve rows, nothing that needs a pointer.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from ui.view import one_of
from ui.whats_new import month_choice

NATION_SCREEN, MAP, RANKING, BEHIND, CHANGED, PROVINCE = SCREENS = (
    "nation",
    "map",
    "ranking",
    "behind",
    "changed",
    "province",
)
# What the page adds to the address: the screen, and the month it is compared with ("last time").
CHOICES = (one_of("screen", *SCREENS), month_choice("since"))
MOST_ROWS = 12
GOOD, BAD, PLAIN = "good", "bad", ""


@dataclass(frozen=True)
class Number:
    """A figure and what it is; `tone` is GOOD, BAD or PLAIN."""

    value: str
    label: str
    tone: str = PLAIN


@dataclass(frozen=True)
class Rows:
    """A table. `numbers` are the columns that stand to the right; `bars` the length of a bar per row (0…100, None for none)
    and its colour; `amounts` what the bars stand for, written in the column `amount`; `marked` the row that stands out.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()
    title: str = ""
    bars: tuple[tuple[float, str], ...] = ()
    amounts: tuple[int, ...] = ()
    amount: int = 0
    marked: int | None = None


@dataclass(frozen=True)
class Series:
    """A line over months: percent by month (NaN unknown), the writing of its last value, its goal in percent or None."""

    name: str
    values: pd.Series
    last: str
    colour: str
    goal: float | None = None
    goal_name: str = ""


@dataclass(frozen=True)
class KeyEntry:
    """A class of the map: the codes it stands for, in words."""

    codes: tuple[int, ...]
    label: str
    colour: str
    hatch: str = ""


@dataclass(frozen=True)
class MapPart:
    """Which map is shown: of the nation or of one place, by commune. `sentence` is what a screen reader says."""

    unit: str
    sentence: str
    key: tuple[KeyEntry, ...]


@dataclass(frozen=True)
class MeetingScreen:
    """One screen. `number` is the figure to be read from the last row; `notes` are sentences below the figures."""

    name: str
    label: str
    title: str
    subtitle: str = ""
    caption: str = ""
    mark: str = ""
    number: Number | None = None
    figures: tuple[Number, ...] = ()
    rows: tuple[Rows, ...] = ()
    lines: tuple[Series, ...] = ()
    lines_alt: str = ""
    map: MapPart | None = None
    notes: tuple[str, ...] = field(default=())

    @property
    def place(self) -> int:
        return SCREENS.index(self.name)


def neighbours(screen: str) -> dict[str, str]:
    """Where the keys lead from a screen: back, on, first, last; the ends lead to themselves."""
    at = SCREENS.index(screen)
    return {
        "back": SCREENS[max(at - 1, 0)],
        "on": SCREENS[min(at + 1, len(SCREENS) - 1)],
        "first": SCREENS[0],
        "last": SCREENS[-1],
    }
