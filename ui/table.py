"""The table behind a map or chart: sorted and paged on the server, its rows and headings buttons for mouse, touch and
keyboard.

Streamlit's own grid shows English menus and draws on a canvas that a screen reader cannot sort; this is a plain HTML
table.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from ui.parts import escape

PAGE_ROWS = 50


@dataclass(frozen=True)
class Column:
    """A heading, the sort it asks for ("" for none), and whether its cells are figures (aligned right)."""

    label: str
    sort: str = ""
    is_figure: bool = False


@dataclass(frozen=True)
class Row:
    """Cells as text in the order of the columns; `code` is the unit that a click picks; `status` an optional colour
    class before the last cell.
    """

    code: str
    cells: tuple[str, ...]
    is_selected: bool = False
    swatch: str = ""


@dataclass(frozen=True)
class Pager:
    """`rows` sentence, page number from 1, number of pages, and the words of the two buttons."""

    sentence: str
    page: int
    pages: int
    previous: str
    next: str


@st.cache_resource
def mount_table():
    """The component, registered once per process."""
    return st.components.v2.component(
        "baophu_table", js=Path(__file__).with_name("table.js").read_text("utf-8"), isolate_styles=False
    )


def draw_table(
    key: str,
    columns: Sequence[Column],
    rows: Sequence[Row],
    pager: Pager | None,
    sort: str,
    on_act: Callable[[], None],
    label: str,
) -> None:
    """Draw one page of a table. `on_act` is called when a button reported: trigger `acted` holds kind (unit, sort,
    page) and value.
    """
    head = "".join(heading(column, sort) for column in columns)
    body = "".join(table_row(row, columns) for row in rows)
    table = f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
    table = f'<table class="bp-table" aria-label="{escape(label)}">{table}</table>'
    markup = f'<div class="bp-scroll">{table}</div>{foot(pager) if pager else ""}'

    mount_table()(key=key, data=markup, on_acted_change=on_act)


def heading(column: Column, sort: str) -> str:
    css = ' class="bp-num"' if column.is_figure else ""
    if not column.sort:
        return f'<th scope="col"{css}>{escape(column.label)}</th>'
    order = ' aria-sort="other"' if column.sort == sort else ""
    button = f'<button type="button" data-act="sort" data-value="{escape(column.sort)}">{escape(column.label)}</button>'
    return f'<th scope="col"{css}{order}>{button}</th>'


def table_row(row: Row, columns: Sequence[Column]) -> str:
    cells = []
    for at, (text, column) in enumerate(zip(row.cells, columns, strict=True)):
        css = ' class="bp-num"' if column.is_figure else ""
        inner = escape(text)
        if at == 0:
            pressed = "true" if row.is_selected else "false"
            act = f'data-act="unit" data-value="{escape(row.code)}" aria-pressed="{pressed}"'
            inner = f'<button type="button" {act}>{inner}</button>'
        elif at == len(columns) - 1 and row.swatch:
            inner = f'<i class="bp-swatch" style="background:{row.swatch}"></i>{inner}'
        cells.append(f"<td{css}>{inner}</td>")
    return f"<tr{' class=bp-selected' if row.is_selected else ''}>{''.join(cells)}</tr>"


def foot(pager: Pager) -> str:
    if pager.pages <= 1:
        return f'<p class="bp-pager">{escape(pager.sentence)}</p>'
    buttons = "".join(
        f'<button type="button" data-act="page" data-value="{number}"{disabled}>{escape(label)}</button>'
        for number, label, disabled in (
            (pager.page - 1, pager.previous, " disabled" if pager.page == 1 else ""),
            (pager.page + 1, pager.next, " disabled" if pager.page == pager.pages else ""),
        )
    )
    return f'<p class="bp-pager">{escape(pager.sentence)}{buttons}</p>'
