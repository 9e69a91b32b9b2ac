"""The tables of the emulation page as files: the ranking of a round, awards, the library of initiatives, the movement's log."""

from __future__ import annotations

import numpy as np
import pandas as pd

from indicators.changes import change_points
from indicators.evaluation_reasons import shown_score
from indicators.evaluation_rules import load_rules
from indicators.movement import days_silent, is_overdue, months_around, start_month
from indicators.rates import floor_pct, floor_percent
from reports.table_files import UNKNOWN
from ui.documents.home_tables import say_simulated
from ui.documents.tables import Draft, TakenTable
from ui.documents.unit_rows import add_counts, add_names
from ui.emulation import read_view
from ui.emulation_lists import list_words, load_lists, say_unit
from ui.emulation_page import list_caption, say_ranking, units_simulated
from ui.emulation_words import IN_POINTS
from ui.frame import Frame
from ui.initiatives import list_entries
from ui.loaders import emulation as loaders
from ui.movement_log import Log, choose_activities, has_records, keep, last_days, none_if_blank, order_parts, read_log
from ui.recognition_lists import load_shown_awards


def take_ranking(page: Frame) -> TakenTable | None:
    """The whole list: ranked units by place, then those apart with why; figures at both ends, the value of every indicator."""
    shown = read_view(page)
    if shown is None:
        return None
    found, _ = load_lists(page, shown)
    words, said = page.words, list_words(page, shown, found)
    result, figures = found.result, found.figures
    places = np.where(result.place > 0, result.place, len(result.place) + 1)
    order = [int(at) for at in np.argsort(places, kind="stable") if result.reason[at] != "not_counted"]
    if not order:
        return None
    draft = Draft(words)
    draft.add("rank", "count", result.place[order])
    tied = [draft.say_yes(bool(result.tied[at])) if result.place[at] > 0 else None for at in order]
    draft.add("tied", "text", tied, width=12)
    add_names(draft, page, found.units["unit_code"].to_numpy()[order], shown.tier, shown.boundary_set)
    scores = [shown_score(result.score, at) for at in order]
    draft.add("score", "number", [None if score is None else float(score) for score in scores])
    draft.add("population", "count", figures.population[order])
    draft.add("insured", "count", figures.insured[order])
    draft.add("coverage", "rate", floor_pct(figures.insured, figures.population)[order])
    start = page.formats.month_short(shown.round.from_period)
    for name in ("population", "insured"):
        label = words.say("takeaway.at_month", what=words.say(f"takeaway.column.{name}"), month=start)
        draft.add(f"{name}_start", "count", getattr(figures, f"{name}_start")[order], label=label)
    own = ("months_met", "months_judged") if shown.tier == "commune" else ("met", "counted")
    for name in (*own, "months_reported", "months_expected"):
        draft.add(name, "count", getattr(figures, name)[order], label=words.say(f"takeaway.round.{name}"))
    for entry in found.rules.of_level(shown.tier):
        if entry.indicator == "level" or entry.indicator not in found.values:
            continue  # coverage stands above
        values = [said.percent(entry.indicator, at) for at in order]
        kind = "points" if entry.indicator in IN_POINTS else "rate"
        values = values if kind == "points" else floor_percent(values)
        # How many months met stands above as a count; here is their share.
        key = "months_met_share" if entry.indicator == "months_met" else entry.indicator
        draft.add(key, kind, values, label=words.say(f"emulation.ind_{entry.indicator}"), width=18)
    reasons = [said.say_apart(at) if result.reason[at] else said.say_reason(at, shown.tier) for at in order]
    draft.add("reason", "text", reasons, width=60)
    simulated = found.units["is_simulated"].to_numpy()[order]
    draft.add("origin", "text", say_simulated(page, simulated), width=16)
    state = "open" if shown.closing is None else "closed"
    notes = [words.say(f"takeaway.round_{state}"), words.say("emulation.noise"), words.say("takeaway.rates_floored")]
    notes += filter(None, (said.meaning_shared(),))
    if found.rules.is_example:
        notes.append(words.say("evaluation_report.example"))
    title, subtitle = say_ranking(page, shown, found)
    caption = list_caption(page, shown, found)
    return draft.finish(title, subtitle, caption, notes, units_simulated(found) > 0, 4)


def take_awards(page: Frame) -> TakenTable | None:
    """Awards inside the place of the View, the newest first."""
    rows, words = load_shown_awards(page, page.view.unit), page.words
    if rows.empty:
        return None
    draft = Draft(words)
    draft.add("year", "count", rows["year"].astype("int64"), width=8)
    draft.add("round", "text", [words.say(f"emulation.award_round_{name}") for name in rows["round"]], width=16)
    levels = [words.say(f"emulation.award_level_{name}") for name in rows["level_of_award"]]
    draft.add("award_level", "text", levels, width=14)
    draft.add("recipient", "text", rows["recipient"], width=34)
    add_places(draft, page, rows)
    draft.add("award_form", "text", rows["form"], width=40)
    draft.add("proposed", "text", [draft.say_yes(bool(flag)) for flag in rows["proposed_to_dg"]], width=14)
    draft.add("decision", "text", known(rows["decision"]), width=26)
    draft.add("decided_on", "date", [none_if_blank(day) for day in rows["decided_on"]])
    add_source(draft, rows)
    title = words.say("takeaway.awards_title", place=page.place())
    return draft.finish(title, title, list_record_caption(page), frozen=1)


def take_library(page: Frame) -> TakenTable | None:
    """Initiatives and exemplars that the search finds, with what followed in the figures."""
    rows, words = list_entries(page), page.words
    if rows.empty:
        return None
    months = loaders.load_unit_months(page.snapshot_id, tuple(sorted(set(rows["unit_code"]))))
    by_unit = dict(iter(months.groupby("unit_code")))
    followed = [find_followed(row, by_unit.get(row.unit_code, months.head(0))) for row in rows.itertuples()]
    draft = Draft(words)
    draft.add("year", "count", rows["year"].astype("int64"), width=8)
    draft.add("kind", "text", [words.say(f"emulation.kind_{kind}") for kind in rows["kind"]], width=16)
    draft.add("title", "text", rows["title"], width=50)
    draft.add("holder", "text", rows["holder"], width=30)
    add_places(draft, page, rows)
    draft.add("started_on", "date", [none_if_blank(day) for day in rows["started_on"]])
    for name in ("problem", "description", "copied_to", "recognised_by"):
        label = words.say("takeaway.column.recognised_by_body") if name == "recognised_by" else ""
        draft.add(name, "text", known(rows[name]), label=label, width=50 if name in ("problem", "description") else 30)
    for at, (key, kind) in enumerate(
        (("month_before", "month"), ("coverage_before", "rate"), ("month_after", "month"), ("coverage_after", "rate"),
         ("points", "points"))
    ):  # fmt: skip
        draft.add(key, kind, [row[at] for row in followed], label=words.say(f"takeaway.followed.{key}"))
    add_source(draft, rows)
    title = words.say("takeaway.library_title", place=page.place())
    notes = [words.say("emulation.library_method", months=load_rules().after_months)]
    simulated = bool(months["is_simulated"].any())
    if simulated:
        notes.append(words.say("emulation.library_simulated"))
    return draft.finish(title, title, list_record_caption(page), notes, simulated, 1)


def find_followed(row: object, months: pd.DataFrame) -> tuple[object, ...]:
    """Month and coverage before, month and coverage after, points between; Nones where that cannot be told."""
    reported = months[(months["insured"] >= 0) & (months["population"] > 0)].set_index("period")
    began = none_if_blank(row.started_on)
    before, after = months_around(list(reported.index), start_month(began, int(row.year)), load_rules().after_months)
    if before is None or after is None:
        return (None,) * 5
    first, last = reported.loc[before], reported.loc[after]
    rates = [float(floor_pct(one["insured"], one["population"])) for one in (first, last)]
    change = change_points([last["insured"]], [last["population"]], [first["insured"]], [first["population"]])
    return before, rates[0], after, rates[1], float(change[0])


def take_log(page: Frame) -> TakenTable | None:
    """The parts of the place with their plans, activities and silence, beside their figures."""
    log, words = read_log(page), page.words
    if log is None or log.units.empty or not has_records(page):
        return None
    codes = order_parts(log)
    units = log.units.set_index("unit_code", drop=False).loc[codes].reset_index(drop=True)
    level = page.catalogue.unit_levels[page.boundary_set][codes[0]]
    last = last_days(log)
    draft = Draft(words)
    add_names(draft, page, codes, level)
    add_counts(draft, units)
    late = [is_overdue(none_if_blank(row.due_on), row.state, log.as_of) for row in log.plans.itertuples()]
    overdue = keep(log.plans, late)
    this_year = keep(log.activities, [day.year == log.year for day in log.activities["happened_on"]])
    for key, records in (
        ("tasks", log.plans), ("tasks_done", log.plans[log.plans["state"] == "done"]), ("tasks_overdue", overdue),
        ("activities", this_year),
    ):  # fmt: skip
        counts = records["part"].value_counts()
        draft.add(key, "count", [int(counts.get(code, 0)) for code in codes])
    draft.add("last_activity", "date", [last.get(code) for code in codes])
    silent = [days_silent(last.get(code), log.as_of) for code in codes]
    draft.add("days_silent", "count", [UNKNOWN if days is None else days for days in silent])
    draft.add("origin", "text", say_simulated(page, units["is_simulated"]), width=16)
    title = words.say("emulation.log_units_title")
    notes = [words.say("emulation.log_silent_rule", days=load_rules().silent_days), words.say("emulation.log_counted")]
    return finish_log(page, log, draft, title, notes, bool(units["is_simulated"].any()))


def take_plans(page: Frame) -> TakenTable | None:
    """Every task of the year's plans."""
    log, words = read_log(page), page.words
    if log is None or log.plans.empty:
        return None
    rows, draft = log.plans, Draft(words)
    add_places(draft, page, rows)
    draft.add("task", "text", rows["task"], width=50)
    draft.add("in_charge", "text", known(rows["in_charge"]), width=26)
    draft.add("due_on", "date", [none_if_blank(day) for day in rows["due_on"]])
    draft.add("task_state", "text", [words.say(f"emulation.state_{state}") for state in rows["state"]], width=14)
    late = [is_overdue(none_if_blank(row.due_on), row.state, log.as_of) for row in rows.itertuples()]
    draft.add("is_overdue", "text", [draft.say_yes(flag) for flag in late], width=12)
    draft.add("note", "text", known(rows["note"]), width=30)
    add_source(draft, rows)
    return finish_log(page, log, draft, words.say("takeaway.plans_title", year=log.year), [])


def take_activities(page: Frame) -> TakenTable | None:
    """The log itself, of the kind chosen, the newest first."""
    log, words = read_log(page), page.words
    rows = None if log is None else choose_activities(page, log)
    if rows is None or rows.empty:
        return None
    draft = Draft(words)
    draft.add("happened_on", "date", [none_if_blank(day) for day in rows["happened_on"]])
    add_places(draft, page, rows)
    draft.add("kind", "text", [words.say(f"emulation.kind_{kind}") for kind in rows["kind"]], width=24)
    draft.add("content", "text", rows["content"], width=60)
    draft.add("participants", "count", rows["participants"])
    draft.add("in_charge", "text", known(rows["in_charge"]), width=26)
    draft.add("result", "text", known(rows["result"]), width=40)
    add_source(draft, rows)
    return finish_log(page, log, draft, words.say("emulation.activities"), [])


def finish_log(
    page: Frame, log: Log, draft: Draft, title: str, notes: list[str], is_simulated: bool = False
) -> TakenTable:
    day = page.formats.day(log.as_of)
    subtitle = page.words.say("emulation.activities_subtitle", place=page.place(), day=day)
    caption = [page.words.say("emulation.log_as_of", day=day), *list_record_caption(page)]
    return draft.finish(title, subtitle, caption, notes, is_simulated)


def list_record_caption(page: Frame) -> list[str]:
    return [page.words.say("takeaway.records_source"), page.words.say("caption.filter_place", place=page.place())]


def add_places(draft: Draft, page: Frame, rows: pd.DataFrame) -> None:
    """Code and name of the unit of a record, as it was when the record was written."""
    draft.add("unit_code", "text", rows["unit_code"], width=12)
    labels = [say_unit(row) for row in rows.itertuples()]
    draft.add("name", "text", labels, label=page.words.say("takeaway.column.unit"), width=34)


def add_source(draft: Draft, rows: pd.DataFrame) -> None:
    """In which file and row the record stands."""
    draft.add("file", "text", rows["file_name"], width=34)
    draft.add("source_row", "count", rows["source_row"].fillna(UNKNOWN).astype("int64"), width=8)


def known(texts: pd.Series) -> list[str | None]:
    return [text if isinstance(text, str) else None for text in texts]
