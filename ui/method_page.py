"""The method page, section by section. Each is an anchor of the table of contents."""

from __future__ import annotations

from collections.abc import Callable

from data.settings import get_settings
from geo.units import load_periods
from text.words import Words
from ui import loaders, method, parts
from ui import method_tables as tables
from ui.frame import Frame
from ui.loaders import method as sources
from ui.loading_help import show_templates
from ui.method_tables import Table
from ui.takeaway import bar
from ui.view import NATION

OPEN = "/open/v1/latest/"


def draw_contents(page: Frame) -> None:
    items = "".join(
        f'<li><a href="#{name}">{parts.escape(heading)}</a></li>'
        for name, heading in tables.contents(page.words, SECTIONS)
    )
    label = parts.escape(page.words.say("method.contents"))
    parts.markup(f'<nav class="method-contents" aria-label="{label}"><ol>{items}</ol></nav>')


def draw_sections(page: Frame) -> None:
    for name, draw in SECTIONS.items():
        parts.section(page.words.say(f"method.{name}_title"), anchor=name)
        draw(page)


def draw_table(page: Frame, name: str, table: Table) -> None:
    """The table with its files (`ui/documents/method_tables.py`)."""
    heading, rows = table
    if rows:
        parts.plain_table(heading, rows, is_stacked=True)
        bar.show(page, name)


def draw_measure(page: Frame) -> None:
    parts.bullets(page.words.section("method.measure").values())
    draw_table(page, "indicators", tables.indicator_rows(page.words))


def draw_rules(page: Frame) -> None:
    programmes = loaders.load_programmes(page.snapshot_id)
    draw_table(page, "rules", method.rule_rows(programmes, page.words, page.formats))
    parts.prose(page.words.say("method.rules_unknown"))
    parts.prose(page.words.say("method.rules_measured"))
    parts.prose(page.words.say("method.left_out_title"))
    draw_table(page, "left_out", tables.left_out_rows(programmes, page.words))


def draw_targets(page: Frame) -> None:
    parts.prose(page.words.say("method.targets"))
    draw_table(
        page,
        "targets",
        tables.target_rows(sources.load_targets_by_decision(page.snapshot_id), page.words, page.formats),
    )


def draw_judged(page: Frame) -> None:
    words = page.words
    rules = ("rule", "now_rule", "needed_rule", "marker_rule", "arrival_rule")
    parts.bullets([*(words.say(f"pace.{name}") for name in rules), *words.section("method.judged").values()])
    draw_table(page, "settings", tables.setting_rows(get_settings(), words, page.formats))


def draw_groups(page: Frame) -> None:
    parts.prose(page.words.say("method.groups"))
    draw_table(page, "groups", tables.payer_group_rows(page.words, page.formats))


def draw_units(page: Frame) -> None:
    parts.bullets(page.words.section("method.units").values())
    draw_table(
        page,
        "boundaries",
        tables.boundary_rows(sources.load_boundary_sets(page.snapshot_id), load_periods(), page.words, page.formats),
    )
    parts.prose(page.words.say("method.crosswalks"))
    draw_table(
        page,
        "crosswalks",
        tables.crosswalk_rows(sources.load_crosswalks_by_kind(page.snapshot_id), page.words, page.formats),
    )


def draw_outlines(page: Frame) -> None:
    found = {
        name: sources.outline_source(name) for name in sources.load_boundary_sets(page.snapshot_id)["boundary_set"]
    }
    draw_table(page, "outlines", tables.outline_rows(found, page.words))
    if not all(is_imported for _, is_imported in found.values()):
        parts.bullets(page.words.section("method.outlines").values())


def draw_simulated(page: Frame) -> None:
    counts, words, formats = sources.load_row_counts(page.snapshot_id), page.words, page.formats
    if counts["simulated_rows"]:
        parts.prose(words.say("method.simulated"))
        parts.bullets(words.section("method.simulated_made").values())
    key = "rows_none" if not counts["rows"] else "rows"
    simulated, real = formats.count(counts["simulated_rows"]), formats.count(counts["real_rows"])
    parts.prose(words.say(f"method.{key}", rows=formats.count(counts["rows"]), simulated=simulated, real=real))


def draw_load(page: Frame) -> None:
    parts.bullets(page.words.section("method.load").values(), numbered=True)
    show_templates(page, "monthly_report")


def draw_populations(page: Frame) -> None:
    parts.prose(page.words.say("method.populations"))
    draw_table(
        page,
        "populations",
        tables.population_rows(sources.load_populations(page.snapshot_id), page.words, page.formats),
    )


def draw_published(page: Frame) -> None:
    series = loaders.load_published(page.snapshot_id, NATION)
    draw_table(page, "published", method.published_rows(series, page.words, page.formats))
    parts.prose(page.words.say("method.published_note"))


def draw_limits(page: Frame) -> None:
    parts.bullets(page.words.section("method.limits").values())


def draw_glossary(page: Frame) -> None:
    other = Words("en" if page.view.lang == "vi" else "vi")
    draw_table(page, "glossary", tables.glossary_rows(page.words, other))


def draw_open(page: Frame) -> None:
    """Addresses that stay; offered only where the files have been written."""
    words, names = page.words, sources.open_files()
    if not names:
        parts.prose_folded(words.say("method.open_none"), words)
        return
    parts.prose(words.say("method.open", licence=get_settings().open_licence, snapshot=page.snapshot_id))
    items = "".join(
        f'<li><a href="{OPEN}{parts.escape(name)}" target="_self">{OPEN}{parts.escape(name)}</a></li>' for name in names
    )
    parts.markup(f'<div class="bp-prose method-files"><ul>{items}</ul></div>')


def draw_snapshot(page: Frame) -> None:
    words, formats, snapshot = page.words, page.formats, loaders.snapshot_info()
    parts.prose(words.say("method.snapshot", id=snapshot.snapshot_id, made=formats.day(snapshot.made_on)))
    counts = sources.load_row_counts(page.snapshot_id)
    if counts["first_period"]:
        first, last = formats.month(counts["first_period"]), formats.month(counts["last_period"])
        parts.prose(words.say("method.snapshot_months", first=first, last=last))


SECTIONS: dict[str, Callable[[Frame], None]] = {
    "measure": draw_measure,
    "rules": draw_rules,
    "targets": draw_targets,
    "judged": draw_judged,
    "groups": draw_groups,
    "units": draw_units,
    "outlines": draw_outlines,
    "populations": draw_populations,
    "simulated": draw_simulated,
    "load": draw_load,
    "published": draw_published,
    "limits": draw_limits,
    "glossary": draw_glossary,
    "open": draw_open,
    "snapshot": draw_snapshot,
}
