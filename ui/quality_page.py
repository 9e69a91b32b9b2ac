"""The data-quality page, block by block; what they say is ui/quality.py."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from text.names import lower_first
from ui import loaders, parts, provenance, table
from ui.edition import is_public, say_not_public
from ui.frame import Frame
from ui.loading_help import show_templates
from ui.quality import QualityWords
from ui.reader_frame import is_of_others, say_own_only
from ui.takeaway import bar
from ui.view import NATION

# The columns of numbers of each table.
FIGURES = {"over": (1, 2, 3), "drops": (1, 2, 3), "files": (3,)}


def draw_headline(page: Frame, said: QualityWords | None) -> None:
    """The finding and four figures; without figures, why and what to do."""
    if said is None:
        parts.headline(page.words.say("quality.headline_none"))
        return
    parts.headline(said.headline())
    parts.figures(said.figures())


def draw_trace(page: Frame, said: QualityWords) -> None:
    """The way back from the figures of the marked unit, or of the place shown, to file and cell."""
    words, view = page.words, page.view
    unit = view.selected or view.unit
    if unit == NATION:
        if not is_public():  # which names no file
            parts.prose(words.say("quality.trace_hint"))
        return
    parts.title(words.say("quality.trace_title", unit=lower_first(page.label(unit))), provenance.say_source(page, unit))
    if is_public():
        return
    source = loaders.load_source(page.snapshot_id, unit, view.period)
    if source.empty:
        files = loaders.load_place_sources(page.snapshot_id, unit, view.period)
        draw_rows(said, "place_files", said.place_file_rows(files), len(files))
        show_files(page, "place_files", len(files))
        return
    if (source["file_name"] == "").any():
        return  # of another office; the sentence says so
    cells = load_cells(page, unit)
    draw_rows(said, "trace", said.trace_rows(cells), len(cells))
    show_files(page, "trace", len(cells))
    versions = loaders.load_versions(page.snapshot_id, unit, view.period)
    if len(versions) > 1:
        parts.title(words.say("quality.versions_title"), words.say("quality.versions_subtitle"))
        draw_rows(said, "versions", said.version_rows(versions), len(versions))
        show_files(page, "versions", len(versions))


def load_cells(page: Frame, unit: str) -> pd.DataFrame:
    """The cells of a unit's figures, and of its survey of payer groups."""
    asked = (page.snapshot_id, unit, page.view.period)
    return pd.concat([loaders.load_source(*asked), loaders.load_survey_cells(*asked)], ignore_index=True)


def draw_reports(page: Frame, said: QualityWords) -> None:
    title = page.words.say("quality.reports_title")
    parts.title(title, page.words.say("quality.reports_subtitle"))
    table.draw_table("reports", said.report_columns(), said.report_rows(), None, "", page.report_of("reports"), title)
    bar.show(page, "reports")


def draw_rejections(page: Frame, said: QualityWords) -> None:
    parts.title(page.words.say("quality.rejections_title"), "")
    say_own_only(page)
    if is_of_others(page):
        return
    if say_not_public(page, "rejections"):
        return
    draw_rows(said, "rejections", said.rejection_rows(), len(said.facts.rejections))
    show_files(page, "rejections", len(said.facts.rejections))


def draw_doubtful(page: Frame, said: QualityWords) -> None:
    """Rates above 100 %, sudden falls, and units without figures."""
    words, facts = page.words, said.facts
    parts.title(words.say("quality.over_title"), words.say("quality.over_subtitle"))
    draw_rows(said, "over", said.over_rows(), len(facts.over))
    show_files(page, "over", len(facts.over))
    if facts.drops is not None:
        since = said.say_drops_since()
        parts.title(
            words.say("quality.drops_title"), words.say("quality.drops_subtitle", points=said.points(), since=since)
        )
        draw_rows(said, "drops", said.drop_rows(), len(facts.drops))
        show_files(page, "drops", len(facts.drops))
    parts.title(words.say("quality.missing_title"), "")
    draw_rows(said, "missing", said.missing_rows(), len(facts.missing))
    show_files(page, "missing", len(facts.missing))
    if len(facts.missing):
        show_templates(page, "monthly_report")


def draw_files(page: Frame, said: QualityWords | None) -> None:
    """The files of the period, and when the store was last loaded."""
    words, snapshot = page.words, loaders.snapshot_info()
    if said is not None and not is_of_others(page):
        parts.title(words.say("quality.files_title"), "")
        if not say_not_public(page, "files"):
            draw_rows(said, "files", said.file_rows(), len(said.facts.files))
        show_files(page, "files", len(said.facts.files))
    parts.prose(words.say("quality.loaded", made=page.formats.day(snapshot.made_on), id=snapshot.snapshot_id))


def show_files(page: Frame, name: str, row_count: int) -> None:
    if row_count:
        bar.show(page, name)


def draw_rows(said: QualityWords, name: str, rows: Sequence[Sequence[str]], row_count: int) -> None:
    """A table, or the sentence that there is nothing; where rows are left out, how many."""
    if not rows:
        parts.prose(said.words.say(f"quality.{name}_none", points=said.points()))
        return
    parts.plain_table(said.head(name), rows, is_stacked=True, figures=FIGURES.get(name, ()))
    if row_count > len(rows):
        shown, whole = said.formats.count(len(rows)), said.formats.count(row_count)
        parts.prose(said.words.say("quality.first_rows", shown=shown, rows=whole))
