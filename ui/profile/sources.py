"""Where the figures of a profile come from, and what of its past was changed later."""

from __future__ import annotations

import pandas as pd

from ui import loaders, parts, provenance
from ui.edition import is_public, say_not_public
from ui.frame import Frame
from ui.loaders import profile
from ui.markup import button, draw_markup
from ui.profile.facts import ProfileFacts
from ui.profile.markup import Trusted, data_table
from ui.table import PAGE_ROWS, Pager, foot
from ui.takeaway import bar


def draw_part(page: Frame, facts: ProfileFacts) -> None:
    draw_sources(page, facts)
    draw_revisions(page, facts)


def draw_sources(page: Frame, facts: ProfileFacts) -> None:
    """The sentence of the figure, and of a place its files; of a commune its cells."""
    words = page.words
    parts.title(
        words.say("profile.sources_title"),
        words.say("profile.sources_subtitle", period=page.formats.month(facts.period)),
    )
    if not facts.has_figures:
        parts.prose(words.say("provenance.none"))
        return
    link = "" if facts.level == "region" else provenance.write_quality_address(page, facts.unit)
    sentence = say_region_source(page) if facts.level == "region" else provenance.say_source(page, facts.unit)
    tail = (
        f' <a href="{parts.escape(link)}" target="_self">{parts.escape(words.say("provenance.link"))}</a>'
        if link
        else ""
    )
    parts.markup(f'<p class="bp-prose">{parts.escape(sentence)}{tail}</p>')
    if page.view.boundaries:
        return
    if facts.is_commune:
        draw_cells(page, facts)
    else:
        draw_files(page, facts)


def say_region_source(page: Frame) -> str:
    return page.words.say("provenance.converted" if page.view.boundaries else "profile.source_region")


def draw_cells(page: Frame, facts: ProfileFacts) -> None:
    words = page.words
    if is_public():
        return
    if cells := cell_rows(page, facts):
        head = [words.say(f"profile.cell_{name}") for name in ("element", "file", "sheet", "cell")]
        parts.markup(data_table(words.say("profile.sources_title"), head, cells))
        bar.show(page, "sources")


def cell_rows(page: Frame, facts: ProfileFacts) -> list[list[str]]:
    """Of a commune every received cell of the month: element, file, sheet, cell."""
    rows = loaders.load_source(page.snapshot_id, facts.unit, facts.period)
    received = rows[~rows["is_simulated"].astype(bool) & (rows["file_name"] != "")]  # "": of another office
    return [[say_element(page, row), row.file_name, row.sheet, row.cell] for row in received.itertuples()]


def say_element(page: Frame, row) -> str:
    """ "Số người tham gia, hộ gia đình": a data element in words, with its payer group."""
    words = page.words
    key = f"profile.element_{row.data_element}"
    said = words.say(key) if words.has(key) else row.data_element
    return f"{said}, {words.say(f'payer_group.{row.payer_group}')}" if row.payer_group else said


def draw_files(page: Frame, facts: ProfileFacts) -> None:
    words, formats = page.words, page.formats
    if is_public():
        return
    rows = file_rows(page, facts)
    if not rows:
        return
    head = [words.say(f"profile.file_{name}") for name in ("name", "sheet", "units")]
    cells = [[name, sheet, formats.count(units)] for name, sheet, units in rows[:PAGE_ROWS]]
    parts.markup(data_table(words.say("profile.sources_title"), head, cells, figures=(2,)))
    bar.show(page, "sources")


def file_rows(page: Frame, facts: ProfileFacts) -> list[tuple[str, str, int]]:
    """Of a place the files with figures of its units: name, sheet, units; empty where all are simulated."""
    words = page.words
    rows = profile.load_files_of_place(page.snapshot_id, facts.period, facts.unit)
    if rows["is_simulated"].all():
        return []
    return [
        (
            words.say("profile.simulation") if row.is_simulated else row.name or words.say("provenance.other_file"),
            "" if row.is_simulated or not row.name else str(row.sheet),
            int(row.units),
        )
        for row in rows.itertuples()
    ]


def draw_revisions(page: Frame, facts: ProfileFacts) -> None:
    """Every figure of the place that a later file replaced; months released before are marked."""
    words, formats = page.words, page.formats
    parts.title(words.say("profile.revisions_title"), words.say("profile.revisions_subtitle"))
    if say_not_public(page, "revisions"):
        return
    rows = profile.load_revisions(page.snapshot_id, facts.unit, facts.period)
    if rows.empty:
        parts.prose(words.say("profile.revisions_none"))
        return
    released = int((rows["state"] == "released").sum())
    parts.prose(words.say("profile.revisions_count", count=formats.count(len(rows)), released=formats.count(released)))
    pages = -(-len(rows) // PAGE_ROWS)
    at = min(page.view.page, pages)
    shown = rows.iloc[(at - 1) * PAGE_ROWS : at * PAGE_ROWS]
    head = [
        words.say(f"profile.revision_{name}") for name in ("month", "unit", "before", "now", "change", "file", "when")
    ]
    table = data_table(
        words.say("profile.revisions_title"),
        head,
        [revision_row(page, row) for row in shown.itertuples()],
        figures=(2, 3, 4),
    )
    first, last = (at - 1) * PAGE_ROWS + 1, (at - 1) * PAGE_ROWS + len(shown)
    sentence = words.say(
        "home.table_rows", from_row=formats.count(first), to_row=formats.count(last), rows=formats.count(len(rows))
    )
    pager = Pager(sentence, at, pages, words.say("home.table_previous"), words.say("home.table_next"))
    draw_markup("revisions", table + foot(pager), page.report_of("revisions"))
    bar.show(page, "revisions")


def revision_row(page: Frame, row) -> list[str]:
    words, formats = page.words, page.formats
    released = f" · {words.say('profile.was_released')}" if row.state == "released" else ""
    known = row.insured >= 0 and row.insured_before >= 0
    when = "" if pd.isna(row.loaded_at) else str(row.loaded_at)[:16].replace("T", " ")
    return [
        formats.month(row.period) + released,
        Trusted(button("place", row.unit_code, row.name)) if row.name else row.unit_code,
        formats.count(row.insured_before),
        formats.count(row.insured),
        formats.change(row.insured - row.insured_before) if known else formats.missing,
        formats.missing if pd.isna(row.file_now) else row.file_now,
        when,
    ]
