"""Monthly steps to the goal, and the plan as a workbook to take away and load back."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import streamlit as st

from indicators.rates import shown_pct
from indicators.rules import last_day
from reports.plan_workbook import PlanRow, write_plan_workbook
from ui import loaders, parts
from ui.behind import draw_behind
from ui.frame import Frame
from ui.roadmap import Roadmap
from ui.roadmap_page import say_goal

FIRST_MONTHS = 6


def draw_steps(page: Frame, road: Roadmap) -> None:
    """Month by month: people, people so far, and the rate of the place that follows; then the download."""
    words, formats = page.words, page.formats
    if road.lift.total == 0:
        return
    by_month = road.steps.sum(axis=0)
    parts.title(
        words.say("roadmap.steps_title", people=formats.count(by_month.max()), month=formats.month(road.months[-1])),
        words.say(
            "roadmap.steps_subtitle", people=formats.count(road.lift.total), months=formats.count(len(road.months))
        ),
    )
    head = [words.say(f"roadmap.column_{name}") for name in ("month", "in_month", "so_far", "rate_then", "met_then")]
    rows = step_rows(page, road, by_month)
    parts.plain_table(head, rows if len(rows) <= FIRST_MONTHS else [*rows[: FIRST_MONTHS - 1], rows[-1]])
    if len(rows) > FIRST_MONTHS:
        draw_behind(words.say("roadmap.steps_all"), head, rows)
    draw_download(page, road)


def step_rows(page: Frame, road: Roadmap, by_month: np.ndarray) -> list[list[str]]:
    words, formats = page.words, page.formats
    insured, population = road.sums
    needed = road.communes["need"].to_numpy()
    done = np.cumsum(road.steps, axis=1)
    rows, so_far = [], 0
    rule = road.rule if road.rule.measure == "coverage" else None
    for at, month in enumerate(road.months):
        so_far += int(by_month[at])
        newly = int(((needed > 0) & (done[:, at] >= needed) & road.communes["counted"].to_numpy()).sum())
        rows.append([
            formats.month(month),
            formats.count(by_month[at]),
            formats.count(so_far),
            formats.rate(shown_pct(insured + so_far, population, rule)),
            words.say("roadmap.newly", count=formats.count(newly)) if road.threshold else formats.missing,
        ])  # fmt: skip
    return rows


def draw_download(page: Frame, road: Roadmap) -> None:
    words = page.words
    unit = page.view.unit
    parts.prose(words.say("roadmap.save_note"))
    with st.container(key="save"):
        st.download_button(
            words.say("roadmap.save"),
            data=lambda: make_workbook(page, road),
            file_name=f"BHYT_ke_hoach_{unit}_{page.view.period}_{date.today().isoformat()}.xlsx",
            mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            key="save_plan",
            on_click="ignore",
        )


def make_workbook(page: Frame, road: Roadmap) -> bytes:
    """The plan as the layout reads it; months in which a unit has nobody to enrol have no row."""
    words, formats = page.words, page.formats
    labels = loaders.load_units(page.snapshot_id, page.boundary_set)["name"]
    rows = list_plan_rows(road, labels, words.say("roadmap.task"))
    place, goal = page.label(page.view.unit), say_goal(page, road)
    title = words.say("roadmap.book_title", place=place, goal=goal)
    basis = words.say("roadmap.book_basis", place=place, month=formats.month(page.view.period))
    simulated = [words.say("roadmap.book_simulated")] if road.communes["is_simulated"].any() else []
    notes = [title, basis, *simulated, *words.section("roadmap.book_notes").values()]
    return write_plan_workbook(rows, title, basis, notes, words)


def list_plan_rows(road: Roadmap, names: pd.Series, task: str) -> list[PlanRow]:
    """A row per unit and month with people to enrol, units in the order of the plan."""
    rows = []
    for position in road.lift.chosen:
        code = str(road.communes["unit_code"].iloc[position])
        for at, month in enumerate(road.months):
            if people := int(road.steps[position, at]):
                rows.append(PlanRow(code, str(names.at[code]), month, people, task, last_day(month)))
    return rows
