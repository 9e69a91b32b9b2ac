"""The league table: every unit of the scope with its three ranks, what lies behind them, and who has none."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np
import pandas as pd

from charts.sparkline import draw_sparkline
from indicators.rates import shown_pct, shown_value
from indicators.rules import Goal
from text.names import collation_key
from ui import parts
from ui.fact_words import say_fact
from ui.frame import Frame
from ui.loaders.drawings import keep_drawing
from ui.markup import button, draw_markup
from ui.parts import escape
from ui.ranking import RankingFacts
from ui.ranking_words import RankingWords
from ui.table import Pager, foot

PAGE_ROWS = 100  # so that the provinces stand on one page


def draw_league(
    page: Frame,
    facts: RankingFacts,
    said: RankingWords,
    months: pd.DataFrame,
    targets: Mapping[str, Goal],
    published: Mapping[str, dict[str, object]],
    kept: set[str],
    key: str = "league",
) -> None:
    """`months`: coverage by month and unit (`load_rate_months`); `published`: what was published for this month."""
    words = page.words
    parts.title(say_title(facts, said), words.say("ranking.table_subtitle"))
    columns = list_columns(facts, targets, published, months)
    order = order_units(page, facts)
    pages = max(1, -(-len(order) // PAGE_ROWS))
    number = min(page.view.page, pages)
    shown = order[(number - 1) * PAGE_ROWS : number * PAGE_ROWS]
    # Which units are marked and how they are ordered is the reader's; what stands in a row is not.
    decided = (facts.level, facts.scope.code, facts.period, facts.since, page.boundary_set, page.view.lang, *columns)
    writer = LeagueRows(page, facts, said, months, targets, published)
    cells: dict[int, str] = keep_drawing(page.snapshot_id, f"{key} rows", decided, dict)
    for at in shown:
        if at not in cells:
            cells[at] = writer.cells(at, columns)
    body = "".join(f"<tr{' class=bp-selected' if writer.code(at) in kept else ''}>{cells[at]}</tr>" for at in shown)
    head = "".join(heading(page, facts, name) for name in columns)
    label = escape(words.say("ranking.table_label"))
    table = f'<table class="bp-table" aria-label="{label}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    markup = f'<div class="bp-scroll" tabindex="0" role="region" aria-label="{label}">{table}</div>'
    if pages > 1:
        first, last = ((number - 1) * PAGE_ROWS + 1, (number - 1) * PAGE_ROWS + len(shown))
        sentence = words.say(
            "home.table_rows",
            from_row=page.formats.count(first),
            to_row=page.formats.count(last),
            rows=page.formats.count(len(order)),
        )
        markup += foot(Pager(sentence, number, pages, words.say("home.table_previous"), words.say("home.table_next")))
    draw_markup(key, markup, page.report_of(key))


def say_title(facts: RankingFacts, said: RankingWords) -> str:
    units = said.words.say(f"level.{facts.level}_title").lower()
    return said.words.say("ranking.table_title", units=units, scope=said.scope)


def list_columns(facts: RankingFacts, targets: Mapping, published: Mapping, months: pd.DataFrame) -> list[str]:
    """Only columns that hold something."""
    codes = set(facts.units["unit_code"])
    columns = ["name", "level", *(name for name in ("share", "improvement") if name in facts.measures)]
    if facts.units["gap_pct"].notna().any():
        columns.append("gap")
    if len(months) > 1:
        columns.append("months")
    if codes & targets.keys():
        columns.append("target")
    if codes & published.keys():
        columns.append("published")
    return [*columns, *(["reported"] if facts.level != "commune" else []), "source"]


def order_units(page: Frame, facts: RankingFacts) -> list[int]:
    """By the ranking chosen (best first, unranked last) or by name."""
    by = page.choice("by")
    if by == "name":
        return sorted(range(len(facts.units)), key=lambda at: collation_key(facts.rows[at].label))
    return facts.measures.get(by, facts.measures["level"]).order()


def heading(page: Frame, facts: RankingFacts, name: str) -> str:
    by = page.choice("by") if page.choice("by") in facts.measures or page.choice("by") == "name" else "level"
    rule = facts.gap_rule
    goal = page.formats.rule(rule.value, rule.operator) if rule and name == "gap" else ""
    label = page.words.say(f"ranking.column_{facts.level if name == 'name' else name}", goal=goal)
    css = "" if name in ("name", "months", "source") else ' class="bp-num"'
    if name not in ("name", "level", "share", "improvement"):
        return f'<th scope="col"{css}>{escape(label)}</th>'
    order = f' aria-sort="{"ascending" if name == "name" else "descending"}"' if name == by else ""
    return f'<th scope="col"{css}{order}>{button("by", name, label)}</th>'


class LeagueRows:
    """Writes the rows of one table."""

    def __init__(
        self,
        page: Frame,
        facts: RankingFacts,
        said: RankingWords,
        months: pd.DataFrame,
        targets: Mapping,
        published: Mapping,
    ) -> None:
        self.page, self.facts, self.said, self.months = page, facts, said, months
        self.targets, self.published = targets, published

    @cached_property
    def values(self) -> dict[str, list[float]]:
        return dict(zip(self.months.columns, self.months.to_numpy().T.tolist(), strict=True))

    @cached_property
    def span(self) -> float:
        """One height of scale for all, each around its own middle: the same slope means the same change."""
        known = [[value for value in column if value == value] for column in self.values.values()]
        return max((max(column) - min(column) for column in known if column), default=1.0) or 1.0

    def code(self, at: int) -> str:
        return str(self.facts.rows[at].unit_code)

    def cells(self, at: int, columns: list[str]) -> str:
        return "".join(getattr(self, f"cell_{name}")(at, self.code(at)) for name in columns)

    def cell_name(self, at: int, code: str) -> str:
        return f'<th scope="row">{button("unit", code, self.said.name(at), key=f"league-{code}")}</th>'

    def ranked(self, measure: str, at: int, more: str = "") -> str:
        """The value, and under it the rank."""
        under = escape(" · ".join(part for part in (self.said.rank(measure, at), more) if part))
        return f'<td class="bp-num">{escape(self.said.value(measure, at))}<small>{under}</small></td>'

    def cell_level(self, at: int, code: str) -> str:
        return self.ranked("level", at)

    def cell_share(self, at: int, code: str) -> str:
        row = self.facts.rows[at]
        return self.ranked("share", at, self.page.formats.part_of(row.met, row.counted) if row.counted > 0 else "")

    def cell_improvement(self, at: int, code: str) -> str:
        return self.ranked("improvement", at, self.said.shared(at))

    def cell_gap(self, at: int, code: str) -> str:
        gap = self.facts.rows[at].gap_pct
        text = self.page.words.say("ranking.gap_none") if np.isnan(gap) else self.page.formats.rate(shown_value(gap))
        return f'<td class="bp-num">{escape(text)}</td>'

    def cell_months(self, at: int, code: str) -> str:
        formats = self.page.formats
        values = self.values.get(code, ())
        known = [(period, value) for period, value in zip(self.months.index, values, strict=False) if value == value]
        if not known:
            return f"<td>{escape(formats.missing)}</td>"
        label = self.page.words.say(
            "ranking.spark",
            name=self.said.name(at),
            first=formats.month_short(known[0][0]),
            last=formats.month_short(known[-1][0]),
            first_rate=formats.rate(shown_value(known[0][1], self.facts.threshold)),
            last_rate=formats.rate(shown_value(known[-1][1], self.facts.threshold)),
        )
        rates = [value for _, value in known]
        low = (min(rates) + max(rates) - self.span) / 2
        spark = draw_sparkline(self.months[code], label, low=low, high=low + self.span)
        return f"<td>{spark}</td>"

    def cell_target(self, at: int, code: str) -> str:
        goal = self.targets.get(code)
        text = (
            self.page.formats.rule(goal.value, goal.operator)
            if goal
            else self.page.words.say("ranking.no_target_short")
        )
        under = self.said.target(at) if goal and self.facts.rows[at].population > 0 else ""
        return f'<td class="bp-num">{escape(text)}<small>{escape(under)}</small></td>'

    def cell_published(self, at: int, code: str) -> str:
        """Published beside computed; the two may stand on different populations."""
        found, formats = self.published.get(code), self.page.formats
        if found is None:
            return '<td class="bp-num"></td>'
        rate, people = found["coverage_pct"], int(found["insured"])
        row = self.facts.rows[at]
        text = formats.people(people) if rate != rate else formats.rate(float(rate), 2)
        ours = "" if rate != rate else formats.rate(shown_pct(int(row.insured), int(row.population), decimals=2))
        under = self.page.words.say("ranking.published_beside", rate=ours) if ours else ""
        wording = say_fact(found["wording"], self.page.words)
        return f'<td class="bp-num" title="{escape(wording)}">{escape(text)}<small>{escape(under)}</small></td>'

    def cell_reported(self, at: int, code: str) -> str:
        row = self.facts.rows[at]
        return f'<td class="bp-num">{escape(self.page.formats.part_of(row.units_reported, row.units))}</td>'

    def cell_source(self, at: int, code: str) -> str:
        reason = self.said.reason(at) if int(self.facts.rows[at].reason) and self.facts.rows[at].population > 0 else ""
        return f"<td>{escape(self.said.source(at))}<small>{escape(reason)}</small></td>"
