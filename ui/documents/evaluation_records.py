"""The later sections of an evaluation report: what was revised, who was recognised, who has no rank, the sources."""

from __future__ import annotations

from datetime import date

import pandas as pd

from reports.report import Block, ReportTable
from ui.documents.evaluation_facts import ReportFacts, ReportList, say
from ui.documents.evaluation_tables import table_of
from ui.emulation_lists import find_apart_units, list_apart, list_caption, list_revised, say_unit
from ui.recognition_lists import load_shown_awards, say_decision
from ui.view import NATION

APART_IN_TEXT = 12
MOST_APART = 400
MOST_REVISED = 100
MOST_AWARDS = 100


def write_revised(facts: ReportFacts) -> list[Block]:
    """Frozen figures beside those of today; that there are none, while the round is open."""
    formats = facts.page.formats
    blocks: list[Block] = []
    for listed in facts.lists:
        listing = list_revised(listed.page, listed.shown, listed.counted, listed.now, MOST_REVISED)
        tier = say(facts, f"tier_{listed.tier}")
        if listing is None:
            continue
        if not listing.rows:
            blocks.append(say(facts, "revised_same", tier=tier))
            continue
        shown, rows = formats.count(len(listing.rows)), formats.count(listing.whole)
        note = say(facts, "more_rows", shown=shown, rows=rows) if listing.whole > len(listing.rows) else ""
        widths = [2.4, 0.9, 0.9, 1.1, 1.1, 1.0, 1.0]
        blocks.append(table_of(listing, widths, f"{tier}: {listing.title}", (1, 2, 3, 4, 5, 6), note))
    return blocks or [say(facts, "revised_open")]


def write_awards(facts: ReportFacts) -> list[Block]:
    """Awards of this round inside the place, and what is proposed to the Director General."""
    page, one = facts.page, facts.shown.round
    awards = load_shown_awards(page, facts.place or NATION)
    awards = awards[(awards["round"] == one.round) & (awards["year"] == one.year)]
    if facts.kind == "group":
        awards = awards[awards["province_code"].isin(facts.shown.scope.members)]
    if awards.empty:
        return [say(facts, "awards_none")]
    proposed = int(awards["proposed_to_dg"].astype(bool).sum())
    count, dg = page.formats.count(len(awards)), page.formats.count(proposed)
    title = page.words.say("emulation.awards_title", count=count, proposed=dg)
    rows = [write_award(facts, row) for row in awards.head(MOST_AWARDS).itertuples()]
    head = list(page.words.section("evaluation_report_awards_head").values())
    shown = page.formats.count(len(rows))
    note = say(facts, "more_rows", shown=shown, rows=count) if len(awards) > len(rows) else ""
    widths = [2.2, 0.8, 2.2, 1.1, 1.3, 1.7]
    return [ReportTable(title, head, rows, widths, say(facts, "awards_rule"), note=note)]


def write_award(facts: ReportFacts, row: object) -> list[str]:
    words = facts.page.words
    return [
        str(row.recipient),
        words.say(f"emulation.award_level_{row.level_of_award}"),
        say_unit(row),
        str(row.form),
        words.say("emulation.proposed") if row.proposed_to_dg else "",
        say_decision(facts.page, row),
    ]


def write_apart(facts: ReportFacts, see: dict[str, str]) -> list[Block]:
    """Units without a rank: how many for which reason, and by name."""
    blocks: list[Block] = []
    formats = facts.page.formats
    for listed in facts.lists:
        tier = say(facts, f"tier_{listed.tier}")
        apart, left_out = find_apart_units(listed.counted)
        if not len(apart) and not left_out:
            blocks.append(say(facts, "apart_none", tier=tier))
            continue
        counts = pd.Series(listed.counted.result.reason).value_counts()
        said = [
            say(facts, f"apart_count_{reason}", count=formats.count(int(number)))
            for reason, number in counts.items()
            if reason
        ]
        sentence = say(facts, "apart_counts", tier=tier, counts="; ".join(said))
        appendix = see.get(f"apart_{listed.tier}")
        blocks.append(f"{sentence} {say(facts, 'apart_see', appendix=appendix)}" if appendix else sentence)
        if len(apart) and not appendix:
            blocks.append(list_all_apart(facts, listed))
    return blocks


def list_all_apart(facts: ReportFacts, listed: ReportList) -> ReportTable:
    listing = list_apart(listed.page, listed.shown, listed.counted, MOST_APART)
    count, formats = facts.page.formats.count(listing.whole), facts.page.formats
    title = say(facts, "apart_title", tier=say(facts, f"tier_{listed.tier}"), count=count)
    shown = formats.count(len(listing.rows))
    note = say(facts, "more_rows", shown=shown, rows=count) if listing.whole > len(listing.rows) else ""
    return table_of(listing, [2.4, 4.0], title, note=note)


def write_method(facts: ReportFacts, today: date) -> list[Block]:
    """Where the figures come from, what the report cannot say, and of which snapshot it is."""
    listed = facts.first
    # Without the last piece, the filter of one list: the report holds them all.
    pieces = list_caption(listed.page, listed.shown, listed.counted)[:-1]
    sources = ". ".join(" ".join(piece.split()) for piece in pieces if piece)
    made = facts.page.formats.day(today)
    return [f"{sources}.", say(facts, "limits"), say(facts, "snapshot", snapshot=facts.page.snapshot_id, made=made)]
