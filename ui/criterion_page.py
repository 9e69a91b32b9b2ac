"""The criterion page, block by block."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import streamlit as st

from indicators.classes import NOT_APPLICABLE
from indicators.rules import threshold_in_force
from ui import captions, home_page, loaders, parts
from ui.catalogue import province_of
from ui.criterion import CriterionFacts, build_facts
from ui.criterion_choices import find_after, find_before, find_classes, name_rule
from ui.criterion_tables import draw_changes, draw_groups
from ui.criterion_words import CriterionWords
from ui.frame import Frame
from ui.map import MapFrame, absence_entries, draw_map
from ui.map_frame import build_map_frame
from ui.map_frame import map_callbacks as plain_callbacks
from ui.sums import PlaceSummary
from ui.takeaway import bar
from ui.view import NATION

LEGEND = "changes"


@dataclass(frozen=True)
class Criterion:
    """All that the blocks need. `level` of the groups: province for the nation, district for a province, "" for none."""

    facts: CriterionFacts
    said: CriterionWords
    code: str
    level: str


def read_criterion(page: Frame) -> Criterion | None:
    """None where the programme has no monthly figures: `home_page.say_absence` says why."""
    view = page.view
    if not page.catalogue.programmes[view.programme] or not loaders.snapshot_info().has_figures:
        return None
    before, is_in_force = find_before(page)
    after, code = find_after(page, before)
    level = "province" if page.unit_level == "nation" else "district"
    units = loaders.load_communes(page.snapshot_id, view.period, page.boundary_set)
    facts = build_facts(
        units[is_inside(page, units)],
        view.period,
        before,
        after,
        is_in_force=is_in_force,
        labels=loaders.place_labels(page.snapshot_id, page.boundary_set, "commune", view.unit == NATION),
        group_column=f"{level}_code",
    )
    return Criterion(facts, CriterionWords(facts, page.label(view.unit), page.words, page.formats), code, level)


def is_inside(page: Frame, units: pd.DataFrame) -> np.ndarray:
    """Which communes lie in the place shown."""
    place = page.view.unit
    if place == NATION:
        return np.ones(len(units), dtype=bool)
    return (
        (units["province_code"] == place) | (units["district_code"] == place) | (units["unit_code"] == place)
    ).to_numpy()


def draw_head(page: Frame, read: Criterion | None) -> None:
    with st.container(key="banners"):
        if read is None:
            parts.headline(page.words.say("criterion.headline_absent"))
            home_page.say_absence(page)
            return
        say_banners(page, read.facts)
    parts.headline(read.said.headline())
    parts.figures(read.said.figures())
    parts.lead(" ".join([read.said.lead(), *say_own_rule(page)]))


def say_own_rule(page: Frame) -> list[str]:
    """Where the province shown measures its communes by a bar of its own, that bar."""
    province = province_of(page.view.unit, page.boundary_set, page.catalogue)
    programme = loaders.load_programmes(page.snapshot_id)[page.view.programme]
    rule = threshold_in_force(programme, page.view.period, scope=province) if province else None
    if rule is None or rule.scope != province:
        return []
    written = page.formats.rule(rule.value, rule.operator)
    return [page.words.say("rule.scope_note", place=page.label(province), rule=written) + "."]


def say_banners(page: Frame, facts: CriterionFacts) -> None:
    """Simulated, converted, partial."""
    words, month = page.words, page.formats.month(page.view.period)
    home_page.say_simulated(page, int(facts.units["is_simulated"].sum()))
    if page.view.boundaries:
        shown = words.say(f"boundary_set.{page.view.boundaries}.short").lower()
        parts.banner(words.say("home.banner_converted", period=month, boundaries=shown), words=words)
    home_page.say_partial(page)


def draw_body(page: Frame, read: Criterion) -> None:
    """Map beside the sums per province or district; below them the communes that change."""
    if read.facts.has_figures:
        left, right = st.columns([50, 50], gap="large")
        with left:
            draw_changes_map(page, read)
        with right:
            draw_groups(page, read.facts, read.said, read.level)
        draw_changes(page, read.facts, read.said)


def say_map(page: Frame, read: Criterion) -> tuple[str, str]:
    said = read.said
    subtitle = page.words.say(
        "criterion.map_subtitle",
        before=said.before,
        after=said.after,
        place=page.place(),
        period=page.formats.month(read.facts.period),
    )
    return said.map_title(), subtitle


def draw_changes_map(page: Frame, read: Criterion) -> None:
    words = page.words
    title, subtitle = say_map(page, read)
    parts.title(title, f"{subtitle}; {words.say('criterion.map_hint')}")
    shown = build_frame(page, read, words.say("criterion.map_sentence", title=title, subtitle=subtitle))
    if shown is None:
        boundaries = words.say(f"boundary_set.{page.boundary_set}.short")
        parts.banner(words.say("error.no_outlines", boundaries=boundaries), words=words, kind="error")
        return
    draw_map(shown, words, page.formats, map_callbacks(page))
    bar.show(page, "map")


def build_frame(page: Frame, read: Criterion, sentence: str) -> MapFrame | None:
    """The commune map of the place with the classes of change: always communes, whatever level other pages show."""
    by_commune = copy.copy(page)
    by_commune.view = replace(page.view, level="commune")
    plain = build_map_frame(by_commune, sentence)
    if plain is None:
        return None
    units = loaders.load_communes(page.snapshot_id, page.view.period, page.boundary_set)
    inside = is_inside(page, units)
    classes = np.full(len(units), NOT_APPLICABLE, dtype=np.uint8)
    classes[inside] = read.facts.units["change"].to_numpy()
    legend = [*read.said.legend(), *absence_entries(page.words)]
    # No file holds these classes over time and none the figures of a typed rule: the slider is off, hover names the class.
    return replace(
        plain,
        classes=classes,
        edges=None,
        legend=LEGEND,
        legends={LEGEND: legend},
        files={**plain.files, "values": None, "rest": None},
        uncounted=tuple(int(at) for at in np.flatnonzero(~inside | units["stands_alone"].to_numpy(dtype=bool))),
        controls=("legend", "zoom", "insets"),
        filter=tuple(find_classes(page)),
    )


def map_callbacks(page: Frame) -> Mapping:
    """Clicks and the legend's filter, as on every map."""

    def filtered() -> None:
        codes = page.read_trigger("map", "filtered")
        if codes is not None:
            page.go(only=".".join(str(int(code)) for code in codes), page=1)

    return plain_callbacks(page) | {"filtered": filtered, "rested": nothing, "recoloured": nothing}


def nothing() -> None:
    """The slider is off and there is one legend only."""


def list_caption(page: Frame, read: Criterion) -> list[str]:
    facts, words = read.facts, page.words
    units = facts.units[~facts.units["stands_alone"].astype(bool)]
    known = (units["population"] > 0) & (units["insured"] >= 0)
    now = replace_counts(
        units=len(units), units_reported=int(known.sum()), units_simulated=int((known & units["is_simulated"]).sum())
    )
    applied = words.say("criterion.caption_after", rule=read.said.after, legal=name_rule(page, facts.after, read.code))
    place = "" if page.view.unit == NATION else page.label(page.view.unit)
    return captions.list_pieces(page, now, facts.before if facts.is_in_force else None, place, [applied])


def draw_caption(page: Frame, read: Criterion) -> None:
    parts.caption(list_caption(page, read))


def replace_counts(**counts: int) -> PlaceSummary:
    """Sums of which only the counts of units are known; all else -1."""
    return PlaceSummary(**{name: counts.get(name, -1) for name in PlaceSummary.__dataclass_fields__})
