"""What the trends page shows: its choices, the breaks of a series, the units compared. Nothing is drawn here."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import pandas as pd

from charts.trend_marks import Mark
from indicators.changes import change_points, find_sudden_drops
from indicators.rates import coverage_pct, shown_points
from indicators.rules import Threshold, periods_between, programme_of, threshold_in_force
from ui import loaders
from ui.catalogue import Catalogue
from ui.frame import Frame
from ui.loaders import trends
from ui.view import NATION, Choice, View, one_of, shown_boundary_set

MOST_UNITS = 12
FIRST_MONTH, LAST_MONTH = "2010-01", "2030-12"
MOST_DROPS = 4
# The decision that ended free cards for whole communes; `reform_event` holds its words (861/QĐ-TTg).
CARD_EVENTS = ("2021-07-01",)


def are_units(value: str, view: View, catalogue: Catalogue) -> bool:
    """Codes of the boundary set on the screen, separated by dots, none twice."""
    codes, levels = value.split("."), catalogue.unit_levels[shown_boundary_set(view, catalogue)]
    return len(codes) <= MOST_UNITS and len(set(codes)) == len(codes) and all(code in levels for code in codes)


CHOICES = (
    Choice("units", are_units),
    one_of("span", "programme", "all"),
    one_of("order", "need", "coverage", "change", "name"),
)


@dataclass(frozen=True)
class Break:
    """Something that changes what a series counts, already in words; `period` is the first month after it."""

    period: str
    text: str
    breaks: bool


def chosen_units(page: Frame) -> list[str]:
    """The units compared: those of the address, else the place shown and the nation."""
    if chosen := page.choice("units"):
        return chosen.split(".")
    return list(dict.fromkeys([page.view.unit, NATION]))


def level_of(page: Frame, code: str) -> str:
    return page.catalogue.unit_levels[page.boundary_set][code]


def unit_name(page: Frame, code: str) -> str:
    """The short name of a unit, with its province where names repeat (communes and districts)."""
    if code == NATION:
        return page.words.say("home.nation")
    units = loaders.load_units(page.snapshot_id, page.boundary_set)
    row = units.loc[code]
    return str(row["name"]) if row["level"] in ("district", "commune") else str(row["short_name"])


def read_series(page: Frame, code: str) -> pd.DataFrame:
    """All months of a unit over all boundary sets, with `rate` in percent."""
    frame = trends.load_unit_series(page.snapshot_id, page.boundary_set, level_of(page, code), (code,))
    frame = frame[frame["unit_code"] == code]
    return frame.assign(rate=coverage_pct(frame["insured"], frame["population"]))


def span_months(page: Frame) -> list[str]:
    """The months of the comparison: the programme's, or all that hold figures."""
    months = sorted(page.catalogue.boundary_of)
    own = page.catalogue.programmes[page.view.programme]
    if page.choice("span") == "programme" and own:
        return periods_between(own[0], own[-1])
    return periods_between(months[0], months[-1])


def each_quarter(months: list[str]) -> list[str]:
    """Every third month, ending with the last."""
    return months[(len(months) - 1) % 3 :: 3]


def list_breaks(page: Frame, unit: str) -> list[Break]:
    """Whatever breaks the series of a unit, in order of time."""
    found = [*boundary_breaks(page), *threshold_breaks(page), *card_breaks(page), *census_breaks(page)]
    return sorted([*found, *drop_breaks(page, unit)], key=lambda entry: entry.period)


def number_breaks(breaks: list[Break], months: list[str]) -> list[Mark]:
    """The breaks as marks of a chart; several of one month share an upright: "3, 4"."""
    marks = []
    numbered = [(entry, str(number)) for number, entry in enumerate(breaks, 1) if entry.period in set(months)]
    for period, group in itertools.groupby(numbered, key=lambda pair: pair[0].period):
        entries = list(group)
        marks.append(Mark(period, ", ".join(n for _, n in entries), any(entry.breaks for entry, _ in entries)))
    return marks


def boundary_breaks(page: Frame) -> list[Break]:
    months, own = sorted(page.catalogue.boundary_of), page.catalogue.boundary_of
    events = trends.load_reform_events(page.snapshot_id)
    breaks = []
    for before, month in itertools.pairwise(months):
        if own[before] != own[month]:
            said = events.loc[events["happened_on"] == f"{month}-01", "event_vi" if page.view.lang == "vi" else "event"]
            name = page.words.say(f"boundary_set.{own[month]}.short")
            text = said.iloc[0] if len(said) else page.words.say("trends.break_boundary", boundaries=name)
            breaks.append(Break(month, text, True))
    return breaks


def threshold_breaks(page: Frame) -> list[Break]:
    """Changes of the national commune threshold over all programmes."""
    programmes = loaders.load_programmes(page.snapshot_id)

    def at(period: str) -> Threshold | None:
        programme = programme_of(programmes, period)
        return threshold_in_force(programme, period) if programme else None

    breaks, before = [], None
    for period in periods_between(FIRST_MONTH, LAST_MONTH):
        now = at(period)
        old, new = (rule and (rule.value, rule.operator) for rule in (before, now))
        if old != new:
            key = "ends" if new is None else "changes" if old else "begins"
            said = {
                "old": page.formats.percent_rule(before.value) if before else "",
                "new": page.formats.percent_rule(now.value) if now else "",
                "legal": now.legal_basis if now else "",
            }
            breaks.append(Break(period, page.words.say(f"trends.break_threshold_{key}", **said), True))
        before = now
    return breaks


def card_breaks(page: Frame) -> list[Break]:
    events = trends.load_reform_events(page.snapshot_id)
    column = "event_vi" if page.view.lang == "vi" else "event"
    rows = events[events["happened_on"].isin(CARD_EVENTS)]
    return [Break(row["happened_on"][:7], row[column], False) for _, row in rows.iterrows()]


def census_breaks(page: Frame) -> list[Break]:
    """The last year for which the population was published before and after the census was worked in."""
    rows = trends.load_populations(page.snapshot_id, NATION)
    both = rows[rows["series"].isin(["gso_old", "gso_revised"])].pivot(
        index="year", columns="series", values="population"
    )
    both = both.dropna()
    if both.empty or "gso_revised" not in both:
        return []
    year, row = int(both.index[-1]), both.iloc[-1]
    more = int(row["gso_revised"]) - int(row["gso_old"])
    text = page.words.say("trends.break_census", year=year, people=page.formats.change(more))
    return [Break(f"{year + 1}-04", text, False)]


def drop_breaks(page: Frame, unit: str) -> list[Break]:
    """The largest sudden falls of the unit itself, month on month."""
    series = read_series(page, unit)
    n, p = series["insured"].to_numpy(dtype=np.int64), series["population"].to_numpy(dtype=np.int64)
    if len(n) < 2:
        return []
    periods = series["period"].tolist()
    follows = np.array([len(periods_between(a, b)) == 2 for a, b in itertools.pairwise(periods)])
    fell = find_sudden_drops(n[1:], p[1:], n[:-1], p[:-1]) & follows
    points = change_points(n[1:], p[1:], n[:-1], p[:-1])
    largest = sorted(np.flatnonzero(fell), key=lambda at: points[at])[:MOST_DROPS]
    return [
        Break(
            periods[at + 1],
            page.words.say("trends.break_drop", points=page.formats.points(shown_points(points[at]))),
            False,
        )
        for at in largest
    ]
