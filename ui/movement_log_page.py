"""Thi đua, the movement's log: plans filed and not filed, activities by unit and day, gaps by name, beside the figures."""

from __future__ import annotations

from datetime import date

import pandas as pd

from indicators.evaluation_rules import load_rules
from indicators.movement import days_silent, is_silent
from indicators.rates import shown_pct
from text.names import upper_first
from ui import home_page, parts
from ui.emulation import report_of
from ui.emulation_lists import say_unit
from ui.frame import Frame
from ui.loaders import emulation as loaders
from ui.loading_help import draw_template_help, show_templates
from ui.markup import button, draw_markup
from ui.movement_log import (
    KINDS,
    Log,
    choose_activities,
    has_records,
    keep,
    last_days,
    list_overdue,
    none_if_blank,
    order_parts,
    read_log,
)
from ui.parts import escape
from ui.table import Column, Pager, Row, draw_table, foot
from ui.takeaway import bar
from ui.view import NATION

PAGE_ENTRIES = 25
NAMED_GAPS = 6
FIGURE_COLUMNS = (2, 4, 5)
DUTY_KEYS = ("criterion", "content", "in_charge", "works_with")


def draw_log(page: Frame) -> None:
    words = page.words
    log = read_log(page)
    if log is None:
        parts.headline(words.say("emulation.log_none_title"))
        parts.empty(words.say("home.no_months", programme=words.say(f"programme.{page.view.programme}")))
        return
    if not has_records(page):
        parts.headline(words.say("emulation.log_none_title"))
        draw_template_help(page, "activity_log")
        draw_template_help(page, "plan_register")
    else:
        home_page.say_simulated(page, int(log.units["is_simulated"].sum()))
        draw_log_headline(page, log)
        draw_units(page, log)
        draw_plans(page, log)
        draw_activities(page, log)
    draw_responsibilities(page)
    parts.caption(
        [
            words.say("emulation.log_as_of", day=page.formats.day(log.as_of)),
            words.say("emulation.log_silent_rule", days=load_rules().silent_days),
            words.say("emulation.log_counted"),
        ]
    )


def draw_log_headline(page: Frame, log: Log) -> None:
    """How many are silent and how many have filed no plan, by name where they are few."""
    words, formats, days = page.words, page.formats, load_rules().silent_days
    last = last_days(log)
    silent = [code for code in log.units["unit_code"] if is_silent(last.get(code), log.as_of, days)]
    parts.headline(
        words.say(
            "emulation.log_headline",
            silent=formats.count(len(silent)),
            units=formats.count(len(log.units)),
            days=days,
            no_plan=formats.count(len(log.without_plan)),
            year=log.year,
        )
    )


def draw_units(page: Frame, log: Log) -> None:
    """A row per unit: its plan, its activities, its gap by name, and its figures."""
    words, formats = page.words, page.formats
    days, last = load_rules().silent_days, last_days(log)
    counts = keep(log.activities, [day.year == log.year for day in log.activities["happened_on"]])[
        "part"
    ].value_counts()
    tasks = log.plans.groupby("part")
    done = log.plans[log.plans["state"] == "done"]["part"].value_counts()
    late = list_overdue(log)
    late_counts = late["part"].value_counts()
    parts.title(
        words.say("emulation.log_units_title"), words.say("emulation.log_units_subtitle", day=formats.day(log.as_of))
    )

    rows = []
    frame = log.units.set_index("unit_code", drop=False)
    for code in order_parts(log):
        row = frame.loc[code]
        has_plan = code in tasks.groups
        plan = words.say("emulation.log_month_plan" if code in log.by_month else "emulation.log_no_plan")
        if has_plan:
            plan = words.say(
                "emulation.log_plan",
                tasks=formats.count(len(tasks.groups[code])),
                done=formats.count(int(done.get(code, 0))),
                late=formats.count(int(late_counts.get(code, 0))),
            )
        rate = shown_pct(int(row["insured"]), int(row["population"]))
        met = formats.missing
        if "counted" in row and row["counted"] > 0 and row["met"] >= 0:
            met = formats.part_of(int(row["met"]), int(row["counted"]))
        rows.append(
            Row(
                code,
                (
                    str(row["name"]),
                    plan,
                    formats.count(int(counts.get(code, 0))),
                    say_gap(page, last.get(code), log.as_of, days),
                    formats.missing if rate is None else formats.rate(rate),
                    met if "counted" in row else words.say("absence.not_applicable"),
                ),
            )
        )
    columns = [
        Column(label, is_figure=at in FIGURE_COLUMNS)
        for at, label in enumerate(words.section("emulation_log_units_head").values())
    ]
    title = words.say("emulation.log_units_title")
    draw_table("log_units", columns, rows, None, "", report_of(page, "log_units"), title)
    bar.show(page, "log")


def say_gap(page: Frame, last: date | None, as_of: date, most: int) -> str:
    """The last day of activity; a gap by name."""
    words, formats = page.words, page.formats
    if last is None:
        return words.say("emulation.gap_never")
    if is_silent(last, as_of, most):
        return words.say("emulation.gap", days=formats.count(days_silent(last, as_of)), day=formats.day(last))
    return formats.day(last)


def draw_plans(page: Frame, log: Log) -> None:
    """Tasks that are overdue, by name."""
    words, formats = page.words, page.formats
    overdue = list_overdue(log)
    if log.plans.empty:
        parts.title(words.say("emulation.plans_none_title", year=log.year), "")
        draw_template_help(page, "plan_register")
        return
    parts.title(
        words.say(
            "emulation.plans_title",
            overdue=formats.count(len(overdue)),
            tasks=formats.count(len(log.plans)),
            year=log.year,
        ),
        words.say("emulation.plans_subtitle", day=formats.day(log.as_of)),
    )
    rows = [
        [
            say_unit(row),
            row.task,
            row.in_charge if isinstance(row.in_charge, str) else words.say("emulation.unsaid"),
            formats.day(none_if_blank(row.due_on)),
            words.say(f"emulation.state_{row.state}"),
        ]
        for row in overdue.head(PAGE_ENTRIES).itertuples()
    ]
    if rows:
        parts.plain_table(list(words.section("emulation_plans_head").values()), rows, is_stacked=True)
    if len(overdue) > len(rows):
        parts.prose(words.say("quality.first_rows", shown=formats.count(len(rows)), rows=formats.count(len(overdue))))
    bar.show(page, "plans")
    show_templates(page, "plan_register")


def draw_activities(page: Frame, log: Log) -> None:
    """The log itself, the newest first, by kind, paged on the server."""
    words, formats = page.words, page.formats
    kind = page.choice("kind")
    counts = log.activities["kind"].value_counts()
    chosen = choose_activities(page, log)
    parts.title(
        words.say("emulation.activities_title", count=formats.count(len(log.activities))),
        words.say("emulation.activities_subtitle", place=upper_first(page.place()), day=formats.day(log.as_of)),
    )
    switches = ""
    for one in ("", *KINDS):
        label = words.say(f"emulation.kind_{one or 'all'}")
        found = int(counts.get(one, 0) if one else counts.sum())
        is_on = kind == one or (not one and kind not in KINDS)
        switches += button("kind", one, f"{label} ({formats.count(found)})", pressed=is_on)
    name = escape(words.say("emulation.activity_kinds"))
    kinds = f'<div class="bp-controls bp-wrap" role="group" aria-label="{name}">{switches}</div>'
    pages = max(1, -(-len(chosen) // PAGE_ENTRIES))
    number = min(page.view.page, pages)
    shown = chosen.iloc[(number - 1) * PAGE_ENTRIES : number * PAGE_ENTRIES]
    head = "".join(
        f'<th scope="col">{escape(cell)}</th>' for cell in words.section("emulation_activities_head").values()
    )
    body = ""
    for row in shown.itertuples():
        cells = [
            formats.day(row.happened_on),
            say_unit(row),
            words.say(f"emulation.kind_{row.kind}"),
            row.content,
            formats.count(int(row.participants)) if row.participants >= 0 else words.say("emulation.unsaid"),
            row.result if isinstance(row.result, str) else words.say("emulation.unsaid"),
        ]
        written = [f"<td>{escape(str(cell))}</td>" for cell in cells]
        written[1] = f'<th scope="row">{escape(str(cells[1]))}</th>'
        body += f"<tr>{''.join(written)}</tr>"
    title = escape(words.say("emulation.activities"))
    table = (
        f'<div class="bp-scroll" tabindex="0" role="region" aria-label="{title}">'
        f'<table class="bp-table" aria-label="{title}"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )
    sentence = words.say(
        "emulation.rows",
        from_row=formats.count((number - 1) * PAGE_ENTRIES + min(1, len(shown))),
        to_row=formats.count((number - 1) * PAGE_ENTRIES + len(shown)),
        rows=formats.count(len(chosen)),
    )
    pager = Pager(sentence, number, pages, words.say("home.table_previous"), words.say("home.table_next"))
    markup = kinds + (table + foot(pager) if len(shown) else f"<p>{escape(words.say('emulation.activities_none'))}</p>")
    draw_markup("activities", markup, report_of(page, "activities"))
    if len(shown):
        bar.show(page, "activities")
    show_templates(page, "activity_log")


def find_duties(page: Frame) -> pd.DataFrame:
    """The rows of the place and of the nation in the programme: DUTY_KEYS, unit_code and name."""
    rows = loaders.load_responsibilities(page.snapshot_id)
    rows = rows[rows["programme"] == page.view.programme]
    unit = page.view.unit
    if unit != NATION:
        rows = rows[(rows["province_code"] == unit) | (rows["unit_code"] == unit) | (rows["level"] == "nation")]
    return rows.assign(works_with=rows["works_with"].fillna(""))


def draw_responsibilities(page: Frame) -> None:
    """Who answers for which criterion of the programme, grouped where many places say the same."""
    words = page.words
    rows = find_duties(page)
    if rows.empty:
        parts.title(words.say("emulation.duties_none_title"), "")
        draw_template_help(page, "responsibilities")
        return
    parts.title(words.say("emulation.duties_title"), words.say("emulation.duties_subtitle"))
    grouped = rows.groupby(list(DUTY_KEYS), sort=True)["name"].agg(list)
    table = [
        [
            *key,
            ", ".join(names[:NAMED_GAPS])
            + (words.say("emulation.and_more", count=len(names) - NAMED_GAPS) if len(names) > NAMED_GAPS else ""),
        ]
        for key, names in grouped.items()
    ]
    parts.plain_table(list(words.section("emulation_duties_head").values()), table, is_stacked=True)
    bar.show(page, "duties")
    show_templates(page, "responsibilities")
