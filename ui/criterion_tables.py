"""The tables of the criterion page: sums per province or district, and the communes that change, by people."""

from __future__ import annotations

import numpy as np
import pandas as pd

from indicators.ranking import rates, sort_keys
from indicators.rates import shown_pct
from text.names import collation_key
from ui import loaders, parts
from ui.criterion import CriterionFacts
from ui.criterion_choices import find_classes
from ui.criterion_words import CODES, CriterionWords
from ui.frame import Frame
from ui.markup import button, draw_markup
from ui.parts import escape
from ui.table import PAGE_ROWS, Column, Pager, Row, draw_table
from ui.takeaway import bar

ORDERS = {"name": "name", "gained": "changed", "lost": "changed", "after": "share"}
COLUMNS = ("name", "counted", "before", "after", "gained", "lost", "unknown")


def draw_groups(page: Frame, facts: CriterionFacts, said: CriterionWords, level: str) -> None:
    """A row per province (of the nation) or district (of a province): communes that meet before and after."""
    if len(facts.group_codes) < 2:
        return
    words = page.words
    parts.title(
        words.say(f"criterion.groups_title_{level}"),
        words.say("criterion.groups_subtitle", before=said.before, after=said.after),
    )
    names = loaders.load_units(page.snapshot_id, page.boundary_set)["short_name" if level == "province" else "name"]
    rows = "".join(
        group_row(page, facts, said, at, str(names[facts.group_codes[at]])) for at in order_groups(page, facts, names)
    )
    head = "".join(heading(page, name, level) for name in COLUMNS)
    label = escape(words.say(f"criterion.groups_title_{level}"))
    table = f'<table class="bp-table" aria-label="{label}"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
    draw_markup(
        "groups",
        f'<div class="bp-scroll bp-tall" tabindex="0" role="region" aria-label="{label}">{table}</div>',
        page.report_of("groups"),
    )
    bar.show(page, "groups")


def order_groups(page: Frame, facts: CriterionFacts, names) -> list[int]:
    """By communes that change (most first), by share that meets afterwards (lowest first), or by name."""
    places = range(len(facts.group_codes))
    sums = facts.by_group
    order = page.choice("order")
    if order == "name":
        return sorted(places, key=lambda at: collation_key(str(names[facts.group_codes[at]])))
    if order == "share":
        keys = sort_keys(rates(sums.met_after, sums.counted))
        return sorted(places, key=lambda at: keys[at])
    return sorted(places, key=lambda at: (-int(sums.changed[at]), -int(sums.people_changed[at])))


def heading(page: Frame, name: str, level: str) -> str:
    label = page.words.say(f"criterion.column_{level if name == 'name' else name}")
    css = "" if name == "name" else ' class="bp-num"'
    order = ORDERS.get(name)
    if order is None:
        return f'<th scope="col"{css}>{escape(label)}</th>'
    sorted_by = ' aria-sort="other"' if order == page.choice("order") else ""
    return f'<th scope="col"{css}{sorted_by}>{button("order", order, label, key=f"order-{name}")}</th>'


def group_row(page: Frame, facts: CriterionFacts, said: CriterionWords, at: int, name: str) -> str:
    sums, formats, code = facts.by_group, page.formats, facts.group_codes[at]
    counted = int(sums.counted[at])

    def met(part: np.ndarray) -> str:
        count = int(part[at])
        share, under = escape(said.share(count, counted)), escape(formats.part_of(count, counted))
        return f'<td class="bp-num">{share}<small>{under}</small></td>'

    cells = [
        f"<th scope=row>{button('place', code, name, key=f'group-{code}')}</th>",
        f'<td class="bp-num">{formats.count(counted)}</td>',
        met(sums.met_before),
        met(sums.met_after),
        f'<td class="bp-num">{formats.count(sums.gained[at])}</td>',
        f'<td class="bp-num">{formats.count(sums.lost[at])}</td>',
        f'<td class="bp-num">{formats.count(sums.unknown[at])}</td>',
    ]
    return f"<tr>{''.join(cells)}</tr>"


def draw_changes(page: Frame, facts: CriterionFacts, said: CriterionWords) -> None:
    """Every commune that changes (or those of the classes picked in the legend), those with most residents first."""
    words, formats, view = page.words, page.formats, page.view
    classes, ordered = find_classes(page), list_changes(page, facts)
    parts.title(
        words.say("criterion.list_title", count=formats.count(len(ordered))),
        words.say("criterion.list_subtitle_filtered" if classes else "criterion.list_subtitle"),
    )
    if ordered.empty:
        parts.prose(words.say("criterion.list_empty"))
        return
    pages = max(1, -(-len(ordered) // PAGE_ROWS))
    number = min(view.page, pages)
    shown = ordered.iloc[(number - 1) * PAGE_ROWS : number * PAGE_ROWS]
    columns = [
        Column(words.say("home.table_unit_commune")),
        Column(words.say("criterion.column_residents"), is_figure=True),
        Column(words.say("home.table_coverage"), is_figure=True),
        Column(words.say("criterion.column_need", after=said.after), is_figure=True),
        Column(words.say("criterion.column_change")),
    ]
    rows = [change_row(page, facts, said, row) for row in shown.itertuples()]
    sentence = words.say(
        "home.table_rows",
        from_row=formats.count((number - 1) * PAGE_ROWS + 1),
        to_row=formats.count((number - 1) * PAGE_ROWS + len(shown)),
        rows=formats.count(len(ordered)),
    )
    pager = Pager(sentence, number, pages, words.say("home.table_previous"), words.say("home.table_next"))
    draw_table("changes", columns, rows, pager, "", page.report_of("changes"), label=words.say("criterion.list_label"))
    bar.show(page, "changes")


def list_changes(page: Frame, facts: CriterionFacts) -> pd.DataFrame:
    """The communes that change, or those of the classes picked in the legend; most residents first."""
    classes = find_classes(page)
    chosen = facts.units[facts.units["change"].isin(classes)] if classes else facts.changed
    return chosen.sort_values(["population", "unit_code"], ascending=[False, True], kind="stable")


def change_row(page: Frame, facts: CriterionFacts, said: CriterionWords, row) -> Row:
    formats, change = page.formats, int(row.change)
    # Between the two lines: the rate must look as it does to both.
    rate = shown_pct(int(row.insured), int(row.population), facts.after)
    state, colour = said.state(change) if change in CODES else (page.words.say("absence.no_data"), "")
    cells = (
        str(row.label),
        formats.count(row.population),
        formats.missing if rate is None else formats.rate(rate),
        formats.count(row.need),
        state,
    )
    return Row(row.unit_code, cells, is_selected=row.unit_code == page.view.selected, swatch=colour)
