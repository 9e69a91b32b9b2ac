"""The three rankings side by side: level, share of communes that meet, improvement."""

from __future__ import annotations

from collections.abc import Sequence

from indicators.ranking import UNRANKED
from ui.frame import Frame
from ui.markup import button, draw_markup
from ui.parts import escape
from ui.ranking import RankingFacts, shorten
from ui.ranking_words import RankingWords

TOP, BOTTOM = 10, 5
WHOLE = TOP + BOTTOM + 3  # a list of so many is shown whole


def draw_lists(page: Frame, facts: RankingFacts, said: RankingWords, kept: set[str]) -> None:
    """`kept`: codes that are shown with their neighbours wherever they stand, and marked."""
    sections = "".join(list_section(page, facts, said, measure, kept) for measure in facts.measures)
    longest = max((measure.ranks.of for measure in facts.measures.values()), default=0)
    foot = ""
    if longest > WHOLE:
        is_whole = page.choice("rows") == "all"
        label = page.words.say(
            "ranking.rows_short" if is_whole else "ranking.rows_all", count=page.formats.count(longest)
        )
        foot = f'<p class="bp-buttons">{button("rows", "short" if is_whole else "all", label, key="rows")}</p>'
    draw_markup("lists", f'<div class="bp-ranks">{sections}</div>{foot}', page.report_of("lists"))


def list_section(page: Frame, facts: RankingFacts, said: RankingWords, measure: str, kept: set[str]) -> str:
    words = page.words
    found = facts.measures[measure]
    title = said.leader(measure)
    keep = {at for at, row in enumerate(facts.rows) if row.unit_code in kept}
    order = found.order()
    if page.choice("rows") == "all" or found.ranks.of <= WHOLE:
        shown: Sequence[int | None] = order[: found.ranks.of]
    else:
        shown = shorten(order, found.ranks.of, keep, TOP, BOTTOM)
    rows = "".join(list_row(page, facts, said, measure, at, keep) for at in shown)
    if not rows:
        rows = f'<tr><td colspan="3">{escape(words.say("ranking.list_empty"))}</td></tr>'
    subtitle = words.say(f"ranking.list_{measure}_note", since=said.since() if facts.since else "")
    columns = [
        words.say("ranking.column_rank"),
        words.say(f"ranking.column_{facts.level}"),
        words.say("ranking.column_value"),
    ]
    heads = "".join(
        f'<th scope="col"{" class=bp-num" if at == 2 else ""}>{escape(c)}</th>' for at, c in enumerate(columns)
    )
    return (
        f'<section><h2 class="bp-title">{escape(title)}</h2><p class="bp-subtitle">{escape(subtitle)}</p>'
        f'<table class="bp-table bp-rank" aria-label="{escape(title)}"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></section>"
    )


def list_row(page: Frame, facts: RankingFacts, said: RankingWords, measure: str, at: int | None, keep: set[int]) -> str:
    if at is None:
        return f'<tr class="bp-gap"><td colspan="3">{escape(page.words.say("ranking.left_out"))}</td></tr>'
    code = str(facts.rows[at].unit_code)
    name = button("unit", code, said.name(at), key=f"{measure}-{code}")
    css = ' class="bp-selected"' if at in keep else ""
    return (
        f"<tr{css}><td>{escape(said.rank(measure, at))}</td><th scope=row>{name}{arrow(said, measure, at)}</th>"
        f'<td class="bp-num">{escape(said.value(measure, at))}</td></tr>'
    )


def arrow(said: RankingWords, measure: str, at: int) -> str:
    """An arrow drawn by the style sheet with the number of ranks; the whole sentence for screen readers. Nothing within the
    noise.
    """
    found = said.facts.measures[measure]
    if found.moves is None or found.before is None or not found.moves[at] or found.ranks.place[at] == UNRANKED:
        return ""
    sentence, direction = said.move(measure, at)
    steps = said.formats.count(abs(int(found.before.place[at]) - int(found.ranks.place[at])))
    css = "up" if direction > 0 else "down"
    return (
        f' <span class="bp-move" title="{escape(sentence)}"><i class="bp-{css}" aria-hidden="true"></i>'
        f'<span aria-hidden="true">{escape(steps)}</span><span class="bp-said">{escape(sentence)}</span></span>'
    )
