"""The tables of the method page that are written from definitions, settings and the snapshot: heading and rows, in words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

import pandas as pd

from data.settings import Settings
from indicators.catalogue import load_indicators, load_payer_groups
from indicators.rules import Programme
from indicators.settings import Setting, list_settings
from text.formats import Formats
from text.names import search_key
from text.words import Words
from ui.fact_words import say_fact
from ui.whats_new import CLOSE_PEOPLE

Table = tuple[list[str], list[list[str]]]
SETTING_GROUPS = ("pace", "arrival", "trend_marker", "changes", "closest", "classes", "peers", "ranking", "evaluation")


def head(words: Words, name: str) -> list[str]:
    return list(words.section(f"method.{name}_head").values())


def indicator_rows(words: Words) -> Table:
    """Every indicator: name, numerator over denominator, unit and good direction, levels, legal basis and source."""
    rows = []
    for code, entry in load_indicators().items():
        said = words.section(f"indicator.{code}")
        made = f"{said['numerator']} ÷ {said['denominator']}" if entry.denominator else said["numerator"]
        better = words.say("method.higher_is_better" if entry.higher_is_better else "method.lower_is_better")
        levels = ", ".join(words.say(f"level.{level}") for level in entry.levels)
        unit = words.say(f"method.unit_{entry.unit}")
        rows.append([said["name"], made, f"{unit}; {better}", levels, join_source(entry.legal_basis, entry.source)])
    return head(words, "indicators"), rows


def join_source(legal: str, source: str) -> str:
    """The legal text and where it was read; a source that names the text again adds only who issued it."""
    number, _, more = source.partition(" (")
    if legal.endswith(number):
        return f"{legal} ({more}" if more else legal
    return f"{legal} ({source})"


def left_out_rows(programmes: Mapping[str, Programme], words: Words) -> Table:
    """Rules that are known of but not used, and why not."""
    rows = [
        [words.say(f"programme.{programme.programme}"), basis, say_reason(basis, reason, words)]
        for programme in programmes.values()
        for basis, reason in programme.left_out
    ]
    return head(words, "left_out"), rows


def reason_key(basis: str) -> str:
    """The word of a text that is left out: its name in plain letters, cut short."""
    return "method.left_out_reason." + re.sub(r"[^0-9a-z]+", "_", search_key(basis))[:32].strip("_")


def say_reason(basis: str, reason: str, words: Words) -> str:
    """In the reader's language where it has been said there, else as the maker wrote it."""
    return words.say(reason_key(basis)) if words.has(reason_key(basis)) else reason


def target_rows(targets: pd.DataFrame, words: Words, formats: Formats) -> Table:
    """What decisions set for units and years: how many units of each are known, from which value to which."""
    rows = []
    for row in targets.itertuples():
        years = str(row.first_year) if row.first_year == row.last_year else f"{row.first_year}–{row.last_year}"
        low, high = Decimal(row.lowest), Decimal(row.highest)
        value = formats.rule(low, row.operator)
        if low != high:
            value = words.say("method.target_range", low=value, high=formats.percent_rule(high))
        units = (
            words.say("home.nation")
            if row.is_national
            else words.say("method.target_units", count=formats.count(row.units))
        )
        state = words.say("method.target_in_force" if row.in_force else "method.target_ended")
        rows.append(
            [
                years,
                say_fact(row.decision, words),
                units,
                value,
                state,
                words.say(f"method.confidence.{row.confidence}"),
            ]
        )
    return head(words, "targets"), rows


def setting_rows(settings: Settings, words: Words, formats: Formats) -> Table:
    """Every setting with its value as the files and the code have it."""
    found = list_settings()
    found.append(Setting("changes.sudden_drop_points", str(settings.sudden_drop_points)))
    found.append(Setting("changes.close_people", str(CLOSE_PEOPLE)))
    found.sort(key=lambda entry: SETTING_GROUPS.index(entry.group))
    rows = [
        [
            words.say(f"method.setting_group.{entry.group}"),
            name_setting(entry, words),
            write_setting(entry, words, formats),
        ]
        for entry in found
    ]
    return head(words, "settings"), rows


def name_setting(entry: Setting, words: Words) -> str:
    """The word of a setting; the indicators and rounds of an evaluation are named by their own words."""
    for kind, section in (("evaluation.indicator.", "emulation.ind_"), ("evaluation.round.", "method.round_")):
        if entry.key.startswith(kind):
            code = entry.key.removeprefix(kind)
            named = words.say(section + code) if words.has(section + code) else code
            return words.say("method.setting_weight", name=named) if "indicator" in kind else named
    key = "method.setting." + entry.key.replace(".", "_")
    # A setting that was just added has no word yet: better its name than no page (a test asks for the word).
    return words.say(key) if words.has(key) else entry.key


def write_setting(entry: Setting, words: Words, formats: Formats) -> str:
    """Numbers as the reader writes them; a sentence of the file in the reader's language."""
    value, key = entry.value, "method.setting_value." + entry.key.replace(".", "_")
    if words.has(key):
        return words.say(key)
    if value in ("true", "false"):
        return words.say(f"method.{value}")
    try:
        return "; ".join(formats.number(Decimal(part)) for part in value.strip("()").replace(",", ";").split(";"))
    except InvalidOperation:
        return value


def payer_group_rows(words: Words, formats: Formats) -> Table:
    """The lists of payer groups, each with its law and the groups in the law's order."""
    rows = [
        [
            formats.day(entry.effective_from),
            "; ".join(words.say(f"payer_group.{group.word}") for group in entry.groups),
            join_source(entry.legal_basis, entry.source),
            words.say(f"method.confidence.{entry.confidence}"),
        ]
        for entry in load_payer_groups()
    ]
    return head(words, "groups"), rows


def boundary_rows(sets: pd.DataFrame, periods: pd.DataFrame, words: Words, formats: Formats) -> Table:
    """Boundary sets: which months use them, and how many units they have."""
    span = periods.set_index("boundary_set")
    rows = []
    for row in sets.itertuples():
        first, last = (str(span.at[row.boundary_set, name] or "") for name in ("from_period", "to_period"))
        until = formats.month(last) if last and last != "nan" else words.say("method.until_now")
        counts = [formats.count(n) for n in (row.province_count, row.district_count, row.commune_count)]
        rows.append([words.say(f"boundary_set.{row.boundary_set}.short"), f"{formats.month(first)} – {until}", *counts])
    return head(words, "boundaries"), rows


def crosswalk_rows(steps: pd.DataFrame, words: Words, formats: Formats) -> Table:
    rows = [
        [
            f"{row.from_set} → {row.to_set}",
            words.say(f"method.kind_{row.kind}"),
            formats.count(row.units),
            formats.count(row.estimated),
        ]
        for row in steps.itertuples()
    ]
    return head(words, "crosswalks"), rows


def outline_rows(sources: Mapping[str, tuple[dict, bool]], words: Words) -> Table:
    """Whose outlines are drawn, under which licence, and whether they are approximate."""
    rows = []
    for name, (source, is_imported) in sources.items():
        licence = str(source.get("licence", ""))
        if address := source.get("licence_url"):
            licence = f"{licence} ({address})"
        kind = "imported" if is_imported else "derived"
        state = words.say(
            "method.outlines_approximate" if source.get("approximate", True) else "method.outlines_official"
        )
        short = words.say(f"boundary_set.{name}.short")
        rows.append([short, words.say(f"method.outlines_{kind}"), str(source["attribution"]), licence, state])
    return head(words, "outlines"), rows


def population_rows(series: pd.DataFrame, words: Words, formats: Formats) -> Table:
    rows = []
    for row in series.itertuples():
        key = f"method.series.{row.series}"
        name = words.say(key) if words.has(key) else str(row.series)
        years = f"{row.first_year}–{row.last_year}"
        rows.append([name, years, formats.count(row.units), formats.count(row.estimated), say_fact(row.source, words)])
    return head(words, "populations"), rows


def glossary_rows(words: Words, other: Words) -> Table:
    """Every term in both languages with its meaning in the reader's."""
    terms, abroad = words.section("method.term"), other.section("method.term")
    meanings = words.section("method.meaning")
    rows = [
        [terms[name], abroad[name], meanings[name]] for name in sorted(terms, key=lambda name: terms[name].casefold())
    ]
    return head(words, "glossary"), rows


def contents(words: Words, sections: Sequence[str]) -> list[tuple[str, str]]:
    """(anchor, heading) of every section in order."""
    return [(name, words.say(f"method.{name}_title")) for name in sections]
