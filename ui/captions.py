"""The caption under every figure: source, date, boundaries, criterion, population, coverage of the figures, filter."""

from __future__ import annotations

from collections.abc import Sequence

from indicators.rules import Threshold, last_day
from text.words import Words
from ui import loaders
from ui.frame import Frame
from ui.sums import PlaceSummary


def list_pieces(
    page: Frame, now: PlaceSummary, threshold: Threshold | None, place: str = "", more: Sequence[str] = ()
) -> list[str]:
    """What stands in the caption of figures of one month, for `parts.caption`.

    `now` are the sums behind the figures (how many units reported, how many are simulated); `place` is the filter, "" for
    none; `more` are further pieces, before the filter.
    """
    words, formats, view = page.words, page.formats, page.view
    outlines = loaders.outlines_of(page.boundary_set)
    approximate = outlines.get("source", {}).get("approximate", True)
    communes = list(page.catalogue.unit_levels[page.boundary_set].values()).count("commune")
    return [
        say_source(page, now),
        words.say("caption.as_of", date=formats.day(last_day(view.period))),
        words.say(
            "caption.boundaries" if approximate else "caption.boundaries_imported",
            boundaries=words.say(f"boundary_set.{page.boundary_set}.long", units=formats.count(communes)),
        ),
        words.say("caption.merged_2019") if page.boundary_set == "2019-10" and view.period >= "2019-11" else "",
        say_threshold(page, threshold),
        words.say("caption.population_report"),
        words.say("caption.coverage_of", reported=formats.count(now.units_reported), units=formats.count(now.units)),
        name_outlines(outlines, words),
        *more,
        words.say("caption.filter_place", place=place) if place else words.say("caption.filter_none"),
    ]


def say_threshold(page: Frame, threshold: Threshold | None) -> str:
    """The criterion with its legal source, or that there is none."""
    if threshold is None:
        return page.words.say("caption.no_threshold")
    value = page.formats.rule(threshold.value, threshold.operator)
    return page.words.say("caption.threshold", value=value, legal=threshold.legal_basis)


def say_source(page: Frame, now: PlaceSummary) -> str:
    """Whether the figures are received, simulated, or both (with how many are simulated)."""
    if now.units_simulated <= 0:
        return page.words.say("caption.source_reported")
    if now.units_simulated >= now.units_reported:
        return page.words.say("caption.source_simulated")
    return page.words.say("caption.source_mixed", count=page.formats.count(now.units_simulated))


def name_outlines(outlines: dict, words: Words) -> str:
    """Who drew the outlines: of the imported ones what their file says, with those of the units that it lacks (their licence
    asks for the name too); else where the shipped ones come from."""
    source = outlines.get("source")
    if not source:
        return words.say("caption.outlines_source")
    said = words.say("caption.outlines_imported", source=source["attribution"], licence=source["licence"])
    return said + (words.say("caption.outlines_rest", rest=source["rest"]) if source.get("rest") else "")
