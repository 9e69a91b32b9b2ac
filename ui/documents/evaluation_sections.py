"""The sections of an evaluation report, written: what came out, by which rules, who stands where, and what is left to people."""

from __future__ import annotations

import numpy as np

from indicators.ranking import load_settings
from indicators.rates import shown_pct
from reports.report import Block, Notice, ReportFigure, ReportTable
from text.names import lower_first
from ui.documents.evaluation_facts import OwnStanding, ReportFacts, ReportList, list_clusters, say
from ui.documents.evaluation_tables import explain_own, list_weights, rank_short, say_score, table_of
from ui.emulation_groups import list_groups, say_rate
from ui.emulation_lists import count_listed, find_apart_units, place_names
from ui.recognition_lists import (
    hides_candidates,
    list_candidates,
    list_exemplars,
)

MOST_EXEMPLARS = 10
NAMED = 3
EXEMPLAR_COLUMNS = (
    ((2.1, 1.2, 1.2, 3.0, 0.8), (1, 2)),
    ((3.0, 1.2, 1.0, 1.0), (1, 2)),
    ((2.6, 0.9, 0.9, 1.2, 1.1, 1.0), (1, 2, 3, 4)),
)
WIDE_GROUP_HEAD = [1.9, 0.9, 0.9, 0.9, 1.9, 1.1, 1.0]


def name_unit(facts: ReportFacts, code: str) -> str:
    return str(place_names(facts.page, facts.shown)[code])


def say_leaders(listed: ReportList) -> str:
    first = np.flatnonzero(listed.counted.result.place == 1)
    return ", ".join(listed.said.label(at) for at in first[:NAMED]) + (" …" if len(first) > NAMED else "")


def say_finding(facts: ReportFacts) -> str:
    """Who leads; of a province or district where it stands itself."""
    end = facts.page.formats.month_short(facts.shown.round.to_period)
    if facts.own:
        own = facts.own[0]
        if own.at is None or own.listed.counted.result.place[own.at] < 0:
            reason = say(facts, "own_none", name=facts.name, list=lower_first(own.name))
            if own.at is not None:
                reason = say(facts, "finding_own_none", name=facts.name, reason=own.listed.said.say_apart(own.at))
            return reason
        place, rate = own.listed.said.say_place(own.at), own.listed.said.say_value("level", own.at)
        key = "finding_own" if facts.kind == "province" else "finding_own_district"
        return say(facts, key, name=facts.name, rank=place, rate=rate, end=end, place=lower_first(own.name))
    listed = facts.first
    ranked = int((listed.counted.result.place > 0).sum())
    level = facts.page.words.say(f"level.{listed.tier}")
    where = facts.in_words if facts.kind == "nation" else facts.name
    if not ranked:
        return say(facts, "finding_none", level=level, place=where)
    count = facts.page.formats.count(ranked)
    return say(facts, "finding_list", names=say_leaders(listed), count=count, level=level, place=where)


def write_result(facts: ReportFacts) -> list[Block]:
    blocks: list[Block] = [list_figures(facts), count_levels(facts)]
    if facts.own:
        blocks += write_own(facts)
    if facts.kind == "nation":
        for kind in ("cluster", "region"):
            listing = list_groups(facts.page, facts.shown, kind)
            if listing is not None:
                widths = WIDE_GROUP_HEAD[: len(listing.head)]
                blocks.append(table_of(listing, widths, numbers=tuple(range(1, len(listing.head)))))
            elif kind == "cluster":
                blocks.append(say(facts, "clusters_none", year=facts.shown.round.year))
    return blocks


def list_figures(facts: ReportFacts) -> list[ReportFigure]:
    """Coverage, communes that meet and people missing of the whole place; how many units are ranked."""
    formats, found, end = facts.page.formats, facts.sums, facts.page.formats.month(facts.shown.round.to_period)
    figures = []
    if found is not None and found.sums.insured[0] >= 0:
        sums = found.sums
        people = formats.part_of(int(sums.insured[0]), int(sums.population[0]))
        figures.append(
            ReportFigure(
                say_rate(facts.page, found, 0),
                say(facts, "figure_coverage"),
                say(facts, "figure_coverage_detail", people=people, end=end),
            )
        )
        met, counted = int(sums.met[0]), int(sums.counted[0])
        if found.threshold is not None and counted > 0:
            rate = formats.rate(shown_pct(met, counted))
            figures.append(
                ReportFigure(
                    formats.part_of(met, counted),
                    say(facts, "figure_communes"),
                    say(facts, "figure_communes_detail", rate=rate),
                )
            )
            rule = formats.rule(found.threshold.value, found.threshold.operator)
            figures.append(
                ReportFigure(
                    formats.count(int(sums.still_to_enrol[0])),
                    say(facts, "figure_need"),
                    say(facts, "figure_need_detail", rule=rule),
                )
            )
    listed = facts.first
    result = listed.counted.result
    figures.append(
        ReportFigure(
            formats.part_of(int((result.place > 0).sum()), count_listed(listed.counted)),
            say(facts, "figure_ranked", level=facts.page.words.say(f"level.{listed.tier}")),
            say(
                facts,
                "figure_ranked_detail",
                tied=formats.count(int(result.tied.sum())),
                apart=formats.count(len(find_apart_units(listed.counted)[0])),
            ),
        )
    )
    return figures


def count_levels(facts: ReportFacts) -> ReportTable:
    """How many units of each level were ranked, tied, listed apart or not counted, and who leads."""
    formats, rows = facts.page.formats, []
    for listed in facts.lists:
        result = listed.counted.result
        apart, left_out = find_apart_units(listed.counted)
        rows.append(
            [
                say(facts, f"tier_{listed.tier}"),
                formats.count(len(listed.counted.places)),
                formats.count(int((result.place > 0).sum())),
                formats.count(int(result.tied.sum())),
                formats.count(len(apart)),
                formats.count(left_out),
                say_leaders(listed) or facts.page.words.say("emulation.no_place"),
            ]
        )
    head = list(facts.page.words.section("evaluation_report_levels_head").values())
    widths = [1.0, 0.8, 0.95, 0.9, 0.9, 1.1, 3.2]
    return ReportTable(
        say(facts, "levels_title"), head, rows, widths, say(facts, "levels_rule"), frozenset({1, 2, 3, 4, 5})
    )


def write_own(facts: ReportFacts) -> list[Block]:
    """Where the place stands among its equals, and why; that its cluster is not known, where it is not."""
    rows = [write_standing(facts, own) for own in facts.own]
    head = list(facts.page.words.section("evaluation_report_own_head").values())
    blocks: list[Block] = [ReportTable(say(facts, "own_title", name=facts.in_words), head, rows, [2.0, 0.9, 0.8, 4.0])]
    if facts.kind == "province" and not list_clusters(facts.page, facts.shown):
        blocks.append(say(facts, "no_cluster", name=facts.name, year=facts.shown.round.year))
    for own in facts.own:
        if own.at is not None and own.listed.counted.result.place[own.at] > 0:
            blocks.append(explain_own(facts, own.listed, own.at, own.name))
    return blocks


def write_standing(facts: ReportFacts, own: OwnStanding) -> list[str]:
    missing = facts.page.words.say("emulation.no_place")
    if own.at is None:
        return [own.name, missing, missing, say(facts, "own_none", name=facts.name, list=lower_first(own.name))]
    said, result = own.listed.said, own.listed.counted.result
    if result.place[own.at] < 0:
        return [own.name, said.say_place(own.at), missing, said.say_apart(own.at)]
    return [
        own.name,
        said.say_place(own.at),
        say_score(facts, own.listed, own.at),
        said.say_reason(own.at, own.listed.tier),
    ]


def write_rules(facts: ReportFacts) -> list[Block]:
    """On what basis, over which months, by which indicators, weights and limits."""
    page, formats, shown = facts.page, facts.page.formats, facts.shown
    found = facts.first.counted
    threshold, rules = found.data.threshold, found.rules
    communes = sum(level == "commune" for level in page.catalogue.unit_levels[shown.boundary_set].values())
    boundaries = page.words.say(f"boundary_set.{shown.boundary_set}.long", units=formats.count(communes))
    one = shown.round
    start, end = formats.month(one.from_period), formats.month(one.to_period)
    basis = say(facts, "basis", legal=rules.legal_basis, start=start, end=end, boundaries=boundaries)
    line = say(facts, "basis_no_threshold")
    if threshold is not None:
        rule = formats.rule(threshold.value, threshold.operator)
        line = say(facts, "basis_threshold", rule=rule, legal=threshold.legal_basis)
    blocks: list[Block] = [
        f"{basis} {line}",
        Notice(say(facts, "example")) if rules.is_example else say(facts, "official"),
    ]
    blocks += [list_weights(facts, alike) for alike in group_alike(facts.lists)]
    minimums = load_settings().minimum_population
    named = ", ".join(
        say(
            facts,
            "apart_minimum",
            people=formats.people(minimums[listed.tier]),
            level=page.words.say(f"level.{listed.tier}"),
        )
        for listed in facts.lists
        if listed.tier in minimums
    )
    months = formats.percent_rule(rules.minimum_months_pct)
    blocks += [
        say(facts, "how"),
        say(facts, "band_rule", points=formats.number(rules.band_points)),
        say(facts, "ties"),
        say(facts, "apart_rule", months=months, minimums=named),
    ]
    return blocks


def group_alike(lists: tuple[ReportList, ...]) -> list[list[ReportList]]:
    """Levels with the same indicators and weights together: one table says it for all."""
    found: dict[tuple, list[ReportList]] = {}
    for listed in lists:
        key = tuple((one.indicator, one.weight) for one in listed.counted.rules.of_level(listed.tier))
        found.setdefault(key, []).append(listed)
    return list(found.values())


def write_ranking(facts: ReportFacts, see: dict[str, str]) -> list[Block]:
    return [rank_short(facts, listed, see.get(f"list_{listed.tier}", "")) for listed in facts.lists]


def write_candidates(facts: ReportFacts) -> list[Block]:
    """The best of each level with their evidence; in the public edition only once the round is closed."""
    if hides_candidates(facts.first.shown):
        return [say(facts, "candidates_later")]
    count = facts.page.formats.count(facts.first.counted.rules.candidates)
    blocks: list[Block] = [say(facts, "candidates_rule", count=count)]
    for listed in facts.lists:
        listing = list_candidates(listed.page, listed.shown, listed.counted)
        table = table_of(listing, [1.8, 0.8, 2.7, 2.7, 1.0], say(facts, f"tier_{listed.tier}"))
        blocks.append(without_rule(table))
    return blocks


def without_rule(table: ReportTable) -> ReportTable:
    return ReportTable(
        table.title, table.head, table.rows, table.widths, "", table.numbers, None, table.nothing, table.note
    )


def write_exemplars(facts: ReportFacts) -> list[Block]:
    """Best improvers, steady holders and fast recoveries of each level."""
    formats, blocks = facts.page.formats, []
    for listed in facts.lists:
        tier = say(facts, f"tier_{listed.tier}")
        exemplars = list_exemplars(listed.page, listed.shown, listed.counted, MOST_EXEMPLARS)
        for listing, (shares, numbers) in zip(exemplars, EXEMPLAR_COLUMNS, strict=True):
            shown, rows = formats.count(len(listing.rows)), formats.count(listing.whole)
            note = say(facts, "more_rows", shown=shown, rows=rows) if listing.whole > len(listing.rows) > 0 else ""
            blocks.append(table_of(listing, list(shares), f"{tier}: {listing.title}", numbers, note))
    if facts.first.shown.closing is not None:
        blocks.append(facts.page.words.say("emulation.exemplars_now"))
    return blocks
