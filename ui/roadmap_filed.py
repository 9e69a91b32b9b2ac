"""Plans that were filed: against what came, month by month; what is overdue; which units filed nothing."""

from __future__ import annotations

from datetime import date

import pandas as pd

from indicators.movement import is_overdue
from indicators.plan_progress import MonthProgress, month_before, track_plan
from indicators.rules import last_day
from text.names import collation_key
from ui import loaders, parts
from ui.behind import draw_behind
from ui.edition import is_public, say_not_public
from ui.frame import Frame
from ui.loaders import roadmap as loader
from ui.loading_help import show_templates
from ui.reader_frame import is_of_others, say_own_only
from ui.roadmap import Roadmap
from ui.takeaway import bar

MOST_NAMES = 12


def draw_filed(page: Frame, road: Roadmap) -> None:
    words = page.words
    scope = page.view.unit
    if is_public():
        parts.title(words.say("roadmap.filed_title_none"), words.say("roadmap.filed_subtitle"))
        say_not_public(page, "plans")
        return
    say_own_only(page)
    if is_of_others(page):
        return
    months = loader.load_plan_months(page.snapshot_id, scope)
    items = loader.load_plan_items(page.snapshot_id, scope)
    if months.empty and items.empty:
        parts.title(words.say("roadmap.filed_title_none"), words.say("roadmap.filed_subtitle"))
        parts.prose(words.say("roadmap.filed_none"))
    else:
        draw_progress(page, months)
        draw_overdue(page, months, items)
        draw_unfiled(page, road, months, items)
    show_templates(page, "plan_months", "plan_register")


def draw_progress(page: Frame, months: pd.DataFrame) -> None:
    """Planned and gained people of the units with a plan by month, to the month shown."""
    words, formats = page.words, page.formats
    if months.empty:
        parts.title(words.say("roadmap.progress_title_none"), words.say("roadmap.filed_subtitle"))
        return
    codes, progress = follow_plan(page, months)
    until = [step for step in progress if step.month <= page.view.period] or progress[:1]
    now = until[-1]
    title = "progress_title" if now.gained_sum is not None and now.month <= page.view.period else "progress_title_open"
    parts.title(
        words.say(
            f"roadmap.{title}", gained=formats.change(now.gained_sum), planned=formats.count(now.planned_sum),
            month=formats.month(now.month),
        ),
        words.say("roadmap.progress_subtitle", units=formats.count(len(codes))),
    )  # fmt: skip
    head = [words.say(f"roadmap.column_{name}") for name in ("month", "planned", "gained", "planned_sum", "gained_sum")]
    table = [
        [formats.month(step.month), formats.count(step.planned), formats.change(step.gained),
         formats.count(step.planned_sum), formats.change(step.gained_sum)]
        for step in progress
    ]  # fmt: skip
    draw_behind(words.say("roadmap.progress_table"), head, table)
    bar.show(page, "progress")


def follow_plan(page: Frame, months: pd.DataFrame) -> tuple[tuple[str, ...], list[MonthProgress]]:
    """The units with a plan by month, and what was planned and gained in each of its months."""
    known = months[(months["target_people"] >= 0) & (months["state"] != "dropped")]
    planned = known.groupby(["unit_code", "month"])["target_people"].sum().to_dict()
    codes = tuple(sorted({code for code, _ in planned}))
    first, last = month_before(min(known["month"])), max(known["month"])
    rows = loader.load_insured(page.snapshot_id, codes, first, last)
    insured = {(row.unit_code, row.period): int(row.insured) for row in rows.itertuples()}
    return codes, track_plan({key: int(value) for key, value in planned.items()}, insured)


def list_tasks(months: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """Every task of the filed plans: unit_code, name, task, in_charge, due_on, state."""
    columns = ["unit_code", "name", "task", "in_charge", "due_on", "state"]
    frames = [frame[columns] for frame in (months, items) if len(frame)]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)


def draw_overdue(page: Frame, months: pd.DataFrame, items: pd.DataFrame) -> None:
    """Tasks that are overdue, by the rule of the movement's log, the oldest first."""
    words, formats = page.words, page.formats
    day = last_day(page.view.period)
    tasks = list_tasks(months, items)
    late = [row for row in tasks.itertuples() if is_overdue(as_day(row.due_on), row.state, day)]
    late.sort(key=lambda row: (as_day(row.due_on) or date.max, row.unit_code))
    parts.title(
        words.say("roadmap.overdue_title", count=formats.count(len(late)), of=formats.count(len(tasks))),
        words.say("roadmap.overdue_subtitle", date=formats.day(day)),
    )
    if late:
        head = [words.say(f"roadmap.column_{name}") for name in ("unit", "task", "in_charge", "due", "task_state")]
        rows = [
            [row.name, row.task, row.in_charge if isinstance(row.in_charge, str) else formats.missing,
             formats.day(due) if (due := as_day(row.due_on)) else formats.missing, words.say(f"roadmap.task_{row.state}")]
            for row in late
        ]  # fmt: skip
        draw_behind(words.say("roadmap.overdue_table"), head, rows, figures_from=len(head))
    if len(tasks):
        bar.show(page, "tasks")


def as_day(value: object) -> date | None:
    return None if value is None or pd.isna(value) else pd.Timestamp(value).date()


def draw_unfiled(page: Frame, road: Roadmap, months: pd.DataFrame, items: pd.DataFrame) -> None:
    """The units right below the place that filed no plan for the year, by name. A plan of a unit inside one counts for it."""
    words, formats = page.words, page.formats
    year = int(page.view.period[:4])
    units = loaders.load_units(page.snapshot_id, page.boundary_set)
    filed = set(items.loc[items["year"] == year, "unit_code"])
    filed |= set(months.loc[months["month"].str[:4] == str(year), "unit_code"]) if len(months) else set()
    below = units[(units["parent_code"] == page.view.unit)]
    inside = units.reindex([code for code in filed if code in units.index])
    covered = filed | set(inside["district_code"].dropna())
    missing = below[~below["unit_code"].isin(covered)]
    names = sorted(missing["name"], key=collation_key)
    parts.title(
        words.say("roadmap.unfiled_title", count=formats.count(len(names)), of=formats.count(len(below)), year=year),
        words.say("roadmap.unfiled_subtitle"),
    )
    if names:
        more = len(names) - MOST_NAMES
        tail = words.say("roadmap.unfiled_more", count=formats.count(more)) if more > 0 else ""
        parts.prose(", ".join(names[:MOST_NAMES]) + tail)
        if more > 0:
            draw_behind(
                words.say("roadmap.unfiled_table"), [words.say("roadmap.column_unit")], [[name] for name in names]
            )
