"""What the profile of one unit knows before anything is said: sums, goals, three sums of people, pace and trend."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from indicators import arrival, pace, trend_marker
from indicators.met import still_to_enrol
from indicators.pace_said import SaidPace, say_pace
from indicators.rules import Goal, Programme, Threshold, goal, last_day, threshold_in_force
from ui import captions, loaders
from ui.comparison import NOTHING, Comparison, compare_place
from ui.frame import Frame
from ui.home_facts import load_programme, set_of_month
from ui.loaders import profile
from ui.loaders.targets import load_target_path
from ui.sums import PlaceSummary
from ui.view import NATION


@dataclass(frozen=True)
class ProfileFacts:
    """Counts are -1 where unknown. `year` is the same place a year earlier, over the communes known in both months. `goal` is
    the place's own target of the year (`has_own_target`) or the plan's goal. `months`: to the programme's end. `deadline` and
    `pace` belong to `need`: to bring every commune to the threshold, else the place to its goal (`need_is_of_goal`).
    """

    unit: str
    level: str
    place: str
    period: str
    earlier: str
    programme: Programme
    now: PlaceSummary | None
    year: Comparison
    threshold: Threshold | None
    goal: Goal | None
    has_own_target: bool
    months: pd.DataFrame
    need: int
    need_is_of_goal: bool
    need_of_goal: int
    deadline: date | None
    pace: SaidPace
    points: int
    marker: str
    arrival: tuple[int, int] | None
    arrives_never: bool

    @property
    def has_figures(self) -> bool:
        return self.now is not None and self.now.population > 0

    @property
    def is_judged(self) -> bool:
        """Whether there are communes to hold against a threshold (a commune: itself)."""
        return self.has_figures and self.threshold is not None and self.now.judged > 0

    @property
    def is_commune(self) -> bool:
        return self.level == "commune"

    @property
    def is_nation(self) -> bool:
        return self.unit == NATION

    @property
    def is_past_deadline(self) -> bool:
        return self.deadline is not None and self.deadline <= last_day(self.period)


def load_facts(page: Frame) -> ProfileFacts:
    """The facts of the unit in the address. One query per question; all are cached by the snapshot."""
    view, programme = page.view, load_programme(page)
    has_months = bool(page.catalogue.programmes[view.programme])
    threshold = threshold_in_force(programme, view.period) if has_months else None
    earlier = f"{int(view.period[:4]) - 1}{view.period[4:]}"
    now = load_place(page, view.period) if has_months else None
    months = load_months(page) if has_months else pd.DataFrame(columns=["period", *profile.COUNTS, "is_estimated"])
    target, has_own = find_goal(page, programme)
    judged = now is not None and now.population > 0 and threshold is not None and now.judged > 0
    need_of_goal = int(still_to_enrol(now.insured, now.population, target).item()) if now and target else -1
    need, deadline = (now.still_to_enrol, find_deadline(programme, view.period)) if judged else (need_of_goal, None)
    if not judged and need >= 0 and target is not None:
        deadline = target.deadline
    insured, population = quarters(months, view.period)
    left = pace.months_left(view.period, deadline) if deadline else -1
    judged_pace = pace.judge_pace(insured, population, [need], left)
    expected = arrival.measure_arrival(insured, population, [need], left)
    has_range = bool(expected.has_range[0])
    return ProfileFacts(
        unit=view.unit,
        level=page.unit_level,
        place=page.label(view.unit),
        period=view.period,
        earlier=earlier,
        programme=programme,
        now=now,
        year=compare_place(page, earlier, threshold) if has_months else NOTHING,
        threshold=threshold,
        goal=target,
        has_own_target=has_own,
        months=months,
        need=need,
        need_is_of_goal=not judged,
        need_of_goal=need_of_goal,
        deadline=deadline,
        pace=say_pace(judged_pace),
        points=int(judged_pace.points[0]),
        marker=trend_marker.MARKER_NAMES[int(trend_marker.mark_trend(insured, population)[0])],
        arrival=(int(expected.early[0]), int(expected.late[0])) if has_range else None,
        arrives_never=bool(expected.not_reached[0]),
    )


def load_place(page: Frame, period: str) -> PlaceSummary | None:
    view = page.view
    if period not in page.catalogue.boundary_of:
        return None
    return profile.load_place(page.snapshot_id, period, set_of_month(page, period), view.unit, page.unit_level)


def load_months(page: Frame) -> pd.DataFrame:
    """From the first month on to the end of the programme, so that the chart shows what came after the period too."""
    last = load_programme(page).to_period
    return profile.load_months(page.snapshot_id, page.boundary_set, page.view.unit, page.unit_level, last)


def quarters(months: pd.DataFrame, period: str) -> tuple[np.ndarray, np.ndarray]:
    """(insured, population) of the last eight quarters as 1 × 8 int64, -1 where unknown."""
    by_period = months.set_index("period")[["insured", "population"]]
    found = by_period.reindex(pace.quarter_months(period)).fillna(-1).astype("int64")
    return found["insured"].to_numpy()[None, :], found["population"].to_numpy()[None, :]


def find_goal(page: Frame, programme: Programme) -> tuple[Goal | None, bool]:
    """The coverage to reach: the place's own target of the year, else the plan's national goal (whether it is its own)."""
    view = page.view
    if view.unit != NATION and page.unit_level != "region":
        own = loaders.load_target(page.snapshot_id, view.unit, int(view.period[:4]), page.boundary_set)
        if own is not None:
            return own, True
    return goal(programme, "coverage", view.period), False


def find_deadline(programme: Programme, period: str) -> date:
    """By when every commune is to meet: the plan's date, else the end of the programme."""
    communes = goal(programme, "communes_met", period)
    return communes.deadline if communes else last_day(programme.to_period)


def target_goals(page: Frame, facts: ProfileFacts) -> list[Goal]:
    """The path of targets: the place's own of every year of the programme, else the plan's goals; of a commune the
    threshold."""
    programme = facts.programme
    communes = [entry for entry in programme.goals if entry.main and entry.measure == "communes_met"]
    if facts.is_commune:
        return [threshold_goal(facts)] if facts.is_judged else []
    if facts.has_own_target:
        first, last = int(programme.from_period[:4]), int(programme.to_period[:4])
        path = load_target_path(page.snapshot_id, facts.unit, page.boundary_set)
        own = [entry for entry in path if first <= entry.deadline.year <= last]
        return [*own, *communes]
    return [entry for entry in programme.goals if entry.main and entry.measure in ("coverage", "communes_met")]


def threshold_goal(facts: ProfileFacts) -> Goal:
    """The threshold of a commune as a goal of its coverage by the end of the programme."""
    return Goal("coverage", facts.threshold.value, facts.threshold.operator, last_day(facts.programme.to_period))


def list_caption(page: Frame, facts: ProfileFacts, *, has_pace: bool = True) -> list[str]:
    """Where the figures of the profile are from, for a place that has some; `has_pace`: the pace is among them."""
    rule = [page.words.say("pace.rule")] if facts.deadline and has_pace else []
    return captions.list_pieces(page, facts.now, facts.threshold, "" if facts.is_nation else facts.place, rule)
