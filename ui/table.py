"""The table behind a map or chart: sorted and paged on the server, its rows and headings buttons for mouse, touch and
keyboard.

Streamlit's own grid shows English menus and draws on a canvas that a screen reader cannot sort; this is a plain HTML
table.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ui.markup import button, draw_markup
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
    draw_built(key, build(columns, rows, pager), "", sort, on_act, label)


@dataclass(frozen=True)
class Built:
    """A page of a table whose rows are written."""

    columns: Sequence[Column]
    rows: Sequence[Row]
    written: Sequence[str]
    pager: Pager | None


def build(columns: Sequence[Column], rows: Sequence[Row], pager: Pager | None) -> Built:
    return Built(columns, rows, [table_row(row, columns) for row in rows], pager)


def draw_built(key: str, built: Built, selected: str, sort: str, on_act: Callable[[], None], label: str) -> None:
    """The same of a table that is written already; the row of `selected` is written anew, as the marked one."""
    columns, pager = built.columns, built.pager
    head = "".join(heading(column, sort) for column in columns)
    body = "".join(
        table_row(replace(row, is_selected=True), columns) if row.code == selected else written
        for row, written in zip(built.rows, built.written, strict=True)
    )
    table = f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
    table = f'<table class="bp-table" aria-label="{escape(label)}">{table}</table>'
    markup = f'<div class="bp-scroll">{table}</div>{foot(pager) if pager else ""}'

    draw_markup(key, markup, on_act)


def heading(column: Column, sort: str) -> str:
    css = ' class="bp-num"' if column.is_figure else ""
    if not column.sort:
        return f'<th scope="col"{css}>{escape(column.label)}</th>'
    order = ' aria-sort="other"' if column.sort == sort else ""
    return f'<th scope="col"{css}{order}>{button("sort", column.sort, column.label)}</th>'


def table_row(row: Row, columns: Sequence[Column]) -> str:
    cells = []
    for at, (text, column) in enumerate(zip(row.cells, columns, strict=True)):
        css = ' class="bp-num"' if column.is_figure else ""
        inner = escape(text)
        if at == 0:
            inner = button("unit", row.code, text, pressed=row.is_selected)
        elif at == len(columns) - 1 and row.swatch:
            inner = f'<i class="bp-swatch" style="background:{row.swatch}"></i>{inner}'
        cells.append(f'<th scope="row"{css}>{inner}</th>' if at == 0 else f"<td{css}>{inner}</td>")
    return f"<tr{' class=bp-selected' if row.is_selected else ''}>{''.join(cells)}</tr>"


def foot(pager: Pager, act: str = "page") -> str:
    """What stands below a table; `act` is what its buttons report."""
    if pager.pages <= 1:
        return f'<p class="bp-pager">{escape(pager.sentence)}</p>'
    back = button(act, str(pager.page - 1), pager.previous, key=f"{act}-back", is_disabled=pager.page == 1)
    on = button(act, str(pager.page + 1), pager.next, key=f"{act}-on", is_disabled=pager.page == pager.pages)
    return f'<p class="bp-pager">{escape(pager.sentence)}{back}{on}</p>'
