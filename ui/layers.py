"""The measures that the map page can draw, and which of them can be drawn where. No figures here."""

from __future__ import annotations

from dataclasses import dataclass

from ui.catalogue import Catalogue
from ui.view import Choice, View, one_of

COVERAGE, MET, SHARE, CHANGE, DISTANCE, NEED = "coverage", "met", "share", "change", "distance", "need"
INDICATORS = (COVERAGE, MET, SHARE, CHANGE, NEED, DISTANCE)
SPANS = ("12", "1", "3", "6", "24", "36", "48")
# Those that say nothing where no threshold is in force.
JUDGED = frozenset({MET, SHARE, DISTANCE, NEED})
QUADRANTS = ("low_many", "near_many", "low_few", "near_few")


def is_month(value: str, view: View, catalogue: Catalogue) -> bool:
    return value in catalogue.boundary_of and value != view.period


def is_unit(value: str, view: View, catalogue: Catalogue) -> bool:
    return any(value in levels for levels in catalogue.unit_levels.values())


# What the map page adds to the address: the measure, how far back change looks, the month of a second map, a quadrant of
# the priority chart, and the unit that the search has zoomed to.
CHOICES = (
    one_of("indicator", *INDICATORS),
    one_of("span", *SPANS),
    Choice("second", is_month),
    Choice("quadrant", lambda value, view, catalogue: value in QUADRANTS),
    Choice("zoom", is_unit),
)


@dataclass(frozen=True)
class LayerKey:
    """One measure on one map; `rule_period` is the month whose threshold makes the classes."""

    indicator: str
    span: int
    programme: str
    boundary_set: str
    level: str
    period: str
    rule_period: str


def months_before(period: str, months: int) -> str:
    """`2020-12`, 12 → `2019-12`."""
    count = int(period[:4]) * 12 + int(period[5:]) - 1 - months
    return f"{count // 12}-{count % 12 + 1:02d}"
