"""Lists of the screen as pictures: the ranking with bars, targets and months, and the small lines of every province."""

from __future__ import annotations

from typing import Any

from charts import palette
from charts.bullets import bullet_top
from charts.ranked_list import ListHead, RankedRow, draw_ranked_list
from charts.small_multiples import SmallCell, SmallLine, draw_grid, share_scale
from indicators.met import PercentRule
from indicators.ranking import UNRANKED, as_percent
from indicators.rates import shown_pct
from reports.figure import MARGIN, WIDTH
from text.names import lower_first
from ui import loaders, ranking_page, ranking_targets, trends_page, trends_small
from ui import trends as trend_facts
from ui.documents.figures import Drawn, TakenFigure
from ui.frame import Frame
from ui.ranking_page import Ranking

MOST_ROWS = 120  # a picture of more is no picture
BARS = ("level", "share")  # measures that are shares of a whole: a bar from nothing says how large they are


def ranking_list(page: Frame) -> TakenFigure | None:
    """The units in the order of their rank: bars of the measure that the table is sorted by, each with its own target."""
    read = ranking_page.read_ranking(page)
    if read is None or not read.facts.has_figures:
        return None
    facts, words = read.facts, page.words
    measure = page.choice("by") if page.choice("by") in BARS and page.choice("by") in facts.measures else "level"
    ranked = facts.measures[measure].order()
    order = ranked[:MOST_ROWS]
    rows = write_rows(page, read, measure, order)
    top = bullet_top(row.value for row in rows)
    head = ListHead(
        words.say("ranking.column_rank"),
        words.say(f"ranking.column_{facts.level}"),
        words.say(f"ranking.column_{measure}"),
        words.say("ranking.column_months"),
    )
    title, notes = read.said.leader(measure), [words.say("ranking.meaning")]
    if facts.measures[measure].ranks.tied.any():
        notes.append(words.say("ranking.ties"))
    if any(row.target is not None for row in rows):
        notes.insert(0, say_targets(page, read))
    if len(ranked) > len(order):
        count = page.formats.count
        notes.insert(0, words.say("takeaway.list_first", shown=count(len(order)), units=count(len(ranked))))
    subtitle = words.say(
        f"takeaway.list_{measure}", scope=lower_first(read.said.scope), month=page.formats.month(facts.period)
    )

    def at_width(width: int) -> str:
        return draw_ranked_list(rows, head, width, page.formats, title, top=top)

    def draw() -> Drawn:
        return Drawn(at_width(WIDTH - 2 * MARGIN), title)

    caption = ranking_page.list_caption(page, read)
    return TakenFigure(title, subtitle, caption, facts.simulated > 0, draw, notes, at_width=at_width)


def write_rows(page: Frame, read: Ranking, measure: str, order: list[int]) -> list[RankedRow]:
    """A row per unit. Coverage is held against the unit's own target, or the line of all; the share of communes against none."""
    facts, said = read.facts, read.said
    values = as_percent(facts.measures[measure].values)
    months = ranking_page.load_months(page, facts)
    rows = []
    for at in order:
        code = str(facts.rows[at].unit_code)
        goal = read.targets.get(code, facts.gap_rule) if measure == "level" else None
        has_rank = facts.measures[measure].ranks.place[at] != UNRANKED
        rows.append(
            RankedRow(
                said.rank(measure, at) if has_rank else "–",
                said.name(at),
                float(values[at]),
                said.value(measure, at) if goal is None else say_rate(page, facts.rows[at], goal),
                None if goal is None else float(goal.value),
                None if goal is None else ranking_targets.is_met(facts, at, goal),
                months[code].tolist() if code in months else [],
                code in read.kept,
            )
        )
    return rows


def say_rate(page: Frame, row: Any, goal: PercentRule) -> str:
    """Coverage, never rounded across the line that its bar is held against."""
    return page.formats.rate(shown_pct(int(row.insured), int(row.population), goal))


def say_targets(page: Frame, read: Ranking) -> str:
    """What the ticks and colours of the bars are."""
    words, rule = page.words, read.facts.gap_rule
    own = words.say("takeaway.list_targets", year=read.facts.period[:4]) if read.targets else ""
    line = words.say("takeaway.list_line", goal=page.formats.rule(rule.value, rule.operator)) if rule else ""
    return " ".join(said for said in (own, line, words.say("takeaway.list_colours")) if said)


def trends_small_lines(page: Frame) -> TakenFigure | None:
    """Every province on one scale, in the order that is chosen."""
    story = trends_page.read_story(page)
    if not story.has_figures:
        return None
    words, months = page.words, trend_facts.each_quarter(trend_facts.span_months(page))
    units = trends_small.sort_units(trends_small.read_units(page, months), page.choice("order"))
    threshold = loaders.threshold_at(page.snapshot_id, page.view.period)
    lines = [SmallLine(row.rates, row.estimated) for row in units.itertuples()]
    scale = share_scale(lines, float(threshold.value) if threshold else None)
    cells = [
        SmallCell(
            row.name,
            row.written,
            line,
            words.say(f"pace.status_{row.status}"),
            palette.STATUS.get(row.status, palette.QUIET_LINE),
        )
        for row, line in zip(units.itertuples(), lines, strict=True)
    ]
    title, _ = trends_small.say_title(page, units, months)
    short = page.formats.month_short
    subtitle = words.say("takeaway.small_subtitle", first=short(months[0]), last=short(months[-1]))

    def at_width(width: int) -> str:
        return draw_grid(cells, scale, width, title)

    def draw() -> Drawn:
        return Drawn(at_width(WIDTH - 2 * MARGIN), title)

    caption = trends_page.list_caption(page, story) or [words.say("home.caption_published")]
    simulated = bool(len(story.series)) and bool(story.series["is_simulated"].any())
    notes = [trends_small.say_scale(page, scale, threshold)]
    return TakenFigure(title, subtitle, caption, simulated, draw, notes, at_width=at_width)
