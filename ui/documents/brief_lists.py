"""The lists of the one-page brief: the communes closest to the line, payer groups, ranks; in words, as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from charts import palette
from data.settings import get_settings
from indicators.closest import AT_RISK_PERCENT
from indicators.met import MET, met_status
from indicators.rates import coverage_pct, shown_pct
from ui import loaders
from ui.frame import Frame
from ui.profile import compare, people, trend
from ui.profile.communes import Communes
from ui.profile.facts import ProfileFacts

ROWS = 10


def build_lists(page: Frame, facts: ProfileFacts, communes: Communes | None) -> list[dict[str, Any]]:
    """Two lists side by side. Of a place with communes: closest below and at risk just above, or where nothing is judged
    the lowest and those with most people still out. Of a commune: its months and its neighbours."""
    if not facts.has_figures:
        return []
    if facts.is_commune:
        return [list_months(page, facts), list_neighbours(page, facts)]
    if communes is None or communes.frame.empty:
        return []
    if len(communes.frame) == 1 and str(communes.frame["unit_code"].iloc[0]) == facts.unit:
        # A district that stands for itself is no list of one.
        return [list_months(page, facts), list_neighbours(page, facts)]
    if facts.threshold is None or communes.counted == 0:
        return [list_lowest(page, facts, communes), list_uninsured(page, facts, communes)]
    return [list_below(page, facts, communes), list_at_risk(page, facts, communes)]


def make_list(
    title: str,
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    note: str = "",
    empty: str = "",
    is_wide: bool = False,
) -> dict[str, Any]:
    """What the template draws; the first column is text, the others are figures. `is_wide`: the last one needs its room."""
    listed = [list(row) for row in rows]
    return {"title": title, "note": note, "head": list(head), "rows": listed, "empty": empty, "wide": is_wide}


def list_below(page: Frame, facts: ProfileFacts, communes: Communes) -> dict[str, Any]:
    """The communes below the line that miss the fewest people."""
    words, formats = page.words, page.formats
    count, value = len(communes.standing.below), formats.percent_rule(facts.threshold.value)
    rows = communes.rows("below").head(ROWS)
    form = "_all" if len(rows) == count else ""
    title = words.say(f"brief.closest_title{form}", shown=len(rows), count=formats.count(count), threshold=value)
    fallen = len(communes.standing.fallen)
    return make_list(
        title if len(rows) else words.say("brief.closest_title_none", threshold=value),
        [words.say(f"brief.head_{name}") for name in ("commune", "rate", "missing")],
        [[*name_and_rate(page, facts, communes, row), formats.count(row.missing)] for row in rows.itertuples()],
        note=words.say("brief.fallen", count=formats.count(fallen)) if fallen else "",
        empty=words.say("profile.list_below_none"),
    )


def list_at_risk(page: Frame, facts: ProfileFacts, communes: Communes) -> dict[str, Any]:
    """The communes that meet and would fall with the loss of the fewest people."""
    words, formats = page.words, page.formats
    count = len(communes.standing.at_risk)
    rows = communes.rows("at_risk").head(ROWS)
    return make_list(
        words.say(
            f"brief.at_risk_title{'_all' if len(rows) == count else ''}", shown=len(rows), count=formats.count(count)
        )
        if len(rows)
        else words.say("brief.at_risk_title_none"),
        [words.say(f"brief.head_{name}") for name in ("commune", "rate", "loss")],
        [[*name_and_rate(page, facts, communes, row), formats.count(row.loss)] for row in rows.itertuples()],
        empty=words.say("brief.method_at_risk", percent=AT_RISK_PERCENT),
    )


def list_lowest(page: Frame, facts: ProfileFacts, communes: Communes) -> dict[str, Any]:
    """Where nothing is judged: the lowest rates."""
    words, formats = page.words, page.formats
    known = with_rates(communes)
    rows = known.sort_values("rate", kind="stable").head(ROWS)
    return make_list(
        words.say("brief.lowest_title", shown=len(rows), count=formats.count(len(known))),
        [words.say(f"brief.head_{name}") for name in ("unit", "rate", "out")],
        [
            [*name_and_rate(page, facts, communes, row), formats.count(row.population - row.insured)]
            for row in rows.itertuples()
        ],
        note=words.say("brief.not_judged" if facts.threshold is None else "brief.no_communes_counted"),
        empty=page.formats.missing,
    )


def list_uninsured(page: Frame, facts: ProfileFacts, communes: Communes) -> dict[str, Any]:
    words, formats = page.words, page.formats
    known = with_rates(communes)
    known = known.assign(out=known["population"] - known["insured"])
    rows = known[known["out"] > 0].sort_values("out", ascending=False, kind="stable").head(ROWS)
    return make_list(
        words.say("brief.most_out_title", shown=len(rows)),
        [words.say(f"brief.head_{name}") for name in ("unit", "rate", "out")],
        [[*name_and_rate(page, facts, communes, row), formats.count(row.out)] for row in rows.itertuples()],
        empty=page.formats.missing,
    )


def with_rates(communes: Communes) -> pd.DataFrame:
    frame = communes.frame.assign(rate=coverage_pct(communes.frame["insured"], communes.frame["population"]))
    return frame[frame["rate"].notna()]


def name_and_rate(page: Frame, facts: ProfileFacts, communes: Communes, row) -> list[str]:
    rate = shown_pct(int(row.insured), int(row.population), facts.threshold)
    return [
        say_name(page, facts, communes, row.unit_code),
        page.formats.missing if rate is None else page.formats.rate(rate),
    ]


def say_name(page: Frame, facts: ProfileFacts, communes: Communes, code: str) -> str:
    """The name with the names above it that are not the place's; the province in short, so that most fit on one line."""
    label = str(communes.labels[code])
    if not (facts.is_nation or facts.level == "region"):
        return label
    units = loaders.load_units(page.snapshot_id, page.boundary_set)
    province = units.loc[units.at[code, "province_code"]]
    return label.removesuffix(str(province["name"])) + str(province["short_name"])


def list_months(page: Frame, facts: ProfileFacts) -> dict[str, Any]:
    """Of a commune: its last months, newest first."""
    words = page.words
    rows = trend.month_rows(page, facts, ROWS)
    return make_list(
        words.say("brief.months_title"),
        [words.say("profile.month"), words.say("brief.head_rate"), words.say("home.table_people")],
        [row[:3] for row in rows],
        empty=page.formats.missing,
        is_wide=True,
    )


def list_neighbours(page: Frame, facts: ProfileFacts) -> dict[str, Any]:
    """Of a commune: those around it, as the comparison of its profile has them."""
    words, formats = page.words, page.formats
    company = compare.Company(compare.load_units_of_level(page, facts, facts.period), None)
    codes = compare.find_neighbours(page, facts, company)[: ROWS + 1]
    if len(codes) < 2 and facts.level == "district":  # an island: the others of its province
        parents = page.catalogue.unit_parents[page.boundary_set]
        others = [
            code for code in company.units.index if parents.get(code) == parents[facts.unit] and code != facts.unit
        ]
        codes = [code for code in (facts.unit, *others[:ROWS]) if code in company.units.index]
        is_island = True
    else:
        is_island = False
    rows = []
    for code in codes:
        row = company.units.loc[code]
        rate = shown_pct(int(row["insured"]), int(row["population"]), facts.threshold)
        out = formats.count(row["population"] - row["insured"]) if rate is not None else formats.missing
        rows.append([page.label(code), formats.missing if rate is None else formats.rate(rate), out])
    has_company = len(codes) > 1
    return make_list(
        words.say("brief.province_title")
        if is_island
        else compare.say_finding(page, company, "neighbours", codes)
        if has_company
        else words.say("profile.neighbours_title"),
        [words.say(f"brief.head_{name}") for name in ("unit", "rate", "out")],
        rows if has_company else [],
        note=words.say("brief.neighbours_note") if has_company and not is_island else "",
        empty=words.say("profile.neighbours_none"),
    )


def build_groups(page: Frame, facts: ProfileFacts) -> dict[str, Any]:
    """The payer groups with what is still out; the sentence that says why there are none."""
    words, formats = page.words, page.formats
    if not facts.has_figures:
        return {"title": ""}
    groups = people.load_groups(page)
    if groups is None or not groups.is_surveyed:
        key = "profile.groups_converted" if page.view.boundaries else "brief.groups_none"
        return {"title": words.say("profile.groups_title_unknown"), "subtitle": "", "head": [], "rows": [], "tick": None,
                "empty": words.say(key)}  # fmt: skip
    rule = facts.threshold or facts.goal
    subtitle = words.say("profile.groups_subtitle", surveyed=people.say_surveyed(groups, words, formats))
    if rule:
        subtitle += "; " + words.say("profile.groups_tick", rule=formats.percent_rule(rule.value))
    return {
        "title": people.say_finding(groups, words),
        "subtitle": subtitle,
        "tick": float(rule.value) if rule else None,
        "head": [words.say(f"profile.group_{name}") for name in ("name", "rate", "out")],
        "rows": [group_row(page, row, rule) for row in groups.frame.itertuples()],
        "note": words.say("public.small_note", limit=formats.count(get_settings().small_cell))
        if people.has_hidden(groups.frame)
        else "",
        "empty": "",
    }


def group_row(page: Frame, row, rule) -> dict[str, Any]:
    words, formats = page.words, page.formats
    name = words.say(f"payer_group.{row.word}")
    if row.eligible < 0:
        return {"name": name, "bar": None, "colour": "", "rate": "", "value": people.say_unknown(row, words)}
    rate = coverage_pct(row.insured, row.eligible).item()
    met = rule is None or met_status(row.insured, row.eligible, rule).item() == MET
    shown = shown_pct(int(row.insured), int(row.eligible), rule)
    return {
        "name": name,
        "bar": 0.0 if rate != rate else min(rate, 100.0),
        "colour": palette.MET if met else palette.NOT_MET,
        "rate": formats.missing if shown is None else formats.rate(shown),
        "value": formats.people(row.uninsured),
    }
