"""What is known of a place whose month has no figures, and what to do so that it has some: the brief of such a place is a full
page too. A place that stands for itself (an island district) gets the same beside its figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from data.settings import get_settings
from geo.neighbours import neighbours_of
from indicators.met import MET, NOT_MET, met_status
from indicators.rates import shown_pct
from indicators.rules import Threshold, last_day, threshold_in_force
from text.names import lower_first, upper_first
from ui import loaders, method
from ui.catalogue import province_of
from ui.documents.brief_lists import make_list
from ui.fact_words import say_fact
from ui.frame import Frame
from ui.loaders import profile
from ui.loaders.targets import load_target_path
from ui.loaders.units import load_units
from ui.profile import origins, people, trend
from ui.profile.facts import ProfileFacts, load_place
from ui.view import NATION

MONTHS, NEIGHBOURS, PUBLISHED, STEPS, YEARS = 8, 8, 8, 10, 6


def stands_alone(page: Frame, facts: ProfileFacts) -> bool:
    """Whether the place is a district without communes, which stands for itself."""
    return facts.level == "district" and loaders.stands_alone(page.snapshot_id, page.boundary_set, facts.unit)


def build_todo(page: Frame, facts: ProfileFacts) -> dict[str, Any]:
    """Who must send what, where the month has no figures; `bullets` is empty where it has."""
    if facts.has_figures:
        return {"title": "", "bullets": []}
    words = page.words
    return {"title": words.say("brief.todo_title"), "bullets": [*list_tasks(page, facts), words.say("brief.not_zero")]}


def list_tasks(page: Frame, facts: ProfileFacts) -> list[str]:
    words = page.words
    if not page.catalogue.programmes[facts.programme.programme] and loaders.snapshot_info().has_figures:
        return [words.say("brief.todo_other_programme")]
    status = find_status(page, facts)
    if status == "not_applicable":
        return [words.say("brief.todo_nobody_lives")]
    if status == "held_back":
        return [words.say("brief.todo_held_back", who=say_sender(page, facts)), *say_check(page)]
    key = "todo_row" if facts.is_commune or stands_alone(page, facts) else "todo_report"
    asked = words.say(
        f"brief.{key}", who=say_sender(page, facts), code=facts.unit, period=page.formats.month(facts.period)
    )
    return [asked, *say_check(page), words.say("brief.todo_then")]


def say_check(page: Frame) -> list[str]:
    """Where a file can be tried before it is sent; only the internal edition has that page."""
    return [page.words.say("brief.todo_check")] if get_settings().edition == "internal" else []


def find_status(page: Frame, facts: ProfileFacts) -> str:
    """Of a unit without communes what its month says of the missing figure; "" of other places."""
    if facts.now is None or not (facts.is_commune or stands_alone(page, facts)):
        return ""
    rows = profile.load_place_communes(page.snapshot_id, facts.period, page.boundary_set, facts.unit, facts.level)
    return str(rows["obs_status"].iloc[0]) if len(rows) else ""


def say_sender(page: Frame, facts: ProfileFacts) -> str:
    """The office whose report the figure stands in."""
    province = province_of(facts.unit, page.boundary_set, page.catalogue)
    if not province:
        return page.words.say("brief.sender_all")
    return page.words.say("brief.sender", province=lower_first(page.label(province)))


def build_known(page: Frame, facts: ProfileFacts) -> list[list[dict[str, Any]]]:
    """Rows of one or two blocks side by side (`brief_lists.make_list` with widths); blocks with nothing in them are left
    out."""
    alone = stands_alone(page, facts)
    if facts.has_figures:
        populations = [list_populations(page, facts)] if alone else []
        return pair([], [*populations, *list_origins(page, facts)]) if alone or facts.is_commune else []
    builders = (list_place, list_last_months, list_around, list_rules, list_targets)
    wholes = [list_populations(page, facts), list_published(page, facts), *list_origins(page, facts)]
    return pair([build(page, facts) for build in builders], wholes)


def pair(halves: Sequence[dict[str, Any]], wholes: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Halves two by two, the longest beside each other, so that little of the page stays empty; then those over its width."""
    kept = sorted((block for block in halves if block["rows"]), key=lambda block: -len(block["rows"]))
    return [kept[at : at + 2] for at in range(0, len(kept), 2)] + [[block] for block in wholes if block["rows"]]


def make_block(title: str, rows: Sequence[Sequence[str]], widths: Sequence[float], numbers: Sequence[int] = (),
               head: Sequence[str] = (), note: str = "") -> dict[str, Any]:  # fmt: skip
    """`widths` are shares of the line, 0 as wide as its words; `head` is empty for a list of facts."""
    return make_list(title, head, rows, note=note) | {"widths": list(widths), "numbers": list(numbers)}


def list_place(page: Frame, facts: ProfileFacts) -> dict[str, Any]:
    """Code, kind, the places above, what it consists of, how far it is recognised."""
    words, formats = page.words, page.formats
    rows = [[words.say("brief.known_code"), facts.unit]]
    above = loaders.unit_parents_label(page.snapshot_id, page.boundary_set, facts.unit) if is_unit(facts) else ""
    if above:
        rows.append([words.say("brief.known_above"), above])
    units = load_units(page.snapshot_id, page.boundary_set)
    inside = units if facts.is_nation else units[(units["province_code"] == facts.unit)]
    if facts.level == "district":
        inside = units[units["district_code"] == facts.unit]
    if facts.is_nation or facts.level in ("province", "district"):
        count = int(((inside["level"] == "commune") & (inside["unit_code"] != facts.unit)).sum())
        if count:
            rows.append([words.say("brief.known_communes"), formats.count(count)])
        elif stands_alone(page, facts):
            rows.append([words.say("brief.known_communes"), words.say("brief.known_alone")])
    short = words.say(f"boundary_set.{page.boundary_set}.short")
    rows.append([words.say("brief.known_boundaries"), short])
    if facts.is_commune and units.at[facts.unit, "type"] == "xa":
        rows.append([words.say("brief.known_recognised"), say_recognition(page, facts)])
    return make_block(words.say("brief.known_title"), rows, (0, 1))


def is_unit(facts: ProfileFacts) -> bool:
    return facts.level in ("province", "district", "commune")


def say_recognition(page: Frame, facts: ProfileFacts) -> str:
    decisions = profile.load_recognised(page.snapshot_id, page.boundary_set, last_day(facts.period).isoformat())
    if facts.unit not in decisions:
        return page.words.say("brief.known_not_recognised")
    return decisions[facts.unit] or page.words.say("brief.known_is_recognised")


def list_known_months(facts: ProfileFacts) -> pd.DataFrame:
    """The months up to the one of the brief that have a rate, oldest first."""
    past = facts.months[facts.months["period"] <= facts.period]
    return past[(past["population"] > 0) & (past["insured"] >= 0)]


def list_last_months(page: Frame, facts: ProfileFacts) -> dict[str, Any]:
    """The last months with figures before this one, newest first, and what the newest of them said."""
    words, formats = page.words, page.formats
    known = list_known_months(facts)
    if known.empty:
        return make_block("", [], (1,))
    newest = known.iloc[-1]
    rate = formats.rate(shown_pct(int(newest["insured"]), int(newest["population"]), threshold_of(page, facts, newest)))
    title = words.say("brief.last_title", month=formats.month(newest["period"]), rate=rate)
    note = say_judgement(page, facts, newest)
    head = [words.say("profile.month"), words.say("brief.head_rate"), words.say("home.table_people")]
    return make_block(title, [row[:3] for row in trend.month_rows(page, facts, MONTHS)], (1, 0, 0), (1, 2), head, note)


def threshold_of(page: Frame, facts: ProfileFacts, month: Any) -> Threshold | None:
    """The threshold that the unit is held against in a month; None where it is held against none."""
    found = loaders.threshold_at(page.snapshot_id, str(month["period"])) if facts.is_commune else None
    if found is None:
        return None
    kind = load_units(page.snapshot_id, page.boundary_set).at[facts.unit, "type"]
    return found if kind in found.unit_types else None


def say_judgement(page: Frame, facts: ProfileFacts, month: Any) -> str:
    """Whether a commune met the threshold of that month; "" where it was held against none."""
    threshold = threshold_of(page, facts, month)
    if threshold is None:
        return ""
    status = met_status(int(month["insured"]), int(month["population"]), threshold).item()
    key = {MET: "last_met", NOT_MET: "last_not_met"}[status]
    return page.words.say(f"brief.{key}", threshold=page.formats.rule(threshold.value, threshold.operator))


def list_around(page: Frame, facts: ProfileFacts) -> dict[str, Any]:
    """The same month of the places above and of the neighbours, so that a reader sees what the unit lies among."""
    words, formats = page.words, page.formats
    if not page.catalogue.programmes[facts.programme.programme] or facts.is_nation or not is_unit(facts):
        return make_block("", [], (1,))
    parents = page.catalogue.unit_parents[page.boundary_set]
    above, code = [], facts.unit
    while (code := parents.get(code, "")) and code != NATION:
        above.insert(0, code)
    rows = []
    for code in (NATION, *above):
        found = load_place(show_place(page, code), facts.period)
        if found is not None and found.population > 0:
            rows.append([page.label(code), *write_counts(page, found.insured, found.population)])
    frame = loaders.load_level(page.snapshot_id, facts.period, page.boundary_set, facts.level)
    frame = frame.set_index("unit_code", drop=False)
    near = [code for code in neighbours_of(page.boundary_set, facts.unit) if code in frame.index]
    if not near and above:  # an island: the others of its province
        near = [code for code in frame.index if parents.get(code) == above[-1] and code != facts.unit]
    for code in near[:NEIGHBOURS]:
        row = frame.loc[code]
        rows.append([page.label(code), *write_counts(page, int(row["insured"]), int(row["population"]))])
    title = words.say("brief.around_title", period=formats.month(facts.period))
    head = [words.say(f"brief.head_{name}") for name in ("unit", "rate", "out")]
    return make_block(title, rows, (1, 0, 0), (1, 2), head, words.say("brief.around_note") if near else "")


def show_place(page: Frame, code: str) -> Frame:
    return page.showing(replace(page.view, unit=code))


def write_counts(page: Frame, insured: int, population: int) -> list[str]:
    rate = shown_pct(insured, population)
    if rate is None:
        return [page.formats.missing] * 2
    return [page.formats.rate(rate), page.formats.count(population - insured)]


def list_rules(page: Frame, facts: ProfileFacts) -> dict[str, Any]:
    """The threshold and the goals that hold for the month, with their legal basis."""
    words, formats = page.words, page.formats
    rows = []
    programme = facts.programme
    inside = programme.from_period <= facts.period <= programme.to_period
    threshold = threshold_in_force(programme, facts.period) if inside else None
    if threshold is not None:
        rows.append([method.say_threshold(threshold, words, formats), threshold.legal_basis])
    else:
        rows.append([upper_first(words.say("rule.unknown")), ""])
    for goal in facts.programme.goals:
        if goal.main:
            rows.append([method.say_goal(goal, words, formats), goal.legal_basis])
    return make_block(words.say("brief.rules_title"), rows, (1, 1))


def list_targets(page: Frame, facts: ProfileFacts) -> dict[str, Any]:
    """The path of targets of the place, or of the province that it lies in."""
    words = page.words
    code = facts.unit if facts.is_nation else province_of(facts.unit, page.boundary_set, page.catalogue) or ""
    first, last = int(facts.programme.from_period[:4]), int(facts.programme.to_period[:4])
    path = load_target_path(page.snapshot_id, code, page.boundary_set) if code else []
    path = [goal for goal in path if first <= goal.deadline.year <= last][:YEARS]
    rows = [
        [str(goal.deadline.year), page.formats.rule(goal.value, goal.operator), say_fact(goal.legal_basis, words)]
        for goal in path
    ]
    title = words.say("brief.targets_title", place=lower_first(page.label(code))) if rows else ""
    return make_block(title, rows, (0, 0, 1))


def list_populations(page: Frame, facts: ProfileFacts) -> dict[str, Any]:
    """Every population that is known of the place, the newest year of each series."""
    words, formats = page.words, page.formats
    rows = []
    if facts.has_figures:
        rows = [[row.series, row.date, formats.count(row.population), row.source]
                for row in people.list_populations(page, facts)]  # fmt: skip
    else:
        for row in list_known_months(facts).tail(1).itertuples():
            key = "population_report_simulated" if row.units_simulated > 0 else "population_report"
            rows.append([words.say(f"profile.{key}"), formats.month(row.period), formats.count(row.population), ""])
        for row in people.load_year_series(page, facts).itertuples():
            year = words.say("profile.population_year", year=row.year)
            source = say_fact(row.source, words)
            rows.append([people.name_series(page, row.series), year, formats.count(row.population), source])
        for row in profile.load_received_populations(
            page.snapshot_id, page.boundary_set, facts.unit, facts.period
        ).itertuples():
            rows.append([people.name_series(page, row.series), formats.month(row.period), formats.count(row.population),
                         words.say("public.reported")])  # fmt: skip
    head = [words.say(f"profile.population_{name}") for name in ("series", "date", "people", "source")]
    return make_block(words.say("brief.populations_title"), rows, (1.2, 0, 0, 1), (2,), head)


def list_published(page: Frame, facts: ProfileFacts) -> dict[str, Any]:
    """What was published of the place, its province and the nation in the programme, newest first."""
    words, formats = page.words, page.formats
    province = province_of(facts.unit, page.boundary_set, page.catalogue)
    codes = dict.fromkeys(code for code in (facts.unit, province, NATION) if code)
    rows = []
    for code in codes:
        series = loaders.load_published(page.snapshot_id, code)
        inside = series["period"].between(facts.programme.from_period, facts.programme.to_period)
        for row in (
            series[inside & series["coverage_pct"].notna()].tail(PUBLISHED // len(codes)).iloc[::-1].itertuples()
        ):
            said = formats.rate(row.coverage_pct, 2)
            rows.append([page.label(code), formats.month(row.period), said, say_fact(row.source, words)])
    head = [
        words.say("brief.head_unit"),
        *(words.say(f"profile.published_{name}") for name in ("date", "value", "source")),
    ]
    note = words.say("profile.published_subtitle")
    return make_block(words.say("brief.published_title"), rows, (0, 0, 0, 1), (2,), head, note)


def list_origins(page: Frame, facts: ProfileFacts) -> list[dict[str, Any]]:
    """What the place was before each reform and what it became, with shares and sources."""
    return [
        make_block(
            table.title,
            table.said(page)[:STEPS],
            (1.1, 1.1, 0, 0, 1.2) if len(table.head) == 5 else (1, 0)[: max(1, len(table.head))],
            table.numbers,
            table.head,
        )
        for table in origins.list_tables(page, facts)
    ]
