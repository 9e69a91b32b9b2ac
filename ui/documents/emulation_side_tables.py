"""The tables beside the ranking of a round as files: clusters and regions compared, who is in a cluster, units apart,
exemplars, weights."""

from __future__ import annotations

from functools import partial

import numpy as np

from indicators.ranking import Ranks, place_of
from indicators.rates import floor_pct
from reports.table_files import UNKNOWN
from ui.documents.tables import Draft, TakenTable, table_offer
from ui.documents.unit_rows import add_counts, add_names
from ui.emulation import EmulationView, read_view
from ui.emulation_groups import compare_scopes, list_groups
from ui.emulation_lists import find_apart_units, list_apart, list_words, load_lists
from ui.emulation_lists import list_weights as say_weights
from ui.emulation_page import list_caption, units_simulated
from ui.frame import Frame
from ui.loaders import load_units
from ui.loaders.emulation import ListEvaluation
from ui.loaders.groups import choices_by_kind, say_scope
from ui.recognition_lists import list_recoveries, list_steady, order_recoveries, order_steady
from ui.takeaway.offers import Offer


def take_compared(page: Frame, kind: str) -> TakenTable | None:
    """The clusters (or regions) of the round as the page orders them: best coverage first, those without a place last."""
    shown = read_view(page)
    listing = None if shown is None else list_groups(page, shown, kind)
    if shown is None or listing is None:
        return None
    scopes, words = tuple(choices_by_kind(shown.scopes)[kind]), page.words
    found = compare_scopes(page, shown, scopes)
    sums, by_name = found.sums, {say_scope(scope, words): at for at, scope in enumerate(scopes)}
    order = [by_name[row[0]] for row in listing.rows]
    draft = Draft(words)
    draft.add("group", "text", [row[0] for row in listing.rows], words.say("emulation.group"), 34)
    add_ranks(draft, "coverage_rank", sums.by_coverage, order)
    draft.add("population", "count", sums.population[order])
    draft.add("insured", "count", sums.insured[order])
    draft.add("coverage", "rate", floor_pct(sums.insured, sums.population)[order])
    if found.threshold is not None:
        add_ranks(draft, "share_rank", sums.by_share, order)
        draft.add("communes_counted", "count", sums.counted[order])
        draft.add("communes_met", "count", sums.met[order])
        draft.add("communes_met_share", "rate", floor_pct(sums.met, sums.counted)[order])
        draft.add("still_to_enrol", "count", sums.still_to_enrol[order])
    draft.add("provinces_known", "count", sums.known[order])
    draft.add("provinces", "count", sums.members[order])
    return finish(page, shown, read_counted(page, shown), draft, listing.title, listing.rule, 1)


def add_ranks(draft: Draft, name: str, ranks: Ranks, order: list[int]) -> None:
    places = [place_of(ranks, at) for at in order]
    draft.add(name, "count", [UNKNOWN if place is None else place for place in places])


def take_clusters(page: Frame) -> TakenTable | None:
    """Every cluster of the round's year, a row per member."""
    shown, words = read_view(page), page.words
    clusters = [] if shown is None else choices_by_kind(shown.scopes)["cluster"]
    if shown is None or not clusters:
        return None
    rows = [(scope, code) for scope in clusters for code in scope.members]
    names = load_units(page.snapshot_id, shown.boundary_set)["name"]
    draft = Draft(words)
    draft.add("group", "text", [say_scope(scope, words) for scope, _ in rows], words.say("emulation.cluster_name"), 24)
    draft.add("unit_code", "text", [code for _, code in rows], width=12)
    members = names.reindex([code for _, code in rows])
    draft.add("name", "text", members, words.say("takeaway.column.name_province"), 30)
    draft.add("is_lead", "text", [draft.say_yes(code in scope.leads) for scope, code in rows], width=14)
    states = ["received" if scope.is_received else "published" for scope, _ in rows]
    draft.add("origin", "text", [words.say(f"emulation.cluster_{state}") for state in states], width=18)
    draft.add("source", "text", [scope.source for scope, _ in rows], width=60)
    title = words.say("emulation.clusters_title", count=page.formats.count(len(clusters)), year=shown.round.year)
    whole = words.say("caption.filter_place", place=words.say("groups.nation"))
    return draft.finish(title, words.say("emulation.clusters_subtitle"), [whole], frozen=1)


def take_apart(page: Frame) -> TakenTable | None:
    """Every unit that could have been ranked and was not, with why."""
    shown = read_view(page)
    if shown is None:
        return None
    found = read_counted(page, shown)
    apart, left_out = find_apart_units(found)
    if not len(apart):
        return None
    words, said, units = page.words, list_words(page, shown, found), found.units.iloc[apart]
    listing, draft = list_apart(page, shown, found, 0), Draft(words)
    add_names(draft, page, units["unit_code"].tolist(), shown.tier, shown.boundary_set)
    figures = {name: getattr(found.figures, name)[apart] for name in ("population", "insured")}
    add_counts(draft, units.assign(**figures))
    draft.add("reason", "text", [said.say_apart(int(at)) for at in apart], width=60)
    notes = [words.say("takeaway.rates_floored")]
    if left_out:
        notes.insert(0, words.say("emulation.left_out", count=page.formats.count(left_out)))
    return finish(page, shown, found, draft, listing.title, listing.rule, 2, notes)


def take_steady(page: Frame) -> TakenTable | None:
    """Every unit that met the line in all months of the round, of which the page shows the first."""
    shown = read_view(page)
    found = None if shown is None else read_counted(page, shown)
    at = () if found is None else order_steady(found)
    if shown is None or found is None or not len(at):
        return None
    listing, draft = list_steady(page, shown, found, 0), Draft(page.words)
    add_rows(draft, page, shown, found, at)
    draft.add("months_met", "count", [len(found.data.months)] * len(at), page.words.say("takeaway.round.months_met"))
    return finish(page, shown, found, draft, listing.title, listing.rule, 2, note_exemplars(page, shown))


def take_recoveries(page: Frame) -> TakenTable | None:
    """Every unit that fell below the line and came back in time, with the months."""
    shown = read_view(page)
    found = None if shown is None else read_counted(page, shown)
    if shown is None or found is None:
        return None
    at, recoveries = order_recoveries(found)
    if not len(at):
        return None
    listing, draft, months = list_recoveries(page, shown, found, 0), Draft(page.words), found.data.months
    add_rows(draft, page, shown, found, at)
    draft.add("month_fell", "month", [months[month] for month in recoveries.fell[at]], listing.head[1])
    draft.add("month_returned", "month", [months[month] for month in recoveries.returned[at]], listing.head[2])
    draft.add("months_below", "count", recoveries.months[at], listing.head[3], 14)
    return finish(page, shown, found, draft, listing.title, listing.rule, 2, note_exemplars(page, shown))


def add_rows(draft: Draft, page: Frame, shown: EmulationView, found: ListEvaluation, at: np.ndarray) -> None:
    """Names and the figures of the last month of some units of the list."""
    units = found.units.iloc[at]
    add_names(draft, page, units["unit_code"].tolist(), shown.tier, shown.boundary_set)
    add_counts(draft, units.assign(**{name: getattr(found.figures, name)[at] for name in ("population", "insured")}))


def note_exemplars(page: Frame, shown: EmulationView) -> list[str]:
    notes = [page.words.say("takeaway.rates_floored")]
    return notes if shown.closing is None else [page.words.say("emulation.exemplars_now"), *notes]


def take_weights(page: Frame) -> TakenTable | None:
    """Indicators and weights of the level that is shown."""
    shown = read_view(page)
    if shown is None:
        return None
    found, words = read_counted(page, shown), page.words
    listing, draft = say_weights(page, shown, found), Draft(words)
    entries = found.rules.of_level(shown.tier)
    draft.add("indicator", "text", [row[0] for row in listing.rows], listing.head[0], 40)
    draft.add("weight", "number", [float(entry.weight) for entry in entries], listing.head[1], 12)
    draft.add("reckoned", "text", [row[2] for row in listing.rows], listing.head[2], 90)
    return finish(page, shown, found, draft, listing.title, listing.rule, 1, [words.say("takeaway.weight_none")])


def read_counted(page: Frame, shown: EmulationView) -> ListEvaluation:
    return load_lists(page, shown)[0]


def finish(
    page: Frame,
    shown: EmulationView,
    found: ListEvaluation,
    draft: Draft,
    title: str,
    rule: str,
    frozen: int,
    notes: list[str] | None = None,
) -> TakenTable:
    """The table with the caption of the page's list, and whether the round is closed."""
    state = page.words.say(f"takeaway.round_{'open' if shown.closing is None else 'closed'}")
    said = [rule, state, *(notes if notes is not None else [page.words.say("takeaway.rates_floored")])]
    return draft.finish(title, title, list_caption(page, shown, found), said, units_simulated(found) > 0, frozen)


OFFERS: dict[str, Offer] = {
    "clusters_compared": table_offer(partial(take_compared, kind="cluster"), "so_sanh_cum"),
    "regions_compared": table_offer(partial(take_compared, kind="region"), "so_sanh_vung"),
    "clusters": table_offer(take_clusters, "cum_thi_dua"),
    "apart": table_offer(take_apart, "khong_xep_hang"),
    "steady": table_offer(take_steady, "giu_vung"),
    "recoveries": table_offer(take_recoveries, "phuc_hoi"),
    "weights": table_offer(take_weights, "trong_so"),
}
