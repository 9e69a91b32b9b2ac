"""Có gì mới: which communes crossed the line, fell back, fell suddenly or newly report since an earlier month.

`compare_months` and `ChangeWords` know no page layout, so that the home page and meeting mode say the same; the drawing is
`ui/whats_new_page.py`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from decimal import Decimal

import numpy as np
import pandas as pd

from indicators import changes
from indicators.met import still_to_enrol
from indicators.rates import shown_points
from indicators.rules import Threshold
from text.formats import Formats
from text.words import Words
from ui import loaders
from ui.catalogue import Catalogue
from ui.loaders.comparison import align_counts
from ui.sums import COUNTED_WITHOUT_RULE
from ui.view import NATION, Choice, View, months_before

ROSE, FELL, DROPPED, NEW, CLOSE = "rose", "fell", "dropped", "new", "close"
KINDS = (ROSE, FELL, DROPPED, NEW, CLOSE)
CLOSE_PEOPLE = 200
NAMED = 2  # places named beside a count


def month_choice(name: str) -> Choice:
    """A month that has figures, before the one on the screen; without one, the month before it."""
    return Choice(name, lambda value, view, catalogue: value in months_before(view, catalogue))


# What a page with this block adds to the address: the earlier month, and which list is open.
CHOICES = (
    month_choice("since"),
    Choice("changed", lambda value, view, catalogue: value in KINDS),
    Choice(
        "changed_page",
        lambda value, view, catalogue: value.isascii() and value.isdigit() and 1 <= int(value) <= 999,
        "1",
    ),
)


@dataclass(frozen=True)
class Changes:
    """The counted communes of a place at two months, on the boundary set on the screen.

    `units`: unit_code, name, province_code, district_code, population, insured, population_before, insured_before (-1
    unknown), is_simulated, points (NaN unknown), gained (NaN unknown), need (-1 unknown). `masks` by kind; a kind that cannot
    be told (no threshold, another threshold) is not in it. `is_converted`: the earlier month was reported on other boundaries.
    """

    period: str
    since: str
    threshold: Threshold | None
    threshold_before: Threshold | None
    is_converted: bool
    units: pd.DataFrame
    masks: dict[str, np.ndarray]
    _parts: dict[str, pd.DataFrame] = field(default_factory=dict)

    def column(self, kind: str, name: str) -> np.ndarray:
        """One column of counts or points of a kind's communes: lines need a few, lists need all (`of`)."""
        return self.units[name].to_numpy()[self.masks[kind]]

    def inside(self, unit: str) -> Changes:
        """The same for a place of the nation: a province or district."""
        if unit == NATION:
            return self
        inside = units_in(self.units, unit)
        masks = {kind: mask[inside] for kind, mask in self.masks.items()}
        return replace(self, units=self.units[inside].reset_index(drop=True), masks=masks, _parts={})

    def of(self, kind: str) -> pd.DataFrame:
        if kind not in self._parts:
            self._parts[kind] = self.units[self.masks[kind]]
        return self._parts[kind]

    def count(self, kind: str) -> int:
        return int(self.masks[kind].sum()) if kind in self.masks else 0


def previous_month(catalogue: Catalogue, view: View) -> str | None:
    """The month with figures before the one on the screen, in its programme or the one before."""
    return max(months_before(view, catalogue), default=None)


def compare_months(
    snapshot_id: str, period: str, shown: str, unit: str, since: str, drop_points: Decimal
) -> Changes | None:
    """What changed in a place (nation, province or district) between two months, on a boundary set; None where the earlier
    month cannot be carried to it. Pages ask `loaders.changes`, which keeps the answer."""
    catalogue = loaders.load_catalogue(snapshot_id)
    if shown not in catalogue.boundaries_for[catalogue.boundary_of[since]]:
        return None
    threshold, before = (loaders.threshold_at(snapshot_id, month) for month in (period, since))
    now = loaders.load_communes(snapshot_id, period, shown)
    old = align_counts(now, loaders.load_communes(snapshot_id, since, shown))
    names = ["unit_code", "name", "type", "province_code", "district_code", "population", "insured", "is_simulated"]
    units = now[names].assign(population_before=old["population"].to_numpy(), insured_before=old["insured"].to_numpy())
    counted = units["type"].isin(threshold.unit_types if threshold else COUNTED_WITHOUT_RULE)
    units = units[counted.to_numpy()].reset_index(drop=True)
    columns = tuple(units[name] for name in ("insured", "population", "insured_before", "population_before"))
    units = units.assign(
        points=changes.change_points(*columns),
        gained=changes.gained_people(columns[0], columns[2]).filled(0),
        need=still_to_enrol(columns[0], columns[1], threshold),
    )
    masks = {
        DROPPED: changes.find_sudden_drops(*columns, drop_points),
        NEW: changes.find_new_reports(*columns),
    }
    if threshold is not None:
        masks[CLOSE] = changes.find_closest_below(columns[0], columns[1], threshold, CLOSE_PEOPLE)
        if threshold == before:
            crossed = changes.find_crossings(*columns, threshold)
            masks |= {ROSE: crossed == changes.ROSE, FELL: crossed == changes.FELL_BACK}
    is_converted = catalogue.boundary_of[since] != shown or catalogue.boundary_of[period] != shown
    return Changes(period, since, threshold, before, is_converted, units, masks).inside(unit)


def units_in(units: pd.DataFrame, unit: str) -> np.ndarray:
    """Which communes lie in a place: the nation, a province or a district."""
    if unit == NATION:
        return np.ones(len(units), dtype=bool)
    return ((units["province_code"] == unit) | (units["district_code"] == unit)).to_numpy()


def sum_above(people: np.ndarray) -> int:
    """The sum of what is above 0: of what is known, of what was gained."""
    return int(np.maximum(people, 0).sum())


def least(points: np.ndarray) -> float:
    """The smallest known one."""
    return float(np.fmin.reduce(points))


class ChangeWords:
    """The sentences of a `Changes` in one language. `names`: the short name of each unit above a commune, by its code;
    `column`: which of them the counts are broken down by (province_code, district_code).
    """

    def __init__(
        self, found: Changes, names: pd.Series, column: str, drop_points: Decimal, words: Words, formats: Formats
    ) -> None:
        self.found, self.names, self.column = found, names, column
        self.drop_points, self.words, self.formats = drop_points, words, formats

    def finding(self) -> str:
        """One sentence: the net number of communes that crossed the line, or how many fell and newly report."""
        found, count = self.found, self.formats.count
        if ROSE not in found.masks:
            return self.words.say(
                "whats_new.title_plain", dropped=count(found.count(DROPPED)), new=count(found.count(NEW))
            )
        rose, fell = found.count(ROSE), found.count(FELL)
        key = "title_more" if rose > fell else "title_fewer" if rose < fell else "title_even"
        return self.words.say(f"whats_new.{key}", net=count(abs(rose - fell)), rose=count(rose), fell=count(fell))

    def notes(self) -> list[str]:
        """What cannot be compared, and what was converted."""
        found, formats, notes = self.found, self.formats, []
        if ROSE not in found.masks:
            if found.threshold is None:
                notes.append(self.words.say("whats_new.note_no_threshold"))
            else:
                before = found.threshold_before
                notes.append(
                    self.words.say(
                        "whats_new.note_threshold",
                        before=formats.rule(before.value, before.operator)
                        if before
                        else self.words.say("whats_new.no_rule"),
                        now=formats.rule(found.threshold.value, found.threshold.operator),
                    )
                )
        if found.is_converted:
            notes.append(self.words.say("whats_new.note_converted"))
        return notes

    def line(self, kind: str) -> str:
        """What stands beside a count: what happened, with people and points, and where most of it."""
        found, formats = self.found, self.formats
        is_empty = not found.count(kind)
        population, gained, need, points = (
            found.column(kind, name) for name in ("population", "gained", "need", "points")
        )
        values = {
            "people": formats.count(sum_above(population)),
            "gained": formats.change(int(gained.sum())),
            "lost": formats.count(sum_above(-gained)),
            "need": formats.count(sum_above(need)),
            "points": formats.points(None if is_empty else shown_points(least(points))),
            "limit": formats.number(self.drop_points),
            "close": formats.count(CLOSE_PEOPLE),
            "threshold": formats.percent_rule(found.threshold.value) if found.threshold else "",
        }
        key = f"whats_new.{kind}_none" if is_empty else f"whats_new.{kind}"
        said = self.words.say(key, **values)
        places = self.places(kind)
        return said if not places else self.words.say("whats_new.most", said=said, places=places)

    def places(self, kind: str) -> str:
        """ "Nghệ An 14, Thanh Hóa 11": where most of the units lie; "" where there is nothing to tell apart."""
        counts = Counter(self.found.units[self.column][self.found.masks[kind]].tolist())
        # One look-up per place: `isin` would walk all twelve thousand names, a fifth of a second per line.
        known = [(code, count) for code, count in counts.items() if code in self.names.index]
        most = sorted(known, key=lambda one: (-one[1], one[0]))[:NAMED]
        return ", ".join(f"{self.names[code]} {self.formats.count(count)}" for code, count in most)

    def sign(self, kind: str) -> str:
        """The count as it is written: +128, −31, 7."""
        count = self.found.count(kind)
        signed = {ROSE: count, FELL: -count}.get(kind)
        return self.formats.change(signed) if signed is not None else self.formats.count(count)
