"""Thi đua, recognition: candidates with their evidence, exemplars by rules that are data, and awards that were given."""

from __future__ import annotations

import numpy as np
import pandas as pd

from indicators.exemplars import find_recoveries, find_steady, list_improvers
from indicators.rates import coverage_pct
from ui import parts
from ui.emulation import EmulationView, say_list, say_round
from ui.emulation_page import list_words, place_names
from ui.frame import Frame
from ui.loaders import emulation as loaders
from ui.loaders.emulation import ListEvaluation
from ui.loading_help import draw_template_help

SHOWN = 12
SHOWN_AWARDS = 100


def draw_headline(page: Frame, shown: EmulationView, found: ListEvaluation) -> None:
    words, candidates = page.words, list_candidates(found)
    where = say_list(page, shown, place_names(page, shown))
    key = "emulation.headline_candidates" if candidates else "emulation.headline_no_candidates"
    parts.headline(
        words.say(key, count=page.formats.count(len(candidates)), round=say_round(page, shown.round), where=where)
    )


def list_candidates(found: ListEvaluation) -> list[int]:
    """The best of the list, with all that share the last of these places."""
    place = found.result.place
    chosen = np.flatnonzero((place > 0) & (place <= found.rules.candidates))
    return [int(at) for at in chosen[np.argsort(place[chosen], kind="stable")]]


def draw_candidates(page: Frame, shown: EmulationView, found: ListEvaluation) -> None:
    """Who would be proposed, with the figures, months and source of each."""
    words, said = page.words, list_words(page, shown, found)
    parts.title(
        words.say("emulation.candidates_title", count=page.formats.count(found.rules.candidates)),
        words.say("emulation.candidates_subtitle"),
    )
    rows = [
        [
            said.label(at),
            said.say_place(at),
            said.say_reason(at, shown.tier),
            say_evidence(page, shown, found, at),
            say_source(page, found, at),
        ]
        for at in list_candidates(found)
    ]
    if not rows:
        parts.empty(words.say("emulation.nobody_ranked"))
        return
    parts.plain_table(list(words.section("emulation_candidates_head").values()), rows)


def say_evidence(page: Frame, shown: EmulationView, found: ListEvaluation, at: int) -> str:
    """ "12/2015: 81,2% → 12/2020: 93,0% (152.300/163.700 người)"."""
    said, formats, figures = list_words(page, shown, found), page.formats, found.figures
    return page.words.say(
        "emulation.evidence_candidate",
        start=formats.month_short(shown.round.from_period),
        before=said.say_start(at),
        end=formats.month_short(shown.round.to_period),
        after=said.say_rate(figures, at),
        people=formats.part_of(int(figures.insured[at]), int(figures.population[at])),
    )


def say_source(page: Frame, found: ListEvaluation, at: int) -> str:
    simulated = bool(found.units["is_simulated"].iloc[at])
    return page.words.say("emulation.source_simulated" if simulated else "emulation.source_reported")


def draw_exemplars(page: Frame, shown: EmulationView, found: ListEvaluation) -> None:
    """Best improvers for where they began, steady holders, fast recoveries: each by its rule."""
    words, formats, said = page.words, page.formats, list_words(page, shown, found)
    ranked = found.result.reason == ""
    status, months = found.data.status[found.places], found.data.months
    threshold = found.data.threshold
    value = formats.rule(threshold.value, threshold.operator) if threshold else ""

    improvers = list_improvers(found.values["net_of_distance"], ranked, found.rules.improvers)
    parts.title(
        words.say("emulation.improvers_title", count=formats.count(len(improvers))),
        words.say("emulation.improvers_rule", points=formats.number(found.rules.band_points)),
    )
    rows = [
        [
            said.label(at),
            said.say_value("net_of_distance", at),
            said.say_value("improvement", at),
            say_evidence(page, shown, found, at),
            say_source(page, found, at),
        ]
        for at in improvers
    ]
    draw_list(page, "improvers", rows, len(rows))

    line = "commune" if shown.tier == "commune" else "larger"
    steady = np.flatnonzero(find_steady(status) & ranked)
    rates = coverage_pct(found.figures.insured, found.figures.population)
    steady = steady[np.argsort(-rates[steady], kind="stable")]
    parts.title(
        words.say("emulation.steady_title", count=formats.count(len(steady))),
        words.say(f"emulation.steady_rule_{line}", months=formats.count(len(months)), rule=value)
        if threshold
        else words.say("emulation.no_line"),
    )
    rows = [
        [
            said.label(at),
            said.say_rate(found.figures, at),
            formats.part_of(len(months), len(months)),
            say_source(page, found, at),
        ]
        for at in steady[:SHOWN]
    ]
    draw_list(page, "steady", rows, len(steady))

    recoveries = find_recoveries(status, found.rules.recovery_months)
    back = np.flatnonzero((recoveries.returned >= 0) & ranked)
    back = back[np.lexsort((back, -recoveries.returned[back], recoveries.months[back]))]
    parts.title(
        words.say("emulation.recoveries_title", count=formats.count(len(back))),
        words.say(f"emulation.recoveries_rule_{line}", months=found.rules.recovery_months, rule=value)
        if threshold
        else words.say("emulation.no_line"),
    )
    rows = [
        [
            said.label(at),
            formats.month_short(months[recoveries.fell[at]]),
            formats.month_short(months[recoveries.returned[at]]),
            formats.count(int(recoveries.months[at])),
            said.say_rate(found.figures, at),
            say_source(page, found, at),
        ]
        for at in back[:SHOWN]
    ]
    draw_list(page, "recoveries", rows, len(back))
    if shown.closing is not None:
        parts.prose(words.say("emulation.exemplars_now"))


def draw_list(page: Frame, name: str, rows: list[list[str]], whole: int) -> None:
    """A table, or the sentence that nobody is on the list; how many are left out."""
    words, formats = page.words, page.formats
    if not rows:
        parts.prose(words.say(f"emulation.{name}_none"))
        return
    parts.plain_table(list(words.section(f"emulation_{name}_head").values()), rows)
    if whole > len(rows):
        parts.prose(words.say("emulation.first_of", shown=formats.count(len(rows)), rows=formats.count(whole)))


def list_awards(page: Frame) -> pd.DataFrame:
    """Awards inside the place of the View."""
    awards = loaders.load_awards(page.snapshot_id)
    unit = page.view.unit
    if unit == "VN" or awards.empty:
        return awards
    return awards[(awards["province_code"] == unit) | (awards["district_code"] == unit) | (awards["unit_code"] == unit)]


def draw_awards(page: Frame) -> None:
    """By round and level: who was recognised for what, and who was proposed to the Director General."""
    words, formats = page.words, page.formats
    awards = list_awards(page)
    if awards.empty:
        parts.title(words.say("emulation.awards_none_title"), "")
        draw_template_help(page, "awards")
        return
    proposed = int(awards["proposed_to_dg"].astype(bool).sum())
    parts.title(
        words.say("emulation.awards_title", count=formats.count(len(awards)), proposed=formats.count(proposed)),
        words.say("emulation.awards_subtitle", place=page.place()),
    )
    rounds = [name for name in ("final", "mid_term", "yearly") if (awards["round"] == name).any()]
    levels = [
        name for name in ("province", "district", "commune", "person") if (awards["level_of_award"] == name).any()
    ]
    head = ["", *(words.say(f"emulation.award_level_{name}") for name in levels), words.say("emulation.awards_all")]
    counts = [
        [
            words.say(f"emulation.award_round_{name}"),
            *(
                formats.count(int(((awards["round"] == name) & (awards["level_of_award"] == level)).sum()))
                for level in levels
            ),
            formats.count(int((awards["round"] == name).sum())),
        ]
        for name in rounds
    ]
    head[0] = words.say("emulation.award_round")
    parts.plain_table(head, counts)
    rows = [
        [
            words.say(f"emulation.award_round_{row.round}") + f" {row.year}",
            words.say(f"emulation.award_level_{row.level_of_award}"),
            row.recipient,
            say_unit(row),
            row.form,
            words.say("emulation.proposed") if row.proposed_to_dg else "",
            say_decision(page, row),
        ]
        for row in awards.head(SHOWN_AWARDS).itertuples()
    ]
    parts.plain_table(list(words.section("emulation_awards_head").values()), rows)
    if len(awards) > SHOWN_AWARDS:
        parts.prose(words.say("quality.first_rows", shown=formats.count(SHOWN_AWARDS), rows=formats.count(len(awards))))


def say_unit(row: object) -> str:
    """ "Xã Tân Lập, Tỉnh Sơn La"; a province without anything above it."""
    above = row.province_name if row.level not in ("nation", "province") and isinstance(row.province_name, str) else ""
    return f"{row.name}, {above}" if above else str(row.name)


def say_decision(page: Frame, row: object) -> str:
    words = page.words
    if not isinstance(row.decision, str):
        return words.say("emulation.no_decision")
    if pd.isna(row.decided_on):
        return row.decision
    return words.say("emulation.decision", decision=row.decision, day=page.formats.day(row.decided_on))
