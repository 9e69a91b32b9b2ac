"""Thi đua, below the ranking: what was revised since the round was closed, who stands apart, clusters with their lead, and
the weights."""

from __future__ import annotations

from ui import loaders as shared
from ui import parts
from ui.emulation import EmulationView, report_of
from ui.emulation_groups import list_groups
from ui.emulation_lists import Listing, find_apart_units, list_apart, list_revised, list_weights
from ui.frame import Frame
from ui.loaders.emulation import ListEvaluation
from ui.loaders.groups import choices_by_kind, say_scope
from ui.loading_help import show_templates
from ui.markup import button, draw_markup
from ui.parts import escape
from ui.takeaway import bar

SHOWN_APART = 30
SHOWN_REVISED = 20


def draw_groups(page: Frame, shown: EmulationView) -> None:
    """Clusters held against each other, and regions likewise."""
    for kind in ("cluster", "region"):
        if (listing := list_groups(page, shown, kind)) is not None:
            parts.title(listing.title, listing.rule)
            draw_rows(page, listing)
            bar.show(page, f"{kind}s_compared")


def draw_clusters(page: Frame, shown: EmulationView) -> None:
    """The clusters of the round's year with their members and lead; where none is known, how to load them."""
    words = page.words
    clusters = choices_by_kind(shown.scopes)["cluster"]
    title = words.say("emulation.clusters_title", count=page.formats.count(len(clusters)), year=shown.round.year)
    if not clusters:
        parts.title(words.say("emulation.clusters_none_title", year=shown.round.year), "")
        parts.empty(words.say("emulation.clusters_none", year=shown.round.year), words)
        show_templates(page, "custom_groups", asks=True)
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
            "<th scope=row>"
            f"{button('group', 'nation' if pressed else scope.code, say_scope(scope, words), pressed=pressed)}</th>"
            f"<td>{escape(leads)}</td><td>{escape(listed)}</td><td>{escape(source)}: {escape(scope.source)}</td>"
        )
        rows += f"<tr>{cells}</tr>"
    head = "".join(
        f'<th scope="col">{escape(words.say(f"emulation.cluster_{name}"))}</th>'
        for name in ("name", "lead", "members", "source")
    )
    table = (
        f'<div class="bp-scroll" tabindex="0" role="region" aria-label="{escape(title)}">'
        f'<table class="bp-table bp-clusters" aria-label="{escape(title)}"><thead>'
        f"<tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
    draw_markup("clusters", table, report_of(page, "clusters"))
    bar.show(page, "clusters")
    if missing:
        count = page.formats.count(len(missing))
        parts.prose_folded(words.say("emulation.clusters_partial", count=count, year=shown.round.year), words)
    show_templates(page, "custom_groups", asks=bool(missing))


def draw_apart(page: Frame, shown: EmulationView, found: ListEvaluation) -> None:
    """Units without a place, each with why."""
    words, formats = page.words, page.formats
    listing, left_out = list_apart(page, shown, found, SHOWN_APART), find_apart_units(found)[1]
    if not listing.whole and not left_out:
        return
    parts.title(listing.title, listing.rule)
    if left_out:
        parts.prose(words.say("emulation.left_out", count=formats.count(left_out)))
    draw_rows(page, listing)
    if listing.whole:
        bar.show(page, "apart")


def draw_revisions(page: Frame, shown: EmulationView, frozen: ListEvaluation, now: ListEvaluation) -> None:
    """Where the figures of a closed round were revised since."""
    listing = list_revised(page, shown, frozen, now, SHOWN_REVISED)
    if listing is not None:
        parts.title(listing.title, listing.rule)
        draw_rows(page, listing)


def draw_rows(page: Frame, listing: Listing) -> None:
    """The rows of a list, and how many are left out."""
    if listing.rows:
        parts.plain_table(listing.head, listing.rows, is_stacked=True, name=listing.title)
    if listing.whole > len(listing.rows):
        shown, rows = page.formats.count(len(listing.rows)), page.formats.count(listing.whole)
        parts.prose(page.words.say("quality.first_rows", shown=shown, rows=rows))


def draw_weights(page: Frame, shown: EmulationView, found: ListEvaluation) -> None:
    """Indicators and weights, and where they are set."""
    listing = list_weights(page, shown, found)
    parts.title(listing.title, listing.rule)
    parts.plain_table(listing.head, listing.rows, is_stacked=True)
    bar.show(page, "weights")
    parts.prose(page.words.say("emulation.weights_how"))
