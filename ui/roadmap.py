"""What the roadmap shows: its choices, the communes of the place, the lift over the goal, the steps, the what-if. Nothing
is drawn here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pandas as pd

from indicators.lift import Lift, lift_coverage, lift_share
from indicators.met import MET, met_status, still_to_enrol
from indicators.rates import coverage_pct
from indicators.rules import Goal, Threshold, last_day, periods_between
from indicators.steps import split_steps
from indicators.whatif import WhatIf, enrol_people
from ui import loaders
from ui.catalogue import Catalogue
from ui.frame import Frame
from ui.loaders import pace, roadmap
from ui.view import NATION, Choice, View, one_of, shown_boundary_set

MOST_MONTHS = 60
MOST_CHOSEN = 40
COUNTED_WITHOUT_RULE = ("xa",)


def is_percent(value: str, view: View, catalogue: Catalogue) -> bool:
    return re.fullmatch(r"\d{1,3}(\.\d{1,2})?", value, re.ASCII) is not None and 0 < Decimal(value) <= 100


def is_later_month(value: str, view: View, catalogue: Catalogue) -> bool:
    return value in months_after(view.period)


def is_group(value: str, view: View, catalogue: Catalogue) -> bool:
    return re.fullmatch(r"[a-z_]{1,30}", value, re.ASCII) is not None


def is_people(value: str, view: View, catalogue: Catalogue) -> bool:
    return re.fullmatch(r"\d{1,7}", value, re.ASCII) is not None


def is_where(value: str, view: View, catalogue: Catalogue) -> bool:
    if value in ("plan", "unmet", "all"):
        return True
    codes, levels = value.split("."), catalogue.unit_levels[shown_boundary_set(view, catalogue)]
    return len(codes) <= MOST_CHOSEN and all(code in levels for code in codes)


CHOICES = (
    one_of("goal", "communes", "coverage"),
    Choice("at", is_percent),
    Choice("by", is_later_month),
    one_of("way", "closest", "largest"),
    Choice("group", is_group),
    Choice("enrol", is_people),
    Choice("where", is_where, "plan"),
)


def months_after(period: str) -> list[str]:
    """The months that a plan may end with."""
    return periods_between(period, f"{int(period[:4]) + MOST_MONTHS // 12}{period[4:]}")[1:]


@dataclass(frozen=True)
class Roadmap:
    """All that the page draws.

    communes   in map order: unit_code, name, type, population, insured (-1 unknown), rate, uninsured, need, state,
               counted, plan (people of the lift)
    rule       the goal that the place is lifted over; `wanted` communes or people are missing for it, -1 unknown
    months     of the steps; `steps` communes × months
    """

    communes: pd.DataFrame
    threshold: Threshold | None
    rule: Goal
    wanted: int
    lift: Lift
    months: list[str]
    steps: np.ndarray

    @property
    def has_figures(self) -> bool:
        return bool((self.communes["insured"] >= 0).any())

    @property
    def sums(self) -> tuple[int, int]:
        """(insured, population) of the communes with a known rate."""
        known = self.communes[(self.communes["insured"] >= 0) & (self.communes["population"] > 0)]
        return int(known["insured"].sum()), int(known["population"].sum())

    @property
    def counts(self) -> tuple[int, int, int]:
        """(communes that meet, counted ones, counted ones without figures)."""
        counted = self.communes[self.communes["counted"]]
        return int((counted["state"] == MET).sum()), len(counted), int((counted["state"] < 0).sum())


def read_roadmap(page: Frame) -> Roadmap:
    communes, threshold = read_communes(page)
    rule = choose_goal(page)
    need = communes["need"].to_numpy()
    if rule.measure == "communes_met":
        counted = communes["counted"].to_numpy()
        met = int((communes["state"].to_numpy()[counted] == MET).sum())
        wanted = int(still_to_enrol(met, int(counted.sum()), rule)) if threshold else -1
        lift = lift_share(np.where(counted, need, -1), max(wanted, 0))
    else:
        known = communes[(communes["insured"] >= 0) & (communes["population"] > 0)]
        wanted = int(still_to_enrol(int(known["insured"].sum()), int(known["population"].sum()), rule))
        largest = page.choice("way") == "largest"
        lift = lift_coverage(need, communes["uninsured"].to_numpy(), max(wanted, 0), largest_first=largest)
    months = plan_months(page)
    communes = communes.assign(plan=lift.people)
    return Roadmap(communes, threshold, rule, wanted, lift, months, split_steps(lift.people, len(months)))


def read_communes(page: Frame) -> tuple[pd.DataFrame, Threshold | None]:
    """The communes of the place with what they miss."""
    frame = loaders.load_communes(page.snapshot_id, page.view.period, page.boundary_set)
    if page.view.unit != NATION:
        frame = frame[(frame["province_code"] == page.view.unit) | (frame["district_code"] == page.view.unit)]
    frame = frame.reset_index(drop=True)
    threshold = loaders.threshold_at(page.snapshot_id, page.view.period)
    n, p = frame["insured"].to_numpy(), frame["population"].to_numpy()
    types = threshold.unit_types if threshold else COUNTED_WITHOUT_RULE
    known = (n >= 0) & (p > 0)
    return frame.assign(
        rate=coverage_pct(n, p),
        uninsured=np.where(known, np.maximum(p - n, 0), -1),
        need=still_to_enrol(n, p, threshold),
        state=met_status(n, p, threshold),
        counted=frame["type"].isin(types) & ~frame["stands_alone"].astype(bool),
    ), threshold


def choose_goal(page: Frame) -> Goal:
    """The chosen goal; where no percentage is chosen, every commune, or the place's own target."""
    chosen = page.choice("at")
    deadline = last_day(plan_months(page)[-1])
    if page.choice("goal") == "communes":
        return Goal("communes_met", Decimal(chosen or "100"), ">=", deadline)
    if chosen:
        return Goal("coverage", Decimal(chosen), ">=", deadline)
    own = own_goal(page)
    return own or Goal("coverage", Decimal("95"), ">=", deadline)


def own_goal(page: Frame) -> Goal | None:
    """What the place works towards by the plan (`pace.load_goals`)."""
    goals = pace.load_goals(page.snapshot_id, page.view.period, page.boundary_set, page.unit_level)
    return goals.get(page.view.unit)


def plan_months(page: Frame) -> list[str]:
    """The months of the plan: from the next one to the chosen one, else to the programme's end, else a year."""
    later = months_after(page.view.period)
    end = page.choice("by") or default_end(page)
    return later[: later.index(end) + 1]


def default_end(page: Frame) -> str:
    later = months_after(page.view.period)
    programme = loaders.load_programmes(page.snapshot_id)[page.view.programme]
    return programme.to_period if programme.to_period in later else later[11]


def choose_group(page: Frame, groups: pd.DataFrame) -> str:
    """The payer group of the what-if: the chosen one, else the one with the most people outside."""
    surveyed = groups[groups["eligible"] >= 0]
    if page.choice("group") in set(surveyed["payer_group"]):
        return page.choice("group")
    return str(surveyed.loc[surveyed["uninsured"].idxmax(), "payer_group"]) if len(surveyed) else ""


def read_whatif(page: Frame, road: Roadmap, group: str) -> tuple[WhatIf, np.ndarray, np.ndarray]:
    """(result, eligible people of the group left per commune (-1 not surveyed), communes chosen)."""
    rows = roadmap.load_commune_groups(page.snapshot_id, page.view.period, page.view.unit)
    rows = rows[rows["payer_group"] == group].set_index("unit_code")
    left = (rows["eligible"] - rows["insured"]).clip(lower=0).reindex(road.communes["unit_code"]).fillna(-1)
    left = left.to_numpy().astype(np.int64)
    where, codes = page.choice("where"), road.communes["unit_code"]
    if where == "plan":
        chosen = road.lift.people > 0
    elif where == "unmet":
        chosen = road.communes["need"].to_numpy() > 0
    elif where == "all":
        chosen = np.ones(len(codes), dtype=bool)
    else:
        chosen = codes.isin(where.split(".")).to_numpy()
    insured, population = road.communes["insured"].to_numpy(), road.communes["population"].to_numpy()
    total = int(page.choice("enrol") or 0)
    return enrol_people(insured, population, left, chosen, total, road.threshold), left, chosen
