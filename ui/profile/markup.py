"""Small tables of a profile as markup: text cells, or cells that are buttons already."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from html import escape


class Trusted(str):
    """A cell that is markup already, every value in it escaped."""


def data_table(label: str, head: Sequence[str], rows: Iterable[Sequence[str]], figures: Collection[int] = ()) -> str:
    """A table that scrolls by itself where the screen is narrow; `figures` are the columns aligned to the right."""

    def css(at: int) -> str:
        return ' class="bp-num"' if at in figures else ""

    def cell(text: str) -> str:
        return str(text) if isinstance(text, Trusted) else escape(str(text))

    top = "".join(f'<th scope="col"{css(at)}>{cell(text)}</th>' for at, text in enumerate(head))

    def write(at: int, text: str) -> str:
        return f'<th scope="row"{css(at)}>{cell(text)}</th>' if at == 0 else f"<td{css(at)}>{cell(text)}</td>"

    body = "".join("<tr>" + "".join(write(at, text) for at, text in enumerate(row)) + "</tr>" for row in rows)
    table = f"<thead><tr>{top}</tr></thead><tbody>{body}</tbody>"
    table = f'<table class="bp-table bp-facts" aria-label="{escape(label)}">{table}</table>'
    return f'<div class="bp-scroll" tabindex="0" role="region" aria-label="{escape(label)}">{table}</div>'
