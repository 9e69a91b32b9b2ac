"""Who could be recognised and who was, written: candidates with their evidence, exemplars by rules that are data, awards.

The page and the report are made of the same lists; nothing here draws.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.settings import get_settings
from indicators.exemplars import Recoveries, find_recoveries, find_steady, list_improvers
from indicators.rates import coverage_pct
from ui.emulation import EmulationView
from ui.emulation_lists import Listing, head_of, list_words, say_unit
from ui.frame import Frame
from ui.loaders import emulation as loaders
from ui.loaders.emulation import ListEvaluation


def hides_candidates(shown: EmulationView) -> bool:
    """Whether candidates are not this reader's to see: they are a draft of what people decide, so that the public edition
    shows them once the round is closed. A rehearsal is no closing.
    """
    if get_settings().edition == "internal":
        return False
    return shown.closing is None or bool(shown.closing["units_simulated"])


def find_candidates(found: ListEvaluation) -> list[int]:
    """The best of the list, with all that share the last of these places."""
    place = found.result.place
    chosen = np.flatnonzero((place > 0) & (place <= found.rules.candidates))
    return [int(at) for at in chosen[np.argsort(place[chosen], kind="stable")]]


def list_candidates(page: Frame, shown: EmulationView, found: ListEvaluation) -> Listing:
    """Who would be proposed, with the figures, months and source of each."""
    words, said = page.words, list_words(page, shown, found)
    rows = [
        [
            said.label(at),
            said.say_place(at),
            said.say_reason(at, shown.tier),
            say_evidence(page, shown, found, at),
            say_source(page, found, at),
        ]
        for at in find_candidates(found)
    ]
    return Listing(
        words.say("emulation.candidates_title", count=page.formats.count(found.rules.candidates)),
        words.say("emulation.candidates_subtitle"),
        head_of(page, "candidates"),
        rows,
        len(rows),
        words.say("emulation.nobody_ranked"),
    )


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


def list_exemplars(page: Frame, shown: EmulationView, found: ListEvaluation, most: int) -> list[Listing]:
    """Best improvers for where they began, steady holders, fast recoveries: each by its rule, at most so many rows."""
    return [
        list_best_improvers(page, shown, found),
        list_steady(page, shown, found, most),
        list_recoveries(page, shown, found, most),
    ]


def list_best_improvers(page: Frame, shown: EmulationView, found: ListEvaluation) -> Listing:
    words, formats, said = page.words, page.formats, list_words(page, shown, found)
    gained = found.values["improvement"]
    # Whoever fell less than the others improved nothing.
    eligible = (found.result.reason == "") & gained.known & (gained.numerator > 0)
    improvers = list_improvers(found.values["net_of_distance"], eligible, found.rules.improvers)
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
    return Listing(
        words.say("emulation.improvers_title", count=formats.count(len(improvers))),
        words.say("emulation.improvers_rule", points=formats.number(found.rules.band_points)),
        head_of(page, "improvers"),
        rows,
        len(rows),
        words.say("emulation.improvers_none"),
    )


def line_rule(page: Frame, shown: EmulationView, found: ListEvaluation, name: str, months: str) -> str:
    """The rule of a list that is held against the line; that there is none, where no threshold is known."""
    threshold = found.data.threshold
    if threshold is None:
        return page.words.say("emulation.no_line")
    kind = "commune" if shown.tier == "commune" else "larger"
    rule = page.formats.rule(threshold.value, threshold.operator)
    return page.words.say(f"emulation.{name}_rule_{kind}", months=months, rule=rule)


def order_steady(found: ListEvaluation) -> np.ndarray:
    """Units that met the line in every month of the round, best coverage first."""
    steady = np.flatnonzero(find_steady(found.data.status[found.places]) & (found.result.reason == ""))
    rates = coverage_pct(found.figures.insured, found.figures.population)
    return steady[np.argsort(-rates[steady], kind="stable")]


def order_recoveries(found: ListEvaluation) -> tuple[np.ndarray, Recoveries]:
    """Units that fell below the line and came back in time: the fastest first, of those the latest; with their months."""
    recoveries = find_recoveries(found.data.status[found.places], found.rules.recovery_months)
    back = np.flatnonzero((recoveries.returned >= 0) & (found.result.reason == ""))
    return back[np.lexsort((back, -recoveries.returned[back], recoveries.months[back]))], recoveries


def list_steady(page: Frame, shown: EmulationView, found: ListEvaluation, most: int) -> Listing:
    formats, said = page.formats, list_words(page, shown, found)
    months = len(found.data.months)
    steady = order_steady(found)
    rows = [
        [
            said.label(at),
            said.say_rate(found.figures, at),
            formats.part_of(months, months),
            say_source(page, found, at),
        ]
        for at in steady[:most]
    ]
    return Listing(
        page.words.say("emulation.steady_title", count=formats.count(len(steady))),
        line_rule(page, shown, found, "steady", formats.count(months)),
        head_of(page, "steady"),
        rows,
        len(steady),
        page.words.say("emulation.steady_none"),
    )


def list_recoveries(page: Frame, shown: EmulationView, found: ListEvaluation, most: int) -> Listing:
    formats, said, months = page.formats, list_words(page, shown, found), found.data.months
    back, recoveries = order_recoveries(found)
    rows = [
        [
            said.label(at),
            formats.month_short(months[recoveries.fell[at]]),
            formats.month_short(months[recoveries.returned[at]]),
            formats.count(int(recoveries.months[at])),
            said.say_rate(found.figures, at),
            say_source(page, found, at),
        ]
        for at in back[:most]
    ]
    return Listing(
        page.words.say("emulation.recoveries_title", count=formats.count(len(back))),
        line_rule(page, shown, found, "recoveries", str(found.rules.recovery_months)),
        head_of(page, "recoveries"),
        rows,
        len(back),
        page.words.say("emulation.recoveries_none"),
    )


def load_shown_awards(page: Frame, place: str) -> pd.DataFrame:
    """Awards inside a place. The public edition shows those that were decided: a proposal is a draft."""
    awards = loaders.load_awards(page.snapshot_id)
    if get_settings().edition != "internal":
        awards = awards[awards["decision"].notna()]
    if place == "VN" or awards.empty:
        return awards
    inside = [awards[column] == place for column in ("province_code", "district_code", "unit_code")]
    return awards[inside[0] | inside[1] | inside[2]]


def list_awards(page: Frame, awards: pd.DataFrame, place: str, most: int) -> Listing:
    """Who was recognised for what, and who was proposed to the Director General."""
    words, formats = page.words, page.formats
    proposed = int(awards["proposed_to_dg"].astype(bool).sum())
    rows = [
        [
            f"{words.say(f'emulation.award_round_{row.round}')} {row.year}",
            words.say(f"emulation.award_level_{row.level_of_award}"),
            row.recipient,
            say_unit(row),
            row.form,
            words.say("emulation.proposed") if row.proposed_to_dg else "",
            say_decision(page, row),
        ]
        for row in awards.head(most).itertuples()
    ]
    return Listing(
        words.say("emulation.awards_title", count=formats.count(len(awards)), proposed=formats.count(proposed)),
        words.say("emulation.awards_subtitle", place=place),
        head_of(page, "awards"),
        rows,
        len(awards),
        words.say("emulation.awards_none_title"),
    )


def count_awards(page: Frame, awards: pd.DataFrame) -> tuple[list[str], list[list[str]]]:
    """Head and rows of the number of awards by round and level."""
    words, formats = page.words, page.formats
    rounds = [name for name in ("final", "mid_term", "yearly") if (awards["round"] == name).any()]
    levels = [
        name for name in ("province", "district", "commune", "person") if (awards["level_of_award"] == name).any()
    ]
    head = [
        words.say("emulation.award_round"),
        *(words.say(f"emulation.award_level_{name}") for name in levels),
        words.say("emulation.awards_all"),
    ]
    rows = []
    for name in rounds:
        own = awards[awards["round"] == name]["level_of_award"]
        counts = [formats.count(int((own == level).sum())) for level in levels]
        rows.append([words.say(f"emulation.award_round_{name}"), *counts, formats.count(len(own))])
    return head, rows


def say_decision(page: Frame, row: object) -> str:
    words = page.words
    if not isinstance(row.decision, str):
        return words.say("emulation.no_decision")
    if pd.isna(row.decided_on):
        return row.decision
    return words.say("emulation.decision", decision=row.decision, day=page.formats.day(row.decided_on))
