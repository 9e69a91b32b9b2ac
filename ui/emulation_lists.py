"""The lists beside the ranking of an evaluation, written: units apart, revisions, weights.

The page and the report are made of the same `Listing`s; nothing here draws.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from indicators.evaluation_reasons import find_revised
from indicators.rules import last_day
from ui import captions
from ui import loaders as shared
from ui.emulation import EmulationView, say_list
from ui.emulation_words import ListWords
from ui.frame import Frame
from ui.loaders import emulation as loaders
from ui.loaders.emulation import ListEvaluation
from ui.loaders.round_communes import Shared, load_frozen_communes, load_round_communes


@dataclass(frozen=True)
class Listing:
    """A table with its title and the rule it was made by. `whole`: how many rows there would be in all; `nothing`: what is
    said where there are none."""

    title: str
    rule: str
    head: list[str]
    rows: list[list[str]]
    whole: int
    nothing: str = ""


def place_names(page: Frame, shown: EmulationView) -> pd.Series:
    return shared.load_units(page.snapshot_id, shown.boundary_set)["name"]


def load_lists(page: Frame, shown: EmulationView) -> tuple[ListEvaluation, ListEvaluation]:
    """The list as it counts (frozen where the round is closed) and as the figures stand now."""
    asked = (page.snapshot_id, shown.round, shown.tier, shown.provinces, shown.place)
    now = loaders.load_list(*asked)
    if shown.closing is None:
        return now, now
    frozen = loaders.load_frozen_list(*asked, str(shown.closing["round_id"]), int(shown.closing["closing"]))
    return (now if frozen is None else frozen), now


def list_words(page: Frame, shown: EmulationView, found: ListEvaluation) -> ListWords:
    labels = shared.place_labels(page.snapshot_id, shown.boundary_set, shown.tier, not shown.place)

    def count_communes() -> Shared:
        if (closing := shown.closing) is None:
            return load_round_communes(page.snapshot_id, shown.round, shown.boundary_set, shown.tier)
        record = str(closing["round_id"]), int(closing["closing"])
        return load_frozen_communes(page.snapshot_id, shown.boundary_set, shown.tier, *record)

    return ListWords(found, labels, page.words, page.formats, count_communes)


def head_of(page: Frame, name: str) -> list[str]:
    return list(page.words.section(f"emulation_{name}_head").values())


def find_apart_units(found: ListEvaluation) -> tuple[np.ndarray, int]:
    """Units that could have been ranked and were not, and how many the programme does not count at all."""
    reasons = found.result.reason
    return np.flatnonzero((reasons != "") & (reasons != "not_counted")), int((reasons == "not_counted").sum())


def count_listed(found: ListEvaluation) -> int:
    """Units of the list that the programme counts: those with a place and those that stand apart."""
    return len(found.places) - find_apart_units(found)[1]


def list_apart(page: Frame, shown: EmulationView, found: ListEvaluation, most: int) -> Listing:
    """Units without a place, each with why."""
    words, said = page.words, list_words(page, shown, found)
    apart, _ = find_apart_units(found)
    return Listing(
        words.say("emulation.apart_title", count=page.formats.count(len(apart))),
        words.say("emulation.apart_subtitle"),
        [words.say("emulation.col_unit"), words.say("emulation.col_why")],
        [[said.label(at), said.say_apart(at)] for at in apart[:most]],
        len(apart),
    )


def list_revised(
    page: Frame, shown: EmulationView, frozen: ListEvaluation, now: ListEvaluation, most: int
) -> Listing | None:
    """Where the figures of a closed round were revised since: then, now, the difference, and the place then and now. None
    for a round that is open."""
    if shown.closing is None or frozen is now:
        return None
    words, formats = page.words, page.formats
    said, said_now = list_words(page, shown, frozen), list_words(page, shown, now)
    at_now = pd.Series(np.arange(len(now.places)), index=now.units["unit_code"]).reindex(frozen.units["unit_code"])
    known = np.flatnonzero(at_now.notna())
    other = at_now.iloc[known].astype(int).to_numpy()
    then_figures, now_figures = frozen.figures, now.figures
    revised = np.zeros(len(known), dtype=bool)
    for name in ("insured", "population", "insured_start", "population_start"):
        revised |= find_revised(getattr(now_figures, name)[other], getattr(then_figures, name)[known])
    places = np.flatnonzero(revised)
    if not len(places):
        title, rule = words.say("emulation.revised_none_title"), words.say("emulation.revised_none")
        return Listing(title, rule, [], [], 0)
    moved = int((now.result.place[other] != frozen.result.place[known]).sum())
    rows = []
    for a, b in zip(known[places[:most]], other[places[:most]], strict=True):
        people = min(now_figures.insured[b], then_figures.insured[a])
        change = int(now_figures.insured[b] - then_figures.insured[a])
        rows.append(
            [
                said.label(a),
                said.say_rate(then_figures, a),
                said.say_rate(now_figures, b),
                said.say_difference(then_figures, a, now_figures, b),
                formats.change(change) if people >= 0 else formats.missing,
                said.say_place(a),
                said_now.say_place(b),
            ]
        )
    return Listing(
        words.say("emulation.revised_title", count=formats.count(len(places))),
        words.say("emulation.revised_subtitle", moved=formats.count(moved)),
        head_of(page, "revised"),
        rows,
        len(places),
    )


def list_weights(page: Frame, shown: EmulationView, found: ListEvaluation) -> Listing:
    """Indicators and weights of the level."""
    words = page.words
    rows = [
        [
            words.say(f"emulation.ind_{entry.indicator}"),
            page.formats.number(entry.weight) if entry.weight else words.say("emulation.weight_none"),
            words.say(f"emulation.ind_{entry.indicator}_long"),
        ]
        for entry in found.rules.of_level(shown.tier)
    ]
    subtitle = words.say("emulation.weights_subtitle" if found.rules.is_example else "emulation.weights_official")
    return Listing(words.say("emulation.weights_title"), subtitle, head_of(page, "weights"), rows, len(rows))


def say_unit(row: object) -> str:
    """ "Xã Tân Lập, Tỉnh Sơn La"; a province without anything above it."""
    above = row.province_name if row.level not in ("nation", "province") and isinstance(row.province_name, str) else ""
    return f"{row.name}, {above}" if above else str(row.name)


def list_caption(page: Frame, shown: EmulationView, found: ListEvaluation) -> list[str]:
    """Source, date, boundaries, criterion, population, rules and filter of a list."""
    words, formats = page.words, page.formats
    simulated = int(found.units["is_simulated"].sum())
    threshold = found.data.threshold
    source = "caption.source_reported"
    if simulated:
        source = "caption.source_simulated" if simulated == len(found.places) else "caption.source_mixed"
    communes = sum(level == "commune" for level in page.catalogue.unit_levels[shown.boundary_set].values())
    return [
        words.say(source, count=formats.count(simulated)),
        words.say("caption.as_of", date=formats.day(last_day(shown.round.to_period))),
        words.say(
            "caption.boundaries",
            boundaries=words.say(f"boundary_set.{shown.boundary_set}.long", units=formats.count(communes)),
        ),
        captions.say_threshold(page, threshold),
        words.say("caption.population_report"),
        words.say(
            "emulation.caption_rules" if found.rules.is_example else "emulation.caption_rules_official",
            legal=found.rules.legal_basis,
        ),
        words.say("caption.filter_place", place=say_list(page, shown, place_names(page, shown))),
    ]
