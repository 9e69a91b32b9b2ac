"""Monthly steps to the goal, and the plan as a workbook to take away and load back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from indicators.rates import shown_pct
from indicators.rules import last_day
from reports.plan_workbook import PlanRow, write_plan_workbook
from text.formats import Formats
from ui import loaders, parts
from ui.behind import draw_behind
from ui.frame import Frame
from ui.roadmap import Roadmap
from ui.roadmap_page import say_goal
from ui.takeaway import bar

FIRST_MONTHS = 6


def draw_steps(page: Frame, road: Roadmap) -> None:
    """Month by month: people, people so far, and the rate of the place that follows; then the files."""
    words = page.words
    if road.lift.total == 0:
        return
    parts.title(*say_title(page, road))
    head = [words.say(f"roadmap.column_{name}") for name in ("month", "in_month", "so_far", "rate_then", "met_then")]
    rows = step_rows(page, road)
    shown = rows if len(rows) <= FIRST_MONTHS else [*rows[: FIRST_MONTHS - 1], rows[-1]]
    parts.plain_table(head, shown, figures=range(1, len(head)))
    if len(rows) > FIRST_MONTHS:
        draw_behind(words.say("roadmap.steps_all"), head, rows)
    parts.prose_folded(words.say("roadmap.save_note"), words)
    bar.show(page, "plan", "steps")


def say_title(page: Frame, road: Roadmap) -> tuple[str, str]:
    """The most people of any month, and by when; of how many in how many months."""
    words, formats = page.words, page.formats
    most = formats.count(road.steps.sum(axis=0).max())
    title = words.say("roadmap.steps_title", people=most, month=formats.month(road.months[-1]))
    people, months = formats.count(road.lift.total), formats.count(len(road.months))
    return title, words.say("roadmap.steps_subtitle", people=people, months=months)


@dataclass(frozen=True)
class Step:
    """One month of the plan: people of the month, people so far, the insured of the place then, communes that newly meet so
    far."""

    month: str
    people: int
    so_far: int
    insured: int
    newly: int


def list_steps(road: Roadmap) -> list[Step]:
    needed = road.communes["need"].to_numpy()
    done, by_month = np.cumsum(road.steps, axis=1), road.steps.sum(axis=0)
    counted = road.communes["counted"].to_numpy()
    insured, so_far, steps = road.sums[0], 0, []
    for at, month in enumerate(road.months):
        so_far += int(by_month[at])
        newly = int(((needed > 0) & (done[:, at] >= needed) & counted).sum())
        steps.append(Step(month, int(by_month[at]), so_far, insured + so_far, newly))
    return steps


def step_rows(page: Frame, road: Roadmap) -> list[list[str]]:
    words, formats = page.words, page.formats
    rule = road.rule if road.rule.measure == "coverage" else None
    return [
        [
            formats.month(step.month),
            formats.count(step.people),
            formats.count(step.so_far),
            formats.rate(shown_pct(step.insured, road.sums[1], rule)),
            words.say("roadmap.newly", count=formats.count(step.newly)) if road.threshold else formats.missing,
        ]
        for step in list_steps(road)
    ]


def make_workbook(page: Frame, road: Roadmap, caption: Sequence[str] = ()) -> bytes:
    """The plan as the layout reads it; months in which a unit has nobody to enrol have no row. `caption` says what the
    plan was made from."""
    words, formats = page.words, page.formats
    labels = loaders.load_units(page.snapshot_id, page.boundary_set)["name"]
    rows = list_plan_rows(road, labels, words.say("roadmap.task"))
    place, goal = page.label(page.view.unit), say_goal(page, road)
    title = words.say("roadmap.book_title", place=place, goal=goal)
    basis = words.say("roadmap.book_basis", place=place, month=formats.month(page.view.period))
    # A load takes the list of units from the month that stands here, and reads it as offices write it.
    read_as = Formats("vi").month(page.view.period)
    basis = basis if read_as in basis else f"{basis} ({read_as})"
    mark = words.say("roadmap.book_simulated") if road.communes["is_simulated"].any() else ""
    notes = [title, basis, *([mark] if mark else []), *words.section("roadmap.book_notes").values()]
    return write_plan_workbook(rows, title, basis, [*notes, *caption], words, mark)


def list_plan_rows(road: Roadmap, names: pd.Series, task: str) -> list[PlanRow]:
    """A row per unit and month with people to enrol, units in the order of the plan."""
    rows = []
    for position in road.lift.chosen:
        code = str(road.communes["unit_code"].iloc[position])
        for at, month in enumerate(road.months):
            if people := int(road.steps[position, at]):
                rows.append(PlanRow(code, str(names.at[code]), month, people, task, last_day(month)))
    return rows
