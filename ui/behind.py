"""The table behind a figure: folded away under it, one click or key away, the same numbers as drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st

from ui.parts import escape


def draw_behind(summary: str, head: Sequence[str], rows: Iterable[Sequence[str]], figures_from: int = 1) -> None:
    """`rows` are written already; the columns from `figures_from` on are figures, aligned right."""

    def cells(tag: str, row: Sequence[str]) -> str:
        written = ""
        for at, cell in enumerate(row):
            kind, scope = ("th", ' scope="row"') if tag == "td" and at == 0 else (tag, "")
            scope = ' scope="col"' if tag == "th" else scope
            written += f"<{kind}{scope}{' class=bp-num' if at >= figures_from else ''}>{escape(cell)}</{kind}>"
        return written

    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    st.html(
        f'<details class="bp-behind"><summary>{escape(summary)}</summary>'
        f'<div class="bp-scroll" tabindex="0" role="region" aria-label="{escape(summary)}"><table class="bp-table">'
        f"<thead><tr>{cells('th', head)}</tr></thead><tbody>{body}</tbody></table></div></details>"
    )
