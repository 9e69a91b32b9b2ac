"""The tables of the overview as files: the units of the map, the places with what they miss and their pace, what changed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.settings import get_settings
from indicators.rates import floor_pct
from ui import loaders
from ui.documents.tables import Draft, TakenTable
from ui.documents.unit_rows import add_names, take_unit_table
from ui.frame import Frame
from ui.home_facts import load_facts
from ui.home_page import list_caption
from ui.home_tables import filter_units, ranking_level, say_pace_rule, units_of_place
from ui.loaders import pace
from ui.loaders.changes import find_changes
from ui.map_frame import map_level
from ui.whats_new import KINDS, ChangeWords, previous_month
from ui.whats_new_page import breakdown, place_names, sort_list


def take_units(page: Frame) -> TakenTable | None:
    """The rows behind the map, in the order and with the filter of the screen."""
    facts = load_facts(page)
    if not facts.has_figures:
        return None
    level = map_level(page)
    found = loaders.load_level(page.snapshot_id, facts.period, page.boundary_set, level)
    units = filter_units(page, units_of_place(page, found))
    title = page.words.say("home.table_title", level=page.words.say(f"level.{level}_title").lower())
    return take_unit_table(page, units, level, facts.threshold, title, list_caption(page, facts))


def take_places(page: Frame) -> TakenTable | None:
    """All places of the next level, those with most people missing first, with their pace."""
    facts, level = load_facts(page), ranking_level(page)
    if not facts.has_figures or level is None:
        return None
    units = units_of_place(page, loaders.load_level(page.snapshot_id, facts.period, page.boundary_set, level))
    statuses = pace.load_pace(page.snapshot_id, facts.period, page.boundary_set, level)["status"]
    title = page.words.say(f"home.ranking_{'title' if facts.is_judged else 'coverage'}_{level}")
    sort = "need" if facts.is_judged else "coverage"
    caption = [*list_caption(page, facts), say_pace_rule(page, level) if facts.is_judged else ""]
    return take_unit_table(page, units, level, facts.threshold, title, caption, sort=sort, statuses=statuses)


def take_changes(page: Frame) -> TakenTable | None:
    """Every commune that crossed the line, fell back, fell suddenly, newly reports or is close: a row per list it is on."""
    facts, words, formats = load_facts(page), page.words, page.formats
    since = page.choice("since") or previous_month(page.catalogue, page.view)
    if not facts.has_figures or since is None:
        return None
    limit = get_settings().sudden_drop_points
    found = find_changes(page, since, limit)
    if found is None:
        return None
    chosen = page.choice("changed")
    kinds = [kind for kind in KINDS if kind in found.masks and chosen in ("", kind)]
    lists = [sort_list(found.of(kind), kind) for kind in kinds]
    units = pd.concat(lists, ignore_index=True)
    draft = Draft(words)
    said = [
        words.say(f"whats_new.list_title_{kind}") for kind, rows in zip(kinds, lists, strict=True) for _ in rows.index
    ]
    draft.add("change", "text", said, width=34)
    add_names(draft, page, units["unit_code"], "commune")
    before, now = formats.month_short(since), formats.month_short(found.period)
    for key, month, suffix in (("before", before, "_before"), ("now", now, "")):
        counts = units[f"population{suffix}"], units[f"insured{suffix}"]
        for name, values in zip(("population", "insured"), counts, strict=True):
            label = words.say("takeaway.at_month", what=words.say(f"takeaway.column.{name}"), month=month)
            draft.add(f"{name}_{key}", "count", values, label=label)
        label = words.say("takeaway.at_month", what=words.say("takeaway.column.coverage"), month=month)
        draft.add(f"coverage_{key}", "rate", floor_pct(counts[1], counts[0]), label=label)
    draft.add("points", "points", units["points"])
    draft.add("gained", "change", units["gained"].where(units["points"].notna()))
    draft.add("still_to_enrol", "count", units["need"])
    draft.add("origin", "text", say_simulated(page, units["is_simulated"]), width=16)
    change = ChangeWords(found, place_names(page), breakdown(page), limit, words, formats)
    subtitle = words.say("whats_new.subtitle", place=page.place(), since=formats.month(since))
    notes = [*change.notes(), words.say("takeaway.rates_floored")]
    return draft.finish(change.finding(), subtitle, list_caption(page, facts), notes, units["is_simulated"].any(), 3)


def say_simulated(page: Frame, simulated: pd.Series | np.ndarray) -> list[str]:
    """The origin of rows that are reported or simulated."""
    words = page.words
    return [words.say(f"takeaway.origin_{'simulated' if flag else 'reported'}") for flag in simulated]
