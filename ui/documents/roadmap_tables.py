"""The tables of the roadmap as files: the gap, the steps, the plan, what-if, filed plans; what each province misses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from indicators.movement import is_overdue
from indicators.rates import floor_pct
from indicators.rules import last_day
from reports.table_files import UNKNOWN
from ui import captions, home_page, loaders
from ui.documents.home_tables import say_simulated
from ui.documents.tables import Draft, TakenTable
from ui.documents.unit_rows import add_commune_counts, add_counted, add_counts, add_names
from ui.frame import Frame
from ui.loaders import pace
from ui.loaders import roadmap as loader
from ui.roadmap import Roadmap, choose_group, read_roadmap, read_whatif
from ui.roadmap_filed import as_day, follow_plan, list_tasks
from ui.roadmap_nation import list_provinces
from ui.roadmap_page import find_state, largest_groups, list_caption, order_communes, say_goal, say_later_threshold
from ui.roadmap_plan import list_steps, make_workbook, say_title
from ui.roadmap_whatif import order_result
from ui.takeaway.offers import NothingToTake
from ui.view import NATION


def read_road(page: Frame) -> Roadmap | None:
    """None for the nation, which has no road of its own, and where there are no figures."""
    if page.view.unit == NATION or not home_page.has_months(page):
        return None
    road = read_roadmap(page)
    return road if road.has_figures else None


def finish(
    page: Frame, road: Roadmap, draft: Draft, title: str, subtitle: str, notes: Sequence[str] = (), frozen: int = 2
) -> TakenTable:
    said = [*filter(None, (page.words.say("roadmap.arithmetic"), say_later_threshold(page, road))), *notes]
    simulated = bool(road.communes["is_simulated"].any())
    return draft.finish(title, subtitle, list_caption(page, road), said, simulated, frozen)


def say_aim(page: Frame, road: Roadmap) -> str:
    """Place, goal, last month of the plan."""
    month = page.formats.month(road.months[-1])
    return page.words.say("takeaway.aim", place=page.label(page.view.unit), goal=say_goal(page, road), month=month)


def take_nation(page: Frame) -> TakenTable | None:
    """Every province with what its communes and its own goal miss, and its pace."""
    if page.view.unit != NATION or not home_page.has_months(page):
        return None
    frame, words = list_provinces(page).reset_index(), page.words
    threshold = loaders.threshold_at(page.snapshot_id, page.view.period)
    goals = pace.load_goals(page.snapshot_id, page.view.period, page.boundary_set, "province")
    draft = Draft(words)
    add_names(draft, page, frame["unit_code"], "province")
    add_counts(draft, frame)
    add_commune_counts(draft, frame, threshold)
    draft.add("people_to_communes", "count", frame["still_to_enrol"], width=18)
    draft.add("people_to_goal", "count", frame["need"], width=18)
    own = [goals.get(code) for code in frame["unit_code"]]
    draft.add("goal", "rate", [None if goal is None else float(goal.value) for goal in own])
    draft.add("goal_operator", "text", [None if goal is None else goal.operator for goal in own], width=8)
    for name in ("pace_now", "pace_needed"):
        draft.add(name, "number", np.round(frame[name].to_numpy(dtype=float), 1), width=16)
    draft.add("pace", "text", [words.say(f"pace.status_{name}") for name in frame["status"]], width=18)
    draft.add("origin", "text", say_simulated(page, frame["is_simulated"]), width=16)
    month = words.say("takeaway.as_of_month", month=page.formats.month(page.view.period))
    notes = [words.say("pace.rule"), words.say("takeaway.rates_floored")]
    title = words.say("roadmap.nation_title")
    return draft.finish(title, month, list_nation_caption(page), notes, frame["is_simulated"].any())


def list_nation_caption(page: Frame) -> list[str]:
    now = loaders.load_summary(page.snapshot_id, page.view.period, page.boundary_set, NATION, "nation")
    threshold = loaders.threshold_at(page.snapshot_id, page.view.period)
    return captions.list_pieces(page, now, threshold) if now is not None else []


def take_gap(page: Frame) -> TakenTable | None:
    """Every commune of the place: what it misses and what the plan asks of it, those of the plan first."""
    road = read_road(page)
    if road is None:
        return None
    words, rows = page.words, order_communes(page, road)
    largest = largest_groups(page)
    order = {position: place for place, position in enumerate(road.lift.chosen, 1)}
    draft = Draft(words)
    add_names(draft, page, rows["unit_code"], "commune")
    add_counts(draft, rows)
    if road.threshold is not None:
        draft.add("still_to_enrol", "count", rows["need"])
    draft.add("plan_order", "count", [order.get(at, UNKNOWN) for at in rows.index])
    draft.add("plan_people", "count", rows["plan"])
    groups = [largest.get(code) for code in rows["unit_code"]]
    draft.add(
        "largest_group", "text", [words.say(f"payer_group.{name}") if name else None for name in groups], width=40
    )
    states = [words.say(f"roadmap.state_{find_state(road, row)}") for row in rows.itertuples()]
    draft.add("status", "text", states, label=words.say("home.table_status"), width=20)
    add_counted(draft, rows["counted"], words)
    draft.add("origin", "text", say_simulated(page, rows["is_simulated"]), width=16)
    unmet = rows[(rows["need"] > 0) & rows["counted"]]
    title = words.say("roadmap.table_title", communes=page.formats.count(len(unmet)))
    notes = [words.say("roadmap.table_subtitle"), words.say("takeaway.rates_floored")]
    return finish(page, road, draft, title, say_aim(page, road), notes)


def take_steps(page: Frame) -> TakenTable | None:
    """Month by month to the goal."""
    road = read_road(page)
    if road is None or road.lift.total == 0:
        return None
    words, steps, draft = page.words, list_steps(road), Draft(page.words)
    insured = np.array([step.insured for step in steps])
    draft.add("month", "month", [step.month for step in steps])
    draft.add("plan_people", "count", [step.people for step in steps])
    draft.add("plan_so_far", "count", [step.so_far for step in steps])
    draft.add("insured_then", "count", insured)
    draft.add("population", "count", np.full(len(steps), road.sums[1]))
    draft.add("coverage_then", "rate", floor_pct(insured, road.sums[1]))
    if road.threshold is not None:
        draft.add("newly_met", "count", [step.newly for step in steps])
    title, subtitle = say_title(page, road)
    return finish(page, road, draft, title, subtitle, [say_aim(page, road), words.say("takeaway.rates_floored")], 1)


def make_plan(page: Frame, ending: str) -> bytes:
    """The plan by unit and month, in the layout that loads back."""
    road = read_road(page)
    if road is None or road.lift.total == 0:
        raise NothingToTake
    return make_workbook(page, road, list_caption(page, road))


def take_whatif(page: Frame) -> TakenTable | None:
    """The communes in which people of the chosen group are enrolled, before and after."""
    road = read_road(page)
    if road is None:
        return None
    group = choose_group(page, loader.load_group_gaps(page.snapshot_id, page.view.period, page.view.unit))
    result = read_whatif(page, road, group)[0] if group else None
    if result is None or not result.enrolled.any():
        return None
    words, communes = page.words, road.communes
    newly = result.newly_met & communes["counted"].to_numpy()
    order = order_result(result.enrolled, newly)
    rows = communes.iloc[order]
    draft = Draft(words)
    add_names(draft, page, rows["unit_code"], "commune")
    add_counts(draft, rows)
    draft.add("enrolled", "count", result.enrolled[order])
    draft.add("insured_then", "count", result.insured[order])
    draft.add("coverage_then", "rate", floor_pct(result.insured[order], rows["population"]))
    draft.add("is_newly_met", "text", [draft.say_yes(flag) for flag in newly[order]], width=14)
    name = words.say(f"payer_group.{group}")
    subtitle = words.say("takeaway.whatif", place=page.label(page.view.unit), group=name)
    title = words.say("roadmap.whatif_table", count=page.formats.count(len(rows)))
    return finish(page, road, draft, title, subtitle, [words.say("takeaway.rates_floored")])


def take_progress(page: Frame) -> TakenTable | None:
    """Filed plans against what came, month by month."""
    road = read_road(page)
    months = loader.load_plan_months(page.snapshot_id, page.view.unit)
    if road is None or months.empty:
        return None
    codes, progress = follow_plan(page, months)
    draft = Draft(page.words)
    draft.add("month", "month", [step.month for step in progress])
    draft.add("planned", "count", [step.planned for step in progress])
    draft.add("gained", "change", [step.gained for step in progress])
    draft.add("planned_so_far", "count", [step.planned_sum for step in progress])
    draft.add("gained_so_far", "change", [step.gained_sum for step in progress])
    subtitle = page.words.say("roadmap.progress_subtitle", units=page.formats.count(len(codes)))
    return finish(page, road, draft, page.words.say("roadmap.progress_table"), subtitle, frozen=1)


def take_tasks(page: Frame) -> TakenTable | None:
    """Every task of the filed plans with its date, state and whether it is overdue at the end of the month shown."""
    road, unit = read_road(page), page.view.unit
    tasks = list_tasks(
        loader.load_plan_months(page.snapshot_id, unit), loader.load_plan_items(page.snapshot_id, unit)
    )  # fmt: skip
    if road is None or tasks.empty:
        return None
    words, day = page.words, last_day(page.view.period)
    due = [as_day(value) for value in tasks["due_on"]]
    late = [is_overdue(on, state, day) for on, state in zip(due, tasks["state"], strict=True)]
    order = sorted(range(len(tasks)), key=lambda at: (not late[at], due[at] or date.max, tasks["unit_code"].iloc[at]))
    tasks = tasks.iloc[order]
    draft = Draft(words)
    draft.add("unit_code", "text", tasks["unit_code"], width=12)
    draft.add("name", "text", tasks["name"], label=words.say("takeaway.column.unit"), width=30)
    draft.add("task", "text", tasks["task"], width=50)
    draft.add("in_charge", "text", tasks["in_charge"].where(pd.notna(tasks["in_charge"]), None), width=26)
    draft.add("due_on", "date", [due[at] for at in order])
    draft.add("task_state", "text", [words.say(f"roadmap.task_{state}") for state in tasks["state"]], width=14)
    draft.add("is_overdue", "text", [draft.say_yes(late[at]) for at in order], width=12)
    counts = {"count": page.formats.count(sum(late)), "of": page.formats.count(len(tasks))}
    subtitle = words.say("roadmap.overdue_subtitle", date=page.formats.day(day))
    return finish(page, road, draft, words.say("roadmap.overdue_title", **counts), subtitle)
