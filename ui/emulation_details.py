"""Thi đua, below the ranking: what was revised since the round was closed, who stands apart, clusters with their lead, and
the weights."""

from __future__ import annotations

import numpy as np
import pandas as pd

from indicators.evaluation import find_revised
from ui import loaders as shared
from ui import parts
from ui.emulation import EmulationView, report_of
from ui.emulation_page import list_words
from ui.frame import Frame
from ui.loaders.emulation import ListEvaluation
from ui.loaders.groups import choices_by_kind, say_scope
from ui.markup import button, draw_markup
from ui.parts import escape

SHOWN_APART = 30
SHOWN_REVISED = 20


def draw_clusters(page: Frame, shown: EmulationView) -> None:
    """The clusters of the round's year with their members and lead; where none is known, how to load them."""
    words = page.words
    clusters = choices_by_kind(shown.scopes)["cluster"]
    title = words.say("emulation.clusters_title", count=page.formats.count(len(clusters)), year=shown.round.year)
    if not clusters:
        parts.title(words.say("emulation.clusters_none_title", year=shown.round.year), "")
        parts.empty(words.say("emulation.clusters_none", year=shown.round.year))
        return
    names = shared.load_units(page.snapshot_id, shown.boundary_set)["short_name"]
    members = {code for scope in clusters for code in scope.members}
    everyone = shown.scopes["nation"].members
    missing = [code for code in everyone if code not in members]
    parts.title(title, words.say("emulation.clusters_subtitle"))
    rows = ""
    for scope in clusters:
        leads = ", ".join(names[code] for code in scope.leads) or words.say("emulation.lead_unknown")
        listed = ", ".join(names[code] for code in scope.members)
        source = words.say("emulation.cluster_received" if scope.is_received else "emulation.cluster_published")
        pressed = scope.code == shown.scope.code
        cells = (
            f"<td>{button('group', 'nation' if pressed else scope.code, say_scope(scope, words), pressed=pressed)}</td>"
            f"<td>{escape(leads)}</td><td>{escape(listed)}</td><td>{escape(source)}: {escape(scope.source)}</td>"
        )
        rows += f"<tr>{cells}</tr>"
    head = "".join(
        f'<th scope="col">{escape(words.say(f"emulation.cluster_{name}"))}</th>'
        for name in ("name", "lead", "members", "source")
    )
    table = (
        f'<div class="bp-scroll" tabindex="0"><table class="bp-table bp-clusters" aria-label="{escape(title)}"><thead>'
        f"<tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
    draw_markup("clusters", table, report_of(page, "clusters"))
    if missing:
        parts.prose(
            words.say("emulation.clusters_partial", count=page.formats.count(len(missing)), year=shown.round.year)
        )


def draw_apart(page: Frame, shown: EmulationView, found: ListEvaluation) -> None:
    """Units without a place, each with why."""
    words, formats, said = page.words, page.formats, list_words(page, shown, found)
    reasons = found.result.reason
    apart = np.flatnonzero((reasons != "") & (reasons != "not_counted"))
    left_out = int((reasons == "not_counted").sum())
    if not len(apart) and not left_out:
        return
    parts.title(
        words.say("emulation.apart_title", count=formats.count(len(apart))), words.say("emulation.apart_subtitle")
    )
    if left_out:
        parts.prose(words.say("emulation.left_out", count=formats.count(left_out)))
    if len(apart):
        head = [words.say("emulation.col_unit"), words.say("emulation.col_why")]
        parts.plain_table(head, [[said.label(at), said.say_apart(at)] for at in apart[:SHOWN_APART]])
    if len(apart) > SHOWN_APART:
        parts.prose(words.say("quality.first_rows", shown=formats.count(SHOWN_APART), rows=formats.count(len(apart))))


def draw_revisions(page: Frame, shown: EmulationView, frozen: ListEvaluation, now: ListEvaluation) -> None:
    """Where the figures of a closed round were revised since: then, now, the difference, and the place then and now."""
    if shown.closing is None or frozen is now:
        return
    words, formats, said = page.words, page.formats, list_words(page, shown, frozen)
    at_now = pd.Series(np.arange(len(now.places)), index=now.units["unit_code"])
    at_now = at_now.reindex(frozen.units["unit_code"])
    known = np.flatnonzero(at_now.notna())
    other = at_now.iloc[known].astype(int).to_numpy()
    then_figures, now_figures = frozen.figures, now.figures
    revised = np.zeros(len(known), dtype=bool)
    for name in ("insured", "population", "insured_start", "population_start"):
        revised |= find_revised(getattr(now_figures, name)[other], getattr(then_figures, name)[known])
    places = np.flatnonzero(revised)
    if not len(places):
        parts.title(words.say("emulation.revised_none_title"), words.say("emulation.revised_none"))
        return
    moved = int((now.result.place[other] != frozen.result.place[known]).sum())
    parts.title(
        words.say("emulation.revised_title", count=formats.count(len(places))),
        words.say("emulation.revised_subtitle", moved=formats.count(moved)),
    )
    rows = []
    for place in places[:SHOWN_REVISED]:
        a, b = known[place], other[place]
        then, present = said.say_rate(then_figures, a), said.say_rate(now_figures, b)
        rows.append(
            [
                said.label(a),
                then,
                present,
                said.say_difference(then_figures, a, now_figures, b),
                formats.change(int(now_figures.insured[b] - then_figures.insured[a]))
                if min(now_figures.insured[b], then_figures.insured[a]) >= 0
                else formats.missing,
                said.say_place(a),
                list_words(page, shown, now).say_place(b),
            ]
        )
    parts.plain_table(list(words.section("emulation_revised_head").values()), rows)
    if len(places) > SHOWN_REVISED:
        parts.prose(
            words.say("quality.first_rows", shown=formats.count(SHOWN_REVISED), rows=formats.count(len(places)))
        )


def draw_weights(page: Frame, shown: EmulationView, found: ListEvaluation) -> None:
    """Indicators and weights, and where they are set."""
    words, formats = page.words, page.formats
    parts.title(words.say("emulation.weights_title"), words.say("emulation.weights_subtitle"))
    rows = [
        [
            words.say(f"emulation.ind_{entry.indicator}"),
            formats.number(entry.weight) if entry.weight else words.say("emulation.weight_none"),
            words.say(f"emulation.ind_{entry.indicator}_long"),
        ]
        for entry in found.rules.of_level(shown.tier)
    ]
    parts.plain_table(list(words.section("emulation_weights_head").values()), rows)
    parts.prose(words.say("emulation.weights_how"))
