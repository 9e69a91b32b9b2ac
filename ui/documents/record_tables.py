"""Tables of records beside the figures of a place, as files: what it was before and after each reform, what was published of it,
where its figures are from, who answers for which criterion."""

from __future__ import annotations

from geo.lineage import Step, trace_back, trace_forward
from ui.documents.emulation_tables import list_record_caption
from ui.documents.profile_tables import finish, say_place
from ui.documents.tables import Draft, TakenTable
from ui.frame import Frame
from ui.movement_log_page import DUTY_KEYS, find_duties
from ui.profile import origins, people, sources
from ui.profile.facts import ProfileFacts, load_facts


def take_origins(page: Frame) -> TakenTable | None:
    """Each step of each reform; of a province or district the units that it came from or went to."""
    facts, words = load_facts(page), page.words
    tables = origins.list_tables(page, facts)
    if not tables:
        return None
    draft, title = Draft(words), f"{words.say('profile.origins_title')}: {facts.place}"
    if facts.is_commune or origins.loaders_stand_alone(page, facts):
        add_steps(draft, page, facts)
        return finish(
            page, facts, draft, title, words.say("takeaway.both_ways"), [words.say("profile.origins_note")], frozen=0
        )
    rows = [(table.title, row) for table in tables for row in table.rows]
    units = [row[0] for _, row in rows]
    draft.add("reform", "text", [heading for heading, _ in rows], width=50)
    draft.add("boundary_set", "text", [say_set(page, unit.boundary_set) for unit in units], width=20)
    draft.add("unit_code", "text", [unit.code for unit in units], width=12)
    draft.add("unit", "text", [origins.say_unit(page, unit.boundary_set, unit.code) for unit in units], width=44)
    if tables[0].head:
        counts = [int(count) for _, count in origins.count_heirs(page, facts)]
        draft.add("parts", "count", counts, label=words.say("profile.district_parts"))
    return finish(
        page, facts, draft, title, words.say("takeaway.both_ways"), [words.say("profile.origins_note")], frozen=0
    )


def say_set(page: Frame, boundary_set: str) -> str:
    return page.words.say(f"boundary_set.{boundary_set}.short")


def add_steps(draft: Draft, page: Frame, facts: ProfileFacts) -> None:
    words = page.words
    steps: list[Step] = [*trace_back(page.boundary_set, facts.unit), *trace_forward(page.boundary_set, facts.unit)]
    for side in ("from", "to"):
        units = [(getattr(step, f"{side}_set"), getattr(step, f"{side}_code")) for step in steps]
        label = words.say(f"profile.origins_{side}")
        set_label, code_label = (
            f"{label}: {words.say(f'takeaway.column.{name}')}" for name in ("boundary_set", "unit_code")
        )
        draft.add(f"{side}_set", "text", [say_set(page, name) for name, _ in units], set_label, 20)
        draft.add(f"{side}_code", "text", [code for _, code in units], code_label, 12)
        draft.add(f"{side}_unit", "text", [origins.say_unit(page, *unit) for unit in units], label, 44)
    shares = [100 * float(step.weight) for step in steps]
    draft.add("share", "rate", shares, words.say("profile.origins_share"))
    draft.add("estimated", "text", [draft.say_yes(step.estimated) for step in steps], width=12)
    kinds = [words.say(f"profile.kind_{step.kind}") for step in steps]
    draft.add("kind", "text", kinds, words.say("profile.origins_kind"), 26)
    draft.add(
        "basis", "text", [origins.say_basis(page, step) for step in steps], words.say("profile.origins_source"), 44
    )


def take_published(page: Frame) -> TakenTable | None:
    """What was published of the unit, beside the figure of the page."""
    facts, words = load_facts(page), page.words
    rows = people.published_rows(page, facts) if facts.has_figures else []
    if not rows:
        return None
    draft = Draft(words)
    for at, name in enumerate(("date", "value", "ours", "source")):
        draft.add(name, "text", [row[at] for row in rows], words.say(f"profile.published_{name}"), (16, 34, 14, 60)[at])
    title = f"{words.say('profile.published_title')}: {facts.place}"
    return finish(page, facts, draft, title, words.say("profile.published_subtitle"), frozen=1)


def take_sources(page: Frame) -> TakenTable | None:
    """Of a commune the cells of its figures, of a place the files that hold them."""
    facts, words = load_facts(page), page.words
    if not facts.has_figures or page.view.boundaries or facts.level == "region":
        return None
    draft = Draft(words)
    if facts.is_commune:
        names, rows, widths = ("element", "file", "sheet", "cell"), sources.cell_rows(page, facts), (34, 44, 20, 10)
        stem = "cell"
    else:
        names, rows, widths = ("name", "sheet", "units"), sources.file_rows(page, facts), (44, 20, 12)
        stem = "file"
    if not rows:
        return None
    for at, name in enumerate(names):
        kind = "count" if name == "units" else "text"
        draft.add(name, kind, [row[at] for row in rows], words.say(f"profile.{stem}_{name}"), widths[at])
    title = f"{words.say('profile.sources_title')}: {facts.place}"
    return finish(page, facts, draft, title, say_place(page, facts), frozen=1)


def take_duties(page: Frame) -> TakenTable | None:
    """Who answers for which criterion: a row per unit, where the screen puts units that say the same together."""
    rows, words = find_duties(page), page.words
    if rows.empty:
        return None
    draft = Draft(words)
    for key, label in zip(DUTY_KEYS, words.section("emulation_duties_head").values(), strict=False):
        draft.add(key, "text", rows[key], label, 34)
    draft.add("unit_code", "text", rows["unit_code"], width=12)
    draft.add("unit", "text", rows["name"], width=34)
    return draft.finish(
        words.say("emulation.duties_title"), words.say("emulation.duties_subtitle"), list_record_caption(page), frozen=1
    )
