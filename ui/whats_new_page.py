"""Có gì mới, drawn: one sentence, a count per line, and behind each count the list of its communes."""

from __future__ import annotations

import pandas as pd

from data.settings import get_settings
from indicators.rates import shown_pct, shown_points
from indicators.rules import Threshold
from text.names import collation_key
from ui import loaders, parts
from ui.choices import group_by_year
from ui.frame import Frame
from ui.home_facts import PLACE
from ui.loaders.changes import find_changes
from ui.markup import button, draw_markup, dropdown
from ui.parts import escape
from ui.table import Column, Pager, Row, foot, heading, table_row
from ui.takeaway import bar
from ui.view import NATION, months_before
from ui.whats_new import CHOICES, CLOSE, DROPPED, FELL, KINDS, NEW, ROSE, Changes, ChangeWords, previous_month

LIST_ROWS = 15
OF_NEED = (FELL, CLOSE)  # lists about people who are missing; the others are about people gained or lost


def decided_by(page: Frame) -> tuple[str, ...]:
    """The choices that decide the block: a marked unit only where a list is open, in which it is marked too."""
    return (*PLACE, *(choice.name for choice in CHOICES), *(("selected",) if page.choice("changed") else ()))


def draw_whats_new(page: Frame) -> None:
    """The block of the home page. Where nothing can be compared, a sentence says why, and another month can be chosen."""
    words, formats = page.words, page.formats
    since = page.choice("since") or previous_month(page.catalogue, page.view)
    if since is None or not page.catalogue.programmes[page.view.programme]:
        return
    limit = get_settings().sudden_drop_points
    month = formats.month(since)
    subtitle = words.say("whats_new.subtitle", place=page.place(), since=month)
    found = find_changes(page, since, limit)
    if found is None:
        parts.title(words.say("whats_new.not_comparable", since=month), "")
        draw_markup(
            "whats_new", f'<div class="bp-since">{since_choice(page, since)}</div>', page.report_of("whats_new")
        )
        return
    said = ChangeWords(found, place_names(page), breakdown(page), limit, words, formats)
    parts.title(said.finding(), subtitle)
    notes = "".join(f'<p class="bp-subtitle">{escape(note)}</p>' for note in said.notes())
    chosen = page.choice("changed")
    items = "".join(say_item(page, said, kind) for kind in KINDS if kind in found.masks)
    markup = (
        f'<div class="bp-since">{since_choice(page, since)}</div>{notes}'
        f'<ul class="bp-news">{items}{say_reports(page)}</ul>'
    )
    if found.count(chosen):
        markup += list_units(page, found, chosen)
    draw_markup("whats_new", markup, page.report_of("whats_new"))
    bar.show(page, "changes")


def since_choice(page: Frame, since: str) -> str:
    """The months with figures before the one on the screen, newest first."""
    words, formats = page.words, page.formats
    months = tuple(months_before(page.view, page.catalogue))
    previous = previous_month(page.catalogue, page.view)
    first = ("", words.say("whats_new.since_previous", month=formats.month_short(previous)))
    groups = [("", [first]), *group_by_year(months, formats)]
    label = words.say("whats_new.since")
    current = "" if since == previous else since
    return f'<span class="bp-label">{escape(label)}</span>{dropdown("since", label, groups, current)}'


def place_names(page: Frame) -> pd.Series:
    return loaders.load_units(page.snapshot_id, page.boundary_set)["short_name"]


def breakdown(page: Frame) -> str:
    """Counts of the nation are broken down by province, those of a province by district."""
    return "province_code" if page.view.unit == NATION else "district_code"


def say_item(page: Frame, said: ChangeWords, kind: str) -> str:
    """One line: the count as a switch that opens its list, and what happened."""
    line, count = said.line(kind), said.found.count(kind)
    is_open = page.choice("changed") == kind
    shown = f"<strong>{escape(said.sign(kind))}</strong>"
    if count:
        name = page.words.say("whats_new.open_list", count=said.sign(kind), said=line)
        shown = button(
            "changed", "" if is_open else kind, said.sign(kind), name=name, key=f"changed-{kind}", pressed=is_open
        )
    colour = {ROSE: " bp-good", FELL: " bp-bad", DROPPED: " bp-bad"}.get(kind, "") if count else ""
    return f'<li><span class="bp-news-count{colour}">{shown}</span><span>{escape(line)}</span></li>'


def say_reports(page: Frame) -> str:
    """How many provinces have figures for the month; for the nation only."""
    if page.view.unit != NATION:
        return ""
    reports = loaders.load_reports(page.snapshot_id, page.view.period)
    came, expected = int(reports["has_reported"].sum()), len(reports)
    key = "whats_new.reports" if came == expected else "whats_new.reports_missing"
    line = page.words.say(key, missing=page.formats.count(expected - came))
    shown = page.formats.part_of(came, expected)
    return f'<li><span class="bp-news-count"><strong>{escape(shown)}</strong></span><span>{escape(line)}</span></li>'


def list_units(page: Frame, found: Changes, kind: str) -> str:
    """The communes behind a count, those with most people first, a page at a time; a click marks one on the map."""
    words, formats = page.words, page.formats
    units = sort_list(found.of(kind), kind)
    pages = max(1, -(-len(units) // LIST_ROWS))
    number = min(int(page.choice("changed_page")), pages)
    shown = units.iloc[(number - 1) * LIST_ROWS : number * LIST_ROWS]
    labels = loaders.place_labels(page.snapshot_id, page.boundary_set, "commune", page.view.unit == NATION)
    columns = list_columns(page, found, kind)
    rows = [list_row(page, row, labels[row.unit_code], found.threshold, kind) for row in shown.itertuples()]
    title = words.say(f"whats_new.list_title_{kind}")
    body = "".join(table_row(row, columns) for row in rows)
    head = "".join(heading(column, "") for column in columns)
    table = f'<table class="bp-table" aria-label="{escape(title)}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    counted = words.say("whats_new.list_rows", shown=formats.count(len(shown)), rows=formats.count(len(units)))
    pager = Pager(counted, number, pages, words.say("home.table_previous"), words.say("home.table_next"))
    close = button("changed", "", words.say("whats_new.list_close"))
    return (
        f'<div class="bp-list"><h3>{escape(title)}</h3>'
        f'<div class="bp-scroll" tabindex="0" role="region" aria-label="{escape(title)}">{table}</div>'
        f'{foot(pager, act="changed_page")}<p class="bp-buttons">{close}</p></div>'
    )


def sort_list(units: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Most people gained, lost, missing or living there first; equal ones by name."""
    column, ascending = {
        ROSE: ("gained", False),
        FELL: ("need", False),
        DROPPED: ("gained", True),
        NEW: ("population", False),
        CLOSE: ("need", True),
    }[kind]
    by_name = units.iloc[sorted(range(len(units)), key=lambda at: collation_key(units["name"].iloc[at]))]
    return by_name.sort_values(column, ascending=ascending, kind="stable")


def list_columns(page: Frame, found: Changes, kind: str) -> list[Column]:
    """Both rates, the points between them, and the people that the kind is about."""
    words, short = page.words, page.formats.month_short
    return [
        Column(words.say("whats_new.list_unit")),
        Column(words.say("whats_new.list_before", since=short(found.since)), is_figure=True),
        Column(words.say("whats_new.list_now", period=short(found.period)), is_figure=True),
        Column(words.say("whats_new.list_points"), is_figure=True),
        Column(words.say(f"whats_new.list_{'need' if kind in OF_NEED else 'gained'}"), is_figure=True),
    ]


def list_row(page: Frame, row, label: str, threshold: Threshold | None, kind: str) -> Row:
    formats = page.formats
    rates = (
        shown_pct(row.insured_before, row.population_before, threshold),
        shown_pct(row.insured, row.population, threshold),
    )
    known = None not in rates
    cells = [label, *(formats.missing if rate is None else formats.rate(rate) for rate in rates)]
    cells.append(formats.points(shown_points(row.points) if known else None))
    if kind in OF_NEED:
        cells.append(formats.count(row.need))
    else:
        cells.append(formats.change(row.gained) if known else formats.missing)
    return Row(row.unit_code, tuple(cells), is_selected=row.unit_code == page.view.selected)
