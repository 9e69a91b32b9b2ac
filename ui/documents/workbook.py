"""The workbook of a whole place: its communes, districts and provinces, payer groups, months, targets and ranks on a sheet each,
with what they are, by which rules and on which boundaries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from reports.table_files import DataSheet, write_workbook
from ui import loaders
from ui.documents.profile_tables import say_place, take_groups, take_months, take_ranks
from ui.documents.tables import Draft, TakenTable, describe
from ui.documents.unit_rows import take_unit_table
from ui.fact_words import say_fact
from ui.frame import Frame
from ui.loaders import pace, profile
from ui.loaders.targets import load_target_path
from ui.profile.facts import ProfileFacts, list_caption, load_facts
from ui.takeaway.offers import NothingToTake
from ui.view import NATION

LEVELS = ("province", "district", "commune")


def make_workbook(page: Frame, ending: str) -> bytes:
    """XLSX, the only form. NothingToTake for a commune, which its profile holds, and where the month has no figures."""
    page = page.showing(replace(page.view, classes="", selected="", page=1, sort="need"))
    facts = load_facts(page)
    if not facts.has_figures or facts.is_commune:
        raise NothingToTake
    words, tables = page.words, dict(list_tables(page, facts))
    sheets = [DataSheet(words.say(f"takeaway.sheet.{name}"), table.columns, table.frame, table.frozen)
              for name, table in tables.items()]  # fmt: skip
    notes = [words.say("takeaway.sheets", names=", ".join(sheet.name for sheet in sheets))]
    notes += dict.fromkeys(note for table in tables.values() for note in table.notes)
    whole = TakenTable(
        words.say("takeaway.workbook_title", place=facts.place, month=page.formats.month(facts.period)),
        say_place(page, facts),
        (),
        tables["commune"].frame,
        list_caption(page, facts),
        notes,
        any(table.is_simulated for table in tables.values()),
    )
    return write_workbook(sheets, describe(page, whole), words)


def list_tables(page: Frame, facts: ProfileFacts) -> Iterator[tuple[str, TakenTable]]:
    """The sheets in order, by the name of their word; those that the place has."""
    present = page.catalogue.unit_levels[page.boundary_set].values()
    for level in reversed(LEVELS):
        if level in present and level not in above(facts.level):
            yield level, take_level(page, facts, level)
    for name, take in (
        ("groups", take_groups),
        ("months", take_months),
        ("targets", take_targets),
        ("ranks", take_ranks),
    ):
        if (table := take(page)) is not None:
            yield name, table


def above(level: str) -> tuple[str, ...]:
    """The levels that a place of a level has no units of, but itself: a province no other provinces."""
    return {"province": ("province",), "district": ("province", "district")}.get(level, ())


def take_level(page: Frame, facts: ProfileFacts, level: str) -> TakenTable:
    """Every unit of a level inside the place; provinces and districts with their pace."""
    units = loaders.load_level(page.snapshot_id, facts.period, page.boundary_set, level)
    if facts.level == "region":
        provinces = profile.provinces_of_region(page.snapshot_id, page.boundary_set, facts.unit)
        units = units[units["province_code"].isin(provinces)]
    elif facts.unit != NATION:
        column = "province_code" if facts.level == "province" else "district_code"
        units = units[(units[column] == facts.unit) | (units["unit_code"] == facts.unit)]
    statuses = None
    if level != "commune":
        statuses = pace.load_pace(page.snapshot_id, facts.period, page.boundary_set, level)["status"]
    title = page.words.say("home.table_title", level=page.words.say(f"level.{level}_title").lower())
    return take_unit_table(page, units, level, facts.threshold, title, (), statuses=statuses)


def take_targets(page: Frame) -> TakenTable | None:
    """What decisions set for the place, year by year."""
    goals = load_target_path(page.snapshot_id, page.view.unit, page.boundary_set)
    if not goals:
        return None
    draft = Draft(page.words)
    draft.add("year", "count", [goal.deadline.year for goal in goals], width=8)
    draft.add("target", "rate", [float(goal.value) for goal in goals])
    draft.add("target_operator", "text", [goal.operator for goal in goals], width=8)
    draft.add("target_decision", "text", [say_fact(goal.legal_basis, page.words) for goal in goals], width=30)
    draft.add("source", "text", [goal.source for goal in goals], width=60)
    title = page.words.say("takeaway.sheet.targets")
    return draft.finish(title, title, (), frozen=1)
