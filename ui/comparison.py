"""Against which earlier figures a place's figures are held, over which communes, and why not where they are not.

One rule for every page and document: a change is worked out over the communes of which figures came in both months, on the
boundary set of the screen, and says over how many where those are not all (docs/decisions.md, 62).
"""

from __future__ import annotations

from dataclasses import dataclass

from indicators.changes import change_points
from indicators.rules import Threshold
from text.formats import Formats
from text.words import Words
from ui import loaders
from ui.catalogue import is_own_place
from ui.frame import Frame
from ui.loaders.comparison import SharedSums, load_shared
from ui.sums import PlaceSummary

NO_FIGURES, OTHER_BOUNDARIES, OTHER_THRESHOLD = "no_change", "no_change_boundaries", "no_change_threshold"


@dataclass(frozen=True)
class Comparison:
    """`sums`: both months over the shared communes, None where they cannot be compared, and `why` is the word (home.<why>) that
    says so; `judged` and `why_judged` the same for what is counted of communes by the threshold."""

    sums: SharedSums | None = None
    judged: SharedSums | None = None
    why: str = NO_FIGURES
    why_judged: str = NO_FIGURES

    def points(self) -> float | None:
        """By how many percentage points coverage moved, None where it is not compared."""
        if self.sums is None:
            return None
        now, before = self.sums.now, self.sums.before
        return change_points(now.insured, now.population, before.insured, before.population).item()

    def gained(self, name: str) -> int | None:
        """By how much a count of PlaceSummary that the threshold decides moved, None where it is not compared."""
        if self.judged is None:
            return None
        now, before = getattr(self.judged.now, name), getattr(self.judged.before, name)
        return now - before if now >= 0 and before >= 0 else None

    def people(self) -> int | None:
        """By how many more people are insured, None where it is not compared."""
        return None if self.sums is None else self.sums.now.insured - self.sums.before.insured

    def say_partial(self, words: Words, formats: Formats, earlier: str) -> str:
        """Over how many communes the changes stand; "" where over all, or where nothing is compared."""
        if self.sums is None or not self.sums.is_partial:
            return ""
        now = self.sums.now
        return words.say(
            "home.change_shared",
            units=formats.count(now.units_reported),
            all=formats.count(now.units),
            earlier=formats.month_short(earlier),
        )


NOTHING = Comparison()


def compare_place(page: Frame, earlier: str, threshold: Threshold | None) -> Comparison:
    """The place of the screen in its month against an earlier one."""
    return compare_unit(page, page.view.unit, page.unit_level, earlier, threshold)


def compare_unit(page: Frame, unit: str, level: str, earlier: str, threshold: Threshold | None) -> Comparison:
    """A unit in the month of the screen against an earlier one; `level` is that of its figures, "commune" also for a district
    that stands alone."""
    view, own = page.view, page.catalogue.boundary_of
    if not all(month in own and may_be_summed(page, unit, month) for month in (earlier, view.period)):
        return NOTHING
    is_shown = page.boundary_set in page.catalogue.boundaries_for[own[earlier]]
    is_same_set = own[earlier] == own[view.period]
    # A commune that took in a part of another has only an estimate before: it is compared where a reader asked for that.
    if not is_shown or (level == "commune" and not is_same_set and not view.boundaries):
        return Comparison(why=OTHER_BOUNDARIES, why_judged=OTHER_BOUNDARIES)
    sums = load_shared(page.snapshot_id, view.period, earlier, page.boundary_set, unit, level)
    if sums is None or sums.before.population <= 0:
        return NOTHING
    why = find_hindrance(sums.before, is_same_set, loaders.threshold_at(page.snapshot_id, earlier) == threshold)
    return Comparison(sums, None if why else sums, why_judged=why or NO_FIGURES)


def find_hindrance(before: PlaceSummary, is_same_set: bool, is_same_threshold: bool) -> str:
    """Why communes that meet cannot be compared with an earlier month; "" where they can."""
    if not is_same_threshold:
        return OTHER_THRESHOLD
    if not is_same_set:
        return OTHER_BOUNDARIES
    return "" if before.judged > 0 else NO_FIGURES


def may_be_summed(page: Frame, unit: str, month: str) -> bool:
    """Whether this reader sees all of a place in a month, and not a part of a draft."""
    catalogue = page.catalogue
    return month not in catalogue.partial_months or is_own_place(unit, page.boundary_set, catalogue)
