"""Units on the pages of the static edition: tables whose rows have a place of their own, and the index of the search."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from data.former_names import KINDS as FORMER_KINDS
from data.former_names import list_former_names
from indicators.rules import Threshold
from reports.site.hashed import keep
from reports.site.paths import anchor
from text.names import SHORT_FORMS, collation_key, search_key
from ui import loaders
from ui.documents.site_markup import Sheet, Site
from ui.frame import Frame
from ui.loaders.snapshot import cached, store_of
from ui.table import Column
from ui.unit_table import build_unit_table, order_units
from ui.view import NATION

SORTED_BY = {"province": "need", "district": "need", "commune": "name"}
LEVELS = {"province": 1, "district": 2, "commune": 3}
OTHER_NAMES = 3  # names of other boundary sets that a row lists


@dataclass(frozen=True)
class SiteRow:
    """A row of a table: `keys` are numbers to sort by, in the order of the cells (None: none); `note` stands below the name."""

    anchor: str
    cells: tuple[str, ...]
    keys: tuple[str | None, ...]
    swatch: str = ""
    address: str = ""
    note: str = ""


@dataclass(frozen=True)
class SiteTable:
    """A table with its finding. `files`: the row of links to it as files."""

    said: tuple[str, str]
    label: str
    columns: Sequence[Column]
    rows: Sequence[SiteRow]
    files: Markup
    is_sortable: bool = True


def build_table(
    sheet: Sheet,
    page: Frame,
    units: pd.DataFrame,
    level: str,
    threshold: Threshold | None,
    said: tuple[str, str],
    files: Markup,
    notes: Mapping[str, str] | None = None,
) -> SiteTable:
    """All units of a place in one table: the cells of the table on the screen. `notes` by unit code."""
    sort = SORTED_BY[level] if threshold is not None or level == "commune" else "coverage"
    names = loaders.place_labels(page.snapshot_id, page.boundary_set, level, page.view.unit == NATION)
    built = build_unit_table(
        units,
        level,
        threshold,
        sort=sort,
        page=1,
        page_rows=max(len(units), 1),
        selected="",
        place_names=names,
        words=page.words,
        formats=page.formats,
    )
    ordered = order_units(units, level, threshold, names, sort)
    by_name = ordered["unit_code"] if sort == "name" else sort_by_name(ordered["unit_code"], names)
    alphabet = {code: place for place, code in enumerate(by_name)}
    rows = []
    for row, figures in zip(built.rows, ordered.itertuples(), strict=True):
        address = sheet.address_of(row.code) if level == "province" else ""
        keys = list_keys(figures, level, threshold, alphabet[row.code])
        note = (notes or {}).get(row.code, "")
        rows.append(SiteRow(anchor(row.code), row.cells, keys, row.swatch, address, note))
    return SiteTable(said, said[0], built.columns, rows, files)


def sort_by_name(codes: Sequence[str], names: pd.Series) -> list[str]:
    return sorted(codes, key=lambda code: collation_key(str(names[code])))


def list_keys(figures, level: str, threshold: Threshold | None, place: int) -> tuple[str | None, ...]:
    """Numbers to sort by, in the order of `ui.unit_table.build_columns`; "" where the figure is unknown."""

    def known(value: float) -> str:
        return "" if value != value or value < 0 else f"{float(value):.10g}"

    keys = [str(place), known(figures.rate), known(figures.population)]
    if threshold is not None:
        if level != "commune":
            keys.append(known(figures.met))
        keys += [known(figures.need), known(figures.state)]
    return tuple(keys)


@cached
def load_former_names(snapshot_id: str, boundary_set: str) -> pd.DataFrame:
    return list_former_names(store_of(snapshot_id), boundary_set)


@cached
def list_other_names(snapshot_id: str, boundary_set: str) -> dict[str, list[str]]:
    """The names that each commune has in other boundary sets, by unit code; the latest first, a few at most."""
    rows = load_former_names(snapshot_id, boundary_set)
    rows = rows[rows["former_level"] == "commune"]
    found: dict[str, list[str]] = {}
    for code, name in zip(rows["unit_code"], rows["former_name"], strict=True):
        names = found.setdefault(code, [])
        if len(names) < OTHER_NAMES:
            names.append(name)
    return found


def other_names(page: Frame, codes: Sequence[str]) -> dict[str, str]:
    """The same as a note for these communes, where a name is another than its own."""
    found = list_other_names(page.snapshot_id, page.boundary_set)
    own = loaders.load_units(page.snapshot_id, page.boundary_set)["name"]
    notes = {}
    for code in codes:
        names = [name for name in found.get(code, ()) if name != own[code]]
        if names:
            notes[code] = page.words.say("site.other_names", names="; ".join(names))
    return notes


def write_index(site: Site, page: Frame) -> str:
    """The list that the search reads (reports/site/assets/search.js); returns its path. The same for both languages."""
    units = loaders.load_units(page.snapshot_id, page.boundary_set)
    units = units[units["level"].isin(LEVELS)]
    in_order = sorted(
        units.itertuples(index=False), key=lambda row: (LEVELS[row.level], collation_key(row.short_name), row.unit_code)
    )
    place = {row.unit_code: at for at, row in enumerate(in_order)}
    parents = page.catalogue.unit_parents[page.boundary_set]
    listed = [
        [row.unit_code, row.name, place.get(parents.get(row.unit_code, ""), -1), LEVELS[row.level]] for row in in_order
    ]
    former = [
        [
            row.former_name,
            row.former_province if isinstance(row.former_province, str) else "",
            place[row.unit_code],
            FORMER_KINDS.index(row.kind),
        ]
        for row in load_former_names(page.snapshot_id, page.boundary_set).itertuples()
        if row.unit_code in place and search_key(row.former_name) not in search_key(in_order[place[row.unit_code]].name)
    ]
    body = json.dumps(
        {"short": SHORT_FORMS, "units": listed, "kinds": FORMER_KINDS, "former": former},
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return keep(site.folder, "units", "json.gz", gzip.compress(body.encode(), 9, mtime=0))
