"""The rows of the table behind the map: the same units, figures and filter as the map, sorted and paged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from charts import palette
from indicators.classes import NO_DATA
from indicators.met import MET, NOT_MET, met_status, still_to_enrol
from indicators.rates import coverage_pct, shown_pct
from indicators.rules import Threshold
from text.formats import Formats
from text.names import collation_key
from text.words import Words
from ui.pace_words import say_status
from ui.table import PAGE_ROWS, Column, Pager, Row

STATUS_COLOUR = {MET: palette.MET, NOT_MET: palette.NOT_MET}


@dataclass(frozen=True)
class Measure:
    """The column of the map's measure: its heading, values by unit_code for sorting (NaN unknown), and how one is said."""

    label: str
    values: pd.Series
    say: Callable[[str], str]


@dataclass(frozen=True)
class UnitTable:
    """One page of the table, ready to draw."""

    columns: list[Column]
    rows: list[Row]
    pager: Pager
    row_count: int


def build_unit_table(
    units: pd.DataFrame,
    level: str,
    threshold: Threshold | None,
    *,
    sort: str,
    page: int,
    page_rows: int = PAGE_ROWS,
    is_short: bool = False,
    selected: str,
    place_names: pd.Series,
    words: Words,
    formats: Formats,
    measure: Measure | None = None,
    statuses: pd.Series | None = None,
) -> UnitTable:
    """`units`: unit_code, name, population, insured (-1 unknown) and, above communes, counted, met, not_met, unknown,
    still_to_enrol. `place_names`: the label of each unit_code, with the names above it where names repeat.

    `measure`: one more column, after the name. `statuses` (of a short table): the
    name of each unit's pace (indicators.pace.STATUS_NAMES) by unit_code, as a last column."""
    pages = max(1, -(-len(units) // page_rows))
    page = min(page, pages)
    part = slice((page - 1) * page_rows, page * page_rows)
    order = order_places(units, level, threshold, place_names, sort, measure)
    shown = pick_rows(units, order.places[part], order.need, level, threshold, place_names)
    columns = build_columns(level, threshold, is_short, words)
    rows = [build_row(row, level, threshold, is_short, selected, words, formats) for row in shown]
    if statuses is not None and threshold is not None:
        columns.append(Column(words.say("pace.status")))
        named = [statuses.get(row.code, "unjudged") for row in rows]
        said = [say_status(status, level, threshold, words, formats) for status in named]
        rows = [add_status(*one) for one in zip(rows, named, said, strict=True)]
    if measure is not None:
        columns.insert(1, Column(measure.label, sort="value", is_figure=True))
        rows = [replace(row, cells=(row.cells[0], measure.say(row.code), *row.cells[1:])) for row in rows]
    first, last = (
        formats.count((page - 1) * page_rows + min(1, len(shown))),
        formats.count((page - 1) * page_rows + len(shown)),
    )
    sentence = words.say("home.table_rows", from_row=first, to_row=last, rows=formats.count(len(units)))
    pager = Pager(sentence, page, pages, words.say("home.table_previous"), words.say("home.table_next"))
    return UnitTable(columns, rows, pager, len(units))


def order_units(
    units: pd.DataFrame,
    level: str,
    threshold: Threshold | None,
    place_names: pd.Series,
    sort: str,
    measure: Measure | None = None,
) -> pd.DataFrame:
    """All rows of the table in its order, with what it says of each: rate, need, state, label and, of a measure, value."""
    places, rate, need, values = order_places(units, level, threshold, place_names, sort, measure)
    shown = units.iloc[places]
    frame = shown.assign(
        rate=rate[places],
        need=need[places],
        state=met_status(shown["insured"], shown["population"], threshold),
        label=place_names.reindex(shown["unit_code"]).to_numpy(),
    )
    return frame if measure is None else frame.assign(value=values[places])


class Order(NamedTuple):
    """Where the rows of the table stand in `units`; and rate, need and value of every unit."""

    places: np.ndarray
    rate: np.ndarray
    need: np.ndarray
    values: np.ndarray


def order_places(
    units: pd.DataFrame,
    level: str,
    threshold: Threshold | None,
    place_names: pd.Series,
    sort: str,
    measure: Measure | None,
) -> Order:
    """The order of the whole table, of which a page is a part."""
    n, p = units["insured"], units["population"]
    rate = coverage_pct(n, p)
    need = still_to_enrol(n, p, threshold) if level == "commune" else units["still_to_enrol"].to_numpy()
    values = rate if measure is None else measure.values.reindex(units["unit_code"]).to_numpy()
    return Order(sort_places(units, rate, need, values, place_names, sort), rate, need, values)


class ShownRow(NamedTuple):
    """What a row of the table is written from; the counts of communes are -1 of a commune itself."""

    unit_code: str
    label: str
    insured: int
    population: int
    need: int
    state: int
    counted: int
    met: int
    not_met: int


def pick_rows(
    units: pd.DataFrame,
    places: np.ndarray,
    need: np.ndarray,
    level: str,
    threshold: Threshold | None,
    place_names: pd.Series,
) -> list[ShownRow]:
    """The rows at `places` as plain values, with the need of every unit. What is not shown is not worked out (eleven thousand
    labels cost more than the page they stand on), and a frame for a page of rows costs more than the rows."""
    codes = units["unit_code"].iloc[places].tolist()
    n, p = (units[name].to_numpy()[places] for name in ("insured", "population"))
    state = met_status(n, p, threshold)
    columns = [n, p, need[places], np.asarray(state)]
    unknown = np.full(len(places), -1)
    for name in ("counted", "met", "not_met"):
        columns.append(unknown if level == "commune" else units[name].to_numpy()[places])
    return [
        ShownRow(*row)
        for row in zip(
            codes, place_names.reindex(codes).tolist(), *(column.tolist() for column in columns), strict=True
        )
    ]


def sort_places(
    units: pd.DataFrame, rate: np.ndarray, need: np.ndarray, values: np.ndarray, place_names: pd.Series, sort: str
) -> np.ndarray:
    """By people missing, by rate, by the measure or by name; units without figures stand last; ties in the order given."""
    if sort == "name":
        keys = [collation_key(name) for name in place_names.reindex(units["unit_code"])]
        return np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.int64)
    if sort.startswith("value"):
        # Lowest first: falls before rises, far below before above.
        return np.argsort(values if sort == "value" else -values, kind="stable")
    column, ascending = {"need": (need, False), "coverage": (rate, True), "coverage_desc": (rate, False)}[sort]
    known = np.where(column >= 0, column.astype(float), np.nan)
    return np.argsort(known if ascending else -known, kind="stable")


def build_columns(level: str, threshold: Threshold | None, is_short: bool, words: Words) -> list[Column]:
    columns = [
        Column(words.say(f"home.table_unit_{level}"), sort="" if is_short else "name"),
        Column(words.say("home.table_coverage"), sort="" if is_short else "coverage", is_figure=True),
    ]
    if not is_short:
        columns.append(Column(words.say("home.table_people"), is_figure=True))
    if threshold is None:
        return columns
    if level != "commune":
        columns.append(Column(words.say("home.table_communes"), is_figure=True))
        if is_short:
            columns.append(Column(words.say("home.table_share"), is_figure=True))
    columns.append(Column(words.say("home.table_need"), sort="" if is_short else "need", is_figure=True))
    return columns if is_short else [*columns, Column(words.say("home.table_status"))]


def build_row(
    row: Any, level: str, threshold: Threshold | None, is_short: bool, selected: str, words: Words, formats: Formats
) -> Row:
    rate = shown_pct(row.insured, row.population, threshold)
    cells = [row.label, formats.rate(rate) if rate is not None else formats.missing]
    if not is_short:
        cells.append(formats.part_of(row.insured, row.population) if rate is not None else formats.missing)
    swatch = ""
    if threshold is not None:
        if level != "commune":
            is_judged = row.met + row.not_met > 0  # of none that has sent anything, none meets and none does not
            absent = formats.missing if row.counted > 0 else words.say("absence.not_applicable")
            cells.append(formats.part_of(row.met, row.counted) if is_judged else absent)
            if is_short:
                share = shown_pct(row.met, row.counted) if is_judged else None
                cells.append(formats.missing if share is None else formats.rate(share))
        cells.append(formats.count(row.need) if rate is not None else formats.missing)
        if not is_short:
            swatch = STATUS_COLOUR.get(row.state, palette.ABSENCE[NO_DATA])
            cells.append(say_state(row.state, level, threshold, words, formats))
    return Row(row.unit_code, tuple(cells), is_selected=row.unit_code == selected, swatch=swatch)


def add_status(row: Row, status: str, said: str) -> Row:
    """The row with its pace in a word and a colour."""
    colour = palette.STATUS.get(status, palette.ABSENCE[NO_DATA])
    return replace(row, cells=(*row.cells, said), swatch=colour)


def say_state(state: int, level: str, threshold: Threshold, words: Words, formats: Formats) -> str:
    """Met or not for a commune; for a larger unit its rate against the same line, in words that do not say "met"."""
    if state not in STATUS_COLOUR:
        return words.say("absence.no_data")
    kind = "commune" if level == "commune" else "rate"
    return words.say(
        f"home.legend_{kind}_{'met' if state == MET else 'not_met'}", threshold=formats.percent_rule(threshold.value)
    )
