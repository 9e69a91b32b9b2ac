"""The movement's log as it stands on a day: plans, activities and gaps of the parts of a place. `movement_log_page` draws it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from indicators.movement import days_silent, is_overdue
from indicators.rules import last_day
from ui import loaders as shared
from ui.frame import Frame
from ui.loaders import emulation as loaders
from ui.loaders.roadmap import load_plan_months
from ui.reader_frame import is_of_others
from ui.view import NATION

KINDS = ("dissemination", "coordination", "communication", "link", "other")


@dataclass(frozen=True)
class Log:
    """The log up to a day, inside a place, by its parts: provinces of the nation, districts of a province, communes of a
    district. `units` are the parts (unit_code, name, figures); records carry `part`, the one they belong to.
    """

    as_of: date
    year: int
    units: pd.DataFrame
    activities: pd.DataFrame
    plans: pd.DataFrame
    by_month: frozenset[str] = frozenset()
    """Parts with a plan by month of the year (the roadmap's own workbook): whoever filed one has filed a plan."""

    @property
    def without_plan(self) -> set[str]:
        return set(self.units["unit_code"]) - set(self.plans["part"]) - self.by_month


def read_log(page: Frame) -> Log | None:
    """None where the programme has no monthly figures to set beside it, or the place is not the reader's to see. Of the nation
    the office of a province has itself: of others it cannot say that they did nothing."""
    if is_of_others(page) or not page.catalogue.programmes[page.view.programme]:
        return None
    as_of = last_day(page.view.period)
    level = {"nation": "province", "province": "district"}.get(page.unit_level, "commune")
    if level == "district" and "district" not in page.catalogue.unit_levels[page.boundary_set].values():
        level = "commune"
    units = shared.load_level(page.snapshot_id, page.view.period, page.boundary_set, level)
    known = shared.load_units(page.snapshot_id, page.boundary_set)
    unit = page.view.unit
    if unit != NATION:
        inside = known.loc[units["unit_code"], "province_code" if page.unit_level == "province" else "district_code"]
        units = units[(inside == unit).to_numpy() & (units["unit_code"] != unit).to_numpy()]
    elif page.catalogue.own_provinces:
        units = units[units["unit_code"].isin(page.catalogue.own_provinces.get(page.boundary_set, ()))]
    activities, plans = loaders.load_activities(page.snapshot_id), loaders.load_plan_items(page.snapshot_id)
    activities = add_part(page, keep(activities, [day <= as_of for day in activities["happened_on"]]), level)
    plans = add_part(page, plans[plans["year"] == as_of.year], level)
    return Log(as_of, as_of.year, units, activities, plans, find_month_plans(page, as_of.year, level))


def find_month_plans(page: Frame, year: int, level: str) -> frozenset[str]:
    months = load_plan_months(page.snapshot_id, None if page.view.unit == NATION else page.view.unit)
    codes = months.loc[months["month"].str[:4] == str(year), "unit_code"].unique() if len(months) else []
    units = shared.load_units(page.snapshot_id, page.boundary_set).reindex(codes)
    places = units[["province_code", "district_code"]].assign(unit_code=units.index)
    return frozenset(add_part(page, places.reset_index(drop=True), level)["part"])


def add_part(page: Frame, records: pd.DataFrame, level: str) -> pd.DataFrame:
    """Records of the place shown with the part each belongs to; "" for one of the place itself. A province that was
    merged counts for the one that it became.
    """
    column = {"province": "province_code", "district": "district_code"}.get(level)
    province = (
        records["province_code"]
        .fillna("")
        .map(lambda code: page.catalogue.successors.get((page.boundary_set, code), code))
    )
    records = records.assign(province_code=province)
    unit = page.view.unit
    own = records["unit_code"] == unit
    if unit != NATION:
        holder = "province_code" if page.unit_level == "province" else "district_code"
        records = records[(records[holder] == unit) | own]
    part = records[column].fillna("") if column else records["unit_code"]
    return records.assign(part=part)


def has_records(page: Frame) -> bool:
    """Whether any plan or activity was received."""
    return len(loaders.load_activities(page.snapshot_id)) > 0 or len(loaders.load_plan_items(page.snapshot_id)) > 0


def keep(frame: pd.DataFrame, flags: list[bool]) -> pd.DataFrame:
    """The flagged rows; of an empty frame its columns stay."""
    return frame[np.array(flags, dtype=bool)]


def list_overdue(log: Log) -> pd.DataFrame:
    rows = log.plans.itertuples()
    return keep(log.plans, [is_overdue(none_if_blank(row.due_on), row.state, log.as_of) for row in rows])


def last_days(log: Log) -> dict[str, date]:
    return log.activities.groupby("part")["happened_on"].max().to_dict() if len(log.activities) else {}


def order_parts(log: Log) -> list[str]:
    """The parts of the place: those silent for longest first."""
    last = last_days(log)

    def order(code: str) -> tuple[int, str]:
        silent = days_silent(last.get(code), log.as_of)
        return (-(10**6) if silent is None else -silent, code)

    return sorted(log.units["unit_code"], key=order)


def none_if_blank(value: object) -> date | None:
    return None if pd.isna(value) else value


def choose_activities(page: Frame, log: Log) -> pd.DataFrame:
    """The activities of the kind chosen, the newest first."""
    kind = page.choice("kind")
    return log.activities[log.activities["kind"] == kind] if kind in KINDS else log.activities
