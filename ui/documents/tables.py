"""A table of the screen as a file: all its rows, true numbers, and beside them what the figures are, by which rules and on which
boundaries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from weakref import WeakKeyDictionary

import pandas as pd

from geo.units import load_periods
from reports.table_files import (
    About,
    DataSheet,
    FileColumn,
    Kind,
    write_csv_for_excel,
    write_csv_for_programs,
    write_workbook,
)
from text.words import Words
from ui import loaders, method, method_tables
from ui.frame import Frame
from ui.loaders import method as sources
from ui.notices import write_notice
from ui.takeaway.offers import TABLE, NothingToTake, Offer

_WIDTHS = {"count": 14, "change": 14, "rate": 12, "points": 14, "date": 13, "month": 12}


class Draft:
    """A table in the making, column by column; a column is called `takeaway.column.<key>` where no label is given."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self._columns: list[FileColumn] = []
        self._values: dict[str, Any] = {}

    def add(self, key: str, kind: Kind, values: Any, label: str = "", width: float = 0) -> None:
        """`values` in the order of the rows; kinds as in `reports.table_files.FileColumn`."""
        if key in self._values:
            raise ValueError(f"two columns {key}: a program reads columns by their names")
        said = label or self.words.say(f"takeaway.column.{key}")
        self._columns.append(FileColumn(key, said, kind, width or _WIDTHS.get(kind, 0)))
        self._values[key] = values.to_numpy() if isinstance(values, pd.Series) else values

    def say_yes(self, flag: bool) -> str:
        return self.words.say("takeaway.yes" if flag else "takeaway.no")

    def finish(
        self,
        title: str,
        subtitle: str,
        caption: Sequence[str],
        notes: Sequence[str] = (),
        is_simulated: bool = False,
        frozen: int = 2,
    ) -> TakenTable:
        frame = pd.DataFrame(self._values, columns=[column.key for column in self._columns])
        return TakenTable(title, subtitle, self._columns, frame, caption, notes, bool(is_simulated), frozen)


@dataclass(frozen=True)
class TakenTable:
    """`title` states what the rows are, `caption` are the pieces under the figure (`captions.list_pieces`), `notes` say how
    to read the columns; `is_simulated` marks the file. Columns and frame: `reports.table_files`."""

    title: str
    subtitle: str
    columns: Sequence[FileColumn]
    frame: pd.DataFrame
    caption: Sequence[str]
    notes: Sequence[str] = ()
    is_simulated: bool = False
    frozen: int = 2


def table_offer(
    build: Callable[[Frame], TakenTable | None], stem: str | Callable[[Frame], str], is_internal: bool = False
) -> Offer:
    """The offer of one table in its three forms. `build` gives None where the View has no such table; whoever takes more than one
    form of the same Frame has it built once."""
    built: WeakKeyDictionary[Frame, TakenTable | None] = WeakKeyDictionary()

    def make(page: Frame, ending: str) -> bytes:
        if page not in built:
            built[page] = build(page)
        table = built[page]
        if table is None:
            raise NothingToTake
        return write_table(page, table, ending)

    return Offer(make, TABLE, stem, is_internal)


def write_table(page: Frame, table: TakenTable, ending: str) -> bytes:
    sheet = DataSheet(page.words.say("files.sheet_figures"), table.columns, table.frame, table.frozen)
    if ending == "csv":
        return write_csv_for_programs(sheet)
    about = describe(page, table)
    if ending == "excel.csv":
        return write_csv_for_excel(sheet, about, page.words)
    return write_workbook([sheet], about, page.words, page.made_on)


def describe(page: Frame, table: TakenTable) -> About:
    """What stands beside the figures, from the page's caption and the snapshot's own rules."""
    words, formats = page.words, page.formats
    facts = [(words.say("takeaway.about_content"), table.subtitle)]
    facts += [split_piece(piece, words.say("takeaway.about_note")) for piece in table.caption if piece]
    facts += [(words.say("takeaway.about_reading"), note) for note in table.notes]
    facts += [(words.say("takeaway.about_notice"), write_notice(page, notice)) for notice in page.notices]
    facts += [
        (words.say("takeaway.about_rows"), formats.count(len(table.frame))),
        (words.say("takeaway.about_unknown"), words.say("takeaway.unknown_is_empty")),
        (words.say("takeaway.about_snapshot"), page.snapshot_id),
        (words.say("takeaway.about_made"), formats.day(page.made_on or date.today())),
    ]
    mark = words.say("takeaway.simulated") if table.is_simulated else ""
    return About(table.title, facts, list_criteria(page), list_boundaries(page), mark)


def split_piece(piece: str, otherwise: str) -> tuple[str, str]:
    """A piece of a caption as heading and text: "Ranh giới: …" is both already."""
    heading, mark, text = piece.partition(": ")
    return (heading, text) if mark and len(heading) <= 24 else (otherwise, piece)


def list_criteria(page: Frame) -> list[list[str]]:
    """Every threshold and goal of the snapshot with dates and legal basis, under a heading."""
    heading, rows = method.rule_rows(loaders.load_programmes(page.snapshot_id), page.words, page.formats)
    return [heading, *rows]


def list_boundaries(page: Frame) -> list[list[str]]:
    """Every boundary set with its months and units; whose outlines are drawn."""
    sets = sources.load_boundary_sets(page.snapshot_id)
    heading, rows = method_tables.boundary_rows(sets, load_periods(), page.words, page.formats)
    outlines = {name: sources.outline_source(name) for name in sets["boundary_set"]}
    more, drawn = method_tables.outline_rows(outlines, page.words)
    return [heading, *rows, [], more, *drawn]
