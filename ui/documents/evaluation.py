"""The evaluation report of a round: of the nation, a cluster or region, a province or a district, as a PDF to be signed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime

from reports.report import Letterhead, Report, ReportTable, Section, Signatures, write_report
from text.names import lower_first, search_key, upper_first
from ui.documents import evaluation_records as records
from ui.documents import evaluation_sections as sections
from ui.documents.evaluation_facts import ReportFacts, read_report
from ui.documents.evaluation_tables import rank_with_evidence
from ui.emulation import read_view, say_round
from ui.emulation_lists import find_apart_units
from ui.frame import Frame
from ui.takeaway.offers import PDF, NothingToTake, Offer

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


def make_report(page: Frame, ending: str = "pdf") -> bytes:
    """The report of the page's address. NothingToTake where the programme has no round."""
    facts = read_report(page)
    if facts is None:
        raise NothingToTake("evaluation_report.nothing")
    return write_report(build_report(facts))


def build_report(facts: ReportFacts) -> Report:
    say = sayer(facts)
    round_name, words = say_round(facts.page, facts.shown.round), facts.page.words
    appendices = list_appendices(facts)
    place = facts.in_words if facts.kind != "group" else facts.name
    state, note, is_final = say_state(facts)
    return Report(
        title=say("title", round=lower_first(round_name), place=place),
        subject=[say("subject"), say("subject_round", round=round_name, place=place)],
        lang=words.lang,
        letterhead=Letterhead(
            list_offices(facts),
            [say("country"), say("motto")],
            say("number"),
            say("place_day"),
            say("kind"),
        ),
        state=state,
        state_note=note,
        is_final=is_final,
        finding=sections.say_finding(facts),
        sections=number_sections(facts, appendices),
        signatures=Signatures(
            say("place_day"),
            [(say("prepared"), say("prepared_note")), (say("head"), say("head_note"))],
            [say("receivers"), say("receiver_blank"), say("receiver_file")],
        ),
        appendices=[section for _, section in appendices],
        page_of=words.say("evaluation_report.page", page="{page}", of="{of}"),
        simulated=say("simulated") if facts.units_simulated else "",
    )


def sayer(facts: ReportFacts) -> Callable[..., str]:
    return lambda key, **values: facts.page.words.say(f"evaluation_report.{key}", **values)


def list_offices(facts: ReportFacts) -> list[str]:
    """Who reports: of a province its office under the national one, of a district its office under the province's."""
    say, page = sayer(facts), facts.page
    nation = say("office_nation")
    if facts.kind == "nation":
        return [nation, say("office_blank")]
    if facts.kind == "province":
        return [nation, say("office_unit", name=facts.name)]
    if facts.kind == "district":
        parent = page.catalogue.unit_parents[facts.shown.boundary_set][facts.place]
        return [
            say("office_unit", name=sections.name_unit(facts, parent)),
            say("office_unit", name=facts.name),
        ]
    return [nation, facts.name]


def say_state(facts: ReportFacts) -> tuple[str, str, bool]:
    """Whether the round is closed, by whom, and whether the figures are real."""
    say, row, formats = sayer(facts), facts.first.shown.closing, facts.page.formats
    if row is None:
        return say("state_open"), say("state_open_note"), False
    kind = "rehearsal" if row["units_simulated"] else "closed"
    note = say(
        f"state_{kind}_note",
        when=formats.day(datetime.fromisoformat(row["closed_at"]).date()),
        by=row["closed_by"],
        id=row["round_id"],
        closing=row["closing"],
        note=row["note"] if isinstance(row["note"], str) else "–",
    )
    return say(f"state_{kind}"), note, kind == "closed"


def list_appendices(facts: ReportFacts) -> list[tuple[str, Section]]:
    """(key, section): the whole ranking of every level with its figures, and the units without a rank where they are many."""
    found: list[tuple[str, str, ReportTable]] = []
    for listed in facts.lists:
        if (listed.counted.result.place > 0).any():
            found.append((f"list_{listed.tier}", "appendix_list", rank_with_evidence(facts, listed)))
        if len(find_apart_units(listed.counted)[0]) > records.APART_IN_TEXT:
            found.append((f"apart_{listed.tier}", "appendix_apart", records.list_all_apart(facts, listed)))
    say = sayer(facts)
    result = []
    for number, (key, name, table) in enumerate(found, start=1):
        level = facts.page.words.say(f"level.{key.rpartition('_')[2]}")
        result.append(
            (key, Section(say("appendix", number=number, name=say(name, level=level)), [table], is_wide=True))
        )
    return result


def number_sections(facts: ReportFacts, appendices: list[tuple[str, Section]]) -> list[Section]:
    """Sections with Roman numbers; where a list is whole is said by the number of its appendix."""
    see = {key: section.heading.partition(".")[0] for key, section in appendices}
    found = [
        ("result", sections.write_result(facts)),
        ("rules", sections.write_rules(facts)),
        ("ranking", sections.write_ranking(facts, see)),
        ("candidates", sections.write_candidates(facts)),
        ("exemplars", sections.write_exemplars(facts)),
        ("revised", records.write_revised(facts)),
        ("awards", records.write_awards(facts)),
        ("apart", records.write_apart(facts, see)),
        ("method", records.write_method(facts, date.today())),
    ]
    say = sayer(facts)
    return [
        Section(f"{ROMAN[number]}. {upper_first(say(f'section_{key}'))}", blocks)
        for number, (key, blocks) in enumerate(found)
        if blocks
    ]


def name_report(page: Frame) -> str:
    """`thi_dua_final_2020`, of a cluster with its name: files of two reports never share one."""
    shown = read_view(page)
    if shown is None:
        return "thi_dua"
    group = "" if shown.scope.kind == "nation" else f"_{search_key(shown.scope.name)}"
    name = f"thi_dua_{shown.round.round}_{shown.round.year}{group}"
    return re.sub(r"[^a-z0-9]+", "_", name).strip("_")


REPORT = Offer(make_report, PDF, name_report)
