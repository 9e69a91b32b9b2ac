"""Thi đua, the evaluation: whether a round is closed, its ranking, and why a unit stands where it does."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from indicators.evaluation_reasons import shown_score
from ui import home_page, parts
from ui.emulation import EmulationView, report_of, say_list, say_round
from ui.emulation_lists import count_listed, list_caption, list_words, place_names
from ui.frame import Frame
from ui.loaders.emulation import ListEvaluation
from ui.markup import draw_markup
from ui.parts import escape
from ui.table import PAGE_ROWS, Column, Pager, Row, foot, heading, table_row
from ui.takeaway import bar

NAMED_TIES = 4
PROVINCES_IN_ONE = 64
"""All provinces stand on one page: whoever looks for the last one must not turn it."""


def draw_nothing(page: Frame) -> None:
    """A programme without monthly figures has no round; its awards stay."""
    parts.headline(page.words.say("emulation.nothing_title"))
    home_page.say_absence(page)


def draw_headline(page: Frame, shown: EmulationView, found: ListEvaluation) -> None:
    """Who leads the list, how many were ranked, and on whose word: closed, provisional, or an example."""
    words, formats, said = page.words, page.formats, list_words(page, shown, found)
    first = np.flatnonzero(found.result.place == 1)
    where = say_list(page, shown, place_names(page, shown))
    if not len(first):
        parts.headline(words.say("emulation.headline_none", round=say_round(page, shown.round), where=where))
    else:
        names = ", ".join(said.label(at) for at in first[:3]) + (" …" if len(first) > 3 else "")
        parts.headline(words.say("emulation.headline", round=say_round(page, shown.round), where=where, names=names))
    parts.figures(list_figures(page, shown, found))
    if shown.lost_place:
        parts.banner(words.say("emulation.lost_place"), words=words)
    example = words.say("emulation.example") if found.rules.is_example else ""
    if shown.closing is None:
        parts.banner(f"{words.say('emulation.open')} {example}", words=words)
        return
    row = shown.closing
    said_closed = words.say(
        "emulation.closed_rehearsal" if row["units_simulated"] else "emulation.closed",
        when=formats.day(datetime.fromisoformat(row["closed_at"]).date()),
        by=escape(row["closed_by"]),
        id=escape(row["round_id"]),
        closing=row["closing"],
        note=escape(row["note"]) if isinstance(row["note"], str) else "–",
    )
    parts.banner(f"{said_closed} {example}", words=words)


def list_figures(page: Frame, shown: EmulationView, found: ListEvaluation) -> list[parts.Figure]:
    """Units ranked, the leader's score, how close the second is, and units that stand apart."""
    words, formats, result = page.words, page.formats, found.result
    ranked = np.flatnonzero(result.place > 0)
    if not len(ranked):
        return []
    mark = words.say("home.simulated") if units_simulated(found) else ""
    ordered = ranked[np.lexsort((ranked, result.place[ranked]))]
    first = shown_score(result.score, ordered[0])
    second = shown_score(result.score, ordered[1]) if len(ordered) > 1 else None
    behind = "" if second is None else words.say("emulation.figure_second", score=formats.number(second))
    apart = int(((result.reason != "") & (result.reason != "not_counted")).sum())
    ties = int(result.tied.sum())
    return [
        parts.Figure(
            words.say("emulation.figure_ranked"),
            formats.count(len(ranked)),
            words.say("emulation.figure_of", units=formats.count(count_listed(found))),
            None,
            None,
            words.say("emulation.figure_ties", count=formats.count(ties)),
            0,
            mark=mark,
        ),
        parts.Figure(
            words.say("emulation.figure_first"),
            words.say("emulation.no_score") if first is None else formats.number(first),
            words.say("emulation.figure_points"),
            None if first is None else float(first),
            None,
            behind,
            0,
            mark=mark,
        ),
        parts.Figure(
            words.say("emulation.figure_apart"),
            formats.count(apart),
            words.say("emulation.figure_units"),
            None,
            None,
            words.say("emulation.figure_apart_note"),
            0,
            mark=mark,
        ),
    ]


def draw_ranking(page: Frame, shown: EmulationView, found: ListEvaluation) -> None:
    """The list by place, paged on the server; a unit that is pressed is explained below its row."""
    words, formats, said = page.words, page.formats, list_words(page, shown, found)
    ranked = np.flatnonzero(found.result.place > 0)
    parts.title(*say_ranking(page, shown, found))
    if not len(ranked):
        parts.empty(words.say("emulation.nobody_ranked"))
        return
    say_marked(page, shown, found)
    ordered = ranked[np.lexsort((ranked, found.result.place[ranked]))]
    size = PROVINCES_IN_ONE if shown.tier == "province" else PAGE_ROWS
    pages = -(-len(ordered) // size)
    number = min(page.view.page, pages)
    rows = ordered[(number - 1) * size : number * size]
    columns = [
        Column(words.say(f"emulation.col_{name}"), is_figure=name not in ("unit", "reason"))
        for name in said.columns(shown.tier)
    ]
    marked = mark_row(shown, found, ordered)
    codes = found.units["unit_code"].to_numpy()
    body = ""
    for at in rows:
        body += table_row(Row(codes[at], tuple(said.cells(at, shown.tier)), is_selected=at == marked), columns)
        if at == marked:
            body += f'<tr class="bp-detail"><td colspan="{len(columns)}">{explain(page, shown, found, at)}</td></tr>'
    head = "".join(heading(column, "") for column in columns)
    sentence = words.say(
        "home.table_rows",
        from_row=formats.count((number - 1) * size + 1),
        to_row=formats.count((number - 1) * size + len(rows)),
        rows=formats.count(len(ordered)),
    )
    pager = Pager(sentence, number, pages, words.say("home.table_previous"), words.say("home.table_next"))
    label = escape(words.say("emulation.ranking"))
    markup = (
        f'<div class="bp-scroll" tabindex="0" role="region" aria-label="{label}"><table class="bp-table bp-ranking" '
        f'aria-label="{label}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
        f"</div>{foot(pager)}"
    )
    draw_markup("ranking", markup, report_of(page, "ranking"))
    bar.show(page, "ranking")
    parts.prose(" ".join(filter(None, (words.say("emulation.noise"), said.meaning_shared()))))


def say_ranking(page: Frame, shown: EmulationView, found: ListEvaluation) -> tuple[str, str]:
    """How many of the list are ranked; which list, from when to when."""
    words, formats = page.words, page.formats
    ranked = int((found.result.place > 0).sum())
    subtitle = words.say(
        "emulation.ranking_subtitle",
        where=say_list(page, shown, place_names(page, shown)),
        start=formats.month(shown.round.from_period),
        end=formats.month(shown.round.to_period),
    )
    counts = {"ranked": formats.count(ranked), "units": formats.count(count_listed(found))}
    return words.say("emulation.ranking_title", **counts), subtitle


def say_marked(page: Frame, shown: EmulationView, found: ListEvaluation) -> None:
    """Where the unit stands that the reader came for, above a list in which its row may be far down."""
    said = list_words(page, shown, found)
    marked = np.flatnonzero((found.units["unit_code"] == shown.marked).to_numpy())
    if shown.marked and not len(marked):
        # The reader's own unit stands in the breadcrumb above the list of a cluster that is not its own.
        parts.lead(page.words.say("emulation.marked_elsewhere", unit=place_names(page, shown)[shown.marked]))
    for at in marked:
        if found.result.place[at] > 0:
            parts.lead(page.words.say("emulation.marked", unit=said.label(at), place=said.say_place(at)))
        elif found.result.reason[at]:
            parts.lead(page.words.say("emulation.marked_apart", unit=said.label(at), why=said.say_apart(at)))


def mark_row(shown: EmulationView, found: ListEvaluation, ordered: np.ndarray) -> int:
    """The row that is explained: the marked unit's, or the first of the list."""
    at = np.flatnonzero((found.units["unit_code"] == shown.marked).to_numpy())
    return int(at[0]) if len(at) else int(ordered[0])


def explain(page: Frame, shown: EmulationView, found: ListEvaluation, at: int) -> str:
    """Markup of why one unit stands where it does: every indicator, its figures, how many others it is ahead of, and whom
    it shares its place with."""
    words, formats, said = page.words, page.formats, list_words(page, shown, found)
    score = shown_score(found.result.score, at)
    written = words.say("emulation.no_score") if score is None else formats.number(score)
    lines = [words.say("emulation.why_subtitle", score=written)]
    tied = np.flatnonzero((found.result.place == found.result.place[at]) & (np.arange(len(found.places)) != at))
    if len(tied):
        names = ", ".join(said.label(other) for other in tied[:NAMED_TIES])
        more = words.say("emulation.and_more", count=len(tied) - NAMED_TIES) if len(tied) > NAMED_TIES else ""
        lines.append(words.say("emulation.why_tied", names=names + more))
    labels = [escape(cell) for cell in said.why_head()]
    head = "".join(f'<th scope="col" role="columnheader">{label}</th>' for label in labels)
    rows = "".join(
        '<tr role="row">'
        + "".join(
            f'<td role="cell" data-label="{label}">{escape(cell)}</td>' for label, cell in zip(labels, row, strict=True)
        )
        + "</tr>"
        for row in said.why_rows(at, shown.tier, shown.round)
    )
    said_lines = "".join(f"<p>{escape(line)}</p>" for line in lines)
    title = words.say("emulation.why_title", unit=said.label(at), place=said.say_place(at))
    return (
        f'<div class="bp-why"><strong>{escape(title)}</strong>{said_lines}<table role="table" '
        f'aria-label="{escape(title)}"><thead role="rowgroup"><tr role="row">{head}</tr></thead>'
        f'<tbody role="rowgroup">{rows}</tbody></table></div>'
    )


def draw_caption(page: Frame, shown: EmulationView, found: ListEvaluation) -> None:
    parts.caption(list_caption(page, shown, found))


def units_simulated(found: ListEvaluation) -> int:
    return int(found.units["is_simulated"].sum())
