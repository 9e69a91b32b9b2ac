"""The tables of the criterion page as files: sums per province or district, and the communes that change."""

from __future__ import annotations

import numpy as np

from indicators.rates import floor_pct
from ui import loaders
from ui.criterion import CriterionFacts
from ui.criterion_page import list_caption, read_criterion
from ui.criterion_tables import list_changes, order_groups
from ui.criterion_words import CODES, CriterionWords
from ui.documents.home_tables import say_simulated
from ui.documents.tables import Draft, TakenTable
from ui.documents.unit_rows import add_counted, add_counts, add_names
from ui.frame import Frame

SUMS = (
    "counted",
    "unknown",
    "met_before",
    "met_after",
    "gained",
    "lost",
    "people_changed",
    "need_before",
    "need_after",
)


def say_subtitle(page: Frame, facts: CriterionFacts, said: CriterionWords) -> str:
    month = page.formats.month(facts.period)
    values = {"before": said.before, "after": said.after, "place": page.place(), "period": month}
    return page.words.say("criterion.map_subtitle", **values)


def take_groups(page: Frame) -> TakenTable | None:
    """Communes that meet before and after, by province or district, in the order of the screen."""
    read = read_criterion(page)
    if read is None or not read.facts.has_figures or len(read.facts.group_codes) < 2:
        return None
    facts, words, sums = read.facts, page.words, read.facts.by_group
    names = loaders.load_units(page.snapshot_id, page.boundary_set)[
        "short_name" if read.level == "province" else "name"
    ]
    order = order_groups(page, facts, names)
    draft = Draft(words)
    add_names(draft, page, [facts.group_codes[at] for at in order], read.level)
    for name in SUMS:
        draft.add(name, "count", getattr(sums, name)[order], label=words.say(f"takeaway.criterion.{name}"))
    for name in ("before", "after"):
        share = floor_pct(getattr(sums, f"met_{name}")[order], sums.counted[order])
        draft.add(f"share_{name}", "rate", share, label=words.say(f"takeaway.criterion.share_{name}"))
    notes = [read.said.lead(), words.say("takeaway.rates_floored")]
    title = words.say(f"criterion.groups_title_{read.level}")
    simulated = facts.units["is_simulated"].any()
    return draft.finish(title, say_subtitle(page, facts, read.said), list_caption(page, read), notes, simulated)


def take_changes(page: Frame) -> TakenTable | None:
    """The communes that change (or those of the legend's filter), most residents first."""
    read = read_criterion(page)
    if read is None or not read.facts.has_figures:
        return None
    facts, words = read.facts, page.words
    rows = list_changes(page, facts)
    if rows.empty:
        return None
    draft = Draft(words)
    add_names(draft, page, rows["unit_code"], "commune")
    add_counts(draft, rows)
    label = words.say("criterion.column_need", after=read.said.after)
    draft.add("still_to_enrol_after", "count", rows["need"], label=label)
    changes = [words.say(f"criterion.class_{CODES[code]}") if code in CODES else None for code in rows["change"]]
    draft.add("change", "text", changes, label=words.say("criterion.column_change"), width=34)
    add_counted(draft, np.asarray(rows["counted"], dtype=bool), words)
    draft.add("origin", "text", say_simulated(page, rows["is_simulated"]), width=16)
    title = words.say("criterion.list_title", count=page.formats.count(len(rows)))
    notes = [read.said.lead(), words.say("takeaway.rates_floored")]
    subtitle = say_subtitle(page, facts, read.said)
    return draft.finish(title, subtitle, list_caption(page, read), notes, rows["is_simulated"].any())
