"""The tables of the map page as files: the units of the map with its measure, and the units by priority."""

from __future__ import annotations

from indicators.rates import floor_pct
from ui.documents.home_tables import say_simulated
from ui.documents.tables import Draft, TakenTable
from ui.documents.unit_rows import add_names, take_unit_table
from ui.frame import Frame
from ui.layers import SHARE
from ui.map_page import find_rows, list_caption, load_map, say_table_title
from ui.priority import find_priority, say_rule, say_title


def take_units(page: Frame) -> TakenTable | None:
    """The rows behind the map: same units, filters, order; the share of communes stands among the counts already."""
    facts = load_map(page)
    if facts.layer is None:
        return None
    layer = facts.layer
    units, measure = find_rows(page, facts)
    caption = [facts.said.subtitle(), *list_caption(page, facts)]
    if measure is not None and layer.indicator == SHARE:
        # It orders the rows, and stands in them as "communes that meet".
        table = take_unit_table(page, units, layer.level, layer.threshold, facts.said.title(), caption, measure=measure)
        columns = [column for column in table.columns if column.key != "measure"]
        return TakenTable(**(vars(table) | {"columns": columns}))
    return take_unit_table(
        page, units, layer.level, layer.threshold, say_table_title(page, layer), caption, measure=measure
    )


def take_priority(page: Frame) -> TakenTable | None:
    """Every unit with people missing by its quadrant, those with most people first."""
    facts = load_map(page)
    found = find_priority(page, facts.layer) if facts.layer is not None else None
    if found is None or found.frame.empty:
        return None
    words, layer = page.words, facts.layer
    rows = found.of(page.choice("quadrant")) if page.choice("quadrant") else found.frame
    rows = rows.sort_values("people", ascending=False, kind="stable")
    simulated = layer.figures.units.set_index("unit_code")["is_simulated"].reindex(rows["unit_code"])
    draft = Draft(words)
    add_names(draft, page, rows["unit_code"], layer.level)
    draft.add("population", "count", rows["population"])
    draft.add("insured", "count", rows["insured"])
    draft.add("coverage", "rate", floor_pct(rows["insured"], rows["population"]))
    draft.add("still_to_enrol", "count", rows["people"])
    quadrants = [words.say(f"priority.{name}") for name in rows["quadrant"]]
    draft.add("quadrant", "text", quadrants, width=36)
    draft.add("origin", "text", say_simulated(page, simulated), width=16)
    title, subtitle = say_title(page, layer, found)
    notes = [say_rule(page, layer, found), words.say("takeaway.rates_floored")]
    return draft.finish(title, subtitle, list_caption(page, facts), notes, simulated.any())
