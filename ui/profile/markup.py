"""Small tables of a profile as markup: text cells, or cells that are buttons already."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from html import escape


class Trusted(str):
    """A cell that is markup already, every value in it escaped."""


def data_table(
    label: str,
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    figures: Collection[int] = (),
    *,
    is_stacked: bool = False,
) -> str:
    """A table that scrolls by itself where the screen is narrow; `figures` are the columns aligned to the right. `is_stacked`: on
    a phone each row becomes a block, every cell but the first after its heading."""

    def css(at: int) -> str:
        return ' class="bp-num"' if at in figures else ""

    def role(name: str) -> str:  # a browser forgets that it is a table where its rows are blocks
        return f' role="{name}"' if is_stacked else ""

    def cell(text: str) -> str:
        return str(text) if isinstance(text, Trusted) else escape(str(text))

    top = "".join(f'<th scope="col"{role("columnheader")}{css(at)}>{cell(text)}</th>' for at, text in enumerate(head))

    def write(at: int, text: str) -> str:
        if at == 0:
            return f'<th scope="row"{role("rowheader")}{css(at)}>{cell(text)}</th>'
        above = f' data-label="{escape(str(head[at]))}"' if is_stacked else ""
        return f"<td{role('cell')}{above}{css(at)}>{cell(text)}</td>"

    body = "".join(
        f"<tr{role('row')}>" + "".join(write(at, text) for at, text in enumerate(row)) + "</tr>" for row in rows
    )
    groups = role("rowgroup")
    table = f"<thead{groups}><tr{role('row')}>{top}</tr></thead><tbody{groups}>{body}</tbody>"
    table = f'<table class="bp-table bp-facts"{role("table")} aria-label="{escape(label)}">{table}</table>'
    more = " bp-stacked" if is_stacked else ""
    return f'<div class="bp-scroll{more}" tabindex="0" role="region" aria-label="{escape(label)}">{table}</div>'
