"""The tables of an evaluation report: ranking in short, every unit with the figures behind its score, candidates, exemplars."""

from __future__ import annotations

import numpy as np

from indicators.evaluation import RoundFigures
from indicators.evaluation_reasons import shown_score
from reports.report import Cell, ReportTable
from text.names import upper_first
from ui.documents.evaluation_facts import ReportFacts, ReportList
from ui.emulation import say_list
from ui.emulation_lists import Listing, count_listed, head_of, place_names

WHOLE_LIST = 750
"""So many rows make 50 pages: the communes of the largest province. A longer list shows its first ones."""
FIRST_OF_LONG = 200
SHORT = 10
WHOLE_IN_TEXT = 64
WIDTHS = {"unit": 2.3, "place": 0.8, "score": 0.8, "reason": 2.6}
FIGURE = 1.35
IN_TEXT = {"level": 1.05, "communes_met": 1.2, "months_met": 1.05, "improvement": 1.5}
"""The indicators that the text shows, and how wide: `+22,3 điểm %` stands in one line."""


def order_by_place(listed: ReportList) -> np.ndarray:
    place = listed.counted.result.place
    ranked = np.flatnonzero(place > 0)
    return ranked[np.lexsort((ranked, place[ranked]))]


def counted_indicators(listed: ReportList) -> list[str]:
    """The indicators that count at this level and apply to any ranked unit, in the order of the rules."""
    names = [entry.indicator for entry in listed.counted.rules.of_level(listed.tier) if entry.weight > 0]
    return [name for name in names if (listed.counted.result.standings[name].ahead_of >= 0).any()]


def rank_short(facts: ReportFacts, listed: ReportList, see: str) -> ReportTable:
    """The ranking as the text shows it: whole where it is short, else the first places with all that share the last."""
    words, formats, said = facts.page.words, facts.page.formats, listed.said
    order = order_by_place(listed)
    is_short = len(order) <= WHOLE_IN_TEXT
    shown = order if is_short else order[listed.counted.result.place[order] <= SHORT]
    names = [name for name in IN_TEXT if name in counted_indicators(listed)]
    rows: list[list[Cell]] = []
    for at in shown:
        values = [said.say_value(name, at) for name in names]
        rows.append(
            [
                said.say_place(at),
                said.label(at),
                say_score(facts, listed, at),
                *values,
                said.say_reason(at, listed.tier),
            ]
        )
    return ReportTable(
        words.say(
            "evaluation_report.ranking_title",
            tier=words.say(f"evaluation_report.tier_{listed.tier}"),
            ranked=formats.count(len(order)),
            units=formats.count(count_listed(listed.counted)),
        ),
        [words.say(f"emulation.col_{name}") for name in ("place", "unit", "score", *names, "reason")],
        rows,
        [0.75 if is_short else 1.05, 2.1, 0.75, *(IN_TEXT[name] for name in names), 3.6],
        words.say(
            "evaluation_report.ranking_rule",
            list=say_list(listed.page, listed.shown, place_names(listed.page, listed.shown)),
            start=formats.month(listed.shown.round.from_period),
            end=formats.month(listed.shown.round.to_period),
        ),
        frozenset(range(2, 3 + len(names))),
        nothing=words.say("emulation.nobody_ranked"),
        note="" if is_short else words.say("evaluation_report.ranking_first", appendix=see),
    )


def say_score(facts: ReportFacts, listed: ReportList, at: int) -> str:
    score = shown_score(listed.counted.result.score, at)
    return facts.page.words.say("emulation.no_score") if score is None else facts.page.formats.number(score)


def rank_with_evidence(facts: ReportFacts, listed: ReportList) -> ReportTable:
    """Every ranked unit with, under each indicator, the people or months behind it and how many others it is ahead of."""
    words, formats, said = facts.page.words, facts.page.formats, listed.said
    place, order, names = listed.counted.result.place, order_by_place(listed), counted_indicators(listed)
    is_whole = len(order) <= WHOLE_LIST
    shown = order if is_whole else order[place[order] <= place[order[FIRST_OF_LONG - 1]]]
    figures = listed.counted.figures
    rows: list[list[Cell]] = [
        [
            said.say_place(at),
            said.label(at),
            say_score(facts, listed, at),
            *(write_indicator(facts, listed, figures, name, at) for name in names),
            said.say_reason(at, listed.tier),
        ]
        for at in shown
    ]
    one, note = listed.shown.round, ""
    if not is_whole:
        note = words.say(
            "evaluation_report.evidence_first",
            shown=formats.count(len(shown)),
            rows=formats.count(len(order)),
            place=formats.count(int(place[shown[-1]])),
        )
    head = [words.say(f"emulation.col_{name}") for name in ("place", "unit", "score", *names, "reason")]
    return ReportTable(
        words.say("evaluation_report.evidence_title", tier=words.say(f"evaluation_report.tier_{listed.tier}")),
        head,
        rows,
        [WIDTHS["place"], WIDTHS["unit"], WIDTHS["score"], *(FIGURE for _ in names), WIDTHS["reason"]],
        words.say(
            "evaluation_report.evidence_rule",
            start=formats.month(one.from_period),
            end=formats.month(one.to_period),
        ),
        frozenset(range(2, 3 + len(names))),
        nothing=words.say("emulation.nobody_ranked"),
        note=note,
    )


def write_indicator(facts: ReportFacts, listed: ReportList, figures: RoundFigures, name: str, at: int) -> Cell:
    """The value, what it was made of, and the standing in the list."""
    formats, said = facts.page.formats, listed.said
    lines = [said.say_value(name, at)]
    if name == "level":
        lines.append(formats.part_of(int(figures.insured[at]), int(figures.population[at])))
    elif name in ("improvement", "gap_closed"):
        before, after = said.say_ends(at)
        lines.append(facts.page.words.say("evaluation_report.evidence_rates", before=before, after=after))
        lines += filter(None, (said.say_shared(at),))
    elif name == "completeness":
        lines.append(formats.part_of(int(figures.months_reported[at]), int(figures.months_expected[at])))
    return (*lines, say_standing(facts, listed, name, at))


def say_standing(facts: ReportFacts, listed: ReportList, name: str, at: int) -> str:
    """ "hơn 58/62", with those it is level with; what the score is made of."""
    one, words, formats = listed.counted.result.standings[name], facts.page.words, facts.page.formats
    if one.others == 0 or one.ahead_of[at] < 0:
        return words.say("evaluation_report.ahead_none")
    tied = int(one.tied_with[at])
    return words.say(
        "evaluation_report.ahead_tied" if tied else "evaluation_report.ahead",
        ahead=formats.count(int(one.ahead_of[at])),
        others=formats.count(one.others),
        tied=formats.count(tied),
    )


def table_of(
    listing: Listing, widths: list[float], title: str = "", numbers: tuple[int, ...] = (), note: str = ""
) -> ReportTable:
    """A list of the page as a table of the report."""
    return ReportTable(
        title or listing.title,
        listing.head,
        listing.rows,
        widths,
        listing.rule,
        frozenset(numbers),
        None,
        listing.nothing,
        note,
    )


def explain_own(facts: ReportFacts, listed: ReportList, at: int, name: str) -> ReportTable:
    """Every indicator of the place itself, with its figures."""
    words, said = facts.page.words, listed.said
    return ReportTable(
        words.say("evaluation_report.own_why", name=said.label(at), rank=said.say_place(at), list=name),
        said.why_head(),
        said.why_rows(at, listed.tier, listed.shown.round),
        [2.2, 1.1, 1.9, 0.8, 2.6],
        words.say("evaluation_report.own_why_rule", score=say_score(facts, listed, at)),
    )


def list_weights(facts: ReportFacts, tiers: list[ReportList]) -> ReportTable:
    """Indicators and weights of levels that are judged alike."""
    words, formats = facts.page.words, facts.page.formats
    rows: list[list[Cell]] = [
        [
            upper_first(words.say(f"emulation.ind_{entry.indicator}")),
            formats.number(entry.weight) if entry.weight else words.say("emulation.weight_none"),
            words.say(f"emulation.ind_{entry.indicator}_long"),
        ]
        for entry in tiers[0].counted.rules.of_level(tiers[0].tier)
    ]
    named = ", ".join(words.say(f"evaluation_report.tier_{one.tier}").lower() for one in tiers)
    return ReportTable(
        words.say("evaluation_report.weights_title", tiers=named), head_of(facts.page, "weights"), rows, [2.2, 0.8, 5.0]
    )
