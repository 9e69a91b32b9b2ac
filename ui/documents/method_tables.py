"""The tables of the method page as files: rules, indicators, settings, boundary sets and sources as the screen writes them, with
true numbers where it writes counts and rates."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from data.settings import get_settings
from geo.units import load_periods
from reports.table_files import Kind
from text.words import Words
from ui import loaders, method
from ui import method_tables as tables
from ui.documents.tables import Draft, TakenTable, table_offer
from ui.frame import Frame
from ui.loaders import method as sources
from ui.takeaway.offers import Offer
from ui.view import NATION


@dataclass(frozen=True)
class MethodTable:
    """`section`: the heading of the page under which it stands; `keys`: names of its columns for programs; `build` gives the rows
    in words; `figures`: columns that are numbers, by key, from the same rows."""

    section: str
    stem: str
    keys: Sequence[str]
    build: Callable[[Frame], tables.Table]
    figures: Mapping[str, tuple[Kind, Callable[[Frame], Any]]] = field(default_factory=dict)


def read_sets(page: Frame):
    return sources.load_boundary_sets(page.snapshot_id)


def read_crosswalks(page: Frame):
    return sources.load_crosswalks_by_kind(page.snapshot_id)


def read_populations(page: Frame):
    return sources.load_populations(page.snapshot_id)


def read_published(page: Frame):
    return loaders.load_published(page.snapshot_id, NATION)


def outline_rows(page: Frame) -> tables.Table:
    return tables.outline_rows(
        {name: sources.outline_source(name) for name in read_sets(page)["boundary_set"]}, page.words
    )


def glossary_rows(page: Frame) -> tables.Table:
    return tables.glossary_rows(page.words, Words("en" if page.view.lang == "vi" else "vi"))


TABLES: dict[str, MethodTable] = {
    "indicators": MethodTable(
        "measure", "chi_tieu", ("indicator", "reckoned", "unit", "levels", "basis"),
        lambda page: tables.indicator_rows(page.words),
    ),
    "rules": MethodTable(
        "rules", "nguong_va_muc_tieu", ("programme", "dates", "rule", "basis", "confidence"),
        lambda page: method.rule_rows(loaders.load_programmes(page.snapshot_id), page.words, page.formats),
    ),
    "left_out": MethodTable(
        "rules", "van_ban_khong_dung", ("programme", "basis", "reason"),
        lambda page: tables.left_out_rows(loaders.load_programmes(page.snapshot_id), page.words),
    ),
    "targets": MethodTable(
        "targets", "chi_tieu_duoc_giao", ("years", "decision", "units", "value", "state", "confidence"),
        lambda page: tables.target_rows(sources.load_targets_by_decision(page.snapshot_id), page.words, page.formats),
    ),
    "settings": MethodTable(
        "judged", "tham_so", ("group", "setting", "value"),
        lambda page: tables.setting_rows(get_settings(), page.words, page.formats),
    ),
    "groups": MethodTable(
        "groups", "nhom_doi_tuong", ("effective_from", "groups", "basis", "confidence"),
        lambda page: tables.payer_group_rows(page.words, page.formats),
    ),
    "boundaries": MethodTable(
        "units", "ranh_gioi", ("boundary_set", "months", "provinces", "districts", "communes"),
        lambda page: tables.boundary_rows(read_sets(page), load_periods(), page.words, page.formats),
        {
            "provinces": ("count", lambda page: read_sets(page)["province_count"]),
            "districts": ("count", lambda page: read_sets(page)["district_count"]),
            "communes": ("count", lambda page: read_sets(page)["commune_count"]),
        },
    ),
    "crosswalks": MethodTable(
        "units", "chuyen_doi", ("step", "kind", "units", "estimated"),
        lambda page: tables.crosswalk_rows(read_crosswalks(page), page.words, page.formats),
        {
            "units": ("count", lambda page: read_crosswalks(page)["units"]),
            "estimated": ("count", lambda page: read_crosswalks(page)["estimated"]),
        },
    ),
    "outlines": MethodTable(
        "outlines", "duong_ranh_gioi", ("boundary_set", "kind", "author", "licence", "state"), outline_rows,
    ),
    "populations": MethodTable(
        "populations", "nguon_dan_so", ("series", "years", "units", "estimated", "source"),
        lambda page: tables.population_rows(read_populations(page), page.words, page.formats),
        {
            "units": ("count", lambda page: read_populations(page)["units"]),
            "estimated": ("count", lambda page: read_populations(page)["estimated"]),
        },
    ),
    "published": MethodTable(
        "published", "so_cong_bo", ("date", "insured", "coverage", "wording", "source"),
        lambda page: method.published_rows(read_published(page), page.words, page.formats),
        {
            "insured": ("count", lambda page: read_published(page)["insured"]),
            "coverage": ("rate", lambda page: read_published(page)["coverage_pct"]),
        },
    ),
    "glossary": MethodTable("glossary", "thuat_ngu", ("term", "translation", "meaning"), glossary_rows),
}  # fmt: skip
MOST_WIDTH = 60  # letters


def list_offers() -> dict[str, Offer]:
    return {name: table_offer(make_builder(name), table.stem) for name, table in TABLES.items()}


def make_builder(name: str) -> Callable[[Frame], TakenTable | None]:
    return lambda page: take_table(page, TABLES[name])


def take_table(page: Frame, table: MethodTable) -> TakenTable | None:
    """None where the snapshot has no row of it."""
    head, rows = table.build(page)
    if not rows:
        return None
    draft = Draft(page.words)
    for at, (key, label) in enumerate(zip(table.keys, head, strict=True)):
        if key in table.figures:
            kind, read = table.figures[key]
            draft.add(key, kind, read(page), label)
        else:
            texts = [row[at] for row in rows]
            draft.add(key, "text", texts, label, width=min(MOST_WIDTH, max(map(len, [label, *texts])) + 2))
    title = page.words.say(f"method.{table.section}_title")
    return draft.finish(title, page.words.say("method.title"), [], frozen=1)
