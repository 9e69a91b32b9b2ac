"""Who may see what of the internal edition: the one rule, for every table of the store.

Leadership and operators see everything. A province sees what is public knowledge inside the house (law, units, decisions, the
figures of released months of all), and of its own units everything: drafts, rows held back, plans, who is in charge, the names
of its files. `data.audience_store` turns this table into what a reader's queries find; `may_see` is the rule itself, for one row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

_TAG = re.compile(r"(?P<id>[^~]*)~(?P<province>\d{2})", re.ASCII)


@dataclass(frozen=True)
class Audience:
    """For whom figures are read: the office of one province (its code), or whoever may see everything ("")."""

    province: str = ""

    def __post_init__(self) -> None:
        if self.province and not re.fullmatch(r"\d{2}", self.province, re.ASCII):
            raise ValueError(f"not the code of a province: {self.province!r}")

    @property
    def sees_all(self) -> bool:
        return not self.province

    def name(self, snapshot_id: str) -> str:
        """The id by which this audience knows a snapshot. Every cache is keyed by it, so that no two audiences share one."""
        return snapshot_id if self.sees_all else f"{snapshot_id}~{self.province}"


EVERYTHING = Audience()


def split_id(snapshot_id: str) -> tuple[str, Audience]:
    """The snapshot and the audience of an id that `Audience.name` gave."""
    found = _TAG.fullmatch(snapshot_id)
    return (found["id"], Audience(found["province"])) if found else (snapshot_id, EVERYTHING)


class Kind(Enum):
    """What a row of a table is, for the question of who may see it."""

    SHARED = "law, units, crosswalks, published figures, decisions: everybody's"
    FIGURE = "a figure of a unit and month, or a sum: everybody's once the month is released and it is not held back"
    OFFICE = "plans, logs, names, refused cells, versions, loads: of the office they come from"
    SOURCE = "a received file: that there is one is everybody's, its name and place are its office's"
    DECIDED = "an award or a group: everybody's where it was decided and names no person"
    ROUND = "a round of evaluation: everybody's once it is closed on real figures of released months"


TABLES = {
    "meta": Kind.SHARED,
    "boundary_set": Kind.SHARED,
    "region": Kind.SHARED,
    "unit": Kind.SHARED,
    "crosswalk": Kind.SHARED,
    "period": Kind.SHARED,
    "programme": Kind.SHARED,
    "rule": Kind.SHARED,
    "goal": Kind.SHARED,
    "payer_group": Kind.SHARED,
    "published_coverage": Kind.SHARED,
    "published_commune_coverage": Kind.SHARED,
    "population_year": Kind.SHARED,
    "target": Kind.SHARED,
    "ntm_progress": Kind.SHARED,
    "ntm_recognition": Kind.SHARED,
    "reform_event": Kind.SHARED,
    "emulation_cluster": Kind.SHARED,
    "published_unit_count": Kind.SHARED,
    "group_total": Kind.SHARED,  # the public edition's only; empty in the internal one
    "value_file": Kind.SHARED,  # names of files; their content is reduced where it is served (ui/own_values.py)
    "commune_month": Kind.FIGURE,
    "group_month": Kind.FIGURE,
    "unit_summary": Kind.FIGURE,
    "report_received": Kind.FIGURE,
    "unit_population": Kind.FIGURE,
    "source": Kind.SOURCE,
    "source_column": Kind.OFFICE,
    "rejection": Kind.OFFICE,
    "load_audit": Kind.OFFICE,
    "figure_history": Kind.OFFICE,
    "record_history": Kind.OFFICE,
    "group_survey": Kind.OFFICE,
    "plan_item": Kind.OFFICE,
    "plan_month": Kind.OFFICE,
    "activity": Kind.OFFICE,
    "initiative": Kind.OFFICE,
    "responsibility": Kind.OFFICE,
    "award": Kind.DECIDED,
    "custom_group": Kind.DECIDED,
    "evaluation_round": Kind.ROUND,
    "evaluation_row": Kind.ROUND,
}


def kind_of(table: str) -> Kind:
    """What a table holds. One that nobody has named here is its office's, so that a new table is not shown by itself."""
    return TABLES.get(table, Kind.OFFICE)


def may_see(
    audience: Audience,
    kind: Kind,
    *,
    is_own: bool,
    is_released: bool = True,
    is_held_back: bool = False,
    is_decided: bool = True,
) -> bool:
    """Whether an audience may see one row. `is_own`: it is about a unit of the audience's province, or from its office."""
    if audience.sees_all or kind in (Kind.SHARED, Kind.SOURCE):
        return True
    if kind is Kind.ROUND:
        return is_decided  # a place among others says something of the others: no part of an open round is one's own
    if kind is Kind.FIGURE:
        return is_own or (is_released and not is_held_back)
    return is_own or (kind is Kind.DECIDED and is_decided)


def may_see_place(audience: Audience, *, is_own: bool, is_released: bool) -> bool:
    """Whether an audience may look at a place in a month at all: of a draft only its own province. A sum or a rank of the
    nation's draft would be of half-known figures for it, and less its own it would be the others'."""
    return audience.sees_all or is_released or is_own
