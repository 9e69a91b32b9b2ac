"""The lists of the data-quality page as files: reports, refused cells, rates above 100 %, falls, missing figures, files."""

from __future__ import annotations

import pandas as pd

from indicators.rates import floor_pct
from indicators.rules import last_day
from text.words import Words
from ui import loaders
from ui.documents.home_tables import say_simulated
from ui.documents.tables import Draft, TakenTable
from ui.documents.unit_rows import add_counts, add_names
from ui.frame import Frame
from ui.quality import QualityWords, read_quality


def own_set(page: Frame) -> str:
    """Reports are of the units of the month, whatever boundaries other pages show."""
    return page.catalogue.boundary_of[page.view.period]


def finish(page: Frame, said: QualityWords, draft: Draft, title: str, notes: list[str], frozen: int = 2) -> TakenTable:
    words, formats = page.words, page.formats
    place = words.say("home.nation")
    if len(said.facts.reports) == 1:
        place = str(said.facts.reports["name"].iloc[0])
    communes = sum(level == "commune" for level in page.catalogue.unit_levels[own_set(page)].values())
    caption = [
        words.say("caption.as_of", date=formats.day(last_day(page.view.period))),
        words.say(
            "caption.boundaries",
            boundaries=words.say(f"boundary_set.{own_set(page)}.long", units=formats.count(communes)),
        ),
        words.say("caption.filter_place", place=place),
    ]
    subtitle = words.say("takeaway.place_and_month", place=place, month=formats.month(page.view.period))
    return draft.finish(title, subtitle, caption, notes, said.units_simulated() > 0, frozen)


def take_reports(page: Frame) -> TakenTable | None:
    """Who has reported, provinces that sent nothing first."""
    said = read_quality(page)
    if said is None:
        return None
    rows, draft = said.sort_reports(), Draft(page.words)
    add_names(draft, page, rows["province_code"], "province", own_set(page))
    draft.add("units_expected", "count", rows["units_expected"])
    draft.add("units_reported", "count", rows["units_reported"])
    draft.add("units_simulated", "count", rows["units_simulated"])
    draft.add("units_lacking", "count", rows["lacking"])
    draft.add("report_state", "text", [said.say_report(row) for row in rows.itertuples()], width=36)
    title = page.words.say("quality.reports_title")
    return finish(page, said, draft, title, [page.words.say("quality.reports_subtitle")])


def take_over(page: Frame) -> TakenTable | None:
    """Units with more insured than residents."""
    said = read_quality(page)
    if said is None or said.facts.over.empty:
        return None
    rows, draft = said.sort_over(), Draft(page.words)
    add_names(draft, page, rows["unit_code"], "commune", own_set(page))
    add_counts(draft, rows)
    draft.add("people_above", "count", rows["insured"] - rows["population"])
    add_cells(draft, page, said, rows)
    return finish(page, said, draft, page.words.say("quality.over_title"), [page.words.say("quality.over_subtitle")])


def take_drops(page: Frame) -> TakenTable | None:
    """Units that fell suddenly since the month before."""
    said = read_quality(page)
    if said is None or said.facts.drops is None or said.facts.drops.empty:
        return None
    rows, words, draft = said.sort_drops(), page.words, Draft(page.words)
    add_names(draft, page, rows["unit_code"], "commune", own_set(page))
    for name in ("population", "insured"):
        draft.add(f"{name}_before", "count", rows[f"{name}_before"])
    draft.add("coverage_before", "rate", floor_pct(rows["insured_before"], rows["population_before"]))
    add_counts(draft, rows)
    draft.add("points", "points", rows["fall"])
    add_cells(draft, page, said, rows)
    note = words.say("quality.drops_subtitle", points=said.points(), since=said.say_drops_since())
    return finish(page, said, draft, words.say("quality.drops_title"), [note])


def take_missing(page: Frame) -> TakenTable | None:
    """Units without figures, and why."""
    said = read_quality(page)
    if said is None or said.facts.missing.empty:
        return None
    rows, words, draft = said.facts.missing, page.words, Draft(page.words)
    add_names(draft, page, rows["unit_code"], "commune", own_set(page))
    draft.add("population", "count", rows["population"])
    draft.add("insured", "count", rows["insured"])
    draft.add("why_missing", "text", [words.say(f"quality.why_{status}") for status in rows["obs_status"]], width=50)
    return finish(page, said, draft, words.say("quality.missing_title"), [])


def take_rejections(page: Frame) -> TakenTable | None:
    """Every cell of the month's files that was refused or marked."""
    said = read_quality(page)
    if said is None or said.facts.rejections.empty:
        return None
    rows, words, draft = said.facts.rejections, page.words, Draft(page.words)
    names = loaders.load_units(page.snapshot_id, own_set(page))["name"]
    draft.add("file", "text", rows["file_name"], width=36)
    draft.add("sheet", "text", rows["sheet"], width=18)
    draft.add("cell", "text", blank(rows["cell"]), width=10)
    draft.add("unit_code", "text", blank(rows["unit_code"]), width=12)
    draft.add("name", "text", names.reindex(rows["unit_code"]), label=words.say("takeaway.column.unit"), width=28)
    draft.add("value", "text", blank(rows["value"]), width=20)
    draft.add("message", "text", rows["message"], width=60)
    draft.add("severity", "text", [words.say(f"quality.severity_{kind}") for kind in rows["severity"]], width=16)
    draft.add("rule_id", "text", rows["rule_id"], width=24)
    return finish(page, said, draft, words.say("quality.rejections_title"), [])


def take_files(page: Frame) -> TakenTable | None:
    """The files received for the month, with their checksums."""
    said = read_quality(page)
    if said is None or said.facts.files.empty:
        return None
    rows, words, draft = said.facts.files, page.words, Draft(page.words)
    draft.add("file", "text", rows["name"], width=40)
    draft.add("sheet", "text", rows["sheet"], width=18)
    draft.add("layout", "text", rows["template"], width=24)
    draft.add("province_code", "text", blank(rows["province_code"]), width=11)
    draft.add("month", "month", rows["period"])
    draft.add("rows_in_force", "count", rows["rows"])
    draft.add("sha256", "text", rows["sha256"], width=66)
    return finish(page, said, draft, words.say("quality.files_title"), [], 1)


def add_cells(draft: Draft, page: Frame, said: QualityWords, rows: pd.DataFrame) -> None:
    """From which cell the insured people of a unit came."""
    words: Words = page.words
    draft.add("source_cell", "text", [said.facts.cells.get(code) for code in rows["unit_code"]], width=40)
    simulated = [code not in said.facts.cells for code in rows["unit_code"]]
    if "is_simulated" in rows:
        simulated = rows["is_simulated"].astype(bool).tolist()
    draft.add("origin", "text", say_simulated(page, simulated), label=words.say("takeaway.column.origin"), width=16)


def blank(texts: pd.Series) -> list[str | None]:
    return [text if isinstance(text, str) else None for text in texts]
