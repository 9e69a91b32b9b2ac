"""Thi đua, the movement's log: plans filed and not filed, activities by unit and day, gaps by name, beside the figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from indicators.evaluation_rules import load_rules
from indicators.movement import days_silent, is_overdue, is_silent
from indicators.rates import shown_pct
from indicators.rules import last_day
from ui import home_page, parts
from ui import loaders as shared
from ui.emulation import report_of
from ui.emulation_lists import say_unit
from ui.frame import Frame
from ui.loaders import emulation as loaders
from ui.loading_help import draw_template_help
from ui.markup import button, draw_markup
from ui.parts import escape
from ui.table import Column, Pager, Row, draw_table, foot
from ui.takeaway import bar
from ui.view import NATION

KINDS = ("dissemination", "coordination", "communication", "link", "other")
PAGE_ENTRIES = 25
NAMED_GAPS = 6
FIGURE_COLUMNS = (2, 4, 5)


@dataclass(frozen=True)
class Log:
    """The log up to a day, inside a place, by its parts: provinces of the nation, districts of a province, communes of a
    district. `units` are the parts (unit_code, name, figures); records carry `part`, the one they belong to.
    """

    as_of: date
    year: int
    units: pd.DataFrame
    activities: pd.DataFrame
    plans: pd.DataFrame


def read_log(page: Frame) -> Log | None:
    """None where the programme has no monthly figures to set beside it."""
    if not page.catalogue.programmes[page.view.programme]:
        return None
    as_of = last_day(page.view.period)
    level = {"nation": "province", "province": "district"}.get(page.unit_level, "commune")
    if level == "district" and "district" not in page.catalogue.unit_levels[page.boundary_set].values():
        level = "commune"
    units = shared.load_level(page.snapshot_id, page.view.period, page.boundary_set, level)
    known = shared.load_units(page.snapshot_id, page.boundary_set)
    unit = page.view.unit
    if unit != NATION:
        inside = known.loc[units["unit_code"], "province_code" if page.unit_level == "province" else "district_code"]
        units = units[(inside == unit).to_numpy() & (units["unit_code"] != unit).to_numpy()]
    activities, plans = loaders.load_activities(page.snapshot_id), loaders.load_plan_items(page.snapshot_id)
    activities = add_part(page, keep(activities, [day <= as_of for day in activities["happened_on"]]), level)
    plans = add_part(page, plans[plans["year"] == as_of.year], level)
    return Log(as_of, as_of.year, units, activities, plans)


def add_part(page: Frame, records: pd.DataFrame, level: str) -> pd.DataFrame:
    """Records of the place shown with the part each belongs to; "" for one of the place itself. A province that was
    merged counts for the one that it became.
    """
    column = {"province": "province_code", "district": "district_code"}.get(level)
    province = (
        records["province_code"]
        .fillna("")
        .map(lambda code: page.catalogue.successors.get((page.boundary_set, code), code))
    )
    records = records.assign(province_code=province)
    unit = page.view.unit
    own = records["unit_code"] == unit
    if unit != NATION:
        holder = "province_code" if page.unit_level == "province" else "district_code"
        records = records[(records[holder] == unit) | own]
    part = records[column].fillna("") if column else records["unit_code"]
    return records.assign(part=part)


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


def has_records(page: Frame) -> bool:
    """Whether any plan or activity was received."""
    return len(loaders.load_activities(page.snapshot_id)) > 0 or len(loaders.load_plan_items(page.snapshot_id)) > 0


def keep(frame: pd.DataFrame, flags: list[bool]) -> pd.DataFrame:
    """The flagged rows; of an empty frame its columns stay."""
    return frame[np.array(flags, dtype=bool)]


def list_overdue(log: Log) -> pd.DataFrame:
    rows = log.plans.itertuples()
    return keep(log.plans, [is_overdue(none_if_blank(row.due_on), row.state, log.as_of) for row in rows])


def last_days(log: Log) -> dict[str, date]:
    return log.activities.groupby("part")["happened_on"].max().to_dict() if len(log.activities) else {}


def draw_log_headline(page: Frame, log: Log) -> None:
    """How many are silent and how many have filed no plan, by name where they are few."""
    words, formats, days = page.words, page.formats, load_rules().silent_days
    last = last_days(log)
    silent = [code for code in log.units["unit_code"] if is_silent(last.get(code), log.as_of, days)]
    no_plan = set(log.units["unit_code"]) - set(log.plans["part"])
    parts.headline(
        words.say(
            "emulation.log_headline",
            silent=formats.count(len(silent)),
            units=formats.count(len(log.units)),
            days=days,
            no_plan=formats.count(len(no_plan)),
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
        plan = words.say("emulation.log_no_plan")
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


def order_parts(log: Log) -> list[str]:
    """The parts of the place: those silent for longest first."""
    last = last_days(log)

    def order(code: str) -> tuple[int, str]:
        silent = days_silent(last.get(code), log.as_of)
        return (-(10**6) if silent is None else -silent, code)

    return sorted(log.units["unit_code"], key=order)


def say_gap(page: Frame, last: date | None, as_of: date, most: int) -> str:
    """The last day of activity; a gap by name."""
    words, formats = page.words, page.formats
    if last is None:
        return words.say("emulation.gap_never")
    if is_silent(last, as_of, most):
        return words.say("emulation.gap", days=formats.count(days_silent(last, as_of)), day=formats.day(last))
    return formats.day(last)


def none_if_blank(value: object) -> date | None:
    return None if pd.isna(value) else value


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
        parts.plain_table(list(words.section("emulation_plans_head").values()), rows)
    if len(overdue) > len(rows):
        parts.prose(words.say("quality.first_rows", shown=formats.count(len(rows)), rows=formats.count(len(overdue))))
    bar.show(page, "plans")


def draw_activities(page: Frame, log: Log) -> None:
    """The log itself, the newest first, by kind, paged on the server."""
    words, formats = page.words, page.formats
    kind = page.choice("kind")
    counts = log.activities["kind"].value_counts()
    chosen = choose_activities(page, log)
    parts.title(
        words.say("emulation.activities_title", count=formats.count(len(log.activities))),
        words.say("emulation.activities_subtitle", place=page.place(), day=formats.day(log.as_of)),
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
        body += "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in cells) + "</tr>"
    title = escape(words.say("emulation.activities"))
    table = (
        f'<div class="bp-scroll" tabindex="0"><table class="bp-table" aria-label="{title}"><thead><tr>{head}</tr></thead>'
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


def choose_activities(page: Frame, log: Log) -> pd.DataFrame:
    """The activities of the kind chosen, the newest first."""
    kind = page.choice("kind")
    return log.activities[log.activities["kind"] == kind] if kind in KINDS else log.activities


def draw_responsibilities(page: Frame) -> None:
    """Who answers for which criterion of the programme, grouped where many places say the same."""
    words = page.words
    rows = loaders.load_responsibilities(page.snapshot_id)
    rows = rows[rows["programme"] == page.view.programme]
    unit = page.view.unit
    if unit != NATION:
        rows = rows[(rows["province_code"] == unit) | (rows["unit_code"] == unit) | (rows["level"] == "nation")]
    if rows.empty:
        parts.title(words.say("emulation.duties_none_title"), "")
        draw_template_help(page, "responsibilities")
        return
    parts.title(words.say("emulation.duties_title"), words.say("emulation.duties_subtitle"))
    keys = ["criterion", "content", "in_charge", "works_with"]
    grouped = rows.assign(works_with=rows["works_with"].fillna("")).groupby(keys, sort=True)["name"].agg(list)
    table = [
        [
            *key,
            ", ".join(names[:NAMED_GAPS])
            + (words.say("emulation.and_more", count=len(names) - NAMED_GAPS) if len(names) > NAMED_GAPS else ""),
        ]
        for key, names in grouped.items()
    ]
    parts.plain_table(list(words.section("emulation_duties_head").values()), table)
