"""The blocks a page is made of: banner, headline, figures, titles, caption. Markup of our own; every value is escaped
here.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from charts import palette
from text.words import Words
from ui.operators import fold, split_sentences
from ui.surface import put

escape = html.escape
# What Streamlit would read as Markdown in the label of its own button; lists only where a label begins with their sign.
_MARKDOWN = re.compile(r"[\\`*_\[\]<>$:~#!|&{}]|^[-+](?=\s)|(?<=^\d)[.)]")
LONGEST_WORD = 24
READABLE = 4.5  # contrast of text on its ground (WCAG 2 AA)


@dataclass(frozen=True)
class Figure:
    """One headline figure, all of it already written in the reader's language.

    `bar_pct` and `goal_pct` (percent of the bar's length, None for no bar or no tick) draw the value and its goal;
    `direction` is the sign of the change (the arrow says the direction, the words say the amount); `mark` is the word
    for simulated figures, or ""; `colour` (of charts/palette.py) is that of the bar, and of the value where it can be read.
    """

    label: str
    value: str
    unit: str
    bar_pct: float | None
    goal_pct: float | None
    change: str
    direction: int
    note: str = ""
    mark: str = ""
    colour: str = ""


def plain_label(text: str) -> str:
    """A text for the label of a button of Streamlit's own, which reads Markdown: shown letter by letter."""
    return _MARKDOWN.sub(lambda sign: "\\" + sign.group(), text)


def banner(sentence: str, *, words: Words, kind: str = "", link: tuple[str, str] | None = None, code: str = "") -> None:
    """A bar with one sentence. `sentence` comes from text/ with its values escaped; `link` is (address, label). Commands in it
    go into a fold; an error with a `code` says whom to tell instead."""
    sentence, commands = split_sentences(sentence)
    sentence += f" {escape(words.say('operator.ask'))}" if commands and code else ""
    tail = f' <a href="{escape(link[0])}" target="_self">{escape(link[1])}</a>' if link else ""
    tail += f" <small>{escape(words.say('error.code', code=code))}</small>" if code else ""
    css, role = ("bp-banner bp-error", "alert") if kind == "error" else ("bp-banner", "note")
    put(f'<div class="{css}" role="{role}">{sentence}{tail}{fold(commands, words, is_error=kind == "error")}</div>')


def headline(sentence: str) -> None:
    """The one heading of the page; the way past the menu leads here (ui/menu.py)."""
    put(f'<h1 class="bp-headline" id="bp-content">{escape(sentence)}</h1>')


def figures(items: Sequence[Figure], is_steady: bool = False) -> None:
    """The headline figures side by side, each with its goal drawn as a tick on the bar; nothing where there are none.

    `is_steady` keeps the height of a month with an earlier one to compare with, so that a map below stands still between months.
    """
    if not items:
        return
    cells = "".join(figure_markup(item) for item in items)
    steady = " bp-steady" if is_steady else ""
    put(f'<div class="bp-figures bp-of-{len(items)}{steady}">{cells}</div>')


def figure_markup(item: Figure) -> str:
    bar = ""
    if item.bar_pct is not None:
        tick = f'<b style="left:{item.goal_pct:.2f}%"></b>' if item.goal_pct is not None else ""
        fill = f";background:{item.colour}" if item.colour else ""
        bar = f'<div class="bp-bar" aria-hidden="true"><i style="width:{item.bar_pct:.2f}%{fill}"></i>{tick}</div>'
    arrow = f'<i class="bp-{"up" if item.direction > 0 else "down"}" aria-hidden="true"></i>' if item.direction else ""
    mark = f' <span class="bp-sim">{escape(item.mark)}</span>' if item.mark else ""
    note = f"<div>{escape(item.note)}</div>" if item.note else ""
    ink = f' style="color:{ink_of(item.colour)}"' if item.colour and is_readable(item.colour) else ""
    return (
        f'<section class="bp-figure"><h2>{escape(item.label)}{mark}</h2>'
        f'<div class="bp-value"><strong{ink}>{escape(item.value)}</strong><span>{escape(item.unit)}</span></div>{bar}'
        f'<div class="bp-change">{arrow}{escape(item.change)}</div>{note}</section>'
    )


def is_readable(colour: str) -> bool:
    return palette.contrast(colour, palette.LIGHT.ground) >= READABLE


def ink_of(colour: str) -> str:
    """A colour that can be read as text on paper, as it is written on the page: by the variable that means the same, which is
    another colour where the page is dark."""
    return next((f"var(--{name})" for name in ("accent", "error") if palette.PAGE[name] == colour), colour)


def title(finding: str, subtitle: str) -> None:
    """A finding in at most twelve words, and under it what is measured, where and when."""
    put(f'<h2 class="bp-title">{escape(finding)}</h2><p class="bp-subtitle">{escape(subtitle)}</p>')


def caption(pieces: Sequence[str]) -> None:
    """Source, date, boundaries, criterion, population, filter: under every figure, in one line."""
    put(f'<p class="bp-caption">{" · ".join(escape(piece) for piece in pieces if piece)}</p>')


def empty(sentence: str, words: Words | None = None) -> None:
    """Where there is nothing to draw: why, and what to do next. `sentence` comes from text/ with its values escaped; commands in
    it go into a fold, which needs `words`."""
    said, commands = split_sentences(sentence) if words else (sentence, "")
    put(f'<div class="bp-empty" role="note">{said}{fold(commands, words) if words else ""}</div>')


def markup(block: str) -> None:
    """Markup of our own whose values are escaped already."""
    put(block)


def section(heading: str, anchor: str = "") -> None:
    place = f' id="{escape(anchor)}"' if anchor else ""
    put(f'<h2 class="bp-title"{place}>{escape(heading)}</h2>')


def prose(sentence: str) -> None:
    put(f'<p class="bp-prose">{escape(sentence)}</p>')


def prose_folded(sentence: str, words: Words) -> None:
    """Prose whose commands go into a fold. `sentence` comes from text/ with its values escaped."""
    said, commands = split_sentences(sentence)
    put(f'<div class="bp-prose"><p>{said}</p>{fold(commands, words)}</div>')


def lead(sentences: str) -> None:
    """A few sentences that must be read before the figures below, over the whole width."""
    put(f'<p class="bp-lead">{escape(sentences)}</p>')


def bullets(sentences: Iterable[str], *, numbered: bool = False) -> None:
    kind = "ol" if numbered else "ul"
    items = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
    put(f'<div class="bp-prose"><{kind}>{items}</{kind}></div>')


def plain_table(
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    is_stacked: bool = False,
    figures: Collection[int] = (),
    name: str = "",
) -> None:
    """A small table to read; long addresses wrap. `is_stacked`: on a phone each row becomes a block, every cell after its
    heading, since many columns would break words and numbers apart. `figures`: the columns of numbers, aligned right. `name`
    tells it apart for a screen reader where another table of the page has the same columns."""
    css = "bp-scroll bp-prose bp-wide" + (" bp-stacked" if is_stacked else "")
    label = escape(
        ", ".join(head) + (f" ({name})" if name else "")
    )  # the heading above is no part of the table: its columns name it
    top = "".join(
        f'<th scope="col" role="columnheader"{" class=bp-num" if at in figures else ""}>{escape(cell)}</th>'
        for at, cell in enumerate(head)
    )
    body = "".join(
        '<tr role="row">'
        + "".join(
            plain_cell(cell, above, is_head=at == 0, is_figure=at in figures)
            for at, (cell, above) in enumerate(zip_longest(row, head[: len(row)], fillvalue=""))
        )
        + "</tr>"
        for row in rows
    )
    put(
        f'<div class="{css}" tabindex="0" role="region" aria-label="{label}">'
        f'<table role="table" aria-label="{label}"><thead role="rowgroup"><tr role="row">{top}</tr></thead>'
        f'<tbody role="rowgroup">{body}</tbody></table></div>'
    )


def plain_cell(cell: str, label: str, *, is_head: bool = False, is_figure: bool = False) -> str:
    """A cell that may break inside a word only where one is longer than a phone is wide: an address, never a number.
    `is_head`: it says what its row is about."""
    is_long = max(map(len, cell.split()), default=0) > LONGEST_WORD
    css = ' class="bp-num"' if is_figure else ' class="bp-long"' if is_long else ""
    tag, role = ("th", 'scope="row" role="rowheader"') if is_head else ("td", 'role="cell"')
    return f'<{tag}{css} {role} data-label="{escape(label)}">{escape(cell)}</{tag}>'


def card(name: str, lines: Sequence[str], buttons: Sequence[str]) -> str:
    """Markup of the marked unit: its name, what is known of it, and its buttons (markup already)."""
    body = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return f'<div class="bp-card"><h2>{escape(name)}</h2>{body}<p class="bp-buttons">{"".join(buttons)}</p></div>'
