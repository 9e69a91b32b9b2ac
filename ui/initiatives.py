"""Thi đua, the library: initiatives and exemplars, what followed in the figures, and where they were copied."""

from __future__ import annotations

import pandas as pd

from indicators.changes import change_points
from indicators.evaluation_rules import load_rules
from indicators.movement import months_around, start_month
from indicators.rates import shown_pct, shown_points
from text.names import search_key
from ui import home_page, parts
from ui.emulation import report_of
from ui.emulation_lists import say_unit
from ui.frame import Frame
from ui.loaders import emulation as loaders
from ui.loading_help import draw_template_help, show_templates
from ui.markup import button, draw_markup
from ui.parts import escape
from ui.table import Pager, foot
from ui.takeaway import bar
from ui.view import NATION

PAGE_ENTRIES = 12
SEARCHED = ("title", "holder", "description", "problem", "copied_to", "recognised_by", "name", "province_name")
KINDS = ("initiative", "exemplar")


def list_entries(page: Frame) -> pd.DataFrame:
    """The entries of the place, kind and words asked for; words are found without their marks, in any order."""
    entries = loaders.load_initiatives(page.snapshot_id)
    unit, kind, wanted = page.view.unit, page.choice("kind"), search_key(page.choice("find")).split()
    if unit != NATION:
        inside = (
            (entries["province_code"] == unit) | (entries["district_code"] == unit) | (entries["unit_code"] == unit)
        )
        entries = entries[inside]
    if kind in KINDS:
        entries = entries[entries["kind"] == kind]
    if wanted and len(entries):
        texts = entries[list(SEARCHED)].fillna("").astype(str).agg(" ".join, axis=1).map(search_key)
        entries = entries[[all(word in text for word in wanted) for text in texts]]
    return entries


def draw_library(page: Frame) -> None:
    """The headline, the search, and a page of entries."""
    words, formats = page.words, page.formats
    everything = loaders.load_initiatives(page.snapshot_id)
    if everything.empty:
        parts.headline(words.say("emulation.library_none_title"))
        draw_template_help(page, "initiatives")
        return
    entries = list_entries(page)
    copied = int(entries["copied_to"].notna().sum())
    parts.headline(
        words.say(
            "emulation.library_headline",
            place=page.place(),
            count=formats.count(len(entries)),
            copied=formats.count(copied),
        )
    )
    draw_markup("library_search", draw_search(page), report_of(page, "library_search"))
    if entries.empty:
        parts.empty(words.say("emulation.library_nothing", text=escape(page.choice("find"))))
        return
    pages = -(-len(entries) // PAGE_ENTRIES)
    number = min(page.view.page, pages)
    chosen = entries.iloc[(number - 1) * PAGE_ENTRIES : number * PAGE_ENTRIES]
    months = loaders.load_unit_months(page.snapshot_id, tuple(sorted(set(chosen["unit_code"]))))
    home_page.say_simulated(page, int(months["is_simulated"].sum()))
    body = "".join(
        describe_entry(page, row, months[months["unit_code"] == row.unit_code]) for row in chosen.itertuples()
    )
    sentence = words.say(
        "emulation.rows",
        from_row=formats.count((number - 1) * PAGE_ENTRIES + 1),
        to_row=formats.count((number - 1) * PAGE_ENTRIES + len(chosen)),
        rows=formats.count(len(entries)),
    )
    pager = Pager(sentence, number, pages, words.say("home.table_previous"), words.say("home.table_next"))
    draw_markup("library", f'<div class="bp-library">{body}</div>{foot(pager)}', report_of(page, "library"))
    bar.show(page, "library")
    show_templates(page, "initiatives")
    after = load_rules().after_months
    parts.caption(
        [
            words.say("emulation.library_method", months=after),
            words.say("emulation.library_simulated") if months["is_simulated"].any() else "",
            words.say("emulation.library_source", files=", ".join(sorted(set(chosen["file_name"])))),
        ]
    )


def draw_search(page: Frame) -> str:
    words = page.words
    label = escape(words.say("emulation.library_search"))
    box = (
        f'<input type="search" data-act="find" data-key="find" maxlength="60" aria-label="{label}" '
        f'placeholder="{label}" value="{escape(page.choice("find"))}">'
    )
    switches = "".join(
        button("kind", kind, words.say(f"emulation.kind_{kind or 'all'}"), pressed=page.choice("kind") == kind)
        for kind in ("", *KINDS)
    )
    name = escape(words.say("emulation.library_kinds"))
    return f'<div class="bp-controls">{box}<span class="bp-segments" role="group" aria-label="{name}">{switches}</span></div>'


def describe_entry(page: Frame, row: object, months: pd.DataFrame) -> str:
    """One entry: what, where, for which problem, what followed, where it was copied."""
    words, formats = page.words, page.formats
    began = words.say("emulation.began_year", year=row.year)
    if pd.notna(row.started_on):
        began = words.say("emulation.began", day=formats.day(row.started_on))
    lines = [
        (
            words.say("emulation.lib_problem"),
            row.problem if isinstance(row.problem, str) else words.say("emulation.unsaid"),
        ),
        (words.say("emulation.lib_what"), row.description if isinstance(row.description, str) else ""),
        (words.say("emulation.lib_followed"), say_followed(page, row, months)),
        (
            words.say("emulation.lib_copied"),
            row.copied_to if isinstance(row.copied_to, str) else words.say("emulation.not_copied"),
        ),
        (words.say("emulation.lib_recognised"), row.recognised_by if isinstance(row.recognised_by, str) else ""),
    ]
    listed = "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in lines if text)
    kind = words.say(f"emulation.kind_{row.kind}")
    return (
        f'<article class="bp-entry"><h2>{escape(row.title)}</h2>'
        f'<p class="bp-subtitle">{escape(kind)} · {escape(row.holder)} · {escape(say_unit(row))} · {escape(began)}</p>'
        f"<dl>{listed}</dl></article>"
    )


def say_followed(page: Frame, row: object, months: pd.DataFrame) -> str:
    """Coverage of the unit before and after, with the months; a rise after it is no proof that it was the cause."""
    words, formats = page.words, page.formats
    known = months[(months["insured"] >= 0) & (months["population"] > 0)].set_index("period").sort_index()
    began = None if pd.isna(row.started_on) else row.started_on
    before, after = months_around(list(known.index), start_month(began, int(row.year)), load_rules().after_months)
    if before is None or after is None:
        return words.say("emulation.followed_unknown")
    first, last = known.loc[before], known.loc[after]
    change = change_points([last["insured"]], [last["population"]], [first["insured"]], [first["population"]])
    return words.say(
        "emulation.followed",
        before_month=formats.month_short(before),
        before=formats.rate(shown_pct(int(first["insured"]), int(first["population"]))),
        after_month=formats.month_short(after),
        after=formats.rate(shown_pct(int(last["insured"]), int(last["population"]))),
        change=formats.points(shown_points(change[0])),
    )
